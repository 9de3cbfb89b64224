"""The controls of a sensor, which libcamera's ``virtual`` pipeline has not: given to the real Picamera2 on it."""

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from hw.drivers.picamera.library import import_picamera2

import_picamera2()  # which needs a stand-in of its own, before any other import from it

import libcamera  # noqa: E402
import picamera2.picamera2 as module  # noqa: E402
from picamera2.controls import Controls  # noqa: E402
from picamera2.request import CompletedRequest  # noqa: E402

if TYPE_CHECKING:
    import pytest


class Registers:
    """The controls of a sensor with rows of 18.9 us and gains in steps of 1/256, and of what stands behind it.

    What is written shows ``DELAY_FRAMES`` later, as on a real sensor; every start begins with the defaults and
    what it is started with. Exposure, gain and automatic exposure are always there, others as asked for.
    """

    DELAY_FRAMES = 3
    FIELD = (0, 310, 3280, 1844)
    """What a 16:9 picture shows of the sensor."""
    RANGES: dict[str, tuple[Any, Any, Any]] = {
        "ExposureTime": (75, 11_766_829, 20_000),
        "AnalogueGain": (1.0, 10.67, 1.0),
        "AeEnable": (False, True, True),
        "AwbEnable": (False, True, True),
        "ColourGains": (0.0, 32.0, (1.0, 1.0)),
        "ScalerCrop": ((0, 0, 128, 128), (0, 0, 3280, 2464), FIELD),
        "ScalerCrops": (FIELD, FIELD, FIELD),
        "LensPosition": (0.0, 15.0, 1.0),
        "AfMode": (0, 2, 0),
        "AfTrigger": (0, 1, 0),
        "FrameDurationLimits": (12_000, 1_000_000, (33_333, 33_333)),
    }
    ALWAYS = ("ExposureTime", "AnalogueGain", "AeEnable")

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        self.values: dict[str, Any] = {}
        self.sharp_at: float | None = 4.2
        """Where the lens' search ends, in dioptres; ``None``: it finds nothing."""
        self.shows = True
        """Whether pictures tell of a change at all."""
        self._coming: list[dict[str, Any]] = []
        self._frames = 0
        self._searched = 0
        self.reset()

    def reset(self) -> None:
        self.values = {name: self.RANGES[name][2] for name in self.names}
        self._coming = [{}] * self.DELAY_FRAMES
        self._searched = 0

    def write(self, name: str, value: Any) -> None:
        self._coming[-1] = self._coming[-1] | {name: value}

    def settle(self) -> None:
        for values in self._coming:
            self._take(values)
        self._coming = [{}] * self.DELAY_FRAMES

    def next_frame(self) -> dict[str, Any]:
        self._frames += 1
        self._take(self._coming.pop(0))
        self._coming.append({})
        values = self.values
        told = {
            "ExposureTime": int(values["ExposureTime"] // 18.9 * 18.9),
            "AnalogueGain": values["AnalogueGain"] * 256 // 1 / 256,
        }
        if "ColourGains" in values:
            drift = self._frames % 7 / 50 if values["AwbEnable"] else 0
            told["ColourGains"] = tuple(gain + drift for gain in values["ColourGains"])
        if "ScalerCrop" in values:
            told["ScalerCrop"] = values["ScalerCrop"]
        if "FrameDurationLimits" in values:
            told["FrameDuration"] = max(values["FrameDurationLimits"][0], 12_000, told["ExposureTime"] + 50)
        if "LensPosition" in values:
            told |= self._lens()
        return told

    def _take(self, values: dict[str, Any]) -> None:
        if values and not self.shows:
            return
        self.values |= values
        if crops := values.get("ScalerCrops"):
            self.values["ScalerCrop"] = crops[0]  # it goes before the other one, in the same request
        if values.get("AfTrigger") == 0 and self.values.get("AfMode") == 1:
            self._searched = self._frames

    def _lens(self) -> dict[str, Any]:
        values = self.values
        if values.get("AfMode") != 1 or not self._searched:
            return {"LensPosition": values["LensPosition"], "AfState": 0}
        if self._frames - self._searched < 6:
            return {"LensPosition": 0.5 * (self._frames - self._searched), "AfState": 1}
        found = self.sharp_at is not None
        return {"LensPosition": self.sharp_at if found else 15.0, "AfState": 2 if found else 3}


def change_controls(monkeypatch: "pytest.MonkeyPatch", change: Callable[[dict[Any, Any]], dict[Any, Any]]) -> None:
    """Let the cameras that are opened during this test have other controls than they tell ({id: limits})."""
    told = libcamera.Camera.controls
    monkeypatch.setattr(libcamera.Camera, "controls", property(lambda camera: change(told.__get__(camera))))


def give_registers(monkeypatch: "pytest.MonkeyPatch", *names: str) -> Registers:
    """Give exposure, gain, automatic exposure and what is named to the cameras that are opened during this test."""
    registers = Registers((*Registers.ALWAYS, *names))
    original_controls = Controls.get_libcamera_controls
    original_start = module.Picamera2.start_
    original_request = CompletedRequest.__init__
    original_metadata = CompletedRequest.get_metadata
    added = {
        _control(name): SimpleNamespace(min=least, max=most, default=default)
        for name, (least, most, default) in registers.RANGES.items()
        if name in registers.names
    }

    def start(camera: Any) -> None:
        registers.reset()
        original_start(camera)
        registers.settle()

    def controls(self: Any) -> dict[Any, Any]:
        known = {}
        for control, value in original_controls(self).items():
            if control.name in registers.names:
                registers.write(control.name, _plain(value))
            if control.name not in registers.names or control.name == "FrameDurationLimits":
                known[control] = value
        return known

    def request(self: Any, *args: Any) -> None:
        original_request(self, *args)
        self.registers = registers.next_frame()

    change_controls(monkeypatch, lambda told: told | added)
    monkeypatch.setattr(module.Picamera2, "start_", start)
    monkeypatch.setattr(Controls, "get_libcamera_controls", controls)
    monkeypatch.setattr(CompletedRequest, "__init__", request)
    monkeypatch.setattr(CompletedRequest, "get_metadata", lambda self: original_metadata(self) | self.registers)
    return registers


@dataclass(frozen=True)
class _PiControl:
    """A control that libcamera has for Raspberry Pis alone, and only where it is built for them."""

    name: str
    type: Any


def _control(name: str) -> Any:
    return getattr(libcamera.controls, name, None) or _PiControl(name, libcamera.ControlType.Rectangle)


def _plain(value: Any) -> Any:
    """A control's value as Picamera2 tells it in metadata."""
    if isinstance(value, list | tuple):
        return tuple(map(_plain, value))
    if isinstance(value, libcamera.Rectangle):
        return (value.x, value.y, value.width, value.height)
    return value
