"""Servers and viewers as processes, each on its cores."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from scripts.benchmarks.clients.plan import Group, Plan
from scripts.benchmarks.machine import cores, memory_bytes

ROOT = Path(__file__).resolve().parents[2]

SERVER_CORES, VIEWER_CORES = cores()

_END_S = 20.0
_OVERHEAD_S = 60.0


class ChildFailed(Exception):
    """A process of the bench ended as it should not."""


def spawn(command: Sequence[str], on: frozenset[int] | None, **options: Any) -> subprocess.Popen[str]:
    """Start a process of the bench on some cores (``None``: on any)."""
    allowed = os.sched_getaffinity(0)
    if on is not None:
        os.sched_setaffinity(0, on)  # inherited, before any of its threads is there
    try:
        # Small matrix products are slower when BLAS wakes threads for them.
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
        return subprocess.Popen(command, cwd=ROOT, env=environment, text=True, **options)
    finally:
        os.sched_setaffinity(0, allowed)


def python(module: str, *arguments: str) -> tuple[str, ...]:
    """The command that runs a module of the bench."""
    return (sys.executable, "-m", module, *arguments)


def _pipe(end: IO[str] | None) -> IO[str]:
    if end is None:
        raise ValueError("the process was started without this pipe")
    return end


@dataclass(slots=True)
class Server:
    """A server under measurement."""

    process: subprocess.Popen[str]
    port: int
    told: dict[str, Any] = field(default_factory=dict)
    """What it had measured when it ended."""

    @property
    def pid(self) -> int:
        """Its process."""
        return self.process.pid

    @property
    def memory_bytes(self) -> int:
        """Its resident memory now."""
        return memory_bytes(self.process.pid)

    @property
    def commands_fd(self) -> int:
        """The pipe to its standard input."""
        return _pipe(self.process.stdin).fileno()


@contextmanager
def serving(command: Sequence[str], on: frozenset[int] | None = SERVER_CORES) -> Iterator[Server]:
    """A server for the time of a ``with`` block; raises ``ChildFailed`` when it does not start or end in order."""
    with tempfile.TemporaryFile("w+") as log:
        process = spawn(command, on, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log)
        try:
            first = _pipe(process.stdout).readline()
            if first:
                server = Server(process, json.loads(first)["port"])
                yield server
            rest, _ = process.communicate(timeout=_END_S)
        finally:
            if process.poll() is None:
                process.kill()
                process.communicate()
        if process.returncode or not first:
            log.seek(0)
            raise ChildFailed(f"{' '.join(command)} ended with {process.returncode}:\n{log.read()[-3000:]}")
        for line in rest.splitlines():
            server.told |= json.loads(line)


@contextmanager
def viewing(
    server: Server, groups: Sequence[Group], on: frozenset[int] | None = VIEWER_CORES, **plan: Any
) -> Iterator[subprocess.Popen[str]]:
    """The viewers' process, under way, for the time of a ``with`` block; ``plan`` has the fields of ``Plan``."""
    fd = server.commands_fd
    whole = Plan(groups=tuple(groups), server_pid=server.pid, commands_fd=fd, **plan)
    command = python("scripts.benchmarks.clients", json.dumps(whole.as_dict()))
    process = spawn(command, on, stdout=subprocess.PIPE, pass_fds=(fd,))
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


def measure(
    server: Server, groups: Sequence[Group], on: frozenset[int] | None = VIEWER_CORES, **plan: Any
) -> dict[str, Any]:
    """Have viewers carry out a plan on a server; returns what they measured."""
    with viewing(server, groups, on, **plan) as process:
        return result_of(process, plan["warmup_s"] + plan["window_s"] + plan.get("lag_s", 0.0))


def result_of(process: subprocess.Popen[str], duration_s: float) -> dict[str, Any]:
    """Wait for the viewers' process and take its result."""
    output, _ = process.communicate(timeout=duration_s + _OVERHEAD_S)
    if process.returncode:
        raise ChildFailed(f"the viewers ended with {process.returncode}")
    result: dict[str, Any] = json.loads(output)
    return result
