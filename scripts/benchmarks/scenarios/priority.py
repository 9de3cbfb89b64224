"""What must not wait behind frames: signals on a saturated link, and stops while many watch."""

import json
import subprocess
from collections.abc import Callable
from typing import Any

from scripts.benchmarks.clients.plan import Group
from scripts.benchmarks.contestants import EYEPIECE, SOCKETIO_PATH
from scripts.benchmarks.processes import (
    VIEWER_CORES,
    ChildFailed,
    Server,
    measure,
    python,
    result_of,
    serving,
    spawn,
    viewing,
)
from scripts.benchmarks.quantiles import summarise
from scripts.benchmarks.scenarios.neighbours import LINK_BYTES_PER_S, fast, slow_link
from scripts.benchmarks.table import table

_FPS = 30.0
_VIEWERS = 32
_WARMUP_S = 1.0
_STOP_S = 0.05
"""About what a pair of stops takes, pauses included."""


def run(window_s: float, stops: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Measure signals for ``window_s``, and as many stops by either way; the figures are for JSON."""
    say("signals on a link that frames saturate")
    with serving(EYEPIECE) as server, slow_link(server) as link_port:
        signals = {
            "full size": _signals(server, link_port, True, window_s),
            "by itself": _signals(server, link_port, False, window_s),
        }
    say(f"{stops} stops by event and by request while {_VIEWERS} viewers watch")
    return {"signals": signals, "stops": _stops(stops)}


def _signals(server: Server, link_port: int, full_size: bool, window_s: float) -> dict[str, Any]:
    viewer = Group("slow link", "socketio", link_port, 1, path=SOCKETIO_PATH, full_size=full_size)
    result = measure(server, [viewer], fps=_FPS, warmup_s=_WARMUP_S, window_s=window_s, signals=True)
    got: dict[str, Any] = result["groups"]["slow link"]
    return {**got, "frame_s": got["bytes"] / max(1, got["frames"]) / LINK_BYTES_PER_S}


def _stops(count: int) -> dict[str, Any]:
    with serving(EYEPIECE) as server:
        window_s = 1.0 + count * _STOP_S
        with viewing(server, [fast(server, _VIEWERS)], fps=_FPS, warmup_s=_WARMUP_S, window_s=window_s) as viewers:
            command = python("scripts.benchmarks.commander", str(server.port), str(count))
            commander = spawn(command, VIEWER_CORES, stdout=subprocess.PIPE)
            output, _ = commander.communicate(timeout=60 + count)
            result = result_of(viewers, window_s)
    if commander.returncode:
        raise ChildFailed(f"the commander ended with {commander.returncode}")
    told = json.loads(output)
    return {
        "event_s": summarise(told["event_s"]).as_dict(),
        "http_s": summarise(told["http_s"]).as_dict(),
        "viewers": result["groups"]["fast"],
    }


def tables(figures: dict[str, Any]) -> str:
    """Both parts."""
    signals = [
        [name, f"{got['fps']:.1f}", f"{1000 * got['frame_s']:.0f}", got["signal_s"]["count"], *_ms(got["signal_s"])]
        for name, got in figures["signals"].items()
    ]
    stops = [
        [name, figures["stops"][key]["count"], *_ms(figures["stops"][key])]
        for name, key in (("Socket.IO event", "event_s"), ("POST /api/stage/stop", "http_s"))
    ]
    return "\n".join(
        [
            f"signals on a link of {LINK_BYTES_PER_S / 1e6:g} MB/s that frames saturate, from emission to arrival",
            table(("size", "frames/s", "a frame takes ms", "signals", "p50 ms", "p99 ms", "max ms"), signals),
            "",
            f"stops while {_VIEWERS} viewers watch at 30 frames/s, from sending to answer",
            table(("by", "stops", "p50 ms", "p99 ms", "max ms"), stops),
        ]
    )


def _ms(summary: dict[str, Any]) -> list[str]:
    return [f"{1000 * summary[key]:.2f}" if summary[key] is not None else "-" for key in ("p50", "p99", "max")]
