"""Picamera2's MJPEG example and Eyepiece, each whole: from the camera to its viewers, 30 frames/s."""

import importlib.util
import itertools
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from scripts.benchmarks.clients.plan import Group, Protocol
from scripts.benchmarks.contestants import SOCKETIO_PATH
from scripts.benchmarks.processes import Server, measure, python, serving
from scripts.benchmarks.scenarios.throughput import PACED_FPS, viewers_of
from scripts.benchmarks.table import Cell, table

EXAMPLE = "Picamera2's MJPEG example"
EYEPIECE = "Eyepiece"
EYEPIECE_MJPEG = "Eyepiece, /stream.mjpg"
MISSING = (
    "Picamera2: a Raspberry Pi has it; elsewhere the image's tests have, with a virtual camera (see ARCHITECTURE.md)"
)
_WARMUP_S = 1.0


@dataclass(frozen=True, slots=True)
class _Program:
    title: str
    server: str
    """Its module."""
    protocol: Protocol
    path: str

    def group(self, server: Server, count: int) -> Group:
        return Group("viewers", self.protocol, server.port, count, path=self.path)


_PROGRAMS = (
    _Program(EXAMPLE, "picamera2_example", "mjpeg", "/"),
    _Program(EYEPIECE, "picamera2_eyepiece", "socketio", SOCKETIO_PATH),
    _Program(EYEPIECE_MJPEG, "picamera2_eyepiece", "mjpeg", "/stream.mjpg"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One program with some viewers: the medians of all rounds."""

    server: str
    viewers: int
    cpu_ms_per_frame: float
    frames_per_s: float
    latency_p50_ms: float
    """From compressed to received."""
    frame_bytes: float
    server_cpu: float
    """Cores in use."""

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def missing() -> str | None:
    """What keeps this machine from the measurement."""
    return None if all(map(importlib.util.find_spec, ("libcamera", "picamera2"))) else MISSING


def run(
    viewers: Sequence[int], rounds: int, window_s: float, virtual_camera: bool, say: Callable[[str], None]
) -> list[Row]:
    """Measure each program with each number of viewers for ``window_s``, interleaved."""
    found: dict[tuple[int, str], list[Row]] = {}
    for turn, count in itertools.product(range(rounds), viewers):
        say(f"round {turn + 1} of {rounds}: from the camera to {viewers_of(count)}")
        for program in _PROGRAMS:
            found.setdefault((count, program.title), []).append(_measure(program, count, window_s, virtual_camera))
    return [_medians(rows) for _, rows in sorted(found.items(), key=lambda item: item[0][0])]


def _measure(program: _Program, count: int, window_s: float, virtual_camera: bool) -> Row:
    module = f"scripts.benchmarks.servers.{program.server}"
    command = python("tests.picamera.virtually", module) if virtual_camera else python(module)
    with serving(command) as server:
        result = measure(server, [program.group(server, count)], fps=PACED_FPS, warmup_s=_WARMUP_S, window_s=window_s)
    got = result["groups"]["viewers"]
    return Row(
        server=program.title,
        viewers=count,
        cpu_ms_per_frame=1000 * result["server_cpu_s"] / max(1, got["frames"]),
        frames_per_s=got["frames"] / result["window_s"],
        latency_p50_ms=1000 * got["latency_s"]["p50"],
        frame_bytes=got["bytes"] / max(1, got["frames"]),
        server_cpu=result["server_cpu_s"] / result["window_s"],
    )


def _medians(rows: Sequence[Row]) -> Row:
    fields = {
        name: median(getattr(row, name) for row in rows)
        for name in ("cpu_ms_per_frame", "frames_per_s", "latency_p50_ms", "frame_bytes", "server_cpu")
    }
    return Row(server=rows[0].server, viewers=rows[0].viewers, **fields)


def tables(rows: Sequence[Row]) -> str:
    """One table, a part for each number of viewers."""
    head = ("server", "viewers", "CPU ms/frame", "frames/s", "p50 ms", "kB/frame", "server CPU")
    cells: list[list[Cell]] = [
        [
            row.server,
            row.viewers,
            f"{row.cpu_ms_per_frame:.3f}",
            round(row.frames_per_s),
            f"{row.latency_p50_ms:.2f}",
            round(row.frame_bytes / 1000),
            f"{row.server_cpu:.0%}",
        ]
        for row in rows
    ]
    return f"from the camera to its viewers, 30 frames/s (latency from compressed to received)\n{table(head, cells)}"
