"""What viewers say, looked at before the libraries make something of it: anybody may say anything."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from engineio.payload import Payload
from socketio import packet

_NOT_FOR_VIEWERS = {packet.CONNECT_ERROR, packet.BINARY_EVENT, packet.BINARY_ACK}
_ENGINE_TYPES = tuple("0123456")


class MalformedPacket(Exception):
    """A viewer sent what is no Socket.IO packet, or none that a viewer may send."""


class ViewerPacket(packet.Packet):  # type: ignore[misc] # the library has no types
    """A Socket.IO packet; decoding one that nothing can be made of raises ``MalformedPacket`` and nothing else."""

    def decode(self, encoded_packet: Any) -> Any:
        try:
            attachments = super().decode(encoded_packet)
        except Exception as error:  # too deep, too long, no number, no JSON: as many classes as mistakes
            raise MalformedPacket(f"{type(error).__name__}: {error}"[:200]) from None
        if self.packet_type in _NOT_FOR_VIEWERS:
            raise MalformedPacket(f"a viewer may not send packets of type {self.packet_type}")
        if self.packet_type == packet.EVENT and not _is_event(self.data):
            raise MalformedPacket("an event is a list that begins with its name")
        if self.packet_type == packet.ACK and not isinstance(self.data, list):
            raise MalformedPacket("an acknowledgement is a list")
        return attachments


def _is_event(data: Any) -> bool:
    return isinstance(data, list) and bool(data) and isinstance(data[0], str)


def is_engine_packet(message: Mapping[str, Any]) -> bool:
    """Whether an ASGI message from a WebSocket is none with text, or one whose text begins as Engine.IO packets do."""
    text = message.get("text")
    return text is None or text.startswith(_ENGINE_TYPES)


def is_engine_payload(body: bytes) -> bool:
    """Whether a polling viewer's body is a row of Engine.IO packets."""
    try:
        packets = body.decode().split("\x1e")
    except UnicodeDecodeError:
        return False
    return len(packets) <= Payload.max_decode_packets and all(map(_is_packet, packets))


def _is_packet(text: str) -> bool:
    if not text.startswith("b"):
        return text.startswith(_ENGINE_TYPES)
    try:
        base64.b64decode(text[1:])
    except (binascii.Error, ValueError):
        return False
    return True
