"""Deleted pictures, kept aside for a while so that a deletion can be undone."""

import logging
from pathlib import Path

from app.storage import SUFFIXES, ImageRecord, is_image_id, read_facts
from hw.errors import NotFound

log = logging.getLogger(__name__)


class Trash:
    """A folder in the folder of pictures. Its methods block on the disk: call them off the event loop.

    A picture counts by its facts: they leave first and come back last, so that a power cut in between leaves it
    deleted, and able to be brought back.
    """

    def __init__(self, images: Path) -> None:
        self._images = images
        self._folder = images / ".trash"
        self._folder.mkdir(exist_ok=True)

    def ids(self) -> list[str]:
        """The pictures that are in it."""
        return sorted(path.stem for path in self._folder.glob("*.json") if is_image_id(path.stem))

    def records(self) -> list[ImageRecord]:
        """The facts of those that can be read, the last taken first."""
        records = []
        for image_id in reversed(self.ids()):
            try:
                records.append(read_facts(self._folder / f"{image_id}.json"))
            except NotFound as error:
                log.error("In the trash: %s", error)
        return records

    def take(self, image_id: str) -> None:
        """Put a picture aside; raises ``NotFound``."""
        self._move(image_id, "json", self._images, self._folder)
        for suffix in SUFFIXES:
            _move_if_there(self._images / f"{image_id}.{suffix}", self._folder)

    def give_back(self, image_id: str) -> ImageRecord:
        """Put a picture back where it was; raises ``NotFound`` where it is not (or no more) here."""
        record = read_facts(self._facts(image_id))
        for suffix in SUFFIXES:
            _move_if_there(self._folder / f"{image_id}.{suffix}", self._images)
        self._move(image_id, "json", self._folder, self._images)
        return record

    def find(self, file_name: str) -> Path:
        """Where a picture's file is if it was put aside."""
        return self._folder / file_name

    def destroy(self, image_id: str) -> None:
        """Delete a picture for good, if it is here."""
        # A power cut may have left the file itself where it was.
        folders = [self._folder] if (self._images / f"{image_id}.json").exists() else [self._folder, self._images]
        for path in (folder / f"{image_id}.{suffix}" for folder in folders for suffix in SUFFIXES):
            path.unlink(missing_ok=True)
        self._facts(image_id).unlink(missing_ok=True)

    def _facts(self, image_id: str) -> Path:
        if not is_image_id(image_id):
            raise NotFound(f"there is no image {image_id[:80]!r}")
        return self._folder / f"{image_id}.json"

    def _move(self, image_id: str, suffix: str, source: Path, target: Path) -> None:
        if not is_image_id(image_id) or not _move_if_there(source / f"{image_id}.{suffix}", target):
            raise NotFound(f"there is no image {image_id[:80]!r}")


def _move_if_there(path: Path, folder: Path) -> bool:
    try:
        path.replace(folder / path.name)
    except FileNotFoundError:
        return False
    return True
