"""White balance, frame rate, zoom and the lens, on a camera that has them as a Raspberry Pi does."""

from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest

from hw.drivers.picamera.driver import Picamera2Driver
from hw.errors import InvalidRequest, NotFocused
from hw.types import WHOLE_FIELD, CameraSettings, Range, Shot, Zoom
from tests.picamera.conftest import MakeDriver

# Picamera2 itself calls Thread.setDaemon.
pytestmark = pytest.mark.filterwarnings("ignore:setDaemon:DeprecationWarning")

FRAME_TIMEOUT_S = 20.0
EVERYTHING = (
    *("AwbEnable", "ColourGains", "ScalerCrop", "ScalerCrops"),
    *("LensPosition", "AfMode", "AfTrigger", "FrameDurationLimits"),
)
BALANCED = CameraSettings(red_gain=1.8, blue_gain=2.4)
IMX219 = [
    {"size": (1640, 1232), "crop_limits": (0, 0, 3280, 2464), "fps": 83.70, "bit_depth": 8},
    {"size": (1640, 1232), "crop_limits": (0, 0, 3280, 2464), "fps": 41.85, "bit_depth": 10},
    {"size": (3280, 2464), "crop_limits": (0, 0, 3280, 2464), "fps": 21.19, "bit_depth": 10},
]


@pytest.fixture
def registers(sensor: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The registers of a camera that has everything, on a Raspberry Pi 5."""
    return sensor.give_registers(monkeypatch, *EVERYTHING)


@pytest.fixture
def camera(registers: Any, make_driver: MakeDriver) -> Picamera2Driver:
    """Such a camera, open."""
    driver = make_driver()
    driver.open()
    return driver


def look(driver: Picamera2Driver) -> Shot:
    with driver.frame(FRAME_TIMEOUT_S) as planes:
        return planes.shot


def test_it_tells_what_it_has(registers: Any, make_driver: MakeDriver) -> None:
    info = make_driver().open()

    assert info.colour_gains == Range(0.1, 32.0)
    assert info.auto_white_balance
    assert info.fps == Range(1.0, 1e6 / 12_000)
    assert info.zoom == Range(0.0694, 1.0), "128 of 1844 rows"
    assert info.lens_dioptres == Range(0, 15.0)
    assert info.autofocus


def test_a_camera_that_lacks_them_says_so_and_is_not_told(virtual: ModuleType, make_driver: MakeDriver) -> None:
    driver = make_driver()
    info = driver.open()

    assert (info.colour_gains, info.auto_white_balance, info.zoom) == (None, False, None)
    assert (info.lens_dioptres, info.autofocus) == (None, False)
    # Picamera2 raises for a control that the camera does not list.
    wanted = replace(BALANCED, auto_white_balance=True, zoom=Zoom(0.25, 0.25, 0.5), lens_dioptres=3)
    driver.apply(wanted)
    assert look(driver).zoom == WHOLE_FIELD


def test_gains_set_by_hand_stay_and_automatic_ones_drift(camera: Picamera2Driver, registers: Any) -> None:
    camera.apply(replace(BALANCED, auto_white_balance=True))
    assert registers.values["AwbEnable"] is True
    assert len({look(camera).red_gain for _ in range(10)}) > 1

    told = camera.apply(BALANCED)

    assert (told.red_gain, told.blue_gain) == (1.8, 2.4)
    assert registers.values["AwbEnable"] is False
    assert registers.values["AeEnable"] is False
    assert {(shot.red_gain, shot.blue_gain, shot.gain) for shot in (look(camera) for _ in range(20))} == {(1.8, 2.4, 1)}


def test_a_still_has_the_gains_and_the_whole_field_and_the_stream_keeps_both(camera: Picamera2Driver) -> None:
    zoomed = camera.apply(replace(BALANCED, zoom=Zoom(0.5, 0.25, 0.25))).zoom

    still = camera.still(0, raw=False)

    assert (still.shot.red_gain, still.shot.blue_gain) == (1.8, 2.4)
    assert still.shot.zoom == WHOLE_FIELD
    shots = [look(camera) for _ in range(8)][4:]  # a crop shows a few pictures later
    assert {(shot.red_gain, shot.zoom) for shot in shots} == {(1.8, zoomed)}


def test_zoom_crops_the_field_in_the_sensors_pixels(camera: Picamera2Driver, registers: Any) -> None:
    told = camera.apply(CameraSettings(zoom=Zoom(0.5, 0.25, 0.25)))

    assert registers.values["ScalerCrop"] == (1640, 310 + 460, 820, 460)
    assert told.zoom == Zoom(0.5, 0.2495, 0.25)
    assert look(camera).zoom == told.zoom
    assert camera.apply(CameraSettings()).zoom == WHOLE_FIELD
    assert registers.values["ScalerCrop"] == registers.FIELD


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (CameraSettings(red_gain=33), "red_gain must be 0.1 to 32, not 33"),
        (CameraSettings(blue_gain=0.05), "blue_gain must be 0.1 to 32, not 0.05"),
        (CameraSettings(fps=500), "fps must be 1 to 83.3333, not 500"),
        (CameraSettings(zoom=Zoom(0, 0, 0.01)), "zoom.size must be 0.0694 to 1, not 0.01"),
        (CameraSettings(zoom=Zoom(0.8, 0, 0.5)), "zoom.x must be 0 to 0.5, so that the region lies in the field"),
        (CameraSettings(lens_dioptres=16), "lens_dioptres must be 0 to 15, not 16"),
    ],
)
def test_what_lies_outside_is_refused_with_what_is_allowed(
    camera: Picamera2Driver, registers: Any, wrong: CameraSettings, told: str
) -> None:
    with pytest.raises(InvalidRequest, match=told):
        camera.apply(wrong)
    assert registers.values["ColourGains"] == (1.0, 1.0)


def test_the_rate_is_what_the_sensor_runs_at(camera: Picamera2Driver, registers: Any) -> None:
    assert camera.apply(CameraSettings(fps=10)).fps == 10
    assert registers.values["FrameDurationLimits"] == (100_000, 500_000)
    # A long exposure makes it slower for the time being; what was asked for stays.
    assert camera.apply(CameraSettings(fps=20, exposure_us=100_000)).fps == 20
    # The registers' sensor needs 12 ms for a picture.
    assert camera.apply(CameraSettings(fps=83.3)).fps == pytest.approx(83.3, abs=0.1)


def test_the_lens_goes_where_it_is_told(camera: Picamera2Driver, registers: Any) -> None:
    assert camera.apply(CameraSettings(lens_dioptres=7.5)).lens_dioptres == 7.5
    assert registers.values["AfMode"] == 0
    assert look(camera).lens_dioptres == 7.5


def test_autofocus_finds_and_stays(camera: Picamera2Driver, registers: Any) -> None:
    camera.apply(CameraSettings(lens_dioptres=7.5))

    found = camera.autofocus()

    assert found == 4.2
    registers.sharp_at = 9.0
    assert camera.autofocus() == 9.0, "the state of the search before is not taken for this one's"
    camera.apply(CameraSettings(lens_dioptres=found))
    assert {look(camera).lens_dioptres for _ in range(8)} == {4.2}


def test_autofocus_that_finds_nothing_puts_the_lens_back(camera: Picamera2Driver, registers: Any) -> None:
    camera.apply(CameraSettings(lens_dioptres=7.5))
    registers.sharp_at = None

    with pytest.raises(NotFocused, match="found nothing sharp"):
        camera.autofocus()

    for _ in range(6):
        look(camera)
    assert look(camera).lens_dioptres == 7.5


def test_what_the_pictures_tell_counts_and_not_what_was_asked(
    camera: Picamera2Driver, registers: Any, caplog: pytest.LogCaptureFixture
) -> None:
    camera.apply(BALANCED)
    registers.shows = False

    told = camera.apply(replace(BALANCED, red_gain=3.0, exposure_us=500))

    assert (told.red_gain, told.exposure_us) == (1.8, 9998)
    assert "the camera does not do as it was told" in caplog.text


def test_a_deep_zoom_takes_the_mode_with_the_detail(
    virtual: ModuleType, registers: Any, make_driver: MakeDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    from picamera2 import Picamera2

    asked: list[tuple[int, int]] = []
    original = Picamera2.create_video_configuration

    def record(self: Any, **options: Any) -> Any:
        asked.extend([options["sensor"]["output_size"]] if "sensor" in options else [])
        return original(self, **options)

    monkeypatch.setattr(Picamera2, "sensor_modes", property(lambda self: IMX219))
    monkeypatch.setattr(Picamera2, "create_video_configuration", record)
    driver = make_driver()
    driver.open()
    asked.clear()

    driver.apply(CameraSettings(zoom=Zoom(0.1, 0.1, 0.8)))
    assert asked == [], "the binned mode has enough pixels for this"
    told = driver.apply(CameraSettings(zoom=Zoom(0.25, 0.25, 0.4)))
    assert asked == [(3280, 2464)]
    assert told.zoom.size == pytest.approx(0.4, abs=1e-3)
    assert look(driver).zoom == told.zoom
    driver.apply(CameraSettings())
    assert asked == [(3280, 2464), (1640, 1232)]
    assert look(driver).zoom == WHOLE_FIELD
