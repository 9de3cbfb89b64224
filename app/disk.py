"""The room on the disk: how many pictures still fit, and what lies there that could not be understood."""

import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from hw.errors import StorageFull
from hw.files import kept_aside

log = logging.getLogger(__name__)

RESERVE_BYTES = 64_000_000
"""What pictures leave free, for settings, the stage's position, a backup and the log."""
LOW_PICTURES = 100
"""The room is low once no more pictures than these fit."""
_PICTURE_BYTES = 8_000_000
"""What a picture takes, until there was a larger one."""


class Usage(NamedTuple):
    """Of a disk, in bytes."""

    total: int
    used: int
    free: int


@dataclass(frozen=True, slots=True)
class SetAside:
    """A settings file that was damaged: it is kept under another name, and the defaults serve."""

    name: str
    at: float
    """When: wall clock, seconds."""


@dataclass(frozen=True, slots=True)
class StorageState:
    """What viewers are shown of the disk."""

    free_bytes: int
    total_bytes: int
    pictures_left: int
    """How many still fit, as large as the largest so far."""
    low: bool
    """Whether those are few."""
    set_aside: tuple[SetAside, ...] = ()


def disk_usage(folder: Path) -> Usage:
    """The room on the disk that a folder is on."""
    return Usage(*shutil.disk_usage(folder))


class Disk:
    """The disk that the data folder is on. Its methods block on it: call them off the event loop."""

    def __init__(
        self, data: Path, tell: Callable[[StorageState], None], usage: Callable[[Path], Usage] = disk_usage
    ) -> None:
        self._data = data
        self._tell = tell
        self._usage = usage
        self._picture_bytes = _PICTURE_BYTES
        self.state = self._look()
        """The latest that is known; safe to read from anywhere."""

    def look(self) -> None:
        """See how it is now, and tell where that is news to anybody."""
        before, self.state = self.state, self._look()
        if (before.low, before.pictures_left, before.set_aside) == (
            self.state.low,
            self.state.pictures_left,
            self.state.set_aside,
        ):
            return
        if self.state.low and not before.low:
            log.warning("The disk is nearly full: %d more pictures fit", self.state.pictures_left)
        self._tell(self.state)

    def require_room(self) -> None:
        """Raise ``StorageFull`` where no further picture fits. What is reserved is not for pictures.

        Raises ``OSError`` where the disk cannot be looked at.
        """
        self.look()
        if not self.state.total_bytes:
            raise OSError("the disk cannot be looked at")
        if not self.state.pictures_left:
            raise StorageFull(
                f"the disk is full: {self.state.free_bytes / 1e6:.0f} MB are free, and "
                f"{(RESERVE_BYTES + self._picture_bytes) / 1e6:.0f} MB are needed; delete pictures or copy them away",
                free_bytes=self.state.free_bytes,
                needed_bytes=RESERVE_BYTES + self._picture_bytes,
            )

    def stored(self, size_bytes: int) -> None:
        """A picture of this size was stored."""
        self._picture_bytes = max(self._picture_bytes, size_bytes)

    def _look(self) -> StorageState:
        try:
            usage = self._usage(self._data)
            set_aside = tuple(SetAside(path.name, path.stat().st_mtime) for path in kept_aside(self._data))
        except OSError as error:
            log.error("the disk cannot be looked at: %s", error)
            usage, set_aside = Usage(0, 0, 0), ()
        left = max(0, usage.free - RESERVE_BYTES) // self._picture_bytes
        return StorageState(usage.free, usage.total, left, left <= LOW_PICTURES, set_aside)
