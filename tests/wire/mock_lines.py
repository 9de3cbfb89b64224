"""gpiozero's mock pins that note every change of every line in one list, and a motion process that is a thread."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from time import monotonic
from typing import Any

from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPWMPin

from hw.drivers.gpio.pulse import serve
from hw.drivers.gpio.words import Words
from tests.wire.edges import Edge


class MockLines(MockFactory):  # type: ignore[misc]
    """A pin factory whose lines can be watched, driven from outside and taken by somebody else."""

    def __init__(self) -> None:
        super().__init__(pin_class=_WatchedPin)
        self.edges: list[Edge] = []
        self.busy: set[int] = set()
        self.broken: set[int] = set()
        """Lines whose pins raise when they are written."""

    def drive(self, line: int, high: bool) -> None:
        """Drive an input from outside."""
        pin = self.pin(line)
        pin.drive_high() if high else pin.drive_low()


@contextmanager
def installed(lines: MockLines) -> Iterator[MockLines]:
    """Make them gpiozero's default for a while."""
    before, Device.pin_factory = Device.pin_factory, lines
    try:
        yield lines
    finally:
        Device.pin_factory = before


class _WatchedPin(MockPWMPin):  # type: ignore[misc]
    def __init__(self, factory: MockLines, info: Any) -> None:
        if int(info.name.removeprefix("GPIO")) in factory.busy:
            raise Exception("GPIO busy")
        self._noted: str | None = None
        super().__init__(factory, info)

    def close(self) -> None:
        """Become an input again and go on pulsing for all one knows, as lgpio's pins do."""
        super(MockPWMPin, self).close()

    def _note(self) -> None:
        pulls = {"up": "u", "down": "d", "floating": "z"}
        state = f"{self._state:g}" if self._function == "output" else pulls[self._pull]
        if state != self._noted:
            self._noted = state
            self.factory.edges.append(Edge(monotonic(), self._number, state))

    def _set_function(self, value: str) -> None:
        super()._set_function(value)
        self._note()

    def _set_pull(self, value: str) -> None:
        super()._set_pull(value)
        self._note()

    def _set_state(self, value: float) -> None:
        if self._number in self.factory.broken:
            raise OSError("the line is gone")
        super()._set_state(value)

    def _change_state(self, value: float) -> bool:
        changed: bool = super()._change_state(value)
        self._note()
        return changed


class ThreadInPlace:
    """A motion process on mock pins: a thread of this one, to which it has nothing but its pipe and its memory."""

    def __init__(self, connection: Connection, words: Words) -> None:
        ours = Connection(os.dup(connection.fileno()))
        self._thread = threading.Thread(target=serve, args=(ours, words, list), name="motion")
        self._thread.start()

    def end(self, timeout_s: float) -> str:
        """Wait for it."""
        self._thread.join(timeout_s)
        return "thread"
