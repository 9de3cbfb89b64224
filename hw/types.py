"""What crosses the seam between drivers, workers and the server: immutable values, units in names."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

AxisName = Literal["x", "y", "z"]
AXES: tuple[AxisName, ...] = ("x", "y", "z")

Plane = NDArray[np.uint8]
Steps = Mapping[AxisName, int]
"""Signed steps along the named axes."""


class Status(StrEnum):
    """What a device can say of itself."""

    STARTING = "starting"
    READY = "ready"
    BUSY = "busy"
    FAULT = "fault"
    ABSENT = "absent"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Position:
    """A place of the stage, in micrometres from the origin that homing sets."""

    x_um: float = 0.0
    y_um: float = 0.0
    z_um: float = 0.0

    def along(self, axis: AxisName) -> float:
        """The coordinate of one axis, in micrometres."""
        return (self.x_um, self.y_um, self.z_um)[AXES.index(axis)]

    def moved_to(self, target: Mapping[AxisName, float]) -> "Position":
        """This place with the named coordinates (micrometres) replaced."""
        return Position(*(target.get(axis, self.along(axis)) for axis in AXES))


@dataclass(frozen=True, slots=True)
class Range:
    """What a control or an axis allows, both ends included."""

    minimum: float
    maximum: float


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast an axis goes, in its own steps. In a line it is the pace of the axis with the most steps."""

    start_steps_per_s: float
    """It can take up and leave this speed without a ramp and loses no step."""
    top_steps_per_s: float
    acceleration_steps_per_s2: float


class Ending(StrEnum):
    """How a motion ended."""

    DONE = "done"
    """All steps were made, or what it was to end at came true."""
    HALTED = "halted"
    SWITCH = "switch"
    """A limit switch was pressed while an axis moved towards it."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a motion is."""

    made: Steps
    """Since it began, of every axis that was named then."""
    ending: Ending | None
    """``None`` while it goes on."""
    abrupt: bool = False
    """It ended faster than the ramp allows: steps may be lost, the position is in doubt."""


@dataclass(frozen=True, slots=True)
class Zoom:
    """What part of the field the live picture shows, in fractions of the whole: its left and top edge, and its side.

    The side is the same fraction of the field's width and of its height, so that pixels stay square.
    """

    x: float = 0.0
    y: float = 0.0
    size: float = 1.0


WHOLE_FIELD = Zoom()
"""No zoom."""


@dataclass(frozen=True, slots=True)
class CameraSettings:
    """The settings that a viewer may change. What is not automatic does not change by itself."""

    exposure_us: int = 10_000
    gain: float = 1.0
    auto_exposure: bool = False
    jpeg_quality: int = 80
    auto_white_balance: bool = False
    red_gain: float = 1.0
    blue_gain: float = 1.0
    """Amplification of red and blue over green: the white balance."""
    fps: float = 30.0
    """Live pictures per second; a long exposure makes it fewer."""
    zoom: Zoom = WHOLE_FIELD
    lens_dioptres: float = 0.0
    """Where the camera's own lens is focused: the reciprocal of the distance in metres."""
    stream_height: int | None = None
    """Of the live picture, one of ``CameraInfo.stream_sizes``; ``None`` is the first of them."""


StillFormat = Literal["jpeg", "png", "tiff", "dng"]


@dataclass(frozen=True, slots=True)
class CameraInfo:
    """What a camera driver tells of itself once it is open. What it lacks is ``None`` or ``False``."""

    model: str
    simulated: bool
    sensor_width: int
    sensor_height: int
    stream_width: int
    stream_height: int
    exposure_us: Range | None = None
    """Allowed exposures, or ``None`` where the camera has no such control."""
    gain: Range | None = None
    auto_exposure: bool = False
    """Whether the camera can choose exposure and gain by itself."""
    colour_gains: Range | None = None
    """What ``red_gain`` and ``blue_gain`` may be."""
    auto_white_balance: bool = False
    fps: Range | None = None
    zoom: Range | None = None
    """What ``Zoom.size`` may be."""
    lens_dioptres: Range | None = None
    autofocus: bool = False
    still_formats: tuple[StillFormat, ...] = ("jpeg", "png", "tiff")
    stream_sizes: tuple[tuple[int, int], ...] = ()
    """Widths and heights that the live picture may have, all of one field; the first is the rig file's."""

    def streaming(self, height: int | None) -> "CameraInfo":
        """The same camera with a live picture of this height; see ``CameraSettings.stream_height``."""
        for size in self.stream_sizes:
            if height in (None, size[1]):
                return replace(self, stream_width=size[0], stream_height=size[1])
        return self

    @property
    def still_scale(self) -> float:
        """The side of a still's pixel, in pixels of the live picture without zoom."""
        return max(self.stream_width / self.sensor_width, self.stream_height / self.sensor_height)


@dataclass(frozen=True, slots=True)
class Shot:
    """How a picture was taken, as the camera itself tells. What it does not tell is ``None``."""

    captured_at: float
    """When the sensor began to send the picture: wall clock, seconds since 1970."""
    began_s: float
    """When the exposure of its first row began, by ``time.monotonic()``: after a motion, it shows none of that."""
    exposure_us: int | None = None
    gain: float | None = None
    red_gain: float | None = None
    blue_gain: float | None = None
    zoom: Zoom = WHOLE_FIELD
    lens_dioptres: float | None = None


@dataclass(frozen=True, slots=True)
class Planes:
    """One picture as the camera's buffers hold it: YUV 4:2:0, BT.601, full (JFIF) range.

    ``y`` has shape (height, width); ``u`` and ``v`` (height / 2, width / 2). Each is ``uint8`` with unit
    step along a row; rows may be padded (the view's row stride says by how much). The views are valid only
    inside the ``with`` block that gave them.
    """

    y: Plane
    u: Plane
    v: Plane
    shot: Shot


class Size(StrEnum):
    """The sizes that live pictures are offered in."""

    FULL = "full"
    REDUCED = "reduced"
    """Half the width and half the height."""


class Frame(NamedTuple):
    """One live picture, encoded. The same picture in another size has the same ``frame_id``."""

    frame_id: int
    jpeg: bytes
    width: int
    height: int
    captured_at: float
    exposure_us: int | None
    gain: float | None
    position: Position | None
    fps: float
    size: Size = Size.FULL
    encode_s: float = 0.0
    """How long the compression took."""
    began_s: float = 0.0
    """As in ``Shot``, and so are those below."""
    red_gain: float | None = None
    blue_gain: float | None = None
    zoom: Zoom = WHOLE_FIELD
    lens_dioptres: float | None = None
    focus_score: float | None = None
    """How sharp the picture is (``hw.sharpness``), the same for every size."""

    def metadata(self) -> dict[str, Any]:
        """The frame's metadata as it goes over the wire: all but the picture."""
        position, zoom = self.position, self.zoom
        return {
            "frame_id": self.frame_id,
            "width": self.width,
            "height": self.height,
            "captured_at": self.captured_at,
            "exposure_us": self.exposure_us,
            "gain": self.gain,
            "red_gain": self.red_gain,
            "blue_gain": self.blue_gain,
            "zoom": {"x": zoom.x, "y": zoom.y, "size": zoom.size},
            "lens_dioptres": self.lens_dioptres,
            "focus_score": self.focus_score,
            "position": position and {"x_um": position.x_um, "y_um": position.y_um, "z_um": position.z_um},
            "fps": self.fps,
            "size": self.size.value,
        }


@dataclass(frozen=True, slots=True)
class RawImage:
    """What the sensor measured, before any processing.

    ``mosaic`` has shape (height, width), ``uint16``: one colour a pixel, in the pattern ``colours`` (two rows of
    two, as "RGGB"). Values go from ``black`` (one for each place of the pattern) to ``white``.
    """

    mosaic: NDArray[np.uint16]
    colours: str
    black: tuple[int, int, int, int]
    white: int
    to_srgb: tuple[float, ...]
    """Nine coefficients, row by row: from balanced camera colours to linear sRGB."""


@dataclass(frozen=True, slots=True)
class StillImage:
    """A full-resolution picture: ``rgb`` has shape (height, width, 3), ``uint8``.

    Where ``raw`` is there, that is the full resolution, and ``rgb`` a small one to look at.
    """

    rgb: NDArray[np.uint8]
    shot: Shot
    model: str
    raw: RawImage | None = None
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class CameraState:
    """What a viewer is shown of the camera."""

    status: Status
    info: CameraInfo | None = None
    settings: CameraSettings = field(default_factory=CameraSettings)
    fault: str | None = None
    fault_facts: dict[str, Any] = field(default_factory=dict)
    """What the fault's error says to programs: a ``reason`` and its values."""
    revision: int = 0
    """Grows with every change, so that of two states it is known which is newer."""


@dataclass(frozen=True, slots=True)
class AxisInfo:
    """What a viewer is shown of one axis."""

    limits_um: Range
    um_per_step: float
    max_speed_um_per_s: float
    can_home: bool
    position_trusted: bool = True


@dataclass(frozen=True, slots=True)
class StageState:
    """What a viewer is shown of the stage."""

    status: Status
    position: Position
    axes: dict[AxisName, AxisInfo] = field(default_factory=dict)
    simulated: bool = False
    position_trusted: bool = True
    """False when an axis may have lost steps: home it, or set its position, before you rely on it."""
    fault: str | None = None
    fault_facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LightChannel:
    """One lamp of the light; ``brightness`` from 0 (dark) to 1, which it keeps while it is off."""

    id: str
    name: str
    colour: str
    """What it looks like, as ``#rrggbb``."""
    on: bool
    brightness: float


@dataclass(frozen=True, slots=True)
class LightState:
    """What a viewer is shown of the light."""

    status: Status
    on: bool = False
    """Whether any channel is on."""
    brightness: float = 0.0
    """Of the first channel, which is the only one of most."""
    channels: tuple[LightChannel, ...] = ()
    simulated: bool = False
    fault: str | None = None
    fault_facts: dict[str, Any] = field(default_factory=dict)
    revision: int = 0
    """As the camera's."""
