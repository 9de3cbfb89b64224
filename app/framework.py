"""The seed's public names, for code that was written for the two-server layout.

They speak of the process' one bridge and one Socket.IO server; the composition root uses the same two.
"""

import asyncio
import functools
import warnings
from typing import Any

from app.bridge import Bridge
from app.sockets import Sockets
from app.stream import STREAM, FrameStream


@functools.cache
def shared_bridge() -> Bridge:
    """The process' bridge, with the process' Socket.IO server at its end."""
    bridge = Bridge()
    sockets = shared_sockets()
    bridge.on_signal = sockets.broadcast
    bridge.on_frame = lambda stream, frame: sockets.stream.publish(frame) if stream == STREAM else None
    return bridge


@functools.cache
def shared_sockets() -> Sockets:
    """The process' Socket.IO server."""
    return Sockets(FrameStream(), state=dict)


def set_shared_event_loop(loop: asyncio.AbstractEventLoop | None) -> None:
    """Share the server's loop for emissions from any thread; ``None`` takes it back."""
    shared_bridge().set_loop(loop)


def get_socket_app() -> Any:
    """The ASGI application to mount on FastAPI at ``/socket.io``."""
    return shared_sockets().asgi


def run_uvicorn() -> None:
    """Deprecated, does nothing: there is no second server to run."""
    warnings.warn(
        "run_uvicorn() does nothing: Socket.IO is mounted on the FastAPI app", DeprecationWarning, stacklevel=2
    )


def start_websocket_server() -> None:
    """Deprecated, does nothing: Socket.IO is part of the one server."""
    warnings.warn(
        "start_websocket_server() does nothing: Socket.IO is mounted on the FastAPI app",
        DeprecationWarning,
        stacklevel=2,
    )
