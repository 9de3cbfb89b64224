"""Frames to viewers. Everything here runs on the event loop."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Protocol

from hw.types import Frame

log = logging.getLogger(__name__)

STREAM = "live"
"""The name of the one stream there is."""
WINDOW = 2
"""Frames in flight to one viewer: at two, a link's delay is hidden and its queue stays short."""
ACK_TIMEOUT_S = 2.0
"""An acknowledgement that is later than this is taken for lost, and the viewer for ready."""
_ACK_TIMEOUT_MAX_S = 16.0
_LOG_EVERY = 10


class Viewer(Protocol):
    """Somebody who is offered every frame and never waited for."""

    def offer(self, frame: Frame) -> None:
        """A new frame is there."""

    def withdraw(self) -> None:
        """What was offered and not taken is offered no more."""

    def end(self) -> None:
        """There will be no more frames."""


class FrameStream:
    """One stream of frames and its viewers."""

    def __init__(self, on_watched: Callable[[bool], None] = lambda watched: None) -> None:
        self.on_watched = on_watched
        """Told whether anybody watches, on every change: no frame is encoded for nobody."""
        self._viewers: set[Viewer] = set()
        self._last_frame_id = 0
        self._closed = False

    def publish(self, frame: Frame) -> None:
        """Offer a frame to all viewers; one that is not newer than the last is ignored."""
        if frame.frame_id <= self._last_frame_id:
            return
        self._last_frame_id = frame.frame_id
        for viewer in tuple(self._viewers):
            viewer.offer(frame)

    def join(self, viewer: Viewer) -> None:
        """Offer frames to this viewer from now on."""
        if self._closed:
            viewer.end()
            return
        first = not self._viewers
        self._viewers.add(viewer)
        if first:
            self.on_watched(True)

    def leave(self, viewer: Viewer) -> None:
        """Offer it no more; harmless for one that never joined."""
        if viewer in self._viewers:
            self._viewers.remove(viewer)
            viewer.withdraw()
            if not self._viewers:
                self.on_watched(False)

    def close(self) -> None:
        """End all viewers: the server shuts down."""
        self._closed = True
        for viewer in tuple(self._viewers):
            self.leave(viewer)
            viewer.end()

    async def frames(self) -> AsyncGenerator[Frame]:
        """Frames for one who takes them at its own pace: always the newest, each at most once."""
        mailbox = _Mailbox()
        self.join(mailbox)
        try:
            while (frame := await mailbox.take()) is not None:
                yield frame
        finally:
            self.leave(mailbox)


class _Mailbox:
    """Holds the newest frame until it is taken."""

    def __init__(self) -> None:
        self._frame: Frame | None = None
        self._ended = False
        self._filled = asyncio.Event()

    def offer(self, frame: Frame) -> None:
        self._frame = frame
        self._filled.set()

    def withdraw(self) -> None:
        self._frame = None

    def end(self) -> None:
        self._ended = True
        self._filled.set()

    async def take(self) -> Frame | None:
        """The newest frame, as soon as there is one; ``None`` at the end."""
        while self._frame is None and not self._ended:
            self._filled.clear()
            await self._filled.wait()
        frame, self._frame = self._frame, None
        return None if self._ended else frame


class AckedViewer:
    """A viewer that acknowledges frames: at most ``WINDOW`` are in flight, and the newest waits for a place.

    ``send`` puts a frame on the viewer's connection; it is awaited by a task of the viewer's own. ``drained``
    says whether the connection took all that was sent before: one that is stuck gets nothing more, so that the
    memory held for a viewer is bounded even where its acknowledgements are given up for lost.
    """

    def __init__(self, name: str, send: Callable[[Frame, int], Awaitable[None]], drained: Callable[[], bool]) -> None:
        self.name = name
        self.dropped = 0
        self.acks_lost = 0
        self._send = send
        self._drained = drained
        self._in_flight: dict[int, float] = {}
        self._waiting: Frame | None = None
        self._ack_timeout_s = ACK_TIMEOUT_S
        self._offered = asyncio.Event()
        self._pump = asyncio.create_task(self._run(), name=f"viewer {name}")

    @property
    def in_flight(self) -> int:
        """Frames sent and not acknowledged."""
        return len(self._in_flight)

    def offer(self, frame: Frame) -> None:
        if self._waiting is not None:
            self._count_drop()
        self._waiting = frame
        self._give_up_lost_acks()
        self._offered.set()

    def acknowledge(self, frame_id: int | None) -> bool:
        """Take the acknowledgement of a frame (``None``: the oldest in flight); False if it is not in flight."""
        if frame_id is None:
            frame_id = next(iter(self._in_flight), 0)
        if self._in_flight.pop(frame_id, None) is None:
            return False
        self._ack_timeout_s = ACK_TIMEOUT_S
        self._offered.set()
        return True

    def withdraw(self) -> None:
        self._waiting = None

    def end(self) -> None:
        self._pump.cancel()

    async def _run(self) -> None:
        while True:
            await self._offered.wait()
            self._offered.clear()
            frame = self._waiting
            if frame is None or len(self._in_flight) >= WINDOW or not self._drained():
                continue
            self._waiting = None
            self._in_flight[frame.frame_id] = time.monotonic()
            await self._send(frame, self.dropped)
            self._offered.set()

    def _give_up_lost_acks(self) -> None:
        """Make room for the oldest frame's lost acknowledgement; wait longer each time until one comes."""
        now = time.monotonic()
        lost = [n for n, sent_at in self._in_flight.items() if now - sent_at > self._ack_timeout_s]
        for frame_id in lost:
            del self._in_flight[frame_id]
        if lost:
            self.acks_lost += len(lost)
            self._ack_timeout_s = min(2 * self._ack_timeout_s, _ACK_TIMEOUT_MAX_S)
            log.warning("Viewer %s: no acknowledgement, made ready again (%d lost)", self.name, self.acks_lost)

    def _count_drop(self) -> None:
        self.dropped += 1
        if self.dropped % _LOG_EVERY == 0:
            log.info("Dropped %d frames due to client backpressure (viewer %s)", self.dropped, self.name)
