"""Viewers of every kind, each a coroutine that comes, does something for a while, and goes."""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from scripts.soaking.tally import Tally

_GONE = (ConnectionClosed, InvalidHandshake, InvalidMessage, OSError, TimeoutError)
"""How it shows that the server has sent somebody away."""

_BEGINNINGS = (b"GET / HT", b"POST /api/stage/move HTTP/1.1\r\nContent-Length: 50\r\n\r\n{", b"\x16\x03")
Kind = Callable[[int, random.Random, Tally], Awaitable[None]]


@asynccontextmanager
async def _viewer(port: int) -> AsyncIterator[ClientConnection]:
    address = f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket"
    async with connect(
        address, compression=None, ping_interval=None, max_size=None, max_queue=4, close_timeout=2, proxy=None
    ) as socket:
        await socket.recv()
        await socket.send("40")
        yield socket


async def _look(socket: ClientConnection, seconds: float, on_frame: Callable[[], None] = lambda: None) -> None:
    """Acknowledge frames and answer pings for some time."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while True:
                message = await socket.recv()
                if message == "2":
                    await socket.send("3")
                elif isinstance(message, bytes):
                    on_frame()
                    await socket.send('42["frame_ack"]')


async def steady(port: int, rng: random.Random, tally: Tally) -> None:
    """Looks all the time. Whoever ends its connection has done something wrong."""

    def count() -> None:
        tally.steady_frames += 1

    async with _viewer(port) as socket:
        await _look(socket, 1e9, count)


async def passer_by(port: int, rng: random.Random, tally: Tally) -> None:
    """Looks for some seconds, and says goodbye or vanishes."""
    async with _viewer(port) as socket:
        await _look(socket, rng.uniform(0.1, 8))
        if rng.random() < 0.5:
            socket.transport.abort()


async def sleeper(port: int, rng: random.Random, tally: Tally) -> None:
    """Reads nothing for some time, as a tablet whose cover was closed, and goes on, or is gone."""
    async with _viewer(port) as socket:
        await _look(socket, rng.uniform(0.5, 2))
        await asyncio.sleep(rng.uniform(2, 15))
        await _look(socket, rng.uniform(0, 3))


async def flooder(port: int, rng: random.Random, tally: Tally) -> None:
    """Says more than anybody needs to, and reads little of what it is answered."""
    said = ['42["frame_ack"]', '421["clock"]', '42["subscribe"]', '421["unsubscribe"]', '42["jog",{"x_um":1e12}]']
    async with _viewer(port) as socket:
        for _ in range(rng.randint(200, 3000)):
            await socket.send(rng.choice(said))
        await _look(socket, rng.uniform(0, 2))


async def babbler(port: int, rng: random.Random, tally: Tally) -> None:
    """Says what nobody can understand, in packets of any kind and size."""
    async with _viewer(port) as socket:
        for _ in range(rng.randint(1, 60)):
            text = "".join(rng.choices('0123456789-[]{},"abc\\\u00e9\x00', k=rng.randint(0, 80)))
            await socket.send(rng.choice((text, f"42{text}", f"43{text}", rng.randbytes(40), json.dumps(text))))
        if rng.random() < 0.3:
            await socket.send('42["frame_ack","' + "x" * 1_000_000 + '"]')
        await _look(socket, rng.uniform(0, 1))


async def poller(port: int, rng: random.Random, tally: Tally) -> None:
    """Polls a little, posts nonsense, and is never seen again."""
    handshake = await _http(port, b"GET /socket.io/?EIO=4&transport=polling HTTP/1.1", b"")
    session = handshake.partition(b'"sid":"')[2].partition(b'"')[0]
    for body in (b"40", rng.randbytes(rng.randint(0, 2000)), b"4" * rng.randint(1, 200_000)):
        await _http(port, b"POST /socket.io/?EIO=4&transport=polling&sid=" + session + b" HTTP/1.1", body)


async def slow_caller(port: int, rng: random.Random, tally: Tally) -> None:
    """Begins a request and does not end it."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(rng.choice(_BEGINNINGS))
        await asyncio.sleep(rng.uniform(1, 10))
    finally:
        writer.transport.abort()


async def streamer(port: int, rng: random.Random, tally: Tally) -> None:
    """Looks at the motion JPEG stream for a while, and leaves in the midst of a picture."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(b"GET /stream.mjpg HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        for _ in range(rng.randint(1, 100)):
            if not await asyncio.wait_for(reader.read(20_000), 30):
                return
    finally:
        writer.transport.abort()


KINDS: tuple[Kind, ...] = (passer_by, passer_by, sleeper, flooder, babbler, poller, slow_caller, streamer)


async def coming_and_going(port: int, rng: random.Random, tally: Tally, stop: asyncio.Event) -> None:
    """One after another of all kinds, until it is to stop."""
    while not stop.is_set():
        kind = rng.choice(KINDS)
        tally.counts[kind.__name__] += 1
        with suppress(*_GONE):
            await kind(port, rng, tally)
        await asyncio.sleep(rng.uniform(0, 0.5))


async def _http(port: int, line: bytes, body: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        head = f"\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(line + head.encode() + body)
        return await asyncio.wait_for(reader.read(), 30)
    finally:
        writer.transport.abort()
