"""The one door from threads to the event loop.

Frames go through a newest-wins slot per stream, control signals through a bounded queue in order; a single
armed ``call_soon_threadsafe`` wakes the loop for whatever is there. A stalled loop thus holds one frame and a
bounded number of signals, never a backlog.
"""

import asyncio
import itertools
import logging
import threading
import time
from collections.abc import Callable, Hashable
from typing import Any

from app.encoding import to_json
from hw.types import Frame, Size

log = logging.getLogger(__name__)

_CAPACITY = 1024
_MAX_SIGNAL_BYTES = 1_000_000
_BURST_S = 5.0
"""Quiet time after which the next undeliverable emission is warned of again."""


class Bridge:
    """Carries frames and signals from any thread to sinks that run on the loop.

    ``emit_frame`` and ``emit_signal`` never block and never raise. Without a loop (before the server starts,
    after it stopped) an emission is counted in ``undelivered`` and warned of once per burst.
    """

    def __init__(self) -> None:
        self.on_frame: Callable[[str, Frame], None] = lambda stream, frame: None
        """Called on the loop with each stream's newest frame."""
        self.on_signal: Callable[[str], None] = lambda text: None
        """Called on the loop with each signal as JSON text, before any frame that waits with it."""
        self.on_call: Callable[[float], None] = lambda asked_at: None
        """Called on the loop each time it comes, with when it was asked to (monotonic clock, seconds)."""
        self.on_missed: Callable[[float], None] = lambda asked_at: None
        """Called by an emission that finds the loop asked already, with when, and not come yet. On any thread."""
        self.undelivered = 0
        self.overflowed = 0
        """Signals lost because the loop did not take them in time."""
        self.unencodable = 0
        self.superseded = 0
        """Frames that a newer one replaced before the loop took them."""
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._asked_at: float | None = None
        """When the loop was asked to come; ``None`` while it is not."""
        self._frames: dict[tuple[str, Size], Frame] = {}
        self._signals: dict[Hashable, str] = {}
        self._number = itertools.count()
        self._last_undelivered_at = float("-inf")

    @property
    def waiting(self) -> int:
        """Signals that wait for the loop."""
        return len(self._signals)

    def set_loop(self, loop: asyncio.AbstractEventLoop | None) -> None:
        """Deliver to ``loop`` from now on; ``None`` closes the door and drops what waits."""
        with self._lock:
            self._loop = loop
            self._asked_at = None
            self._frames.clear()
            self._signals.clear()
            self._last_undelivered_at = float("-inf")

    def emit_frame(self, stream: str, frame: Frame) -> None:
        """Hand over a frame; it replaces one of the same stream and size that still waits."""
        with self._lock:
            loop, asked_at = self._loop, self._asked_at
            if loop is not None:
                slot = (stream, frame.size)
                self.superseded += slot in self._frames
                self._frames[slot] = frame
                self._asked_at = asked_at or time.monotonic()
        self._see_to(loop, asked_at)

    def emit_signal(self, name: str, *arguments: Any, key: Hashable = None) -> None:
        """Hand over a control signal, as the JSON ``{"name": name, "args": {"p0": ..., "p1": ...}}``.

        Signals arrive in the order of their emission. With a ``key``, only the last of those waiting under that
        key is delivered (a position, a state); without one each is. The arguments are encoded before the call
        returns, so that they may change afterwards.
        """
        try:
            text = to_json({"name": name, "args": {f"p{n}": value for n, value in enumerate(arguments)}})
            if len(text) > _MAX_SIGNAL_BYTES:
                raise TypeError(f"it takes {len(text)} bytes as JSON; {_MAX_SIGNAL_BYTES} are allowed")
        except Exception as error:  # a payload's own code may raise anything, and the emitter must not suffer
            self.unencodable += 1
            log.error("Signal %r cannot be encoded: %s", name, error)
            return
        with self._lock:
            loop, asked_at = self._loop, self._asked_at
            if loop is not None:
                self._enqueue(name, text, key)
                self._asked_at = asked_at or time.monotonic()
        self._see_to(loop, asked_at)

    def _enqueue(self, name: str, text: str, key: Hashable) -> None:
        place = ("key", key) if key is not None else next(self._number)
        self._signals.pop(place, None)
        if len(self._signals) >= _CAPACITY:
            self._signals.pop(next(iter(self._signals)))
            self.overflowed += 1
            log.error("The event loop is stalled: the oldest of %d signals gave way to %r", _CAPACITY, name)
        self._signals[place] = text

    def _see_to(self, loop: asyncio.AbstractEventLoop | None, asked_at: float | None) -> None:
        """Have the loop come for what waits, unless it was asked before."""
        if asked_at is not None:
            self.on_missed(asked_at)
            return
        try:
            if loop is not None:
                loop.call_soon_threadsafe(self._drain)
                return
        except RuntimeError:  # the loop was closed without telling
            self.set_loop(None)
        self._count_undelivered()

    def _count_undelivered(self) -> None:
        now = time.monotonic()
        with self._lock:
            self.undelivered += 1
            first_of_burst = now - self._last_undelivered_at > _BURST_S
            self._last_undelivered_at = now
        if first_of_burst:
            log.warning("Event loop not available for signal emission")

    def _drain(self) -> None:
        with self._lock:
            signals, self._signals = self._signals, {}
            frames, self._frames = self._frames, {}
            asked_at, self._asked_at = self._asked_at, None
        if asked_at is not None:
            self.on_call(asked_at)
        for text in signals.values():
            self._deliver(self.on_signal, text)
        for (stream, _), frame in frames.items():
            self._deliver(self.on_frame, stream, frame)

    def _deliver(self, sink: Callable[..., None], *what: Any) -> None:
        try:
            sink(*what)
        except Exception:
            log.exception("A sink of the bridge failed")
