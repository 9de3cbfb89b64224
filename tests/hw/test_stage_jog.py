"""hw.stage: jogs"""

import pytest

from hw.errors import DeviceBusy, DeviceError, InvalidRequest, OutOfLimits
from hw.position import PositionFile
from hw.stage import Stage
from hw.types import Position, Status
from tests.conftest import PATIENCE_S, wait_until
from tests.hw.fakes import AXES_CONFIG, FakeMotors


def test_jog_answers_with_its_target_at_once(stage: Stage, motors: FakeMotors) -> None:
    motors.hold_at = 0
    assert stage.jog({"x": 10, "z": -2}) == Position(10, 0, -2)
    motors.go_on.set()
    wait_until(lambda: stage.position == Position(10, 0, -2))


def test_jogs_add_up_while_they_run(stage: Stage, motors: FakeMotors) -> None:
    motors.hold_at = 3
    stage.jog({"x": 10})
    assert motors.held.wait(PATIENCE_S)
    assert stage.jog({"x": 10}) == Position(20, 0, 0).moved_to({"y": 0})
    motors.hold_at = None
    motors.go_on.set()
    wait_until(lambda: stage.state.status is Status.READY)
    assert stage.position.x_um == 20


def test_jog_turned_round_forgets_the_old_target(stage: Stage, motors: FakeMotors) -> None:
    motors.hold_at = 4
    stage.jog({"x": 50})
    assert motors.held.wait(PATIENCE_S)
    assert stage.jog({"x": -10}).x_um == -8  # from where it is, 2 um
    motors.hold_at = None
    motors.go_on.set()
    wait_until(lambda: stage.state.status is Status.READY)
    assert stage.position.x_um == -8


def test_jog_target_never_leads_by_more_than_its_run_out(stage: Stage, motors: FakeMotors) -> None:
    motors.hold_at = 0
    for _ in range(100):
        target = stage.jog({"z": 1})
    assert target.z_um == pytest.approx(30)  # 0.3 s at 100 um/s
    motors.go_on.set()
    wait_until(lambda: stage.position.z_um == pytest.approx(30))


def test_jog_is_held_at_the_limit_and_refused_there(stage: Stage) -> None:
    stage.move({"x": 95}).result(PATIENCE_S)
    assert stage.jog({"x": 50}).x_um == 100
    wait_until(lambda: stage.position.x_um == 100)
    wait_until(lambda: stage.state.status is Status.READY)
    with pytest.raises(OutOfLimits, match="at its limit along x"):
        stage.jog({"x": 1})
    assert stage.jog({"x": -1}).x_um == 99


def test_stop_ends_a_jog_and_its_target(stage: Stage, motors: FakeMotors) -> None:
    motors.hold_at = 6
    stage.jog({"x": 50})
    assert motors.held.wait(PATIENCE_S)
    stage.stop()
    motors.go_on.set()
    wait_until(lambda: stage.state.status is Status.READY)
    assert motors.steps["x"] == 6
    motors.hold_at = None
    assert stage.jog({"x": 1}).x_um == 4


def test_refused_jog_is_not_carried_out_later(
    stage: Stage, motors: FakeMotors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hw.worker.REOPEN_S", 0.02)
    motors.broken = True
    stage.jog({"x": 50})
    wait_until(lambda: stage.state.status is Status.FAULT)
    with pytest.raises(DeviceError, match="smoke"):
        stage.jog({"x": 50})
    motors.broken = False
    wait_until(lambda: stage.state.status is Status.READY)
    assert stage.jog({"y": 1}) == Position(0, 1, 0)
    wait_until(lambda: stage.state.status is Status.READY)
    assert motors.steps == {"x": 0, "y": 2, "z": 0}


def test_jog_is_held_by_a_limit_switch_and_free_the_other_way(stage: Stage, motors: FakeMotors) -> None:
    motors.switch_at["x"] = -40
    stage.jog({"x": -90})
    wait_until(lambda: stage.position.x_um == -20)
    wait_until(lambda: stage.state.status is Status.READY)
    assert motors.steps["x"] == -40
    stage.jog({"x": 5})
    wait_until(lambda: stage.position.x_um == -15)


def test_slack_left_by_a_downward_jog_is_taken_up_by_the_next_move(stage: Stage, motors: FakeMotors) -> None:
    stage.move({"x": 50}).result(PATIENCE_S)
    stage.jog({"x": -20})
    wait_until(lambda: stage.state.status is Status.READY)
    motors.moves.clear()
    assert stage.move({"x": 2}, relative=True).result(PATIENCE_S).x_um == 32
    assert [steps for steps, _ in motors.moves] == [{"x": -6}, {"x": 10}]  # to 27 um, then up to 32


def test_upward_move_beyond_the_slack_goes_straight(stage: Stage, motors: FakeMotors) -> None:
    stage.jog({"x": -20})
    wait_until(lambda: stage.state.status is Status.READY)
    motors.moves.clear()
    stage.move({"x": 0}).result(PATIENCE_S)
    assert [steps for steps, _ in motors.moves] == [{"x": 40}]


def test_stage_outside_its_limits_is_not_jogged_back_by_surprise(motors: FakeMotors, memory: PositionFile) -> None:
    memory.settle(Position(x_um=150), trusted=True)  # as after narrower limits were put in the rig file
    stage = Stage(motors, AXES_CONFIG, memory)
    stage.start()
    wait_until(lambda: stage.state.status is Status.READY)
    with pytest.raises(OutOfLimits, match="at its limit"):
        stage.jog({"x": 10})
    assert stage.jog({"x": -10}).x_um == 140
    wait_until(lambda: stage.position.x_um == 140)
    stage.close()
    assert stage.join(PATIENCE_S)


@pytest.mark.parametrize("um", [0.0, 0.2, -0.4])
def test_jog_of_less_than_a_step_says_so(stage: Stage, um: float) -> None:
    with pytest.raises(InvalidRequest, match="less than one step") as error:
        stage.jog({"x": um})
    assert error.value.extra["um_per_step"] == {"x": 0.5}


def test_jog_just_after_a_stop_waits_for_its_end(stage: Stage, motors: FakeMotors) -> None:
    motors.hold_at = 2
    stage.jog({"x": 50})
    assert motors.held.wait(PATIENCE_S)
    stage.stop()
    with pytest.raises(DeviceBusy):
        stage.jog({"x": 10})
    motors.go_on.set()
