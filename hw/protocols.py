"""The hardware seam. A driver is a plain blocking object that one worker thread owns.

A driver starts no thread that calls back, knows no queue and no signal, and touches its hardware only between
``open`` and ``close``. ``close`` may be called at any time after ``open`` began, more than once, and leaves
the hardware safe: motors unpowered where that loses no position, the lamp dark, the camera free for another
process. After ``close``, ``open`` works again. All raise ``DeviceError`` when the hardware fails.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from types import MappingProxyType
from typing import Protocol

from hw.types import AxisName, CameraInfo, CameraSettings, Pace, Planes, Progress, Steps, StillImage

_NOTHING: Mapping[AxisName, bool] = MappingProxyType({})


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
        lacks are left alone. The next picture has the size of ``CameraSettings.stream_height``. Raises
        ``InvalidRequest`` for a value outside ``CameraInfo``'s ranges; nothing is changed then.
        """

    def autofocus(self) -> float:
        """Have the camera's own lens search for what is sharp; returns where it stays, in dioptres.

        Called where ``CameraInfo.autofocus`` says so. Raises ``NotFocused``; the lens is where it was then.
        """


class MotorDriver(Protocol):
    """The motors of a stage. It knows steps, ramps and switches; the stage knows micrometres and limits.

    ``begin_line`` and ``begin_jog`` return at once; ``progress`` tells how the motion goes until its ``ending`` was
    told, after which the driver is idle. ``halt`` and ``steer`` may come from any thread, the rest comes from the
    stage's own. The gap between two steps of an axis is never shorter than its pace at that moment allows: a late step
    delays those after it, and never makes a burst.

    No axis steps on towards its pressed limit switch (at the end that ``home_to`` names). A driver for a board that
    makes its own ramps maps all this to the board's moves; where the board cannot steer, that is a halt and a new
    move.
    """

    simulated: bool

    def open(self) -> None:
        """Take the pins or the port."""

    def close(self) -> None:
        """Unpower the coils and free the pins or the port. A motion under way ends, at once."""

    def begin_line(self, steps: Steps, pace: Pace, until: Mapping[AxisName, bool] = _NOTHING) -> None:
        """Begin to make the given signed steps on all named axes together: a straight line with one ramp.

        ``pace`` is that of the axis with the most steps; the others are spread evenly over its steps. ``until``
        ends the line (``Ending.DONE``, abruptly: ask for it at a speed that needs no ramp) as soon as the axis'
        switch reads so.
        """

    def begin_jog(self, steps: Steps, paces: Mapping[AxisName, Pace]) -> None:
        """Begin to make signed steps, each axis for itself with its own ramp; ``steer`` may change how many."""

    def steer(self, steps: Steps) -> None:
        """New goals of the jog under way, counted from its beginning.

        An axis may be turned round: it comes to rest along its ramp and goes back. Nothing happens when no jog is
        under way, or when it is being halted.
        """

    def halt(self, at_once: bool = False) -> None:
        """End the motion under way, if any.

        An axis at or below its start speed makes no further step (at most the one under way); a faster one slows
        down along its ramp. ``at_once`` is for emergencies: no step follows on any axis, whatever that loses
        (``Progress.abrupt``).
        """

    def progress(self, timeout_s: float) -> Progress:
        """How far the motion is; waits at most ``timeout_s`` for news."""

    def at_switch(self, axis: AxisName) -> bool | None:
        """Whether the axis presses its limit switch, debounced; ``None`` where it has none."""

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
