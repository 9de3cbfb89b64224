"""The Picamera2 driver's parts that need no camera; ``tests/picamera`` has the rest."""

import sys
from typing import Any

import pytest

from hw.config import Picamera
from hw.drivers.picamera.driver import Picamera2Driver
from hw.drivers.picamera.modes import full_field_mode
from hw.errors import DeviceError

IMX219: list[dict[str, Any]] = [
    {"size": (640, 480), "crop_limits": (1000, 752, 1280, 960), "fps": 206.65, "bit_depth": 8},
    {"size": (1640, 1232), "crop_limits": (0, 0, 3280, 2464), "fps": 83.70, "bit_depth": 8},
    {"size": (1920, 1080), "crop_limits": (680, 692, 1920, 1080), "fps": 103.33, "bit_depth": 8},
    {"size": (3280, 2464), "crop_limits": (0, 0, 3280, 2464), "fps": 21.19, "bit_depth": 8},
    {"size": (1640, 1232), "crop_limits": (0, 0, 3280, 2464), "fps": 41.85, "bit_depth": 10},
    {"size": (3280, 2464), "crop_limits": (0, 0, 3280, 2464), "fps": 21.19, "bit_depth": 10},
]
IMX477: list[dict[str, Any]] = [
    {"size": (1332, 990), "crop_limits": (696, 528, 2664, 1980), "fps": 120.05, "bit_depth": 10},
    {"size": (2028, 1080), "crop_limits": (0, 440, 4056, 2160), "fps": 50.03, "bit_depth": 12},
    {"size": (2028, 1520), "crop_limits": (0, 0, 4056, 3040), "fps": 40.01, "bit_depth": 12},
    {"size": (4056, 3040), "crop_limits": (0, 0, 4056, 3040), "fps": 10.0, "bit_depth": 12},
]


@pytest.mark.parametrize(
    ("modes", "size", "fps", "wanted"),
    [
        pytest.param(IMX219, (1280, 720), 30, (1640, 1232, 10), id="binned, in the most bits"),
        pytest.param(IMX219, (1280, 720), 60, (1640, 1232, 8), id="fewer bits where they are needed for the rate"),
        pytest.param(IMX219, (1280, 720), 120, (1640, 1232, 8), id="never a cropped mode for the sake of the rate"),
        pytest.param(IMX219, (1920, 1080), 15, (3280, 2464, 10), id="large enough for the stream"),
        pytest.param(IMX219, (1920, 1080), 30, (1640, 1232, 10), id="the rate before the size"),
        pytest.param(IMX477, (1280, 720), 30, (2028, 1520, 12), id="all rows"),
    ],
)
def test_the_stream_has_the_whole_field(
    modes: list[dict[str, Any]], size: tuple[int, int], fps: float, wanted: tuple[int, int, int]
) -> None:
    mode = full_field_mode(modes, size, fps)

    assert mode is not None
    assert (*mode["size"], mode["bit_depth"]) == wanted


def test_a_camera_that_tells_no_modes_has_none() -> None:
    assert full_field_mode([{"format": "NV12"}], (1280, 720), 30) is None


def test_where_picamera2_is_not_installed_opening_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pykms", None)
    monkeypatch.setitem(sys.modules, "picamera2", None)
    driver = Picamera2Driver(Picamera(driver="picamera2"))

    with pytest.raises(DeviceError, match="Picamera2 cannot be used here"):
        driver.open()
    driver.close()
