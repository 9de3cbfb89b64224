"""The stage thread: owns the motors and the position. Limits, backlash, homing and stop are enforced here."""

import math
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import asdict, dataclass

from psygnal import Signal

from hw.config import AxisConfig
from hw.errors import DeviceBusy, DeviceError, DeviceStopped, InvalidRequest, OutOfLimits, Refused
from hw.position import PositionFile
from hw.protocols import MotorDriver
from hw.types import AxisInfo, AxisName, Position, Range, StageState, Status, Steps
from hw.worker import Worker

Target = Mapping[AxisName, float]
"""Micrometres along the named axes."""
GoOn = Callable[[], bool]
"""Asked before every step: whether it may be made."""

JOG_LEAD_S = 0.3
"""How far, in time, the target of a jog may lead the stage: the run-out when its viewer is gone."""
_REPORT_S = 0.04
"""Least time between two reports of the position while it changes."""
_SETTLE_S = 1.0
"""Rest after which the position is stored and the motors are released."""
_HOMING_SPEED = 0.5
_HOMING_APPROACH = 0.05
"""Fractions of an axis' top speed: to the switch, and for finding its edge."""
_HOMING_TRAVEL = 1.2
"""How much farther than the limits are apart a switch is looked for."""
_JOG = "a jog"


@dataclass(frozen=True, slots=True, eq=False)
class _Motion:
    name: str
    run: Callable[[GoOn], None]
    still_wanted: GoOn


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
        position, trusted = memory.load()
        self._doubtful = set[AxisName]() if trusted else set(axes)
        self._steps = {axis: round(position.along(axis) / config.um_per_step) for axis, config in axes.items()}
        self._position = self._measure()
        self._slack: set[AxisName] = set()
        """Axes whose last step went down: their screw's slack lies on the wrong side."""
        self._switched: set[AxisName] = set()
        self._reported_at = 0.0
        self._settled = True
        self._motion: _Motion | None = None
        self._stops = 0
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
            position_trusted=not self._doubtful,
            fault=self._fault_text,
        )

    # Requests, on the caller's thread.

    def move(self, target: Target, relative: bool = False) -> Future[Position]:
        """Go to a place (or by a distance) in a straight line; the result is the position at the end.

        Raises ``DeviceBusy``, ``InvalidRequest`` for an axis the stage has not, and ``OutOfLimits``. The future
        raises ``DeviceStopped`` when a stop or a limit switch ended the motion early.
        """
        with self._wake:
            self._check(target)
            self._check_idle()
            goal = {axis: um + (self._position.along(axis) if relative else 0.0) for axis, um in target.items()}
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
        with self._wake:
            self._check(distance)
            if self._motion is None:
                self._jog_target.clear()
            elif self._motion.name != _JOG or not self._motion.still_wanted():
                raise DeviceBusy(f"the stage is busy with {self._motion.name}")
            target = {axis: self._pushed(axis, um) for axis, um in distance.items()}
            if all(abs(um - self._position.along(axis)) < self._axes[axis].um_per_step for axis, um in target.items()):
                self._refuse_standstill(distance)
            self._jog_target |= target
            if self._motion is None:
                self._begin(_JOG, self._follow_jog)
            return self._position.moved_to(self._jog_target)

    def home(self, axes: tuple[AxisName, ...] | None = None) -> Future[Position]:
        """Drive axes to their limit switches and set their positions there; z first, away from the slide.

        ``None`` is every axis that has a switch. Raises ``InvalidRequest`` for one that has none.
        """
        with self._wake:
            self.require_ready()
            if not self._switched:
                raise InvalidRequest("no axis has a limit switch to home to; set its switch_pin in the rig file")
            chosen = tuple(self._switched) if axes is None else axes
            self._check(dict.fromkeys(chosen, 0.0))
            for axis in chosen:
                if axis not in self._switched:
                    raise InvalidRequest(
                        f"{axis} has no limit switch to home to; set its switch_pin in the rig file",
                        allowed=sorted(self._switched),
                    )
            in_order = sorted(chosen, key="zxy".index)
            return self._begin("homing", lambda still_wanted: self._home(in_order, still_wanted))

    def stop(self) -> None:
        """End any motion within one step, from any thread. The current position is kept."""
        with self._wake:
            self._stops += 1

    def _begin(self, name: str, run: Callable[[GoOn], None]) -> Future[Position]:
        with self._wake:
            self._check_idle()
            stops = self._stops

            def still_wanted() -> bool:
                return self._stops == stops and not self._closing

            motion = _Motion(name, run, still_wanted)
            future = self._submit(lambda: self._run_motion(motion))
            self._motion = motion
        # A request that is refused or cancelled before its turn never reaches _run_motion.
        future.add_done_callback(lambda _: self._clear(motion))
        return future

    def _clear(self, motion: _Motion) -> None:
        with self._wake:
            if self._motion is motion:
                self._motion = None

    def _check(self, target: Target) -> None:
        self.require_ready()
        unknown = [axis for axis in target if axis not in self._axes]
        if unknown or not target:
            what = f"this stage has no axis {', '.join(unknown)}" if unknown else "name at least one axis"
            raise InvalidRequest(what, allowed=list(self._axes))
        if not all(map(math.isfinite, target.values())):
            raise InvalidRequest("micrometres must be finite numbers")

    def _check_idle(self) -> None:
        if self._motion is not None:
            raise DeviceBusy(f"the stage is busy with {self._motion.name}")

    def _pushed(self, axis: AxisName, um: float) -> float:
        config, here = self._axes[axis], self._position.along(axis)
        lead_um = max(abs(um), config.max_speed_um_per_s * JOG_LEAD_S)
        target = self._jog_target.get(axis, here)
        if (target - here) * um < 0:
            target = here
        target = min(max(target + um, here - lead_um), here + lead_um)
        # A stage that stands outside its limits is not pulled back by a push the other way.
        return min(target, max(config.max_um, here)) if um > 0 else max(target, min(config.min_um, here))

    def _refuse_standstill(self, distance: Target) -> None:
        limits = {axis: [self._axes[axis].min_um, self._axes[axis].max_um] for axis in distance}
        if all(abs(um) < self._axes[axis].um_per_step for axis, um in distance.items()):
            least = {axis: self._axes[axis].um_per_step for axis in distance}
            raise InvalidRequest("a jog of less than one step moves nothing", um_per_step=least)
        raise OutOfLimits(f"the stage is at its limit along {', '.join(distance)}", limits_um=limits)

    # From here on: the stage's own thread.

    def _open(self) -> None:
        self._driver.open()
        self._switched = {axis for axis in self._axes if self._driver.at_switch(axis) is not None}
        if not self._switched and not self._memory.exists():
            # Nothing to home to, and nothing known from before: the origin is where the stage stands.
            self._doubtful.clear()

    def _turn(self) -> None:
        if not self._run_job(timeout_s=_SETTLE_S) and not self._settled:
            self._settle()
            self._driver.release()

    def _end(self) -> None:
        if not self._settled:
            self._settle()
        super()._end()

    def _settle(self) -> None:
        self._memory.settle(self._position, trusted=not self._doubtful)
        self._settled = True

    def _run_motion(self, motion: _Motion) -> Position:
        self.changed.emit(self.state)
        try:
            motion.run(motion.still_wanted)
        except Exception as error:
            if not isinstance(error, Refused):
                self._doubtful.update(self._axes)
            raise
        finally:
            self._clear(motion)
            self._report_position()
            self.changed.emit(self.state)
        return self._position

    def _move(self, goal: Target, still_wanted: GoOn) -> None:
        for place in (self._below(goal), goal):
            if not self._travel(place, still_wanted):
                raise self._stopped("a limit switch" if still_wanted() else "a stop")

    def _below(self, goal: Target) -> Target:
        """Where to turn, so that every axis comes to its goal from below and its slack is taken up."""
        turn = {}
        for axis, um in goal.items():
            config, here = self._axes[axis], self._position.along(axis)
            below_um = max(um - config.backlash_um, config.min_um)
            if um < here or (axis in self._slack and below_um < here):
                turn[axis] = below_um
        return turn

    def _follow_jog(self, still_wanted: GoOn) -> None:
        while True:
            goal = dict(self._jog_target)

            def unchanged(goal: Target = goal) -> bool:
                return still_wanted() and self._jog_target == goal

            self._travel(goal, unchanged)
            with self._wake:
                # Arrived, stopped or held by a switch: from here on a push begins a new jog.
                if unchanged() or not still_wanted():
                    self._motion = None
                    return

    def _home(self, axes: list[AxisName], still_wanted: GoOn) -> None:
        for axis in axes:
            self._home_axis(axis, still_wanted)
            self._doubtful.discard(axis)
            if self._switched.isdisjoint(self._doubtful):
                # An axis without a switch has no better witness than its own steps.
                self._doubtful.clear()

    def _home_axis(self, axis: AxisName, still_wanted: GoOn) -> None:
        config = self._axes[axis]
        toward = -1 if config.home_to == "min" else 1
        travel = round(_HOMING_TRAVEL * (config.max_um - config.min_um) / config.um_per_step)
        # Past the switch and back to its edge, which is found at the same speed from the same side each time.
        self._seek(axis, toward * travel, _HOMING_SPEED, True, still_wanted)
        self._seek(axis, -toward * travel, _HOMING_APPROACH, False, still_wanted)
        limit_um = config.min_um if toward < 0 else config.max_um
        self._steps[axis] = round(limit_um / config.um_per_step)

    def _seek(self, axis: AxisName, steps: int, speed: float, pressed: bool, still_wanted: GoOn) -> None:
        """Step along until the axis' switch is pressed, or is not."""

        def found() -> bool:
            return self._driver.at_switch(axis) is pressed

        self._drive({axis: self._steps[axis] + steps}, speed, lambda: still_wanted() and not found())
        if not still_wanted():
            raise self._stopped("a stop")
        if not found():
            raise DeviceError(f"{axis}: its limit switch was {'not reached' if pressed else 'not released'}")

    def _travel(self, goal: Target, go_on: GoOn) -> bool:
        """Go to a place at top speed, but never on into a limit switch; whether it was reached."""
        steps = {axis: round(um / self._axes[axis].um_per_step) for axis, um in goal.items()}
        guarded = [axis for axis in self._switched.intersection(goal) if self._heads_for_switch(axis, steps[axis])]
        self._drive(steps, 1.0, lambda: go_on() and not any(map(self._driver.at_switch, guarded)))
        return all(self._steps[axis] == wanted for axis, wanted in steps.items())

    def _heads_for_switch(self, axis: AxisName, steps: int) -> bool:
        ahead = steps - self._steps[axis]
        return ahead < 0 if self._axes[axis].home_to == "min" else ahead > 0

    def _stopped(self, by: str) -> DeviceStopped:
        return DeviceStopped(f"the motion was ended by {by}", position=asdict(self._position))

    def _drive(self, goal: Steps, speed: float, go_on: GoOn) -> None:
        """Step towards ``goal`` at a fraction of the top speed for as long as ``go_on`` says so."""
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
            (self._slack.add if count < 0 else self._slack.discard)(axis)
        self._position = self._measure()
        if time.monotonic() - self._reported_at >= _REPORT_S:
            self._report_position()

    def _report_position(self) -> None:
        self._position = self._measure()
        self._reported_at = time.monotonic()
        self.position_changed.emit(self._position)

    def _measure(self) -> Position:
        return Position().moved_to({axis: n * self._axes[axis].um_per_step for axis, n in self._steps.items()})
