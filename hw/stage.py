"""The stage thread: owns the motors and the position. Limits, backlash, homing and stop are enforced here."""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import asdict, dataclass
from functools import partial

from psygnal import Signal

from hw.config import AxisConfig
from hw.errors import DeviceBusy, DeviceError, DeviceStopped, InvalidRequest, OutOfLimits
from hw.position import PositionFile
from hw.protocols import MotorDriver
from hw.types import AxisInfo, AxisName, Position, Range, StageState, Status, Steps
from hw.worker import Worker

Target = Mapping[AxisName, float]
"""Micrometres along the named axes."""

_REPORT_S = 0.04
"""Least time between two reports of the position while it changes."""
_SETTLE_S = 1.0
"""Rest after which the position is stored and the motors are released."""
JOG_LEAD_S = 0.3
"""How far, in time, the target of a jog may lead the stage: the run-out when its viewer is gone."""
_HOMING_SPEED = 0.5
_HOMING_APPROACH = 0.05
"""Fractions of an axis' top speed: to the switch, and for finding its edge."""


StillWanted = Callable[[], bool]
"""Whether a motion goes on: False from the moment of a stop."""

_JOG = "a jog"


@dataclass(frozen=True, slots=True, eq=False)
class _Motion:
    name: str
    run: Callable[[StillWanted], None]
    still_wanted: StillWanted


class Stage(Worker):
    """The motorised stage.

    Positions are micrometres. One motion at a time: a second one is refused with ``DeviceBusy``, but a jog
    moves the target of a running jog. ``stop`` ends any of them within one step.
    """

    position_changed = Signal(Position)
    """While moving (at most every 40 ms) and at the end of a motion."""

    def __init__(self, driver: MotorDriver, axes: Mapping[AxisName, AxisConfig], memory: PositionFile) -> None:
        self._driver = driver
        self._axes = axes
        self._memory = memory
        position, self._trusted = memory.load()
        self._steps = {axis: round(position.along(axis) / config.um_per_step) for axis, config in axes.items()}
        self._position = self._measure()
        self._reported_at = 0.0
        self._settled = True
        self._motion: _Motion | None = None
        self._stops = 0
        self._switched: set[AxisName] = set()
        self._jog_target: dict[AxisName, float] = {}
        super().__init__("stage", driver)

    @property
    def position(self) -> Position:
        """Where the stage is, as far as its steps tell; safe to read from any thread."""
        return self._position

    @property
    def state(self) -> StageState:
        status = Status.BUSY if self._motion and self._status is Status.READY else self._status
        return StageState(
            status=status,
            position=self._position,
            axes={
                axis: AxisInfo(
                    limits_um=Range(config.min_um, config.max_um),
                    um_per_step=config.um_per_step,
                    max_speed_um_per_s=config.max_speed_um_per_s,
                    can_home=axis in self._switched,
                )
                for axis, config in self._axes.items()
            },
            simulated=self._driver.simulated,
            position_trusted=self._trusted,
            fault=self._fault_text,
        )

    def move(self, target: Target, relative: bool = False) -> Future[Position]:
        """Go to a place (or by a distance) in a straight line; the result is the position at the end.

        Raises ``DeviceBusy``, ``InvalidRequest`` for an axis the stage has not, and ``OutOfLimits``. The future
        raises ``DeviceStopped`` when a stop ended the motion early.
        """
        goal = {axis: um + (self._position.along(axis) if relative else 0.0) for axis, um in target.items()}
        self._check_axes(goal)
        for axis, um in goal.items():
            limits = self._axes[axis]
            if not limits.min_um <= um <= limits.max_um:
                raise OutOfLimits(
                    f"{axis} = {um:g} um is outside {limits.min_um:g} to {limits.max_um:g} um",
                    axis=axis,
                    minimum_um=limits.min_um,
                    maximum_um=limits.max_um,
                )
        return self._begin("a move", lambda still_wanted: self._move(goal, still_wanted))

    def jog(self, distance: Target) -> Position:
        """Push the target along by a distance, held within the limits; returns the new target at once.

        Called again while it moves, it pushes on: many short jogs make one smooth motion, which ends by itself
        when they cease, since the target never leads by more than one jog or ``JOG_LEAD_S`` of motion. Raises
        ``OutOfLimits`` when the stage already stands at the limit that it is pushed against.
        """
        self._check_axes(distance)
        with self._wake:
            if self._motion is not None and self._motion.name != _JOG:
                raise DeviceBusy(f"the stage is busy with {self._motion.name}")
            target = {axis: self._pushed(axis, um) for axis, um in distance.items()}
            if all(abs(um - self._position.along(axis)) < self._axes[axis].um_per_step for axis, um in target.items()):
                raise OutOfLimits(
                    f"the stage is at its limit along {', '.join(distance)}",
                    limits_um={axis: [self._axes[axis].min_um, self._axes[axis].max_um] for axis in distance},
                )
            self._jog_target |= target
            if self._motion is None:
                self._begin(_JOG, self._follow_jog)
            return self._position.moved_to(self._jog_target)

    def home(self, axes: tuple[AxisName, ...]) -> Future[Position]:
        """Drive each axis to its limit switch and set its position there; z first, away from the objective.

        Raises ``InvalidRequest`` for an axis without a switch.
        """
        self._check_axes(dict.fromkeys(axes, 0.0))
        for axis in axes:
            if axis not in self._switched:
                raise InvalidRequest(f"{axis} has no limit switch to home to; set its switch_pin in the rig file")
        in_order = sorted(axes, key="zxy".index)
        return self._begin("homing", lambda still_wanted: self._home(in_order, still_wanted))

    def stop(self) -> None:
        """End any motion within one step, from any thread. The current position is kept."""
        with self._wake:
            self._stops += 1
            self._jog_target.clear()

    # Requests, on the caller's thread.

    def _begin(self, name: str, run: Callable[[StillWanted], None]) -> Future[Position]:
        with self._wake:
            if self._motion is not None:
                raise DeviceBusy(f"the stage is busy with {self._motion.name}")
            stops = self._stops

            def still_wanted() -> bool:
                return self._stops == stops and not self._closing

            motion = _Motion(name, run, still_wanted)
            future = self._submit(lambda: self._run_motion(motion))
            self._motion = motion
        # A request that is refused or cancelled before its turn never reaches _run_motion.
        future.add_done_callback(lambda _: self._clear(motion))
        return future

    def _clear(self, motion: "_Motion") -> None:
        with self._wake:
            if self._motion is motion:
                self._motion = None

    def _pushed(self, axis: AxisName, um: float) -> float:
        config, here = self._axes[axis], self._position.along(axis)
        lead_um = max(abs(um), config.max_speed_um_per_s * JOG_LEAD_S)
        target = self._jog_target.get(axis, here)
        if (target - here) * um < 0:
            target = here
        target = min(max(target + um, here - lead_um), here + lead_um)
        return min(max(target, config.min_um), config.max_um)

    def _check_axes(self, target: Target) -> None:
        unknown = [axis for axis in target if axis not in self._axes]
        if unknown or not target:
            raise InvalidRequest(
                f"this stage has no axis {', '.join(unknown)}" if unknown else "name at least one axis",
                allowed=list(self._axes),
            )

    # From here on: the stage's own thread.

    def _open(self) -> None:
        self._driver.open()
        self._switched = {axis for axis in self._axes if self._driver.at_switch(axis) is not None}

    def _turn(self) -> None:
        if not self._run_job(timeout_s=_SETTLE_S) and not self._settled:
            self._settle()

    def _end(self) -> None:
        if not self._settled:
            self._settle()
        super()._end()

    def _run_motion(self, motion: _Motion) -> Position:
        self.changed.emit(self.state)
        try:
            motion.run(motion.still_wanted)
        except DeviceError:
            self._trusted = False
            raise
        finally:
            self._clear(motion)
            self._report()
            self.changed.emit(self.state)
        return self._position

    def _move(self, goal: Target, still_wanted: StillWanted) -> None:
        self._travel(self._below(goal), still_wanted)
        self._travel(goal, still_wanted)

    def _below(self, goal: Target) -> Target:
        """Where to turn, so that every axis comes to its goal from below and its slack is taken up."""
        return {
            axis: max(um - self._axes[axis].backlash_um, self._axes[axis].min_um)
            for axis, um in goal.items()
            if um < self._position.along(axis)
        }

    def _follow_jog(self, still_wanted: StillWanted) -> None:
        while True:
            with self._wake:
                goal = dict(self._jog_target)
                here = {axis: self._steps[axis] for axis in goal}
                if not still_wanted() or here == self._in_steps(goal):
                    self._jog_target.clear()
                    self._motion = None
                    return
            self._drive(self._in_steps(goal), 1.0, partial(self._jogs_to, goal, still_wanted))

    def _jogs_to(self, goal: Target, still_wanted: StillWanted) -> bool:
        return still_wanted() and self._jog_target == goal

    def _home(self, axes: list[AxisName], still_wanted: StillWanted) -> None:
        for axis in axes:
            self._home_axis(axis, still_wanted)
        self._trusted = self._trusted or self._switched.issubset(axes)

    def _home_axis(self, axis: AxisName, still_wanted: StillWanted) -> None:
        config = self._axes[axis]
        toward = -1 if config.home_to == "min" else 1
        travel = round(1.2 * (config.max_um - config.min_um) / config.um_per_step)

        # Past the switch and back to its edge, which is found at the same speed from the same side each time.
        self._seek(axis, toward * travel, _HOMING_SPEED, True, still_wanted)
        self._seek(axis, -toward * travel, _HOMING_APPROACH, False, still_wanted)
        limit_um = config.min_um if toward < 0 else config.max_um
        self._steps[axis] = round(limit_um / config.um_per_step)

    def _seek(self, axis: AxisName, steps: int, speed: float, pressed: bool, still_wanted: StillWanted) -> None:
        """Step along until the axis' switch is pressed, or is not."""

        def found() -> bool:
            return self._driver.at_switch(axis) is pressed

        self._drive({axis: self._steps[axis] + steps}, speed, lambda: still_wanted() and not found())
        if not still_wanted():
            raise self._stopped("a stop")
        if not found():
            raise DeviceError(f"{axis}: its limit switch was {'not reached' if pressed else 'not released'}")

    def _travel(self, goal: Target, still_wanted: StillWanted) -> None:
        steps = self._in_steps(goal)
        guarded = [axis for axis in self._switched.intersection(goal) if self._heads_for_switch(axis, steps[axis])]

        def clear() -> bool:
            return still_wanted() and not any(self._driver.at_switch(axis) for axis in guarded)

        self._drive(steps, 1.0, clear)
        if any(self._steps[axis] != wanted for axis, wanted in steps.items()):
            raise self._stopped("its limit switch" if still_wanted() else "a stop")

    def _heads_for_switch(self, axis: AxisName, steps: int) -> bool:
        ahead = steps - self._steps[axis]
        return ahead < 0 if self._axes[axis].home_to == "min" else ahead > 0

    def _stopped(self, by: str) -> DeviceStopped:
        self._position = self._measure()
        return DeviceStopped(f"the motion was ended by {by}", position=asdict(self._position))

    def _drive(self, goal: Mapping[AxisName, int], speed: float, go_on: Callable[[], bool]) -> None:
        """Step towards ``goal`` (steps) at a fraction of the top speed for as long as ``go_on`` says so."""
        steps = {axis: ahead for axis in goal if (ahead := goal[axis] - self._steps[axis])}
        if not steps:
            return
        duration_s = max(
            abs(count) * self._axes[axis].um_per_step / (speed * self._axes[axis].max_speed_um_per_s)
            for axis, count in steps.items()
        )
        if self._settled:
            self._memory.begin_motion(self._position)
            self._settled = False
        steps_per_s = max(map(abs, steps.values())) / duration_s
        self._driver.move(steps, steps_per_s, lambda: not go_on(), self._moved)

    def _moved(self, steps: Steps) -> None:
        for axis, count in steps.items():
            self._steps[axis] += count
        self._position = self._measure()
        if time.monotonic() - self._reported_at >= _REPORT_S:
            self._report()

    def _report(self) -> None:
        self._position = self._measure()
        self._reported_at = time.monotonic()
        self.position_changed.emit(self._position)

    def _measure(self) -> Position:
        return Position().moved_to({axis: n * self._axes[axis].um_per_step for axis, n in self._steps.items()})

    def _in_steps(self, goal: Target) -> dict[AxisName, int]:
        return {axis: round(um / self._axes[axis].um_per_step) for axis, um in goal.items()}

    def _settle(self) -> None:
        self._driver.release()
        self._memory.settle(self._position, self._trusted)
        self._settled = True
