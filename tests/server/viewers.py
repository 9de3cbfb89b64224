"""Viewers for the tests: the Python client, and a bare WebSocket that does as it is told."""

import gc
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

import engineio
import socketio
import websocket
from socketio.exceptions import BadNamespaceError

from tests.conftest import PATIENCE_S, wait_until
from tests.serving import Served


class _OrderlyConnection(engineio.Client):  # type: ignore[misc]
    """Handles messages as they come, and closes what it opened.

    The library's own handles each in a thread of its own, so that on a loaded machine a picture may overtake the text
    that announces it, and that frame and its acknowledgement are lost; and it leaves its sockets to the garbage
    collector.
    """

    def _trigger_event(self, event: str, *arguments: Any, **_: Any) -> Any:
        return super()._trigger_event(event, *arguments, run_async=False)

    def disconnect(self, abort: bool = False, reason: str | None = None) -> None:
        # Where the server says goodbye it is the reading thread that disconnects, and it cannot wait for itself.
        super().disconnect(abort or threading.current_thread() is self.read_loop_task, reason)

    def _reset(self) -> None:
        if (writing := self.write_loop_task) is not None:
            writing.join()  # else it may miss its end, which is in the queue that is emptied now
        if (connection := getattr(self, "ws", None)) is not None:
            connection.shutdown()
        if self.http is not None:
            self.http.close()
        super()._reset()


class _OrderlyClient(socketio.Client):  # type: ignore[misc]
    def _engineio_client_class(self) -> type[engineio.Client]:
        return _OrderlyConnection


class Viewer:
    """The Python client; ``ack`` makes what it sends back for a frame.

    ``plain`` takes the library as it is: its frames may come in any order, some not at all, and with warnings.
    """

    def __init__(self, url: str, ack: Any = None, plain: bool = False, **options: Any) -> None:
        self.frames: list[dict[str, Any]] = []
        self.jpegs_are_whole = True
        self.state: dict[str, Any] | None = None
        self.signals: list[dict[str, Any]] = []
        self.acks = True
        self._ack = ack
        make = socketio.Client if plain else _OrderlyClient
        self.client = make(reconnection=False, handle_sigint=False, request_timeout=PATIENCE_S)
        self.client.on("frame", self._frame)
        self.client.on("state", lambda text: setattr(self, "state", json.loads(text)))
        self.client.on("signal", lambda text: self.signals.append(json.loads(text)))
        self.client.connect(url, wait_timeout=PATIENCE_S, **options)

    def _frame(self, payload: list[Any]) -> None:
        metadata, jpeg = payload
        self.jpegs_are_whole &= jpeg.startswith(b"\xff\xd8") and jpeg.endswith(b"\xff\xd9")
        self.frames.append(metadata)
        with suppress(BadNamespaceError):  # a frame that comes in while the viewer leaves
            if self.acks and self._ack is None:
                self.client.emit("frame_ack")
            elif self.acks:
                self.client.emit("frame_ack", self._ack(metadata))

    def want_full_size(self) -> None:
        """Have full frames even where the machine is too busy for them."""
        assert self.client.call("subscribe", ("live", {"size": "full"}), timeout=PATIENCE_S) == {"ok": True}

    def end(self) -> None:
        """Disconnect, and have what a plain client forgot collected here and not in a later test."""
        self.client.disconnect()
        self.client.eio.wait()
        gc.collect()

    def wait_for(self, frames: int) -> None:
        """Wait for so many more frames, for each as long as a frame may take."""
        before = len(self.frames)
        for count in range(before + 1, before + frames + 1):
            wait_until(partial(self._has, count), f"frame {count - before} of {frames}")

    def _has(self, count: int) -> bool:
        return len(self.frames) >= count


@contextmanager
def viewing(served: Served, *arguments: Any, **options: Any) -> Iterator[Viewer]:
    viewer = Viewer(served.url, *arguments, **options)
    try:
        yield viewer
    finally:
        viewer.end()


class BareViewer:
    """A viewer that reads and says nothing but what a test has it read and say."""

    def __init__(self, url: str, cookie: str | None = None) -> None:
        address = url.replace("http:", "ws:") + "/socket.io/?EIO=4&transport=websocket"
        self.socket = websocket.create_connection(address, timeout=PATIENCE_S, cookie=cookie)
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
def bare_viewing(url: str, cookie: str | None = None) -> Iterator[BareViewer]:
    """A bare viewer for the time of a ``with`` block."""
    viewer = BareViewer(url, cookie)
    try:
        yield viewer
    finally:
        viewer.end()
