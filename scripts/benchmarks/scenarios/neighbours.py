"""Eight fast viewers of Eyepiece at 30 frames/s, alone and beside difficult ones: what each of them gets."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from scripts.benchmarks.clients.plan import Group
from scripts.benchmarks.contestants import EYEPIECE, SOCKETIO_PATH
from scripts.benchmarks.processes import VIEWER_CORES, Server, measure, python, serving
from scripts.benchmarks.table import Cell, table

LINK_BYTES_PER_S = 1_000_000
_FPS = 30.0
_WARMUP_S = 1.0
_ALONE = 0.4
"""The share of the time that is enough where nobody is difficult."""


def run(window_s: float, say: Callable[[str], None]) -> dict[str, Any]:
    """Measure for ``window_s`` beside difficult viewers, shorter without them; the figures are for JSON."""
    with serving(EYEPIECE) as server, slow_link(server) as link_port:
        say("eight fast viewers")
        alone = _measure(server, [fast(server)], _ALONE * window_s)
        say("eight fast viewers beside a stalled, a slow and a never-acknowledging one")
        beside = _measure(server, [fast(server), *difficult(server, link_port)], window_s)
    return {"alone": alone, "beside": beside, "dropped": server.told["dropped"]}


def fast(server: Server, count: int = 8) -> Group:
    """Viewers that take every frame."""
    return Group("fast", "socketio", server.port, count, path=SOCKETIO_PATH)


def difficult(server: Server, link_port: int) -> list[Group]:
    """One viewer of each kind that must not be felt by the others."""
    return [
        Group("slow link", "socketio", link_port, 1, path=SOCKETIO_PATH, in_step=False),
        Group("stalled", "socketio", server.port, 1, "stalls", path=SOCKETIO_PATH, in_step=False),
        Group("never acknowledges", "socketio", server.port, 1, "never-acks", path=SOCKETIO_PATH, in_step=False),
    ]


@contextmanager
def slow_link(server: Server, bytes_per_s: float = LINK_BYTES_PER_S) -> Iterator[int]:
    """A slow way to a server, for the time of a ``with`` block; gives its port."""
    with serving(python("scripts.benchmarks.proxy", str(server.port), str(bytes_per_s)), VIEWER_CORES) as link:
        yield link.port


def _measure(server: Server, groups: Sequence[Group], window_s: float) -> dict[str, Any]:
    before = server.memory_bytes
    result = measure(server, groups, fps=_FPS, warmup_s=_WARMUP_S, window_s=window_s)
    result |= {"memory_before_bytes": before, "memory_after_bytes": server.memory_bytes}
    return result


_HEAD = (
    "viewers",
    "of them",
    "frames/s",
    "MB/s",
    "p50 ms",
    "p99 ms",
    "first third",
    "p99",
    "last third",
    "p99",
    "dropped",
)


def tables(figures: dict[str, Any]) -> str:
    """What each kind of viewer got."""
    cases = {case: figures[case] for case in ("alone", "beside")}
    rows: list[list[Cell]] = []
    for case, result in cases.items():
        for name, got in result["groups"].items():
            rows.append([f"{name} ({case})", *_cells(got, result["window_s"])])
    memory = [
        f"server {case}: memory {result['memory_before_bytes'] / 1e6:.1f} MB before, "
        f"{result['memory_after_bytes'] / 1e6:.1f} MB after; "
        f"CPU {result['server_cpu_s'] / result['window_s']:.1%} of a core"
        for case, result in cases.items()
    ]
    dropped = ", ".join(f"{reason} {count}" for reason, count in figures["dropped"].items())
    title = f"Eyepiece, 30 frames/s, the slow link at {LINK_BYTES_PER_S / 1e6:g} MB/s (latency from made to received)"
    return "\n".join([title, table(_HEAD, rows), *memory, f"frames dropped, by the server's own account: {dropped}"])


def _cells(got: dict[str, Any], window_s: float) -> list[Cell]:
    latencies = [
        f"{1000 * value:.1f}" if (value := got[part][which]) is not None else None
        for part in ("latency_s", "latency_first_third_s", "latency_last_third_s")
        for which in ("p50", "p99")
    ]
    mb_per_s = got["bytes"] / window_s / got["viewers"] / 1e6
    return [got["viewers"], f"{got['fps']:.1f}", f"{mb_per_s:.2f}", *latencies, got["dropped"]]
