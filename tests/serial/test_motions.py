"""What both boards' drivers do beyond the contract of motors (``tests/contracts``)."""

from hw.types import Ending, Steps
from tests.serial.rigs import FAST, GENTLE, Rig


def test_a_fast_line_comes_to_its_end_and_is_straight(rig: Rig) -> None:
    goal: Steps = {"x": 900, "y": -300, "z": 90}
    rig.motors.begin_line(goal, FAST)
    made = rig.progress_until(300).made
    part = made["x"] / goal["x"]
    # Both were looked at over the time of one answer, 40 steps of the fastest.
    assert all(abs(made[axis] - part * steps) <= 40 for axis, steps in goal.items())
    progress = rig.ended()
    rig.assert_true(progress)
    assert not progress.abrupt


def test_an_emergency_stop_of_a_slow_axis_loses_nothing(rig: Rig) -> None:
    rig.motors.begin_line({"x": 4000}, GENTLE)
    rig.progress_until(100)
    rig.motors.halt(at_once=True)
    progress = rig.ended()
    rig.assert_true(progress, Ending.HALTED)
    assert not progress.abrupt


def test_a_jog_that_is_steered_on_never_stops(rig: Rig) -> None:
    rig.board.heard.clear()
    rig.motors.begin_jog({"x": 2000, "y": 0, "z": 0}, dict.fromkeys(("x", "y", "z"), FAST))
    # A second before it would end, which leaves a slow machine time.
    for goal in (2500, 3000, 3500):
        rig.progress_until(goal - 2400)
        rig.motors.steer({"x": goal})
    progress = rig.ended()
    assert progress.made == {"x": 3500, "y": 0, "z": 0}
    rig.assert_true(progress)
    assert not progress.abrupt
    assert not any("stop" in line for line in rig.board.heard)


def test_a_jog_is_turned_round_and_joined_by_an_axis(rig: Rig) -> None:
    rig.motors.begin_jog({"x": 1500, "y": 0}, dict.fromkeys(("x", "y"), GENTLE))
    rig.progress_until(200)
    rig.motors.steer({"x": -100, "y": 60})
    progress = rig.ended()
    assert progress.made == {"x": -100, "y": 60}
    rig.assert_true(progress)
    assert not progress.abrupt


def test_a_motion_that_ended_when_the_driver_was_closed_is_not_gone_on_with(rig: Rig) -> None:
    rig.motors.begin_line({"x": 5000}, GENTLE)
    rig.progress_until(100)
    rig.motors.close()
    rig.motors.open()
    before = rig.travelled()
    assert before["x"] < 4000
    assert rig.line({"x": 5}).made == {"x": 5}
    assert rig.travelled()["x"] == before["x"] + 5
