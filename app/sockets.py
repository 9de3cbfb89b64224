"""The Socket.IO face: viewers come and go, get frames and signals, acknowledge frames. Runs on the event loop."""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, Protocol
from urllib.parse import parse_qs

import socketio
from engineio.async_socket import AsyncSocket
from starlette.types import Message, Receive, Scope, Send

from app.encoding import to_json
from app.packet import Packet
from app.stream import STREAM, FrameStream
from app.viewer import AckedViewer, ViewerKind
from app.wire import WebSocketDoor, door_of
from hw.types import Size

log = logging.getLogger(__name__)

MAX_MESSAGE_BYTES = 100_000
"""What a viewer may send in one message; a larger one ends its connection."""
_MAX_WAITING = 64
"""Packets that may wait for one viewer before it is sent no more signals."""
_OVERFLOW = 256
_GOODBYE_S = 0.5


class StageCommands(Protocol):
    """What viewers may have the stage do; none of it waits for anything."""

    def obey(self, event: str, viewer: str, argument: Any) -> dict[str, Any]:
        """Carry out an event; returns its acknowledgement."""

    def gone(self, viewer: str) -> None:
        """A viewer is gone."""


class Sockets:
    """The Socket.IO server: mount ``asgi`` at ``/socket.io``."""

    def __init__(self, stream: FrameStream, state: Callable[[], Any]) -> None:
        self.stream = stream
        self.state = state
        """What a viewer is sent as ``state`` when it connects, whole."""
        self.commands: StageCommands | None = None
        """What viewers may have the stage do."""
        self._connections: dict[str, _Connection] = {}
        self._doors: dict[str, WebSocketDoor] = {}
        """The open WebSockets' side doors, by Engine.IO session."""
        self._tasks: set[asyncio.Task[None]] = set()
        # Handlers run inline, in the order of a viewer's messages; none of them waits for anything.
        self._server = socketio.AsyncServer(
            async_mode="asgi",
            async_handlers=False,
            max_http_buffer_size=MAX_MESSAGE_BYTES,
            # JPEG does not shrink, and trying would keep the loop.
            http_compression=False,
            ping_interval=10,
            ping_timeout=30,
        )
        self._server.eio.create_queue = _Outbox
        self._asgi = socketio.ASGIApp(self._server, socketio_path="socket.io")
        self._server.on("connect", self._connect)
        self._server.on("disconnect", self._disconnect)
        self._server.on("frame_ack", self._frame_ack)
        self._server.on("subscribe", self._subscribe)
        self._server.on("unsubscribe", self._unsubscribe)
        self._server.on("clock", self._clock)
        for event in ("stop", "emergency_stop", "jog"):
            self._server.on(event, partial(self._command, event))

    async def asgi(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI application."""
        door = door_of(scope)
        session = parse_qs(scope.get("query_string", b"")).get(b"sid", [b""])[0].decode("latin-1")
        socket = self._server.eio.sockets.get(session)
        if not isinstance(door, WebSocketDoor) or socket is None or socket.upgraded:
            await self._asgi(scope, receive, send)
            return

        async def receive_and_bind() -> Message:
            # A viewer that began by polling has changed over to this WebSocket.
            if socket.upgraded and self._doors.get(session) is not door:
                self._doors[session] = door
                if connection := self._connection_of(session):
                    connection.bind(door)
            return await receive()

        try:
            await self._asgi(scope, receive_and_bind, send)
        finally:
            if self._doors.get(session) is door:
                del self._doors[session]
                if connection := self._connection_of(session):
                    connection.unbind()

    def _connection_of(self, session: str) -> "_Connection | None":
        return self._connections.get(self._server.manager.sid_from_eio_sid(session, "/"))

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

    async def _connect(self, sid: str, environ: Any = None, *_: Any) -> None:
        if sid in self._connections:
            return  # a viewer may send an event of this name, too
        session = self._server.manager.eio_sid_from_sid(sid, "/")
        scope = environ["asgi.scope"]
        connection = _Connection(self._server.eio.sockets[session], scope)
        connection.viewer = AckedViewer(sid, connection, self.stream.tally)
        self._connections[sid] = connection
        door = self._doors.get(session) or door_of(scope)
        if isinstance(door, WebSocketDoor):
            connection.bind(door)
        log.info("Viewer %s connected (%d in all)", sid, len(self._connections))
        # The state first, then frames: what a frame shows can only be read with it.
        self._spawn(self._welcome(sid, connection))

    async def _welcome(self, sid: str, connection: "_Connection") -> None:
        await self._server.emit("state", to_json(self.state()), to=sid)
        if sid in self._connections and connection.subscribed:
            self.stream.join(connection.viewer)

    async def _disconnect(self, sid: str, reason: Any = None, *_: Any) -> None:
        if self._server.manager.is_connected(sid, "/"):
            return  # a viewer may send an event of this name, too
        connection = self._connections.pop(sid)
        if reason == self._server.reason.CLIENT_DISCONNECT and connection.kind == "polling":
            # Else a poll that is under way as its viewer says goodbye is left hanging until it times out.
            connection.outbox.put_nowait(None)
        if connection.catching_up is not None:
            connection.catching_up.cancel()
        connection.unbind()
        viewer = connection.viewer
        self.stream.leave(viewer)
        if self.commands is not None:
            self.commands.gone(sid)
        log.info("Viewer %s gone: %s (%d dropped, %d left)", sid, reason, viewer.missed, len(self._connections))

    async def _frame_ack(self, sid: str, *arguments: Any) -> None:
        self._connections[sid].acknowledge(list(arguments))

    async def _subscribe(self, sid: str, stream: Any = STREAM, options: Any = None, *_: Any) -> dict[str, Any]:
        if stream not in (STREAM, None):
            return {"ok": False, "error": f"no stream {str(stream)[:80]!r}", "allowed": [STREAM]}
        size = options.get("size", _AUTO) if isinstance(options, dict) else _AUTO if options is None else options
        if size not in (_AUTO, *Size):
            return {"ok": False, "error": f"no size {str(size)[:80]!r}", "allowed": [_AUTO, *Size]}
        connection = self._connections[sid]
        connection.subscribed = True
        connection.viewer.fixed_size = None if size == _AUTO else Size(size)
        self.stream.join(connection.viewer)
        return {"ok": True}

    async def _unsubscribe(self, sid: str, *_: Any) -> dict[str, Any]:
        connection = self._connections[sid]
        connection.subscribed = False
        self.stream.leave(connection.viewer)
        return {"ok": True}

    async def _clock(self, sid: str, *_: Any) -> float:
        return time.time()

    async def _command(self, event: str, sid: str, *arguments: Any) -> dict[str, Any]:
        if self.commands is None:
            return {"ok": False, "error": "there is no stage"}
        return self.commands.obey(event, sid, arguments[0] if arguments else None)


_AUTO = "auto"


class _Outbox(asyncio.Queue[Any]):
    """What waits to be sent the ordinary way; ``None`` in it ends the sending."""

    unfinished = 0
    """Items put in and not yet done with: those that wait, and those that were taken a moment ago."""
    on_overflow: Callable[[], None] | None = None
    """Called once when more than ``_OVERFLOW`` wait: whoever asks so much and takes no answer is sent away."""

    def put_nowait(self, item: Any) -> None:
        super().put_nowait(item)
        self.unfinished += 1
        if self.qsize() > _OVERFLOW and self.on_overflow is not None:
            on_overflow, self.on_overflow = self.on_overflow, None
            on_overflow()

    def task_done(self) -> None:
        super().task_done()
        self.unfinished -= 1


class _Connection:
    """One viewer's connection: the ordinary way, and the short one where there is a side door."""

    viewer: AckedViewer

    def __init__(self, socket: AsyncSocket, scope: Scope) -> None:
        self.outbox: _Outbox = socket.queue
        self.catching_up: asyncio.Task[None] | None = None
        """While it is behind: waits until it has taken what it was sent."""
        self.address = scope["client"][0] if scope.get("client") else ""
        self.agent = dict(scope["headers"]).get(b"user-agent", b"").decode("latin-1")[:200]
        self.subscribed = True
        self._socket = socket
        self._door: WebSocketDoor | None = None
        self._leaving: asyncio.Task[None] | None = None
        self.outbox.on_overflow = self._hang_up

    @property
    def kind(self) -> ViewerKind:
        return "websocket" if self._socket.upgraded else "polling"

    def bind(self, door: WebSocketDoor) -> None:
        """Use a side door from now on, as soon as Engine.IO uses that WebSocket."""
        self._door = door
        door.on_ack = self.acknowledge
        door.on_writable = self.viewer.refresh

    def unbind(self) -> None:
        """Use no side door any more."""
        if self._door is not None:
            self._door.on_ack = self._door.on_writable = None
            self._door = None

    def _hang_up(self) -> None:
        log.warning("Viewer %s takes no answers to what it asks: it is sent away", self.viewer.name)
        if self._door is not None:
            self._door.transport.abort()
        else:
            self._leaving = asyncio.create_task(self._socket.close(wait=False, abort=True), name="hang up")

    def ready(self) -> bool:
        door = self._door
        if door is not None and self._socket.upgraded:
            return door.ready
        return self.outbox.unfinished == 0

    def send(self, packet: Packet, dropped: int) -> None:
        door = self._door
        if door is not None and self._socket.upgraded and self.outbox.unfinished == 0:
            door.write(packet.messages(dropped))
            return
        # Behind what goes the ordinary way already.
        for part in packet.engineio(dropped):
            self.outbox.put_nowait(part)

    def acknowledge(self, arguments: list[Any]) -> None:
        """Take the arguments of a ``frame_ack``, whatever they are."""
        told = arguments[0] if arguments else None
        if len(arguments) > 1 or not (told is None or isinstance(told, dict)):
            self.viewer.count_junk()
        elif not told:
            self.viewer.acknowledge(None)
        elif type(frame_id := told.get("frame_id")) is int:
            self.viewer.acknowledge(frame_id, _time(told.get("received_at")), _time(told.get("painted_at")))
        else:
            self.viewer.count_junk()


def _time(value: Any) -> float | None:
    return value if isinstance(value, float) else None
