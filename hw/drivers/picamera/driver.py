"""``CameraDriver`` for what libcamera finds on the CSI connector.

The live stream is YUV 4:2:0 at the size asked for; its buffers are lent as they are. A still switches to the sensor's
full resolution and back. Nothing that a camera's list of controls lacks is ever set.
"""

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from hw.config import Picamera
from hw.drivers.picamera.controls import Controls
from hw.drivers.picamera.library import is_pisp, model_of, reported, take
from hw.drivers.picamera.modes import full_field_mode, live_configuration, offers_raw, still_configuration
from hw.drivers.picamera.pictures import lend, next_request, raw_image, request_after, shot_of
from hw.drivers.picamera.tuning import PISP, VC4, Tuning, flat_table, load_tuning, tuning_path, with_shading
from hw.errors import ConfigError, DeviceError, NotFocused
from hw.limits import check_settings, stream_sizes
from hw.types import WHOLE_FIELD, CameraInfo, CameraSettings, Planes, StillImage

log = logging.getLogger(__name__)

_SWITCH_TIMEOUT_S = 10.0
"""For stopping, configuring and starting the camera, or for its first picture at full resolution; and exposures."""
_EXPOSURES = 4
"""Pictures that pass until one begun after a moment is there."""
_CONFIRM_FRAMES = 12
"""Within so many pictures a new exposure shows: a sensor needs two or three, its processor some more."""
_FOCUS_S = 12.0
"""For a search along the whole way of the lens."""
_AF_AUTO, _AF_START = 1, 0
_AF_FOCUSED, _AF_FAILED = 2, 3
"""libcamera's ``AfMode``, ``AfTrigger`` and ``AfState``."""


class Picamera2Driver:
    """``CameraDriver`` for what libcamera lists as camera number ``config.index``."""

    def __init__(self, config: Picamera, folder: Path = Path()) -> None:
        """``folder`` is where the rig's own tuning files are."""
        self._config = config
        self._folder = folder
        self._camera: Any = None
        self._info: CameraInfo | None = None
        self._controls = Controls({}, config.fps)
        self._settings = CameraSettings(fps=config.fps)
        self._mode: Mapping[str, Any] | None = None
        self._streamed = self._size

    def open(self) -> CameraInfo:
        """Take the camera and start its stream; raises ``DeviceError`` where there is none or it is taken."""
        self.close()
        try:
            with reported("the camera could not be opened"):
                self._camera = take(self._config.index, self._tuning(model_of(self._config.index)))
                self._info = self._start()
        except BaseException:
            self.close()
            raise
        return self._info

    def close(self) -> None:
        """Stop the stream and free the camera."""
        camera, self._camera, self._info = self._camera, None, None
        if camera is not None:
            with reported("the camera could not be closed"):
                try:
                    camera.close()
                except RuntimeError:
                    # Its event loop did not start or end in order; without one Picamera2 stops the camera itself.
                    camera.detach_preview()
                    camera.close()

    @contextmanager
    def frame(self, timeout_s: float) -> Iterator[Planes]:
        """The next picture, lent without a copy; see ``CameraDriver.frame``."""
        camera, _ = self._opened()
        request = next_request(camera, timeout_s)
        with ExitStack() as stack:
            stack.callback(request.release)
            with reported("the picture cannot be read"):
                metadata = request.get_metadata()
                shot = shot_of(metadata, self._controls.zoom_of(metadata))
            # Not kept in a name here: Picamera2 cannot free a buffer as long as anything looks at it.
            yield lend(stack, request, camera.stream_configuration("main"), shot)

    def still(self, not_before_s: float, raw: bool) -> StillImage:
        """One picture at full resolution, of the whole field; the live stream pauses for it."""
        camera, info = self._opened()
        with reported("the still failed"):
            preview = (info.stream_width, info.stream_height) if raw else None
            full = still_configuration(camera, preview, self._controls.of_still(self._settings))
            try:
                camera.switch_mode(full, wait=self._patience_s)
                return self._take_still(camera, info, not_before_s, raw)
            finally:
                self._stream()

    def apply(self, settings: CameraSettings) -> CameraSettings:
        """Set what the camera can set, then wait for a picture that was taken so; see ``CameraDriver.apply``.

        Returns what the picture tells, which the sensor rounds. Another rate, size or zoom may need another mode of the
        sensor; the stream stops and starts for it.
        """
        _, info = self._opened()
        check_settings(settings, info)
        settings = replace(
            settings,
            auto_exposure=settings.auto_exposure and info.auto_exposure,
            auto_white_balance=settings.auto_white_balance and info.auto_white_balance,
        )
        with reported("the settings were not taken"):
            self._settings = settings
            if self._mode != self._wanted_mode() or self._streamed != self._size:
                self._stream()
            return self._confirmed(settings)

    def autofocus(self) -> float:
        """Have the camera's lens search; see ``CameraDriver.autofocus``."""
        camera, _ = self._opened()
        deadline_s = time.monotonic() + _FOCUS_S
        begun_s = time.monotonic()
        with reported("the lens could not be focused"):
            camera.set_controls({"AfMode": _AF_AUTO, "AfTrigger": _AF_START})
            searching = False
            while time.monotonic() < deadline_s:
                metadata = self._next_metadata(begun_s)
                state = metadata.get("AfState")
                # What it says before it has begun is of the search before.
                if searching and state == _AF_FOCUSED:
                    return round(float(metadata["LensPosition"]), 3)
                if searching and state == _AF_FAILED:
                    break
                searching = searching or state not in (_AF_FOCUSED, _AF_FAILED)
            camera.set_controls(self._controls.of(self._settings))
        raise NotFocused("the lens found nothing sharp")

    def _opened(self) -> tuple[Any, CameraInfo]:
        if self._camera is None or self._info is None:
            raise DeviceError("the camera is not open", reason="not-open")
        return self._camera, self._info

    def _tuning(self, model: str) -> str | Tuning | None:
        """The tuning that the rig file asks for; ``None`` where libcamera's own for the sensor and board serves."""
        config = self._config
        if config.tuning is None and not config.flat_shading:
            return None
        board = PISP if is_pisp() else VC4
        try:
            path = tuning_path(config.tuning or f"{model}.json", board, self._folder)
            tuning = load_tuning(path, board)
            if not config.flat_shading:
                return str(path)
            flat = flat_table(board)
            return with_shading(tuning, board, flat, flat, flat)
        except ConfigError as error:
            raise DeviceError(str(error), reason="tuning") from error

    def _start(self) -> CameraInfo:
        camera, config = self._camera, self._config
        self._settings = replace(self._settings, fps=config.fps, zoom=WHOLE_FIELD, stream_height=None)
        modes = camera.sensor_modes
        self._mode = self._wanted_mode()
        self._controls = Controls(camera.camera_controls, config.fps)
        pace = {name: value for name, value in self._controls.of(self._settings).items() if name.startswith("Frame")}
        self._streamed = self._size
        camera.configure(live_configuration(camera, self._size, self._mode, pace))
        camera.start()
        stream = camera.stream_configuration("main")
        if stream["format"] != "YUV420":
            told = f"the camera gives {stream['format']} and not YUV420"
            raise DeviceError(told, reason="camera-format", format=str(stream["format"]))
        self._controls = controls = Controls(camera.camera_controls, config.fps)
        log.debug("sensor modes: %s; taken: %s", modes, self._mode)
        return CameraInfo(
            model=str(camera.camera_properties.get("Model", "unknown")),
            simulated=False,
            sensor_width=camera.sensor_resolution[0],
            sensor_height=camera.sensor_resolution[1],
            stream_width=stream["size"][0],
            stream_height=stream["size"][1],
            exposure_us=controls.exposure_us,
            gain=controls.gain,
            auto_exposure=controls.auto_exposure,
            colour_gains=controls.colour_gains,
            auto_white_balance=controls.auto_white_balance,
            fps=controls.fps,
            zoom=controls.zoom,
            lens_dioptres=controls.lens_dioptres,
            autofocus=controls.autofocus,
            still_formats=("jpeg", "png", "tiff", "dng") if offers_raw(camera) else ("jpeg", "png", "tiff"),
            stream_sizes=stream_sizes((stream["size"][0], stream["size"][1]), camera.sensor_resolution),
        )

    @property
    def _size(self) -> tuple[int, int]:
        """Of the live picture, as it is set."""
        if self._info is None:
            return self._config.width, self._config.height
        info = self._info.streaming(self._settings.stream_height)
        return info.stream_width, info.stream_height

    @property
    def _patience_s(self) -> float:
        return _SWITCH_TIMEOUT_S + _EXPOSURES * self._settings.exposure_us / 1e6

    def _wanted_mode(self) -> Mapping[str, Any] | None:
        settings = self._settings
        return full_field_mode(self._camera.sensor_modes, self._size, settings.fps, settings.zoom)

    def _stream(self) -> None:
        """Stream again, with the settings, from whatever mode the camera is in."""
        camera = self._camera
        self._mode, self._streamed = self._wanted_mode(), self._size
        # Every mode switch starts from its configuration's controls alone.
        controls = self._controls.of(self._settings)
        live = live_configuration(camera, self._size, self._mode, controls)
        camera.switch_mode(live, wait=self._patience_s)
        if "ScalerCrop" in controls:
            # On a Raspberry Pi 5 Picamera2 starts each mode with crops of its own, which go before this one.
            camera.set_controls({"ScalerCrop": controls["ScalerCrop"]})

    def _confirmed(self, settings: CameraSettings) -> CameraSettings:
        """Set ``settings`` and return them as a picture tells: the first that has them, else the last waited for."""
        wanted = self._controls.of(settings)
        self._camera.set_controls(wanted)
        if not wanted:
            return settings
        for _ in range(_CONFIRM_FRAMES):
            metadata = self._next_metadata()
            differing = self._controls.differing(metadata, wanted)
            if not differing:
                break
        else:
            log.warning("the camera does not do as it was told: wanted %s, got %s", wanted, differing)
        return self._controls.in_force(settings, metadata)

    def _next_metadata(self, not_before_s: float = 0.0) -> Mapping[str, Any]:
        request = request_after(self._camera, not_before_s, self._patience_s)
        try:
            metadata: Mapping[str, Any] = request.get_metadata()
            return metadata
        finally:
            request.release()

    def _take_still(self, camera: Any, info: CameraInfo, not_before_s: float, raw: bool) -> StillImage:
        request = request_after(camera, not_before_s, self._patience_s)
        try:
            metadata = request.get_metadata()
            measured = None
            if raw:
                measured = raw_image(request.make_buffer("raw"), camera.stream_configuration("raw"), metadata)
            return StillImage(request.make_array("main"), shot_of(metadata), info.model, measured)
        finally:
            request.release()
