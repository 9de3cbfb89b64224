"""Why a device cannot be opened, as its nodes in /dev tell."""

import errno
import os
from pathlib import Path

_RENEW = "run scripts/write-env on the host, then docker compose up -d"
_DEV = Path("/dev")


def camera_trouble(dev: Path = _DEV) -> str:
    """Why libcamera finds no camera; ``dev`` is the folder of the nodes."""
    return (
        _trouble(dev, "media*", "no camera is connected, or /boot/firmware/config.txt keeps it from being found")
        or _trouble(dev, "dma_heap/*", "the kernel has no memory for a camera's pictures to share")
        or f"{dev}/media* can all be opened, so no sensor answers: check its cable at both ends, and config.txt"
    )


def gpio_trouble(dev: Path = _DEV) -> str | None:
    """Why no GPIO line can be had, or ``None`` where every chip can be opened."""
    return _trouble(dev, "gpiochip*", "this is no Raspberry Pi, or its kernel has no GPIO")


def _trouble(dev: Path, pattern: str, missing: str) -> str | None:
    """What keeps the nodes of a pattern from being opened; ``missing`` says what it means that there are none."""
    nodes = sorted(dev.glob(pattern))
    if not nodes:
        return f"there is no {dev}/{pattern}: {missing}"
    return next(filter(None, map(_refusal, nodes)), None)


def _refusal(node: Path) -> str | None:
    try:
        status = node.stat()
        os.close(os.open(node, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC))
    except PermissionError as error:
        if error.errno == errno.EPERM:
            return f"{node} (major number {os.major(status.st_rdev)}) may not be opened in this container; {_RENEW}"
        return f"{node} is for group {status.st_gid} alone, which this process is not in; {_RENEW}"
    except OSError as error:
        return f"{node} cannot be opened: {error.strerror}"
    return None
