"""python-socketio as its documentation suggests: one ``emit(..., to=sid)`` per viewer and frame, under uvicorn.

Acknowledged by the event ``frame_ack``, a window of two, the newest frame waiting.
"""

import asyncio
import socket
import time
from dataclasses import dataclass
from typing import Any

import socketio
import uvicorn
import uvloop

from scripts.benchmarks.payload import Payload
from scripts.benchmarks.servers.control import PAYLOAD_BYTES, WINDOW, LagProbe, obey_on_loop, tell


@dataclass(slots=True)
class Viewer:
    """One connection."""

    in_flight: int = 0
    waiting: list[Any] | None = None


class Emitter:
    """The server."""

    def __init__(self) -> None:
        self._payload = Payload(PAYLOAD_BYTES)
        self._made = 0
        self._viewers: dict[str, Viewer] = {}
        self._io = socketio.AsyncServer(async_mode="asgi")
        self._io.on("connect", self._connect)
        self._io.on("disconnect", self._disconnect)
        self._io.on("frame_ack", self._frame_ack)
        config = uvicorn.Config(socketio.ASGIApp(self._io), log_level="warning", ws_per_message_deflate=False)
        self._server = uvicorn.Server(config)
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self) -> None:
        """Serve until the bench has no more commands."""
        loop = asyncio.get_running_loop()
        probe = LagProbe(loop)

        def obey(command: str) -> None:
            if command == "f":
                task = loop.create_task(self._publish())
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            elif command == "p":
                probe.start()

        def end() -> None:
            self._server.should_exit = self._server.force_exit = True

        with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
            obey_on_loop(loop, obey, end)
            tell(port=listener.getsockname()[1])
            await self._server.serve(sockets=[listener])
        tell(loop_lags_s=probe.stop())

    async def _publish(self) -> None:
        self._made += 1
        frame = [
            {"frame_id": self._made, "width": 1280, "height": 720, "captured_at": time.time()},
            self._payload.make(self._made),
        ]
        for sid, viewer in tuple(self._viewers.items()):
            await self._offer(sid, viewer, frame)

    async def _offer(self, sid: str, viewer: Viewer, frame: list[Any]) -> None:
        if viewer.in_flight < WINDOW:
            viewer.in_flight += 1
            await self._io.emit("frame", frame, to=sid)
        else:
            viewer.waiting = frame

    async def _connect(self, sid: str, environ: dict[str, Any]) -> None:
        self._viewers[sid] = Viewer()

    async def _disconnect(self, sid: str, reason: str) -> None:
        del self._viewers[sid]

    async def _frame_ack(self, sid: str) -> None:
        viewer = self._viewers[sid]
        viewer.in_flight -= 1
        waiting, viewer.waiting = viewer.waiting, None
        if waiting is not None:
            await self._offer(sid, viewer, waiting)


async def main() -> None:
    """Make the server on its loop, and serve."""
    await Emitter().serve()


if __name__ == "__main__":
    uvloop.run(main())
