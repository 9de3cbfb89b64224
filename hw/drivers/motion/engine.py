"""One motion at a time, step by step: lines, jogs, halts and limit switches. It knows no pins, no thread, no sleep."""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from hw.drivers.motion.line import straight_line, ticks_of
from hw.drivers.motion.ramp import Ramp
from hw.drivers.motion.track import Track
from hw.types import AxisName, Ending, Pace, Steps


class Stepper(Protocol):
    """What makes the steps of one axis."""

    def face(self, direction: int) -> None:
        """Make ready to step in a direction, 1 or -1. The first step comes at least one gap later."""

    def step(self) -> None:
        """Make one step in the direction faced."""


class Engine:
    """The motion of a stage's axes.

    Whoever drives it calls ``advance`` when ``due_s`` has come, and as often before as switches are to be looked
    at; ``clock`` tells the time in seconds. Every step is counted (``counted(axis, direction)``) once it is made.
    ``ending`` is ``None`` while a motion is under way; before the first one it is ``DONE``.
    """

    def __init__(
        self,
        steppers: Mapping[AxisName, Stepper],
        ends: Mapping[AxisName, int],
        at_switch: Callable[[AxisName], bool],
        clock: Callable[[], float],
        counted: Callable[[AxisName, int], None],
    ) -> None:
        """``ends``: in which direction (1 or -1) the switch of each axis lies that has one."""
        self._steppers = steppers
        self._ends = ends
        self._at_switch = at_switch
        self._clock = clock
        self._counted = counted
        self._motion: _Line | _Jog = _Jog({})
        self._faced: dict[AxisName, int] = {}
        self._halted = False
        self.ending: Ending | None = Ending.DONE
        self.abrupt = False
        """Whether the motion ended, or was interrupted, faster than its ramp allows."""

    @property
    def due_s(self) -> float:
        """When the next step may come; infinite when none will."""
        return self._motion.due_s if self.ending is None else math.inf

    def begin_line(self, steps: Steps, pace: Pace, until: Mapping[AxisName, bool]) -> None:
        """See ``MotorDriver``. The start counts as a step."""
        self._begin(_Line(steps, Track(Ramp(pace), ticks_of(steps), self._clock()), until))

    def begin_jog(self, steps: Steps, paces: Mapping[AxisName, Pace]) -> None:
        """See ``MotorDriver``."""
        now_s = self._clock()
        self._begin(_Jog({axis: Track(Ramp(paces[axis]), goal, now_s) for axis, goal in steps.items()}))

    def steer(self, steps: Steps) -> None:
        """See ``MotorDriver``."""
        if self.ending is None and isinstance(self._motion, _Jog) and not self._halted:
            for axis, goal in steps.items():
                self._motion.by_axis[axis].steer(goal, self._clock())
            self._face()
            self.look()

    def halt(self) -> None:
        """Come to rest as soon as that loses no step."""
        if self.ending is None and not self._halted:
            self._halted = True
            for track in self._motion.tracks:
                track.halt(self._clock())
            self.look()

    def end(self, ending: Ending = Ending.HALTED) -> None:
        """Make no further step, whatever that loses."""
        if self.ending is None:
            self.abrupt = self._motion.abrupt or any(track.fast or track.stalled for track in self._motion.tracks)
            self.ending = ending

    def advance(self) -> None:
        """Look at the switches, and make the steps that are due."""
        self.look()
        motion = self._motion
        for track in motion.tracks:
            if self.ending is None and track.due_s <= self._clock():
                for axis, direction in motion.step(track):
                    self._steppers[axis].step()
                    self._counted(axis, direction)
                track.made_at(self._clock())
                self._face()
                self._check_end()

    def look(self) -> None:
        """Look at the switches alone, and whether all is done."""
        if self.ending is not None:
            return
        ending = self._motion.obey(self._ends, self._at_switch)
        if ending is None:
            self._check_end()
        else:
            self.end(ending)

    def _begin(self, motion: "_Line | _Jog") -> None:
        self._motion = motion
        self._halted = False
        self.ending, self.abrupt = None, False
        self._faced.clear()
        self._face()
        self.look()

    def _face(self) -> None:
        for axis, direction in self._motion.directions():
            if self._faced.get(axis) != direction:
                self._faced[axis] = direction
                self._steppers[axis].face(direction)
                self._motion.track_of(axis).faced_at(self._clock())

    def _check_end(self) -> None:
        if self.ending is None and self._motion.due_s == math.inf:
            self.abrupt = self._motion.abrupt or any(track.stalled for track in self._motion.tracks)
            self.ending = Ending.HALTED if self._halted else self._motion.natural_ending


class _Line:
    """All axes on one track, whose steps are the ticks of the line."""

    natural_ending = Ending.DONE
    abrupt = False

    def __init__(self, steps: Steps, track: Track, until: Mapping[AxisName, bool]) -> None:
        self.tracks = [track]
        self._directions = {axis: 1 if count > 0 else -1 for axis, count in steps.items() if count}
        self._together: Iterator[list[AxisName]] = straight_line(steps)
        self._until = until
        self._track = track

    @property
    def due_s(self) -> float:
        return self._track.due_s

    def directions(self) -> list[tuple[AxisName, int]]:
        """In which direction each axis that goes goes."""
        return list(self._directions.items())

    def track_of(self, axis: AxisName) -> Track:
        """The one that has an axis' steps."""
        return self._track

    def step(self, track: Track) -> list[tuple[AxisName, int]]:
        """The axes of the next tick."""
        return [(axis, self._directions[axis]) for axis in next(self._together)]

    def obey(self, ends: Mapping[AxisName, int], at_switch: Callable[[AxisName], bool]) -> Ending | None:
        """How a switch ends it, if one does."""
        for axis, wanted in self._until.items():
            if at_switch(axis) is wanted:
                return Ending.DONE
        for axis, direction in self._directions.items():
            if ends.get(axis) == direction and axis not in self._until and at_switch(axis):
                return Ending.SWITCH
        return None


class _Jog:
    """Each axis on a track of its own."""

    def __init__(self, tracks: Mapping[AxisName, Track]) -> None:
        self.by_axis = tracks
        self.tracks = list(tracks.values())
        self.natural_ending = Ending.DONE
        self.abrupt = False

    @property
    def due_s(self) -> float:
        return min((track.due_s for track in self.tracks), default=math.inf)

    def directions(self) -> list[tuple[AxisName, int]]:
        """In which direction each axis that goes goes."""
        return [(axis, track.direction) for axis, track in self.by_axis.items() if track.due_s < math.inf]

    def track_of(self, axis: AxisName) -> Track:
        """The one that has an axis' steps."""
        return self.by_axis[axis]

    def step(self, track: Track) -> list[tuple[AxisName, int]]:
        """The one axis of a track."""
        return [(axis, track.direction) for axis, own in self.by_axis.items() if own is track]

    def obey(self, ends: Mapping[AxisName, int], at_switch: Callable[[AxisName], bool]) -> Ending | None:
        """Hold an axis at its switch; the others go on."""
        for axis, track in self.by_axis.items():
            if track.due_s < math.inf and ends.get(axis) == track.direction and at_switch(axis):
                self.abrupt = self.abrupt or track.fast
                track.end()
                self.natural_ending = Ending.SWITCH
        return None
