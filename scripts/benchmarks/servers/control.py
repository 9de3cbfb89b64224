"""How a server is told what to do, and tells what it knows."""

import asyncio
import json
import os
import random
import select
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

PAYLOAD_BYTES = 100_000
WINDOW = 2
"""Frames in flight to one viewer, in every server that knows acknowledgements."""

_STDIN = 0
_READ_BYTES = 4096
_PROBE_GAP_S = (0.001, 0.01)


def tell(**facts: Any) -> None:
    """Print one line of JSON for the bench."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def commands() -> Iterator[str]:
    """The bench's commands, one letter each, until it has no more. Blocks: for a thread of its own."""
    while letters := os.read(_STDIN, _READ_BYTES):
        yield from letters.decode()


def wait_for_the_end() -> None:
    """Wait until the bench has no more commands, and heed none."""
    pipe = select.poll()
    pipe.register(_STDIN, 0)  # its other end's closing is told unasked
    pipe.poll()


def obey_on_loop(loop: asyncio.AbstractEventLoop, obey: Callable[[str], None], at_end: Callable[[], None]) -> None:
    """Have the commands carried out on a loop."""
    os.set_blocking(_STDIN, False)

    def read() -> None:
        letters = os.read(_STDIN, _READ_BYTES)
        for letter in letters.decode():
            obey(letter)
        if not letters:
            loop.remove_reader(_STDIN)
            at_end()

    loop.add_reader(_STDIN, read)


class LagProbe:
    """Measures from outside how long an event loop lets a caller wait.

    A thread has the loop call it back at random times (1 to 10 ms apart) and takes the time until it does.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.lags_s: list[float] = []
        self._loop = loop
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._probe, name="lag probe", daemon=True)
        self._answered = threading.Event()

    def start(self) -> None:
        """Begin to measure."""
        self._thread.start()

    def stop(self) -> list[float]:
        """Cease to measure; returns the lags in seconds."""
        self._ending.set()
        self._answered.set()
        if self._thread.ident is not None:
            self._thread.join()
        return self.lags_s

    def _probe(self) -> None:
        while not self._ending.wait(random.uniform(*_PROBE_GAP_S)):  # noqa: S311 - no secret
            self._answered.clear()
            if self._ending.is_set():  # stopped since it was last asked for: nobody answers any more
                return
            asked_at = time.perf_counter()
            self._loop.call_soon_threadsafe(self._answer, asked_at)
            self._answered.wait()

    def _answer(self, asked_at: float) -> None:
        # The loop's own thread takes the time: how soon the asking one is awake again is another matter.
        self.lags_s.append(time.perf_counter() - asked_at)
        self._answered.set()
