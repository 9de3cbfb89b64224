"""A bare WebSocket server in C (picows): what a WebSocket costs with nothing above it.

Acknowledgements of one byte, a window of two, the newest frame waiting.
"""

import asyncio

import uvloop
from picows import (  # type: ignore[import-not-found]
    WSFrame,
    WSListener,
    WSMsgType,
    WSTransport,
    WSUpgradeRequest,
    ws_create_server,
)

from scripts.benchmarks.payload import Payload
from scripts.benchmarks.servers.control import PAYLOAD_BYTES, WINDOW, obey_on_loop, tell


class Viewer(WSListener):  # type: ignore[misc]
    """One connection."""

    def __init__(self, viewers: "set[Viewer]") -> None:
        super().__init__()
        self._viewers = viewers
        self._in_flight = 0
        self._waiting: bytes | None = None
        self._transport: WSTransport | None = None

    def on_ws_connected(self, transport: WSTransport) -> None:
        """It has come."""
        self._transport = transport
        self._viewers.add(self)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        """It has gone."""
        self._viewers.discard(self)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """It acknowledges."""
        if frame.msg_type == WSMsgType.BINARY:
            self._in_flight -= 1
            waiting, self._waiting = self._waiting, None
            if waiting is not None:
                self.offer(waiting)

    def offer(self, payload: bytes) -> None:
        """Send the frame, or have it wait in place of an older one."""
        if self._in_flight < WINDOW and self._transport is not None:
            self._in_flight += 1
            self._transport.send(WSMsgType.BINARY, payload)
        else:
            self._waiting = payload


async def serve() -> None:
    """Serve until the bench has no more commands."""
    loop = asyncio.get_running_loop()
    viewers: set[Viewer] = set()
    payload = Payload(PAYLOAD_BYTES)
    made = 0
    ended = asyncio.Event()

    def accept(request: WSUpgradeRequest) -> Viewer:
        return Viewer(viewers)

    def obey(command: str) -> None:
        nonlocal made
        if command == "f":
            made += 1
            frame = payload.make(made)
            for viewer in tuple(viewers):
                viewer.offer(frame)

    server = await ws_create_server(accept, "127.0.0.1", 0)
    obey_on_loop(loop, obey, ended.set)
    tell(port=server.sockets[0].getsockname()[1])
    await ended.wait()


if __name__ == "__main__":
    uvloop.run(serve())
