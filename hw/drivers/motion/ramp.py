"""Trapezoidal ramps in whole steps."""

import math

from hw.types import Pace


class Ramp:
    """The speeds that one pace allows, by level.

    A step at level n is made at ``v = sqrt(v0^2 + 2 a n)``: what a constant acceleration ``a`` reaches from the start
    speed ``v0`` within n steps (Austin, "Generate stepper-motor speed profiles in real time", Embedded Systems
    Programming, January 2005, derives the same from v^2 = v0^2 + 2 a s). From one step to the next the level
    changes by one at most, so a level is also the number of steps that it takes to come to rest.
    """

    def __init__(self, pace: Pace) -> None:
        self._squared_start = pace.start_steps_per_s**2
        self._twice_acceleration = 2 * pace.acceleration_steps_per_s2
        self._top_steps_per_s = pace.top_steps_per_s
        self.top_level = self.level(pace.top_steps_per_s)
        """The highest level below the top speed."""

    def gap_s(self, level: int) -> float:
        """The least time between a step at this level and the one before it, in seconds."""
        return 1 / min(math.sqrt(self._squared_start + self._twice_acceleration * level), self._top_steps_per_s)

    def level(self, steps_per_s: float) -> int:
        """The highest level that is no faster than this speed; 0 where all are."""
        return max(0, math.floor((steps_per_s**2 - self._squared_start) / self._twice_acceleration))
