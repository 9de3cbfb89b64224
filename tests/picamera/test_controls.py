"""Exposure and gain: on a camera that has none, and on one that has both."""

from types import ModuleType
from typing import Any

import pytest

from hw.drivers.picamera.driver import Picamera2Driver
from hw.errors import InvalidRequest
from hw.types import CameraSettings, Range
from tests.picamera.conftest import MakeDriver

# Picamera2 itself calls Thread.setDaemon.
pytestmark = pytest.mark.filterwarnings("ignore:setDaemon:DeprecationWarning")

FRAME_TIMEOUT_S = 20.0


@pytest.fixture
def registers(sensor: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The registers of the sensor that the test's cameras have."""
    return sensor.give_registers(monkeypatch)


def exposure_and_gain(driver: Picamera2Driver) -> tuple[int | None, float | None]:
    with driver.frame(FRAME_TIMEOUT_S) as planes:
        return planes.shot.exposure_us, planes.shot.gain


def test_a_camera_without_controls_says_so_and_ignores_them(make_driver: MakeDriver) -> None:
    driver = make_driver()
    info = driver.open()

    assert (info.exposure_us, info.gain, info.auto_exposure) == (None, None, False)
    wanted = CameraSettings(exposure_us=123, gain=99, auto_exposure=True, jpeg_quality=55)
    assert driver.apply(wanted) == CameraSettings(exposure_us=123, gain=99, auto_exposure=False, jpeg_quality=55)
    assert exposure_and_gain(driver) == (None, None)


def test_a_camera_that_cannot_be_paced_is_not(
    sensor: ModuleType, make_driver: MakeDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    sensor.change_controls(monkeypatch, lambda told: {})
    driver = make_driver(fps=5)

    driver.open()

    assert exposure_and_gain(driver) == (None, None)
    assert driver.still(0, raw=False).shot.exposure_us is None
    assert exposure_and_gain(driver) == (None, None)


def test_the_ranges_are_the_cameras_as_far_as_the_stream_can_wait(registers: Any, make_driver: MakeDriver) -> None:
    info = make_driver().open()

    assert info.exposure_us == Range(75, 500_000)
    assert info.gain == Range(1.0, 10.67)
    assert info.auto_exposure


def test_settings_are_in_force_when_apply_returns(registers: Any, make_driver: MakeDriver) -> None:
    driver = make_driver()
    driver.open()

    told = driver.apply(CameraSettings(exposure_us=5000, gain=2.503, jpeg_quality=70))

    # As the sensor rounds them: whole rows, steps of 1/256.
    assert told == CameraSettings(exposure_us=4989, gain=2.5, jpeg_quality=70)
    assert exposure_and_gain(driver) == (4989, 2.5)


def test_a_setting_outside_the_range_changes_nothing(registers: Any, make_driver: MakeDriver) -> None:
    driver = make_driver()
    driver.open()
    driver.apply(CameraSettings(exposure_us=5000, gain=2.5))

    with pytest.raises(InvalidRequest, match=r"gain must be 1 to 10\.67, not 64") as refused:
        driver.apply(CameraSettings(exposure_us=9000, gain=64))
    with pytest.raises(InvalidRequest, match="exposure_us must be 75 to 500000, not 500001"):
        driver.apply(CameraSettings(exposure_us=500_001))

    assert refused.value.extra == {"reason": "setting-range", "setting": "gain", "minimum": 1.0, "maximum": 10.67}
    for _ in range(2 * registers.DELAY_FRAMES):
        assert exposure_and_gain(driver) == (4989, 2.5)


def test_automatic_exposure_is_switched_on_and_off(registers: Any, make_driver: MakeDriver) -> None:
    driver = make_driver()
    driver.open()

    driver.apply(CameraSettings(exposure_us=5000))
    assert registers.values["AeEnable"] is False
    assert driver.apply(CameraSettings(auto_exposure=True)).auto_exposure
    for _ in range(3 * registers.DELAY_FRAMES):
        exposure_and_gain(driver)
    assert registers.values["AeEnable"] is True


def test_a_still_is_taken_with_the_settings_and_the_stream_keeps_them(registers: Any, make_driver: MakeDriver) -> None:
    driver = make_driver()
    driver.open()
    driver.apply(CameraSettings(exposure_us=5000, gain=2.5))

    still = driver.still(0, raw=False)

    assert (still.shot.exposure_us, still.shot.gain) == (4989, 2.5)
    for _ in range(2 * registers.DELAY_FRAMES):
        assert exposure_and_gain(driver) == (4989, 2.5)
