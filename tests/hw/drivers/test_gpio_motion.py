"""The straight line and the pace, without any line."""

import time
from collections import Counter
from itertools import pairwise

import pytest

from hw.drivers.gpio.motion import Motion, straight_line
from hw.types import Steps


@pytest.mark.parametrize(
    "steps",
    [{"x": 7}, {"x": -3, "y": 3}, {"x": 100, "y": 33, "z": -1}, {"x": 2, "y": 1001}, {"x": 5, "y": 0}, {"z": 1}, {}],
)
def test_a_line_is_straight_to_half_a_step(steps: Steps) -> None:
    ticks = list(straight_line(steps))
    longest = max((abs(count) for count in steps.values()), default=0)
    assert len(ticks) == longest
    made: Counter[str] = Counter()
    for tick, together in enumerate(ticks, start=1):
        assert len(set(together)) == len(together)
        made.update(together)
        for axis, count in steps.items():
            assert abs(made[axis] - tick * abs(count) / longest) <= 0.5
    assert {axis: made[axis] for axis in steps} == {axis: abs(count) for axis, count in steps.items()}


def test_a_lines_shorter_axis_is_spread_evenly() -> None:
    ticks = [float(tick) for tick, axes in enumerate(straight_line({"x": 100, "y": 30})) if "y" in axes]
    assert set(_gaps(ticks)) == {3, 4}


def test_a_late_step_delays_those_after_it() -> None:
    period_s = 0.02
    motion = Motion(1 / period_s, lambda: False, lambda steps: None)
    made_s = []
    for number in range(5):
        assert motion.next_step()
        if number == 1:
            # As if the machine had stalled for four periods: there is no burst to catch up.
            time.sleep(4 * period_s)
        made_s.append(time.monotonic())
        motion.made("x", 1)
    assert min(_gaps(made_s)) >= period_s


def test_the_first_step_is_a_period_after_the_start() -> None:
    start_s = time.monotonic()
    assert Motion(50, lambda: False, lambda steps: None).next_step()
    assert time.monotonic() - start_s >= 1 / 50


def test_a_stop_does_not_wait_for_a_slow_step() -> None:
    asked = 0

    def stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > 3

    start_s = time.monotonic()
    assert not Motion(1 / 3600, stop, lambda steps: None).next_step()
    assert time.monotonic() - start_s < 600


def test_what_was_told_is_not_told_again() -> None:
    told: list[Steps] = []
    motion = Motion(1000, lambda: False, told.append)
    motion.made("x", 1)
    motion.made("x", 1)
    motion.made("y", -1)
    motion.tell()
    motion.tell()
    assert told == [{"x": 2, "y": -1}]


def _gaps(values: list[float]) -> list[float]:
    return [after - before for before, after in pairwise(values)]
