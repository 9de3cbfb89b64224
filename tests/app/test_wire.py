"""app.wire and app.wire_check"""

import asyncio
import random
from typing import Any

import pytest
import uvicorn
from hypothesis import given
from hypothesis import strategies as st
from uvicorn.server import ServerState

from app import wire, wire_check
from app.doorman import Doorman
from app.packet import Packet
from app.wire import HttpDoor, WebSocketDoor
from app.wire_check import wire_trouble
from tests.conftest import PATIENCE_S, run_async

HANDSHAKE = (
    b"GET /socket.io/ HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
MAX_BYTES = 1000


class Wire:
    """An open WebSocket with its far end in the test's hands."""

    def __init__(self) -> None:
        self.messages: list[Any] = []
        self.acks: list[list[Any]] = []

    async def open(self) -> "Wire":
        accepted = asyncio.Event()

        async def app(scope: Any, receive: Any, send: Any) -> None:
            await receive()
            await send({"type": "websocket.accept"})
            accepted.set()
            while (message := await receive())["type"] == "websocket.receive":
                self.messages.append(message.get("text") or message.get("bytes"))

        config = uvicorn.Config(app, log_config=None, lifespan="off", ws_max_size=MAX_BYTES)
        config.load()
        self.door = WebSocketDoor(config=config, server_state=ServerState(), app_state={})
        self.door.connection_made(Transport())
        self.door.data_received(HANDSHAKE)
        await accepted.wait()
        self.door.on_ack = self.acks.append
        self.door.on_plain_ack = lambda: self.acks.append([])
        return self

    async def close(self) -> None:
        self.door.connection_lost(None)
        await asyncio.gather(*self.door.tasks)


class Transport(asyncio.Transport):
    def __init__(self) -> None:
        super().__init__()
        self.closed = False
        self.waiting_bytes = 0
        self.reading = True
        self.read_on = asyncio.Event()
        self.written: list[bytes] = []

    def write(self, data: Any) -> None:
        self.written.append(bytes(data))

    def get_write_buffer_size(self) -> int:
        return self.waiting_bytes

    def abort(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True
        self.read_on.set()


def masked(payload: bytes, opcode: int = 1, fin: bool = True) -> bytes:
    """A client's WebSocket frame."""
    length = len(payload)
    head = bytes([opcode | (0x80 if fin else 0)])
    head += bytes([0x80 | length]) if length < 126 else b"\xfe" + length.to_bytes(2, "big")
    key = random.Random(length).randbytes(4)
    return head + key + bytes(byte ^ key[at % 4] for at, byte in enumerate(payload))


MESSAGES = [
    (masked(b'42["frame_ack"]'), "ack", []),
    (masked(b'42["frame_ack",{"frame_id":12,"painted_at":1.5}]'), "ack", [{"frame_id": 12, "painted_at": 1.5}]),
    (masked(b'42["frame_ack",null,[1]]'), "ack", [None, [1]]),
    (masked(b'42["frame_acknowledge"]'), "message", '42["frame_acknowledge"]'),
    (masked(b'421["frame_ack"]'), "message", '421["frame_ack"]'),
    (masked(b'42["frame_ack"'), "message", '42["frame_ack"'),
    (masked(b'42["stop"]'), "message", '42["stop"]'),
    (masked(b"3"), "message", "3"),
    (masked(b"x" * 126), "message", "x" * 126),
    (masked(b'42["frame_ack","' + b"y" * 200 + b'"]'), "message", '42["frame_ack","' + "y" * 200 + '"]'),
    (masked(b"\x00\xff", opcode=2), "message", b"\x00\xff"),
    (masked(b'42["frame_ack"]', opcode=2), "message", b'42["frame_ack"]'),
    # In fragments: between them an acknowledgement would be against the rules, and they are one message.
    (masked(b'42["fra', fin=False) + masked(b'me_ack"]', opcode=0), "message", '42["frame_ack"]'),
    (masked(b"ping", opcode=9), "nothing", None),
]


async def receive(data: bytes, chunks: list[int]) -> Wire:
    """What a connection hears of ``data`` that arrives in chunks of these sizes, and the rest."""
    one = await Wire().open()
    for size in chunks:
        one.door.data_received(data[:size])
        data = data[size:]
        await asyncio.sleep(0)
    one.door.data_received(data)
    for _ in range(50):
        await asyncio.sleep(0)
    await one.close()
    return one


@given(
    st.lists(st.sampled_from(MESSAGES), max_size=12),
    st.lists(st.integers(min_value=0, max_value=60), max_size=30),
)
def test_acks_are_picked_out_and_all_else_goes_its_way_however_it_arrives(
    messages: list[tuple[bytes, str, Any]], chunks: list[int]
) -> None:
    heard = run_async(receive(b"".join(data for data, _, _ in messages), chunks))
    assert heard.acks == [told for _, kind, told in messages if kind == "ack"]
    assert heard.messages == [told for _, kind, told in messages if kind == "message"]


@pytest.mark.parametrize(
    "bad",
    [
        b"\x81\x05hello",  # not masked
        b"\x81\xfe" + (MAX_BYTES + 1).to_bytes(2, "big") + bytes(4),  # longer than allowed
        b"\x81\xff" + (2**40).to_bytes(8, "big") + bytes(4),
        b"\x8b\x80" + bytes(4),  # no such opcode
        masked(b"\xff\xfe"),  # not UTF-8
    ],
)
def test_what_is_against_the_rules_ends_its_connection(bad: bytes) -> None:
    async def main() -> tuple[Wire, bool]:
        one = await Wire().open()
        one.door.data_received(masked(b'42["frame_ack"]') + bad)
        for _ in range(20):
            await asyncio.sleep(0)
        ready = one.door.ready
        one.door.data_received(masked(b'42["frame_ack"]'))
        await one.close()
        return one, ready

    heard, ready = run_async(main())
    assert heard.acks[:1] == [[]]
    assert heard.messages == []
    assert not ready


def test_who_says_too_much_at_once_is_not_read_for_a_moment() -> None:
    async def main() -> None:
        one = await Wire().open()
        transport = one.door.transport
        assert isinstance(transport, Transport)
        one.door.data_received(masked(b'42["frame_ack"]') * 40)
        assert transport.reading
        one.door.data_received(masked(b'42["frame_ack"]') * 400 + masked(b'42["stop"]') * 400)
        assert not transport.reading
        # What it said is taken bit by bit, and others have their turns between.
        assert 40 < len(one.acks) < 300
        while len(one.messages) < 400:
            transport.read_on.clear()
            await asyncio.wait_for(transport.read_on.wait(), PATIENCE_S)
        assert len(one.acks) == 440
        assert one.messages == ['42["stop"]'] * 400
        assert transport.reading
        await one.close()

    run_async(main())


def test_who_takes_no_answers_is_sent_away() -> None:
    async def main() -> bool:
        one = await Wire().open()
        transport = one.door.transport
        assert isinstance(transport, Transport)
        transport.waiting_bytes = 9_000_000
        one.door.data_received(masked(b"ping", opcode=9))
        await one.close()
        return transport.closed

    assert run_async(main())


def test_without_a_listener_acks_take_the_ordinary_way() -> None:
    async def main() -> Wire:
        one = await Wire().open()
        one.door.on_ack = one.door.on_plain_ack = None
        one.door.data_received(masked(b'42["frame_ack"]'))
        for _ in range(20):
            await asyncio.sleep(0)
        await one.close()
        return one

    heard = run_async(main())
    assert heard.acks == []
    assert heard.messages == ['42["frame_ack"]']


def test_not_ready_while_a_message_waits_and_told_once_it_has_left() -> None:
    async def main() -> None:
        one = await Wire().open()
        door, told = one.door, []
        door.on_writable = lambda: told.append(door.ready)
        assert door.ready
        door.pause_writing()
        assert not door.ready
        sending = asyncio.create_task(door.send({"type": "websocket.send", "text": "first"}))
        await asyncio.sleep(0)
        door.resume_writing()
        assert not door.ready, "a frame would overtake the message"
        await sending
        await asyncio.sleep(0)
        assert door.ready
        assert told == [True]
        await one.close()
        assert not door.ready

    run_async(main())


def test_doors_fit_the_libraries() -> None:
    assert run_async(wire_trouble()) is None


MISFITS = [
    (Packet, "messages", lambda self, dropped: b"other", "other bytes"),
    (Packet, "chunk", b"1\r\nx\r\n", "other bytes"),
    (wire, "_ACK", b'42["no_such_event"', "heard"),
    (wire_check, "door_of", lambda scope: None, "other bytes"),
    (WebSocketDoor, "handle_connect", None, "TypeError"),
]


@pytest.mark.parametrize(("owner", "name", "value", "words"), MISFITS)
def test_libraries_that_differ_are_noticed(
    monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, value: Any, words: str
) -> None:
    monkeypatch.setattr(wire_check, "_PATIENCE_S", 4.0)
    monkeypatch.setattr(owner, name, value)
    trouble = run_async(wire_trouble())
    assert trouble is not None
    assert words in trouble


class Guarded(HttpDoor):
    """An HTTP connection whose WebSocket tells the same doorman."""


def test_the_doorman_is_told_how_far_a_connection_is() -> None:
    """Also as it becomes a WebSocket, of which nothing more is expected until it ends."""

    async def main() -> None:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            await receive()
            await send({"type": "websocket.accept"})
            assert (await receive())["type"] == "websocket.disconnect"

        doorman = Doorman(10)
        sockets: list[Any] = []

        class Socket(WebSocketDoor):
            def __init__(self, *arguments: Any, **options: Any) -> None:
                super().__init__(*arguments, **options)
                sockets.append(self)

        Socket.doorman = Guarded.doorman = doorman
        config = uvicorn.Config(app, log_config=None, lifespan="off", ws=Socket)
        config.load()
        door, transport = Guarded(config=config, server_state=ServerState(), app_state={}), Transport()
        transport.set_protocol = lambda protocol: None  # type: ignore[method-assign]

        def waited_for() -> tuple[bool, bool, bool]:
            return transport in doorman._headers, transport in doorman._bodies, transport in doorman._addresses

        door.connection_made(transport)
        door.data_received(HANDSHAKE[:30])
        assert waited_for() == (True, False, True)
        door.data_received(HANDSHAKE[30:])
        assert waited_for() == (False, False, True)
        (socket,) = sockets
        socket.connection_lost(None)
        assert waited_for() == (False, False, False)
        await asyncio.gather(*socket.tasks)
        doorman.close()

    run_async(main())


def test_headers_without_end_end_their_connection() -> None:
    async def main() -> None:
        config = uvicorn.Config(lambda *_: None, log_config=None, lifespan="off", interface="asgi3")
        config.load()
        door, transport = HttpDoor(config=config, server_state=ServerState(), app_state={}), Transport()
        door.connection_made(transport)
        door.data_received(b"GET / HTTP/1.1\r\nHost: here\r\n")
        for number in range(70):
            assert transport.closed == (number > 65)
            door.data_received(b"X: " + b"y" * 1000)
        door.connection_lost(None)

    run_async(main())
