"""hw.stage: limit switches and homing"""

from pathlib import Path

import pytest

from hw.errors import DeviceError, DeviceStopped, InvalidRequest
from hw.position import PositionFile
from hw.stage import Stage
from hw.types import Position, Status
from tests.conftest import PATIENCE_S, wait_until
from tests.hw.fakes import AXES_CONFIG, FakeMotors


def test_limit_switch_stops_a_motion_towards_it_but_not_away(stage: Stage, motors: FakeMotors) -> None:
    motors.switch_at["x"] = -40
    with pytest.raises(DeviceStopped, match="limit switch"):
        stage.move({"x": -50}).result(PATIENCE_S)
    assert motors.steps["x"] == -40
    assert stage.move({"x": 10}).result(PATIENCE_S).x_um == 10


def test_homing_finds_the_edge_and_sets_the_position(stage: Stage, motors: FakeMotors) -> None:
    stage.move({"x": 20, "z": 3}).result(PATIENCE_S)
    assert stage.home(("x", "z")).result(PATIENCE_S) == Position(-100, 0, 50)
    assert motors.steps["x"] == -219  # one step off the switch
    assert motors.steps["z"] == 519
    assert next(axis for steps, _ in motors.moves[1:] for axis in steps) == "z"  # away from the slide first


def test_homing_without_a_switch_is_refused(stage: Stage) -> None:
    with pytest.raises(InvalidRequest, match="y has no limit switch"):
        stage.home(("x", "y"))


def test_homing_that_never_meets_its_switch_is_a_fault(stage: Stage, motors: FakeMotors) -> None:
    motors.switch_at["x"] = -100_000
    with pytest.raises(DeviceError, match="x: its limit switch was not reached"):
        stage.home(("x",)).result(PATIENCE_S)
    assert abs(motors.steps["x"]) <= 480  # 1.2 times its travel
    assert not stage.state.position_trusted


def test_homing_can_be_stopped(stage: Stage, motors: FakeMotors) -> None:
    motors.hold_at = 9
    homing = stage.home(("x",))
    assert motors.held.wait(PATIENCE_S)
    stage.stop()
    motors.go_on.set()
    with pytest.raises(DeviceStopped):
        homing.result(PATIENCE_S)
    assert motors.steps["x"] == -9


def test_homing_without_names_takes_all_that_can(stage: Stage) -> None:
    assert stage.home().result(PATIENCE_S) == Position(-100, 0, 50)


def test_homing_restores_trust(motors: FakeMotors, tmp_path: Path) -> None:
    stage = Stage(motors, AXES_CONFIG, PositionFile(tmp_path / "position.json"))
    assert not stage.state.position_trusted
    stage.start()
    wait_until(lambda: stage.state.status is Status.READY)
    stage.home(("x",)).result(PATIENCE_S)
    assert not stage.state.position_trusted
    stage.home(("z",)).result(PATIENCE_S)
    assert stage.state.position_trusted
    stage.close()
    assert stage.join(PATIENCE_S)
    assert PositionFile(tmp_path / "position.json").load() == (Position(-100, 0, 50), True)


def test_stage_without_switches_starts_where_it_stands(tmp_path: Path) -> None:
    stage = Stage(FakeMotors(), AXES_CONFIG, PositionFile(tmp_path / "position.json"))
    stage.start()
    wait_until(lambda: stage.state.status is Status.READY)
    assert stage.state.position_trusted
    with pytest.raises(InvalidRequest, match="no axis has a limit switch"):
        stage.home()
    stage.close()
    assert stage.join(PATIENCE_S)
