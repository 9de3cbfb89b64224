"""Taking lines and giving them back, above all when it fails."""

import pytest
from gpiozero import Device

from hw.config import PwmPin
from hw.drivers.gpio.lamp import PwmLamp
from hw.drivers.gpio.motors import GpioMotors
from hw.errors import DeviceError
from tests.hw.drivers import test_gpio_stepdir as stepdir
from tests.hw.drivers import test_gpio_uln2003 as uln2003
from tests.hw.drivers.driving import line
from tests.wire.edges import state_of
from tests.wire.mock_lines import MockLines


def _drivers() -> list[GpioMotors | PwmLamp]:
    return [stepdir.motors(), uln2003.motors(), PwmLamp(PwmPin(pin=stepdir.STEP))]


@pytest.mark.parametrize("driver", _drivers(), ids=["stepdir", "uln2003", "lamp"])
def test_a_line_that_another_program_has_is_named(lines: MockLines, driver: GpioMotors | PwmLamp) -> None:
    lines.busy.add(stepdir.STEP)
    with pytest.raises(DeviceError) as first:
        driver.open()
    assert "GPIO 17" in str(first.value)
    assert "step_pin" in str(first.value) or "coil_pins[0]" in str(first.value) or "light.pin" in str(first.value)
    assert "busy" in str(first.value)
    driver.close()
    # The error is still held, as a state or a log may hold it; that must not keep the line.
    lines.busy.clear()
    driver.open()
    driver.close()


def test_a_failing_open_gives_back_what_it_took(lines: MockLines) -> None:
    driver = stepdir.motors()
    lines.busy.add(stepdir.SWITCH)
    with pytest.raises(DeviceError, match=r"stage\.x\.switch_pin .*GPIO 4"):
        driver.open()
    assert state_of(lines.edges, stepdir.STEP) == "d"
    with pytest.raises(DeviceError, match="not open"):
        driver.release()
    other = PwmLamp(PwmPin(pin=stepdir.STEP))
    other.open()
    other.close()


def test_a_line_that_another_driver_has_is_refused_until_it_closes(lines: MockLines) -> None:
    first, second = PwmLamp(PwmPin(pin=18)), PwmLamp(PwmPin(pin=18))
    first.open()
    with pytest.raises(DeviceError, match="GPIO 18"):
        second.open()
    first.set_brightness(1)
    second.close()
    assert state_of(lines.edges, 18) == "1"
    first.close()
    second.open()
    second.close()


def test_a_machine_without_gpio_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Device, "pin_factory", None)
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "nothing-of-the-kind")
    driver = PwmLamp(PwmPin(pin=18))
    with pytest.raises(DeviceError, match=r"light\.pin needs GPIO 18.*Raspberry Pi.*nothing-of-the-kind"):
        driver.open()
    driver.close()


def test_one_failing_line_does_not_keep_the_others(lines: MockLines) -> None:
    driver = uln2003.motors()
    driver.open()
    line(driver, {"x": 1})
    lines.broken.add(uln2003.X[2])
    with pytest.raises(DeviceError, match="given back: the line is gone"):
        driver.close()
    assert uln2003.coils(lines.edges, uln2003.X).replace("z", "d") == "dddd"
    lines.broken.clear()
    driver.open()
    driver.close()


def test_lines_with_resistors_of_their_own_are_given_back(lines: MockLines) -> None:
    driver = PwmLamp(PwmPin(pin=2))
    driver.open()
    driver.close()
    assert state_of(lines.edges, 2) == "u"
