"""What ``MotorDriver`` promises, for every driver."""

import threading
from itertools import groupby, pairwise

import pytest

from hw.errors import DeviceAbsent, DeviceError
from hw.types import Ending, Pace, Progress, Steps
from tests.contracts.benches import MotorBench
from tests.wire.edges import Step, gaps_s

RAMP = Pace(5, 400, 2000)
"""Its first step comes after 200 ms: only a machine that stalls for longer than that makes it lose its speed."""
TRIES = 10
"""A machine that stalls for a moment slows a motor down before it is halted: then once more."""


def steady(steps_per_s: float) -> Pace:
    """A pace without a ramp."""
    return Pace(steps_per_s, steps_per_s, 1000)


@pytest.mark.parametrize("steps", [{"x": 40}, {"y": -40}, {"x": 30, "y": -7, "z": 13}, {"x": 0, "z": -1}, {}])
def test_a_line_makes_and_tells_the_signed_steps(motor_bench: MotorBench, steps: Steps) -> None:
    motor_bench.motors.open()
    assert motor_bench.line(steps) == Progress(steps, Ending.DONE)
    assert motor_bench.travelled == {"x": 0, "y": 0, "z": 0} | dict(steps)


def test_moves_add_up_and_return(motor_bench: MotorBench) -> None:
    motor_bench.motors.open()
    path: list[Steps] = [{"x": 25, "y": 10}, {"x": -5}, {"x": -20, "y": -10}]
    for steps in path:
        motor_bench.line(steps)
        motor_bench.motors.release()
    assert not any(motor_bench.travelled.values())


def test_a_motion_goes_on_by_itself_and_tells_how_far_it_is(motor_bench: MotorBench) -> None:
    motor_bench.motors.open()
    motor_bench.motors.begin_line({"x": -60, "y": 30}, steady(100))
    seen: list[Progress] = []
    while not seen or seen[-1].ending is None:
        seen.append(motor_bench.motors.progress(0.01))
    assert len({told.made["x"] for told in seen}) > 2
    assert all(later.made["x"] <= earlier.made["x"] for earlier, later in pairwise(seen))
    assert seen[-1] == Progress({"x": -60, "y": 30}, Ending.DONE)
    assert motor_bench.motors.progress(0.01) == seen[-1]


def test_a_halted_line_is_straight(motor_bench: MotorBench) -> None:
    motor_bench.motors.open()
    goal: Steps = {"x": 600, "y": -250, "z": 110}
    motor_bench.motors.begin_line(goal, steady(500))
    motor_bench.follow(lambda told: told.made["x"] >= 20)
    motor_bench.motors.halt()
    assert motor_bench.finish().ending is Ending.HALTED
    part = motor_bench.travelled["x"] / goal["x"]
    assert 0 < part < 1
    assert all(abs(motor_bench.travelled[axis] - part * count) <= 1 for axis, count in goal.items())


def test_a_slow_axis_halts_within_one_step(motor_bench: MotorBench) -> None:
    motor_bench.motors.open()
    motor_bench.motors.begin_line({"x": 1000}, steady(2))
    motor_bench.follow(lambda told: told.made["x"] >= 1)
    # Right after a step, the next is half a second away.
    motor_bench.motors.halt()
    told = motor_bench.finish()
    assert (told.ending, told.abrupt) == (Ending.HALTED, False)
    assert told.made["x"] == motor_bench.travelled["x"] <= 2


def halted_at_speed(motor_bench: MotorBench, at_once: bool) -> tuple[int, Progress]:
    """Halt, from another thread, an axis that has reached its top speed: its steps before and at the end."""
    motor_bench.motors.begin_line({"x": 100_000, "y": 50_000}, RAMP)
    before = motor_bench.follow(lambda told: told.made["x"] >= 60).made["x"]
    thread = threading.Thread(target=motor_bench.motors.halt, args=(at_once,))
    thread.start()
    thread.join()
    told = motor_bench.finish()
    assert told.ending is Ending.HALTED
    assert told.made["x"] < 1000
    return before, told


def test_a_fast_axis_halts_along_its_ramp(motor_bench: MotorBench) -> None:
    motor_bench.motors.open()
    travelled = 0
    for _ in range(TRIES):
        before, told = halted_at_speed(motor_bench, at_once=False)
        travelled += told.made["x"]
        assert told.abrupt is not motor_bench.ramps_down
        # It takes as many steps to stop from 400 steps/s as it took to get there: 40.
        if not motor_bench.ramps_down or told.made["x"] >= before + 20:
            break
    else:
        pytest.fail("it never slows down step by step")
    assert travelled == motor_bench.travelled["x"]


def test_an_emergency_lets_no_step_follow_and_says_what_that_may_have_lost(motor_bench: MotorBench) -> None:
    motor_bench.motors.open()
    travelled = 0
    for _ in range(TRIES):
        before, told = halted_at_speed(motor_bench, at_once=True)
        travelled += told.made["x"]
        # Fewer than a ramp would take.
        if told.abrupt and told.made["x"] - before < 40:
            break
    else:
        pytest.fail("steps follow, or it never says that it was abrupt")
    assert travelled == motor_bench.travelled["x"]
    motor_bench.motors.begin_line({"x": 100}, steady(4))
    motor_bench.motors.halt(at_once=True)
    assert motor_bench.finish() == Progress({"x": 0}, Ending.HALTED)


def test_a_halt_is_for_the_motion_under_way_alone(motor_bench: MotorBench) -> None:
    motor_bench.motors.halt()
    motor_bench.motors.open()
    motor_bench.motors.halt(at_once=True)
    assert motor_bench.line({"x": 15}).made == {"x": 15}
    motor_bench.motors.halt()
    assert motor_bench.line({"x": 15}).made == {"x": 15}
    assert motor_bench.travelled["x"] == 30


def test_each_axis_of_a_jog_goes_for_itself(motor_bench: MotorBench) -> None:
    motor_bench.motors.open()
    motor_bench.motors.begin_jog({"x": 600, "y": -20, "z": 0}, {"x": steady(400), "y": steady(400), "z": steady(100)})
    if motor_bench.jogs_apart:
        assert motor_bench.follow(lambda told: told.made["y"] == -20).made["x"] < 500
    else:
        assert motor_bench.follow(lambda told: told.made["y"] <= -10).made["x"] >= 290
    assert motor_bench.finish() == Progress({"x": 600, "y": -20, "z": 0}, Ending.DONE)
    assert motor_bench.travelled == {"x": 600, "y": -20, "z": 0}


def test_a_jog_is_steered_on_and_round(motor_bench: MotorBench) -> None:
    motor_bench.motors.open()
    motor_bench.motors.begin_jog({"x": 250, "y": 0}, {"x": RAMP, "y": RAMP})
    for reached, goal in ((20, 350), (60, 450)):
        motor_bench.follow(lambda told, reached=reached: told.made["x"] >= reached)  # type: ignore[misc]
        motor_bench.motors.steer({"x": goal, "y": -5})
    motor_bench.follow(lambda told: told.made["x"] >= 80)
    motor_bench.motors.steer({"x": -10})
    told = motor_bench.finish()
    stalled = any(stood_still(steps) for steps in motor_bench.made.values())
    assert told == Progress({"x": -10, "y": -5}, Ending.DONE, abrupt=stalled or not motor_bench.ramps_down)
    assert motor_bench.travelled == {"x": -10, "y": -5, "z": 0}


def stood_still(steps: list[Step]) -> bool:
    """Whether the machine let a step in the middle of a ramp come later than the ramp's first: then it was abrupt."""
    for _, run in groupby(steps, key=lambda step: step.direction):
        *gaps, last_s = [0.0, *(later.at_s - step.at_s for step, later in pairwise(run))]
        # The last one is as far away as the first.
        if max(gaps, default=0.0) > 1 / RAMP.start_steps_per_s or last_s > 2 / RAMP.start_steps_per_s:
            return True
    return False


def test_steering_without_a_jog_moves_nothing(motor_bench: MotorBench) -> None:
    motors = motor_bench.motors
    motors.steer({"x": 5})
    motors.open()
    motors.steer({"x": 5})
    assert motor_bench.line({"x": 3}).made == {"x": 3}
    motors.begin_jog({"x": 1000}, {"x": steady(4)})
    motors.halt()
    motors.steer({"x": 2000})
    assert motor_bench.finish().made["x"] <= 1
    motors.steer({"x": 5})
    motors.begin_line({"x": 4}, steady(100))
    motors.steer({"x": 500})
    assert motor_bench.finish() == Progress({"x": 4}, Ending.DONE)


@pytest.mark.parametrize("steps_per_s", [200.0, 2000.0])
def test_steps_of_an_axis_keep_their_gap(motor_bench: MotorBench, steps_per_s: float) -> None:
    motor_bench.motors.open()
    steps, others = [], []
    for _ in range(3):
        motor_bench.line({"x": 25, "y": -10}, steady(steps_per_s))
        steps += motor_bench.made.get("x", [])
        others += motor_bench.made.get("y", [])
    assert all(gap_s >= 1 / steps_per_s for gap_s in gaps_s(steps) + gaps_s(others))


def test_a_pressed_switch_is_reported(motor_bench: MotorBench) -> None:
    motor_bench.motors.open()
    if not motor_bench.has_switch:
        assert motor_bench.motors.at_switch("x") is None
        return
    assert motor_bench.motors.at_switch("x") is False
    motor_bench.press()
    assert motor_bench.motors.at_switch("x") is True


def test_no_axis_goes_on_into_its_switch(motor_bench: MotorBench) -> None:
    motor_bench.motors.open()
    if not motor_bench.has_switch:
        assert motor_bench.motors.at_switch("x") is None
        return
    motor_bench.motors.begin_line({"x": -1_000_000, "y": 500_000}, steady(2000))
    motor_bench.follow(lambda told: told.made["x"] <= -30)
    motor_bench.press_under_way()
    told = motor_bench.finish()
    assert (told.ending, told.abrupt) == (Ending.SWITCH, False)
    assert told.made["x"] == motor_bench.travelled["x"]
    assert motor_bench.line({"x": -5, "y": 5}) == Progress({"x": 0, "y": 0}, Ending.SWITCH)
    motor_bench.motors.begin_jog({"x": -5, "y": 5}, {"x": steady(500), "y": steady(500)})
    assert motor_bench.finish() == Progress({"x": 0, "y": 5}, Ending.SWITCH)
    assert motor_bench.line({"x": 5}).made == {"x": 5}


def test_a_line_may_end_at_its_switch(motor_bench: MotorBench) -> None:
    motor_bench.motors.open()
    if not motor_bench.has_switch:
        assert motor_bench.motors.at_switch("x") is None
        return
    motor_bench.motors.begin_line({"x": -1_000_000}, steady(2000), until={"x": True})
    motor_bench.follow(lambda told: told.made["x"] <= -30)
    motor_bench.press_under_way()
    told = motor_bench.finish()
    assert told.ending is Ending.DONE
    assert -1_000_000 < told.made["x"] == motor_bench.travelled["x"]
    motor_bench.motors.begin_line({"x": -100}, steady(2000), until={"x": True})
    assert motor_bench.finish() == Progress({"x": 0}, Ending.DONE)


def test_an_axis_without_a_switch_says_none(motor_bench: MotorBench) -> None:
    motor_bench.motors.open()
    if motor_bench.switchless is not None:
        assert motor_bench.motors.at_switch(motor_bench.switchless) is None


def test_nothing_turns_while_closed(motor_bench: MotorBench) -> None:
    for _ in range(2):
        with pytest.raises(DeviceError):
            motor_bench.motors.begin_line({"x": 5}, steady(100))
        with pytest.raises(DeviceError):
            motor_bench.motors.begin_jog({"x": 5}, {"x": steady(100)})
        motor_bench.motors.open()
        motor_bench.motors.close()
    assert not any(motor_bench.travelled.values())


def test_closing_ends_a_motion_at_once(motor_bench: MotorBench) -> None:
    motor_bench.motors.open()
    motor_bench.motors.begin_line({"x": 1000}, steady(4))
    motor_bench.motors.close()
    assert motor_bench.travelled["x"] == 0
    motor_bench.motors.open()
    assert motor_bench.line({"x": 5}).made == {"x": 5}


def test_an_axis_that_is_not_there_is_refused(motor_bench: MotorBench) -> None:
    motor_bench.motors.open()
    with pytest.raises(DeviceAbsent, match="no w axis"):
        motor_bench.motors.begin_line({"x": 1, "w": 1}, steady(100))  # type: ignore[dict-item]
    with pytest.raises(DeviceAbsent, match="no w axis"):
        motor_bench.motors.begin_jog({"w": 1}, {"w": steady(100)})  # type: ignore[dict-item]
    assert motor_bench.line({"x": 1}).made == {"x": 1}


def test_closing_and_opening_may_be_repeated(motor_bench: MotorBench) -> None:
    motors = motor_bench.motors
    motors.close()
    for _ in range(2):
        motors.open()
        motors.open()
        motor_bench.line({"x": 6, "z": 3})
        motors.close()
        motors.close()
    assert motor_bench.travelled == {"x": 12, "y": 0, "z": 6}
