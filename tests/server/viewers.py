"""Viewers for the tests: the plain Python client, and a bare WebSocket that does as it is told."""

import gc
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import socketio
import websocket
from socketio.exceptions import BadNamespaceError

from tests.conftest import PATIENCE_S, wait_until
from tests.serving import Served


class Viewer:
    """The plain Python client; ``ack`` makes what it sends back for a frame."""

    def __init__(self, url: str, ack: Any = None, **options: Any) -> None:
        self.frames: list[dict[str, Any]] = []
        self.jpegs_are_whole = True
        self.state: dict[str, Any] | None = None
        self.signals: list[dict[str, Any]] = []
        self.acks = True
        self._ack = ack
        self.client = socketio.Client(reconnection=False)
        self.client.on("frame", self._frame)
        self.client.on("state", lambda text: setattr(self, "state", json.loads(text)))
        self.client.on("signal", lambda text: self.signals.append(json.loads(text)))
        self.client.connect(url, **options)

    def _frame(self, payload: list[Any]) -> None:
        metadata, jpeg = payload
        self.jpegs_are_whole &= jpeg.startswith(b"\xff\xd8") and jpeg.endswith(b"\xff\xd9")
        self.frames.append(metadata)
        with suppress(BadNamespaceError):  # a frame that comes in while the viewer leaves
            if self.acks and self._ack is None:
                self.client.emit("frame_ack")
            elif self.acks:
                self.client.emit("frame_ack", self._ack(metadata))

    def end(self) -> None:
        """Disconnect, and have what the client forgot collected here and not in a later test."""
        self.client.disconnect()
        self.client.wait()
        gc.collect()

    def wait_for(self, frames: int) -> None:
        """Wait for so many more frames."""
        wanted = len(self.frames) + frames
        wait_until(lambda: len(self.frames) >= wanted, f"{frames} frames")


@contextmanager
def viewing(served: Served, *arguments: Any, **options: Any) -> Iterator[Viewer]:
    viewer = Viewer(served.url, *arguments, **options)
    try:
        yield viewer
    finally:
        viewer.end()


class BareViewer:
    """A viewer that reads and says nothing but what a test has it read and say."""

    def __init__(self, url: str) -> None:
        address = url.replace("http:", "ws:") + "/socket.io/?EIO=4&transport=websocket"
        self.socket = websocket.create_connection(address, timeout=PATIENCE_S)
        self.read_until("0")
        self.say("40")
        self.read_until("40")

    def say(self, text: str) -> None:
        """Send one Engine.IO packet."""
        self.socket.send(text)

    def read(self) -> str | bytes:
        """The next message; a ping is answered on the way."""
        while (message := self.socket.recv()) == "2":
            self.say("3")
        return message

    def read_until(self, beginning: str) -> str:
        """The next text that begins so; what comes before it is passed over."""
        while True:
            message = self.read()
            if isinstance(message, str) and message.startswith(beginning):
                return message

    def read_frame(self) -> dict[str, Any]:
        """The next frame's metadata; its picture is read, too."""
        event = json.loads(self.read_until("451-")[4:])
        assert isinstance(self.read(), bytes)
        metadata: dict[str, Any] = event[1][0]
        return metadata

    def end(self) -> None:
        """Hang up."""
        self.socket.shutdown()


@contextmanager
def bare_viewing(url: str) -> Iterator[BareViewer]:
    """A bare viewer for the time of a ``with`` block."""
    viewer = BareViewer(url)
    try:
        yield viewer
    finally:
        viewer.end()
