"""What both boards' drivers do with motions."""

import pytest

from hw.types import Ending, Pace, Steps
from tests.serial.conftest import FAST, GENTLE, Rig


@pytest.mark.parametrize("steps", [{"x": 40}, {"y": -40}, {"x": 300, "y": -70, "z": 13}, {"x": 0, "z": -1}, {}])
@pytest.mark.parametrize("pace", [GENTLE, FAST])
def test_a_line_makes_its_steps_and_tells_them(rig: Rig, steps: Steps, pace: Pace) -> None:
    progress = rig.line(steps, pace)
    assert progress.made == steps
    rig.assert_true(progress)
    assert not progress.abrupt


def test_lines_add_up(rig: Rig) -> None:
    path: list[Steps] = [{"x": 250, "y": 100}, {"x": -50}, {"x": -200, "y": -100}]
    for steps in path:
        assert rig.line(steps).made == steps
        rig.motors.release()
    assert not any(rig.travelled().values())


def test_a_line_is_straight(rig: Rig) -> None:
    goal: Steps = {"x": 900, "y": -300, "z": 90}
    rig.motors.begin_line(goal, FAST)
    made = rig.progress_until(300).made
    part = made["x"] / goal["x"]
    # Both were looked at over the time of one answer, 40 steps of the fastest.
    assert all(abs(made[axis] - part * steps) <= 40 for axis, steps in goal.items())
    rig.assert_true(rig.ended())


def test_what_is_told_in_motion_only_grows(rig: Rig) -> None:
    rig.motors.begin_line({"x": -600}, FAST)
    told = []
    while not (progress := rig.motors.progress(0.02)).ending:
        told.append(progress.made["x"])
    assert told == sorted(told, reverse=True)
    assert len(set(told)) > 5


def test_a_halt_ends_a_motion_where_it_tells(rig: Rig) -> None:
    rig.motors.begin_line({"x": 3000, "y": 1000}, GENTLE)
    rig.progress_until(200)
    rig.motors.halt()
    progress = rig.ended()
    rig.assert_true(progress, Ending.HALTED)
    assert progress.made["x"] < 2500
    assert not progress.abrupt, "at a speed that needs no ramp nothing is lost"
    before = rig.travelled()
    assert rig.line({"x": 10}).made == {"x": 10}
    assert rig.travelled()["x"] == before["x"] + 10


def test_an_emergency_stop_of_a_fast_axis_leaves_its_place_in_doubt(rig: Rig) -> None:
    rig.motors.begin_line({"x": 4000}, FAST)
    rig.progress_until(500)
    rig.motors.halt(at_once=True)
    progress = rig.ended()
    rig.assert_true(progress, Ending.HALTED)
    assert progress.abrupt


def test_an_emergency_stop_of_a_slow_axis_loses_nothing(rig: Rig) -> None:
    rig.motors.begin_line({"x": 4000}, GENTLE)
    rig.progress_until(100)
    rig.motors.halt(at_once=True)
    assert not rig.ended().abrupt


def test_a_halt_at_rest_is_harmless(rig: Rig) -> None:
    rig.motors.halt()
    assert rig.line({"x": 30}).made == {"x": 30}
    rig.motors.halt(at_once=True)
    assert rig.line({"x": -30}).made == {"x": -30}


def test_a_jog_is_steered_on(rig: Rig) -> None:
    rig.motors.begin_jog({"x": 100, "y": 0, "z": 0}, dict.fromkeys(("x", "y", "z"), GENTLE))
    for goal in (200, 300, 400):
        rig.progress_until(goal - 150)
        rig.motors.steer({"x": goal})
    progress = rig.ended()
    assert progress.made == {"x": 400, "y": 0, "z": 0}
    rig.assert_true(progress)


def test_a_jog_is_turned_round_and_joined_by_an_axis(rig: Rig) -> None:
    rig.motors.begin_jog({"x": 1500, "y": 0}, dict.fromkeys(("x", "y"), GENTLE))
    rig.progress_until(200)
    rig.motors.steer({"x": -100, "y": 60})
    progress = rig.ended()
    assert progress.made == {"x": -100, "y": 60}
    rig.assert_true(progress)
    assert not progress.abrupt


def test_a_halted_jog_is_not_steered_on(rig: Rig) -> None:
    rig.motors.begin_jog({"x": 1500}, {"x": GENTLE})
    rig.progress_until(100)
    rig.motors.halt()
    rig.motors.steer({"x": 3000})
    progress = rig.ended()
    rig.assert_true(progress, Ending.HALTED)
    assert progress.made["x"] < 1500


def test_a_motion_under_way_ends_when_the_driver_is_closed(rig: Rig) -> None:
    rig.motors.begin_line({"x": 5000}, GENTLE)
    rig.progress_until(100)
    rig.motors.close()
    rig.motors.close()
    rig.motors.open()
    before = rig.travelled()
    assert before["x"] < 4000
    assert rig.line({"x": 5}).made == {"x": 5}
    assert rig.travelled()["x"] == before["x"] + 5
