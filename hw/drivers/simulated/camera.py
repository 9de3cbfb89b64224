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
from hw.drivers.simulated.sensor import REFERENCE_BRIGHTNESS, REFERENCE_EXPOSURE_US, Sensor, amplified
from hw.drivers.simulated.specimen import Slide
from hw.drivers.simulated.world import GAMMA, World
from hw.errors import DeviceError, DeviceTimeout, InvalidRequest, NotFocused
from hw.limits import check_settings, stream_sizes
from hw.types import WHOLE_FIELD, CameraInfo, CameraSettings, Plane, Planes, Range, Shot, StillImage, Zoom
from hw.white_balance import cast_of

SENSOR_WIDTH, SENSOR_HEIGHT = 3280, 2464
EXPOSURE_US = Range(50, 200_000)
GAIN = Range(1.0, 16.0)
COLOUR_GAINS = Range(0.1, 8.0)
FPS = Range(1.0, 120.0)
ZOOM = Range(0.05, 1.0)

_STILL_TIMEOUT_S = 1.0
_AUTO_TARGET = 225.0
_AUTO_TOLERANCE = 4.0


class SimulatedCameraDriver:
    """A camera whose stream is a binned, cropped view of its 4:3 sensor.

    The stream's field lies in the middle of the sensor's and fills it in width or height, so a still
    shows the same place at a finer scale (1280 stream pixels at 0.25 um are 3280 sensor pixels at 0.098 um). Zoomed in,
    the stream has the sensor's pixels for as long as there are enough of them, and magnifies those beyond.
    """

    def __init__(self, config: SimulatedCamera, optics: Optics, world: World) -> None:
        self._config = config
        self._rig_um_per_px = optics.um_per_px
        self._world = world
        self._looking: tuple[tuple[float, float], Objective] | None = None
        self._settings = CameraSettings(fps=config.fps)
        self._closed = threading.Event()
        self._closed.set()
        self._next_due = 0.0
        self._frame_number = 0
        self._torn = 0.0
        self._info = CameraInfo(
            model="simulated",
            simulated=True,
            sensor_width=SENSOR_WIDTH,
            sensor_height=SENSOR_HEIGHT,
            stream_width=config.width,
            stream_height=config.height,
            exposure_us=EXPOSURE_US,
            gain=GAIN,
            auto_exposure=True,
            colour_gains=COLOUR_GAINS,
            auto_white_balance=True,
            fps=FPS,
            zoom=ZOOM,
            stream_sizes=stream_sizes((config.width, config.height), (SENSOR_WIDTH, SENSOR_HEIGHT)),
        )

    @cached_property
    def _slide(self) -> Slide:
        return Slide(self._config.seed)

    @property
    def _um_per_px(self) -> float:
        """Of the live picture in the rig file's size without zoom, through the objective in place."""
        return self._rig_um_per_px / self._world.magnified

    @property
    def _live_um_per_px(self) -> float:
        """The same of the size that the live picture has."""
        return self._um_per_px * self._config.width / self._info.stream_width

    @property
    def _objective(self) -> Objective:
        """What the stream looks through, at its present zoom."""
        scales = (self._live_um_per_px * max(self._settings.zoom.size, self._info.still_scale), self._um_per_px)
        if self._looking is None or self._looking[0] != scales:
            self._looking = (scales, Objective(self._slide, *scales))
        return self._looking[1]

    @cached_property
    def _sensor(self) -> Sensor:
        return Sensor(self._info.stream_width, self._info.stream_height, self._config.seed)

    def open(self) -> CameraInfo:
        """Start the stream; the first time, the slide is made. Raises ``DeviceError`` when unplugged."""
        self._check_plugged()
        self._live_picture()
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
        shot = self._shot(time.monotonic())
        settings = self._settings
        self._frame_number += 1
        planes = self._torn_at_times(Planes(*self._expose(self._sensor, self._live_picture(), settings), shot))
        yield planes
        if settings.auto_exposure:
            self._adapt(planes.y)
        if settings.auto_white_balance:
            self._adapt_colour(planes)

    def still(self, not_before_s: float, raw: bool) -> StillImage:
        """One picture of 3280 x 2464 pixels. Raises ``DeviceTimeout`` when the sensor is silent."""
        self._check_open()
        if raw:
            raise InvalidRequest("the simulated camera gives no raw pictures")
        settings = self._settings
        silent = self._world.faults.camera_silent
        self._wait(_STILL_TIMEOUT_S if silent else settings.exposure_us / 1e6)
        if silent:
            told = f"the simulated camera gave no still within {_STILL_TIMEOUT_S:g} s"
            raise DeviceTimeout(told, reason="no-picture", seconds=_STILL_TIMEOUT_S)
        # It is rendered from the world as it is now.
        shot = replace(self._shot(time.monotonic() + settings.exposure_us / 1e6), zoom=WHOLE_FIELD)
        self._frame_number += 1
        objective = Objective(self._slide, self._live_um_per_px * self._info.still_scale, self._um_per_px)
        picture = self._look(objective, SENSOR_WIDTH, SENSOR_HEIGHT, WHOLE_FIELD)
        sensor = Sensor(SENSOR_WIDTH, SENSOR_HEIGHT, self._config.seed)
        return StillImage(_rgb(self._expose(sensor, picture, settings)), shot, self._info.model)

    def apply(self, settings: CameraSettings) -> CameraSettings:
        """Set all that there is; see ``CameraDriver.apply``."""
        check_settings(settings, self._info)
        found = self._settings
        # What it has found by itself it keeps: a change of something else does not make it start again.
        if settings.auto_exposure and found.auto_exposure:
            settings = replace(settings, exposure_us=found.exposure_us, gain=found.gain)
        if settings.auto_white_balance and found.auto_white_balance:
            settings = replace(settings, red_gain=found.red_gain, blue_gain=found.blue_gain)
        self._settings = settings
        if settings.stream_height != found.stream_height:
            self._info = self._info.streaming(settings.stream_height)
            self.__dict__.pop("_sensor", None)
        if settings.zoom != found.zoom or settings.stream_height != found.stream_height:
            self._sensor.zoom(settings.zoom)
        return settings

    def autofocus(self) -> float:
        """It has no lens of its own: raises ``NotFocused``."""
        raise NotFocused("the simulated camera has no lens of its own")

    def _torn_at_times(self, planes: Planes) -> Planes:
        """The picture, or the upper half of it where that is asked for."""
        self._torn += self._world.faults.frames_corrupt_fraction
        if self._torn < 1.0:
            return planes
        self._torn %= 1.0
        y, u, v = (plane[: len(plane) // 2] for plane in (planes.y, planes.u, planes.v))
        return replace(planes, y=y, u=u, v=v)

    def _check_plugged(self) -> None:
        if self._world.faults.thread_dies == "camera":
            raise RuntimeError("simulated fault: something that nobody foresaw")
        if self._world.faults.camera_unplugged:
            raise DeviceError("simulated fault: the camera is unplugged", reason="unplugged")

    def _check_open(self) -> None:
        self._check_plugged()
        if self._closed.is_set():
            raise DeviceError("the camera is closed", reason="not-open")

    def _await_sensor(self, timeout_s: float) -> None:
        """Wait until the sensor has its next picture: at a fixed pace, and a late caller gets no burst."""
        self._check_open()
        period_s = max(1 / self._settings.fps, self._settings.exposure_us / 1e6)
        now = time.monotonic()
        due = self._next_due if self._next_due > now - period_s else now
        silent = self._world.faults.camera_silent or due - now > timeout_s
        self._wait(timeout_s if silent else due - now)
        if silent:
            told = f"the simulated camera gave no picture within {timeout_s:g} s"
            raise DeviceTimeout(told, reason="no-picture", seconds=timeout_s)
        self._next_due = due + period_s

    def _wait(self, seconds: float) -> None:
        """Let the sensor's time pass, unless the camera goes away."""
        if self._closed.wait(max(seconds, 0.0)):
            raise DeviceError("the camera was closed", reason="not-open")
        self._check_plugged()

    def _expose(self, sensor: Sensor, picture: Picture, settings: CameraSettings) -> Picture:
        """What the sensor makes of a picture in the light that there is, with white balance."""
        red, green, blue = self._world.light
        # Its wells fill by the strongest colour; the others are that much weaker.
        brightest = max(red, green, blue, 1e-9)
        exposure = settings.exposure_us / REFERENCE_EXPOSURE_US
        exposed = sensor.expose(picture, exposure * brightest / REFERENCE_BRIGHTNESS, settings.gain, self._frame_number)
        gains = (red / brightest * settings.red_gain, green / brightest, blue / brightest * settings.blue_gain)
        return amplified(exposed, gains if brightest > 1e-9 else (1, 1, 1))

    def _shot(self, ended_s: float) -> Shot:
        """How a picture was taken whose exposure ends at a moment of ``time.monotonic()``."""
        settings = self._settings
        return Shot(
            captured_at=time.time() + self._world.faults.clock_jump_s,
            began_s=ended_s - settings.exposure_us / 1e6,
            exposure_us=settings.exposure_us,
            gain=settings.gain,
            red_gain=settings.red_gain,
            blue_gain=settings.blue_gain,
            zoom=settings.zoom,
        )

    def _live_picture(self) -> Picture:
        """The stream's next picture; beyond the sensor's resolution its pixels are magnified."""
        size, zoom = (self._info.stream_width, self._info.stream_height), self._settings.zoom
        magnified = self._info.still_scale / zoom.size
        if magnified <= 1:
            return self._look(self._objective, *size, zoom)
        width, height = (max(2 * round(side / magnified / 2), 2) for side in size)
        y, u, v = (Image.fromarray(plane) for plane in self._look(self._objective, width, height, zoom))
        half = (size[0] // 2, size[1] // 2)
        bigger = ((y, size), (u, half), (v, half))
        planes = [np.asarray(plane.resize(to, Image.Resampling.BICUBIC)) for plane, to in bigger]
        return planes[0], planes[1], planes[2]

    def _look(self, objective: Objective, width: int, height: int, zoom: Zoom) -> Picture:
        world, exposure_s = self._world, self._settings.exposure_us / 1e6
        smear_x, smear_y = (abs(speed) * exposure_s for speed in world.velocity_um_per_s)
        x_um = world.x_um + (zoom.x + zoom.size / 2 - 0.5) * self._config.width * self._um_per_px
        y_um = world.y_um + (zoom.y + zoom.size / 2 - 0.5) * self._config.height * self._um_per_px
        return objective.picture(x_um, y_um, world.defocus_um, width, height, (smear_x, smear_y))

    def _adapt_colour(self, planes: Planes) -> None:
        """Move the gains part of the way to where most of the picture is grey, whatever it shows."""
        settings = self._settings
        try:
            wanted = cast_of(planes).corrected(settings.red_gain, settings.blue_gain)
        except InvalidRequest:
            return  # too dark or too bright to tell
        now = (settings.red_gain, settings.blue_gain)
        red_gain, blue_gain = (
            min(max(gain * (aim / gain) ** 0.3, COLOUR_GAINS.minimum), COLOUR_GAINS.maximum)
            for gain, aim in zip(now, wanted, strict=True)
        )
        self._settings = replace(settings, red_gain=red_gain, blue_gain=blue_gain)

    def _adapt(self, y: Plane) -> None:
        """Move exposure, then gain, part of the way to a bright field just below white."""
        brightest = float(np.percentile(y[::16, ::16], 95))
        if abs(brightest - _AUTO_TARGET) <= _AUTO_TOLERANCE:
            return
        wanted = (_AUTO_TARGET / max(brightest, 8.0)) ** (GAMMA * 0.6)
        settings = self._settings
        product = settings.exposure_us * settings.gain * min(max(wanted, 0.25), 4.0)
        # A longer exposure is preferred to gain as long as it does not slow the stream.
        longest = min(EXPOSURE_US.maximum, 1e6 / settings.fps)
        exposure_us = round(min(max(product, EXPOSURE_US.minimum), longest))
        gain = min(max(product / exposure_us, GAIN.minimum), GAIN.maximum)
        self._settings = replace(settings, exposure_us=exposure_us, gain=gain)


def _rgb(planes: Picture) -> NDArray[np.uint8]:
    y, u, v = (Image.fromarray(plane) for plane in planes)
    whole = [plane.resize(y.size, Image.Resampling.BILINEAR) for plane in (u, v)]
    return np.asarray(Image.merge("YCbCr", [y, *whole]).convert("RGB"))
