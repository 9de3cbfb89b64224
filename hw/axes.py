"""The axes of a stage in micrometres and steps: conversions, speeds, the search for a switch."""

from collections.abc import Mapping
from dataclasses import replace

from hw.config import AxisConfig
from hw.types import AxisName, Pace, Position, Steps

Target = Mapping[AxisName, float]
"""Micrometres along the named axes."""


class Axes:
    """What the rig file says of the axes, in steps."""

    def __init__(self, configs: Mapping[AxisName, AxisConfig]) -> None:
        self.configs = configs
        self.paces: Mapping[AxisName, Pace] = {axis: config.pace for axis, config in configs.items()}

    def steps(self, place: Target) -> dict[AxisName, int]:
        """A place in steps from the origin."""
        return {axis: round(um / self.configs[axis].um_per_step) for axis, um in place.items()}

    def position(self, steps: Steps) -> Position:
        """The place so many steps from the origin."""
        return Position().moved_to({axis: count * self.configs[axis].um_per_step for axis, count in steps.items()})

    def line_pace(self, steps: Steps) -> Pace:
        """The fastest pace of a line at which no axis exceeds its own, not even between two of its steps.

        Of n ticks of the line, an axis with m steps takes one every n / m, which is n // m or one more.
        """
        ticks = max(map(abs, steps.values()))
        paces = [(self.paces[axis], ticks // abs(count)) for axis, count in steps.items() if count]
        start = min(pace.start_steps_per_s * share for pace, share in paces)
        top = min(pace.top_steps_per_s * share for pace, share in paces)
        acceleration = min(pace.acceleration_steps_per_s2 * share for pace, share in paces)
        return Pace(min(start, top), top, acceleration)

    def steady_pace(self, axis: AxisName, fraction: float) -> Pace:
        """A fraction of the top speed, or the start speed where that is lower: it takes no ramp, either way."""
        pace = self.paces[axis]
        speed = min(pace.start_steps_per_s, fraction * pace.top_steps_per_s)
        return replace(pace, start_steps_per_s=speed, top_steps_per_s=speed)
