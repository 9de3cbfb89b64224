"""The stage thread: owns the motors and the position. Limits, backlash, homing and stop are enforced here."""

import math
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import asdict, dataclass
from typing import Literal

from psygnal import Signal

from hw.axes import Axes, Target
from hw.config import AxisConfig
from hw.errors import DeviceBusy, DeviceStopped, InvalidRequest, OutOfLimits, Refused
from hw.jog import JogTarget
from hw.odometer import Odometer
from hw.position import PositionFile
from hw.protocols import MotorDriver
from hw.travel import Travel, Wanted
from hw.types import AxisInfo, AxisName, Ending, Position, Range, StageState, Status
from hw.worker import Worker

Landmark = float | Literal["min", "max"]
"""Where an axis stands: micrometres, or one of its soft limits."""

_REPORT_S = 0.04
"""Least time between two reports of the position while it changes."""
_SETTLE_S = 1.0
"""Rest after which the position is stored and the motors are released."""
_JOG = "a jog"


@dataclass(frozen=True, slots=True, eq=False)
class _Motion:
    name: str
    run: Callable[[Wanted], None]
    wanted: Wanted


class Stage(Worker):
    """The motorised stage.

    Positions are micrometres. One motion at a time: a second one is refused with ``DeviceBusy``, but a jog
    moves the target of a running jog. ``stop`` ends any of them: within one step, or along the ramp where an axis
    is too fast for that. ``emergency_stop`` lets no step follow, whatever that loses.
    """

    position_changed = Signal(Position)
    """While moving (at most every 40 ms) and at the end of a motion."""

    def __init__(self, driver: MotorDriver, axes: Mapping[AxisName, AxisConfig], memory: PositionFile) -> None:
        self._driver = driver
        self._axes = Axes(axes)
        self._memory = memory
        self._odometer = Odometer(self._axes, *memory.load())
        self._travel = Travel(driver, self._axes, self._odometer, self._depart, self._moved)
        self._switched: set[AxisName] = set()
        self._reported_at = 0.0
        self._settled = True
        self._motion: _Motion | None = None
        self._stops = 0
        self._stopped_by = "a stop"
        self._jog = JogTarget(self._axes)
        self._jog_start: dict[AxisName, int] | None = None
        """From where the driver counts the jog under way, in steps."""
        super().__init__("stage", driver)

    @property
    def position(self) -> Position:
        """Where the stage is, as far as its steps tell; safe to read from any thread."""
        return self._odometer.position

    @property
    def state(self) -> StageState:
        status = Status.BUSY if self._motion and self._status is Status.READY else self._status
        doubtful = self._odometer.doubtful
        return StageState(
            status=status,
            position=self.position,
            axes={
                axis: AxisInfo(
                    limits_um=Range(config.min_um, config.max_um),
                    um_per_step=config.um_per_step,
                    max_speed_um_per_s=config.max_speed_um_per_s,
                    can_home=axis in self._switched,
                    position_trusted=axis not in doubtful,
                )
                for axis, config in self._axes.configs.items()
            },
            simulated=self._driver.simulated,
            position_trusted=not doubtful,
            fault=self._fault_text,
            fault_facts=self._fault_facts,
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
            goal = {axis: um + (self.position.along(axis) if relative else 0.0) for axis, um in target.items()}
            self._check_limits(goal)
            return self._begin("a move", lambda wanted: self._move(goal, wanted))

    def jog(self, distance: Target, pusher: str | None = None) -> Position:
        """Push the target along by a distance, held within the limits; returns the new target at once.

        Called again while it moves, it pushes on: many short jogs make one smooth motion, which ends by itself
        when they cease, since the target never leads by more than one jog or ``hw.jog.LEAD_S`` of motion. Raises
        ``OutOfLimits`` when the stage already stands at the limit that it is pushed against. ``pusher`` may say
        who pushes, for ``let_go``.
        """
        with self._wake:
            self._check(distance)
            if self._motion is None:
                self._jog.clear()
            elif self._motion.name != _JOG or not self._motion.wanted():
                raise DeviceBusy(f"the stage is busy with {self._motion.name}")
            self._jog.push(distance, self.position, pusher)
            if self._motion is None:
                self._begin(_JOG, self._follow_jog)
            elif (start := self._jog_start) is not None:
                goal = self._axes.steps(self._jog.um)
                self._driver.steer({axis: steps - start[axis] for axis, steps in goal.items()})
            return self.position.moved_to(self._jog.um)

    def let_go(self, pusher: str) -> None:
        """Stop a jog that was last pushed by ``pusher``, who is gone."""
        with self._wake:
            if self._motion is not None and self._motion.name == _JOG and self._jog.pusher == pusher:
                self.stop()

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
            return self._begin("homing", lambda wanted: self._home(in_order, wanted))

    def set_position(self, landmarks: Mapping[AxisName, Landmark]) -> Future[Position]:
        """Let the place where axes stand have these coordinates, which are then trusted: homing by eye.

        Raises ``DeviceBusy``, ``InvalidRequest`` and ``OutOfLimits``.
        """
        with self._wake:
            self.require_ready()
            configs = self._axes.configs
            named = {"min": lambda axis: configs[axis].min_um, "max": lambda axis: configs[axis].max_um}
            self._check(dict.fromkeys(landmarks, 0.0))
            place = {
                axis: named[landmark](axis) if isinstance(landmark, str) else landmark
                for axis, landmark in landmarks.items()
            }
            self._check(place)
            self._check_limits(place)
            return self._begin("setting the position", lambda wanted: self._set_position(place))

    def stop(self) -> None:
        """End any motion, from any thread, as soon as that loses no step. The current position is kept."""
        self._stop("a stop", at_once=False)

    def emergency_stop(self) -> None:
        """Let no step follow on any axis, from any thread. The position is in doubt where that was too abrupt."""
        self._stop("an emergency stop", at_once=True)

    def close(self) -> None:
        """See ``Worker``; a motion ends as by ``stop``."""
        super().close()
        self._driver.halt()

    def _stop(self, by: str, at_once: bool) -> None:
        with self._wake:
            self._stops += 1
            self._stopped_by = by
        self._driver.halt(at_once)

    def _begin(self, name: str, run: Callable[[Wanted], None]) -> Future[Position]:
        with self._wake:
            self._check_idle()
            stops = self._stops

            def wanted() -> bool:
                return self._stops == stops and not self._closing

            motion = _Motion(name, run, wanted)
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
        known = self._axes.configs
        unknown = [axis for axis in target if axis not in known]
        if unknown or not target:
            what = f"this stage has no axis {', '.join(unknown)}" if unknown else "name at least one axis"
            raise InvalidRequest(what, allowed=list(known))
        if not all(map(math.isfinite, target.values())):
            raise InvalidRequest("micrometres must be finite numbers")

    def _check_limits(self, place: Target) -> None:
        for axis, um in place.items():
            limits = self._axes.configs[axis]
            if not limits.min_um <= um <= limits.max_um:
                raise OutOfLimits(
                    f"{axis} = {um:g} um is outside {limits.min_um:g} to {limits.max_um:g} um",
                    axis=axis,
                    minimum_um=limits.min_um,
                    maximum_um=limits.max_um,
                )

    def _check_idle(self) -> None:
        if self._motion is not None:
            raise DeviceBusy(f"the stage is busy with {self._motion.name}")

    # From here on: the stage's own thread.

    def _open(self) -> None:
        self._driver.open()
        self._switched = {axis for axis in self._axes.configs if self._driver.at_switch(axis) is not None}
        if not self._memory.exists():
            # Nothing to home to, and nothing known from before: the origin is where the stage stands.
            self._odometer.doubtful &= self._switched

    def _turn(self) -> None:
        if not self._run_job(timeout_s=_SETTLE_S) and not self._settled:
            self._settle()
            self._driver.release()

    def _end(self) -> None:
        if not self._settled:
            self._settle()
        super()._end()

    def _settle(self) -> None:
        self._memory.settle(self.position, trusted=not self._odometer.doubtful)
        self._settled = True

    def _run_motion(self, motion: _Motion) -> Position:
        self.changed.emit(self.state)
        try:
            motion.run(motion.wanted)
        except Exception as error:
            if not isinstance(error, Refused):
                self._odometer.doubt(self._axes.configs)
            raise
        finally:
            self._clear(motion)
            self._report_position()
            self.changed.emit(self.state)
        return self.position

    def _move(self, goal: Target, wanted: Wanted) -> None:
        for place in (self._below(goal), goal):
            self._must_arrive(self._travel.line(self._ahead(place), wanted) if wanted() else Ending.HALTED)

    def _below(self, goal: Target) -> Target:
        """Where to turn, so that every axis comes to its goal from below and its slack is taken up."""
        turn = {}
        for axis, um in goal.items():
            config, here = self._axes.configs[axis], self.position.along(axis)
            below_um = max(um - config.backlash_um, config.min_um)
            if um < here or (axis in self._odometer.slack and below_um < here):
                turn[axis] = below_um
        return turn

    def _ahead(self, place: Target) -> dict[AxisName, int]:
        """The steps from here to a place."""
        return {axis: steps - self._odometer.steps(axis) for axis, steps in self._axes.steps(place).items()}

    def _follow_jog(self, wanted: Wanted) -> None:
        ending = Ending.DONE
        while True:
            self._depart()
            self._odometer.depart()
            with self._wake:
                steps = self._ahead(self._jog.um)
                if ending is not Ending.DONE or not wanted() or not any(steps.values()):
                    # Arrived, stopped or held by a switch: from here on a push begins a new jog.
                    self._motion = None
                    return
                self._jog_start = {axis: self._odometer.steps(axis) for axis in self._axes.configs}
                self._driver.begin_jog({**dict.fromkeys(self._jog_start, 0), **steps}, self._axes.paces)
            try:
                ending = self._travel.follow(wanted)
            finally:
                self._jog_start = None

    def _home(self, axes: Iterable[AxisName], wanted: Wanted) -> None:
        for axis in axes:
            self._must_arrive(self._travel.home(axis, wanted) if wanted() else Ending.HALTED)

    def _set_position(self, place: Target) -> None:
        for axis, um in place.items():
            self._odometer.set(axis, um)
        self._settle()

    def _must_arrive(self, ending: Ending) -> None:
        if ending is not Ending.DONE:
            by = "a limit switch" if ending is Ending.SWITCH else self._stopped_by
            raise DeviceStopped(f"the motion was ended by {by}", ended_by=by, position=asdict(self.position))

    def _depart(self) -> None:
        if self._settled:
            self._memory.begin_motion(self.position)
            self._settled = False

    def _moved(self) -> None:
        if time.monotonic() - self._reported_at >= _REPORT_S:
            self._report_position()

    def _report_position(self) -> None:
        self._reported_at = time.monotonic()
        self.position_changed.emit(self.position)
