"""Picamera2's MJPEG example and Eyepiece, each whole: from the camera to its viewers, 30 frames/s."""

import importlib.util
import itertools
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from statistics import median
from typing import Any

from scripts.benchmarks.contestants import SOCKETIO_PATH, Contestant
from scripts.benchmarks.processes import measure, python, serving
from scripts.benchmarks.scenarios.throughput import PACED_FPS, viewers_of
from scripts.benchmarks.table import Cell, table

EXAMPLE = "Picamera2's MJPEG example"
EYEPIECE = "Eyepiece"
EYEPIECE_MJPEG = "Eyepiece, /stream.mjpg"
MISSING = (
    "Picamera2: a Raspberry Pi has it; elsewhere the image's tests have, with a virtual camera (see ARCHITECTURE.md)"
)
_WARMUP_S = 1.0
_VIRTUALLY = "tests.picamera.virtually"
"""Runs a program on the virtual camera."""


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
    launch = (_VIRTUALLY,) if virtual_camera else ()
    example = python(*launch, "scripts.benchmarks.servers.picamera2_example")
    eyepiece = python(*launch, "scripts.benchmarks.servers.picamera2_eyepiece")
    contestants = (
        Contestant(EXAMPLE, example, "mjpeg", "/"),
        Contestant(EYEPIECE, eyepiece, "socketio", SOCKETIO_PATH),
        Contestant(EYEPIECE_MJPEG, eyepiece, "mjpeg", "/stream.mjpg"),
    )
    found: dict[tuple[int, str], list[Row]] = {}
    for turn, count in itertools.product(range(rounds), viewers):
        say(f"round {turn + 1} of {rounds}: from the camera to {viewers_of(count)}")
        for contestant in contestants:
            found.setdefault((count, contestant.title), []).append(_measure(contestant, count, window_s))
    return [_medians(rows) for _, rows in sorted(found.items(), key=lambda item: item[0][0])]


def _measure(contestant: Contestant, count: int, window_s: float) -> Row:
    with serving(contestant.command) as server:
        viewers = [contestant.group(server.port, count)]
        result = measure(server, viewers, fps=PACED_FPS, warmup_s=_WARMUP_S, window_s=window_s)
    got = result["groups"]["viewers"]
    return Row(
        server=contestant.title,
        viewers=count,
        cpu_ms_per_frame=1000 * result["server_cpu_s"] / max(1, got["frames"]),
        frames_per_s=got["frames"] / result["window_s"],
        latency_p50_ms=1000 * got["latency_s"]["p50"],
        frame_bytes=got["bytes"] / max(1, got["frames"]),
        server_cpu=result["server_cpu_s"] / result["window_s"],
    )


def _medians(rows: Sequence[Row]) -> Row:
    measured = [field.name for field in fields(Row) if field.name not in ("server", "viewers")]
    middle = {name: median(getattr(row, name) for row in rows) for name in measured}
    return Row(server=rows[0].server, viewers=rows[0].viewers, **middle)


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
