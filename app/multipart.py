"""Live frames as one endless HTTP answer (motion JPEG), for programs that speak no Socket.IO."""

import asyncio
import itertools
import time
from collections import deque
from collections.abc import AsyncIterator

from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.packet import MULTIPART_BOUNDARY, Packet
from app.stream import FrameStream
from app.viewer import ViewerFigures, rates
from app.wire import HttpDoor, door_of
from hw.types import Size

_LATELY_S = 2.0
_numbers = itertools.count(1)


class MultipartResponse(StreamingResponse):
    """Every frame that the connection takes, the newest first of all, until the viewer or the stream ends.

    On a connection with a side door each frame is one write of bytes that all viewers share.
    """

    def __init__(self, stream: FrameStream) -> None:
        self._stream = stream
        super().__init__(
            _parts(stream),
            media_type=f"multipart/x-mixed-replace; boundary={MULTIPART_BOUNDARY}",
            headers={"Cache-Control": "no-store"},
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        door = door_of(scope)
        if not isinstance(door, HttpDoor):
            await super().__call__(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        if door.transport.is_closing():
            return
        door.keep_little_unsent()
        viewer = _MultipartViewer(door, scope, self._stream)
        self._stream.join(viewer)
        try:
            await viewer.ended.wait()
        finally:
            self._stream.leave(viewer)
            door.on_writable = door.on_lost = None
        if not door.transport.is_closing():
            await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _parts(stream: FrameStream) -> AsyncIterator[bytes]:
    async for packet in stream.packets():
        yield packet.part


class _MultipartViewer:
    """Sends a frame when the connection took those before; else the newest waits."""

    size = Size.FULL
    deaf = False

    def __init__(self, door: HttpDoor, scope: Scope, stream: FrameStream) -> None:
        self.ended = asyncio.Event()
        self._door = door
        self._tally = stream.tally
        self._name = f"mjpeg-{next(_numbers)}"
        self._address = scope["client"][0] if scope["client"] else ""
        self._agent = dict(scope["headers"]).get(b"user-agent", b"").decode("latin-1")[:200]
        self._sent = 0
        self._dropped = 0
        self._sent_at: deque[tuple[float, int]] = deque(maxlen=64)
        self._waiting: Packet | None = None
        door.on_writable = self._send_waiting
        door.on_lost = self.end

    def offer(self, packet: Packet) -> None:
        if self._waiting is not None:
            self._dropped += 1
            self._tally.dropped["link"] += 1
        self._waiting = packet
        self._send_waiting()

    def withdraw(self) -> None:
        self._waiting = None

    def end(self) -> None:
        self.ended.set()

    def figures(self) -> ViewerFigures:
        now = time.monotonic()
        at, size_bytes = zip(*self._sent_at, strict=True) if self._sent_at else ((), ())
        fps, bytes_per_s = rates(now, at, size_bytes, _LATELY_S)
        return ViewerFigures(
            id=self._name,
            kind="mjpeg",
            address=self._address,
            agent=self._agent,
            size=self.size,
            asked_size=None,
            window=1,
            in_flight=0,
            sent=self._sent,
            acked=0,
            dropped={"window": 0, "rate": 0, "link": self._dropped},
            acks_lost=0,
            junk_acks=0,
            deaf=self.deaf,
            fps=fps,
            bytes_per_s=bytes_per_s,
            ack_ms=None,
            network_ms=None,
            paint_ms=None,
            latency_ms=None,
        )

    def _send_waiting(self) -> None:
        packet = self._waiting
        if packet is None or not self._door.ready:
            return
        self._waiting = None
        size_bytes = len(packet.frame.jpeg)
        self._sent += 1
        self._tally.sent += 1
        self._tally.sent_bytes += size_bytes
        self._sent_at.append((time.monotonic(), size_bytes))
        self._door.write(packet.chunk)
