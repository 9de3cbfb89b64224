"""One viewer's connection by Socket.IO. Runs on the event loop."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

from engineio.async_socket import AsyncSocket
from starlette.types import Scope

from app.packet import Packet
from app.roles import Identity
from app.tally import Tally
from app.viewer import AckedViewer, ViewerKind
from app.wire import WebSocketDoor

log = logging.getLogger(__name__)

_OVERFLOW = 256


class Outbox(asyncio.Queue[Any]):
    """What waits to be sent the ordinary way; ``None`` in it ends the sending."""

    unfinished = 0
    """Items put in and not yet done with: those that wait, and those that were taken a moment ago."""
    on_overflow: Callable[[], None] | None = None
    """Called once when more than ``_OVERFLOW`` wait: whoever asks so much and takes no answer is sent away."""

    def put_nowait(self, item: Any) -> None:
        super().put_nowait(item)
        self.unfinished += 1
        if self.qsize() > _OVERFLOW and self.on_overflow is not None:
            on_overflow, self.on_overflow = self.on_overflow, None
            on_overflow()

    def task_done(self) -> None:
        super().task_done()
        self.unfinished -= 1


class Connection:
    """One viewer's connection: the ordinary way, and the short one where there is a side door."""

    viewer: AckedViewer
    identity: Identity
    """Who it is. Looked at when something is asked for, never for a frame."""

    def __init__(self, socket: AsyncSocket, scope: Scope, tally: Tally) -> None:
        self._tally = tally
        self.outbox: Outbox = socket.queue
        self.catching_up: asyncio.Task[None] | None = None
        """While it is behind: waits until it has taken what it was sent."""
        self.address = scope["client"][0] if scope.get("client") else ""
        self.agent = dict(scope["headers"]).get(b"user-agent", b"").decode("latin-1")[:200]
        self.subscribed = True
        self.welcomed = False
        """Whether it was sent the state."""
        self.malformed = 0
        """Packets without sense that it sent."""
        self._socket = socket
        self._door: WebSocketDoor | None = None
        self._pinged_at: float | None = None
        self._unanswered_since_s = 0.0
        self._sent_away = False
        self._leaving: asyncio.Task[None] | None = None
        self.outbox.on_overflow = lambda: self.hang_up("takes no answers to what it asks")

    @property
    def kind(self) -> ViewerKind:
        return "websocket" if self._socket.upgraded else "polling"

    def bind(self, door: WebSocketDoor) -> None:
        """Use a side door from now on, as soon as Engine.IO uses that WebSocket."""
        self._door = door
        door.on_ack = self.acknowledge
        door.on_writable = self.viewer.refresh

    def unbind(self) -> None:
        """Use no side door any more."""
        if self._door is not None:
            self._door.on_ack = self._door.on_writable = None
            self._door = None

    def unanswered_s(self) -> float:
        """For how long it has left a ping unanswered, from when it was first asked about here.

        Engine.IO takes down when it sent one by the wall clock, which jumps.
        """
        if self._socket.last_ping != self._pinged_at:
            self._pinged_at, self._unanswered_since_s = self._socket.last_ping, time.monotonic()
        return time.monotonic() - self._unanswered_since_s if self._pinged_at else 0.0

    def hang_up(self, reason: str) -> None:
        """End the connection of one that is no honest viewer."""
        if self._sent_away:
            return
        self._sent_away = True
        self._tally.sent_away += 1
        log.warning("Viewer %s %s: it is sent away", self.viewer.name, reason)
        if self._door is not None:
            self._door.transport.abort()
        else:
            self._leaving = asyncio.create_task(self._socket.close(wait=False, abort=True), name="hang up")

    def ready(self) -> bool:
        door = self._door
        if door is not None and self._socket.upgraded:
            return door.ready
        return self.outbox.unfinished == 0

    def send(self, packet: Packet, dropped: int) -> None:
        door = self._door
        if door is not None and self._socket.upgraded and self.outbox.unfinished == 0:
            door.write(packet.messages(dropped))
            return
        # Behind what goes the ordinary way already.
        for part in packet.engineio(dropped):
            self.outbox.put_nowait(part)

    def acknowledge(self, arguments: list[Any]) -> None:
        """Take the arguments of a ``frame_ack``, whatever they are."""
        told = arguments[0] if arguments else None
        if len(arguments) > 1 or not (told is None or isinstance(told, dict)):
            self.viewer.count_junk()
        elif not told:
            self.viewer.acknowledge(None)
        elif type(frame_id := told.get("frame_id")) is int:
            self.viewer.acknowledge(frame_id, _time(told.get("received_at")), _time(told.get("painted_at")))
        else:
            self.viewer.count_junk()


def _time(value: Any) -> float | None:
    return value if isinstance(value, float) else None
