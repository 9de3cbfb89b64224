"""The parts of one microscope put together, ready to be started."""

import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path

from app.access import Access
from app.album import Album
from app.backup import Backups
from app.bridge import Bridge
from app.certificate import Certificate
from app.commands import Commands
from app.control import Control
from app.disk import Disk, Usage, disk_usage
from app.figures import Figures
from app.health import LoopWatch
from app.hosts import Hosts
from app.metrics import Metrics
from app.microscope import Microscope
from app.optics import Nosepiece
from app.people import People
from app.places import Places
from app.problems import code_of
from app.server import ServerThread, create_app
from app.sockets import Sockets
from app.storage import Gallery
from hw.board import Board
from hw.drivers.simulated.world import World
from hw.rig import Rig


def assemble(
    rig: Rig,
    data: Path,
    gallery: Gallery,
    backups: Backups,
    bridge: Bridge,
    sockets: Sockets,
    listener: socket.socket,
    access: Access,
    on_death: Callable[[], None],
    on_restart: Callable[[], None],
    hosts: Hosts | None = None,
    certificate: Certificate | None = None,
) -> ServerThread:
    """Join a rig and the server's parts; neither the rig nor the server is started.

    Objectives and places are kept in ``data``. ``bridge`` has to lead to ``sockets``; ``on_death`` is called when the
    server ended without having been closed, ``on_restart`` when somebody wants the process to start anew. ``hosts`` are
    its names beside the usual ones, and a ``certificate`` has it serve HTTPS.
    """
    people = People()
    control = Control(
        people, rig.stage.stop, partial(bridge.emit_signal, "control_changed", key="control"), sockets.is_silent
    )
    disk = Disk(data, partial(bridge.emit_signal, "storage_changed", key="storage"), partial(_usage, rig.world))
    nosepiece = Nosepiece(data, rig.optics, rig.live_size, lambda: rig.camera.state.info, rig.magnify)
    microscope = Microscope(rig, Album(gallery), nosepiece, Places(data), control, disk)
    sockets.state = microscope.state
    sockets.commands = Commands(rig.stage, control, code_of)
    sockets.access = access
    access.on_change = sockets.look_again
    sockets.stream.on_wanted = rig.camera.watch
    microscope.announce(bridge)
    watch = LoopWatch()
    bridge.on_call, bridge.on_missed = watch.called, watch.missed
    figures = Figures(rig, sockets.stream, bridge, watch, Board())
    metrics = Metrics(rig, sockets.stream, bridge, watch, figures)
    app = create_app(
        microscope, sockets, figures, metrics, backups, on_restart, access, hosts or Hosts(), certificate is not None
    )
    return ServerThread(app, sockets, bridge, watch, listener, on_death, certificate)


def _usage(world: World | None, folder: Path) -> Usage:
    """The room on the disk; none where a full one is simulated."""
    usage = disk_usage(folder)
    return usage._replace(free=0) if world is not None and world.faults.disk_full else usage
