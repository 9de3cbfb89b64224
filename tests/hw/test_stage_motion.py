"""hw.stage: ramps, emergency stops, who lets go of a jog, homing by eye"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hw.axes import Axes
from hw.config import AxisConfig
from hw.errors import DeviceBusy, DeviceError, DeviceStopped, InvalidRequest, OutOfLimits
from hw.position import PositionFile
from hw.stage import Stage
from hw.types import AXES, AxisName, Pace, Position, Status
from tests.conftest import PATIENCE_S, wait_until
from tests.hw.fakes import FakeMotors

RAMPED: dict[AxisName, AxisConfig] = {
    axis: AxisConfig(
        um_per_step=0.5,
        min_um=-1000,
        max_um=1000,
        max_speed_um_per_s=500,
        start_speed_um_per_s=50,
        acceleration_um_per_s2=5000,
        home_to="max" if axis == "z" else "min",
    )
    for axis in AXES
}
"""From 100 to 1000 steps/s at 10,000 steps/s^2: 49 steps."""


@pytest.fixture
def ramped(motors: FakeMotors, memory: PositionFile) -> Iterator[Stage]:
    """A stage whose axes need ramps."""
    stage = Stage(motors, RAMPED, memory)
    stage.start()
    wait_until(lambda: stage.state.status is Status.READY)
    yield stage
    motors.go_on.set()
    stage.close()
    assert stage.join(PATIENCE_S)


def test_a_stop_comes_down_the_ramp_and_the_position_is_sure(ramped: Stage, motors: FakeMotors) -> None:
    motors.hold_at = 200
    moving = ramped.move({"x": 500})
    assert motors.held.wait(PATIENCE_S)
    ramped.stop()
    motors.hold_at = None
    motors.go_on.set()
    with pytest.raises(DeviceStopped, match="by a stop"):
        moving.result(PATIENCE_S)
    assert motors.steps["x"] == 249
    assert ramped.position.x_um == 124.5
    assert ramped.state.position_trusted


def test_an_emergency_stop_makes_no_step_and_leaves_doubt(
    ramped: Stage, motors: FakeMotors, memory: PositionFile
) -> None:
    motors.hold_at = 200
    moving = ramped.move({"x": 500})
    assert motors.held.wait(PATIENCE_S)
    ramped.emergency_stop()
    motors.hold_at = None
    motors.go_on.set()
    with pytest.raises(DeviceStopped, match="by an emergency stop"):
        moving.result(PATIENCE_S)
    assert motors.steps["x"] == 200
    state = ramped.state
    assert not state.position_trusted
    assert [axis for axis, info in state.axes.items() if not info.position_trusted] == ["x"]
    wait_until(lambda: memory.load() == (Position(100, 0, 0), False))
    ramped.home(("x",)).result(PATIENCE_S)
    assert ramped.state.position_trusted


def test_a_slow_stage_takes_no_harm_from_an_emergency_stop(stage: Stage, motors: FakeMotors) -> None:
    motors.hold_at = 7
    moving = stage.move({"x": 50})
    assert motors.held.wait(PATIENCE_S)
    stage.emergency_stop()
    motors.go_on.set()
    with pytest.raises(DeviceStopped):
        moving.result(PATIENCE_S)
    assert motors.steps["x"] == 7
    assert stage.state.position_trusted


def test_a_limit_switch_at_full_speed_leaves_doubt(ramped: Stage, motors: FakeMotors) -> None:
    with pytest.raises(DeviceStopped, match="limit switch"):
        ramped.move({"x": -500}).result(PATIENCE_S)
    assert motors.steps["x"] == -220
    assert not ramped.state.position_trusted


def test_a_jog_is_steered_and_not_begun_anew(ramped: Stage, motors: FakeMotors) -> None:
    motors.hold_at = 100
    ramped.jog({"x": 100})
    assert motors.held.wait(PATIENCE_S)
    ramped.jog({"x": 60})
    ramped.jog({"y": -10})
    motors.hold_at = None
    motors.go_on.set()
    wait_until(lambda: ramped.state.status is Status.READY)
    assert ramped.position == Position(160, -10, 0)
    assert [steps for steps, _ in motors.moves] == [{"x": 200, "y": 0, "z": 0}]
    assert motors.steered == [{"x": 320}, {"x": 320, "y": -20}]


@pytest.mark.parametrize(("gone", "steps"), [("Ada", 149), ("Grace", 1000)])
def test_a_jog_ends_when_its_viewer_is_gone(ramped: Stage, motors: FakeMotors, gone: str, steps: int) -> None:
    motors.hold_at = 100
    ramped.jog({"x": 500}, "Ada")
    assert motors.held.wait(PATIENCE_S)
    ramped.let_go(gone)
    motors.hold_at = None
    motors.go_on.set()
    wait_until(lambda: ramped.state.status is Status.READY)
    assert motors.steps["x"] == steps


def test_a_jog_belongs_to_who_pushed_last_and_a_move_to_nobody(ramped: Stage, motors: FakeMotors) -> None:
    motors.hold_at = 10
    ramped.jog({"x": 20}, "Ada")
    assert motors.held.wait(PATIENCE_S)
    ramped.jog({"x": 30})
    ramped.let_go("Ada")
    motors.hold_at = None
    motors.go_on.set()
    wait_until(lambda: ramped.state.status is Status.READY)
    assert ramped.position.x_um == 50
    moving = ramped.move({"x": 60})
    ramped.let_go("Ada")
    assert moving.result(PATIENCE_S).x_um == 60


def test_the_position_may_be_set_by_eye(motors: FakeMotors, tmp_path: Path) -> None:
    memory = PositionFile(tmp_path / "position.json")
    memory.settle(Position(5, 5, 5), trusted=False)
    stage = Stage(motors, RAMPED, memory)
    stage.start()
    wait_until(lambda: stage.state.status is Status.READY)
    assert not stage.state.position_trusted
    assert stage.set_position({"x": "min", "y": 12.5}).result(PATIENCE_S) == Position(-1000, 12.5, 5)
    assert not stage.state.position_trusted
    assert memory.load() == (Position(-1000, 12.5, 5), False)
    stage.set_position({"z": "max"}).result(PATIENCE_S)
    assert stage.state.position_trusted
    assert memory.load() == (Position(-1000, 12.5, 1000), True)
    assert motors.moves == []
    assert stage.move({"x": -990}).result(PATIENCE_S).x_um == -990
    assert motors.steps["x"] == 20
    stage.close()
    assert stage.join(PATIENCE_S)


def test_a_position_that_cannot_be_is_refused(ramped: Stage, motors: FakeMotors) -> None:
    with pytest.raises(OutOfLimits, match="x = 1001 um"):
        ramped.set_position({"x": 1001})
    for wrong in ({}, {"w": 0.0}, {"x": float("nan")}):
        with pytest.raises(InvalidRequest):
            ramped.set_position(wrong)  # type: ignore[arg-type]
    motors.hold_at = 3
    ramped.jog({"x": 50})
    assert motors.held.wait(PATIENCE_S)
    with pytest.raises(DeviceBusy):
        ramped.set_position({"x": 0})


def test_homing_does_not_clear_the_doubt_of_an_axis_without_a_switch(ramped: Stage, motors: FakeMotors) -> None:
    motors.hold_at = 10
    moving = ramped.move({"x": 50})
    assert motors.held.wait(PATIENCE_S)
    motors.broken = True
    motors.hold_at = None
    motors.go_on.set()
    with pytest.raises(DeviceError):
        moving.result(PATIENCE_S)
    motors.broken = False
    wait_until(lambda: ramped.state.status is Status.READY)
    ramped.home().result(PATIENCE_S)
    assert {axis: info.position_trusted for axis, info in ramped.state.axes.items()} == {
        "x": True,
        "y": False,
        "z": True,
    }
    ramped.set_position({"y": 0}).result(PATIENCE_S)
    assert ramped.state.position_trusted


def test_no_axis_of_a_line_exceeds_its_own_pace() -> None:
    slow = RAMPED["z"].model_copy(update={"max_speed_um_per_s": 100.0, "acceleration_um_per_s2": 1000.0})
    axes = Axes({**RAMPED, "z": slow})
    assert axes.line_pace({"x": 300, "y": -300}) == Pace(100, 1000, 10_000)
    # z steps every third or fourth tick.
    assert axes.line_pace({"x": 300, "z": 90}) == Pace(100, 600, 6000)
    assert axes.line_pace({"x": 90, "z": 300}) == Pace(100, 200, 2000)
    assert axes.steady_pace("x", 0.05) == Pace(50, 50, 10_000)
    assert axes.steady_pace("x", 0.5) == Pace(100, 100, 10_000)


def test_ramps_have_sensible_defaults() -> None:
    axis = AxisConfig(um_per_step=0.5, min_um=0, max_um=1, max_speed_um_per_s=400)
    assert axis.pace == Pace(200, 800, 4000)
