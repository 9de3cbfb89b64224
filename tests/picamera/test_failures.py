"""A camera that is starved, unplugged, taken, closed or not there; and nothing that leaks on the way."""

import gc
import os
import threading
from contextlib import ExitStack
from types import ModuleType
from typing import Any

import pytest

from hw.drivers.picamera.driver import Picamera2Driver
from hw.errors import DeviceError, DeviceTimeout
from hw.types import CameraSettings
from tests.picamera.conftest import MakeDriver

# Picamera2 itself calls Thread.setDaemon.
pytestmark = pytest.mark.filterwarnings("ignore:setDaemon:DeprecationWarning")

FRAME_TIMEOUT_S = 20.0
BUFFERS = 4


def take(driver: Picamera2Driver, count: int = 2 * BUFFERS, timeout_s: float = FRAME_TIMEOUT_S) -> None:
    """More frames than there are buffers: each buffer must have come back."""
    for _ in range(count):
        with driver.frame(timeout_s):
            pass


def hold_all_buffers(driver: Picamera2Driver, stack: ExitStack) -> None:
    for _ in range(BUFFERS):
        stack.enter_context(driver.frame(FRAME_TIMEOUT_S))


def open_fds() -> int:
    gc.collect()  # Python's selectors, which Picamera2 makes two of each time, are cyclic garbage
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 (what it lists includes its own handle, each time)


def test_a_starved_stream_times_out_and_recovers(driver: Picamera2Driver) -> None:
    with ExitStack() as stack:
        hold_all_buffers(driver, stack)
        for _ in range(3):
            with pytest.raises(DeviceTimeout, match=r"no picture came within 0\.2 s"), driver.frame(0.2):
                pass

    take(driver)


def test_an_error_in_the_with_block_passes_and_gives_the_buffer_back(driver: Picamera2Driver) -> None:
    for _ in range(2 * BUFFERS):
        with pytest.raises(ZeroDivisionError), driver.frame(FRAME_TIMEOUT_S):
            raise ZeroDivisionError

    take(driver)


def test_waits_that_end_as_the_picture_comes_lose_no_buffer(make_driver: MakeDriver) -> None:
    driver = make_driver(fps=120)
    driver.open()

    timeouts = 0
    for n in range(300):
        try:
            with driver.frame(0.0005 * (n % 20)):
                pass
        except DeviceTimeout:
            timeouts += 1

    assert 0 < timeouts < 300
    with ExitStack() as stack:
        hold_all_buffers(driver, stack)


def test_an_unplugged_camera_times_out_and_comes_back(driver: Picamera2Driver, virtual: ModuleType) -> None:
    take(driver)

    # What was exposed before the cable came out may still arrive.
    with virtual.unplugged(), pytest.raises(DeviceTimeout):
        take(driver, BUFFERS + 1, timeout_s=0.5)

    take(driver)


def test_an_unplugged_camera_can_be_closed_and_opened_again(driver: Picamera2Driver, virtual: ModuleType) -> None:
    with virtual.unplugged():
        driver.close()

    driver.open()
    take(driver)


def test_a_still_of_an_unplugged_camera_fails_and_the_stream_comes_back(
    driver: Picamera2Driver, virtual: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hw.drivers.picamera.driver._SWITCH_TIMEOUT_S", 1.0)

    with virtual.unplugged(), pytest.raises(DeviceTimeout):
        driver.still(0, raw=False)

    monkeypatch.undo()
    take(driver)


def test_a_camera_can_be_closed_while_its_pictures_are_held(driver: Picamera2Driver) -> None:
    with ExitStack() as stack:
        hold_all_buffers(driver, stack)
        driver.close()

    driver.open()
    take(driver)


def test_a_closed_camera_says_so(driver: Picamera2Driver) -> None:
    driver.close()
    driver.close()

    with pytest.raises(DeviceError, match="not open"), driver.frame(FRAME_TIMEOUT_S):
        pass
    with pytest.raises(DeviceError, match="not open"):
        driver.still(0, raw=False)
    with pytest.raises(DeviceError, match="not open"):
        driver.apply(CameraSettings())


def test_an_opening_that_fails_half_way_frees_the_camera(
    make_driver: MakeDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_after_attaching(preview: Any, camera: Any) -> None:
        camera.attach_preview(preview)
        raise OSError("no more threads")

    driver = make_driver()
    monkeypatch.setattr("picamera2.previews.NullPreview.start", fail_after_attaching)
    with pytest.raises(DeviceError, match="could not be opened: no more threads"):
        driver.open()

    monkeypatch.undo()
    driver.open()
    take(driver)


def test_there_is_no_camera_with_that_number(make_driver: MakeDriver) -> None:
    driver = make_driver(index=3)

    with pytest.raises(DeviceError, match="there is no camera number 3: libcamera finds 1"):
        driver.open()


def test_open_and_close_leak_nothing(make_driver: MakeDriver) -> None:
    driver = make_driver()

    def cycle() -> None:
        driver.open()
        take(driver, 2)
        driver.still(0, raw=False)
        driver.close()

    cycle()  # what libcamera and Picamera2 keep for good, they keep from here on
    fds, threads = open_fds(), set(threading.enumerate())
    for _ in range(25):
        cycle()

    assert open_fds() == fds
    assert set(threading.enumerate()) == threads


def test_a_camera_that_is_taken_can_be_asked_for_again_and_again(make_driver: MakeDriver) -> None:
    holder, waiting = make_driver(), make_driver()
    holder.open()

    def attempt() -> None:
        with pytest.raises(DeviceError, match="could not be opened"):
            waiting.open()

    attempt()
    fds, threads = open_fds(), set(threading.enumerate())
    for _ in range(25):
        attempt()

    assert open_fds() == fds
    assert set(threading.enumerate()) == threads
    take(holder)
    holder.close()
    waiting.open()
    take(waiting)
