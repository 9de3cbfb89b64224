"""hw.drivers.serial.port, and the rig file's part of it"""

import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from hw.drivers.serial.port import LinePort, find_port
from hw.errors import ConfigError, DeviceError
from hw.rig_file import load_rig
from tests.conftest import PATIENCE_S, wait_until
from tests.serial.boards import FarSangaboard
from tests.serving import ROOT

SANGABOARD = """
[stage]
driver = "sangaboard"
port = "/dev/ttyACM0"

[stage.x]
um_per_step = 0.1
min_um = 0
max_um = 100
max_speed_um_per_s = 50
motor = "z"

[stage.y]
um_per_step = 0.1
min_um = 0
max_um = 100
max_speed_um_per_s = 50
"""
UC2 = SANGABOARD.replace("sangaboard", "uc2").replace('motor = "z"', 'motor = "a"\nswitch_input = 2')


def attached(monkeypatch: pytest.MonkeyPatch, **ports: int | None) -> None:
    """Have these ports, each with its USB vendor."""
    there = [SimpleNamespace(device=f"/dev/{name}", vid=vendor) for name, vendor in ports.items()]
    monkeypatch.setattr("hw.drivers.serial.port.comports", lambda: there)


def test_the_only_candidate_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    attached(monkeypatch, ttyS0=None, ttyACM1=0x2E8A, ttyUSB0=0x0403)
    assert find_port({0x2E8A, 0x1A86}, "Sangaboard") == "/dev/ttyACM1"


def test_of_several_candidates_none_is_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    attached(monkeypatch, ttyUSB1=0x1A86, ttyACM1=0x2E8A)
    with pytest.raises(DeviceError, match="may be the Sangaboard: /dev/ttyACM1, /dev/ttyUSB1; name one") as error:
        find_port({0x2E8A, 0x1A86}, "Sangaboard")
    assert error.value.extra["candidates"] == ["/dev/ttyACM1", "/dev/ttyUSB1"]


def test_where_there_is_no_candidate_the_other_ports_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    attached(monkeypatch, ttyS0=None)
    with pytest.raises(DeviceError, match="looks like a Sangaboard; there are /dev/ttyS0: name one"):
        find_port({0x2E8A}, "Sangaboard")
    attached(monkeypatch)
    with pytest.raises(DeviceError, match="there is none"):
        find_port({0x2E8A}, "Sangaboard")


def test_a_port_that_is_not_there_is_named() -> None:
    with pytest.raises(DeviceError, match=r"cannot be opened: .*nowhere"):
        LinePort("/dev/nowhere", 115200, (), "Sangaboard").open()


def test_a_port_is_for_one_process_alone(tmp_path: Path) -> None:
    board = FarSangaboard(tmp_path)
    port, other = (LinePort(str(board.path), 115200, (), "Sangaboard") for _ in range(2))
    try:
        port.open()
        with pytest.raises(DeviceError, match="exclusively lock"):
            other.open()
    finally:
        port.close()
        board.unplug()


def test_lines_are_whole_and_bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hw.drivers.serial.port._LONGEST_LINE", 1000)
    board = FarSangaboard(tmp_path)
    port = LinePort(str(board.path), 115200, (), "Sangaboard")
    try:
        port.open()
        board.say(b"fir")
        assert port.next_line(0.0) is None
        board.say(b"st\r\n\0second \xe9\nthi")
        deadline = time.monotonic() + PATIENCE_S
        assert port.next_line(deadline) == "first"
        assert port.next_line(deadline) == "second \ufffd"
        wait_until(lambda: port.next_line(0.0) or port._part == b"thi")
        assert port.drain() == []
        board.say(b"rd\n")
        assert port.next_line(deadline) == "rd", "what was there of the third was thrown away"
        board.say(b"x" * 3000)
        wait_until(lambda: port.next_line(0.0) or len(port._part) == 1000)
        board.say(b"y\n")
        assert port.next_line(deadline) == "x" * 1000 + "y"
    finally:
        port.close()
        board.unplug()
    with pytest.raises(DeviceError, match="not open"):
        port.drain()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (SANGABOARD.replace('"z"', '"y"'), "13: stage.y.motor: the board's motor y is used already, by stage.x.motor"),
        (SANGABOARD.replace('"z"', '"a"'), "11: stage.x.motor: Input should be 'x', 'y' or 'z'"),
        (
            SANGABOARD.replace("motor", "switch_input"),
            "11: stage.x.switch_input: unknown key; allowed are acceleration_um_per_s2, backlash_um",
        ),
        (SANGABOARD.replace("port", "prt"), "4: stage.prt: unknown key; allowed are baud, driver, port, x, y, z"),
        (SANGABOARD.replace('port = "/dev/ttyACM0"', "baud = 12"), "4: stage.baud: Input should be 9600, 19200"),
        (SANGABOARD.replace("/dev/ttyACM0", ""), "4: stage.port: String should have at least 1 character"),
        (
            UC2 + "switch_input = 2",
            "19: stage.y.switch_input: the board's input 2 is used already, by stage.x.switch_in",
        ),
        (UC2.replace("switch_input = 2", "switch_input = 4"), "12: stage.x.switch_input: Input should be less than or"),
    ],
)
def test_a_wrong_rig_file_is_refused_by_line(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "microscope.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as error:
        load_rig(path)
    assert f"microscope.toml:{told}" in str(error.value)


def test_a_right_rig_file_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "microscope.toml"
    for text in (SANGABOARD, UC2):
        path.write_text(text)
        assert load_rig(path).stage.driver in ("sangaboard", "uc2")


def test_the_examples_are_rigs(tmp_path: Path) -> None:
    example = (ROOT / "firmware-config" / "microscope.toml").read_text()
    path = tmp_path / "microscope.toml"
    _, *examples = example.split("# A stage on a ")
    drivers = []
    for text in examples:
        path.write_text("\n".join(line.removeprefix("# ").removeprefix("#") for line in text.splitlines()[1:]))
        drivers.append(load_rig(path).stage.driver)
    assert drivers == ["sangaboard", "uc2"]
