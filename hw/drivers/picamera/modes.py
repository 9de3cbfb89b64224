"""Sensor modes and stream configurations: what the camera is asked to deliver."""

from collections.abc import Mapping, Sequence
from typing import Any

from hw.errors import DeviceError
from hw.types import WHOLE_FIELD, Zoom

STREAM_BUFFERS = 4
"""One lent, one at the sensor, two between: contiguous memory is scarce on a Raspberry Pi."""
_ENOUGH_DETAIL = 0.8
"""Share of the pixels that a zoomed picture could show for which the faster mode is kept."""


def full_field_mode(
    modes: Sequence[Mapping[str, Any]], size: tuple[int, int], fps: float, zoom: Zoom = WHOLE_FIELD
) -> Mapping[str, Any] | None:
    """The sensor mode for a stream: the whole field of view, so that live view and stills share one scale.

    Of Picamera2's ``sensor_modes`` with the largest crop: the smallest that has ``size`` and ``fps``, else
    that has ``fps``, else the fastest. Zoomed in, detail goes before the rate: what there is to see is what the
    sensor resolves. ``None`` where the camera tells no modes.
    """
    sized = [mode for mode in modes if "crop_limits" in mode]
    if not sized:
        return None

    def field(mode: Mapping[str, Any]) -> int:
        *_, width, height = mode["crop_limits"]
        return int(width * height)

    # Binned modes lose a few rows or columns to rounding.
    whole = [mode for mode in sized if field(mode) > 0.97 * max(map(field, sized))]

    def cost(mode: Mapping[str, Any]) -> tuple[float, ...]:
        width, height = mode["size"]
        missing_fps = max(0.0, fps * 0.99 - mode["fps"])
        too_small = width < size[0] or height < size[1]
        missing_px = max(0.0, _ENOUGH_DETAIL * size[0] / zoom.size - width) if zoom.size < 1 else 0.0
        return missing_px, missing_fps, too_small, width * height, -mode["bit_depth"]

    return min(whole, key=cost)


def live_configuration(
    camera: Any, size: tuple[int, int], mode: Mapping[str, Any] | None, controls: dict[str, Any]
) -> dict[str, Any]:
    """YUV 4:2:0 of ``size`` in the colours that a JPEG has, scaled by the camera's own processor."""
    import libcamera

    options: dict[str, Any] = {}
    if mode is not None:
        options["sensor"] = {"output_size": mode["size"], "bit_depth": mode["bit_depth"]}
    configuration: dict[str, Any] = camera.create_video_configuration(
        main={"size": size, "format": "YUV420"},
        raw=None,
        colour_space=libcamera.ColorSpace.Sycc(),
        buffer_count=STREAM_BUFFERS,
        queue=False,
        controls=controls,
        **options,
    )
    return configuration


def still_configuration(camera: Any, preview: tuple[int, int] | None, controls: dict[str, Any]) -> dict[str, Any]:
    """RGB at full resolution. With ``preview``: RGB of that size, and what the sensor measured, unpacked.

    Unpacked, because a Raspberry Pi 5 else compresses it, and loses some of it.
    """
    raw = None if preview is None else {"size": camera.sensor_resolution, "format": unpacked(camera.sensor_format)}
    configuration: dict[str, Any] = camera.create_still_configuration(
        # Picamera2 names the order of the bits in a word: its BGR888 is R, G, B in memory.
        main={"size": preview or camera.sensor_resolution, "format": "BGR888"},
        raw=raw,
        buffer_count=1,
        queue=False,
        controls=controls,
    )
    return configuration


def unpacked(sensor_format: str) -> str:
    """A raw format with each value in two bytes of its own: ``SRGGB10`` for ``SRGGB10_CSI2P``."""
    return sensor_format.partition("_")[0]


def raw_depth(stream: Mapping[str, Any]) -> int:
    """Bits of a raw stream's values; raises ``DeviceError`` where it is packed or compressed after all."""
    name = str(stream["format"])
    digits = name.lstrip("SRGB")
    if not digits.isdigit():
        told = f"the camera gives its raw data as {name}, which is packed or compressed"
        raise DeviceError(told, reason="camera-format", format=name)
    return int(digits)


def offers_raw(camera: Any) -> bool:
    """Whether the camera can give what its sensor measured, in colour."""
    name = unpacked(str(camera.sensor_format))
    return "ColorFilterArrangement" in camera.camera_properties and name[:1] == "S" and name.strip("SRGB").isdigit()
