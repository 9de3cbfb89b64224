"""The board and its system, from the kernel's files. ``root`` is the folder that holds ``proc``, ``sys``, ``etc``."""

import platform
import re
import shutil
from pathlib import Path

from scripts.verify.report import Failed

_LEAST_FREE_BYTES = 1_000_000_000


def model(root: Path) -> str:
    """Which Raspberry Pi this is."""
    # A container is not shown the device tree.
    found = _text(root / "proc/device-tree/model").strip("\0") or _field(root / "proc/cpuinfo", "Model")
    if "Raspberry Pi" not in found:
        raise Failed(f"this is no Raspberry Pi: {found or _field(root / 'proc/cpuinfo', 'model name') or 'unknown'}")
    return f"{found}, {platform.machine()}, {_field(root / 'proc/meminfo', 'MemTotal')} of memory"


def system(root: Path) -> str:
    """The operating system and its kernel."""
    found = re.search(r'^PRETTY_NAME="?([^"\n]*)', _text(root / "etc/os-release"), re.MULTILINE)
    if found is None:
        raise Failed("there is no /etc/os-release")
    issue = _text(root / "etc/rpi-issue").splitlines()
    said = ", ".join([found[1], *issue[:1], f"kernel {platform.release()}", platform.machine()])
    if platform.machine() != "aarch64":
        raise Failed(f"{said}: the image is for aarch64, a 64-bit system")
    return said


def disk(folder: Path) -> str:
    """How much room there is for pictures."""
    usage = shutil.disk_usage(folder)
    said = f"{usage.free / 1e9:.1f} of {usage.total / 1e9:.1f} GB free at {folder}"
    if usage.free < _LEAST_FREE_BYTES:
        raise Failed(f"{said}: too little for pictures and an update")
    return said


def watchdog(root: Path) -> str:
    """Whether the hardware watchdog runs, which restarts a board that hangs."""
    devices = sorted((root / "sys/class/watchdog").glob("watchdog*"))
    if not devices:
        raise Failed("there is no /sys/class/watchdog/watchdog0: dtparam=watchdog=on in config.txt")
    said = []
    for device in devices:
        facts = {name: _text(device / name) for name in ("identity", "state", "timeout")}
        said.append(f"{device.name} ({facts['identity']}): {facts['state']}, {facts['timeout']} s")
        if facts["state"] == "active":
            return said[-1]
    raise Failed(f"{'; '.join(said)}: nobody feeds it (RuntimeWatchdogSec in systemd's configuration)")


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip()
    except OSError:
        return ""


def _field(path: Path, name: str) -> str:
    """The value of the first line ``name : value`` of a file of the kernel's, else an empty text."""
    found = re.search(rf"^{re.escape(name)}\s*:\s*(.*)$", _text(path), re.MULTILINE)
    return found[1].strip() if found else ""
