"""The servers that are measured against each other, and whether they are here."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from scripts.benchmarks.clients.plan import Group, Protocol
from scripts.benchmarks.processes import ROOT, python

SOCKETIO_PATH = "/socket.io/?EIO=4&transport=websocket"
_PEERS_PYTHON = ROOT / ".venv-peers" / "bin" / "python"
_NODE_LIBRARY = ROOT / "scripts" / "benchmarks" / "node" / "node_modules" / "socket.io"

EYEPIECE = python("scripts.benchmarks.servers.eyepiece")


@dataclass(frozen=True, slots=True)
class Contestant:
    """One server, spoken to in one way."""

    title: str
    command: tuple[str, ...]
    protocol: Protocol
    path: str = ""
    needs: Path | None = None
    """What has to be there for it to run."""
    page_acks: bool = False
    has_loop: bool = False
    """Whether it measures its loop's lag when it is told to."""
    floor: bool = False
    """Whether the others of its kind are measured against it."""

    in_brief: tuple[int, ...] = ()
    """The numbers of viewers that it is measured with in a quick run, too."""

    @property
    def mjpeg(self) -> bool:
        """Which of the two kinds: motion JPEG, or acknowledged frames."""
        return self.protocol == "mjpeg"

    @property
    def missing(self) -> str | None:
        """Why it cannot run; ``None`` when it can."""
        if self.needs is not None and not self.needs.exists():
            return "it is not set up"
        return None if shutil.which(self.command[0]) else f"there is no {self.command[0]}"

    def group(self, port: int, count: int) -> Group:
        """Viewers of it."""
        return Group("viewers", self.protocol, port, count, path=self.path, page_acks=self.page_acks)


def _server(name: str, *arguments: str) -> tuple[str, ...]:
    return python(f"scripts.benchmarks.servers.{name}", *arguments)


def _peer(module: str) -> tuple[str, ...]:
    return (str(_PEERS_PYTHON), "-m", f"scripts.benchmarks.servers.{module}")


CONTESTANTS = (
    Contestant("TCP floor", _server("floor"), "bare", floor=True, in_brief=(8, 32)),
    Contestant("WebSocket in C (picows)", _peer("websocket"), "websocket", "/", needs=_PEERS_PYTHON, in_brief=(32,)),
    Contestant("Eyepiece", EYEPIECE, "socketio", SOCKETIO_PATH, has_loop=True, in_brief=(8, 32)),
    Contestant("Eyepiece, the page's acks", EYEPIECE, "socketio", SOCKETIO_PATH, page_acks=True, has_loop=True),
    Contestant(
        "Node's socket.io",
        ("node", "scripts/benchmarks/node/server.js"),
        "socketio",
        SOCKETIO_PATH,
        needs=_NODE_LIBRARY,
        in_brief=(8, 32),
    ),
    Contestant("python-socketio, emit per viewer", _server("emit"), "socketio", SOCKETIO_PATH, has_loop=True),
    Contestant("MJPEG floor", _server("floor", "mjpeg"), "mjpeg", "/", floor=True, in_brief=(32,)),
    Contestant("Eyepiece, /stream.mjpg", EYEPIECE, "mjpeg", "/stream.mjpg", has_loop=True, in_brief=(32,)),
    Contestant("http.server and threads", _server("threads"), "mjpeg", "/", in_brief=(32,)),
    Contestant("labthings-fastapi", _peer("labthings"), "mjpeg", "/camera/stream", needs=_PEERS_PYTHON),
)
"""Floors first: the others' ratios stand on them. ``http.server and threads`` is the way of Picamera2's example."""
