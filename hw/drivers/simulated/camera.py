"""The simulated camera, looking at the simulated world."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hw.config import Optics, SimulatedCamera
from hw.drivers.simulated.optics import Objective, Picture
from hw.drivers.simulated.sensor import REFERENCE_BRIGHTNESS, REFERENCE_EXPOSURE_US, Sensor
from hw.drivers.simulated.specimen import Slide
from hw.drivers.simulated.world import GAMMA, World
from hw.errors import DeviceError, DeviceTimeout, InvalidRequest
from hw.types import CameraInfo, CameraSettings, Plane, Planes, Range, StillImage

SENSOR_WIDTH, SENSOR_HEIGHT = 3280, 2464
EXPOSURE_US = Range(50, 200_000)
GAIN = Range(1.0, 16.0)

_STILL_TIMEOUT_S = 1.0
_AUTO_TARGET = 225.0
_AUTO_TOLERANCE = 4.0


class SimulatedCameraDriver:
    """A camera whose stream is a binned, cropped view of its 4:3 sensor.

    The stream's field lies in the middle of the sensor's and fills it in width or height, so a still
    shows the same place at a finer scale (1280 stream pixels at 0.25 um are 3280 sensor pixels at 0.098 um).
    """

    def __init__(self, config: SimulatedCamera, optics: Optics, world: World) -> None:
        self._config = config
        self._um_per_px = optics.um_per_px
        self._world = world
        self._settings = CameraSettings()
        self._closed = threading.Event()
        self._closed.set()
        self._next_due = 0.0
        self._frame_number = 0
        self._info = CameraInfo(
            model="simulated",
            simulated=True,
            sensor_width=SENSOR_WIDTH,
            sensor_height=SENSOR_HEIGHT,
            stream_width=config.width,
            stream_height=config.height,
            stream_fps=config.fps,
            exposure_us=EXPOSURE_US,
            gain=GAIN,
            auto_exposure=True,
        )

    @cached_property
    def _slide(self) -> Slide:
        return Slide(self._config.seed)

    @cached_property
    def _objective(self) -> Objective:
        return Objective(self._slide, self._um_per_px)

    @cached_property
    def _sensor(self) -> Sensor:
        return Sensor(self._config.width, self._config.height, self._config.seed)

    def open(self) -> CameraInfo:
        """Start the stream; the first time, the slide is made. Raises ``DeviceError`` when unplugged."""
        self._check_plugged()
        self._look(self._objective, self._config.width, self._config.height)
        self._next_due = time.monotonic()
        self._closed.clear()
        return self._info

    def close(self) -> None:
        """Stop the stream; a ``frame`` that waits in another thread raises ``DeviceError``."""
        self._closed.set()

    @contextmanager
    def frame(self, timeout_s: float) -> Iterator[Planes]:
        """The next picture; see ``CameraDriver.frame``."""
        self._await_sensor(timeout_s)
        captured_at = time.time()
        settings = self._settings
        self._frame_number += 1
        picture = self._look(self._objective, self._config.width, self._config.height)
        y, u, v = self._sensor.expose(picture, self._light(settings), settings.gain, self._frame_number)
        yield Planes(y, u, v, captured_at, settings.exposure_us, settings.gain)
        if settings.auto_exposure:
            self._adapt(y)

    def still(self) -> StillImage:
        """One picture of 3280 x 2464 pixels. Raises ``DeviceTimeout`` when the sensor is silent."""
        self._check_open()
        settings = self._settings
        silent = self._world.faults.camera_silent
        self._wait(_STILL_TIMEOUT_S if silent else settings.exposure_us / 1e6)
        if silent:
            raise DeviceTimeout(f"the simulated camera gave no still within {_STILL_TIMEOUT_S:g} s")
        captured_at = time.time()
        self._frame_number += 1
        scale = max(self._config.width / SENSOR_WIDTH, self._config.height / SENSOR_HEIGHT)
        objective = Objective(self._slide, self._um_per_px * scale)
        picture = self._look(objective, SENSOR_WIDTH, SENSOR_HEIGHT)
        sensor = Sensor(SENSOR_WIDTH, SENSOR_HEIGHT, self._config.seed)
        planes = sensor.expose(picture, self._light(settings), settings.gain, self._frame_number)
        return StillImage(_rgb(planes), captured_at, settings.exposure_us, settings.gain)

    def apply(self, settings: CameraSettings) -> CameraSettings:
        """Set exposure, gain and automatic exposure; see ``CameraDriver.apply``."""
        for name, value, allowed in (
            ("exposure_us", settings.exposure_us, EXPOSURE_US),
            ("gain", settings.gain, GAIN),
        ):
            if not allowed.minimum <= value <= allowed.maximum:
                raise InvalidRequest(
                    f"{name} must be {allowed.minimum:g} to {allowed.maximum:g}, not {value:g}",
                    minimum=allowed.minimum,
                    maximum=allowed.maximum,
                )
        if settings.auto_exposure and self._settings.auto_exposure:
            # It has found its exposure; a change of something else does not make it start again.
            found = self._settings
            settings = replace(settings, exposure_us=found.exposure_us, gain=found.gain)
        self._settings = settings
        return settings

    def _check_plugged(self) -> None:
        if self._world.faults.camera_unplugged:
            raise DeviceError("simulated fault: the camera is unplugged")

    def _check_open(self) -> None:
        self._check_plugged()
        if self._closed.is_set():
            raise DeviceError("the camera is closed")

    def _await_sensor(self, timeout_s: float) -> None:
        """Wait until the sensor has its next picture: at a fixed pace, and a late caller gets no burst."""
        self._check_open()
        period_s = max(1 / self._config.fps, self._settings.exposure_us / 1e6)
        now = time.monotonic()
        due = self._next_due if self._next_due > now - period_s else now
        silent = self._world.faults.camera_silent or due - now > timeout_s
        self._wait(timeout_s if silent else due - now)
        if silent:
            raise DeviceTimeout(f"the simulated camera gave no picture within {timeout_s:g} s")
        self._next_due = due + period_s

    def _wait(self, seconds: float) -> None:
        """Let the sensor's time pass, unless the camera goes away."""
        if self._closed.wait(max(seconds, 0.0)):
            raise DeviceError("the camera was closed")
        self._check_plugged()

    def _light(self, settings: CameraSettings) -> float:
        exposure = settings.exposure_us / REFERENCE_EXPOSURE_US
        return exposure * self._world.brightness / REFERENCE_BRIGHTNESS

    def _look(self, objective: Objective, width: int, height: int) -> Picture:
        world, exposure_s = self._world, self._settings.exposure_us / 1e6
        smear_x, smear_y = (abs(speed) * exposure_s for speed in world.velocity_um_per_s)
        return objective.picture(world.x_um, world.y_um, world.defocus_um, width, height, (smear_x, smear_y))

    def _adapt(self, y: Plane) -> None:
        """Move exposure, then gain, part of the way to a bright field just below white."""
        brightest = float(np.percentile(y[::16, ::16], 95))
        if abs(brightest - _AUTO_TARGET) <= _AUTO_TOLERANCE:
            return
        wanted = (_AUTO_TARGET / max(brightest, 8.0)) ** (GAMMA * 0.6)
        settings = self._settings
        product = settings.exposure_us * settings.gain * min(max(wanted, 0.25), 4.0)
        # A longer exposure is preferred to gain as long as it does not slow the stream.
        longest = min(EXPOSURE_US.maximum, 1e6 / self._config.fps)
        exposure_us = round(min(max(product, EXPOSURE_US.minimum), longest))
        gain = min(max(product / exposure_us, GAIN.minimum), GAIN.maximum)
        self._settings = replace(settings, exposure_us=exposure_us, gain=gain)


def _rgb(planes: Picture) -> NDArray[np.uint8]:
    y, u, v = (Image.fromarray(plane) for plane in planes)
    whole = [plane.resize(y.size, Image.Resampling.BILINEAR) for plane in (u, v)]
    return np.asarray(Image.merge("YCbCr", [y, *whole]).convert("RGB"))
