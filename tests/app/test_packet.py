"""app.packet"""

import json

import pytest
import socketio
from engineio.packet import MESSAGE
from engineio.packet import Packet as EnginePacket
from websockets.client import ClientProtocol
from websockets.frames import Frame as WebSocketFrame
from websockets.frames import Opcode
from websockets.protocol import OPEN
from websockets.uri import parse_uri

from app.packet import Packet
from hw.types import Frame, Position, Size
from tests.conftest import run_async

EXPONENTS = Frame(3, b"", 1, 1, 1e-9, 1, 1e22, Position(), 1e-5)
"""Such numbers are spelt in more than one way (1e-09, 1e-9)."""
FRAMES = [
    Frame(1, b"\xff\xd8jpeg\xff\xd9", 1280, 720, 1700000000.123456, 10000, 1.5, Position(1.25, -3.5, 1e6), 29.97),
    Frame(2**53, bytes(100_000), 640, 360, 0.1, None, None, None, 0.0, Size.REDUCED),
    EXPONENTS,
]


def messages(data: bytes) -> list[tuple[Opcode, bytes]]:
    """Opcode and payload of the messages in ``data``, as a client's library reads them."""
    client = ClientProtocol(parse_uri("ws://here/"), state=OPEN)
    client.receive_data(data)
    return [
        (event.opcode, bytes(event.data)) for event in client.events_received() if isinstance(event, WebSocketFrame)
    ]


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("dropped", [0, 7, 123456])
def test_bytes_are_those_of_the_socket_io_server(frame: Frame, dropped: int) -> None:
    """What python-socketio itself hands to Engine.IO for an emit is what the packet holds."""

    async def emitted() -> list[EnginePacket]:
        server = socketio.AsyncServer(async_mode="asgi")
        taken: list[EnginePacket] = []

        async def take(_: str, packet: EnginePacket) -> None:
            taken.append(packet)

        server._send_eio_packet = take
        sid = await server.manager.connect("session", "/")
        await server.emit("frame", [{**frame.metadata(), "dropped": dropped}, frame.jpeg], to=sid)
        return taken

    packet = Packet(frame)
    ours = packet.engineio(dropped)
    theirs = run_async(emitted())
    text, picture = (one.encode() for one in ours)
    assert [one.packet_type for one in ours] == [MESSAGE, MESSAGE]
    their_text, their_picture = (one.encode() for one in theirs)
    assert picture == their_picture
    assert json.loads(text[4:]) == json.loads(their_text[4:])
    assert text == their_text or frame is EXPONENTS
    assert text.startswith('451-["frame",')
    assert json.loads(text[4:])[1][0]["dropped"] == dropped
    assert messages(packet.messages(dropped)) == [
        (Opcode.TEXT, text.encode()),
        (Opcode.BINARY, picture),
    ]


def test_each_form_is_made_once() -> None:
    packet = Packet(FRAMES[0])
    assert packet.chunk is packet.chunk
    assert packet.messages(3) is packet.messages(3)
    assert packet.messages(3) != packet.messages(4)


def test_part_of_a_multipart_body() -> None:
    packet = Packet(FRAMES[0])
    head, rest = packet.part.split(b"\r\n\r\n", 1)
    assert head.split(b"\r\n") == [
        b"--frame",
        b"Content-Type: image/jpeg",
        b"Content-Length: 8",
        b"X-Timestamp: 1700000000.123456",
    ]
    assert rest == FRAMES[0].jpeg + b"\r\n"
    size, body = packet.chunk.split(b"\r\n", 1)
    assert int(size, 16) == len(packet.part)
    assert body == packet.part + b"\r\n"
