"""How soon the event loop gets to what waits for it, measured all the time; what keeps it is named in the log.

The loop's lag, which everything that is sent or answered suffers, is what passes between asking it for a call and that
call. Whoever asks anyway measures it on the way: the bridge, for each frame. Only where nobody does a thread asks, ten
times a second. When there was no answer for ``SLOW_S`` the thread looks at the loop's stack while it is stuck. Neither
a process that was stopped, nor a busy machine, nor a thread that keeps all others from running is taken for a slow
callback.
"""

import logging
import math
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from types import FrameType

from app.tally import Histogram

log = logging.getLogger(__name__)

INTERVAL_S = 0.1
"""Between two questions of the thread."""
RELAXED_S = 1.0
"""Between two looks of the thread while others ask: waking a core up costs as much as sending a frame."""
SLOW_S = 0.1
"""A loop that is later than this is stuck: three frames at 30/s."""
RECENT_S = 60.0
"""How far back the single samples go."""

_KEPT = 6000
"""Single samples, at most: as many as a hundred a second make in that time."""
_BOUNDS_S = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
_STOPPED_S = 1.0
"""The watch itself is never so late in a process that runs, however busy the machine."""
_STOPPED_CPU = 0.1
"""A process that used less of the time than this did not run: it was paused, or its machine was."""
_WORKED_S = SLOW_S / 2
"""What a loop's thread has to have computed in a stall that a callback of its own made."""
_SHOWN_FRAMES = 6
_MACHINERY = {"_run", "_run_once", "run", "run_forever", "run_until_complete"}
"""Functions of asyncio that a callback stands on."""


@dataclass(frozen=True, slots=True)
class Lag:
    """The loop's lag over some time, in seconds."""

    p50_s: float = 0.0
    p99_s: float = 0.0
    max_s: float = 0.0


class LoopWatch:
    """Measures the lag of one event loop, and has a thread that tells what makes it late."""

    def __init__(self) -> None:
        self.lag_s = Histogram(_BOUNDS_S)
        """All samples since the start."""
        self.slow_callbacks = 0
        """Times that a callback kept the loop longer than ``SLOW_S``."""
        self._samples: deque[tuple[float, float]] = deque(maxlen=_KEPT)
        self._closing = False
        self._look_now = threading.Event()
        self._call_soon: Callable[..., object] = lambda *call: None
        self._loop_thread = 0
        self._loop_clock = 0
        self._called_at = 0.0
        """When the loop last came; the next four are as of then."""
        self._answered_at = 0.0
        """When it had been asked to."""
        self._process_s = 0.0
        self._loop_s = 0.0
        self._told = False
        """Whether what keeps it since then was told."""
        self._asked_at = 0.0
        """The latest question that is known of."""
        self._own_asked_at = 0.0
        """The latest one of the thread's own."""
        self._asked_loop_s = 0.0
        """What the loop's thread had computed then."""
        self._due_at = 0.0
        """When the thread is to look."""
        self._looked_process_s = 0.0
        self._resumed_at = 0.0
        """When the process last ran again after it was stopped."""
        self._place = (0.0, "")
        """Where the loop was at the last look without an answer, and when it had last come then."""
        self._thread = threading.Thread(target=self._run, name="loop watch", daemon=True)

    def start(self, call_soon: Callable[..., object], loop_thread: int) -> None:
        """Begin to watch.

        ``call_soon`` has the loop call something (``loop.call_soon_threadsafe``); ``loop_thread`` is the identity of
        the thread that runs the loop, which has to be alive.
        """
        self._attach(call_soon, loop_thread)
        self._thread.start()

    def close(self) -> None:
        """Ask the thread to end. Does not wait."""
        self._closing = True
        self._look_now.set()

    def join(self, timeout_s: float) -> bool:
        """Wait for the thread's end; False when it still runs after ``timeout_s``."""
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def recent(self, span_s: float) -> Lag:
        """The lag of the last ``span_s`` seconds, at most ``RECENT_S``; zero where nothing was measured.

        For the loop's thread, as ``called`` is.
        """
        since = time.monotonic() - min(span_s, RECENT_S)
        lags = sorted(lag_s for _, lag_s in takewhile(lambda sample: sample[0] >= since, reversed(self._samples)))
        return Lag(_quantile(lags, 0.5), _quantile(lags, 0.99), lags[-1]) if lags else Lag()

    def called(self, asked_at: float) -> None:
        """Take down that the loop got to what it was asked for at that time (monotonic clock, seconds)."""
        now, loop_s = time.monotonic(), time.thread_time()
        lag_s = now - asked_at
        if lag_s <= SLOW_S:
            self._keep(now, lag_s)
        elif asked_at >= self._resumed_at and not self._was_stopped(now):
            self._keep(now, lag_s)
            if self._told:
                log.info("The event loop answers again, after %.2f s", lag_s)
            elif loop_s - self._loop_s > _WORKED_S:
                self.slow_callbacks += 1
                log.warning("The event loop was stuck for %.2f s, over before it could be looked at", lag_s)
        self._called_at, self._answered_at = now, asked_at
        self._process_s, self._loop_s, self._told = time.process_time(), loop_s, False

    def _keep(self, now: float, lag_s: float) -> None:
        self.lag_s.add(lag_s)
        self._samples.append((now, lag_s))

    # From here on: on any thread.

    def missed(self, asked_at: float) -> None:
        """Take down that the loop was asked at that time and has not come yet."""
        now = time.monotonic()
        if now - asked_at >= SLOW_S:
            self._asked_at, self._due_at = asked_at, now
            self._look_now.set()

    def _was_stopped(self, now: float) -> bool:
        """Whether the process did not run until now: a look is so long overdue, and next to nothing was computed."""
        late_s = now - self._due_at
        if late_s < _STOPPED_S:
            return False
        return time.process_time() - max(self._process_s, self._looked_process_s) < _STOPPED_CPU * late_s

    # From here on: the watch's own thread.

    def _attach(self, call_soon: Callable[..., object], loop_thread: int) -> None:
        self._call_soon = call_soon
        self._loop_thread = loop_thread
        self._loop_clock = time.pthread_getcpuclockid(loop_thread)
        self._process_s, self._loop_s = time.process_time(), time.clock_gettime(self._loop_clock)
        self._due_at = time.monotonic() + INTERVAL_S

    def _run(self) -> None:
        while True:
            self._look_now.wait(self._due_at - time.monotonic())
            self._look_now.clear()
            if self._closing:
                return
            try:
                self._look()
            except (RuntimeError, OSError) as error:  # the loop was closed, or its thread has ended
                log.debug("There is no loop to watch any more: %s", error)
                return

    def _look(self) -> None:
        """See what keeps the loop, if it was asked and has not come; if nobody asked it lately, ask."""
        now = time.monotonic()
        late_s = now - self._due_at
        if self._was_stopped(now):
            self._resumed_at = now
        self._looked_process_s = time.process_time()
        self._due_at = now + INTERVAL_S
        if self._asked_at > self._called_at:
            self._name_callback(now - max(self._asked_at, self._resumed_at), late_s)
        elif now - self._called_at < INTERVAL_S and self._answered_at != self._own_asked_at:
            self._due_at = now + RELAXED_S
        else:
            self._asked_loop_s = time.clock_gettime(self._loop_clock)
            self._asked_at = self._own_asked_at = now
            self._call_soon(self.called, now)

    def _name_callback(self, waited_s: float, late_s: float) -> None:
        """Name the callback that keeps the loop, if one does, and only once."""
        if self._told or waited_s < SLOW_S:
            return
        called_at = self._called_at
        place = describe_callback(sys._current_frames().get(self._loop_thread))
        if self._called_at != called_at:
            return  # by now it is elsewhere
        # Either its thread worked a good part of the time, and was not just kept from running, or it waits at one place
        # for something. A watch that is late itself cannot tell what for: it may be another thread that lets nobody
        # run.
        worked = time.clock_gettime(self._loop_clock) - max(self._loop_s, self._asked_loop_s) > _WORKED_S
        waits = late_s < INTERVAL_S / 2 and place != "" and (called_at, place) == self._place
        self._place = (called_at, place)
        if not waits and not worked:
            return
        self._told = True
        self.slow_callbacks += 1
        log.warning("The event loop is stuck, for %.2f s so far, in %s", waited_s, place or "itself")


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
