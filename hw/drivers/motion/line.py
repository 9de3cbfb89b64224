"""Straight lines in whole steps."""

from collections.abc import Iterator

from hw.types import AxisName, Steps


def straight_line(steps: Steps) -> Iterator[list[AxisName]]:
    """The axes that step together, tick by tick, along the straight line to ``steps``.

    The longest axis steps at every tick. After tick k of n another one has made ``steps * k / n`` steps,
    rounded: Bresenham's line (IBM Systems Journal 4, 1965), in integers, never more than half a step off.
    """
    ticks = ticks_of(steps)

    def made(axis: AxisName, tick: int) -> int:
        return (2 * tick * abs(steps[axis]) + ticks) // (2 * ticks)

    for tick in range(ticks):
        yield [axis for axis in steps if made(axis, tick + 1) > made(axis, tick)]


def ticks_of(steps: Steps) -> int:
    """How many ticks a line has: the steps of its longest axis."""
    return max((abs(count) for count in steps.values()), default=0)
