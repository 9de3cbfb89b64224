"""The hardware seam. A driver is a plain blocking object that one worker thread owns.

A driver starts no thread that calls back, knows no queue and no signal, and touches its hardware only between
``open`` and ``close``. ``close`` may be called at any time after ``open`` began, more than once, and leaves
the hardware safe: motors unpowered where that loses no position, the lamp dark, the camera free for another
process. After ``close``, ``open`` works again. All raise ``DeviceError`` when the hardware fails.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from hw.types import AxisName, CameraInfo, CameraSettings, Planes, Steps, StillImage


class CameraDriver(Protocol):
    """A camera that streams YUV 4:2:0 pictures and takes full-resolution stills."""

    def open(self) -> CameraInfo:
        """Take the camera and start its stream."""

    def close(self) -> None:
        """Stop the stream and free the camera."""

    def frame(self, timeout_s: float) -> AbstractContextManager[Planes]:
        """The next picture, lent for the time of the ``with`` block.

        Pictures never go back in time: each was captured after the one before. Waits for the sensor's next
        one; raises ``DeviceTimeout`` when none came within ``timeout_s``.
        """

    def still(self, not_before_s: float, raw: bool) -> StillImage:
        """One picture at the sensor's full resolution, of the whole field. The stream goes on afterwards.

        Its exposure began after ``not_before_s`` (``time.monotonic()``). ``raw`` asks for what the sensor
        measured, where ``CameraInfo.still_formats`` has "dng".
        """

    def apply(self, settings: CameraSettings) -> CameraSettings:
        """Set what the camera can set; returns the settings in force (rounded as the hardware does).

        What was not automatic before and after stays as it is, whatever the picture shows. Controls that the camera
        lacks are left alone. Raises ``InvalidRequest`` for a value outside ``CameraInfo``'s ranges; nothing is changed
        then.
        """

    def autofocus(self) -> float:
        """Have the camera's own lens search for what is sharp; returns where it stays, in dioptres.

        Called where ``CameraInfo.autofocus`` says so. Raises ``NotFocused``; the lens is where it was then.
        """


class MotorDriver(Protocol):
    """The motors of a stage. It knows steps and switches; the stage knows micrometres and limits."""

    simulated: bool

    def open(self) -> None:
        """Take the pins."""

    def close(self) -> None:
        """Unpower the coils and free the pins."""

    def move(
        self,
        steps: Steps,
        steps_per_s: float,
        stop: Callable[[], bool],
        moved: Callable[[Steps], None],
    ) -> None:
        """Make the given signed steps on all named axes together, in a straight line.

        ``steps_per_s`` is the rate of the axis with the most steps; the others are spread evenly over its
        steps. ``stop`` is asked before every step, and no step follows its True. ``moved`` is told the steps
        made since it was last told ({axis: signed count}): at least every 20 ms of motion, and all of them by
        the time ``move`` returns or raises. The gap between two steps of an axis is never shorter than
        1 / ``steps_per_s``: a late step delays those after it.
        """

    def at_switch(self, axis: AxisName) -> bool | None:
        """Whether the axis presses its limit switch; ``None`` where it has none."""

    def release(self) -> None:
        """Idle: take the current off where the axis holds its place without it."""


class LightDriver(Protocol):
    """A lamp."""

    simulated: bool

    def open(self) -> None:
        """Take the pin; the lamp stays dark."""

    def close(self) -> None:
        """Put the lamp out and free the pin."""

    def set_brightness(self, brightness: float) -> None:
        """Shine with 0 (dark) to 1 (full)."""
