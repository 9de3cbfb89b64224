"""A frame in the forms that it takes on the wires. Each is made when first asked for, once for all viewers."""

from functools import cached_property

import orjson
from engineio.packet import MESSAGE
from engineio.packet import Packet as EnginePacket

from hw.types import Frame

MULTIPART_BOUNDARY = "frame"

_EVENT = b"51-"
"""A Socket.IO event with one attachment; python-socketio makes the same of it in many times the time."""
_PLACEHOLDER = b'{"_placeholder":true,"num":0}'
_MESSAGE = str(MESSAGE).encode()
"""What makes a text an Engine.IO message."""
_TEXT, _BINARY = 0x81, 0x82


def _message_head(opcode: int, length: int) -> bytes:
    """What comes before a WebSocket message in one unmasked frame (RFC 6455, section 5.2)."""
    if length < 126:
        return bytes([opcode, length])
    if length < 1 << 16:
        return bytes([opcode, 126]) + length.to_bytes(2)
    return bytes([opcode, 127]) + length.to_bytes(8)


class Packet:
    """One frame, ready to be sent to any number of viewers.

    As Socket.IO's event ``frame`` it is a text that announces a binary attachment: two Engine.IO packets, or two
    WebSocket messages. The text tells the viewer how many frames it missed (``dropped``), so that viewers who missed
    as many share all of it.
    """

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.period_s = 1 / frame.fps if frame.fps else 0.0
        """Time between two frames."""
        self._messages: dict[int, bytes] = {}

    def engineio(self, dropped: int) -> tuple[EnginePacket, EnginePacket]:
        """Text and attachment as Engine.IO packets, for the ordinary way."""
        return EnginePacket(MESSAGE, self._event(dropped).decode()), EnginePacket(MESSAGE, self.frame.jpeg)

    def messages(self, dropped: int) -> bytes:
        """Text and attachment as whole WebSocket messages, server to viewer.

        In one piece, and copied once: a second write to the transport would cost more than copying the picture.
        """
        messages = self._messages.get(dropped)
        if messages is None:
            event = self._event(dropped)
            jpeg = self.frame.jpeg
            announcement = _message_head(_TEXT, len(_MESSAGE) + len(event)) + _MESSAGE + event
            messages = self._messages[dropped] = b"".join([announcement, _message_head(_BINARY, len(jpeg)), jpeg])
        return messages

    def _event(self, dropped: int) -> bytes:
        return b'%b["frame",[%b,"dropped":%d},%b]]' % (_EVENT, self._metadata, dropped, _PLACEHOLDER)

    @cached_property
    def _metadata(self) -> bytes:
        """Without its closing brace: there is more to come."""
        return orjson.dumps(self.frame.metadata())[:-1]

    @cached_property
    def part(self) -> bytes:
        """The picture as a part of a ``multipart/x-mixed-replace`` body."""
        jpeg = self.frame.jpeg
        head = f"--{MULTIPART_BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n"
        stamp = f"X-Timestamp: {self.frame.captured_at:.6f}\r\n\r\n"
        return b"".join([head.encode(), stamp.encode(), jpeg, b"\r\n"])

    @cached_property
    def chunk(self) -> bytes:
        """The part as a chunk of an HTTP/1.1 body."""
        return b"%x\r\n%b\r\n" % (len(self.part), self.part)
