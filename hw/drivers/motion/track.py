"""One ramp under way: when its next step is due and in which direction it goes."""

import math

from hw.drivers.motion.ramp import Ramp

_REST = -1
"""The level of what stands."""


class Track:
    """The steps between 0 and a goal that may change, along a ramp.

    ``due_s`` is when the next step may come: one gap after the last one was really made (or after the start, or a
    change of direction), so a late step delays those after it and no two ever come closer. ``made_at`` tells that it
    was made. After one that came so late that the motor has slowed down meanwhile, the ramp goes on from that speed.
    """

    def __init__(self, ramp: Ramp, goal: int, now_s: float) -> None:
        self._ramp = ramp
        self._level = self._next = _REST
        self._last_s = now_s
        self.made = 0
        """Signed steps."""
        self.goal = goal
        self.direction = 0
        """1, -1; 0 before the first plan."""
        self.due_s = math.inf
        """Infinite when it is at rest at its goal."""
        self.stalled = False
        """Whether it ever stood still, from a speed that it cannot leave without a ramp, since a step came too late."""
        self._plan(now_s)

    @property
    def fast(self) -> bool:
        """Whether it cannot stop within a step without losing any."""
        return self._level > 0

    def steer(self, goal: int, now_s: float) -> None:
        """Go somewhere else instead."""
        self.goal = goal
        self._plan(now_s)

    def _plan(self, now_s: float) -> None:
        """Find the level and time of the next step."""
        ahead = (self.goal - self.made) * self.direction
        if ahead <= 0 and self._level <= 0:
            # At rest, or as good as: turn round, or be done.
            if self._level == 0:
                self._level = _REST
            if self.goal == self.made:
                self.due_s = math.inf
                return
            direction = 1 if self.goal > self.made else -1
            if direction != self.direction:
                self.direction, self._last_s = direction, now_s
            ahead = abs(self.goal - self.made)
        # With n steps ahead, the next one may be at level n - 1: as many as the rest takes to come down.
        self._next = max(0, min(self._level + 1, self._ramp.top_level, max(ahead - 1, self._level - 1)))
        self.due_s = self._last_s + self._ramp.gap_s(self._next)

    def faced_at(self, now_s: float) -> None:
        """The motor was made ready for its direction just now: however long that took, the step is a whole gap away."""
        self._last_s = now_s
        self.due_s = now_s + self._ramp.gap_s(self._next)

    def made_at(self, now_s: float) -> None:
        """The step that was due has been made just now; plans the next one."""
        gap_s = now_s - self._last_s
        if self._level > 0 and gap_s > 2 * self._ramp.gap_s(self._next):
            self._next = min(self._next, self._ramp.level(1 / gap_s))
            self.stalled = self.stalled or gap_s > self._ramp.gap_s(0)
        self._last_s = now_s
        self._level = self._next
        self.made += self.direction
        self._plan(now_s)

    def halt(self, now_s: float) -> None:
        """Come to rest as soon as no step is lost by it: at once, where it is slow enough."""
        self.goal = self.made + self.direction * max(0, self._level)
        self._plan(now_s)

    def end(self) -> None:
        """Make no further step."""
        self.goal, self._level = self.made, _REST
        self.due_s = math.inf
