"""Straight moves of several motors at a time, paced by software.

``straight_line`` says which motors step together, ``Motion`` when the next step may come, a ``Motor`` how one
step is made: the three know nothing of each other.
"""

import math
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from time import monotonic, sleep

from gpiozero import InputDevice

from hw.config import PinnedAxis
from hw.drivers.gpio.lines import Lines, device_errors
from hw.errors import DeviceAbsent, DeviceError, InvalidRequest
from hw.types import AxisName, Steps

_TELL_S = 0.010
"""How often moves are told: half of what the protocol allows."""
_SLICE_S = 0.005
"""How long a wait for a slow step goes without asking for a stop."""


class Motor(ABC):
    """The motor of one axis: how it takes its lines and makes one step."""

    def __init__(self, name: str, config: PinnedAxis) -> None:
        self.name = name
        self.config = config

    @abstractmethod
    def take(self, lines: Lines) -> None:
        """Take the motor's lines, unpowered."""

    @abstractmethod
    def face(self, direction: int) -> None:
        """Make ready to step in a direction, 1 or -1. The first step comes at least one period later."""

    @abstractmethod
    def step(self) -> None:
        """Make one step in the direction faced."""

    @abstractmethod
    def release(self) -> None:
        """Take the current off, unless that would lose the place."""


class Motion:
    """One move under way: when its next step may come, and the telling of those made.

    The next step is due one period after the last one was really made, so a late step delays those after it
    and no two ever come closer. The start counts as a step, so that this holds from one move to the next.
    """

    def __init__(self, steps_per_s: float, stop: Callable[[], bool], moved: Callable[[Steps], None]) -> None:
        self._period_s = 1 / steps_per_s
        self._stop = stop
        self._moved = moved
        self._made: Counter[AxisName] = Counter()
        self._last_step_s = self._told_s = monotonic()

    def next_step(self) -> bool:
        """Wait until the next step is due; False as soon as it must not come."""
        due_s = self._last_step_s + self._period_s
        while True:
            now_s = monotonic()
            if now_s >= self._told_s + _TELL_S:
                self.tell()
            if self._stop():
                return False
            if now_s >= due_s:
                return True
            # A deadline, not an event: nothing can wake this thread earlier but the question above.
            sleep(min(due_s - now_s, _SLICE_S))

    def made(self, axis: AxisName, direction: int) -> None:
        """Count a step."""
        self._last_step_s = monotonic()
        self._made[axis] += direction

    def tell(self) -> None:
        """Tell the steps that were not told yet."""
        self._told_s = monotonic()
        if self._made:
            steps, self._made = dict(self._made), Counter()
            self._moved(steps)


def straight_line(steps: Steps) -> Iterator[list[AxisName]]:
    """The axes that step together, tick by tick, along the straight line to ``steps``.

    The longest axis steps at every tick. After tick k of n another one has made ``steps * k / n`` steps,
    rounded: Bresenham's line (IBM Systems Journal 4, 1965), in integers, never more than half a step off.
    """
    ticks = max((abs(count) for count in steps.values()), default=0)

    def made(axis: AxisName, tick: int) -> int:
        return (2 * tick * abs(steps[axis]) + ticks) // (2 * ticks)

    for tick in range(ticks):
        yield [axis for axis in steps if made(axis, tick + 1) > made(axis, tick)]


class GpioMotors:
    """A ``MotorDriver`` over the motors of a stage, whatever their kind.

    A stop is asked for before every tick of the line, at which each axis makes at most one step.
    """

    simulated = False

    def __init__(self, motors: Mapping[AxisName, Motor]) -> None:
        self._motors = motors
        self._lines = Lines()
        self._switches: dict[AxisName, InputDevice] = {}
        self._open = False

    def open(self) -> None:
        """Take all lines; those of an earlier ``open`` are given back first."""
        self.close()
        try:
            for axis, motor in self._motors.items():
                motor.take(self._lines)
                pin = motor.config.switch_pin
                if pin is not None:
                    self._switches[axis] = self._lines.switch(
                        f"{motor.name}.switch_pin", pin, active_high=motor.config.switch_active_high
                    )
        except DeviceError:
            self.close()
            raise
        self._open = True

    def close(self) -> None:
        """Unpower the motors and give the lines back."""
        self._open = False
        self._switches.clear()
        self._lines.close()

    def move(
        self,
        steps: Steps,
        steps_per_s: float,
        stop: Callable[[], bool],
        moved: Callable[[Steps], None],
    ) -> None:
        """See ``MotorDriver``; raises ``DeviceAbsent`` for an axis that the stage does not have."""
        self._check(steps, steps_per_s)
        directions = {axis: 1 if count > 0 else -1 for axis, count in steps.items() if count}
        with device_errors("the motors could not be turned on"):
            for axis, direction in directions.items():
                self._motors[axis].face(direction)
        motion = Motion(steps_per_s, stop, moved)
        try:
            for together in straight_line(steps):
                if not motion.next_step():
                    return
                for axis in together:
                    with device_errors(f"the motor of {axis} could not be stepped"):
                        self._motors[axis].step()
                    motion.made(axis, directions[axis])
        finally:
            motion.tell()

    def at_switch(self, axis: AxisName) -> bool | None:
        """Whether the axis presses its limit switch; ``None`` where it has none."""
        self._check_open()
        if axis not in self._switches:
            return None
        with device_errors(f"the limit switch of {axis} could not be read"):
            return bool(self._switches[axis].is_active)

    def release(self) -> None:
        """Take the current off the motors that hold their place without it."""
        self._check_open()
        with device_errors("the motors could not be released"):
            for motor in self._motors.values():
                motor.release()

    def _check(self, steps: Steps, steps_per_s: float) -> None:
        self._check_open()
        for axis in steps:
            if axis not in self._motors:
                raise DeviceAbsent(f"the stage has no {axis} axis")
        if not 0 < steps_per_s < math.inf:
            raise InvalidRequest(f"steps_per_s must be above 0, not {steps_per_s:g}")

    def _check_open(self) -> None:
        if not self._open:
            raise DeviceError("the motors are not open")
