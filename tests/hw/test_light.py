"""hw.light with lamps of several colours."""

from collections.abc import Iterator

import pytest

from hw.errors import DeviceError, InvalidRequest
from hw.light import ChannelChange, Lamp, Light
from hw.types import LightState, Status
from tests.conftest import PATIENCE_S, wait_until
from tests.hw.fakes import FakeLamp

COLOURS = {"white": 0.5, "red": 0.0, "blue": 0.25}


@pytest.fixture
def lamps() -> dict[str, FakeLamp]:
    return {name: FakeLamp() for name in COLOURS}


@pytest.fixture
def light(lamps: dict[str, FakeLamp], monkeypatch: pytest.MonkeyPatch) -> Iterator[Light]:
    monkeypatch.setattr("hw.worker.REOPEN_S", 0.02)
    light = Light([Lamp(lamps[name], initial, name, name.title(), "#112233") for name, initial in COLOURS.items()])
    light.start()
    wait_until(lambda: light.state.status is Status.READY)
    yield light
    light.close()
    assert light.join(PATIENCE_S)
    assert shining(lamps) == [0, 0, 0], "all dark at the end"


def shining(lamps: dict[str, FakeLamp]) -> list[float]:
    return [lamp.brightness for lamp in lamps.values()]


def changed(light: Light, on: bool | None = None, **channels: ChannelChange) -> LightState:
    return light.change(on, channels).result(PATIENCE_S)


def test_each_starts_as_configured(light: Light, lamps: dict[str, FakeLamp]) -> None:
    assert shining(lamps) == [0.5, 0, 0.25]
    assert [(c.id, c.name, c.colour, c.on) for c in light.state.channels] == [
        ("white", "White", "#112233", True),
        ("red", "Red", "#112233", False),
        ("blue", "Blue", "#112233", True),
    ]
    assert (light.state.on, light.state.brightness) == (True, 0.5)


def test_channels_change_one_by_one(light: Light, lamps: dict[str, FakeLamp]) -> None:
    changed(light, red=ChannelChange(on=True, brightness=0.75))
    assert shining(lamps) == [0.5, 0.75, 0.25]
    state = changed(light, white=ChannelChange(on=False), blue=ChannelChange(brightness=1))
    assert shining(lamps) == [0, 0.75, 1]
    assert (state.on, state.brightness) == (True, 0.5), "a lamp that is off keeps its brightness"


def test_the_whole_light_goes_off_and_on_as_it_was(light: Light, lamps: dict[str, FakeLamp]) -> None:
    assert not changed(light, on=False).on
    assert shining(lamps) == [0, 0, 0]
    changed(light, on=False)
    assert changed(light, on=True).on
    assert shining(lamps) == [0.5, 0, 0.25]
    changed(light, on=True)
    assert shining(lamps) == [0.5, 0, 0.25], "what is on stays as it is"


def test_one_alone_in_one_go(light: Light, lamps: dict[str, FakeLamp]) -> None:
    changed(light, on=False, red=ChannelChange(on=True, brightness=1))
    assert shining(lamps) == [0, 1, 0]


def test_who_knows_one_lamp_only_gets_the_main_one(light: Light, lamps: dict[str, FakeLamp]) -> None:
    assert light.set(True, 0.7).result(PATIENCE_S).brightness == 0.7
    assert shining(lamps) == [0.7, 0, 0.25]


def test_what_is_refused_changes_nothing(light: Light, lamps: dict[str, FakeLamp]) -> None:
    with pytest.raises(InvalidRequest, match="no channel 'green'") as error:
        light.change(None, {"white": ChannelChange(on=False), "green": ChannelChange(on=True)})
    assert error.value.extra == {"allowed": ["white", "red", "blue"]}
    with pytest.raises(InvalidRequest, match=r"from 0 to 1, not 1\.5"):
        light.change(False, {"red": ChannelChange(brightness=1.5)})
    assert shining(lamps) == [0.5, 0, 0.25]


def test_one_that_fails_puts_all_out(light: Light, lamps: dict[str, FakeLamp]) -> None:
    def jammed() -> None:
        raise DeviceError("the line could not be given back")

    lamps["white"].broken = lamps["red"].broken = True
    lamps["white"].close = jammed  # type: ignore[method-assign]
    with pytest.raises(DeviceError, match="smoke"):
        changed(light, red=ChannelChange(on=True, brightness=1))
    wait_until(lambda: light.state.status is Status.FAULT)
    wait_until(lambda: lamps["blue"].brightness == 0, "the one that works is dark, too")
    del lamps["white"].close
    lamps["white"].broken = lamps["red"].broken = False
    wait_until(lambda: light.state.status is Status.READY)
    assert shining(lamps) == [0.5, 0, 0.25], "and as before when it works again"
