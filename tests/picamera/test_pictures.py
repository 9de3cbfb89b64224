"""What the pictures show: the specimen, in its colours, in order of time."""

import itertools
import time

import numpy as np
import pytest
import simplejpeg
from numpy.typing import NDArray

from hw.drivers.picamera.driver import Picamera2Driver
from hw.types import Planes
from tests.picamera import specimen
from tests.picamera.conftest import MakeDriver

# Picamera2 itself calls Thread.setDaemon.
pytestmark = pytest.mark.filterwarnings("ignore:setDaemon:DeprecationWarning")

FRAME_TIMEOUT_S = 20.0
SCALED = 4.0
"""How far colours may be off where the virtual camera has scaled its picture, which costs some chroma."""


def blocks(rgb: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Mean colours of a grid of 20 x 20 blocks."""
    height, width = (side // 20 * 20 for side in rgb.shape[:2])
    grid = rgb[:height, :width].reshape(20, height // 20, 20, width // 20, 3)
    means: NDArray[np.float64] = grid.mean(axis=(1, 3))
    return means


def assert_shows_the_specimen(rgb: NDArray[np.uint8], tolerance: float = 2) -> None:
    difference = np.abs(blocks(rgb) - blocks(specimen.draw()))
    assert difference.mean() < tolerance
    assert difference.max() < 6 * tolerance


def decoded(planes: Planes) -> NDArray[np.uint8]:
    jpeg = simplejpeg.encode_jpeg_yuv_planes(planes.y, planes.u, planes.v, 90)
    rgb: NDArray[np.uint8] = simplejpeg.decode_jpeg(jpeg)
    return rgb


def test_a_jpeg_of_the_planes_has_the_colours_of_the_specimen(driver: Picamera2Driver) -> None:
    with driver.frame(FRAME_TIMEOUT_S) as planes:
        rgb = decoded(planes)

    assert rgb.shape == (720, 1280, 3)
    assert_shows_the_specimen(rgb)


def test_the_planes_have_the_full_range_of_a_jpeg(driver: Picamera2Driver) -> None:
    red, green, blue = specimen.LABELS[0, 0]
    luma = 0.299 * red + 0.587 * green + 0.114 * blue

    with driver.frame(FRAME_TIMEOUT_S) as planes:
        told = float(planes.y[:100, :100].mean())

    assert told == pytest.approx(luma, abs=2)


def test_padded_rows_are_honoured(make_driver: MakeDriver) -> None:
    driver = make_driver(width=720, height=480)
    driver.open()

    with driver.frame(FRAME_TIMEOUT_S) as planes:
        assert planes.y.strides == (768, 1)
        assert planes.u.strides == planes.v.strides == (384, 1)
        rgb = decoded(planes)

    assert rgb.shape == (480, 720, 3)
    assert_shows_the_specimen(rgb, SCALED)


def test_the_planes_are_the_buffer_itself(driver: Picamera2Driver) -> None:
    with driver.frame(FRAME_TIMEOUT_S) as planes:
        assert not planes.y.flags.owndata
        assert np.may_share_memory(planes.y.base, planes.u.base)


def test_a_still_is_rgb_at_the_sensors_full_resolution(driver: Picamera2Driver) -> None:
    still = driver.still(0, raw=False)

    assert still.rgb.shape == (2464, 3280, 3)
    assert_shows_the_specimen(still.rgb, SCALED)


def test_the_live_picture_is_as_before_after_a_still(driver: Picamera2Driver) -> None:
    driver.still(0, raw=False)

    with driver.frame(FRAME_TIMEOUT_S) as planes:
        rgb = decoded(planes)

    assert rgb.shape == (720, 1280, 3)
    assert_shows_the_specimen(rgb)


def test_time_never_goes_back(driver: Picamera2Driver) -> None:
    begun = time.time()
    times = []

    def take(count: int) -> None:
        for _ in range(count):
            with driver.frame(FRAME_TIMEOUT_S) as planes:
                times.append(planes.shot.captured_at)

    take(30)
    times.append(driver.still(0, raw=False).shot.captured_at)
    take(10)
    driver.close()
    driver.open()
    take(10)

    assert all(earlier < later for earlier, later in itertools.pairwise(times))
    # Half a second for a clock that is being set while the test runs.
    assert begun - 0.5 < times[0]
    assert times[-1] < time.time() + 0.5


def test_the_frame_rate_is_the_one_asked_for(make_driver: MakeDriver) -> None:
    driver = make_driver(fps=10)
    driver.open()
    times = []

    for _ in range(11):
        with driver.frame(FRAME_TIMEOUT_S) as planes:
            times.append(planes.shot.captured_at)

    # A busy machine makes it longer, nothing makes it shorter than the sensor's own clock.
    assert times[-1] - times[0] > 0.9
