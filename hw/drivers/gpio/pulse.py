"""The motion process: makes the steps, in time. ``python -m hw.drivers.gpio.pulse SOCKET MEMORY`` (descriptors).

It owns the motors' and the switches' lines and does nothing else, so that neither Python's lock nor the work of another
thread comes between two steps. It ends when its socket does, and the motors stop with it.
"""

import select
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from time import monotonic
from typing import Any

from hw.drivers.gpio.machine import Machine
from hw.drivers.gpio.realtime import be_punctual
from hw.drivers.gpio.words import Words
from hw.errors import DeviceError
from hw.types import Ending

_SLICE_S = 0.002
"""How long a wait for a slow step goes without a look at the switches and at what was ordered."""
_SPIN_S = 0.00005
"""What is left of a wait is not slept through: about as long as it takes to be woken."""


def serve(connection: Connection, words: Words, prepare: Callable[[], list[str]]) -> None:
    """Drive the stage that the first message configures as the others say, until one says ``close`` or the pipe ends.

    ``prepare`` is called once the lines are taken; what it returns goes back with the answer.
    """
    try:
        (config,) = connection.recv()
        machine = Machine(config, words)
        machine.open()
        try:
            connection.send(("ready", prepare()))
            _Conductor(machine, connection, words).run()
        except DeviceError as error:
            connection.send(("failed", str(error), error.extra))
        finally:
            machine.close()
    except DeviceError as error:
        connection.send(("failed", str(error), error.extra))
    except (EOFError, ConnectionError):
        # The other side is gone; all is put in order already.
        return
    finally:
        connection.close()


class _Conductor:
    """Carries out messages one after the other, and the steps in between."""

    def __init__(self, machine: Machine, connection: Connection, words: Words) -> None:
        self._machine = machine
        self._engine = machine.engine
        self._connection = connection
        self._words = words
        self._number = 0
        self._told = True
        self._idle = False

    def run(self) -> None:
        """Until told to end."""
        descriptor = [self._connection.fileno()]
        while True:
            if select.select(descriptor, (), (), self._wait_s())[0] and not self._obey(*self._connection.recv()):
                return
            self._look_at_orders()
            self._engine.advance()
            if self._engine.ending is not None and not self._told:
                self._told = True
                self._connection.send(("ended", self._number, self._engine.ending, self._engine.abrupt))
            if self._idle:
                self._machine.turn_off()

    def _wait_s(self) -> float | None:
        """How long nothing is to be done, as far as is known; ``None`` for ever."""
        if self._engine.ending is None:
            return max(0.0, min(self._engine.due_s - monotonic() - _SPIN_S, _SLICE_S))
        off_s = self._machine.off_s if self._idle else None
        return None if off_s is None else max(0.0, off_s - monotonic())

    def _look_at_orders(self) -> None:
        if self._words.ended >= self._number:
            self._engine.end(Ending.HALTED)
        elif self._words.halted >= self._number:
            self._engine.halt()

    def _obey(self, order: str, *arguments: Any) -> bool:
        """Carry out a message; False when it is the last."""
        match order:
            case "line" | "jog":
                self._begin(order, *arguments)
            case "steer":
                number, steps = arguments
                if number == self._number:
                    self._engine.steer(steps)
            case "switch":
                self._connection.send(("switch", self._machine.at_switch(*arguments)))
            case "release":
                self._idle = True
        return order != "close"

    def _begin(self, kind: str, number: int, *arguments: Any) -> None:
        self._number, self._told, self._idle = number, False, False
        # A switch that bounces as the motion begins is waited for.
        for axis in self._machine.switches:
            self._machine.at_switch(axis)
        (self._engine.begin_line if kind == "line" else self._engine.begin_jog)(*arguments)


def main() -> None:
    """Serve over the descriptors that the command line names."""
    # From the terminal, an interrupt reaches the whole group: it is the server that ends, and ends this.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    serve(Connection(int(sys.argv[1])), Words(int(sys.argv[2])), be_punctual)


if __name__ == "__main__":
    main()
