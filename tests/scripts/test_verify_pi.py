"""scripts/verify-pi as its user runs it, and its checks against a microscope that is taken for a real one."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.verify.appliance import Appliance
from scripts.verify.camera import CameraChecks, jpeg_size
from scripts.verify.report import Failed, NotAsked
from scripts.verify.stage import StageChecks
from tests.serving import ROOT, Served, serving

ONLY_A_PI = ("camera", "first frame", "frame rate", "exposure", "still", "DNG", "stage", "move", "lamp")
HERE_AND_THERE = ("board", "system", "disk", "watchdog", "mDNS name", "Docker", ".env", "server")
INSIDE = ("libraries", "cameras", "gpiochip", "lgpio", "pins", "real time")
BOARD = ("temperature", "throttling")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("verified") / "data") as served:
        yield served


def report(*options: str) -> tuple[int, dict[str, tuple[str, str]]]:
    """The exit code, and each line's outcome and text."""
    ended = subprocess.run(
        [ROOT / "scripts/verify-pi", "--seconds", "0.5", *options], capture_output=True, text=True, check=False
    )
    assert not ended.stderr
    head, *lines, last = re.sub(r"\n {24}", " ", ended.stdout).splitlines()
    assert head.startswith("Eyepiece, scripts/verify-pi, 20")
    parts = [(line[11:24].strip(), (line[:9].strip(), line[24:])) for line in lines]
    outcomes = [outcome for _, (outcome, _) in parts]
    assert last == ", ".join(f"{outcomes.count(each)} {each}" for each in ("ok", "FAILED", "not asked"))
    return ended.returncode, dict(parts)


def test_a_simulated_microscope_shows_nothing_of_a_raspberry_pi(served: Served) -> None:
    code, lines = report("--url", served.url)
    assert code == 1
    assert tuple(lines) == HERE_AND_THERE + INSIDE + ONLY_A_PI + BOARD
    assert lines["server"][0] == "ok"
    simulated = ("FAILED", "simulated: shows nothing of a Raspberry Pi")
    assert {name: lines[name] for name in ONLY_A_PI if name != "move"} == dict.fromkeys(
        [name for name in ONLY_A_PI if name != "move"], simulated
    )
    assert lines["move"] == ("not asked", "--move x:100 moves x by 100 um and back, and times the steps")
    assert lines["pins"][0] != "ok"
    assert report("--url", served.url, "--move", "x:1")[1]["move"] == simulated


def test_without_the_appliance_nothing_of_it_is_ok() -> None:
    code, lines = report("--url", "http://127.0.0.1:9")
    assert code == 1
    for name in ("server", *ONLY_A_PI, *BOARD):
        if name != "move":
            assert lines[name] == ("FAILED", "http://127.0.0.1:9 does not answer: [Errno 111] Connection refused")


@pytest.mark.parametrize(
    "options", [["--pins", "28"], ["--pins", "a"], ["--move", "a:1"], ["--move", "x"], ["--seconds", "0"]]
)
def test_a_wrong_call_is_refused(options: list[str]) -> None:
    ended = subprocess.run([ROOT / "scripts/verify-pi", *options], capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert options[0] in ended.stderr


class TakenForReal(Appliance):
    """The simulated microscope, of which the checks are not told that it is one."""

    def device(self, name: str) -> dict[str, Any]:
        device: dict[str, Any] = self.get("/api/state")[name]
        return device


@pytest.fixture
def real(served: Served) -> TakenForReal:
    return TakenForReal(served.url)


def test_a_camera_that_does_what_it_says_passes(real: TakenForReal) -> None:
    checks = CameraChecks(real, 1.0)
    before = real.device("camera")["settings"]
    info = real.device("camera")["info"]
    assert checks.camera().startswith(f"{info['model']}, sensor {info['sensor_width']}x{info['sensor_height']}")
    assert re.match(r"\d+\.\d\d s after it was asked for: 1280x720, \d+ kB", checks.first_frame())
    assert checks.exposure().startswith("5000 us and gain 2 gave 5000 us and 2; 15000 us")
    assert checks.still().startswith(f"{info['sensor_width']}x{info['sensor_height']} in")
    assert real.device("camera")["settings"] == before
    assert real.get("/api/images")["total"] == 0  # what was taken is gone again


def test_frames_are_counted(real: TakenForReal) -> None:
    checks = CameraChecks(real, 1.0)
    try:
        said = checks.frame_rate()
    except Failed as slow:  # a machine that is busy with something else
        said = str(slow)
    assert 0 < float(said.split(" ")[0]) < 40
    assert "of 30 frames/s over 1 s" in said


def test_settings_that_the_pictures_do_not_confirm_are_a_failure(served: Served) -> None:
    class Deaf(TakenForReal):
        """Its camera keeps its exposure, or tells none."""

        told: int | None = 30

        def send(self, method: str, path: str, body: Any = None, timeout_s: float = 60.0) -> Any:
            answer = super().send(method, path, body, timeout_s)
            return answer | {"exposure_us": self.told} if path.endswith("/still") else answer

    deaf = Deaf(served.url)
    with pytest.raises(Failed, match="5000 us and gain 2 gave 30 us and 2"):
        CameraChecks(deaf, 1.0).exposure()
    deaf.told = None
    with pytest.raises(Failed, match="do not tell"):
        CameraChecks(deaf, 1.0).exposure()


def test_a_stage_moves_only_when_it_was_asked_to_and_comes_back(real: TakenForReal) -> None:
    before = real.device("stage")["position"]
    with pytest.raises(NotAsked):
        StageChecks(real, None).move()
    assert real.device("stage")["position"] == before
    said = StageChecks(real, ("x", 50.0)).move()
    assert said.startswith("x by 50 um and back: 200 steps in")
    assert real.device("stage")["position"] == before
    with pytest.raises(Failed, match="is outside -10000 to 10000 um"):
        StageChecks(real, ("x", 1e6)).move()


def test_a_jpegs_size_is_that_of_its_frame_header(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="is no JPEG"):
        jpeg_size(b"II*\0")
    with pytest.raises(Failed, match="without a frame header"):
        jpeg_size(b"\xff\xd8\xff\xe0\x00\x04ab")
    assert jpeg_size(b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x01\x02\x03\x04") == (0x0304, 0x0102)
