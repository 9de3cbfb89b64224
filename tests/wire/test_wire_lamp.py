"""The lamp through the real gpiozero and lgpio: its pulses at the line."""

from time import monotonic, sleep

import pytest

from hw.config import PwmPin
from hw.errors import DeviceError
from tests.conftest import wait_until
from tests.wire.edges import high_fraction, state_of
from tests.wire.wire import Wire

PIN = 18


def lamp(frequency_hz: int = 200, active_high: bool = True) -> PwmPin:
    """A lamp on its pin."""
    return PwmPin(pin=PIN, frequency_hz=frequency_hz, active_high=active_high)


def rises(wire: Wire, count: int) -> list[float]:
    """When the line rose: the next ``count`` times from now on."""
    start_s = monotonic()

    def enough() -> list[float] | None:
        found = [edge.at_s for edge in wire.edges() if edge.at_s > start_s and edge.state == "1"]
        return found[:count] if len(found) >= count else None

    times: list[float] = wait_until(enough, f"{count} pulses")
    return times


@pytest.mark.parametrize("active_high", [True, False])
@pytest.mark.parametrize("brightness", [0.1, 0.75])
def test_pulses_have_the_brightness(wire: Wire, active_high: bool, brightness: float) -> None:
    def measured() -> float:
        times = rises(wire, 100)
        high = high_fraction(wire.edges(), PIN, times[0], times[-1])
        return high if active_high else 1 - high

    with wire.lamp(lamp(active_high=active_high)) as light:
        light.open()
        light.set_brightness(brightness)
        wait_until(lambda: abs(measured() - brightness) < 0.05, f"a brightness of {brightness:g}")


@pytest.mark.parametrize("frequency_hz", [50, 1000])
def test_pulses_have_the_frequency(wire: Wire, frequency_hz: int) -> None:
    def measured() -> float:
        times = rises(wire, 100)
        return 99 / (times[-1] - times[0])

    with wire.lamp(lamp(frequency_hz)) as light:
        light.open()
        light.set_brightness(0.5)
        # lgpio keeps an absolute schedule, so lateness does not add up.
        wait_until(lambda: abs(measured() / frequency_hz - 1) < 0.1, f"a frequency of {frequency_hz} Hz")


def test_every_allowed_frequency_starts(wire: Wire) -> None:
    for frequency_hz in (10, 10_000):
        with wire.lamp(lamp(frequency_hz)) as light:
            light.open()
            light.set_brightness(0.5)
            assert len(rises(wire, 3)) == 3


@pytest.mark.parametrize(("active_high", "dark", "full"), [(True, "0", "1"), (False, "1", "0")])
def test_dark_and_full_are_steady(wire: Wire, active_high: bool, dark: str, full: str) -> None:
    with wire.lamp(lamp(active_high=active_high)) as light:
        light.open()
        assert state_of(wire.edges(), PIN) == dark
        for brightness, level in ((1.0, full), (0.0, dark), (1.0, full)):
            light.set_brightness(0.4)
            rises(wire, 3)
            light.set_brightness(brightness)
            before = wire.edges()
            # Ten periods of the pulses that there were.
            sleep(10 / 200)
            assert wire.edges() == before
            assert state_of(before, PIN) == level


@pytest.mark.parametrize(("active_high", "pull"), [(True, "d"), (False, "u")])
def test_a_closed_lamp_is_pulled_dark(wire: Wire, active_high: bool, pull: str) -> None:
    with wire.lamp(lamp(active_high=active_high)) as light:
        light.open()
        light.set_brightness(0.6)
        rises(wire, 3)
        light.close()
        assert state_of(wire.edges(), PIN) == pull
        light.open()
        light.set_brightness(0.3)
        rises(wire, 3)


def test_a_taken_line_is_named(wire: Wire) -> None:
    wire.take(PIN)
    with wire.lamp(lamp()) as light, pytest.raises(DeviceError, match=r"light\.pin cannot have GPIO 18.*busy"):
        light.open()
