"""Completed requests: waited for, lent as planes, copied as pictures, and what their metadata says of them."""

import time
from collections.abc import Mapping
from concurrent.futures import CancelledError
from contextlib import ExitStack, suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hw.drivers.picamera.library import reported
from hw.drivers.picamera.modes import raw_depth
from hw.errors import DeviceTimeout
from hw.types import WHOLE_FIELD, Planes, RawImage, Shot, Zoom

_CANCEL_TIMEOUT_S = 1.0
"""For a picture that came in the moment its wait ran out."""
_STALE_FRAMES = 8
"""So many pictures at most are on the way from before a moment."""
_NO_MATRIX = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)


def next_request(camera: Any, timeout_s: float) -> Any:
    """The next completed request, which the caller must release."""
    with reported("no picture"):
        job = camera.capture_request(wait=False)
        try:
            return job.get_result(timeout=timeout_s)
        except TimeoutError:
            # Left in the queue, the job would swallow the next picture and never release it.
            camera.cancel_all_and_flush()
        with suppress(CancelledError, TimeoutError):
            return job.get_result(timeout=_CANCEL_TIMEOUT_S)
    raise DeviceTimeout(f"no picture came within {timeout_s:g} s", reason="no-picture", seconds=timeout_s)


def request_after(camera: Any, not_before_s: float, timeout_s: float) -> Any:
    """The first request whose exposure began after a moment (``time.monotonic()``); the caller must release it.

    Picamera2's own ``flush`` compares a clock that stands still while the board sleeps with one that does not.
    """
    for _ in range(_STALE_FRAMES):
        request = next_request(camera, timeout_s)
        with reported("the picture cannot be read"):
            try:
                if shot_of(request.get_metadata()).began_s >= not_before_s:
                    return request
            except BaseException:
                request.release()
                raise
        request.release()
    told = f"{_STALE_FRAMES} pictures came, and each was begun before it was asked for"
    raise DeviceTimeout(told, reason="stale-pictures", number=_STALE_FRAMES)


def shot_of(metadata: Mapping[str, Any], zoom: Zoom = WHOLE_FIELD) -> Shot:
    """What a picture tells of how it was taken.

    libcamera's ``SensorTimestamp`` is the moment in which the first row is sent, by the clock since boot: its exposure
    has just ended then.
    """
    age_s = (time.clock_gettime_ns(time.CLOCK_BOOTTIME) - metadata["SensorTimestamp"]) / 1e9
    exposure_us = metadata.get("ExposureTime")
    red_gain, blue_gain = metadata.get("ColourGains", (None, None))
    return Shot(
        captured_at=time.time() - age_s,
        began_s=time.monotonic() - age_s - (exposure_us or 0) / 1e6,
        exposure_us=exposure_us,
        gain=metadata.get("AnalogueGain"),
        red_gain=red_gain,
        blue_gain=blue_gain,
        zoom=zoom,
        lens_dioptres=metadata.get("LensPosition"),
    )


def lend(stack: ExitStack, request: Any, stream: Mapping[str, Any], shot: Shot) -> Planes:
    """The request's picture, mapped until ``stack`` ends."""
    from picamera2 import MappedArray

    with reported("the picture cannot be read"):
        mapping = stack.enter_context(MappedArray(request, "main", reshape=False, write=False))
        return _planes(mapping.array, stream, shot)


def _planes(data: NDArray[np.uint8], stream: Mapping[str, Any], shot: Shot) -> Planes:
    """Views of a YUV420 buffer: rows of Y are ``stride`` bytes apart, those of U and V half as many."""
    width, height = stream["size"]
    stride = stream["stride"]
    luma, chroma = stride * height, stride * height // 4
    half = (height // 2, stride // 2)
    return Planes(
        y=data[:luma].reshape(height, stride)[:, :width],
        u=data[luma : luma + chroma].reshape(half)[:, : width // 2],
        v=data[luma + chroma : luma + 2 * chroma].reshape(half)[:, : width // 2],
        shot=shot,
    )


def raw_image(data: NDArray[np.uint8], stream: Mapping[str, Any], metadata: Mapping[str, Any]) -> RawImage:
    """A raw buffer's values, copied; raises ``DeviceError`` where they are packed or compressed."""
    depth = raw_depth(stream)
    width, height = stream["size"]
    rows = data[: stream["stride"] * height].reshape(height, stream["stride"])[:, : 2 * width]
    # libcamera tells black levels as of 16 bits.
    black = [level >> (16 - depth) for level in metadata.get("SensorBlackLevels", (0, 0, 0, 0))]
    return RawImage(
        mosaic=np.ascontiguousarray(rows).view(np.uint16),
        colours=str(stream["format"])[1:5],
        black=(black[0], black[1], black[2], black[3]),
        white=2**depth - 1,
        to_srgb=tuple(metadata.get("ColourCorrectionMatrix", _NO_MATRIX)),
    )
