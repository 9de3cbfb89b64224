"""A motion that a board makes by itself, and what is known of it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from hw.types import AxisName, Ending, Pace, Steps

_TOLERANCE = 16
"""Steps by which a look may stray from what is possible: rounding, and the time that looks take."""


@dataclass(slots=True)
class Motion:
    """A motion that a board makes: where it began, where it is to end, where it was seen last. Board's counters."""

    axes: tuple[AxisName, ...]
    begin: Steps
    goal: Steps
    paces: Mapping[AxisName, Pace]
    until: Mapping[AxisName, bool]
    is_jog: bool
    last: Steps
    begun: bool = False
    """The board was sent off."""
    moving: bool | None = None
    still_since: float = field(default_factory=time.monotonic)
    still_s: float = 0.0
    """For how long the counters had been the same at the last look."""
    then: Steps | None = None
    """A goal of the jog that is gone to after this one."""
    ending: Ending | None = None
    """How it will have ended, once it is at rest."""
    slowing: bool = False
    """It was halted, and goes down its ramp."""
    cut: bool = False
    """The board was told to stop at once."""
    abrupt: bool = False

    def saw(self, at: Steps, moving: bool | None) -> None:
        """Note a look at the board, just taken."""
        now = time.monotonic()
        if at != self.last:
            self.last, self.still_since = at, now
        self.moving, self.still_s = moving, now - self.still_since

    def made(self) -> Steps:
        """Steps since it began."""
        return {axis: self.last[axis] - self.begin[axis] for axis in self.axes}

    def places(self, steps: Steps) -> Steps:
        """Where its axes are so many steps after it began."""
        return {axis: self.begin[axis] + count for axis, count in steps.items() if axis in self.axes}

    def arrived(self) -> bool:
        """Whether it was seen at its goal."""
        return all(self.last[axis] == self.goal[axis] for axis in self.axes)

    def may_be_at(self, at: Steps) -> bool:
        """Whether the counters can be there by now: between the last look and the goal, or slowing down from there."""
        for axis, place in at.items():
            goal, slack = self.last[axis], 0
            if axis in self.axes:
                goal, slack = self.goal[axis], _TOLERANCE + braking(self.paces[axis])
            low, high = sorted((self.last[axis], goal))
            if not low - slack <= place <= high + slack:
                return False
        return True

    def fast(self) -> bool:
        """Whether an axis under way is so fast that a stop at once may lose steps. A board's ramp begins at rest."""
        for axis in self.axes:
            pace = self.paces[axis]
            ramped = min(abs(self.last[axis] - self.begin[axis]), abs(self.goal[axis] - self.last[axis]))
            needs_ramp = pace.top_steps_per_s > pace.start_steps_per_s
            if needs_ramp and 2 * pace.acceleration_steps_per_s2 * ramped > pace.start_steps_per_s**2:
                return True
        return False

    def way(self) -> Mapping[AxisName, int]:
        """The axes that have still to go, and which way."""
        ahead = {axis: self.goal[axis] - self.last[axis] for axis in self.axes}
        return {axis: 1 if steps > 0 else -1 for axis, steps in ahead.items() if steps}


def shared(pace: Pace, share: float) -> Pace:
    """The pace of an axis that makes ``share`` of the steps of the fastest one."""
    return Pace(pace.start_steps_per_s * share, pace.top_steps_per_s * share, pace.acceleration_steps_per_s2 * share)


def braking(pace: Pace) -> int:
    """Steps from the top speed to rest."""
    return round(pace.top_steps_per_s**2 / (2 * pace.acceleration_steps_per_s2)) + 1
