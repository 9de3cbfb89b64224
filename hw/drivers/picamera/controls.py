"""Settings as libcamera's controls, and back from a picture's metadata: what is in force is what the picture tells."""

import logging
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from hw.types import WHOLE_FIELD, CameraSettings, Range, Zoom

log = logging.getLogger(__name__)

_LONGEST_FRAME_US = 500_000
"""How far a long exposure may slow the stream down."""
_LEAST_COLOUR_GAIN = 0.1
_SMALLEST_ZOOM = 0.05
"""Below it a handful of pixels fills the screen."""
_MANUAL_FOCUS = 0
"""libcamera's ``AfModeManual``."""
_EXPOSURE_LIMITED = 0.9
"""Share of a frame's time from which on the exposure sets the rate."""

Control = Any
_Near = Callable[[Control, Control], bool]


def _within(absolute: float, relative: float = 0.0) -> _Near:
    def near(told: Control, wanted: Control) -> bool:
        if isinstance(wanted, tuple):
            return len(told) == len(wanted) and all(map(near, told, wanted))
        return bool(abs(told - wanted) <= absolute + relative * abs(wanted))

    return near


_ROUNDING: dict[str, _Near] = {
    # Exposures come in lines (10 to 60 us), gains in steps that grow with them.
    "ExposureTime": _within(60),
    "AnalogueGain": _within(0.15, 0.05),
    "ColourGains": _within(0.01, 0.01),
    # In pixels of the sensor; a processor crops at even ones, or at multiples of its scaling.
    "ScalerCrop": _within(16),
    "LensPosition": _within(0.1),
}
"""What a camera may make of a value, for those that its pictures tell."""


class Controls:
    """What one open camera can be told, by libcamera's names; what is not listed there is never sent."""

    def __init__(self, listed: Mapping[str, Any], fps: float) -> None:
        """``listed`` are Picamera2's ``camera_controls``; ``fps`` is the rate that is always allowed."""
        self._listed = listed
        frame_us = 1e6 / fps
        self.exposure_us = self._range("ExposureTime", 1, max(frame_us, _LONGEST_FRAME_US))
        self.gain = self._range("AnalogueGain", 1, math.inf)
        self.colour_gains = self._range("ColourGains", _LEAST_COLOUR_GAIN, math.inf)
        self.lens_dioptres = self._range("LensPosition", 0, math.inf)
        self.auto_exposure = "AeEnable" in listed
        self.auto_white_balance = "AwbEnable" in listed
        self.autofocus = self.lens_dioptres is not None and {"AfMode", "AfTrigger"} <= listed.keys()
        self.fps = self._rates(fps)
        self._field = self._whole_field()
        self.zoom = self._zooms()

    def of(self, settings: CameraSettings) -> dict[str, Control]:
        """``settings`` as controls. What is set by hand has its automatic switched off: it cannot drift."""
        wanted = self.of_still(settings)
        if self._field is not None:
            wanted["ScalerCrop"] = _crop(self._field, settings.zoom)
        return wanted

    def of_still(self, settings: CameraSettings) -> dict[str, Control]:
        """The same for a still, which has the whole field whatever the live picture shows."""
        wanted: dict[str, Control] = {}
        if "FrameDurationLimits" in self._listed:
            frame_us = round(1e6 / settings.fps)
            wanted["FrameDurationLimits"] = (frame_us, max(frame_us, _LONGEST_FRAME_US))
        if self.auto_exposure:
            wanted["AeEnable"] = settings.auto_exposure
        if not settings.auto_exposure:
            if self.exposure_us is not None:
                wanted["ExposureTime"] = settings.exposure_us
            if self.gain is not None:
                wanted["AnalogueGain"] = settings.gain
        if self.auto_white_balance:
            wanted["AwbEnable"] = settings.auto_white_balance
        if not settings.auto_white_balance and self.colour_gains is not None:
            wanted["ColourGains"] = (settings.red_gain, settings.blue_gain)
        if self.lens_dioptres is not None:
            if "AfMode" in self._listed:
                wanted["AfMode"] = _MANUAL_FOCUS
            wanted["LensPosition"] = settings.lens_dioptres
        return wanted

    def differing(self, metadata: Mapping[str, Any], wanted: Mapping[str, Control]) -> dict[str, Control]:
        """What a picture tells otherwise than it was wanted: {name: what it tells}."""
        told = {name: metadata[name] for name in _ROUNDING if name in wanted and name in metadata}
        return {name: value for name, value in told.items() if not _ROUNDING[name](value, wanted[name])}

    def in_force(self, settings: CameraSettings, metadata: Mapping[str, Any]) -> CameraSettings:
        """``settings`` as a picture tells them."""
        told: dict[str, Any] = {}
        if not settings.auto_exposure:
            if self.exposure_us is not None and "ExposureTime" in metadata:
                told["exposure_us"] = metadata["ExposureTime"]
            if self.gain is not None and "AnalogueGain" in metadata:
                told["gain"] = metadata["AnalogueGain"]
        if not settings.auto_white_balance and self.colour_gains is not None and "ColourGains" in metadata:
            told["red_gain"], told["blue_gain"] = (round(gain, 4) for gain in metadata["ColourGains"])
        if self.lens_dioptres is not None and "LensPosition" in metadata:
            told["lens_dioptres"] = round(metadata["LensPosition"], 3)
        if "FrameDurationLimits" in self._listed and "FrameDuration" in metadata:
            told["fps"] = _rate_in_force(settings.fps, metadata)
        if self._field is not None and "ScalerCrop" in metadata:
            told["zoom"] = self.zoom_of(metadata)
        return replace(settings, **told)

    def zoom_of(self, metadata: Mapping[str, Any]) -> Zoom:
        """The part of the field that a picture shows."""
        if self._field is None or "ScalerCrop" not in metadata:
            return WHOLE_FIELD
        x, y, width, height = self._field
        left, top, cropped, _ = metadata["ScalerCrop"]
        size = min(cropped / width, 1.0)
        across, down = (min(max(at, 0.0), 1 - size) for at in ((left - x) / width, (top - y) / height))
        return Zoom(round(across, 4), round(down, 4), round(size, 4))

    def _range(self, name: str, least: float, most: float) -> Range | None:
        if name not in self._listed:
            return None
        minimum, maximum, _ = self._listed[name]
        limits = Range(max(minimum, least), min(maximum, most))
        return limits if limits.minimum < limits.maximum else None

    def _rates(self, fps: float) -> Range | None:
        """What the frame durations that the camera tells allow, and what the rig file asks for."""
        if "FrameDurationLimits" not in self._listed:
            return None
        shortest_us, longest_us, _ = self._listed["FrameDurationLimits"]
        slowest = max(1e6 / longest_us, 1.0) if longest_us else 1.0
        return Range(min(slowest, fps), max(1e6 / shortest_us if shortest_us else fps, fps))

    def _whole_field(self) -> tuple[int, int, int, int] | None:
        """What the live picture shows without zoom: libcamera's default crops the field to the picture's shape."""
        *_, default = self._listed.get("ScalerCrop", (None,))
        return tuple(default) if default and all(default[2:]) else None

    def _zooms(self) -> Range | None:
        if self._field is None:
            return None
        smallest, *_ = self._listed["ScalerCrop"]
        least = max(smallest[2] / self._field[2], smallest[3] / self._field[3], _SMALLEST_ZOOM)
        return Range(round(least, 4), 1.0) if least < 1 else None


def _crop(field: tuple[int, int, int, int], zoom: Zoom) -> tuple[int, int, int, int]:
    """The region in pixels of the sensor; at even ones, so that the pattern of its colours stays in place."""
    x, y, width, height = field
    if zoom.size == 1:
        return field
    size = (2 * round(width * zoom.size / 2), 2 * round(height * zoom.size / 2))
    return (x + 2 * round(width * zoom.x / 2), y + 2 * round(height * zoom.y / 2), *size)


def _rate_in_force(fps: float, metadata: Mapping[str, Any]) -> float:
    """The rate that the sensor runs at; where a long exposure slows it down, the rate that was asked for."""
    frame_us = metadata["FrameDuration"]
    if metadata.get("ExposureTime", 0) > _EXPOSURE_LIMITED * 1e6 / fps or abs(frame_us * fps / 1e6 - 1) < 0.01:
        return fps
    return round(1e6 / float(frame_us), 2)
