"""hw.stage: moves, limits, stop, faults"""

import threading

import pytest

from hw.errors import DeviceBusy, DeviceStopped, InvalidRequest, OutOfLimits
from hw.stage import Stage
from hw.types import Position, Status
from tests.conftest import PATIENCE_S, wait_until
from tests.hw.fakes import FakeMotors


def test_absolute_move(stage: Stage, motors: FakeMotors) -> None:
    assert stage.move({"x": 10, "y": -20.2, "z": 1.04}).result(PATIENCE_S) == Position(10, -20, 1)
    assert motors.steps == {"x": 20, "y": -40, "z": 10}
    assert stage.state.status is Status.READY


def test_relative_move(stage: Stage) -> None:
    stage.move({"x": 10}).result(PATIENCE_S)
    assert stage.move({"x": -4, "z": 2}, relative=True).result(PATIENCE_S) == Position(6, 0, 2)


def test_line_is_paced_by_the_axis_that_needs_longest(stage: Stage, motors: FakeMotors) -> None:
    stage.move({"x": 10, "y": 10}).result(PATIENCE_S)
    # y: 10 um at 500 um/s are 20 steps in 20 ms; x could do it in half that time and has to wait.
    [(steps, pace)] = motors.moves
    assert steps == {"x": 20, "y": 20}
    assert (pace.start_steps_per_s, pace.top_steps_per_s) == (1000, 1000)


def test_targets_are_approached_from_below(stage: Stage, motors: FakeMotors) -> None:
    stage.move({"x": 50}).result(PATIENCE_S)
    motors.moves.clear()
    stage.move({"x": 30}).result(PATIENCE_S)
    assert [steps for steps, _ in motors.moves] == [{"x": -50}, {"x": 10}]  # to 25 um, then up to 30


def test_slack_is_not_taken_up_beyond_the_limit(stage: Stage, motors: FakeMotors) -> None:
    stage.move({"x": -98}).result(PATIENCE_S)
    assert min(steps["x"] for steps, _ in motors.moves) == -200  # -100 um, not -103
    assert stage.position.x_um == -98


@pytest.mark.parametrize("target", [{"x": 100.5}, {"x": -101}, {"y": 0, "z": 51}])
def test_out_of_limits_names_them_and_moves_nothing(stage: Stage, motors: FakeMotors, target: dict[str, float]) -> None:
    with pytest.raises(OutOfLimits) as error:
        stage.move(target)  # type: ignore[arg-type]
    assert error.value.extra["minimum_um"] < error.value.extra["maximum_um"]
    assert motors.moves == []
    assert stage.state.status is Status.READY


def test_relative_move_is_limited_too(stage: Stage) -> None:
    stage.move({"x": 90}).result(PATIENCE_S)
    with pytest.raises(OutOfLimits, match="x = 101 um"):
        stage.move({"x": 11}, relative=True)


@pytest.mark.parametrize("target", [{}, {"w": 1.0}])
def test_unknown_or_no_axis(stage: Stage, target: dict[str, float]) -> None:
    with pytest.raises(InvalidRequest) as error:
        stage.move(target)  # type: ignore[arg-type]
    assert error.value.extra["allowed"] == ["x", "y", "z"]


def test_busy_while_moving(stage: Stage, motors: FakeMotors) -> None:
    motors.hold_at = 5
    moving = stage.move({"x": 50})
    assert motors.held.wait(PATIENCE_S)
    assert stage.state.status is Status.BUSY
    for second in (lambda: stage.move({"y": 1}), lambda: stage.jog({"y": 1}), lambda: stage.home(("z",))):
        with pytest.raises(DeviceBusy, match="a move"):
            second()
    motors.go_on.set()
    assert moving.result(PATIENCE_S).x_um == 50


def test_stop_ends_the_move_within_a_step(stage: Stage, motors: FakeMotors) -> None:
    motors.hold_at = 7
    moving = stage.move({"x": 50})
    assert motors.held.wait(PATIENCE_S)
    stage.stop()
    motors.go_on.set()
    with pytest.raises(DeviceStopped) as error:
        moving.result(PATIENCE_S)
    assert motors.steps["x"] == 7
    assert error.value.extra["position"]["x_um"] == 3.5
    assert stage.position.x_um == 3.5
    assert stage.move({"x": 0}).result(PATIENCE_S).x_um == 0  # the next one is not stopped


def test_stop_reaches_a_move_that_has_not_begun(stage: Stage, motors: FakeMotors) -> None:
    motors.hold_at = 0
    moving = stage.move({"x": 50})
    stage.stop()
    motors.go_on.set()
    with pytest.raises(DeviceStopped):
        moving.result(PATIENCE_S)
    assert motors.steps["x"] == 0


def test_position_signals_come_from_the_stage_thread_and_end_with_the_position(stage: Stage) -> None:
    seen: list[tuple[Position, str]] = []
    stage.position_changed.connect(lambda position: seen.append((position, threading.current_thread().name)))
    final = stage.move({"x": 40}).result(PATIENCE_S)
    assert seen[-1] == (final, "stage")
    assert {name for _, name in seen} == {"stage"}


def test_the_motors_are_touched_by_their_thread_alone(stage: Stage, motors: FakeMotors) -> None:
    stage.move({"x": 40}).result(PATIENCE_S)
    stage.jog({"y": 1})
    stage.stop()
    wait_until(lambda: stage.state.status is Status.READY)
    assert len(motors.touched_by) == 1
    assert threading.get_ident() not in motors.touched_by


@pytest.mark.parametrize("um", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(stage: Stage, um: float) -> None:
    for request in (stage.move, stage.jog):
        with pytest.raises(InvalidRequest, match="finite"):
            request({"x": um})
    assert stage.alive
