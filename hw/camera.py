"""The camera thread: owns the camera, its buffers and the JPEG encoder."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import Any, TypeVar

import numpy as np
import simplejpeg
from psygnal import Signal

from hw.camera_file import CameraFile
from hw.errors import DeviceError, DeviceTimeout, EyepieceError, InvalidRequest, NotStored
from hw.limits import check_change, check_settings, nearest
from hw.protocols import CameraDriver
from hw.sharpness import focus_score
from hw.types import CameraInfo, CameraSettings, CameraState, Frame, Plane, Planes, Position, Shot, Size, StillImage
from hw.white_balance import cast_of
from hw.worker import Worker

log = logging.getLogger(__name__)

_FRAME_TIMEOUT_S = 2.0
_EXPOSURES = 20
"""So many pictures may be waited for in one turn."""
_FPS_SMOOTHING = 0.1
_STORE_S = 1.0
"""Rest after which changed settings are stored: a slider is one write, and not one for each of its places."""
_STORE_AGAIN_S = 60.0
"""Rest after which a disk that did not take them is tried again."""
_REOPENINGS = 2
"""So often a camera that gave pictures and hangs is opened again before the process is left."""
_BALANCE_ROUNDS = 8
_TORN_IN_A_ROW = 30
"""So many torn pictures one after the other are a camera that has failed."""

T = TypeVar("T")


class Camera(Worker):
    """Streams JPEG frames in the sizes that someone watches, takes stills, applies settings and keeps them.

    ``position`` is asked at each picture for the stage's published position (``None`` where there is no stage).
    ``defaults`` are set when the camera opens, as near as it allows, unless ``memory`` has something for its model.
    """

    frame_ready = Signal(Frame)
    niceness = 5
    """Compression leaves the processor to the event loop: on one core that halves the loop's lag (scripts/bench)."""
    patience_s = 60.0
    """Opening lists the sensor's modes, which takes an old board ten seconds; nothing else takes as long."""

    def __init__(
        self,
        driver: CameraDriver,
        position: Callable[[], Position | None],
        defaults: CameraSettings,
        memory: CameraFile | None = None,
    ) -> None:
        self._driver = driver
        self._position = position
        self._info: CameraInfo | None = None
        self._defaults = self._settings = defaults
        self._asked = defaults
        """What is set, where ``_settings`` is what came of it: a sensor rounds down, and would go on doing so."""
        self._memory = memory
        self._remembered = False
        self._store_at_s: float | None = None
        self._storing = threading.Lock()
        self._shot: Shot | None = None
        self._hangs = 0
        self._frame_id = 0
        self._period_s = 0.0
        self._wanted: frozenset[Size] = frozenset()
        self.captured = 0
        """Live pictures taken from the driver."""
        self.torn = 0
        """Those that came without all their rows."""
        self.encoded = dict.fromkeys(Size, 0)
        """Live pictures compressed, by size."""
        super().__init__("camera", driver)

    @property
    def state(self) -> CameraState:
        return CameraState(
            status=self._status,
            info=self._info,
            settings=self._settings,
            fault=self._fault_text,
            fault_facts=self._fault_facts,
            revision=self._revision,
        )

    def watch(self, sizes: frozenset[Size]) -> None:
        """Say which sizes anybody wants, from any thread: nothing is encoded for nobody."""
        self._wanted = sizes

    def change(self, **changes: Any) -> Future[CameraState]:
        """Change settings (fields of ``CameraSettings``); the others stay. The result is what is in force.

        An automatic that is switched off leaves its values as it found them. The future raises ``InvalidRequest`` for
        what the camera lacks or does not allow; then nothing is changed.
        """
        replace(self._settings, **changes)  # a name that there is not is the caller's error
        return self._submit(lambda: self._change(changes))

    def reset(self) -> Future[CameraState]:
        """Set everything as it was before anyone changed anything."""
        return self._submit(lambda: self._set(nearest(self._defaults, self._require_info())))

    def white_balance(self) -> Future[CameraState]:
        """Make what most of the picture shows grey, and keep the gains for that: for a blank, evenly lit field.

        The future raises ``InvalidRequest`` where the camera has no such gains, or the field is too dark or too bright.
        """
        return self._submit(self._balance)

    def autofocus(self) -> Future[CameraState]:
        """Focus the camera's own lens, and keep it there. The future raises ``InvalidRequest`` or ``NotFocused``."""
        return self._submit(self._autofocus)

    def still(self, raw: bool = False) -> Future[StillImage]:
        """A full-resolution picture whose exposure begins after this call: what moved before has come to rest.

        With ``raw`` it has what the sensor measured; the future raises ``InvalidRequest`` where the camera has no such.
        """
        called_s = time.monotonic()
        return self._submit(lambda: self._still(called_s, raw))

    def keep(self) -> None:
        """Store the settings that were changed and not stored yet; from any thread. Blocks on the disk.

        Raises ``NotStored``.
        """
        with self._storing:
            if self._store_at_s is not None and self._memory is not None:
                self._store_at_s = None  # first: what is changed meanwhile is stored the next time
                try:
                    self._memory.store(self._require_info().model, self._asked)
                except NotStored:
                    self._store_at_s = time.monotonic() + _STORE_AGAIN_S
                    raise

    # From here on: the camera's own thread.

    def _open(self) -> None:
        self._info = info = self._driver.open()
        if self._memory is not None and not self._remembered:
            self._asked = self._memory.load(info.model) or self._asked
            self._remembered = True
        self._asked = nearest(self._asked, info)
        self._apply(self._asked)
        log.info("camera: %s", ", ".join(f"{key} {value}" for key, value in asdict(info).items()))

    def _turn(self) -> None:
        while self._run_job(timeout_s=0):
            self._beat()
        if self._closing:
            return
        self._picture(lambda planes: None)
        store_at_s = self._store_at_s  # another thread may store it at any moment
        if store_at_s is not None and time.monotonic() > store_at_s:
            self._keep_or_say()

    def _end(self) -> None:
        self._keep_or_say()
        super()._end()

    def _keep_or_say(self) -> None:
        try:
            self.keep()
        except NotStored as error:
            log.error("%s", error)

    def _is_hopeless(self, fault: EyepieceError) -> bool:
        """A camera that gave pictures and now hangs at each opening. One that never gave any is no better elsewhere."""
        if not self.captured or not isinstance(fault, DeviceTimeout):
            return False
        self._hangs += 1
        if self._hangs <= _REOPENINGS:
            return False
        log.critical(
            "camera: opened again %d times, and it hangs; the process is left to be started afresh", _REOPENINGS
        )
        return True

    def _picture(self, look: Callable[[Planes], T]) -> T:
        """Take the next live picture, show it to whoever watches, and return what ``look`` sees in it."""
        with self._whole_picture() as planes:
            position = self._position()
            self._measure_rate(planes.shot)
            wanted = self._wanted
            self._frame_id += bool(wanted)
            score = focus_score(planes.y) if wanted else None
            frames = [self._encode(planes, size, position, score) for size in Size if size in wanted]
            seen = look(planes)
        self.captured += 1
        self._hangs = 0
        for frame in frames:
            self.encoded[frame.size] += 1
            self.frame_ready.emit(frame)
        return seen

    @contextmanager
    def _whole_picture(self) -> Iterator[Planes]:
        """The next picture that has all its rows; those that come torn are counted and passed over."""
        info = self._require_info()
        height, width = info.stream_height, info.stream_width
        for _ in range(_TORN_IN_A_ROW):
            with self._driver.frame(_FRAME_TIMEOUT_S + self._settings.exposure_us / 1e6) as planes:
                if planes.y.shape == (height, width) and planes.u.shape == planes.v.shape == (height // 2, width // 2):
                    yield planes
                    return
            self.torn += 1
            if self.torn % _TORN_IN_A_ROW == 1:
                log.warning("camera: a picture came torn and is left out (%d so far)", self.torn)
        told = f"the camera gives torn pictures alone, {_TORN_IN_A_ROW} in a row"
        raise DeviceError(told, reason="torn-pictures", number=_TORN_IN_A_ROW)

    def _encode(self, planes: Planes, size: Size, position: Position | None, score: float | None) -> Frame:
        started = time.perf_counter()
        y, u, v = planes.y, planes.u, planes.v
        if size is Size.REDUCED:
            y, u, v = _halved(y), _halved(u), _halved(v)
        jpeg = simplejpeg.encode_jpeg_yuv_planes(y, u, v, quality=self._settings.jpeg_quality, fastdct=True)
        shot = planes.shot
        return Frame(
            frame_id=self._frame_id,
            jpeg=jpeg,
            width=y.shape[1],
            height=y.shape[0],
            captured_at=shot.captured_at,
            exposure_us=shot.exposure_us,
            gain=shot.gain,
            position=position,
            fps=round(1 / self._period_s, 2) if self._period_s else 0.0,
            size=size,
            encode_s=time.perf_counter() - started,
            began_s=shot.began_s,
            red_gain=shot.red_gain,
            blue_gain=shot.blue_gain,
            zoom=shot.zoom,
            lens_dioptres=shot.lens_dioptres,
            focus_score=score,
        )

    def _measure_rate(self, shot: Shot) -> None:
        period_s = shot.captured_at - self._shot.captured_at if self._shot else 0.0
        self._shot = shot
        if 0 < period_s < _FRAME_TIMEOUT_S + self._settings.exposure_us / 1e6:
            smoothing = _FPS_SMOOTHING if self._period_s else 1.0
            self._period_s += smoothing * (period_s - self._period_s)

    def _change(self, changes: dict[str, Any]) -> CameraState:
        info, before, shot = self._require_info(), self._asked, self._shot
        check_change(changes, before, info)
        settings = before
        if before.auto_exposure and changes.get("auto_exposure") is False and shot is not None:
            exposure_us, gain = shot.exposure_us or settings.exposure_us, shot.gain or settings.gain
            settings = replace(settings, exposure_us=exposure_us, gain=gain)
        if before.auto_white_balance and changes.get("auto_white_balance") is False:
            settings = _with_gains_of(shot, settings)
        return self._set(replace(nearest(settings, info), **changes))

    def _set(self, settings: CameraSettings) -> CameraState:
        info = self._require_info()
        check_settings(settings, info)
        self._apply(settings)
        self._asked = settings
        self._store_at_s = time.monotonic() + _STORE_S
        self._tell()
        return self.state

    def _apply(self, settings: CameraSettings) -> CameraSettings:
        """Have the driver set them; returns those in force."""
        self.slack_s = _EXPOSURES * max(settings.exposure_us, self._settings.exposure_us) / 1e6
        self._settings = settings = self._driver.apply(settings)
        self._info = self._require_info().streaming(settings.stream_height)
        return settings

    def _balance(self) -> CameraState:
        info, before = self._require_info(), self._asked
        if info.colour_gains is None:
            raise InvalidRequest("this camera has no white balance")
        settings = _with_gains_of(self._shot, replace(before, auto_white_balance=False))
        try:
            for _ in range(_BALANCE_ROUNDS):
                settings = nearest(settings, info)
                told = self._apply(settings)
                cast = self._picture(cast_of)
                if cast.is_grey:
                    return self._set(settings)
                red_gain, blue_gain = cast.corrected(told.red_gain, told.blue_gain)
                settings = replace(settings, red_gain=red_gain, blue_gain=blue_gain)
        except InvalidRequest:
            self._apply(nearest(before, info))
            raise
        self._apply(nearest(before, info))
        raise InvalidRequest(
            "no gains make this field grey: show a blank, evenly lit place",
            reason="not-grey",
            gains=asdict(info.colour_gains),
        )

    def _autofocus(self) -> CameraState:
        if not self._require_info().autofocus:
            raise InvalidRequest("this camera has no lens that can focus by itself")
        return self._set(replace(self._asked, lens_dioptres=self._driver.autofocus()))

    def _still(self, not_before_s: float, raw: bool) -> StillImage:
        formats = self._require_info().still_formats
        if raw and "dng" not in formats:
            raise InvalidRequest("this camera gives no raw pictures", allowed=list(formats))
        return replace(self._driver.still(not_before_s, raw), position=self._position())

    def _require_info(self) -> CameraInfo:
        if self._info is None:
            raise DeviceError("the camera is not open", reason="not-open")
        return self._info


def _with_gains_of(shot: Shot | None, settings: CameraSettings) -> CameraSettings:
    """``settings`` with the colour gains that a picture tells, if it does."""
    if shot is None or shot.red_gain is None or shot.blue_gain is None:
        return settings
    return replace(settings, red_gain=shot.red_gain, blue_gain=shot.blue_gain)


def _halved(plane: Plane) -> Plane:
    """The plane at half its width and height: the mean of each two by two pixels.

    ``plane`` has shape (height, width), ``uint8``, unit step along a row; an odd last row or column is left out.
    """
    height, width = plane.shape
    # Two neighbours in a row are read as one 16-bit number: contiguous sums are much quicker than strided ones.
    pairs = plane[: height & ~1, : width & ~1].view(np.uint16)
    sums = (pairs & 0xFF) + (pairs >> 8)
    return ((sums[0::2] + sums[1::2] + 2) >> 2).astype(np.uint8)
