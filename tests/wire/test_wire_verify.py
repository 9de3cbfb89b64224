"""scripts.verify.inside on the made-up chip, with the real lgpio."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving import ROOT

NODE = Path("/dev/gpiochip0")


@pytest.fixture
def listed() -> Iterator[None]:
    """The made-up chip can be opened, but no folder lists it: a file of its name does."""
    made = not NODE.exists()
    if made:
        NODE.touch()
    yield
    if made:
        NODE.unlink()


def test_the_chip_is_known_and_lines_are_toggled_when_asked(tmp_path: Path, gpiochip: Path, listed: None) -> None:
    (tmp_path / "lines").write_bytes(b"-" * 54)
    (tmp_path / "edges").touch()
    environment = os.environ | {
        "LD_PRELOAD": str(gpiochip),
        "WIRE_LOG": str(tmp_path / "edges"),
        "WIRE_LINES": str(tmp_path / "lines"),
        "PYTHONPATH": str(ROOT),
    }

    def inside(*options: str) -> dict[str, tuple[str, str]]:
        command = [sys.executable, "-m", "scripts.verify.inside", *options]
        said = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
        return {line["name"]: (line["outcome"], line["text"]) for line in json.loads(said.splitlines()[-1])}

    lines = inside()
    assert lines["gpiochip"] == ("ok", "gpiochip0 pinctrl-bcm2711 (54 lines)")
    assert lines["lgpio"] == ("ok", "chip 0, pinctrl-bcm2711")
    assert lines["pins"][0] == "not asked"
    assert (tmp_path / "edges").read_text() == ""

    assert inside("--pins", "17,22")["pins"] == ("ok", "GPIO 17, 22: high and low read back")
    edges = [line.split()[1:] for line in (tmp_path / "edges").read_text().splitlines()]
    for pin in ("17", "22"):
        states = [state for line, state in edges if line == pin]
        assert states[:3] == ["0", "1", "0"]
        assert states[-1] == "f"

    with (tmp_path / "lines").open("r+b") as outside:
        outside.seek(22)
        outside.write(b"b")
    outcome, said = inside("--pins", "22")["pins"]
    assert outcome == "FAILED"
    assert said.startswith("GPIO 22 cannot be had (does the appliance use it?)")
