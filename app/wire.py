"""The short way between frames and sockets: uvicorn's own protocols, each with a side door.

On the ordinary way a frame passes python-socketio, Engine.IO's queue and task, ASGI and uvicorn, once per viewer: ten
times the work of the kernel that sends it, and an acknowledgement's way up costs as much again. Through the side door
bytes that were made once for all viewers go straight to each one's transport, and acknowledgements are recognised as
they arrive. Everything else takes the ordinary way on the same connection, in order.

A connection shows its door to the application in ``scope["extensions"]``. Under a server that has none frames take the
ordinary way.
"""

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import orjson
from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request
from websockets.speedups import apply_mask

from app.doorman import Doorman

_EXTENSION = "eyepiece.door"

_ACK = b'42["frame_ack"'
_PLAIN_ACK = b'42["frame_ack"]'
_TEXT = 0x1
_FIN, _MASKED = 0x80, 0x80
_PLAIN_ACK_HEAD = bytes([_FIN | _TEXT, _MASKED | len(_PLAIN_ACK)])
_PLAIN_ACK_BYTES = 6 + len(_PLAIN_ACK)
_NO_TEXT = 1007
"""The status of a connection that ends for that (RFC 6455, section 7.4.1)."""
_SHORT = 125
"""The longest payload with a header of six bytes; acknowledgements are shorter."""
_GREEDY_BYTES = 4096
"""More than an honest viewer says in one go: forty acknowledgements. The rest of what it said waits a moment."""
_REST_S = 0.01
_MAX_WAITING_BYTES = 8_000_000
_MAX_UNSENT_BYTES = 128 * 1024
_MAX_HEADER_BYTES = 64 * 1024


def door_of(scope: Scope) -> "WebSocketDoor | HttpDoor | None":
    """The side door of the connection that a request came by."""
    door: WebSocketDoor | HttpDoor | None = scope.get("extensions", {}).get(_EXTENSION, {}).get("door")
    return door


class WebSocketDoor(WebSocketsSansIOProtocol):
    """A WebSocket connection that takes ready-made messages and picks out acknowledgements."""

    doorman: Doorman | None = None
    """Told as the connection ends; the HTTP connection that it began as told of its beginning."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.on_ack: Callable[[list[Any]], None] | None = None
        """Told the arguments of each ``frame_ack``; without it they take the ordinary way."""
        self.on_plain_ack: Callable[[], object] | None = None
        """Told of each that has none, in place of ``on_ack``."""
        self.on_writable: Callable[[], None] | None = None
        """Told when ``ready`` may have become true again."""
        self.broken = False
        """Whether it was ended because what the viewer sent is against the protocol."""
        self._sending = 0
        self._write_paused = False
        self._rest = b""
        self._resting = False
        self._walks = True
        self._in_message = False

    @property
    def ready(self) -> bool:
        """Whether what was sent before has left, but for what the transport's low-water mark lets wait in it."""
        return not (
            self._sending or self._write_paused or self.close_sent or self.disconnected or self.transport.is_closing()
        )

    def write(self, messages: bytes) -> None:
        """Send whole WebSocket messages now; only while ``ready``."""
        self.transport.write(messages)

    # uvicorn's side

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self.doorman is not None:
            self.doorman.leave(self.transport)

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if hasattr(self, "scope"):  # the handshake was in order
            self.scope["extensions"][_EXTENSION] = {"door": self}

    def handle_parser_exception(self) -> None:
        self.broken = True
        super().handle_parser_exception()

    def send_receive_event_to_app(self) -> None:
        # Text that is none has uvicorn log a traceback, as if it were a bug.
        if self.curr_msg_data_type == "text" and not self.close_sent and not _is_text(b"".join(self.frames)):
            self.frames = []
            self.conn.send_close(_NO_TEXT)
            self.handle_parser_exception()
        else:
            super().send_receive_event_to_app()

    async def send(self, message: Any) -> None:
        self._sending += 1
        try:
            await super().send(message)
        finally:
            self._sending -= 1

    def pause_writing(self) -> None:
        super().pause_writing()
        self._write_paused = True

    def resume_writing(self) -> None:
        super().resume_writing()
        self._write_paused = False
        # After those who wait for it: what they send was there first.
        if self.on_writable is not None:
            self.loop.call_soon(self._tell_writable)

    def _tell_writable(self) -> None:
        if self.on_writable is not None:
            self.on_writable()

    def data_received(self, data: bytes) -> None:
        """Take an acknowledgement the shortest way; hand on everything else."""
        # One without arguments, alone and whole, is what there is most of.
        if (
            len(data) == _PLAIN_ACK_BYTES
            and data.startswith(_PLAIN_ACK_HEAD)
            and self.on_plain_ack is not None
            and apply_mask(data[6:], data[2:6]) == _PLAIN_ACK
            and not (self._rest or self._in_message)
            and self._walks
        ):
            self.on_plain_ack()
        elif self.handshake_initiated and self._walks:
            self._walk(data)
        else:
            super().data_received(data)

    def _walk(self, data: bytes) -> None:
        """Hand on whole WebSocket frames, but for acknowledgements; keep an incomplete one until it is whole."""
        if self._rest:
            data, self._rest = self._rest + data, b""
        start = at = 0
        while not (greedy := at > _GREEDY_BYTES) and (end := self._frame_end(data, at)) is not None:
            if self.on_ack is not None and (arguments := self._acknowledgement(data, at, end)) is not None:
                if start < at:
                    super().data_received(data[start:at])
                start = end
                self.on_ack(arguments)
            at = end
        if self._walks:
            data, self._rest = data[:at], data[at:]
        if start < len(data):
            super().data_received(data[start:])
        if greedy:
            self._rest_a_while()
        if self.transport.get_write_buffer_size() > _MAX_WAITING_BYTES:
            self.transport.abort()  # it asks, by pings say, and takes no answers

    async def receive(self) -> Any:
        message = await super().receive()
        if self._resting and not self.transport.is_closing():
            self.transport.pause_reading()  # uvicorn reads on as soon as the application has taken all
        return message

    def _rest_a_while(self) -> None:
        """Read nothing for a moment: one who says so much at once is not to keep the loop from the others."""
        if not self.transport.is_closing():
            self._resting = True
            self.transport.pause_reading()
            self.loop.call_later(_REST_S, self._read_on)

    def _read_on(self) -> None:
        if self.transport.is_closing():
            return
        if self.read_paused:  # the application has not taken yet what it was given
            self.loop.call_later(_REST_S, self._read_on)
            return
        self._resting = False
        self.data_received(b"")
        if not (self._resting or self.read_paused or self.transport.is_closing()):
            self.transport.resume_reading()

    def _frame_end(self, data: bytes, at: int) -> int | None:
        """Where the frame that begins at ``at`` ends; ``None`` while that is not all there."""
        if len(data) < at + 2:
            return None
        length = data[at + 1] & ~_MASKED
        header = 6
        if length > _SHORT:
            header = 8 if length == 126 else 14
            if len(data) < at + header:
                return None
            length = int.from_bytes(data[at + 2 : at + header - 4], "big")
        if not data[at + 1] & _MASKED or length > (self.config.ws_max_size or 0):
            # Against the rules: the ordinary way says so to the viewer, and has all that comes from here on.
            self._walks = False
            return None
        end = at + header + length
        return end if len(data) >= end else None

    def _acknowledgement(self, data: bytes, at: int, end: int) -> list[Any] | None:
        """The arguments of the ``frame_ack`` that is the frame from ``at`` to ``end``; ``None`` for any other."""
        opcode = data[at] & 0xF
        if opcode <= 2:
            whole = data[at] == _FIN | _TEXT and not self._in_message
            self._in_message = not data[at] & _FIN
            if whole and data[at + 1] & ~_MASKED <= _SHORT:
                return _ack_arguments(apply_mask(data[at + 6 : end], data[at + 2 : at + 6]))
        return None


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _ack_arguments(packet: bytes) -> list[Any] | None:
    """The arguments of an Engine.IO message that is Socket.IO's event ``frame_ack`` in the default namespace."""
    if not packet.startswith(_ACK):
        return None
    try:
        event, *arguments = orjson.loads(packet[2:])
    except ValueError:
        return None
    return arguments if event == "frame_ack" else None


class HttpDoor(HttpToolsProtocol):
    """An HTTP connection that takes ready-made chunks of the body of the answer under way."""

    on_writable: Callable[[], None] | None = None
    """Told when ``ready`` has become true again."""
    on_lost: Callable[[], None] | None = None
    """Told when the connection has ended."""
    doorman: Doorman | None = None
    """Told how far the connection is."""
    _in_headers = False
    _header_bytes = 0
    """Of headers that came in more than one piece."""

    @property
    def ready(self) -> bool:
        """Whether the connection took all that was sent before, or nearly."""
        return not self.flow.write_paused and not self.transport.is_closing()

    def write(self, chunk: bytes) -> None:
        """Send a whole chunk of the body now; only while ``ready``."""
        self.transport.write(chunk)

    def keep_little_unsent(self) -> None:
        """Let the kernel hold no more than a frame that is not under way: what it holds is older when it arrives."""
        if not self.transport.is_closing():
            sock = self.transport.get_extra_info("socket")
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _MAX_UNSENT_BYTES)

    # uvicorn's side

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self.doorman is not None:
            self.doorman.enter(transport)

    def data_received(self, data: bytes) -> None:
        in_headers = self._in_headers
        if self.timeout_keep_alive_task is not None and self.doorman is not None:
            # It was idle, which uvicorn times, and begins to ask; an empty line is not asking, and may go before it.
            self.doorman.expect_headers(self.transport)
        super().data_received(data)
        if in_headers and self._in_headers:
            self._header_bytes += len(data)
            if self._header_bytes > _MAX_HEADER_BYTES:
                self.transport.abort()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {_EXTENSION: {"door": self}}
        self._in_headers, self._header_bytes = True, 0
        if self.doorman is not None:
            self.doorman.expect_headers(self.transport)

    def on_headers_complete(self) -> None:
        self._in_headers = False
        super().on_headers_complete()
        if self.doorman is not None:
            self.doorman.expect_body(self.transport)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        if self.doorman is not None:
            self.doorman.expect_nothing(self.transport)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self.doorman is not None:
            self.doorman.leave(self.transport)
        # uvicorn itself tells the last request of the connection alone.
        if self.on_lost is not None:
            self.on_lost()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self.on_writable is not None:
            self.on_writable()
