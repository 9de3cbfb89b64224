"""Picamera2 itself: imported where it is installed, its cameras taken, its errors told."""

import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from hw.errors import DeviceError, DeviceTimeout, EyepieceError
from hw.nodes import camera_trouble


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
        told = f"Picamera2 cannot be used here: {error}"
        raise DeviceError(told, reason="camera-library", cause=str(error)) from error


class _AnyPixelFormat:
    def __getattr__(self, name: str) -> None:
        return None


def _importable(name: str) -> bool:
    try:
        importlib.import_module(name)
    except ImportError:
        return False
    return True


def model_of(index: int) -> str:
    """The sensor of camera number ``index``; raises ``DeviceError`` where there is none."""
    import_picamera2()
    import libcamera

    # Asked anew each time: a camera that was not ready yet may be there now. And let go: libcamera reads a tuning
    # file as it finds its cameras, which it does once for all that hold it.
    manager = libcamera.CameraManager.singleton()
    cameras = manager.cameras
    found = len(cameras)
    models = [str(camera.properties.get(libcamera.properties.Model, "unknown")) for camera in cameras]
    del cameras, manager
    if index >= found:
        why = "" if found else f" ({camera_trouble()})"
        told = f"there is no camera number {index}: libcamera finds {found}{why}"
        raise DeviceError(told, reason="no-such-camera", index=index, found=found, cause=why)
    return models[index]


def is_pisp() -> bool:
    """Whether this is a Raspberry Pi 5, whose image processor is another (pisp) than before (vc4)."""
    import_picamera2()
    from picamera2.platform import Platform, get_platform

    return bool(get_platform() == Platform.PISP)


def take(index: int, tuning: str | dict[str, Any] | None) -> Any:
    """Camera number ``index``, opened with a tuning (a file's path or its content; ``None``: libcamera's own)."""
    picamera2 = import_picamera2()
    camera = picamera2.Picamera2.__new__(picamera2.Picamera2)
    try:
        camera.__init__(index, tuning=tuning)
    except BaseException:
        # A camera that another process holds is tried again and again; Picamera2 would lose a pipe each time.
        if not camera.is_open:
            os.close(camera.notifyme_w)
            camera.notifymeread.close()
        raise
    return camera


@contextmanager
def reported(failure: str) -> Iterator[None]:
    """What libcamera and Picamera2 raise (any class will do for them) becomes a ``DeviceError``."""
    try:
        yield
    except EyepieceError:
        raise
    except TimeoutError as error:
        told = f"{failure}: the camera did not answer in time"
        raise DeviceTimeout(told, reason="camera-late") from error
    except Exception as error:
        raise DeviceError(f"{failure}: {error}", reason="camera-failed", cause=str(error)) from error
