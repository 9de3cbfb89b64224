"""The server's memory over minutes, with every kind of viewer at once, coming and going among them."""

import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from scripts.benchmarks.clients.plan import Group
from scripts.benchmarks.contestants import EYEPIECE, SOCKETIO_PATH
from scripts.benchmarks.processes import result_of, serving, viewing
from scripts.benchmarks.scenarios.neighbours import difficult, fast, slow_link
from scripts.benchmarks.table import Cell, table

_FPS = 30.0
_WARMUP_S = 2.0
_FAST = 8
_VISITORS = 4


def run(minutes: float, say: Callable[[str], None]) -> dict[str, Any]:
    """Watch for so long; ``say`` is told the memory every minute. The figures are for JSON."""
    say(f"the server's memory, over {minutes:g} minutes")
    with serving(EYEPIECE) as server, slow_link(server) as link_port:
        before = server.memory_bytes
        visitors = Group(
            "come and go", "socketio", server.port, _VISITORS, "comes-and-goes", path=SOCKETIO_PATH, in_step=False
        )
        mjpeg = Group("motion JPEG", "mjpeg", server.port, 1, path="/stream.mjpg", in_step=False)
        groups = [fast(server, _FAST), *difficult(server, link_port), visitors, mjpeg]
        window_s = 60 * minutes
        with viewing(server, groups, fps=_FPS, warmup_s=_WARMUP_S, window_s=window_s) as viewers:
            began = time.monotonic()
            samples = []
            for minute in range(int(minutes) + 1):
                with suppress(subprocess.TimeoutExpired):  # as it should be: they watch on
                    viewers.wait(began + _WARMUP_S + 60 * minute - time.monotonic())
                samples.append(server.memory_bytes)
                say(f"minute {minute}: {samples[-1] / 1e6:.2f} MB")
            result = result_of(viewers, window_s)
    count = sum(group.count for group in groups)
    return {**result, "before_bytes": before, "minutes_bytes": samples, "viewers": count}


def tables(figures: dict[str, Any]) -> str:
    """The memory by minute, and what the viewers got."""
    before, samples = figures["before_bytes"], figures["minutes_bytes"]
    by_minute: list[list[Cell]] = [
        [minute, f"{sample / 1e6:.2f}", f"{(sample - samples[0]) / 1e6:+.2f}"] for minute, sample in enumerate(samples)
    ]
    got: list[list[Cell]] = [
        [name, group["viewers"], f"{group['fps']:.1f}", group["frames"], group["dropped"], group["visits"]]
        for name, group in figures["groups"].items()
    ]
    per_viewer = (samples[-1] - before) / figures["viewers"] / 1e6
    return "\n".join(
        [
            f"the server's memory, {before / 1e6:.2f} MB without viewers",
            table(("minute", "MB", "since minute 0"), by_minute),
            f"per viewer ({figures['viewers']}), at the end: {per_viewer:.3f} MB",
            "",
            table(("viewers", "of them", "frames/s", "frames", "dropped", "connected again"), got),
        ]
    )
