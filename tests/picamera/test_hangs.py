"""A camera that hangs inside libcamera: opened again, then the process is left for its supervisor."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from hw.camera import Camera
from hw.drivers.picamera.driver import Picamera2Driver
from hw.types import CameraSettings, Status
from tests.conftest import PATIENCE_S, wait_until

# Picamera2 itself calls Thread.setDaemon.
pytestmark = pytest.mark.filterwarnings("ignore:setDaemon:DeprecationWarning")

RIG = Path(__file__).with_name("microscope.toml")
HANGS_IN_STOP = """
import sys, threading
from tests.picamera import virtual_picamera
virtual_picamera.install()
import libcamera
import app.__main__ as main
import hw.camera, hw.worker

taken = hw.camera.Camera._picture
def picture(camera, look):
    if camera.captured == 20:
        hw.camera.Camera.patience_s = 4.0
        virtual_picamera.clock.unplugged.set()
        libcamera.Camera.stop = lambda camera: threading.Event().wait()
    return taken(camera, look)

hw.camera.Camera._picture = picture
hw.camera._FRAME_TIMEOUT_S = 0.5
sys.exit(main.main())
"""


@pytest.fixture
def camera(driver: Picamera2Driver, monkeypatch: pytest.MonkeyPatch) -> Iterator[Camera]:
    """A camera thread on the virtual camera, with pictures."""
    monkeypatch.setattr("hw.camera._FRAME_TIMEOUT_S", 0.5)
    monkeypatch.setattr("hw.worker.REOPEN_S", 0.1)
    camera = Camera(driver, lambda: None, CameraSettings())
    camera.start()
    wait_until(lambda: camera.captured > 5)
    yield camera
    camera.close()
    assert camera.join(PATIENCE_S)


def test_pictures_that_cease_for_a_while_take_a_reopening(camera: Camera, virtual: ModuleType) -> None:
    with virtual.unplugged():
        wait_until(lambda: camera.state.status is Status.FAULT)
    seen = camera.captured
    wait_until(lambda: camera.captured > seen)
    assert camera.state.status is Status.READY


def test_pictures_that_do_not_come_back_end_the_thread(camera: Camera, virtual: ModuleType) -> None:
    died: list[str] = []
    camera.died.connect(died.append)
    with virtual.unplugged():
        wait_until(lambda: not camera.alive)
    assert died == ["camera"]


def test_a_hang_inside_libcamera_ends_the_process(virtual: ModuleType, tmp_path: Path) -> None:
    """``stop`` never returns, so that neither closing nor reopening does, nor Picamera2's own clean-up at the end."""
    options = ("--host", "127.0.0.1", "--port", "0", "--data", str(tmp_path), "--config", str(RIG), "--no-auth")
    command = [sys.executable, "-c", HANGS_IN_STOP, *options]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=2 * PATIENCE_S, check=False)
    assert ended.returncode == 70, ended.stderr
    assert "camera: no picture came within 0.5" in ended.stderr
    assert "The camera thread has not come back from its driver for 4 s" in ended.stderr
    assert "picamera2.py" in ended.stderr, "it says where"
    assert "These threads do not end: camera" in ended.stderr
