"""Frames to viewers. Everything here runs on the event loop."""

import asyncio
from collections.abc import AsyncGenerator, Callable

from app.packet import Packet
from app.tally import Tally
from app.viewer import Viewer, ViewerFigures
from hw.types import Frame, Size

STREAM = "live"
"""The name of the one stream there is."""


class FrameStream:
    """One stream of frames, in one or more sizes, and its viewers."""

    def __init__(self, on_wanted: Callable[[frozenset[Size]], None] = lambda sizes: None) -> None:
        self.on_wanted = on_wanted
        """Told which sizes anybody wants, on every change: no frame is encoded for nobody."""
        self.tally = Tally()
        self._wanted: frozenset[Size] = frozenset()
        self._viewers: set[Viewer] = set()
        self._last_frame_ids = dict.fromkeys(Size, 0)
        self._closed = False

    def publish(self, frame: Frame) -> None:
        """Offer a frame to all viewers of its size; one that is not newer than the last is ignored."""
        if frame.frame_id <= self._last_frame_ids[frame.size]:
            return
        self._last_frame_ids[frame.size] = frame.frame_id
        self.tally.encode_s.add(frame.encode_s)
        packet = Packet(frame)
        for viewer in tuple(self._viewers):
            if viewer.size is frame.size:
                viewer.offer(packet)
        self.tell_wanted()

    def join(self, viewer: Viewer) -> None:
        """Offer frames to this viewer from now on."""
        if self._closed:
            viewer.end()
            return
        self._viewers.add(viewer)
        self.tell_wanted()

    def leave(self, viewer: Viewer) -> None:
        """Offer it no more; harmless for one that never joined."""
        if viewer in self._viewers:
            self._viewers.remove(viewer)
            viewer.withdraw()
            self.tell_wanted()

    def close(self) -> None:
        """End all viewers: the server shuts down."""
        self._closed = True
        for viewer in tuple(self._viewers):
            self.leave(viewer)
            viewer.end()

    @property
    def audience(self) -> int:
        """How many take frames."""
        return len(self._viewers)

    def figures(self) -> list[ViewerFigures]:
        """How the viewers fare."""
        return [figures for viewer in self._viewers if (figures := viewer.figures()) is not None]

    async def packets(self) -> AsyncGenerator[Packet]:
        """Frames for one who takes them at its own pace: always the newest, each at most once."""
        mailbox = _Mailbox()
        self.join(mailbox)
        try:
            while (packet := await mailbox.take()) is not None:
                yield packet
        finally:
            self.leave(mailbox)

    def tell_wanted(self) -> None:
        """Say what sizes are wanted, if they are other ones than before."""
        wanted = frozenset([viewer.size for viewer in self._viewers if not viewer.deaf])
        if wanted != self._wanted:
            self._wanted = wanted
            self.on_wanted(wanted)


class _Mailbox:
    """Holds the newest frame until it is taken."""

    size = Size.FULL
    deaf = False

    def __init__(self) -> None:
        self._packet: Packet | None = None
        self._ended = False
        self._filled = asyncio.Event()

    def offer(self, packet: Packet) -> None:
        self._packet = packet
        self._filled.set()

    def withdraw(self) -> None:
        self._packet = None

    def end(self) -> None:
        self._ended = True
        self._filled.set()

    def figures(self) -> None:
        return None

    async def take(self) -> Packet | None:
        """The newest frame, as soon as there is one; ``None`` at the end."""
        while self._packet is None and not self._ended:
            self._filled.clear()
            await self._filled.wait()
        packet, self._packet = self._packet, None
        return None if self._ended else packet
