"""What ``MotorDriver`` promises, for every driver."""

import threading

import pytest

from hw.errors import DeviceError
from hw.types import Steps
from tests.contracts.benches import MotorBench
from tests.wire.edges import gaps_s


@pytest.mark.parametrize("steps", [{"x": 40}, {"y": -40}, {"x": 30, "y": -7, "z": 13}, {"x": 0, "z": -1}, {}])
def test_a_move_makes_and_tells_the_signed_steps(motor_bench: MotorBench, steps: Steps) -> None:
    motor_bench.motors.open()
    motor_bench.move(steps)
    wanted = {axis: count for axis, count in steps.items() if count}
    assert {axis: count for axis, count in motor_bench.told_in_all.items() if count} == wanted
    assert {axis: count for axis, count in motor_bench.travelled.items() if count} == wanted


def test_moves_add_up_and_return(motor_bench: MotorBench) -> None:
    motor_bench.motors.open()
    path: list[Steps] = [{"x": 25, "y": 10}, {"x": -5}, {"x": -20, "y": -10}]
    for steps in path:
        motor_bench.move(steps)
        motor_bench.motors.release()
    assert not any(motor_bench.travelled.values())


def test_axes_move_in_a_straight_line(motor_bench: MotorBench) -> None:
    motor_bench.motors.open()
    asked = 0

    def stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > 20

    goal: Steps = {"x": 60, "y": -25, "z": 11}
    motor_bench.move(goal, stop=stop)
    travelled = motor_bench.travelled
    part = travelled["x"] / goal["x"]
    assert 0 < part < 1
    assert all(abs(travelled[axis] - part * count) <= 1 for axis, count in goal.items())


@pytest.mark.parametrize("questions", [1, 2, 9])
def test_stop_is_asked_before_every_step_and_none_follows(motor_bench: MotorBench, questions: int) -> None:
    motor_bench.motors.open()
    asked = 0

    def stop() -> bool:
        nonlocal asked
        asked += 1
        return asked >= questions

    motor_bench.move({"x": 1000}, stop=stop)
    assert asked == questions, "stop was asked again after its True"
    assert motor_bench.travelled["x"] <= questions - 1
    assert motor_bench.told_in_all["x"] == motor_bench.travelled["x"]


def test_a_stop_acts_within_one_step(motor_bench: MotorBench) -> None:
    motor_bench.motors.open()
    motor_bench.move({"x": 100_000}, 500, stop=lambda: motor_bench.told_in_all["x"] >= 5)
    before_the_last = sum(steps["x"] for steps in motor_bench.told[:-1])
    assert before_the_last < 5 <= motor_bench.travelled["x"] == motor_bench.told_in_all["x"]


def test_the_next_move_goes_on_after_a_stop(motor_bench: MotorBench) -> None:
    motor_bench.motors.open()
    motor_bench.move({"x": 100}, stop=lambda: True)
    assert motor_bench.told_in_all["x"] == motor_bench.travelled["x"] == 0
    motor_bench.move({"x": 15})
    assert motor_bench.told_in_all["x"] == motor_bench.travelled["x"] == 15


def test_slow_steps_are_told_one_by_one(motor_bench: MotorBench) -> None:
    # 50 ms apart, each must be told (after 20 ms) before the next one comes.
    motor_bench.motors.open()
    motor_bench.move({"x": 4}, steps_per_s=20)
    assert motor_bench.told == [{"x": 1}] * 4


def test_all_steps_are_told_when_a_move_raises(motor_bench: MotorBench) -> None:
    motor_bench.motors.open()
    asked = 0

    def stop() -> bool:
        nonlocal asked
        asked += 1
        if asked > 30:
            raise ZeroDivisionError
        return False

    with pytest.raises(ZeroDivisionError):
        motor_bench.move({"x": 1000}, stop=stop)
    assert motor_bench.told_in_all["x"] == motor_bench.travelled["x"] > 0


def test_callbacks_come_on_the_callers_thread(motor_bench: MotorBench) -> None:
    motor_bench.motors.open()
    threads = set()

    def stop() -> bool:
        threads.add(threading.get_ident())
        return False

    motor_bench.motors.move({"x": 20}, 1000, stop, lambda steps: threads.add(threading.get_ident()))
    assert threads == {threading.get_ident()}


@pytest.mark.parametrize("steps_per_s", [200.0, 2000.0])
def test_steps_of_an_axis_keep_their_gap(motor_bench: MotorBench, steps_per_s: float) -> None:
    motor_bench.motors.open()
    steps = []
    for _ in range(3):
        motor_bench.move({"x": 25, "y": -10}, steps_per_s)
        steps += motor_bench.made.get("x", [])
    assert all(gap_s >= 1 / steps_per_s for gap_s in gaps_s(steps))
    assert all(gap_s >= 1 / steps_per_s for gap_s in gaps_s(motor_bench.made.get("y", [])))


def test_a_pressed_switch_is_reported(motor_bench: MotorBench) -> None:
    motor_bench.motors.open()
    assert motor_bench.motors.at_switch("x") is False
    motor_bench.press()
    assert motor_bench.motors.at_switch("x") is True


def test_an_axis_without_a_switch_says_none(motor_bench: MotorBench) -> None:
    motor_bench.motors.open()
    if motor_bench.switchless is not None:
        assert motor_bench.motors.at_switch(motor_bench.switchless) is None


def test_nothing_turns_while_closed(motor_bench: MotorBench) -> None:
    with pytest.raises(DeviceError):
        motor_bench.move({"x": 5})
    motor_bench.motors.open()
    motor_bench.motors.close()
    with pytest.raises(DeviceError):
        motor_bench.move({"x": 5})
    assert not any(motor_bench.travelled.values())


def test_closing_and_opening_may_be_repeated(motor_bench: MotorBench) -> None:
    motors = motor_bench.motors
    motors.close()
    for _ in range(2):
        motors.open()
        motors.open()
        motor_bench.move({"x": 6, "z": 3})
        motors.close()
        motors.close()
    assert motor_bench.travelled == {"x": 12, "y": 0, "z": 6}
