"""The Socket.IO face: viewers come and go, get frames and signals, acknowledge frames. Runs on the event loop."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import socketio

from app.encoding import to_json
from app.stream import STREAM, AckedViewer, FrameStream
from hw.types import Frame

log = logging.getLogger(__name__)

MAX_MESSAGE_BYTES = 100_000
"""What a viewer may send in one message; a larger one ends its connection."""
_MAX_WAITING = 64
"""Packets that may wait for one viewer before it is sent no more signals."""
_GOODBYE_S = 0.5


class Sockets:
    """The Socket.IO server: mount ``asgi`` at ``/socket.io``."""

    def __init__(self, stream: FrameStream, state: Callable[[], Any]) -> None:
        self.stream = stream
        self.state = state
        """What a viewer is sent as ``state`` when it connects, whole."""
        self.junk_acks = 0
        """Acknowledgements of no known form or of frames not in flight: ignored."""
        self._connections: dict[str, _Connection] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        # Handlers run inline, in the order of a viewer's messages; none of them waits for anything.
        self._server = socketio.AsyncServer(
            async_mode="asgi",
            async_handlers=False,
            max_http_buffer_size=MAX_MESSAGE_BYTES,
            ping_interval=10,
            ping_timeout=30,
        )
        self.asgi = socketio.ASGIApp(self._server, socketio_path="socket.io")
        self._server.on("connect", self._connect)
        self._server.on("disconnect", self._disconnect)
        self._server.on("frame_ack", self._frame_ack)
        self._server.on("subscribe", self._subscribe)
        self._server.on("unsubscribe", self._unsubscribe)

    def broadcast(self, text: str) -> None:
        """Send a signal, as JSON text, to all viewers.

        One that does not take them is spared: it gets the whole state instead, once it has taken the rest.
        """
        ready = []
        for sid, connection in self._connections.items():
            if connection.catching_up is not None:
                continue
            if connection.outbox.qsize() < _MAX_WAITING:
                ready.append(sid)
            else:
                work = self._catch_up(sid, connection)
                connection.catching_up = asyncio.create_task(work, name=f"catch up {sid}")
        if ready:
            self._spawn(self._server.emit("signal", text, to=ready))

    async def _catch_up(self, sid: str, connection: "_Connection") -> None:
        await connection.outbox.join()
        connection.catching_up = None
        await self._server.emit("state", to_json(self.state()), to=sid)

    async def close(self) -> None:
        """Send everybody away; one whose connection is stuck is not waited for."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_GOODBYE_S):
                await asyncio.gather(*(self._server.disconnect(sid) for sid in self._connections))
        await self._server.shutdown()

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connect(self, sid: str, environ: dict[str, Any]) -> None:
        async def send(frame: Frame, dropped: int) -> None:
            await self._server.emit("frame", [{**frame.metadata(), "dropped": dropped}, frame.jpeg], to=sid)

        outbox = self._server.eio.sockets[self._server.manager.eio_sid_from_sid(sid, "/")].queue
        connection = _Connection(AckedViewer(sid, send, drained=outbox.empty), outbox)
        self._connections[sid] = connection
        log.info("Viewer %s connected (%d in all)", sid, len(self._connections))
        # The state first, then frames: what a frame shows can only be read with it.
        self._spawn(self._welcome(sid, connection.viewer))

    async def _welcome(self, sid: str, viewer: AckedViewer) -> None:
        await self._server.emit("state", to_json(self.state()), to=sid)
        if sid in self._connections:
            self.stream.join(viewer)

    async def _disconnect(self, sid: str, reason: str) -> None:
        connection = self._connections.pop(sid)
        if reason == self._server.reason.CLIENT_DISCONNECT:
            # Else a poll that is under way as its viewer says goodbye is left hanging until it times out.
            connection.outbox.put_nowait(None)
        if connection.catching_up is not None:
            connection.catching_up.cancel()
        viewer = connection.viewer
        self.stream.leave(viewer)
        viewer.end()
        log.info("Viewer %s gone: %s (%d dropped, %d left)", sid, reason, viewer.dropped, len(self._connections))

    async def _frame_ack(self, sid: str, *arguments: Any) -> None:
        frame_id = _acknowledged(arguments)
        if frame_id == _JUNK or not self._connections[sid].viewer.acknowledge(frame_id):
            self.junk_acks += 1

    async def _subscribe(self, sid: str, stream: Any = STREAM, *_: Any) -> dict[str, Any]:
        if stream != STREAM:
            return {"ok": False, "error": f"no stream {str(stream)[:80]!r}", "allowed": [STREAM]}
        self.stream.join(self._connections[sid].viewer)
        return {"ok": True}

    async def _unsubscribe(self, sid: str, *_: Any) -> dict[str, Any]:
        self.stream.leave(self._connections[sid].viewer)
        return {"ok": True}


@dataclass(slots=True, eq=False)
class _Connection:
    viewer: AckedViewer
    outbox: asyncio.Queue[Any]
    """What waits to be sent; ``None`` in it ends the sending."""
    catching_up: asyncio.Task[None] | None = None
    """While it is behind: waits until it has taken what it was sent."""


_JUNK = -1


def _acknowledged(arguments: tuple[Any, ...]) -> int | None:
    """The frame that an acknowledgement names, ``None`` for the oldest in flight, ``_JUNK`` for nonsense."""
    match arguments:
        case () | (None,):
            return None
        case ({"frame_id": int(frame_id)},) if not isinstance(frame_id, bool):
            return frame_id
        case ({**rest},) if not rest:
            return None
    return _JUNK
