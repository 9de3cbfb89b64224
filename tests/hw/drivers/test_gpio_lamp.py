"""The lamp on mock pins."""

from typing import Any

import pytest

from hw.config import PwmPin
from hw.drivers.gpio.lamp import PwmLamp
from hw.errors import DeviceError
from tests.wire.edges import level_of, state_of
from tests.wire.mock_lines import MockLines

PIN = 18


def lamp(**changes: Any) -> PwmLamp:
    """A lamp on its pin."""
    return PwmLamp(PwmPin(pin=PIN, **changes))


@pytest.mark.parametrize(("active_high", "dark"), [(True, "0"), (False, "1")])
def test_dark_and_full_are_steady(lines: MockLines, active_high: bool, dark: str) -> None:
    driver = lamp(active_high=active_high)
    driver.open()
    assert state_of(lines.edges, PIN) == dark
    driver.set_brightness(1)
    assert state_of(lines.edges, PIN) == ("1" if active_high else "0")
    assert lines.pin(PIN).frequency is None
    driver.set_brightness(0.5)
    assert lines.pin(PIN).frequency == 1000
    driver.set_brightness(0)
    assert state_of(lines.edges, PIN) == dark
    assert lines.pin(PIN).frequency is None


@pytest.mark.parametrize("active_high", [True, False])
@pytest.mark.parametrize("brightness", [0.01, 0.07, 0.29, 0.57, 0.99])
def test_between_them_the_duty_cycle_is_the_brightness(lines: MockLines, active_high: bool, brightness: float) -> None:
    driver = lamp(active_high=active_high, frequency_hz=250)
    driver.open()
    driver.set_brightness(brightness)
    level = level_of(state_of(lines.edges, PIN))
    # What lgpio's pins make of it: whole percents, cut down.
    assert int(level * 100) == round(100 * (brightness if active_high else 1 - brightness))
    assert lines.pin(PIN).frequency == 250


@pytest.mark.parametrize(("active_high", "pull"), [(True, "d"), (False, "u")])
def test_close_leaves_the_line_pulled_dark(lines: MockLines, active_high: bool, pull: str) -> None:
    driver = lamp(active_high=active_high)
    driver.open()
    driver.set_brightness(0.7)
    driver.close()
    assert state_of(lines.edges, PIN) == pull
    assert lines.pin(PIN).frequency is None


def test_a_failing_line_is_a_device_error(lines: MockLines) -> None:
    driver = lamp()
    driver.open()
    lines.broken.add(PIN)
    with pytest.raises(DeviceError, match="the lamp could not be set: the line is gone"):
        driver.set_brightness(1)
    with pytest.raises(DeviceError, match="the line is gone"):
        driver.close()
    lines.broken.clear()
    driver.open()
    driver.set_brightness(1)
    assert state_of(lines.edges, PIN) == "1"
