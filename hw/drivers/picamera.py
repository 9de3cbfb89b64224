"""A camera on the CSI connector, through Picamera2: the one module that knows it.

The live stream is YUV 4:2:0 at the size asked for, scaled by the camera's own processor, in the colours that
a JPEG has; its buffers are lent as they are. A still switches to the sensor's full resolution and back.
"""

import importlib
import math
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hw.config import Picamera
from hw.errors import DeviceError, DeviceTimeout, EyepieceError, InvalidRequest
from hw.nodes import camera_trouble
from hw.types import CameraInfo, CameraSettings, Planes, Range, StillImage

_STREAM_BUFFERS = 4
"""One lent, one at the sensor, two between: contiguous memory is scarce on a Raspberry Pi."""
_LONGEST_FRAME_US = 500_000
"""How far a long exposure may slow the stream down."""
_SWITCH_TIMEOUT_S = 10.0
"""For stopping, configuring and starting the camera, or for its first picture at full resolution."""
_CANCEL_TIMEOUT_S = 1.0
"""For a picture that came in the moment its wait ran out."""
_CONFIRM_FRAMES = 12
"""Within so many pictures a new exposure shows: a sensor needs two or three, its processor some more."""
_ROUNDING = {"ExposureTime": 60, "AnalogueGain": 0.15}
"""What a sensor may make of a value: exposures come in lines (10 to 60 us), gains in steps."""


class Picamera2Driver:
    """``CameraDriver`` for what libcamera lists as camera number ``config.index``."""

    def __init__(self, config: Picamera) -> None:
        self._config = config
        self._camera: Any = None
        self._info: CameraInfo | None = None
        self._pace: dict[str, Any] = {}
        self._controls: dict[str, Any] = {}
        self._stream: dict[str, Any] = {}

    def open(self) -> CameraInfo:
        """Take the camera and start its stream; raises ``DeviceError`` where there is none or it is taken."""
        self.close()
        try:
            with _reported("the camera could not be opened"):
                self._camera = _take(self._config.index)
                self._info = self._start()
        except BaseException:
            self.close()
            raise
        return self._info

    def close(self) -> None:
        """Stop the stream and free the camera."""
        camera, self._camera, self._info = self._camera, None, None
        if camera is not None:
            with _reported("the camera could not be closed"):
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
        request = _next_request(camera, timeout_s)
        with ExitStack() as stack:
            stack.callback(request.release)
            # Not kept in a name here: Picamera2 cannot free a buffer as long as anything looks at it.
            yield _lend(stack, request, camera.stream_configuration("main"))

    def still(self) -> StillImage:
        """One RGB picture at full resolution; the live stream pauses for it."""
        camera, _ = self._opened()
        with _reported("the still failed"):
            full = camera.create_still_configuration(
                # Picamera2 names the order of the bits in a word: its BGR888 is R, G, B in memory.
                main={"size": camera.sensor_resolution, "format": "BGR888"},
                raw=None,
                buffer_count=1,
                queue=False,
                controls=self._controls,
            )
            try:
                camera.switch_mode(full, wait=_SWITCH_TIMEOUT_S)
                return _take_still(camera)
            finally:
                live = self._stream | {"controls": self._stream["controls"] | self._controls}
                camera.switch_mode(live, wait=_SWITCH_TIMEOUT_S)

    def apply(self, settings: CameraSettings) -> CameraSettings:
        """Set exposure and gain, then wait for a picture that was taken with them.

        Controls that the camera lacks are left alone. Returns what the picture tells of its exposure and
        gain, which the sensor rounds; raises ``InvalidRequest`` for a value outside ``CameraInfo``'s ranges.
        """
        camera, info = self._opened()
        _check("exposure_us", settings.exposure_us, info.exposure_us)
        _check("gain", settings.gain, info.gain)
        settings = replace(settings, auto_exposure=settings.auto_exposure and info.auto_exposure)
        wanted: dict[str, Any] = {}
        if info.auto_exposure:
            wanted["AeEnable"] = settings.auto_exposure
        if not settings.auto_exposure:
            if info.exposure_us is not None:
                wanted["ExposureTime"] = settings.exposure_us
            if info.gain is not None:
                wanted["AnalogueGain"] = settings.gain
        with _reported("the settings were not taken"):
            camera.set_controls(wanted)
            # Every mode switch starts from its configuration's controls alone.
            self._controls = self._pace | wanted
            return settings if settings.auto_exposure else _confirm(camera, settings, wanted)

    def _opened(self) -> tuple[Any, CameraInfo]:
        if self._camera is None or self._info is None:
            raise DeviceError("the camera is not open")
        return self._camera, self._info

    def _start(self) -> CameraInfo:
        import libcamera

        camera, config = self._camera, self._config
        frame_us = round(1e6 / config.fps)
        longest_us = max(frame_us, _LONGEST_FRAME_US)
        self._pace = {}
        if "FrameDurationLimits" in camera.camera_controls:
            self._pace["FrameDurationLimits"] = (frame_us, longest_us)
        self._controls = self._pace
        options: dict[str, Any] = {}
        mode = full_field_mode(camera.sensor_modes, (config.width, config.height), config.fps)
        if mode is not None:
            options["sensor"] = {"output_size": mode["size"], "bit_depth": mode["bit_depth"]}
        self._stream = camera.create_video_configuration(
            main={"size": (config.width, config.height), "format": "YUV420"},
            raw=None,
            colour_space=libcamera.ColorSpace.Sycc(),
            buffer_count=_STREAM_BUFFERS,
            queue=False,
            controls=self._controls,
            **options,
        )
        camera.configure(self._stream)
        camera.start()
        stream = camera.stream_configuration("main")
        if stream["format"] != "YUV420":
            raise DeviceError(f"the camera gives {stream['format']} and not YUV420")
        controls = camera.camera_controls
        return CameraInfo(
            model=str(camera.camera_properties.get("Model", "unknown")),
            simulated=False,
            sensor_width=camera.sensor_resolution[0],
            sensor_height=camera.sensor_resolution[1],
            stream_width=stream["size"][0],
            stream_height=stream["size"][1],
            stream_fps=config.fps,
            exposure_us=_range(controls, "ExposureTime", 1, longest_us),
            gain=_range(controls, "AnalogueGain", 1, math.inf),
            auto_exposure="AeEnable" in controls,
        )


def import_picamera2() -> ModuleType:
    """Picamera2, where it is installed; raises ``DeviceError`` where it is not.

    Its preview on a screen needs ``pykms`` while it is being imported. A microscope has no screen: where
    neither ``pykms`` nor ``kms`` is installed, an empty module stands in.
    """
    if not any(_importable(name) for name in ("kms", "pykms")):
        stand_in = ModuleType("pykms")
        stand_in.__dict__["PixelFormat"] = _AnyPixelFormat()
        sys.modules["pykms"] = stand_in
    try:
        return importlib.import_module("picamera2")
    except ImportError as error:
        raise DeviceError(f"Picamera2 cannot be used here: {error}") from error


def full_field_mode(modes: Sequence[Mapping[str, Any]], size: tuple[int, int], fps: float) -> Mapping[str, Any] | None:
    """The sensor mode for a stream: the whole field of view, so that live view and stills share one scale.

    Of Picamera2's ``sensor_modes`` with the largest crop: the smallest that has ``size`` and ``fps``, else
    that has ``fps``, else the fastest. ``None`` where the camera tells no modes.
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
        return missing_fps, too_small, width * height, -mode["bit_depth"]

    return min(whole, key=cost)


class _AnyPixelFormat:
    def __getattr__(self, name: str) -> None:
        return None


def _importable(name: str) -> bool:
    try:
        importlib.import_module(name)
    except ImportError:
        return False
    return True


def _take(index: int) -> Any:
    picamera2 = import_picamera2()
    import libcamera

    # Asked anew each time: a camera that was not ready yet may be there now.
    manager = libcamera.CameraManager.singleton()
    found = len(manager.cameras)
    del manager
    if index >= found:
        why = "" if found else f" ({camera_trouble()})"
        raise DeviceError(f"there is no camera number {index}: libcamera finds {found}{why}")
    camera = picamera2.Picamera2.__new__(picamera2.Picamera2)
    try:
        camera.__init__(index)
    except BaseException:
        # A camera that another process holds is tried again and again; Picamera2 would lose a pipe each time.
        if not camera.is_open:
            os.close(camera.notifyme_w)
            camera.notifymeread.close()
        raise
    return camera


def _next_request(camera: Any, timeout_s: float) -> Any:
    """The next completed request, which the caller must release."""
    with _reported("no picture"):
        job = camera.capture_request(wait=False)
        try:
            return job.get_result(timeout=timeout_s)
        except TimeoutError:
            # Left in the queue, the job would swallow the next picture and never release it.
            camera.cancel_all_and_flush()
        with suppress(CancelledError, TimeoutError):
            return job.get_result(timeout=_CANCEL_TIMEOUT_S)
    raise DeviceTimeout(f"no picture came within {timeout_s:g} s")


def _lend(stack: ExitStack, request: Any, stream: Mapping[str, Any]) -> Planes:
    """The request's picture, mapped until ``stack`` ends."""
    from picamera2 import MappedArray

    with _reported("the picture cannot be read"):
        mapping = stack.enter_context(MappedArray(request, "main", reshape=False, write=False))
        return _planes(mapping.array, stream, request.get_metadata())


def _planes(data: NDArray[np.uint8], stream: Mapping[str, Any], metadata: Mapping[str, Any]) -> Planes:
    """Views of a YUV420 buffer: rows of Y are ``stride`` bytes apart, those of U and V half as many."""
    width, height = stream["size"]
    stride = stream["stride"]
    luma, chroma = stride * height, stride * height // 4
    half = (height // 2, stride // 2)
    return Planes(
        y=data[:luma].reshape(height, stride)[:, :width],
        u=data[luma : luma + chroma].reshape(half)[:, : width // 2],
        v=data[luma + chroma : luma + 2 * chroma].reshape(half)[:, : width // 2],
        captured_at=_captured_at(metadata),
        exposure_us=metadata.get("ExposureTime"),
        gain=metadata.get("AnalogueGain"),
    )


def _take_still(camera: Any) -> StillImage:
    request = _next_request(camera, _SWITCH_TIMEOUT_S)
    try:
        metadata = request.get_metadata()
        return StillImage(
            rgb=request.make_array("main"),
            captured_at=_captured_at(metadata),
            exposure_us=metadata.get("ExposureTime"),
            gain=metadata.get("AnalogueGain"),
        )
    finally:
        request.release()


def _captured_at(metadata: Mapping[str, Any]) -> float:
    """Wall clock of the sensor's time stamp, which is in nanoseconds since boot."""
    age_ns = time.clock_gettime_ns(time.CLOCK_BOOTTIME) - metadata["SensorTimestamp"]
    return time.time() - float(age_ns) / 1e9


def _confirm(camera: Any, settings: CameraSettings, wanted: Mapping[str, Any]) -> CameraSettings:
    """``settings`` as a picture tells them: the first that has them, else the last that was waited for."""
    for _ in range(_CONFIRM_FRAMES):
        request = _next_request(camera, _SWITCH_TIMEOUT_S)
        try:
            metadata = request.get_metadata()
        finally:
            request.release()
        told = [name for name in _ROUNDING if name in wanted and name in metadata]
        if all(abs(metadata[name] - wanted[name]) <= _ROUNDING[name] for name in told):
            break
    return replace(
        settings,
        exposure_us=metadata["ExposureTime"] if "ExposureTime" in told else settings.exposure_us,
        gain=metadata["AnalogueGain"] if "AnalogueGain" in told else settings.gain,
    )


def _range(controls: Mapping[str, Any], name: str, least: float, most: float) -> Range | None:
    if name not in controls:
        return None
    minimum, maximum, _ = controls[name]
    return Range(max(minimum, least), min(maximum, most))


def _check(name: str, value: float, allowed: Range | None) -> None:
    if allowed is not None and not allowed.minimum <= value <= allowed.maximum:
        raise InvalidRequest(
            f"{name} must be {allowed.minimum:g} to {allowed.maximum:g}, not {value:g}",
            minimum=allowed.minimum,
            maximum=allowed.maximum,
        )


@contextmanager
def _reported(failure: str) -> Iterator[None]:
    """What libcamera and Picamera2 raise (any class will do for them) becomes a ``DeviceError``."""
    try:
        yield
    except EyepieceError:
        raise
    except TimeoutError as error:
        raise DeviceTimeout(f"{failure}: the camera did not answer in time") from error
    except Exception as error:
        raise DeviceError(f"{failure}: {error}") from error
