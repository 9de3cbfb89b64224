"""hw.rig"""

import threading
from pathlib import Path

import pytest

from hw.config import SIMULATED_RIG, RigConfig
from hw.drivers.gpio.lamp import PwmLamp
from hw.drivers.gpio.motors import GpioMotors
from hw.drivers.picamera.driver import Picamera2Driver
from hw.position import PositionFile
from hw.rig import build_rig
from hw.rig_file import load_rig
from hw.types import Position, Status
from tests.conftest import PATIENCE_S, wait_until

AXIS = "um_per_step = 0.5\nmin_um = 0\nmax_um = 10\nmax_speed_um_per_s = 5\n"
REAL = f"""
[camera]
driver = "picamera2"

[stage]
driver = "stepdir"
[stage.x]
{AXIS}step_pin = 5
dir_pin = 6

[light]
driver = "pwm"
pin = 18
initial = 0.25
"""


def test_simulated_rig_starts_and_ends_as_a_whole(tmp_path: Path) -> None:
    rig = build_rig(SIMULATED_RIG, tmp_path)
    assert rig.simulated == ("camera", "stage", "light")
    before = {thread.name for thread in threading.enumerate()}
    rig.start()
    wait_until(lambda: all(worker.state.status is Status.READY for worker in rig.workers))
    assert {thread.name for thread in threading.enumerate()} - before >= {"camera", "stage", "light"}
    assert rig.stage.state.position_trusted
    assert rig.light.state.on
    rig.close()
    assert rig.join(PATIENCE_S) == []
    assert {worker.state.status for worker in rig.workers} == {Status.STOPPED}


def test_simulated_slide_stays_where_the_stage_left_it(tmp_path: Path) -> None:
    PositionFile(tmp_path / "position-simulated.json").settle(Position(120.0, -40.0, 3.0), trusted=True)
    rig = build_rig(SIMULATED_RIG, tmp_path)
    world = rig.stage._driver._world  # type: ignore[attr-defined]
    assert (world.x_um, world.y_um, world.z_um) == (120.0, -40.0, 3.0)
    assert rig.stage.position == Position(120.0, -40.0, 3.0)


def test_simulation_leaves_the_real_position_alone(tmp_path: Path) -> None:
    real = PositionFile(tmp_path / "position.json")
    real.settle(Position(1.0, 2.0, 3.0), trusted=True)
    rig = build_rig(SIMULATED_RIG, tmp_path)
    rig.start()
    wait_until(lambda: rig.stage.state.status is Status.READY)
    assert rig.stage.position == Position()
    rig.stage.move({"x": 20}).result(PATIENCE_S)
    rig.close()
    assert rig.join(PATIENCE_S) == []
    assert real.load() == (Position(1.0, 2.0, 3.0), True)


def test_real_drivers_are_chosen_by_the_file_and_nothing_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "microscope.toml"
    path.write_text(REAL)
    rig = build_rig(load_rig(path), tmp_path)
    assert isinstance(rig.camera._driver, Picamera2Driver)
    assert isinstance(rig.stage._driver, GpioMotors)
    assert isinstance(rig.light.lamps[0].driver, PwmLamp)
    assert rig.simulated == ()
    path.write_text(f'[stage]\ndriver = "uln2003"\n[stage.z]\n{AXIS}coil_pins = [5, 6, 13, 19]\n')
    assert isinstance(build_rig(load_rig(path), tmp_path).stage._driver, GpioMotors)
    assert not (tmp_path / "position.json").exists()


def test_devices_that_are_not_configured_are_absent(tmp_path: Path) -> None:
    rig = build_rig(RigConfig(), tmp_path)
    rig.start()
    wait_until(lambda: all(worker.state.status is Status.ABSENT for worker in rig.workers))
    assert rig.stage.state.axes == {}
    rig.close()
    assert rig.join(PATIENCE_S) == []


def test_a_thread_that_does_not_end_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rig = build_rig(RigConfig(), tmp_path)
    release = threading.Event()
    monkeypatch.setattr(rig.light.lamps[0].driver, "open", lambda: release.wait(PATIENCE_S))
    monkeypatch.setattr(rig.light.lamps[0].driver, "set_brightness", lambda brightness: None)
    rig.start()
    wait_until(lambda: rig.light.alive)
    rig.close()
    assert rig.join(0.05) == ["light"]
    release.set()
    assert rig.light.join(PATIENCE_S)
