"""The camera thread: owns the camera, its buffers and the JPEG encoder."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import simplejpeg
from psygnal import Signal

from hw.errors import InvalidRequest
from hw.protocols import CameraDriver
from hw.types import CameraInfo, CameraSettings, CameraState, Frame, Plane, Planes, Position, Size, StillImage
from hw.worker import Worker

log = logging.getLogger(__name__)

_FRAME_TIMEOUT_S = 2.0
_FPS_SMOOTHING = 0.1


class Camera(Worker):
    """Streams JPEG frames in the sizes that someone watches, takes stills, applies settings.

    ``position`` is asked at each picture for the stage's published position (``None`` where there is no stage).
    ``settings`` are set when the camera opens, as near as it allows.
    """

    frame_ready = Signal(Frame)
    niceness = 5
    """Compression leaves the processor to the event loop: on one core that halves the loop's lag (scripts/bench)."""

    def __init__(self, driver: CameraDriver, position: Callable[[], Position | None], settings: CameraSettings) -> None:
        self._driver = driver
        self._position = position
        self._info: CameraInfo | None = None
        self._settings = settings
        self._frame_id = 0
        self._captured_at = 0.0
        self._period_s = 0.0
        self._wanted: frozenset[Size] = frozenset()
        self.captured = 0
        """Live pictures taken from the driver."""
        self.encoded = dict.fromkeys(Size, 0)
        """Live pictures compressed, by size."""
        super().__init__("camera", driver)

    @property
    def state(self) -> CameraState:
        return CameraState(status=self._status, info=self._info, settings=self._settings, fault=self._fault_text)

    def watch(self, sizes: frozenset[Size]) -> None:
        """Say which sizes anybody wants, from any thread: nothing is encoded for nobody."""
        self._wanted = sizes

    def change(self, **changes: Any) -> Future[CameraState]:
        """Change settings (fields of ``CameraSettings``); the others stay. The result is what is in force.

        Raises ``InvalidRequest`` for a value that the camera does not allow; then nothing is changed.
        """
        quality = replace(self._settings, **changes).jpeg_quality
        if not 1 <= quality <= 100:
            raise InvalidRequest(f"jpeg_quality must be from 1 to 100, not {quality}", minimum=1, maximum=100)
        return self._submit(lambda: self._change(changes))

    def still(self) -> Future[StillImage]:
        """A full-resolution picture, captured after the call."""
        return self._submit(self._still)

    def _open(self) -> None:
        self._info = self._driver.open()
        self._settings = self._driver.apply(_within(self._settings, self._info))
        log.info("camera: %s", ", ".join(f"{key} {value}" for key, value in asdict(self._info).items()))

    def _turn(self) -> None:
        while self._run_job(timeout_s=0):
            pass
        if self._closing:
            return
        with self._driver.frame(_FRAME_TIMEOUT_S + self._settings.exposure_us / 1e6) as planes:
            position = self._position()
            self._measure_rate(planes.captured_at)
            wanted = self._wanted
            self._frame_id += bool(wanted)
            frames = [self._encode(planes, size, position) for size in Size if size in wanted]
        self.captured += 1
        for frame in frames:
            self.encoded[frame.size] += 1
            self.frame_ready.emit(frame)

    def _encode(self, planes: Planes, size: Size, position: Position | None) -> Frame:
        started = time.perf_counter()
        y, u, v = planes.y, planes.u, planes.v
        if size is Size.REDUCED:
            y, u, v = _halved(y), _halved(u), _halved(v)
        jpeg = simplejpeg.encode_jpeg_yuv_planes(y, u, v, quality=self._settings.jpeg_quality, fastdct=True)
        return Frame(
            frame_id=self._frame_id,
            jpeg=jpeg,
            width=y.shape[1],
            height=y.shape[0],
            captured_at=planes.captured_at,
            exposure_us=planes.exposure_us,
            gain=planes.gain,
            position=position,
            fps=round(1 / self._period_s, 2) if self._period_s else 0.0,
            size=size,
            encode_s=time.perf_counter() - started,
        )

    def _measure_rate(self, captured_at: float) -> None:
        period_s = captured_at - self._captured_at if self._captured_at else 0.0
        self._captured_at = captured_at
        if 0 < period_s < _FRAME_TIMEOUT_S + self._settings.exposure_us / 1e6:
            smoothing = _FPS_SMOOTHING if self._period_s else 1.0
            self._period_s += smoothing * (period_s - self._period_s)

    def _change(self, changes: dict[str, Any]) -> CameraState:
        self._settings = self._driver.apply(replace(self._settings, **changes))
        self.changed.emit(self.state)
        return self.state

    def _still(self) -> StillImage:
        return replace(self._driver.still(), position=self._position())


def _halved(plane: Plane) -> Plane:
    """The plane at half its width and height: the mean of each two by two pixels.

    ``plane`` has shape (height, width), ``uint8``, unit step along a row; an odd last row or column is left out.
    """
    height, width = plane.shape
    # Two neighbours in a row are read as one 16-bit number: contiguous sums are much quicker than strided ones.
    pairs = plane[: height & ~1, : width & ~1].view(np.uint16)
    sums = (pairs & 0xFF) + (pairs >> 8)
    return ((sums[0::2] + sums[1::2] + 2) >> 2).astype(np.uint8)


def _within(settings: CameraSettings, info: CameraInfo) -> CameraSettings:
    """The nearest to ``settings`` that this camera allows: some sensors' least gain is above 1."""
    exposure_us, gain = settings.exposure_us, settings.gain
    if info.exposure_us is not None:
        exposure_us = round(min(max(exposure_us, info.exposure_us.minimum), info.exposure_us.maximum))
    if info.gain is not None:
        gain = min(max(gain, info.gain.minimum), info.gain.maximum)
    return replace(settings, exposure_us=exposure_us, gain=gain)
