"""Which camera settings a camera allows."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from hw.errors import InvalidRequest
from hw.types import WHOLE_FIELD, CameraInfo, CameraSettings, Range, Zoom

_QUALITY = Range(1, 100)
_WIDEST = 1920
"""A live picture of more pixels comes too slowly, and no screen shows them."""
_SLACK = 1e-3
"""Cameras round regions to pixels: one that ends at the field's edge may seem to end a little beyond."""
_WHAT = {
    "exposure_us": "exposure control",
    "gain": "gain control",
    "red_gain": "white balance",
    "blue_gain": "white balance",
    "fps": "choice of frame rate",
    "zoom": "digital zoom",
    "lens_dioptres": "lens that can be focused",
    "auto_exposure": "automatic exposure",
    "auto_white_balance": "automatic white balance",
}
_HAND_SET = {"exposure_us": "auto_exposure", "gain": "auto_exposure"} | dict.fromkeys(
    ("red_gain", "blue_gain"), "auto_white_balance"
)


def allowed(info: CameraInfo) -> dict[str, Range | None]:
    """The range of each setting by its name in ``CameraSettings``; ``None`` where the camera lacks it."""
    return {
        "exposure_us": info.exposure_us,
        "gain": info.gain,
        "red_gain": info.colour_gains,
        "blue_gain": info.colour_gains,
        "fps": info.fps,
        "lens_dioptres": info.lens_dioptres,
        "jpeg_quality": _QUALITY,
    }


def stream_sizes(config: tuple[int, int], sensor: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    """The sizes to offer for the live picture: the configured one, then others of its shape that the sensor has.

    Of the same shape they show the same field, so that zoom, scale and stills do not depend on the choice.
    """
    width, height = config
    found = [config]
    for quarters in (2, 3, 6):
        size = (width * quarters // 4, height * quarters // 4)
        whole = not any(side * quarters % 8 for side in config)
        if whole and size[0] <= min(_WIDEST, sensor[0]) and size[1] <= sensor[1]:
            found.append(size)
    return tuple(found)


def check_change(changes: Mapping[str, Any], settings: CameraSettings, info: CameraInfo) -> None:
    """Refuse what this camera lacks, and a value by hand for what it chooses by itself; raises ``InvalidRequest``."""
    ranges = allowed(info) | {"zoom": info.zoom}
    for name, value in changes.items():
        lacks = ranges[name] is None if name in ranges else value is True and not getattr(info, name)
        if lacks:
            raise InvalidRequest(f"{name} cannot be set: this camera has no {_WHAT[name]}")
        automatic = _HAND_SET.get(name)
        if automatic and automatic not in changes and getattr(settings, automatic):
            raise InvalidRequest(f"{name} cannot be set while {automatic} is on: set {automatic} to false with it")


def check_settings(settings: CameraSettings, info: CameraInfo) -> None:
    """Refuse a value outside the camera's ranges; raises ``InvalidRequest`` that holds them."""
    zoom = settings.zoom
    values = [(name, getattr(settings, name), limits) for name, limits in allowed(info).items()]
    for name, value, limits in [*values, ("zoom.size", zoom.size, info.zoom)]:
        if limits is not None and not limits.minimum <= value <= limits.maximum:
            raise InvalidRequest(
                f"{name} must be {limits.minimum:g} to {limits.maximum:g}, not {value:g}",
                reason="setting-range",
                setting=name,
                minimum=limits.minimum,
                maximum=limits.maximum,
            )
    if settings.stream_height != _offered(settings.stream_height, info):
        heights = sorted(height for _, height in info.stream_sizes)
        told = f"stream_height must be one of {', '.join(map(str, heights))}, not {settings.stream_height}"
        raise InvalidRequest(told, allowed=heights)
    room = 1 - zoom.size
    for name, value in (("zoom.x", zoom.x), ("zoom.y", zoom.y)):
        if info.zoom is not None and not 0 <= value <= room + _SLACK:
            raise InvalidRequest(
                f"{name} must be 0 to {room:g}, so that the region lies in the field, not {value:g}",
                minimum=0.0,
                maximum=room,
            )


def nearest(settings: CameraSettings, info: CameraInfo) -> CameraSettings:
    """What of ``settings`` this camera allows: some sensors' least gain is above 1."""
    return replace(
        settings,
        auto_exposure=settings.auto_exposure and info.auto_exposure,
        auto_white_balance=settings.auto_white_balance and info.auto_white_balance,
        zoom=_nearest_zoom(settings.zoom, info.zoom),
        stream_height=_offered(settings.stream_height, info),
        **dict(_held(settings, info)),
    )


def _offered(height: int | None, info: CameraInfo) -> int | None:
    return height if height in [offered for _, offered in info.stream_sizes] else None


def _held(settings: CameraSettings, info: CameraInfo) -> Iterator[tuple[str, Any]]:
    for name, limits in allowed(info).items():
        value = getattr(settings, name)
        if limits is not None:
            held = min(max(value, limits.minimum), limits.maximum)
            yield name, round(held) if isinstance(value, int) else held


def _nearest_zoom(zoom: Zoom, limits: Range | None) -> Zoom:
    if limits is None:
        return WHOLE_FIELD
    size = min(max(zoom.size, limits.minimum), limits.maximum)
    return Zoom(min(max(zoom.x, 0.0), 1 - size), min(max(zoom.y, 0.0), 1 - size), size)
