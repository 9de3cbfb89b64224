"""Whether the side doors fit the libraries that are installed: tried out once, at the server's start."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from uvicorn.server import ServerState

from app.packet import Packet
from app.wire import HttpDoor, WebSocketDoor, door_of
from hw.types import Frame

_MASK = bytes(4)
_PATIENCE_S = 20.0
"""A small board has much to do at its start."""


async def wire_trouble() -> str | None:
    """What is wrong with the side doors, in words; ``None`` when all is as it should be.

    A frame is sent the ordinary way and the short one, and both have to be the same bytes; an acknowledgement and
    another message are received; a connection is filled and emptied. Engine.IO's part is left to the tests.
    """
    try:
        await asyncio.wait_for(_try_out(), _PATIENCE_S)
    except Exception as error:  # whatever a library of another make may raise
        return f"{type(error).__name__}: {error}"
    return None


async def _try_out() -> None:
    frame = Frame(1, b"\xff\xd8" + bytes(70_000) + b"\xff\xd9", 4, 2, 1.5, None, 2.0, None, 30.0)
    await _try_web_socket(Packet(frame))
    await _try_http(Packet(frame))


async def _try_web_socket(packet: Packet) -> None:
    heard: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        door = door_of(scope)
        if not isinstance(door, WebSocketDoor):
            raise TypeError("a WebSocket shows no door of its kind")
        door.on_ack = heard.append
        await receive()
        await send({"type": "websocket.accept"})
        text, picture = packet.engineio(7)
        await send({"type": "websocket.send", "text": text.encode()})
        await send({"type": "websocket.send", "bytes": picture.encode()})
        _require(door.ready, "an idle WebSocket is not ready")
        door.write(packet.messages(7))
        door.pause_writing()
        _require(not door.ready, "a full WebSocket is ready")
        door.resume_writing()
        _require(door.ready, "a WebSocket is not ready again")
        heard.append((await receive())["text"])

    transport = _Transport()
    protocol = WebSocketDoor(config=_config(app), server_state=ServerState(), app_state={})
    protocol.connection_made(transport)
    async with _ending(protocol):
        await _talk(protocol, transport, packet)
    _require(heard == [[{"frame_id": 1}], "2probe"], f"a WebSocket heard {heard}")


async def _talk(protocol: WebSocketDoor, transport: "_Transport", packet: Packet) -> None:
    protocol.data_received(
        b"GET /socket.io/ HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    await transport.wait_for(2 * packet.messages(7))
    protocol.data_received(b"".join(_masked(text) for text in (b'42["frame_ack",{"frame_id":1}]', b"2probe")))
    await asyncio.gather(*protocol.tasks)


async def _try_http(packet: Packet) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        door = door_of(scope)
        if not isinstance(door, HttpDoor):
            raise TypeError("an HTTP connection shows no door of its kind")
        _require(door.ready, "an idle HTTP connection is not ready")
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": packet.part, "more_body": True})
        door.write(packet.chunk)
        door.pause_writing()
        _require(not door.ready, "a full HTTP connection is ready")
        door.resume_writing()
        _require(door.ready, "an HTTP connection is not ready again")
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    transport = _Transport()
    protocol = HttpDoor(config=_config(app), server_state=ServerState(), app_state={})
    protocol.connection_made(transport)
    async with _ending(protocol):
        protocol.data_received(b"GET /stream.mjpg HTTP/1.1\r\nHost: here\r\n\r\n")
        await transport.wait_for(b"\r\n\r\n" + 2 * packet.chunk)
        await asyncio.gather(*protocol.tasks)


@asynccontextmanager
async def _ending(protocol: WebSocketDoor | HttpDoor) -> AsyncIterator[None]:
    """End the connection after the ``async with`` block, and what runs for it."""
    try:
        yield
    finally:
        protocol.connection_lost(None)
        tasks = list(protocol.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Transport(asyncio.Transport):
    """Keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self._written = b""
        self._wrote = asyncio.Event()

    def write(self, data: Any) -> None:
        self._written += data
        self._wrote.set()

    async def wait_for(self, data: bytes) -> None:
        """Wait until these bytes were written."""
        while data not in self._written:
            self._wrote.clear()
            try:
                await asyncio.wait_for(self._wrote.wait(), _PATIENCE_S / 2)
            except TimeoutError:
                raise ValueError("a frame has other bytes on the ordinary way") from None

    def get_write_buffer_size(self) -> int:
        return 0

    def is_closing(self) -> bool:
        return False

    def close(self) -> None:
        pass

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


def _config(app: Any) -> uvicorn.Config:
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", ws_per_message_deflate=False)
    config.load()
    return config


def _masked(text: bytes) -> bytes:
    return bytes([0x81, 0x80 | len(text)]) + _MASK + text


def _require(condition: bool, complaint: str) -> None:
    if not condition:
        raise ValueError(complaint)
