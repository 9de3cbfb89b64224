"""The light thread: owns the lamp, or the lamps of several colours."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, replace

from hw.errors import InvalidRequest
from hw.protocols import LightDriver
from hw.types import LightChannel, LightState
from hw.worker import Worker


@dataclass(frozen=True, slots=True)
class Lamp:
    """One channel of the light, and what makes it shine."""

    driver: LightDriver
    initial: float
    """Its brightness at start, 0 to 1."""
    id: str = "lamp"
    name: str = "Lamp"
    colour: str = "#ffffff"
    """What it looks like, as ``#rrggbb``."""


@dataclass(frozen=True, slots=True)
class ChannelChange:
    """What a channel shall do; what is ``None`` stays as it is."""

    on: bool | None = None
    brightness: float | None = None


class Light(Worker):
    """The lamps, each lit at its initial brightness as soon as all are open, all dark once they are closed.

    The first is the main one: ``LightState.brightness`` is its brightness. One that fails puts all out, as it is closed
    with the others.
    """

    def __init__(self, lamps: Sequence[Lamp]) -> None:
        self.lamps = tuple(lamps)
        """At least one; their ids differ."""
        self._channels = {
            lamp.id: LightChannel(lamp.id, lamp.name, lamp.colour, on=lamp.initial > 0, brightness=lamp.initial)
            for lamp in lamps
        }
        self._main = lamps[0].id
        self._lit_before: tuple[str, ...] = (self._main,)
        """What goes on again when all are off."""
        super().__init__("light", _All(lamps))

    @property
    def state(self) -> LightState:
        channels = tuple(self._channels.values())
        return LightState(
            status=self._status,
            on=any(channel.on for channel in channels),
            brightness=channels[0].brightness,
            channels=channels,
            simulated=any(lamp.driver.simulated for lamp in self.lamps),
            fault=self._fault_text,
            fault_facts=self._fault_facts,
            revision=self._revision,
        )

    def set(self, on: bool, brightness: float) -> Future[LightState]:
        """Switch the light, and set the main lamp's brightness (0 to 1), which it keeps while it is off.

        Raises ``InvalidRequest`` for a brightness outside 0 to 1.
        """
        return self.change(on, {self._main: ChannelChange(brightness=brightness)})

    def change(self, on: bool | None = None, channels: Mapping[str, ChannelChange] | None = None) -> Future[LightState]:
        """Switch the light as a whole, then single channels by their ids.

        Off, then on, lights what was lit before. Raises ``InvalidRequest`` for a channel that there is not, or a
        brightness outside 0 to 1; nothing is changed then.
        """
        channels = channels or {}
        for name, change in channels.items():
            if name not in self._channels:
                raise InvalidRequest(f"there is no channel {name[:80]!r}", allowed=list(self._channels))
            if change.brightness is not None and not 0 <= change.brightness <= 1:
                told = f"brightness must be from 0 to 1, not {change.brightness:g}"
                raise InvalidRequest(told, reason="setting-range", setting="brightness", minimum=0, maximum=1)
        return self._submit(lambda: self._change(on, channels))

    def _open(self) -> None:
        super()._open()
        self._shine(self._channels)

    def _turn(self) -> None:
        self._run_job(timeout_s=1.0)

    def _change(self, on: bool | None, changes: Mapping[str, ChannelChange]) -> LightState:
        channels = dict(self._channels)
        lit = tuple(name for name, channel in channels.items() if channel.on)
        if on is False or (on and not lit):
            for name, channel in channels.items():
                channels[name] = replace(channel, on=on and name in self._lit_before)
        for name, change in changes.items():
            now = channels[name]
            channels[name] = replace(
                now,
                on=now.on if change.on is None else change.on,
                brightness=now.brightness if change.brightness is None else change.brightness,
            )
        self._shine(channels)
        self._lit_before = lit or self._lit_before
        self._channels = channels
        self._tell()
        return self.state

    def _shine(self, channels: Mapping[str, LightChannel]) -> None:
        for lamp in self.lamps:
            channel = channels[lamp.id]
            lamp.driver.set_brightness(channel.brightness if channel.on else 0.0)


class _All:
    """All lamps as one device."""

    def __init__(self, lamps: Sequence[Lamp]) -> None:
        self._lamps = lamps

    def open(self) -> None:
        for lamp in self._lamps:
            lamp.driver.open()

    def close(self) -> None:
        """Put every lamp out, whatever becomes of the others."""
        with ExitStack() as stack:
            for lamp in self._lamps:
                stack.callback(lamp.driver.close)
