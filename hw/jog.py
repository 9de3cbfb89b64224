"""The target of a jog: pushed along, held within the limits, never far ahead of the stage."""

from hw.axes import Axes, Target
from hw.errors import InvalidRequest, OutOfLimits
from hw.types import AxisName, Position

LEAD_S = 0.3
"""How far, in time, the target of a jog may lead the stage: the run-out when its viewer is gone."""


class JogTarget:
    """Where a jog goes, in micrometres along the axes that were pushed. Latest wins."""

    def __init__(self, axes: Axes) -> None:
        self._axes = axes
        self.um: dict[AxisName, float] = {}
        self.pusher: str | None = None
        """Who pushed last, where that is known."""

    def clear(self) -> None:
        """The next push begins a new jog."""
        self.um = {}
        self.pusher = None

    def push(self, distance: Target, here: Position, pusher: str | None) -> None:
        """Push it along. Raises ``OutOfLimits`` or ``InvalidRequest`` where that moves nothing."""
        target = {axis: self._pushed(axis, um, here.along(axis)) for axis, um in distance.items()}
        configs = self._axes.configs
        if all(abs(um - here.along(axis)) < configs[axis].um_per_step for axis, um in target.items()):
            self._refuse_standstill(distance)
        self.um |= target
        self.pusher = pusher

    def _pushed(self, axis: AxisName, um: float, here: float) -> float:
        config = self._axes.configs[axis]
        lead_um = max(abs(um), config.max_speed_um_per_s * LEAD_S)
        target = self.um.get(axis, here)
        if (target - here) * um < 0:
            target = here
        target = min(max(target + um, here - lead_um), here + lead_um)
        # A stage that stands outside its limits is not pulled back by a push the other way.
        return min(target, max(config.max_um, here)) if um > 0 else max(target, min(config.min_um, here))

    def _refuse_standstill(self, distance: Target) -> None:
        configs = {axis: self._axes.configs[axis] for axis in distance}
        if all(abs(um) < configs[axis].um_per_step for axis, um in distance.items()):
            least = {axis: config.um_per_step for axis, config in configs.items()}
            raise InvalidRequest("a jog of less than one step moves nothing", um_per_step=least)
        limits = {axis: [config.min_um, config.max_um] for axis, config in configs.items()}
        raise OutOfLimits(f"the stage is at its limit along {', '.join(distance)}", limits_um=limits)
