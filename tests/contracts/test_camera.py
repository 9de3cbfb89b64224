"""What ``CameraDriver`` promises, for every driver."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace

import numpy as np
import pytest

from hw.config import Optics, Picamera, SimulatedCamera
from hw.drivers.picamera.driver import Picamera2Driver
from hw.drivers.simulated.camera import SimulatedCameraDriver
from hw.drivers.simulated.world import World
from hw.errors import DeviceError, DeviceTimeout, InvalidRequest
from hw.protocols import CameraDriver
from hw.types import CameraSettings

# Picamera2 itself calls Thread.setDaemon.
pytestmark = pytest.mark.filterwarnings("ignore:setDaemon:DeprecationWarning")

FRAME_TIMEOUT_S = 20.0
MakeCamera = Callable[[float], CameraDriver]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test on every driver; on Picamera2's where ``--real`` says that libcamera is there."""
    kinds = ["simulated"] + ["picamera2"] * metafunc.config.getoption("--real")
    metafunc.parametrize("make_camera", kinds, indirect=True)


@pytest.fixture
def make_camera(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeCamera]:
    """Makes a camera of 640 x 480 pixels for a frame rate; it is closed after the test."""
    if request.param == "picamera2":
        from tests.picamera import registers, virtual_picamera

        virtual_picamera.install()
        registers.give_registers(monkeypatch)

    with ExitStack() as stack:

        def make(fps: float) -> CameraDriver:
            camera: CameraDriver
            if request.param == "simulated":
                simulated = SimulatedCamera(driver="simulated", width=640, height=480, fps=fps)
                camera = SimulatedCameraDriver(simulated, Optics(), World())
            else:
                camera = Picamera2Driver(Picamera(driver="picamera2", width=640, height=480, fps=fps))
            stack.callback(camera.close)
            return camera

        yield make


@pytest.fixture
def camera(make_camera: MakeCamera) -> CameraDriver:
    """A camera that is not open yet."""
    return make_camera(30)


def captured_at(camera: CameraDriver) -> float:
    with camera.frame(FRAME_TIMEOUT_S) as planes:
        return planes.shot.captured_at


def exposure_and_gain(camera: CameraDriver) -> tuple[int | None, float | None]:
    with camera.frame(FRAME_TIMEOUT_S) as planes:
        return planes.shot.exposure_us, planes.shot.gain


def brightness_of_the_middle(camera: CameraDriver) -> float:
    with camera.frame(FRAME_TIMEOUT_S) as planes:
        return float(planes.y[180:300, 240:400].mean())


def test_opening_tells_what_the_camera_is(camera: CameraDriver) -> None:
    info = camera.open()

    assert info.model
    assert (info.stream_width, info.stream_height) == (640, 480)
    assert info.sensor_width >= info.stream_width
    assert info.sensor_height >= info.stream_height
    for allowed in (info.exposure_us, info.gain):
        assert allowed is not None
        assert 0 < allowed.minimum < allowed.maximum


def test_a_frame_is_yuv_420_of_the_streams_size(camera: CameraDriver) -> None:
    camera.open()

    with camera.frame(FRAME_TIMEOUT_S) as planes:
        assert planes.y.shape == (480, 640)
        assert planes.u.shape == planes.v.shape == (240, 320)
        for plane in (planes.y, planes.u, planes.v):
            assert plane.dtype == np.uint8
            assert plane.strides[1] == 1
            assert plane.strides[0] >= plane.shape[1]
        assert planes.shot.exposure_us
        assert planes.shot.gain


def test_frames_never_go_back_in_time(camera: CameraDriver) -> None:
    begun = time.time()
    camera.open()

    times = [captured_at(camera) for _ in range(20)]

    assert times == sorted(set(times))
    # Half a second for a clock that is being set while the test runs.
    assert begun - 0.5 < times[0]
    assert times[-1] < time.time() + 0.5


def test_a_frame_is_waited_for_no_longer_than_asked(make_camera: MakeCamera) -> None:
    camera = make_camera(1)
    camera.open()

    def take_three() -> None:  # one may be there already; a second passes between two
        for _ in range(3):
            with camera.frame(0.1):
                pass

    with pytest.raises(DeviceTimeout):
        take_three()

    assert captured_at(camera)


def test_an_error_in_the_with_block_is_the_callers(camera: CameraDriver) -> None:
    camera.open()

    for _ in range(10):
        with pytest.raises(ZeroDivisionError), camera.frame(FRAME_TIMEOUT_S):
            raise ZeroDivisionError

    assert captured_at(camera)


def test_a_still_is_rgb_at_the_sensors_full_resolution(camera: CameraDriver) -> None:
    info = camera.open()

    still = camera.still(0, raw=False)

    assert still.rgb.shape == (info.sensor_height, info.sensor_width, 3)
    assert still.rgb.dtype == np.uint8
    assert still.rgb.std() > 1


def test_a_still_is_captured_after_the_call_and_the_stream_goes_on(camera: CameraDriver) -> None:
    camera.open()
    before = captured_at(camera)
    called = time.time()

    still = camera.still(0, raw=False)

    assert still.shot.captured_at > before
    assert still.shot.captured_at > called - 0.5  # a clock that is being set
    assert captured_at(camera) > still.shot.captured_at
    with camera.frame(FRAME_TIMEOUT_S) as planes:
        assert planes.y.shape == (480, 640)


def test_pictures_begin_when_they_say(camera: CameraDriver) -> None:
    """By the clock that a motion ends by: a picture that began after a moment shows what was so from then on."""
    camera.open()
    camera.apply(CameraSettings(exposure_us=20_000))
    called_s = time.monotonic()

    still = camera.still(called_s, raw=False)

    assert called_s <= still.shot.began_s <= time.monotonic() - 0.02
    with camera.frame(FRAME_TIMEOUT_S) as planes:
        assert still.shot.began_s < planes.shot.began_s <= time.monotonic()


def test_what_it_lacks_is_left_alone(camera: CameraDriver) -> None:
    info = camera.open()

    told = camera.apply(CameraSettings(lens_dioptres=1.5, red_gain=1.25))

    assert info.lens_dioptres is not None or told.lens_dioptres == 1.5
    assert captured_at(camera)


def test_a_still_shows_what_the_live_picture_shows(camera: CameraDriver) -> None:
    """The same field in the same brightness, as far as both show it: the middle."""
    camera.open()
    live = brightness_of_the_middle(camera)

    rgb = camera.still(0, raw=False).rgb
    rows, columns = rgb.shape[0] // 8, rgb.shape[1] // 8
    middle = rgb[3 * rows : 5 * rows, 3 * columns : 5 * columns].reshape(-1, 3).mean(axis=0)

    assert float(middle @ (0.299, 0.587, 0.114)) == pytest.approx(live, abs=6)


def test_settings_are_in_force_when_they_are_returned(camera: CameraDriver) -> None:
    camera.open()

    told = camera.apply(CameraSettings(exposure_us=5000, gain=2.5, jpeg_quality=61))

    assert told.exposure_us == pytest.approx(5000, abs=100)
    assert told.gain == pytest.approx(2.5, abs=0.1)
    assert (told.auto_exposure, told.jpeg_quality) == (False, 61)
    assert exposure_and_gain(camera) == (told.exposure_us, told.gain)
    still = camera.still(0, raw=False)
    assert (still.shot.exposure_us, still.shot.gain) == (told.exposure_us, told.gain)
    assert exposure_and_gain(camera) == (told.exposure_us, told.gain)


def test_a_setting_outside_its_range_changes_nothing(camera: CameraDriver) -> None:
    info = camera.open()
    assert info.exposure_us is not None
    assert info.gain is not None
    good = CameraSettings(exposure_us=5000, gain=2.5)
    told = camera.apply(good)

    for wrong in (
        replace(good, exposure_us=int(info.exposure_us.minimum) - 1),
        replace(good, exposure_us=int(info.exposure_us.maximum) + 1, gain=1.5),
        replace(good, gain=info.gain.maximum * 1.01, exposure_us=7000),
        replace(good, gain=float("nan")),
    ):
        with pytest.raises(InvalidRequest):
            camera.apply(wrong)

    for _ in range(8):
        assert exposure_and_gain(camera) == (told.exposure_us, told.gain)


def test_both_ends_of_the_ranges_are_allowed(camera: CameraDriver) -> None:
    info = camera.open()
    assert info.exposure_us is not None
    assert info.gain is not None

    shortest = camera.apply(CameraSettings(int(info.exposure_us.minimum), info.gain.minimum))
    assert shortest.exposure_us == pytest.approx(info.exposure_us.minimum, abs=100)
    highest = camera.apply(CameraSettings(5000, info.gain.maximum))
    assert highest.gain == pytest.approx(info.gain.maximum, rel=0.02)


def test_it_works_only_while_it_is_open(camera: CameraDriver) -> None:
    def refuses_everything() -> None:
        with pytest.raises(DeviceError), camera.frame(FRAME_TIMEOUT_S):
            pass
        with pytest.raises(DeviceError):
            camera.still(0, raw=False)

    refuses_everything()
    camera.open()
    assert captured_at(camera)
    camera.close()
    refuses_everything()


def test_it_can_be_closed_again_and_again_and_opened_again(camera: CameraDriver) -> None:
    camera.close()
    first = camera.open()
    seen = captured_at(camera)
    camera.close()
    camera.close()

    assert camera.open() == first
    assert captured_at(camera) > seen


def test_no_thread_is_left_when_it_is_closed(camera: CameraDriver) -> None:
    before = set(threading.enumerate())
    camera.open()
    assert captured_at(camera)
    camera.still(0, raw=False)

    camera.close()

    assert set(threading.enumerate()) <= before


def shapes(camera: CameraDriver) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Of the next picture's luma and chroma. What was lent is not kept in a name: another size needs its buffers."""
    with camera.frame(FRAME_TIMEOUT_S) as planes:
        return planes.y.shape, planes.u.shape


def test_the_live_picture_has_the_size_that_is_set(camera: CameraDriver) -> None:
    info = camera.open()
    assert info.stream_sizes[0] == (640, 480)
    for width, height in (*info.stream_sizes[1:], info.stream_sizes[0]):
        camera.apply(CameraSettings(exposure_us=5000, stream_height=height))
        assert shapes(camera) == ((height, width), (height // 2, width // 2))
    with pytest.raises(InvalidRequest) as error:
        camera.apply(CameraSettings(stream_height=7))
    assert error.value.extra["allowed"] == sorted(height for _, height in info.stream_sizes)
