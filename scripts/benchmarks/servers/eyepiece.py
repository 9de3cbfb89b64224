"""Eyepiece itself, composed as in ``app.__main__``, but for the camera.

In the camera's place a thread emits ready frames, in the sizes that somebody watches, through the bridge. Stage and
light are simulated.
"""

import asyncio
import logging
import os
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.access import open_access
from app.appliance import assemble
from app.backup import RIG, Backups
from app.bridge import Bridge
from app.heap import return_what_is_large
from app.sockets import Sockets
from app.storage import Gallery
from app.stream import STREAM, FrameStream
from hw.config import SIMULATED_RIG, RigConfig
from hw.rig import build_rig
from hw.types import Frame, Size
from scripts.benchmarks.payload import Payload
from scripts.benchmarks.servers.control import PAYLOAD_BYTES, LagProbe, commands, tell

_START_S = 30.0
_REDUCED_BYTES = 30_000
_FPS = 30.0


class Source:
    """Stands where the camera stands."""

    def __init__(self, bridge: Bridge) -> None:
        self.sizes: frozenset[Size] = frozenset()
        """The sizes that anybody wants."""
        self._bridge = bridge
        self._payloads = {Size.FULL: Payload(PAYLOAD_BYTES), Size.REDUCED: Payload(_REDUCED_BYTES)}
        self._made = 0

    def watch(self, sizes: frozenset[Size]) -> None:
        """As the camera's."""
        self.sizes = sizes

    def make(self) -> None:
        """One picture, in each size that is wanted."""
        self._made += 1
        for size in sorted(self.sizes):
            jpeg = self._payloads[size].make(self._made)
            self._bridge.emit_frame(STREAM, frame_of(self._made, jpeg, size))


def frame_of(number: int, jpeg: bytes, size: Size) -> Frame:
    """A frame as the camera makes them, 1280 by 720 or half of that."""
    width, height = (1280, 720) if size is Size.FULL else (640, 360)
    return Frame(
        frame_id=number,
        jpeg=jpeg,
        width=width,
        height=height,
        captured_at=time.time(),
        exposure_us=10_000,
        gain=1.0,
        position=None,
        fps=_FPS,
        size=size,
    )


class LoopBridge(Bridge):
    """The bridge, which remembers the loop that it was given."""

    loop: asyncio.AbstractEventLoop

    def set_loop(self, loop: asyncio.AbstractEventLoop | None) -> None:
        """As the bridge's."""
        if loop is not None:
            self.loop = loop
        super().set_loop(loop)


@contextmanager
def serving(
    bridge: Bridge,
    config: RigConfig = SIMULATED_RIG,
    watch: Callable[[frozenset[Size]], None] | None = None,
) -> Iterator[FrameStream]:
    """The appliance for the time of a ``with`` block; tells the bench its port.

    With ``watch`` it is without its camera: that is told the sizes that anybody wants, on the loop, in its place.
    """
    with tempfile.TemporaryDirectory() as data, socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        folder = Path(data)
        rig = build_rig(config, folder)
        sockets = Sockets(FrameStream(), state=dict)
        bridge.on_signal = sockets.broadcast
        bridge.on_frame = lambda _, frame: sockets.stream.publish(frame)
        gallery, backups = Gallery(folder / "images"), Backups(folder, folder / RIG)
        access = open_access(folder, required=False)
        server = assemble(rig, folder, gallery, backups, bridge, sockets, listener, access, _died, _died)
        if watch is not None:
            sockets.stream.on_wanted = watch
        server.start()
        if not server.wait_until_serving(_START_S):
            raise TimeoutError("the server did not start")
        for worker in rig.workers:
            if watch is None or worker is not rig.camera:
                worker.start()
        tell(port=listener.getsockname()[1])
        try:
            yield sockets.stream
        finally:
            rig.close()
            server.close()
            rig.join(_START_S)
            server.join(_START_S)


def _died() -> None:
    logging.critical("The server ended by itself")
    os._exit(70)


def main() -> None:
    """Serve until the bench has no more commands."""
    logging.basicConfig(level=logging.ERROR)
    return_what_is_large()
    bridge = LoopBridge()
    source = Source(bridge)
    with serving(bridge, watch=source.watch) as stream:
        probe = LagProbe(bridge.loop)
        camera = threading.Thread(target=obey, args=(source, bridge, probe), name="camera")
        camera.start()
        camera.join()
        lags_s = probe.stop()
    tell(loop_lags_s=lags_s, dropped={"loop": bridge.superseded, **stream.tally.dropped})


def obey(source: Source, bridge: Bridge, probe: LagProbe) -> None:
    """The camera's thread: carry out the bench's commands."""
    for command in commands():
        match command:
            case "f":
                source.make()
            case "s":
                bridge.emit_signal("benchmark", time.monotonic())
            case "p":
                probe.start()


if __name__ == "__main__":
    main()
