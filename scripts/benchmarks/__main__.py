"""The bench's command line; ``scripts/bench`` sets up what it needs and starts it."""

import argparse
import json
import sys
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scripts.benchmarks import __doc__ as about
from scripts.benchmarks import machine, verdicts
from scripts.benchmarks.contestants import CONTESTANTS
from scripts.benchmarks.processes import ROOT
from scripts.benchmarks.scenarios import loop_health, memory, motion, neighbours, priority, throughput, whole
from scripts.benchmarks.verdicts import Verdict

PARTS = ("throughput", "neighbours", "priority", "loop-health", "whole", "motion")

_FULL = throughput.Extent(viewers=(1, 8, 32), rounds=2, paced_s=1.6, unpaced_s=1.2, warmup_s=0.3, lag_s=0.5)
_QUICK = throughput.Extent(viewers=(8, 32), rounds=1, paced_s=0.7, unpaced_s=0.4, warmup_s=0.2, lag_s=0.2, brief=True)
_FOREIGN = 0.05


class Bench:
    """One run: what it measures, it prints and keeps for the report."""

    def __init__(self, quick: bool, rounds: int | None, steps: int | None, virtual_camera: bool) -> None:
        self.report: dict[str, Any] = {
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": machine.describe(),
            "missing": {c.title: c.missing for c in CONTESTANTS if c.missing is not None},
        }
        self._quick = quick
        self._steps = steps
        self._virtual_camera = virtual_camera
        self._extent = _QUICK if quick else _FULL
        if rounds is not None:
            self._extent = replace(self._extent, rounds=rounds)
        self._verdicts: list[Verdict] = []

    def run(self, part: str) -> None:
        """Measure one of ``PARTS``."""
        match part:
            case "throughput":
                rows = throughput.rows(throughput.run(self._extent, _say))
                self.report["throughput"] = [row.as_dict() for row in rows]
                self._show(throughput.tables(rows), verdicts.on_throughput(rows))
                _print(*throughput.remarks(rows))
            case "neighbours":
                figures = self.report[part] = neighbours.run(2.0 if self._quick else 20.0, _say)
                self._show(neighbours.tables(figures), verdicts.on_neighbours(figures))
            case "priority":
                extent = (1.5, 40) if self._quick else (15.0, 200)
                figures = self.report[part] = priority.run(*extent, _say)
                self._show(priority.tables(figures), verdicts.on_priority(figures))
            case "loop-health":
                settings = self.report[part] = loop_health.run(4.0, _say)
                self._show(loop_health.tables(settings), verdicts.on_loop_health(settings))
            case "whole":
                self._whole()
            case "motion":
                self._motion()

    def _whole(self) -> None:
        if (missing := whole.missing()) is not None:
            self.report["missing"]["whole"] = missing
            return
        viewers, window_s = ((2,), 1.0) if self._quick else ((1, 8, 32), 5.0)
        rows = whole.run(viewers, self._extent.rounds, window_s, self._virtual_camera, _say)
        self.report["whole"] = [row.as_dict() for row in rows]
        self._show(whole.tables(rows), verdicts.on_whole(rows))

    def _motion(self) -> None:
        if (missing := motion.missing()) is not None:
            self.report["missing"]["motion"] = missing
            return
        figures = self.report["motion"] = motion.run(self._steps or (20_000 if self._quick else 1_000_000), _say)
        self._show(motion.tables(figures), verdicts.on_motion(figures))

    def watch_memory(self, minutes: float) -> None:
        """Measure the memory for so long."""
        figures = self.report["memory"] = memory.run(minutes, _say)
        self._show(memory.tables(figures), verdicts.on_memory(figures))

    def conclude(self, took_s: float, foreign: float) -> None:
        """Print the verdicts, and what has to be known of this run; ``foreign`` is others' share of the machine."""
        self.report |= {"took_s": round(took_s, 1), "foreign_load": round(foreign, 3)}
        self.report["verdicts"] = [verdict.as_dict() for verdict in self._verdicts]
        if self._verdicts:
            _print(verdicts.tables(self._verdicts), "")
        for title, reason in self.report["missing"].items():
            _print(f"missing: {title}: {reason}")
        if foreign > _FOREIGN:
            _print(f"other processes took {foreign:.0%} of the machine meanwhile: the figures are worse for it")

    def _show(self, tables: str, found: Iterable[Verdict]) -> None:
        self._verdicts += found
        _print(tables, "")


def main() -> int:
    """Measure what is asked for, print tables, write JSON; returns the exit code."""
    options = _parse()
    began, used = time.monotonic(), machine.Usage()
    bench = Bench(options.quick, options.rounds, options.steps, options.virtual_camera)
    parts = () if options.memory else options.only or (PARTS[:3] if options.quick else PARTS)
    for part in parts:
        bench.run(part)
    if options.memory:
        bench.watch_memory(options.memory)
    bench.conclude(time.monotonic() - began, used.foreign())
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(bench.report, indent=1, allow_nan=False) + "\n")
    _print(f"took {time.monotonic() - began:.0f} s; written to {options.json}")
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="under a minute: less of everything, nothing installed")
    parser.add_argument("--only", nargs="+", choices=PARTS, metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument(
        "--rounds", type=int, metavar="N", help=f"of throughput and whole (default: {_FULL.rounds}; quick: 1)"
    )
    parser.add_argument("--steps", type=int, metavar="N", help="of motion (default: 1000000; quick: 20000)")
    parser.add_argument("--virtual-camera", action="store_true", help="whole: with the camera of the tests")
    parser.add_argument(
        "--memory", type=float, metavar="MINUTES", help="instead: watch the server's memory for so long"
    )
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="where the figures go (default: data/benchmarks/DATE.json)"
    )
    options = parser.parse_args()
    if options.json is None:
        options.json = ROOT / "data" / "benchmarks" / f"{datetime.now(UTC):%Y%m%d-%H%M%S}.json"
    return options


def _say(text: str) -> None:
    sys.stderr.write(f"bench: {text}\n")


def _print(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
