"""Where a delivered frame's time goes in Eyepiece's server: ``scripts/profile``.

The server runs as in the bench, with viewers that take frames as fast as they can (or at a pace). py-spy samples it:
what each function spends itself is shown as a share and as milliseconds per delivered frame, and a flame graph shows
who called it. Time in C (the event loop, the kernel's sending) counts for the Python function that called it; with
``--perf``, Linux' perf looks below Python instead, into libraries and the kernel.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from scripts.benchmarks.contestants import CONTESTANTS
from scripts.benchmarks.machine import threads_cpu_s
from scripts.benchmarks.processes import ROOT, VIEWER_CORES, measure, serving, spawn, viewing
from scripts.benchmarks.table import Cell, table

_WARMUP_S = 1.0
_PLAIN_S = 3.0
_SLACK_S = 5.0
_RATE_HZ = 250
_SHOWN = 30
_LEAST = 0.001
_FRAME = re.compile(r"(?P<function>.+) \((?P<file>.+?)(:\d+)?\)")
_THREAD = re.compile(r"thread \((?P<number>\d+)\)(: (?P<name>.+))?")
_PY_SPY = Path(sys.executable).with_name("py-spy")


def main() -> int:
    """Profile, print the table, write the flame graph; returns the exit code."""
    options = _parse()
    title = "Eyepiece, /stream.mjpg" if options.mjpeg else "Eyepiece"
    contestant = next(c for c in CONTESTANTS if c.title == title)
    with serving(contestant.command) as server:
        groups = [contestant.group(server.port, options.viewers)]
        before = threads_cpu_s(server.pid)
        plain = measure(server, groups, fps=options.fps, warmup_s=_WARMUP_S, window_s=_PLAIN_S)
        cpu_s = {n: spent - before.get(n, 0.0) for n, spent in threads_cpu_s(server.pid).items()}
        frame_ms = 1000 * plain["server_cpu_s"] / max(1, plain["groups"]["viewers"]["frames"])
        _print(f"{title}, {options.viewers} viewers: {frame_ms:.4f} ms of CPU per delivered frame (not yet watched)")
        watched_s = options.seconds * (1 if options.perf else 2) + _SLACK_S
        with viewing(server, groups, fps=options.fps, warmup_s=_WARMUP_S, window_s=watched_s):
            if options.perf:
                _print(perf_report(server.pid, options.seconds))
            else:
                stacks = sample(server.pid, options.seconds)
                draw(server.pid, options.seconds, options.output)
                _print(*tables(self_times(stacks, cpu_s), frame_ms), f"flame graph: {options.output}")
    return 0


def sample(pid: int, duration_s: float) -> list[str]:
    """Have py-spy look at a process; returns stacks, each a line with its count, innermost function last."""
    with tempfile.NamedTemporaryFile("r", suffix=".txt") as raw:
        _spy(pid, duration_s, "raw", raw.name)
        return raw.read().splitlines()


def draw(pid: int, duration_s: float, output: Path) -> None:
    """Have py-spy draw a flame graph of a process."""
    output.parent.mkdir(parents=True, exist_ok=True)
    _spy(pid, duration_s, "flamegraph", str(output))


def _spy(pid: int, duration_s: float, form: str, output: str) -> None:
    command = [str(_PY_SPY), "record", "--pid", str(pid), "--duration", f"{duration_s:.0f}", "--rate", str(_RATE_HZ)]
    _run([*command, "--nolineno", "--threads", "--format", form, "--output", output])


def perf_report(pid: int, duration_s: float) -> str:
    """What perf found, by library and symbol."""
    with tempfile.NamedTemporaryFile(suffix=".perf") as data:
        _run(["perf", "record", "--quiet", "--pid", str(pid), "--output", data.name, "--", "sleep", f"{duration_s:g}"])
        report = _run(
            ["perf", "report", "--stdio", "--fields", "overhead,dso,symbol", "--percent-limit", "0.5", "-i", data.name]
        )
    return "\n".join(line.rstrip() for line in report.splitlines() if line.strip() and not line.startswith("#"))


def self_times(stacks: Iterable[str], cpu_s: Mapping[int, float]) -> dict[tuple[str, str], float]:
    """Seconds that each thread's functions spent themselves, by thread and function.

    The sampler also sees threads that wait, and wakes them. So each thread's samples share out the CPU time that it
    had while nobody looked, ``cpu_s`` by the thread's number.
    """
    samples: dict[int, Counter[tuple[str, str]]] = {}
    for line in stacks:
        stack, _, count = line.rpartition(" ")
        thread, *frames = stack.split(";")
        if frames and (found := _THREAD.match(thread)):
            ours = samples.setdefault(int(found["number"]), Counter())
            ours[found["name"], frames[-1]] += int(count)
    return {
        key: cpu_s.get(number, 0.0) * count / counts.total()
        for number, counts in samples.items()
        for key, count in counts.items()
    }


def tables(spent_s: Mapping[tuple[str, str], float], frame_ms: float) -> list[str]:
    """The same by thread, by package and by function, as shares of ``frame_ms``, a frame's CPU time."""
    threads, packages, functions = Counter[str](), Counter[str](), Counter[str]()
    for (thread, function), seconds in spent_s.items():
        # In whole microseconds: a Counter counts.
        spent_us = round(1e6 * seconds)
        threads[thread] += spent_us
        packages[package_of(function)] += spent_us
        functions[f"{thread}: {function}"] += spent_us
    parts = {"thread": threads, "package": packages, "thread: function, itself": functions}
    return [f"{table((name, 'share', 'ms/frame'), _rows(spent, frame_ms))}\n" for name, spent in parts.items()]


def _rows(spent: Counter[str], frame_ms: float) -> list[list[Cell]]:
    shares = [(name, count / spent.total()) for name, count in spent.most_common(_SHOWN)]
    return [[name, f"{share:.1%}", f"{frame_ms * share:.4f}"] for name, share in shares if share >= _LEAST]


def package_of(frame: str) -> str:
    """The package that a stack's frame ``function (path/file.py)`` belongs to."""
    found = _FRAME.fullmatch(frame)
    if found is None:
        return frame
    file = found["file"]
    return file.split("/")[0] if "/" in file else "the standard library"


def _run(command: list[str]) -> str:
    # Beside the viewers: on the server's core it would get to run, and to look, when the server sleeps.
    process = spawn(command, VIEWER_CORES, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    output, errors = process.communicate()
    if process.returncode:
        raise SystemExit(f"{command[0]} failed: {errors[-1000:]}")
    return output


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/profile", description=__doc__)
    parser.add_argument("--viewers", type=int, default=8, help="default: %(default)s")
    parser.add_argument("--fps", type=float, help="frames per second (default: as fast as the viewers take them)")
    parser.add_argument("--seconds", type=float, default=8.0, help="for each look at the server (default: %(default)g)")
    parser.add_argument("--mjpeg", action="store_true", help="profile /stream.mjpg and not Socket.IO")
    parser.add_argument("--perf", action="store_true", help="look with perf, below Python; no flame graph")
    parser.add_argument("--output", type=Path, default=ROOT / "data" / "profile.svg", help="default: %(default)s")
    options = parser.parse_args()
    if options.perf and shutil.which("perf") is None:
        parser.error("there is no perf on this machine (Debian: linux-perf)")
    return options


def _print(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))


if __name__ == "__main__":
    sys.exit(main())
