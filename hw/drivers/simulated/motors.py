"""The simulated stage's motors: steps in real time, screws with play, and the ways in which they fail."""

import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from types import MappingProxyType

from hw.config import SimulatedAxis, SimulatedStage, axis_tables
from hw.drivers.motion.engine import Engine
from hw.drivers.simulated.world import World
from hw.errors import DeviceAbsent, DeviceError
from hw.types import AxisName, Pace, Progress, Steps

STOP_BEYOND_UM = 200.0
"""How far outside the soft limits the mechanics end: the motor slips there."""

_SLICE_S = 0.004
_CATCH_UP_S = 0.02
_NOTHING: Mapping[AxisName, bool] = MappingProxyType({})


class _Screw:
    """One axis from motor to slide: a nut with play on a screw of finite length."""

    def __init__(self, axis: AxisName, config: SimulatedAxis, world: World) -> None:
        self._attribute = f"{axis}_um"
        self._config = config
        self._world = world
        self._turned_um = self.displacement_um
        self._owed = 0.0
        self._direction = 1

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

    def face(self, direction: int) -> None:
        """Turn this way from now on."""
        self._direction = direction

    def step(self) -> None:
        """Give one step; it turns the screw unless the motor stalls, slips or loses it."""
        faults = self._world.faults
        self._owed += faults.lost_step_fraction
        if faults.stage_stalled or self._owed >= 1.0:
            self._owed %= 1.0
            return
        turned = self._turned_um + self._direction * self._config.um_per_step
        lowest, highest = self._config.min_um - STOP_BEYOND_UM, self._config.max_um + STOP_BEYOND_UM
        self._turned_um = min(max(turned, lowest), highest)
        # The nut rests on the flank that pushes upwards; on the way down the screw first crosses its play.
        pushed = max(self.displacement_um, self._turned_um)
        setattr(self._world, self._attribute, min(pushed, self._turned_um + self._config.play_um))


class SimulatedMotors:
    """The motors of the simulated stage, moving the world's slide in real time.

    Each step has the time that its ramp gives it, by a clock that follows the real one while ``progress`` is called.
    Where that came late by more than ``_CATCH_UP_S``, the rest of the delay is kept.
    """

    simulated = True

    def __init__(self, config: SimulatedStage, world: World) -> None:
        self._world = world
        tables = axis_tables(config)
        self._screws = {
            axis: _Screw(axis, table, world) for axis, table in tables.items() if isinstance(table, SimulatedAxis)
        }
        ends = {axis: -1 if table.home_to == "min" else 1 for axis, table in tables.items()}
        self._now_s = self._real_s = 0.0
        self._made: Counter[AxisName] = Counter()
        self._engine = Engine(self._screws, ends, self._pressed, lambda: self._now_s, self._count)
        self._orders: deque[Callable[[], None]] = deque()
        """What other threads want of the motion under way; carried out before its next step."""
        self._open = False

    def open(self) -> None:
        """Take the motors. Raises ``DeviceError`` when the stage is unplugged."""
        self._check_plugged()
        self._open = True

    def close(self) -> None:
        """Let the motors go; the screws hold their place."""
        self._open = False
        self._engine.end()
        self._world.velocity_um_per_s = (0.0, 0.0)

    def release(self) -> None:
        """Nothing to take off: the screws hold their place."""

    def at_switch(self, axis: AxisName) -> bool:
        """Whether the axis presses the limit switch, just outside its soft limit."""
        return self._screws[axis].at_switch

    def begin_line(self, steps: Steps, pace: Pace, until: Mapping[AxisName, bool] = _NOTHING) -> None:
        """See ``MotorDriver``."""
        self._prepare(steps)
        self._engine.begin_line(steps, pace, until)

    def begin_jog(self, steps: Steps, paces: Mapping[AxisName, Pace]) -> None:
        """See ``MotorDriver``."""
        self._prepare(steps)
        self._engine.begin_jog(steps, paces)

    def steer(self, steps: Steps) -> None:
        """See ``MotorDriver``."""
        self._orders.append(lambda: self._engine.steer(steps))

    def halt(self, at_once: bool = False) -> None:
        """See ``MotorDriver``."""
        self._orders.append(self._engine.end if at_once else self._engine.halt)

    def progress(self, timeout_s: float) -> Progress:
        """See ``MotorDriver``."""
        deadline_s = time.monotonic() + timeout_s
        while True:
            self._check_plugged()
            self._catch_up()
            if self._engine.ending is not None or time.monotonic() >= deadline_s:
                return Progress(dict(self._made), self._engine.ending, self._engine.abrupt)
            # The time that the steps take.
            time.sleep(_SLICE_S)

    def _prepare(self, steps: Steps) -> None:
        if not self._open:
            raise DeviceError("the stage is closed", reason="not-open")
        self._check_plugged()
        for axis in steps:
            if axis not in self._screws:
                raise DeviceAbsent(f"the stage has no {axis} axis")
        self._made = Counter(dict.fromkeys(steps, 0))
        self._real_s = time.monotonic()
        # What was said before is not meant for this motion.
        self._orders.clear()

    def _catch_up(self) -> None:
        """Make the steps that are due by now."""
        real_s = time.monotonic()
        passed_s = 0.0 if self._world.faults.stage_hangs else real_s - self._real_s
        until_s = self._now_s + min(passed_s, _CATCH_UP_S)
        x_um, y_um = self._world.x_um, self._world.y_um
        self._obey()
        while self._engine.due_s <= until_s:
            self._now_s = max(self._now_s, self._engine.due_s)
            self._engine.advance()
            self._obey()
        self._now_s, self._real_s = until_s, real_s
        made_um = self._world.x_um - x_um, self._world.y_um - y_um
        moving = self._engine.ending is None and passed_s > 0
        self._world.velocity_um_per_s = (made_um[0] / passed_s, made_um[1] / passed_s) if moving else (0.0, 0.0)

    def _obey(self) -> None:
        while self._orders:
            self._orders.popleft()()

    def _count(self, axis: AxisName, direction: int) -> None:
        self._made[axis] += direction

    def _pressed(self, axis: AxisName) -> bool:
        return self._screws[axis].at_switch

    def _check_plugged(self) -> None:
        if self._world.faults.thread_dies == "stage":
            raise RuntimeError("simulated fault: something that nobody foresaw")
        if self._world.faults.stage_unplugged:
            raise DeviceError("simulated fault: the stage is unplugged", reason="unplugged")
