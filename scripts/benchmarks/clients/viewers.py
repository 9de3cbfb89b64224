"""One viewer each: a socket, a parser, and what it answers."""

import base64
import json
import os
import socket
import time
from collections.abc import Callable
from typing import Any, TypeVar

from scripts.benchmarks.clients.parsers import (
    BINARY,
    CLOSE,
    PING,
    PONG,
    TEXT,
    Intake,
    Parser,
    ProtocolError,
    bare_frames,
    mjpeg_frames,
    websocket_frames,
)
from scripts.benchmarks.clients.plan import Group
from scripts.benchmarks.payload import Stamp

T = TypeVar("T", int, bytes)

_READ_BYTES = 2048
_SINK = bytearray(1 << 20)
_STALLED_BUFFER_BYTES = 65536
_CONNECT_S = 10.0


class Viewer:
    """Receives frames and acknowledges them; a subclass for each protocol."""

    def __init__(self, group: Group, on_frame: "Callable[[Viewer, Stamp], None]") -> None:
        self.group = group
        self.ready = False
        """Whether it is in: nothing but frames is waited for."""
        self.last_number = 0
        """Of the newest frame received."""
        self.taken = 0
        """Frames received."""
        self.signals_s: list[float] = []
        """How long each signal took from its emission, seconds."""
        self._on_frame = on_frame
        self.socket = socket.socket()
        if group.conduct == "stalls":
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _STALLED_BUFFER_BYTES)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(_CONNECT_S)
        self.socket.connect(("127.0.0.1", group.port))
        self._intake = Intake(self._parse())
        self._greet()

    def readable(self) -> None:
        """Take what has arrived. Raises ``ConnectionError`` at the server's end, ``ProtocolError`` for nonsense."""
        needless = self._intake.needless
        if needless:
            # The kernel throws these away: to read them would cost as much as the server spends on them.
            passed = self.socket.recv_into(_SINK, min(needless, len(_SINK)), socket.MSG_TRUNC)
            self._intake.pass_over(self._alive(passed))
        else:
            self._intake.feed(self._alive(self.socket.recv(_READ_BYTES)))

    def close(self) -> None:
        """Hang up."""
        self.socket.close()

    def _alive(self, received: T) -> T:
        if not received:
            raise ConnectionResetError("the server closed the connection")
        return received

    def _parse(self) -> Parser:
        raise NotImplementedError

    def _greet(self) -> None:
        self.ready = True

    def _acknowledge(self, stamp: Stamp) -> None:
        """Say that the frame was taken."""

    def _took(self, stamp: Stamp) -> None:
        if self.group.conduct != "never-acks":
            self._acknowledge(stamp)
        self._on_frame(self, stamp)


class BareViewer(Viewer):
    """Of the TCP floor: acknowledges with one byte."""

    def _parse(self) -> Parser:
        return bare_frames(self._took)

    def _acknowledge(self, stamp: Stamp) -> None:
        self.socket.send(b"a")


class MjpegViewer(Viewer):
    """Of a motion JPEG stream: says nothing after its request."""

    def _parse(self) -> Parser:
        return mjpeg_frames(self._took)

    def _greet(self) -> None:
        request = f"GET {self.group.path} HTTP/1.1\r\nHost: localhost:{self.group.port}\r\nAccept: */*\r\n\r\n"
        self.socket.send(request.encode())
        self.ready = True


class WebSocketViewer(Viewer):
    """Of a bare WebSocket server: acknowledges with a binary message of one byte."""

    _ACK = b"a"
    _OPCODE = BINARY

    def __init__(self, group: Group, on_frame: Callable[[Viewer, Stamp], None]) -> None:
        self._ack = masked(self._OPCODE, self._ACK)
        super().__init__(group, on_frame)

    def _parse(self) -> Parser:
        return websocket_frames(self._took, self._message)

    def _greet(self) -> None:
        key = base64.b64encode(os.urandom(16)).decode()
        request = (
            f"GET {self.group.path} HTTP/1.1\r\nHost: localhost:{self.group.port}\r\n"
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {key}\r\n\r\n"
        )
        self.socket.send(request.encode())
        self.ready = True

    def _acknowledge(self, stamp: Stamp) -> None:
        self.socket.send(self._ack)

    def _message(self, opcode: int, content: bytes) -> None:
        if opcode == CLOSE:
            raise ConnectionResetError("the server said goodbye")
        if opcode == PING:
            self.socket.send(masked(PONG, content))
        elif opcode == TEXT:
            self._text(content.decode())

    def _text(self, text: str) -> None:
        raise ProtocolError(f"the server said {text[:80]!r}")


class SocketIOViewer(WebSocketViewer):
    """Of a Socket.IO server, over WebSocket from the start."""

    _ACK = b'42["frame_ack"]'
    _OPCODE = TEXT

    def _greet(self) -> None:
        super()._greet()
        self.ready = False  # until the namespace is joined

    def _text(self, text: str) -> None:
        if text == "2":
            self._say("3")
        elif text.startswith("0"):
            self._say("40")
        elif text.startswith("40"):
            if self.group.full_size:
                self._say('42["subscribe","live",{"size":"full"}]')
            self.ready = True
        elif text.startswith("42"):
            self._event(json.loads(text[2:]))

    def _event(self, event: list[Any]) -> None:
        if event[0] != "signal":
            return
        signal = json.loads(event[1])
        if signal["name"] == "benchmark":
            self.signals_s.append(time.monotonic() - signal["args"]["p0"])

    def _acknowledge(self, stamp: Stamp) -> None:
        if self.group.page_acks:
            now = time.time()
            self._say(
                f'42["frame_ack",{{"frame_id":{stamp.number},"received_at":{now:.6f},"painted_at":{now + 0.001:.6f}}}]'
            )
        else:
            self.socket.send(self._ack)

    def _say(self, text: str) -> None:
        self.socket.send(masked(TEXT, text.encode()))


def masked(opcode: int, content: bytes) -> bytes:
    """A WebSocket message as a client has to send it (at most 125 bytes), with a new key (RFC 6455, section 5.3)."""
    key = os.urandom(4)
    keys = int.from_bytes(key * (len(content) // 4 + 1))
    keys >>= 8 * (4 - len(content) % 4)
    body = (int.from_bytes(content) ^ keys).to_bytes(len(content))
    return bytes([0x80 | opcode, 0x80 | len(content)]) + key + body


VIEWERS: dict[str, type[Viewer]] = {
    "bare": BareViewer,
    "websocket": WebSocketViewer,
    "socketio": SocketIOViewer,
    "mjpeg": MjpegViewer,
}
