"""Motions on a stage's motors, from the first step to the last."""

import time
from collections.abc import Callable, Mapping
from types import MappingProxyType

from hw.axes import Axes
from hw.errors import DeviceError, DeviceTimeout
from hw.odometer import Odometer
from hw.protocols import MotorDriver
from hw.types import AxisName, Ending, Pace, Steps

Wanted = Callable[[], bool]
"""Whether a motion is still wanted: it is halted when it is not."""

_BEAT_S = 0.02
_HOMING_SPEED = 0.5
_HOMING_APPROACH = 0.05
"""Fractions of an axis' top speed: to the switch, and for finding its edge."""
_HOMING_TRAVEL = 1.2
"""How much farther than the limits are apart a switch is looked for."""
_NO_STEP_S = 5.0
_LATE_STEPS = 10
"""How long a motion may make no step: so long, and as many steps at the slowest pace beside."""
_NOTHING: Mapping[AxisName, bool] = MappingProxyType({})


class Travel:
    """Carries out motions, one at a time, on the stage's thread, and keeps the odometer."""

    def __init__(
        self,
        driver: MotorDriver,
        axes: Axes,
        odometer: Odometer,
        departs: Callable[[], None],
        moved: Callable[[], None],
    ) -> None:
        """``departs`` is called before the first step of each motion, ``moved`` whenever the position has changed."""
        self._driver = driver
        self._axes = axes
        self._odometer = odometer
        self._departs = departs
        self._moved = moved
        slowest = min((config.pace.start_steps_per_s for config in axes.configs.values()), default=1.0)
        self._patience_s = _NO_STEP_S + _LATE_STEPS / (slowest * _HOMING_APPROACH)

    def line(
        self, steps: Steps, wanted: Wanted, pace: Pace | None = None, until: Mapping[AxisName, bool] = _NOTHING
    ) -> Ending:
        """Make steps in a straight line, as fast as the axes can or at a given pace; returns how that ended."""
        steps = {axis: count for axis, count in steps.items() if count}
        if not steps:
            return Ending.DONE
        self._departs()
        self._odometer.depart()
        self._driver.begin_line(steps, pace or self._axes.line_pace(steps), until)
        return self.follow(wanted)

    def follow(self, wanted: Wanted) -> Ending:
        """Look after the motion under way until it ends; ``DeviceTimeout`` where no step is made."""
        stepped_s = time.monotonic()
        while True:
            if not wanted():
                self._driver.halt()
            progress = self._driver.progress(_BEAT_S)
            if self._odometer.made(progress.made):
                stepped_s = time.monotonic()
                self._moved()
            elif time.monotonic() - stepped_s > self._patience_s:
                told = f"the motors have made no step for {self._patience_s:.0f} s"
                raise DeviceTimeout(told, reason="no-step", seconds=round(self._patience_s))
            if progress.ending is not None:
                if progress.abrupt:
                    self._odometer.doubt(axis for axis, count in progress.made.items() if count)
                return progress.ending

    def home(self, axis: AxisName, wanted: Wanted) -> Ending:
        """Find the edge of an axis' limit switch, and set the position there.

        Past the switch and back to its edge, which is found at the same speed from the same side each time.
        """
        config = self._axes.configs[axis]
        toward = -1 if config.home_to == "min" else 1
        travel = round(_HOMING_TRAVEL * (config.max_um - config.min_um) / config.um_per_step)
        searches = ((toward * travel, _HOMING_SPEED, True), (-toward * travel, _HOMING_APPROACH, False))
        for steps, speed, pressed in searches:
            ending = self.line({axis: steps}, wanted, self._axes.steady_pace(axis, speed), until={axis: pressed})
            if ending is not Ending.DONE:
                return ending
            if self._driver.at_switch(axis) is not pressed:
                told = f"{axis}: its limit switch was {'not reached' if pressed else 'not released'}"
                raise DeviceError(told, reason="limit-switch", axis=axis)
        self._odometer.set(axis, config.min_um if toward < 0 else config.max_um)
        return Ending.DONE
