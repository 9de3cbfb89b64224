"""How soon the event loop gets to what waits for it, sampled all the time; what keeps it is named in the log.

A thread asks the loop for a call back ten times a second and notes how long it takes to come: the loop's lag, which
everything that is sent or answered suffers. When no answer came for ``SLOW_S`` the thread looks at the loop's stack
while it is stuck. Neither a process that was stopped, nor a busy machine, nor a thread that keeps all others from
running is taken for a slow callback.
"""

import logging
import math
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from app.tally import Histogram

log = logging.getLogger(__name__)

INTERVAL_S = 0.1
"""Between two samples. Waking up is nearly all that one costs; twice as many would cost twice as much."""
SLOW_S = 0.1
"""A loop that is later than this is stuck: three frames at 30/s."""
RECENT_S = 60.0
"""How far back the single samples go."""

_BOUNDS_S = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
_STOPPED_S = 1.0
"""The watch itself is never so late in a process that runs, however busy the machine."""
_STOPPED_CPU = 0.1
"""A process that used less of the time than this did not run: it was paused, or its machine was."""
_SHOWN_FRAMES = 6
_MACHINERY = {"_run", "_run_once", "run", "run_forever", "run_until_complete"}
"""Functions of asyncio that a callback stands on."""


@dataclass(frozen=True, slots=True)
class Lag:
    """The loop's lag over some time, in seconds."""

    p50_s: float = 0.0
    p99_s: float = 0.0
    max_s: float = 0.0


@dataclass(slots=True)
class _Ping:
    """One call back that the loop was asked for."""

    asked_at: float
    loop_cpu_s: float
    answered_at: float | None = None
    place: str = ""
    """Where the loop was at the last look, without an answer."""
    reported: bool = False

    def answer(self) -> None:
        self.answered_at = time.monotonic()


class LoopWatch:
    """A thread that measures the lag of one event loop and tells what makes it late."""

    def __init__(self) -> None:
        self.lag_s = Histogram(_BOUNDS_S)
        """All samples since the start."""
        self.slow_callbacks = 0
        """Times that a callback kept the loop longer than ``SLOW_S``."""
        self._samples: deque[tuple[float, float]] = deque(maxlen=round(RECENT_S / INTERVAL_S))
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._call_soon: Callable[[Callable[[], None]], object] = lambda callback: None
        self._loop_thread = 0
        self._loop_clock = 0
        self._ping: _Ping | None = None
        self._turned_at = 0.0
        self._process_s = 0.0
        self._thread = threading.Thread(target=self._run, name="loop watch", daemon=True)

    def start(self, call_soon: Callable[[Callable[[], None]], object], loop_thread: int) -> None:
        """Begin to watch.

        ``call_soon`` has the loop call something (``loop.call_soon_threadsafe``); ``loop_thread`` is the identity of
        the thread that runs the loop, which has to be alive.
        """
        self._attach(call_soon, loop_thread)
        self._thread.start()

    def close(self) -> None:
        """Ask the thread to end. Does not wait."""
        self._closing.set()

    def join(self, timeout_s: float) -> bool:
        """Wait for the thread's end; False when it still runs after ``timeout_s``."""
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def recent(self, span_s: float) -> Lag:
        """The lag of the last ``span_s`` seconds, at most ``RECENT_S``; zero where nothing was measured."""
        since = time.monotonic() - span_s
        with self._lock:
            samples = list(self._samples)
        lags = sorted(lag_s for at, lag_s in samples if at >= since)
        return Lag(_quantile(lags, 0.5), _quantile(lags, 0.99), lags[-1]) if lags else Lag()

    # From here on: the watch's own thread.

    def _attach(self, call_soon: Callable[[Callable[[], None]], object], loop_thread: int) -> None:
        self._call_soon = call_soon
        self._loop_thread = loop_thread
        self._loop_clock = time.pthread_getcpuclockid(loop_thread)
        self._turned_at, self._process_s = time.monotonic(), time.process_time()

    def _run(self) -> None:
        while not self._closing.wait(INTERVAL_S):
            try:
                self._turn()
            except (RuntimeError, OSError) as error:  # the loop was closed, or its thread has ended
                log.debug("There is no loop to watch any more: %s", error)
                return

    def _turn(self) -> None:
        """Look for the answer to the last ping, and send the next one only if it came."""
        now, process_s = time.monotonic(), time.process_time()
        late_s = now - self._turned_at - INTERVAL_S
        was_stopped = late_s > _STOPPED_S and process_s - self._process_s < _STOPPED_CPU * late_s
        ping = self._ping
        if ping is None:
            self._ask()
        else:
            if was_stopped:
                ping.asked_at = now
            answered_at = ping.answered_at
            if answered_at is None:
                self._look(ping, now, late_s)
            else:
                self._record(ping, answered_at)
                self._ask()
        self._turned_at, self._process_s = time.monotonic(), process_s

    def _ask(self) -> None:
        ping = self._ping = _Ping(time.monotonic(), time.clock_gettime(self._loop_clock))
        self._call_soon(ping.answer)
        # From when the loop had been asked: this thread may have lost its turn in the middle of asking.
        ping.asked_at = time.monotonic()

    def _record(self, ping: _Ping, answered_at: float) -> None:
        lag_s = max(0.0, answered_at - ping.asked_at)
        self.lag_s.add(lag_s)
        with self._lock:
            self._samples.append((answered_at, lag_s))
        if ping.reported:
            log.info("The event loop answers again, after %.2f s", lag_s)
        elif lag_s > SLOW_S and self._loop_was_busy(ping):
            self.slow_callbacks += 1
            log.warning("The event loop was stuck for %.2f s, over before it could be looked at", lag_s)

    def _look(self, ping: _Ping, now: float, late_s: float) -> None:
        """Name the callback that keeps the loop, if one does, and only once."""
        waited_s = now - ping.asked_at
        if ping.reported or waited_s < SLOW_S:
            return
        place = describe_callback(sys._current_frames().get(self._loop_thread))
        if ping.answered_at is not None:
            return  # by now it is elsewhere
        # Either its thread worked all the time, or it waits at one place for something. A watch that is late itself
        # cannot tell what for: it may be another thread that lets nobody run.
        waits = late_s < INTERVAL_S / 2 and place != "" and place == ping.place
        ping.place = place
        if not waits and not self._loop_was_busy(ping):
            return
        ping.reported = True
        self.slow_callbacks += 1
        log.warning("The event loop is stuck, for %.2f s so far, in %s", waited_s, place or "itself")

    def _loop_was_busy(self, ping: _Ping) -> bool:
        """Whether its thread did something for a good part of a stall, and was not just kept from running."""
        return time.clock_gettime(self._loop_clock) - ping.loop_cpu_s > SLOW_S / 2


def describe_callback(frame: FrameType | None) -> str:
    """The functions that a loop's thread is in, from the innermost to the callback that the loop called.

    Each as ``file:line function``; empty when it is in none. ``frame`` is the innermost one.
    """
    told: list[str] = []
    while frame is not None and len(told) < _SHOWN_FRAMES:
        path = Path(frame.f_code.co_filename)
        if path.parent.name == "asyncio" and frame.f_code.co_name in _MACHINERY:
            break
        told.append(f"{path.parent.name}/{path.name}:{frame.f_lineno} {frame.f_code.co_qualname}")
        frame = frame.f_back
    return ", called by ".join(told)


def _quantile(ascending: list[float], share: float) -> float:
    """The nearest-rank quantile of a list that is sorted and not empty."""
    return ascending[max(0, math.ceil(share * len(ascending)) - 1)]
