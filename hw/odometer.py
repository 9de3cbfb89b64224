"""Where a stage is, as far as its steps tell, and which axes that may not be true of."""

from collections.abc import Iterable

from hw.axes import Axes
from hw.types import AxisName, Position, Steps


class Odometer:
    """Counts the steps of all axes. The stage's thread writes; ``position`` may be read from any."""

    def __init__(self, axes: Axes, position: Position, trusted: bool) -> None:
        self._axes = axes
        self._steps = axes.steps({axis: position.along(axis) for axis in axes.configs})
        self._departed = dict(self._steps)
        self.position = axes.position(self._steps)
        self.doubtful = set[AxisName]() if trusted else set(axes.configs)
        """Axes whose position may be wrong."""
        self.slack: set[AxisName] = set()
        """Axes whose last step went down: their screw's slack lies on the wrong side."""

    def steps(self, axis: AxisName) -> int:
        """From the origin."""
        return self._steps[axis]

    def depart(self) -> None:
        """A motion begins: what ``made`` tells is counted from here."""
        self._departed = dict(self._steps)

    def made(self, steps: Steps) -> bool:
        """So many steps were made since the departure; returns whether that is news."""
        moved = False
        for axis, count in steps.items():
            steps_now = self._departed[axis] + count
            if steps_now != self._steps[axis]:
                (self.slack.add if steps_now < self._steps[axis] else self.slack.discard)(axis)
                self._steps[axis] = steps_now
                moved = True
        if moved:
            self.position = self._axes.position(self._steps)
        return moved

    def set(self, axis: AxisName, um: float) -> None:
        """The axis is here, for sure."""
        self._steps |= self._axes.steps({axis: um})
        self.position = self._axes.position(self._steps)
        self.doubtful.discard(axis)

    def doubt(self, axes: Iterable[AxisName]) -> None:
        """Steps of these axes may have been lost."""
        self.doubtful.update(axes)
