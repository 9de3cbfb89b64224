"""Steps at the wire while the machine has no core left: the motion process, and stepping in a thread beside it."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise
from pathlib import Path
from typing import Any

from scripts.benchmarks.processes import ROOT, ChildFailed, python, spawn
from scripts.benchmarks.quantiles import summarise
from scripts.benchmarks.table import table

MISSING = "the real lgpio: apt-get install swig gcc python3-dev, then PYPI=1 .venv/bin/pip install lgpio==0.2.2.0"
_SLOW_PER_S, _FAST_PER_S = 1000.0, 5000.0
_FEWER_STEPS = 50_000
"""Of all runs but the first."""
_STEP_LINE = 17
_LINES = 54
_CHIP = ROOT / "tests" / "wire" / "gpiochip.c"


def missing() -> str | None:
    """What keeps this machine from the measurement."""
    try:
        # 0.0.0.2, which pip chooses where there is no wheel, is an empty module.
        return MISSING if version("lgpio").startswith("0.0") else None
    except PackageNotFoundError:
        return MISSING


def run(steps: int, say: Callable[[str], None]) -> list[dict[str, Any]]:
    """Make so many steps by the motion process, fewer by a thread and at a lower rate; the figures are for JSON."""
    fewer = min(steps, _FEWER_STEPS)
    runs = [("motion process", steps, _FAST_PER_S), ("thread", fewer, _FAST_PER_S)]
    runs += [("motion process", fewer, _SLOW_PER_S), ("thread", fewer, _SLOW_PER_S)]
    found = []
    with tempfile.TemporaryDirectory() as folder, _busy_cores():
        chip = _compile(Path(folder))
        for way, count, rate_per_s in runs:
            say(f"{count} steps at {rate_per_s:g}/s by the {way}, beside a JPEG encoder, all cores busy")
            found.append(_measure(way, count, rate_per_s, chip, Path(folder)))
    return found


def _measure(way: str, count: int, rate_per_s: float, chip: Path, folder: Path) -> dict[str, Any]:
    log, lines = folder / "edges", folder / "lines"
    log.touch()
    lines.write_bytes(b"-" * _LINES)
    environment = {
        "LD_PRELOAD": str(chip),
        "WIRE_LOG": str(log),
        "WIRE_LINES": str(lines),
        "GPIOZERO_PIN_FACTORY": "lgpio",
        "LG_WD": str(folder),
    }
    command = python("scripts.benchmarks.stepping", way, str(count), str(rate_per_s))
    with _environment(environment):
        stepping = spawn(command, None, stdout=subprocess.PIPE)
    output, _ = stepping.communicate()
    if stepping.returncode:
        raise ChildFailed(f"the stepping ended with {stepping.returncode}")
    rises_s = list(_rises_s(log))
    log.unlink()
    gaps_s = [after - before for before, after in pairwise(rises_s)]
    return {
        "way": way,
        "rate_per_s": rate_per_s,
        "asked": count,
        "edges": len(rises_s),
        "gaps_under_minimum": sum(gap_s < 1 / rate_per_s for gap_s in gaps_s),
        "shortest_s": min(gaps_s),
        "gap_s": summarise(gaps_s).as_dict(),
        "steps_per_s": len(gaps_s) / (rises_s[-1] - rises_s[0]),
        **json.loads(output),
    }


def _rises_s(log: Path) -> Iterator[float]:
    with log.open() as edges:
        for edge in edges:
            at_ns, line, state = edge.split()
            if state == "1" and int(line) == _STEP_LINE:
                yield int(at_ns) / 1e9


def _compile(folder: Path) -> Path:
    target = folder / "gpiochip.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O2", "-o", target, _CHIP, "-ldl"], check=True)
    return target


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        for name in values:
            os.environ.pop(name)
        os.environ.update(before)


@contextmanager
def _busy_cores() -> Iterator[None]:
    """As many processes that compute without end as there are cores."""
    command = (sys.executable, "-c", "while True: pass")
    busy = [spawn(command, None) for _ in os.sched_getaffinity(0)]
    try:
        yield
    finally:
        for process in busy:
            process.send_signal(signal.SIGKILL)
            process.wait()


def tables(figures: Sequence[dict[str, Any]]) -> str:
    """One row for each run."""
    head = (
        "steps by",
        "at most/s",
        "asked",
        "edges",
        "too early",
        "min ms",
        "p50",
        "p99",
        "max",
        "steps/s",
        "JPEGs",
        "",
    )
    rows = []
    for got in figures:
        gaps_s = (got["shortest_s"], *(got["gap_s"][key] for key in ("p50", "p99", "max")))
        counts = (got["asked"], got["edges"], got["gaps_under_minimum"])
        speed = f"{got['steps_per_s']:.0f}"
        gaps_ms = (f"{1000 * gap_s:.3f}" for gap_s in gaps_s)
        rows.append(
            [got["way"], f"{got['rate_per_s']:g}", *counts, *gaps_ms, speed, got["pictures"], got["scheduling"]]
        )
    return f"steps at the line, every core busy, a JPEG encoder beside whoever asks for them\n{table(head, rows)}"
