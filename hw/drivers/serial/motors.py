"""What the drivers of serial boards share: a motion that the board makes by itself, looked after by polling."""

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from hw.config import BoardAxis
from hw.drivers.serial.motion import Motion, braking, shared
from hw.drivers.serial.port import LinePort
from hw.errors import DeviceAbsent, DeviceError
from hw.types import AxisName, Ending, Pace, Progress, Steps

_NOTHING: Mapping[AxisName, bool] = MappingProxyType({})
_TRIES = 5
"""Pairs of looks at the board of which one must agree with itself, and be possible."""
_STALL_S = 0.5
"""How long a board may stand still short of its goal, beside the time of three steps."""
_LAG_S = 0.02
"""How old a look is when the board gets the command that follows from it."""
_REST_S = 0.04
"""How long the counters of a board that does not tell whether it moves must stay the same."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a board told of itself: its step counters, in the stage's direction, and whether it moves."""

    at: Steps
    moving: bool | None
    """``None`` where the board does not tell."""


class BoardMotors(ABC):
    """Motors that a board at a serial line ramps and counts.

    The position is what the board's counters say, never what was asked for: each look is taken twice and believed
    when both agree, and are possible; a counter that jumps, stops short or changed at rest is a ``DeviceError``. The
    port is written and read by the stage's thread alone: ``halt`` and ``steer`` leave word for ``progress``, and wake
    it, so that a halt takes effect once the look under way is over. How straight a line in several axes is, is the
    board's affair.
    """

    simulated = False
    can_brake = False
    """Whether the board takes a new goal while it moves, and goes to it along its ramp."""

    def __init__(self, port: LinePort, axes: Mapping[AxisName, BoardAxis]) -> None:
        self._port = port
        self._axes = axes
        self._rest: Steps = {}
        self._motion: Motion | None = None
        self._ended = Progress({}, Ending.DONE)
        """What was told last of the motion before."""
        self._news = threading.Event()
        self._word = threading.Lock()
        self._halt: bool | None = None
        """The halt that was asked for: ``None``, or whether at once."""
        self._wanted: Steps | None = None

    # What a board does.

    @abstractmethod
    def _greet(self) -> None:
        """Make sure that the right board answers (it may be starting up), and that it stands still."""

    @abstractmethod
    def _look(self) -> Look:
        """Ask for the counters of all axes."""

    @abstractmethod
    def _go(self, at: Steps, goal: Steps, paces: Mapping[AxisName, Pace]) -> None:
        """Have the named axes go from ``at`` to ``goal``."""

    @abstractmethod
    def _stop(self) -> None:
        """Have all axes stop at once."""

    @abstractmethod
    def _leave(self) -> None:
        """Stop all axes and take their current off where that loses nothing; wait for no answer."""

    @abstractmethod
    def at_switch(self, axis: AxisName) -> bool | None:
        """Whether the axis presses its limit switch; ``None`` where it has none."""

    @abstractmethod
    def release(self) -> None:
        """Idle: take the current off where the axis holds its place without it."""

    # The seam.

    def open(self) -> None:
        """Take the port and wait for the board."""
        self._port.open()
        self._greet()
        self._rest = self._believed({}).at

    def close(self) -> None:
        """Stop the board, where it is still there, and free the port."""
        self._motion = None
        try:
            if self._port.is_open:
                self._leave()
        finally:
            self._port.close()

    def begin_line(self, steps: Steps, pace: Pace, until: Mapping[AxisName, bool] = _NOTHING) -> None:
        """Begin a line; every axis gets its share of the pace."""
        most = max(map(abs, steps.values()), default=0)
        shares = {axis: abs(count) / most if count else 1.0 for axis, count in steps.items()}
        self._begin(steps, {axis: shared(pace, share) for axis, share in shares.items()}, until)

    def begin_jog(self, steps: Steps, paces: Mapping[AxisName, Pace]) -> None:
        """Begin a jog, each axis at its own pace where the board can do so."""
        self._begin(steps, paces, _NOTHING, is_jog=True)

    def steer(self, steps: Steps) -> None:
        """Leave word of new goals."""
        with self._word:
            if self._motion is not None and self._motion.is_jog:
                self._wanted = {**(self._wanted or {}), **steps}
                self._news.set()

    def halt(self, at_once: bool = False) -> None:
        """Leave word of a halt."""
        with self._word:
            if self._motion is not None:
                self._halt = at_once or bool(self._halt)
                self._news.set()

    def progress(self, timeout_s: float) -> Progress:
        """Look at the board, after at most ``timeout_s`` or as soon as there is word of a halt or a steer."""
        motion = self._motion
        if motion is None:
            return self._ended
        if motion.begun:
            self._news.wait(timeout_s)
        with self._word:
            self._news.clear()
            halt, self._halt = self._halt, None
            wanted, self._wanted = self._wanted, None
        if not motion.begun:
            return self._end(motion, Ending.HALTED) if halt is not None else self._start(motion, wanted or {})
        if halt is not None:
            self._obey(motion, at_once=halt)
        self._follow(motion)
        if motion.way() and not motion.cut and (switched := self._switched(motion)):
            self._cut(motion, switched)
        if wanted is not None and motion.ending is None:
            self._steer(motion, {**(motion.then or motion.goal), **motion.places(wanted)})
        return self._outcome(motion)

    # The motion under way.

    def _begin(
        self,
        steps: Steps,
        paces: Mapping[AxisName, Pace],
        until: Mapping[AxisName, bool],
        is_jog: bool = False,
    ) -> None:
        if unknown := [axis for axis in steps if axis not in self._axes]:
            raise DeviceAbsent(f"the stage has no {', '.join(unknown)} axis")
        if switchless := [axis for axis in until if self.at_switch(axis) is None]:
            raise DeviceAbsent(f"the {', '.join(switchless)} axis has no limit switch")
        if not self._port.is_open:
            raise DeviceError("the motors are not open", reason="not-open")
        at = self._rest
        goal = {axis: at[axis] + count for axis, count in steps.items()}
        motion = Motion(tuple(steps), at, goal, paces, until, is_jog, last=at)
        with self._word:
            self._motion, self._halt, self._wanted = motion, None, None
            self._news.clear()

    def _start(self, motion: Motion, wanted: Steps) -> Progress:
        """Send the board off. ``progress`` does that, so that whoever begins a motion waits for no answer."""
        at = self._resting()
        motion.goal = {**motion.goal, **motion.places(wanted)}
        motion.ending = self._switched(motion)
        if motion.ending is not None:
            # Its switch holds an axis of a jog, and a line as a whole.
            held = self._held(motion) if motion.is_jog else motion.axes
            motion.goal = {axis: at[axis] if axis in held else place for axis, place in motion.goal.items()}
        if motion.way():
            self._go(at, motion.goal, motion.paces)
        motion.begun, motion.still_since = True, time.monotonic()
        return Progress(motion.made(), None)

    def _obey(self, motion: Motion, at_once: bool) -> None:
        if at_once or not (self.can_brake and motion.fast()):
            self._cut(motion, Ending.HALTED)
        elif not motion.slowing:
            self._follow(motion)
            goal = dict(motion.goal)
            for axis, way in motion.way().items():
                pace = motion.paces[axis]
                # The way that it needs to slow down is no longer than the way on which it got fast.
                brake = min(braking(pace), abs(motion.last[axis] - motion.begin[axis]))
                brake += round(pace.top_steps_per_s * _LAG_S)
                goal[axis] = motion.last[axis] + way * min(brake, abs(motion.goal[axis] - motion.last[axis]))
            motion.goal, motion.slowing, motion.ending = goal, True, Ending.HALTED
            self._go(motion.last, goal, motion.paces)

    def _cut(self, motion: Motion, ending: Ending) -> None:
        if not motion.cut:
            self._stop()
            motion.cut = True
            motion.abrupt = motion.abrupt or motion.fast()
        motion.ending = motion.ending or ending

    def _follow(self, motion: Motion) -> None:
        """Look where the board is, and whether it can be there."""
        tops = {axis: motion.paces[axis].top_steps_per_s for axis in motion.axes}
        for _ in range(_TRIES):
            look = self._believed(tops)
            if motion.may_be_at(look.at):
                break
        else:
            raise DeviceError(
                f"the board's counters jumped from {_said(motion.last)} to {_said(look.at)}: it was restarted, or "
                "something else moves it",
                reason="counters",
            )
        motion.saw(look.at, look.moving)

    def _resting(self) -> Steps:
        """The counters of a board at rest, which must be what they were at the end of the last motion."""
        for _ in range(_TRIES):
            at = self._believed({}).at
            if at == self._rest:
                return at
        raise DeviceError(
            f"the board's counters went from {_said(self._rest)} to {_said(at)} at rest: it was restarted, or "
            "something else moves it",
            reason="counters",
        )

    def _believed(self, tops: Mapping[AxisName, float]) -> Look:
        """Two looks at the board that agree, no axis going faster than told. At rest both say the same."""
        for _ in range(_TRIES):
            asked_at = time.monotonic()
            first, second = self._look(), self._look()
            took_s = time.monotonic() - asked_at
            still = first.moving is False and second.moving is False
            for axis, at in second.at.items():
                most = 0.0 if still or axis not in tops else tops[axis] * took_s + 2
                if abs(at - first.at[axis]) > most:
                    break
            else:
                return Look(second.at, None if second.moving is None else first.moving or second.moving)
        told = f"the board's counters say something else each time: last {_said(second.at)}"
        raise DeviceError(told, reason="counters")

    def _switched(self, motion: Motion) -> Ending | None:
        """How a switch ends the motion, if one does."""
        if any(self.at_switch(axis) is pressed for axis, pressed in motion.until.items()):
            return Ending.DONE
        return Ending.SWITCH if self._held(motion) else None

    def _held(self, motion: Motion) -> list[AxisName]:
        """The axes that would go on into their pressed switch."""
        towards = {axis: -1 if self._axes[axis].home_to == "min" else 1 for axis in motion.axes}
        ways = motion.way().items()
        return [
            axis for axis, way in ways if way == towards[axis] and axis not in motion.until and self.at_switch(axis)
        ]

    def _steer(self, motion: Motion, goal: Steps) -> None:
        if self.can_brake:
            if goal != motion.goal:
                motion.goal = goal
                self._go(motion.last, goal, motion.paces)
            return
        motion.then = goal
        ahead = {axis: motion.goal[axis] - motion.last[axis] for axis in motion.axes}
        on = {axis: goal[axis] - motion.goal[axis] for axis in motion.axes}
        if all(on[axis] * ahead[axis] > 0 or on[axis] == 0 for axis in motion.axes) or not motion.way():
            return  # Farther the same way: it need not stop for that, but goes on when it has arrived.
        self._stop()
        motion.abrupt = motion.abrupt or motion.fast()
        self._follow(motion)
        self._go_on(motion, goal)

    def _go_on(self, motion: Motion, goal: Steps) -> None:
        motion.goal, motion.then = goal, None
        motion.still_since = time.monotonic()
        if motion.way():
            self._go(motion.last, goal, motion.paces)

    def _outcome(self, motion: Motion) -> Progress:
        arrived = motion.arrived()
        resting = motion.still_s > _REST_S if motion.moving is None else not motion.moving
        if resting and arrived and motion.ending is None:
            if motion.then is not None and motion.then != motion.goal:
                self._go_on(motion, motion.then)
                return Progress(motion.made(), None)
            motion.ending = Ending.DONE
        if resting and motion.ending is not None and (arrived or motion.cut):
            return self._end(motion, motion.ending)
        fastest = max((motion.paces[axis].top_steps_per_s for axis in motion.way()), default=1.0)
        if motion.still_s > _STALL_S + 3 / fastest:
            told = f"the board stands still at {_said(motion.last)}, short of {_said(motion.goal)}"
            raise DeviceError(told, reason="stands-still")
        return Progress(motion.made(), None)

    def _end(self, motion: Motion, ending: Ending) -> Progress:
        with self._word:
            self._motion = None
        self._rest = motion.last
        self._ended = Progress(motion.made(), ending, motion.abrupt)
        return self._ended


def _said(at: Steps) -> str:
    return ", ".join(f"{axis} {steps}" for axis, steps in at.items())
