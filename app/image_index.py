"""The facts of all pictures in memory, in order, following the folder that they lie in."""

import bisect
import logging
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.storage import ImageRecord, is_image_id, read_facts
from hw.errors import NotFound

log = logging.getLogger(__name__)

_SETTLED_NS = 2_000_000_000
"""A folder whose last change is as old as this has no other in the same tick of the file system's clock."""

Stamp = tuple[int, int]
"""Time of change (ns) and inode of a file of facts: another one may have another content."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What a look at the folder found."""

    stamps: Mapping[str, Stamp]
    """All that is there, by picture."""
    read: Mapping[str, ImageRecord | None]
    """The facts that changed since the last look; ``None`` where they cannot be read."""
    changed_ns: int
    """When the folder had last changed; 0 where that is too recent to be relied on."""


def look(folder: Path, known: Mapping[str, Stamp], changed_ns: int) -> Sight | None:
    """Look at the folder; ``None`` where it has not changed since ``changed_ns``. Blocks on the disk.

    Facts are read only where their stamp is not the one that is known: a look at 5,000 old pictures lists names.
    """
    changed_now_ns = folder.stat().st_mtime_ns
    if changed_now_ns == changed_ns:
        return None
    stamps = dict(_stamps(folder))
    read = {image_id: _read(folder, image_id) for image_id, stamp in stamps.items() if known.get(image_id) != stamp}
    settled = time.time_ns() - changed_now_ns > _SETTLED_NS
    return Sight(stamps, read, changed_now_ns if settled else 0)


def _stamps(folder: Path) -> Iterator[tuple[str, Stamp]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            image_id, _, suffix = entry.name.rpartition(".")
            if suffix == "json" and is_image_id(image_id):
                try:
                    status = entry.stat()
                except FileNotFoundError:
                    continue  # deleted since it was listed
                yield image_id, (status.st_mtime_ns, status.st_ino)


def _read(folder: Path, image_id: str) -> ImageRecord | None:
    try:
        return read_facts(folder / f"{image_id}.json")
    except NotFound as error:
        log.error("%s", error)
        return None


class ImageIndex:
    """The pictures that are known, the newest first; the loop's alone."""

    def __init__(self) -> None:
        self.stamps: Mapping[str, Stamp] = {}
        self.changed_ns = 0
        self._records: dict[str, ImageRecord] = {}
        self._order: list[tuple[float, str]] = []
        """Sort keys, the oldest first, so that a new picture is added at the end."""

    def __len__(self) -> int:
        return len(self._order)

    def ids(self) -> set[str]:
        """The names of all pictures."""
        return set(self._records)

    def get(self, image_id: str) -> ImageRecord | None:
        """A picture's facts, if it is known."""
        return self._records.get(image_id)

    def page(self, offset: int, limit: int) -> list[ImageRecord]:
        """Up to ``limit`` pictures from a place on; the newest has place 0."""
        end = len(self._order) - offset
        keys = self._order[max(0, end - limit) : max(0, end)]
        return [self._records[image_id] for _, image_id in reversed(keys)]

    def all(self) -> list[ImageRecord]:
        """Every picture, the newest first."""
        return self.page(0, len(self))

    def place(self, image_id: str) -> int:
        """Where a known picture stands; the newest has place 0."""
        return len(self._order) - 1 - bisect.bisect_left(self._order, _key(self._records[image_id]))

    def put(self, record: ImageRecord) -> None:
        """Add a picture, or replace what is known of it."""
        self.drop(record.id)
        self._records[record.id] = record
        bisect.insort(self._order, _key(record))

    def drop(self, image_id: str) -> None:
        """Forget a picture, if it is known."""
        record = self._records.pop(image_id, None)
        if record is not None:
            del self._order[bisect.bisect_left(self._order, _key(record))]


def _key(record: ImageRecord) -> tuple[float, str]:
    return record.captured_at, record.id
