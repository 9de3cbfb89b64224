"""How long the event loop lets others wait while the camera compresses and a scan computes, setting by setting."""

import itertools
from collections.abc import Callable
from statistics import median
from typing import Any

from scripts.benchmarks.clients.plan import Group
from scripts.benchmarks.contestants import SOCKETIO_PATH
from scripts.benchmarks.processes import measure, python, serving
from scripts.benchmarks.quantiles import summarise
from scripts.benchmarks.table import Cell, table

_SWITCH_INTERVALS_S = (0.005, 0.001, 0.0005, 0.0001)
_NICENESSES = (0, 5, 10)
_FPS = 30.0
_VIEWERS = 2
_WINDOW_S = 1.5


def run(lag_s: float, say: Callable[[str], None]) -> list[dict[str, Any]]:
    """Measure each pair of settings for ``lag_s``; nothing is pinned to a core. The figures are for JSON."""
    settings = [("none", _SWITCH_INTERVALS_S[0], 0), ("numpy", _SWITCH_INTERVALS_S[0], 0)]
    settings += itertools.product(("numpy+python",), _SWITCH_INTERVALS_S, _NICENESSES)
    say(f"loop lag beside compression and a scan's arithmetic, {len(settings)} settings")
    return [_measure(*setting, lag_s) for setting in settings]


def _measure(scan: str, interval_s: float, nice: int, lag_s: float) -> dict[str, Any]:
    options = ("--scan", scan, "--switch-interval", str(interval_s), "--nice", str(nice))
    with serving(python("scripts.benchmarks.servers.busy", *options), None) as server:
        viewers = Group("viewers", "socketio", server.port, _VIEWERS, path=SOCKETIO_PATH)
        result = measure(server, [viewers], None, fps=_FPS, warmup_s=0.5, window_s=_WINDOW_S, lag_s=lag_s)
    return {
        "scan": scan,
        "switch_interval_s": interval_s,
        "nice": nice,
        "lag_s": summarise(server.told["loop_lags_s"]).as_dict(),
        "encode_ms": 1000 * median(server.told["encode_s"]),
        "viewers": result["groups"]["viewers"],
    }


_TITLE = "loop lag, the camera compressing 1640x1232 at 30 frames/s, by switch interval and niceness of the threads"
_HEAD = (
    "scan",
    "switch ms",
    "nice",
    "lag p50 ms",
    "p99",
    "max",
    "samples",
    "encode ms",
    "frames/s",
    "latency p50",
    "p99",
)


def tables(figures: list[dict[str, Any]]) -> str:
    """One line per setting."""
    rows: list[list[Cell]] = []
    for got in figures:
        latency, lag = got["viewers"]["latency_s"], got["lag_s"]
        rows.append(
            [
                got["scan"],
                f"{1000 * got['switch_interval_s']:g}",
                got["nice"],
                *(f"{1000 * lag[key]:.2f}" for key in ("p50", "p99", "max")),
                lag["count"],
                f"{got['encode_ms']:.1f}",
                f"{got['viewers']['fps']:.1f}",
                f"{1000 * latency['p50']:.1f}",
                f"{1000 * latency['p99']:.1f}",
            ]
        )
    return f"{_TITLE}\n{table(_HEAD, rows)}"
