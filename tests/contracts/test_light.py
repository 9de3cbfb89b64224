"""What ``LightDriver`` promises, for every driver."""

import math

import pytest

from hw.errors import DeviceError, InvalidRequest
from tests.contracts.benches import LampBench


def test_the_lamp_is_dark_when_opened(lamp_bench: LampBench) -> None:
    lamp_bench.lamp.open()
    assert lamp_bench.shines(0)


@pytest.mark.parametrize("brightness", [1, 0.5, 0.29, 0.07, 0])
def test_it_shines_as_told(lamp_bench: LampBench, brightness: float) -> None:
    lamp_bench.lamp.open()
    lamp_bench.lamp.set_brightness(brightness)
    assert lamp_bench.shines(brightness)


def test_it_follows_every_change(lamp_bench: LampBench) -> None:
    lamp_bench.lamp.open()
    for brightness in (0.2, 0.9, 1.0, 0.6, 0.0, 0.4):
        lamp_bench.lamp.set_brightness(brightness)
        assert lamp_bench.shines(brightness)


@pytest.mark.parametrize("brightness", [-0.01, 1.01, math.nan])
def test_what_it_cannot_shine_changes_nothing(lamp_bench: LampBench, brightness: float) -> None:
    lamp_bench.lamp.open()
    lamp_bench.lamp.set_brightness(0.5)
    with pytest.raises(InvalidRequest):
        lamp_bench.lamp.set_brightness(brightness)
    assert lamp_bench.shines(0.5)


def test_it_is_dark_when_closed(lamp_bench: LampBench) -> None:
    lamp_bench.lamp.open()
    lamp_bench.lamp.set_brightness(0.8)
    lamp_bench.lamp.close()
    assert lamp_bench.shines(0)
    lamp_bench.lamp.close()
    assert lamp_bench.shines(0)


def test_it_shines_only_while_open(lamp_bench: LampBench) -> None:
    with pytest.raises(DeviceError):
        lamp_bench.lamp.set_brightness(0.5)
    lamp_bench.lamp.open()
    lamp_bench.lamp.close()
    with pytest.raises(DeviceError):
        lamp_bench.lamp.set_brightness(0.5)
    assert lamp_bench.shines(0)


def test_opening_again_starts_dark(lamp_bench: LampBench) -> None:
    lamp = lamp_bench.lamp
    lamp.close()
    lamp.open()
    lamp.set_brightness(0.7)
    lamp.open()
    assert lamp_bench.shines(0)
    lamp.close()
    lamp.open()
    assert lamp_bench.shines(0)
    lamp.set_brightness(0.7)
    assert lamp_bench.shines(0.7)


def test_lamps_of_one_light_know_nothing_of_each_other(lamp_bench: LampBench) -> None:
    beside = lamp_bench.beside
    assert beside is not None
    lamp_bench.lamp.open()
    beside.lamp.open()
    lamp_bench.lamp.set_brightness(0.3)
    assert beside.shines(0)
    beside.lamp.set_brightness(0.8)
    assert lamp_bench.shines(0.3)
    lamp_bench.lamp.close()
    assert lamp_bench.shines(0)
    assert beside.shines(0.8)
