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
from socketio.exceptions import ConnectionRefusedError as ConnectionRefused
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from app.access import Access
from app.commands import EVENTS
from app.connection import Connection, Outbox
from app.encoding import to_json
from app.hosts import is_own_origin
from app.inbound import MalformedPacket, ViewerPacket, is_engine_packet, is_engine_payload
from app.roles import ANYBODY, Identity, Role
from app.stream import STREAM, FrameStream
from app.viewer import AckedViewer
from app.wire import WebSocketDoor, door_of
from hw.errors import Refused
from hw.types import Size

log = logging.getLogger(__name__)

MAX_MESSAGE_BYTES = 100_000
"""What a viewer may send in one message; a larger one ends its connection."""
_MAX_WAITING = 64
"""Packets that may wait for one viewer before it is sent no more signals."""
_AUTO = "auto"
_MAX_MALFORMED = 20
"""Packets without sense that a viewer may send; one who sends more is sent away."""
_GOODBYE_S = 0.5
_INTRODUCTION_S = 10.0
"""How long a connection may take to become a viewer's."""
_MAX_STRANGERS = 64
"""Connections that are on the way to that; beyond them the oldest ends."""


def _is_own_page(origin: str | None, environ: dict[str, Any]) -> bool:
    """For who mounts this without our gate. The library's own check takes every page for one of plain HTTP."""
    return origin is None or is_own_origin(origin, environ.get("HTTP_HOST", ""))


_SILENT_S = 4.0
"""A ping that is unanswered for so long is a viewer that can no more be trusted to see what it drives."""


class ViewerCommands(Protocol):
    """What viewers may have done; none of it waits for anything."""

    def came(self, viewer: str, address: str, agent: str, identity: Identity) -> None:
        """A viewer has connected, or may do more or less than before, or has another name."""

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
        self.commands: ViewerCommands | None = None
        """What viewers may have done."""
        self.access: Access | None = None
        """Who may connect, and do what; without it, as in a program that asks by itself, everybody everything."""
        self._connections: dict[str, Connection] = {}
        self._doors: dict[str, WebSocketDoor] = {}
        """The open WebSockets' side doors, by Engine.IO session."""
        self._strangers: dict[str, None] = {}
        """The Engine.IO sessions that have not said who they are, the oldest first."""
        self._tasks: set[asyncio.Task[None]] = set()
        # Handlers run inline, in the order of a viewer's messages; none of them waits for anything.
        self._server = socketio.AsyncServer(
            async_mode="asgi",
            async_handlers=False,
            serializer=ViewerPacket,
            max_http_buffer_size=MAX_MESSAGE_BYTES,
            # JPEG does not shrink, and trying would keep the loop.
            http_compression=False,
            cors_allowed_origins=_is_own_page,
            ping_interval=3,
            ping_timeout=30,
        )
        # A request that a viewer's own goodbye overtook is no error of anybody's.
        self._server.eio.log_message_keys.add("bad-sid")
        self._server.eio.create_queue = Outbox
        self._understand = self._server.eio.handlers["message"]
        self._server.eio.on("message", self._hear)
        self._let_in = self._server.eio.handlers["connect"]
        self._server.eio.on("connect", self._open)
        self._asgi = socketio.ASGIApp(self._server, socketio_path="socket.io")
        self._server.on("connect", self._connect)
        self._server.on("disconnect", self._disconnect)
        self._server.on("frame_ack", self._frame_ack)
        self._server.on("subscribe", self._subscribe)
        self._server.on("unsubscribe", self._unsubscribe)
        self._server.on("clock", self._clock)
        for event in EVENTS:
            self._server.on(event, partial(self._command, event))

    async def asgi(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI application."""
        if scope["type"] == "websocket":
            await self._web_socket(scope, receive, send)
        elif scope.get("method") == "POST":
            await self._post(scope, receive, send)
        else:
            await self._asgi(scope, receive, send)

    async def _post(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on what a polling viewer says, if it is anything."""
        body = await Request(scope, receive).body()
        if not is_engine_payload(body):
            self._count_malformed("One who polls", f"{body[:80]!r} is no row of packets")
            await PlainTextResponse("this is no row of Engine.IO packets", 400)(scope, receive, send)
            return

        async def receive_again() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        await self._asgi(scope, receive_again, send)

    async def _web_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        door = door_of(scope)
        session = parse_qs(scope.get("query_string", b"")).get(b"sid", [b""])[0].decode("latin-1")
        polling = self._server.eio.sockets.get(session)
        if polling is not None and polling.upgraded:
            polling = None  # it has its WebSocket: Engine.IO will refuse this one

        async def receive_and_bind() -> Message:
            # A viewer that began by polling has changed over to this WebSocket.
            if (
                polling
                and polling.upgraded
                and isinstance(door, WebSocketDoor)
                and self._doors.get(session) is not door
            ):
                self._doors[session] = door
                if connection := self._connection_of(session):
                    connection.bind(door)
            message = await receive()
            if message["type"] == "websocket.disconnect" and isinstance(door, WebSocketDoor) and door.broken:
                what = message.get("reason") or f"status {message.get('code')}"
                self._count_malformed("a WebSocket", f"it breaks the protocol ({what}); its connection ends")
                return message
            if is_engine_packet(message):
                return message
            self._count_malformed("a WebSocket", f"{message['text'][:80]!r} is no packet; its connection ends")
            return {"type": "websocket.disconnect", "code": 1002}

        try:
            await self._asgi(scope, receive_and_bind, send)
        finally:
            if door is not None and self._doors.get(session) is door:
                del self._doors[session]
                if connection := self._connection_of(session):
                    connection.unbind()

    async def _hear(self, session: str, data: Any) -> None:
        """Take a message from Engine.IO; one without sense is counted, and too many of them end the connection."""
        if session not in self._server.environ:
            # It is gone, and what it said before, or says behind its own goodbye, is only heard now.
            self.stream.tally.malformed += 1
            return
        try:
            if not data:
                raise MalformedPacket("an empty message")
            await self._understand(session, data)
        except MalformedPacket as error:
            connection = self._connection_of(session)
            if connection is None:
                self._count_malformed("One who has not connected", f"{error}; it is sent away")
                await self._send_stranger_away(session)
                return
            connection.malformed += 1
            if connection.malformed == 1:
                self._count_malformed(f"Viewer {connection.viewer.name}", str(error))
            else:
                self.stream.tally.malformed += 1
            if connection.malformed > _MAX_MALFORMED:
                connection.hang_up("sends nothing that makes sense")

    async def _send_stranger_away(self, session: str) -> None:
        environ, stranger = self._server.environ.get(session), self._server.eio.sockets.get(session)
        if environ is None or stranger is None:
            return  # it has gone by itself
        door = door_of(environ["asgi.scope"])
        if isinstance(door, WebSocketDoor):
            door.transport.abort()
        else:
            await stranger.close(wait=False, abort=True)

    async def _open(self, session: str, environ: Any) -> Any:
        """Wait for who has opened a connection to say who they are, and not for long."""
        self._strangers[session] = None
        asyncio.get_running_loop().call_later(_INTRODUCTION_S, self._look_for_introduction, session)
        if len(self._strangers) > _MAX_STRANGERS:
            self._look_for_introduction(next(iter(self._strangers)))
        return await self._let_in(session, environ)

    def _look_for_introduction(self, session: str) -> None:
        self._strangers.pop(session, None)
        if session in self._server.eio.sockets and self._connection_of(session) is None:
            self._spawn(self._send_stranger_away(session))

    def _count_malformed(self, who: str, what: str) -> None:
        self.stream.tally.malformed += 1
        log.warning("%s sent what cannot be understood: %s", who, what)

    def _connection_of(self, session: str) -> Connection | None:
        return self._connections.get(self._server.manager.sid_from_eio_sid(session, "/"))

    def is_silent(self, sid: str) -> bool:
        """Whether a viewer has left a ping unanswered for so long that it is taken for gone, before it is."""
        connection = self._connections.get(sid)
        return connection is not None and connection.unanswered_s() > _SILENT_S

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

    async def _catch_up(self, sid: str, connection: Connection) -> None:
        await connection.outbox.join()
        connection.catching_up = None
        await self._server.emit("state", self._state_for(connection), to=sid)

    def _state_for(self, connection: Connection) -> str:
        state = self.state()
        if self.access is not None:
            state = {**state, "access": self.access.section(connection.identity)}
        return to_json(state)

    def look_again(self) -> None:
        """Tell each viewer who may more or less than before; send those away who may not even look."""
        if self.access is None:
            return
        for sid, connection in list(self._connections.items()):
            identity = self.access.still(connection.identity)
            if identity is None:
                self._spawn(self._server.disconnect(sid))
                continue
            before = connection.identity
            if self.commands is not None and (identity.role, identity.name) != (before.role, before.name):
                if not identity.role.covers(before.role):
                    self.commands.gone(sid)  # what it drove, it may drive no more
                self.commands.came(sid, connection.address, connection.agent, identity)
            connection.identity = identity
            signal = {"name": "access_changed", "args": {"p0": self.access.section(identity)}}
            self._spawn(self._server.emit("signal", to_json(signal), to=sid))

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

    async def _connect(self, sid: str, environ: Any = None, auth: Any = None, *_: Any) -> None:
        if sid in self._connections:
            return  # a viewer may send an event of this name, too
        session = self._server.manager.eio_sid_from_sid(sid, "/")
        scope = environ["asgi.scope"]
        identity = self._admit(scope, auth)
        tally = self.stream.tally
        tally.connections += 1
        connection = Connection(self._server.eio.sockets[session], scope, tally)
        connection.identity = identity
        self._strangers.pop(session, None)
        connection.viewer = AckedViewer(sid, connection, tally)
        connection.viewer.on_hearing = self.stream.tell_wanted
        self._connections[sid] = connection
        door = self._doors.get(session) or door_of(scope)
        if isinstance(door, WebSocketDoor):
            connection.bind(door)
        if self.commands is not None:
            self.commands.came(sid, connection.address, connection.agent, identity)
        log.info("Viewer %s connected (%d in all)", sid, len(self._connections))
        # The state first, then frames: what a frame shows can only be read with it.
        self._spawn(self._welcome(sid, connection))

    def _admit(self, scope: Scope, auth: Any) -> Identity:
        """Who connects, by ``auth: {"token": …}`` or the handshake's request; raises ``ConnectionRefused``."""
        if self.access is None:
            return ANYBODY
        token = auth.get("token") if isinstance(auth, dict) else None
        # Asked anew, since what the handshake said may be no more true: it may be long ago.
        identity = self.access.identify(scope, token if isinstance(token, str) else None)
        try:
            return self.access.require(identity, Role.VIEWER)
        except Refused as error:
            raise ConnectionRefused(str(error), {"code": "not-paired"}) from None

    async def _welcome(self, sid: str, connection: Connection) -> None:
        await self._server.emit("state", self._state_for(connection), to=sid)
        connection.welcomed = True
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
        if refusal := self._unknown(stream):
            return refusal
        size = options.get("size", _AUTO) if isinstance(options, dict) else _AUTO if options is None else options
        if size not in (_AUTO, *Size):
            return self._refuse_subscription(f"no size {str(size)[:80]!r}", [_AUTO, *Size])
        connection = self._connections[sid]
        connection.subscribed = True
        connection.viewer.ask_size(None if size == _AUTO else Size(size))
        connection.viewer.begin_anew()
        if connection.welcomed:
            self.stream.join(connection.viewer)
        return {"ok": True}

    def _unknown(self, stream: Any) -> dict[str, Any] | None:
        if stream in (STREAM, None):
            return None
        return self._refuse_subscription(f"no stream {str(stream)[:80]!r}", [STREAM])

    def _refuse_subscription(self, error: str, allowed: list[str]) -> dict[str, Any]:
        self.stream.tally.subscriptions_refused += 1
        return {"ok": False, "error": error, "allowed": allowed}

    async def _unsubscribe(self, sid: str, stream: Any = STREAM, *_: Any) -> dict[str, Any]:
        if refusal := self._unknown(stream):
            return refusal
        connection = self._connections[sid]
        connection.subscribed = False
        self.stream.leave(connection.viewer)
        return {"ok": True}

    async def _clock(self, sid: str, *_: Any) -> float:
        return time.time()

    async def _command(self, event: str, sid: str, *arguments: Any) -> dict[str, Any]:
        if self.commands is None:
            return {"ok": False, "error": "there is nothing to command"}
        if self.access is not None:
            try:
                self.access.may(self._connections[sid].identity, event)
            except Refused as error:
                return {"ok": False, "error": str(error), "code": "role", **error.extra}
        return self.commands.obey(event, sid, arguments[0] if arguments else None)
