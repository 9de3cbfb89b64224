"""Stills of the Picamera2 driver, on a made-up camera at the driver's seam: raw formats, and what is too old."""

import sys
import time
from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from hw.config import Picamera
from hw.drivers.picamera.driver import Picamera2Driver
from hw.drivers.picamera.modes import unpacked
from hw.errors import DeviceError, DeviceTimeout
from hw.types import CameraInfo

WIDTH, HEIGHT, PADDING = 12, 8, 20
INFO = CameraInfo("imx219", False, WIDTH, HEIGHT, 6, 4, still_formats=("jpeg", "png", "tiff", "dng"))


class Request:
    """One picture that a camera took so long ago."""

    def __init__(self, camera: "Camera", age_s: float) -> None:
        self.camera = camera
        boot_ns = time.clock_gettime_ns(time.CLOCK_BOOTTIME)
        self.metadata = {
            "SensorTimestamp": boot_ns - round(age_s * 1e9),
            "ExposureTime": camera.exposure_us,
            "AnalogueGain": 2.0,
            "ColourGains": (1.5, 1.75),
            "SensorBlackLevels": (4096, 4096, 4096, 4096),
            "ColourCorrectionMatrix": tuple(float(n) for n in range(9)),
        }

    def get_metadata(self) -> dict[str, Any]:
        return self.metadata

    def make_buffer(self, name: str) -> Any:
        assert name == "raw"
        rows = np.full((HEIGHT, 2 * WIDTH + PADDING), 0xEE, np.uint8)
        rows[:, : 2 * WIDTH] = MOSAIC.view(np.uint8)
        return rows.reshape(-1)

    def make_array(self, name: str) -> Any:
        width, height = self.camera.configured["main"]["size"]
        return np.zeros((height, width, 3), np.uint8)

    def release(self) -> None:
        self.camera.lent -= 1


MOSAIC = np.arange(WIDTH * HEIGHT, dtype=np.uint16).reshape(HEIGHT, WIDTH)


class Camera:
    """What the driver uses of Picamera2 for a still."""

    sensor_resolution = (WIDTH, HEIGHT)
    sensor_format = "SRGGB10_CSI2P"
    sensor_modes: list[Any] = []

    def __init__(self, given: str) -> None:
        self.given = given
        """The raw format that comes, whatever is asked for."""
        self.configured: dict[str, Any] = {}
        self.asked_raw: list[Any] = []
        self.ages_s = [0.0]
        """Of the next pictures."""
        self.exposure_us = 1000
        self.lent = 0

    def create_still_configuration(self, **options: Any) -> dict[str, Any]:
        self.asked_raw.append(options["raw"])
        return options

    def create_video_configuration(self, **options: Any) -> dict[str, Any]:
        return options

    def switch_mode(self, configuration: dict[str, Any], wait: float) -> None:
        self.configured = configuration

    def stream_configuration(self, name: str) -> dict[str, Any]:
        assert name == "raw"
        return {"format": self.given, "size": (WIDTH, HEIGHT), "stride": 2 * WIDTH + PADDING}

    def capture_request(self, wait: bool) -> Any:
        self.lent += 1
        future: Future[Request] = Future()
        future.set_result(Request(self, self.ages_s.pop(0) if len(self.ages_s) > 1 else self.ages_s[0]))
        return SimpleNamespace(get_result=future.result)


@pytest.fixture(autouse=True)
def libcamera(monkeypatch: pytest.MonkeyPatch) -> None:
    """As much of libcamera as a configuration needs."""
    space = SimpleNamespace(Sycc=lambda: "sycc")
    monkeypatch.setitem(sys.modules, "libcamera", SimpleNamespace(ColorSpace=space))


def opened(camera: Camera) -> Picamera2Driver:
    driver = Picamera2Driver(Picamera(driver="picamera2"))
    driver._camera, driver._info = camera, INFO
    return driver


@pytest.mark.parametrize(
    ("given", "white", "black"), [("SRGGB10", 1023, 64), ("SBGGR12", 4095, 256), ("SRGGB16", 65535, 4096)]
)
def test_a_raw_still_is_what_the_sensor_measured(given: str, white: int, black: int) -> None:
    """Unpacked: Raspberry Pis up to 4 give values of the sensor's depth, a Raspberry Pi 5 those of 16 bits."""
    camera = Camera(given)

    still = opened(camera).still(0, raw=True)

    assert camera.asked_raw == [{"size": (WIDTH, HEIGHT), "format": "SRGGB10"}], "neither packed nor compressed"
    raw = still.raw
    assert raw is not None
    assert np.array_equal(raw.mosaic, MOSAIC)
    assert (raw.colours, raw.white, raw.black) == (given[1:5], white, (black,) * 4)
    assert raw.to_srgb == tuple(range(9))
    assert still.rgb.shape == (4, 6, 3), "a small one to look at, because contiguous memory is scarce"
    assert (still.shot.exposure_us, still.shot.gain, still.shot.red_gain) == (1000, 2.0, 1.5)
    assert camera.configured["main"]["format"] == "YUV420", "the stream goes on"
    assert camera.lent == 0


@pytest.mark.parametrize("given", ["RGGB_PISP_COMP1", "SRGGB10_CSI2P", "BGGR16_PISP_COMP1", "NV12"])
def test_raw_data_that_come_packed_or_compressed_after_all_are_refused(given: str) -> None:
    camera = Camera(given)

    with pytest.raises(DeviceError, match=f"raw data as {given}, which is packed or compressed"):
        opened(camera).still(0, raw=True)

    assert camera.configured["main"]["format"] == "YUV420", "the stream goes on"
    assert camera.lent == 0


def test_an_ordinary_still_asks_for_no_raw_data() -> None:
    camera = Camera("SRGGB10")

    still = opened(camera).still(0, raw=False)

    assert camera.asked_raw == [None]
    assert still.rgb.shape == (HEIGHT, WIDTH, 3)
    assert still.raw is None


def test_pictures_from_before_a_moment_are_passed_over() -> None:
    camera = Camera("SRGGB10")
    driver = opened(camera)
    # The third is sent after the moment, but its exposure began before it, however slow this machine is.
    camera.exposure_us = 60_000_000
    camera.ages_s = [3600.0, 3.0, -0.0005, -90.0]
    moment_s = time.monotonic()

    still = driver.still(moment_s, raw=False)

    assert still.shot.began_s >= moment_s + 20
    assert camera.lent == 0, "those passed over went back"


def test_pictures_that_all_are_too_old_are_an_error() -> None:
    camera = Camera("SRGGB10")
    camera.ages_s = [60.0]

    with pytest.raises(DeviceTimeout, match="each was begun before it was asked for"):
        opened(camera).still(time.monotonic(), raw=False)
    assert camera.lent == 0


def test_formats_without_packing() -> None:
    assert [unpacked(name) for name in ("SRGGB10_CSI2P", "SBGGR12", "RGGB_PISP_COMP1")] == [
        "SRGGB10",
        "SBGGR12",
        "RGGB",
    ]
