"""What the operating system knows of processes and of the machine."""

import os
import platform
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

_PACKAGES = ("uvicorn", "uvloop", "python-socketio", "python-engineio", "websockets", "fastapi", "starlette", "numpy")


def cpu_s(pid: int) -> float:
    """The CPU time of all threads of a process that ever were, user and system: seconds, to the nanosecond."""
    # The clock's number as clock_getcpuclockid(3) makes it: the process' scheduler clock.
    return time.clock_gettime((~pid << 3) | 2)


def threads_cpu_s(pid: int) -> dict[int, float]:
    """The CPU time of each thread that a process has now, by the thread's number, in seconds."""
    # The first figure is the time on a CPU, in nanoseconds (Documentation/scheduler/sched-stats.rst).
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return {int(task.name): int((task / "schedstat").read_text().split()[0]) / 1e9 for task in tasks}


def memory_bytes(pid: int) -> int:
    """The resident memory of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


class Usage:
    """The machine's CPU time from now on, and whose it was."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._busy_s, self._own_s = _busy_s(), _own_s()

    def foreign(self) -> float:
        """The share of all cores, 0 to 1, that went to others than this process and its ended children."""
        spent_s = (_busy_s() - self._busy_s) - (_own_s() - self._own_s)
        share = spent_s / (time.monotonic() - self._began) / (os.cpu_count() or 1)
        return min(1.0, max(0.0, share))  # the ticks of a moment may be more than the moment


def _busy_s() -> float:
    """What all cores did but idle, since the machine's start: seconds (proc(5), /proc/stat)."""
    user, nice, system, _, _, irq, softirq, steal = map(int, Path("/proc/stat").read_text().split("\n")[0].split()[1:9])
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def _own_s() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def cores() -> tuple[frozenset[int] | None, frozenset[int] | None]:
    """The core for the server and those for the viewers; ``None`` for both where there is only one."""
    allowed = sorted(os.sched_getaffinity(0))
    if len(allowed) < 2:
        return None, None
    return frozenset(allowed[:1]), frozenset(allowed[1:])


def describe() -> dict[str, Any]:
    """The machine and the versions that a result depends on."""
    return {
        "cpu": _cpu_model(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_bytes": os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "packages": {name: found for name in _PACKAGES if (found := _version(name))},
    }


def _cpu_model() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    told = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    return told.get("Model") or told.get("model name") or platform.machine()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
