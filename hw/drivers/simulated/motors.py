"""The simulated stage's motors: steps in real time, screws with play, and the ways in which they fail."""

import time
from collections.abc import Callable

from hw.config import SimulatedAxis, SimulatedStage, axis_tables
from hw.drivers.simulated.world import World
from hw.errors import DeviceError
from hw.types import AxisName, Steps

STOP_BEYOND_UM = 200.0
"""How far outside the soft limits the mechanics end: the motor slips there."""

_SLICE_S = 0.004
_CATCH_UP_S = 0.02


class _Screw:
    """One axis from motor to slide: a nut with play on a screw of finite length."""

    def __init__(self, axis: AxisName, config: SimulatedAxis, world: World) -> None:
        self._attribute = f"{axis}_um"
        self._config = config
        self._world = world
        self._turned_um = self.displacement_um
        self._owed = 0.0

    @property
    def displacement_um(self) -> float:
        """Where the slide truly is along this axis."""
        return float(getattr(self._world, self._attribute))

    @property
    def at_switch(self) -> bool:
        """Whether the nut presses the switch at the end to which this axis homes."""
        # The first step past the soft limit presses it: homing leaves positions and the world in agreement.
        tolerance_um = self._config.um_per_step / 2
        if self._config.home_to == "min":
            return self._turned_um < self._config.min_um - tolerance_um
        return self._turned_um > self._config.max_um + tolerance_um

    def step(self, direction: int) -> None:
        """Give one step; it turns the screw unless the motor stalls, slips or loses it."""
        faults = self._world.faults
        self._owed += faults.lost_step_fraction
        if faults.stage_stalled or self._owed >= 1.0:
            self._owed %= 1.0
            return
        turned = self._turned_um + direction * self._config.um_per_step
        lowest, highest = self._config.min_um - STOP_BEYOND_UM, self._config.max_um + STOP_BEYOND_UM
        self._turned_um = min(max(turned, lowest), highest)
        # The nut rests on the flank that pushes upwards; on the way down the screw first crosses its play.
        pushed = max(self.displacement_um, self._turned_um)
        setattr(self._world, self._attribute, min(pushed, self._turned_um + self._config.play_um))


class SimulatedMotors:
    """The motors of the simulated stage, moving the world's slide in real time."""

    simulated = True

    def __init__(self, config: SimulatedStage, world: World) -> None:
        self._world = world
        tables = axis_tables(config)
        self._screws = {
            axis: _Screw(axis, table, world) for axis, table in tables.items() if isinstance(table, SimulatedAxis)
        }
        self._open = False

    def open(self) -> None:
        """Take the motors. Raises ``DeviceError`` when the stage is unplugged."""
        self._check_plugged()
        self._open = True

    def close(self) -> None:
        """Let the motors go; the screws hold their place."""
        self._open = False

    def release(self) -> None:
        """Nothing to take off: the screws hold their place."""

    def at_switch(self, axis: AxisName) -> bool:
        """Whether the axis presses the limit switch, just outside its soft limit."""
        return self._screws[axis].at_switch

    def move(
        self,
        steps: Steps,
        steps_per_s: float,
        stop: Callable[[], bool],
        moved: Callable[[Steps], None],
    ) -> None:
        """Make signed steps on all named axes together; see ``MotorDriver.move``.

        Steps come in slices of a few milliseconds. After a late wake-up at most ``_CATCH_UP_S`` worth of steps is
        made at once, the rest of the delay is kept.
        """
        if not self._open:
            raise DeviceError("the stage is closed")
        self._check_plugged()
        total = max((abs(count) for count in steps.values()), default=0)
        given, allowed = 0, 0.0
        before = time.monotonic()
        try:
            while given < total:
                # The time that the steps take; nothing else can end a move than ``stop``, asked right after it.
                time.sleep(_SLICE_S)
                self._check_plugged()
                now = time.monotonic()
                allowed = min(allowed + min(now - before, _CATCH_UP_S) * steps_per_s, total)
                x_um, y_um = self._world.x_um, self._world.y_um
                upto = self._slice(steps, given, int(allowed), total, stop, moved)
                made_um = self._world.x_um - x_um, self._world.y_um - y_um
                self._world.velocity_um_per_s = made_um[0] / (now - before), made_um[1] / (now - before)
                if upto < int(allowed):
                    return
                given, before = upto, now
        finally:
            self._world.velocity_um_per_s = (0.0, 0.0)

    def _slice(
        self,
        steps: Steps,
        first: int,
        last: int,
        total: int,
        stop: Callable[[], bool],
        moved: Callable[[Steps], None],
    ) -> int:
        """Make the leading axis's steps ``first`` to ``last``; returns how far it came before a stop."""
        made = dict.fromkeys(steps, 0)
        try:
            for leading in range(first, last):
                if stop():
                    return leading
                for axis, count in steps.items():
                    # Bresenham: an axis steps whenever its share of the way passes the next whole step.
                    if abs(count) * (leading + 1) // total > abs(count) * leading // total:
                        direction = 1 if count > 0 else -1
                        self._screws[axis].step(direction)
                        made[axis] += direction
            return last
        finally:
            if any(made.values()):
                moved({axis: count for axis, count in made.items() if count})

    def _check_plugged(self) -> None:
        if self._world.faults.stage_unplugged:
            raise DeviceError("simulated fault: the stage is unplugged")
