"""hw.stage on motors that step at once, so that each rule can be looked at by itself."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hw.errors import DeviceBusy, DeviceError, DeviceStopped, InvalidRequest, OutOfLimits
from hw.position import PositionFile
from hw.stage import Stage
from hw.types import Position, Status
from tests.conftest import PATIENCE_S, wait_until
from tests.hw.fakes import AXES_CONFIG, FakeMotors


@pytest.fixture
def motors() -> FakeMotors:
    return FakeMotors(switches=("x", "z"))


@pytest.fixture
def memory(tmp_path: Path) -> PositionFile:
    memory = PositionFile(tmp_path / "position.json")
    memory.settle(Position(), trusted=True)
    return memory


@pytest.fixture
def stage(motors: FakeMotors, memory: PositionFile) -> Iterator[Stage]:
    stage = Stage(motors, AXES_CONFIG, memory)
    stage.start()
    wait_until(lambda: stage.state.status is Status.READY)
    yield stage
    motors.go_on.set()
    stage.close()
    assert stage.join(PATIENCE_S)


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
    assert motors.moves == [({"x": 20, "y": 20}, pytest.approx(1000.0))]


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


def test_limit_switch_stops_a_motion_towards_it_but_not_away(stage: Stage, motors: FakeMotors) -> None:
    motors.switch_at["x"] = -40
    with pytest.raises(DeviceStopped, match="limit switch"):
        stage.move({"x": -50}).result(PATIENCE_S)
    assert motors.steps["x"] == -40
    assert stage.move({"x": 10}).result(PATIENCE_S).x_um == 10


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


def test_position_is_stored_at_shutdown(motors: FakeMotors, memory: PositionFile) -> None:
    stage = Stage(motors, AXES_CONFIG, memory)
    stage.start()
    wait_until(lambda: stage.state.status is Status.READY)
    stage.move({"x": 12}).result(PATIENCE_S)
    assert memory.load() == (Position(), False)  # as a power cut would leave it
    stage.close()
    assert stage.join(PATIENCE_S)
    assert memory.load() == (Position(12, 0, 0), True)
    assert motors.closed == 1


def test_position_is_stored_and_the_motors_released_after_a_rest(
    stage: Stage, motors: FakeMotors, memory: PositionFile
) -> None:
    stage.move({"x": 12}).result(PATIENCE_S)
    wait_until(lambda: memory.load() == (Position(12, 0, 0), True))
    wait_until(lambda: motors.released)


def test_shutdown_in_motion_stops_it_and_stores_where(motors: FakeMotors, memory: PositionFile) -> None:
    stage = Stage(motors, AXES_CONFIG, memory)
    stage.start()
    wait_until(lambda: stage.state.status is Status.READY)
    motors.hold_at = 8
    moving = stage.move({"x": 50})
    assert motors.held.wait(PATIENCE_S)
    stage.close()
    motors.go_on.set()
    assert stage.join(PATIENCE_S)
    with pytest.raises(DeviceStopped):
        moving.result(PATIENCE_S)
    assert memory.load() == (Position(4, 0, 0), True)


def test_failing_motors_are_shown_and_the_position_is_not_trusted(stage: Stage, motors: FakeMotors) -> None:
    faults: list[str] = []
    stage.failed.connect(faults.append)
    motors.broken = True
    with pytest.raises(DeviceError, match="smoke"):
        stage.move({"x": 10}).result(PATIENCE_S)
    state = wait_until(lambda: stage.state.status is Status.FAULT and stage.state)
    assert state.fault == "smoke comes out of it"
    assert not state.position_trusted
    assert faults == ["smoke comes out of it"]
    with pytest.raises(DeviceError, match="smoke"):
        stage.move({"x": 10})


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


@pytest.mark.parametrize("um", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(stage: Stage, um: float) -> None:
    for request in (stage.move, stage.jog):
        with pytest.raises(InvalidRequest, match="finite"):
            request({"x": um})
    assert stage.alive


def test_jog_just_after_a_stop_waits_for_its_end(stage: Stage, motors: FakeMotors) -> None:
    motors.hold_at = 2
    stage.jog({"x": 50})
    assert motors.held.wait(PATIENCE_S)
    stage.stop()
    with pytest.raises(DeviceBusy):
        stage.jog({"x": 10})
    motors.go_on.set()


def test_shutdown_after_a_fault_stores_where_it_was_and_closes(motors: FakeMotors, memory: PositionFile) -> None:
    stage = Stage(motors, AXES_CONFIG, memory)
    stage.start()
    wait_until(lambda: stage.state.status is Status.READY)
    motors.hold_at = 21
    moving = stage.move({"x": 50})
    assert motors.held.wait(PATIENCE_S)
    motors.hold_at = None
    stage._driver.touch = lambda: (_ for _ in ()).throw(DeviceError("smoke"))  # type: ignore[attr-defined]
    motors.go_on.set()
    with pytest.raises(DeviceError):
        moving.result(PATIENCE_S)
    stage.close()
    assert stage.join(PATIENCE_S)
    assert memory.load() == (stage.position, False)
    assert stage.position.x_um >= 10.5
    assert motors.closed >= 2


def test_bug_in_a_motion_leaves_no_trust(motors: FakeMotors, memory: PositionFile) -> None:
    stage = Stage(motors, AXES_CONFIG, memory)
    stage.start()
    wait_until(lambda: stage.state.status is Status.READY)
    motors.move = lambda *_: 1 / 0  # type: ignore[method-assign, assignment]
    with pytest.raises(ZeroDivisionError):
        stage.move({"x": 1}).result(PATIENCE_S)
    assert stage.join(PATIENCE_S)
    assert memory.load() == (Position(), False)


def test_stage_without_switches_starts_where_it_stands(tmp_path: Path) -> None:
    stage = Stage(FakeMotors(), AXES_CONFIG, PositionFile(tmp_path / "position.json"))
    stage.start()
    wait_until(lambda: stage.state.status is Status.READY)
    assert stage.state.position_trusted
    with pytest.raises(InvalidRequest, match="name at least one axis"):
        stage.home()
    stage.close()
    assert stage.join(PATIENCE_S)
