"""Settings, calibration and rig of one microscope: saved in one file, and taken back from it at the next start."""

import logging
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from app.archive import Archive, belongs, pack, unpack
from hw.errors import ConfigError, InvalidRequest
from hw.files import sweep, write_whole
from hw.position import doubted
from hw.rig_file import parse_rig

log = logging.getLogger(__name__)

RIG = "microscope.toml"
"""What the rig file is called in the data folder, and in every backup."""

Change = Literal["new", "changed", "same", "kept"]


@dataclass(frozen=True, slots=True)
class FileChange:
    """What a restore does to a file; ``kept`` is what it leaves alone because the present one is truer."""

    name: str
    change: Change


@dataclass(frozen=True, slots=True)
class Restore:
    """A restore that will be carried out at the next start."""

    app_version: str
    """Of the Eyepiece that made the backup."""
    created_at: str
    files: tuple[FileChange, ...]
    restart_needed: bool
    """False where everything is as in the backup already."""
    kept_aside: str | None
    """The backup, in the data folder, of what is replaced."""


class Backups:
    """The backups of a data folder and a rig file. Its methods block on the disk: call them off the event loop.

    A restore is taken at a start, before any device is there: a running one would write its own state over it. Until
    then it is one file, so a power cut leaves all of it or nothing, and it is carried on where it was cut off.
    """

    def __init__(self, data: Path, rig_file: Path) -> None:
        self._data = data
        self._rig_file = rig_file
        self._folder = data / "backups"
        self._waiting = self._folder / "to-restore.zip"

    def make(self) -> bytes:
        """All of the data folder that is no picture, measurement, backup or log, and the rig file, as a zip."""
        return pack({name: path.read_bytes() for name, path in self._files()}, datetime.now(UTC))

    def accept(self, packed: bytes) -> Restore:
        """Check a backup and lay it by for the next start.

        Raises ``InvalidRequest`` that says what is wrong with it; then nothing is changed.
        """
        archive = unpack(packed)
        self._check_places(archive)
        self._check_rig(archive)
        files = tuple(self._change(name, data) for name, data in archive.contents.items())
        needed = any(file.change in ("new", "changed") for file in files)
        kept_aside = None
        if needed:
            # The backup, what it brings, and what is kept aside.
            if shutil.disk_usage(self._data).free < 3 * sum(map(len, archive.contents.values())):
                raise OSError("the disk is too full for a restore")
            self._folder.mkdir(exist_ok=True)
            write_whole(self._waiting, packed)
            kept_aside = str(self._kept_aside().relative_to(self._data))
        return Restore(archive.app_version, archive.created_at, files, needed, kept_aside)

    def carry_out(self) -> None:
        """Take the backup that waits, if one does. What goes wrong is said in the log; the start goes on."""
        sweep(self._folder)
        if not self._waiting.exists():
            return
        try:
            self._take(unpack(self._waiting.read_bytes()))
            self._waiting.unlink()
        except InvalidRequest as error:
            log.error("%s is not restored: %s", self._waiting, error)
            self._waiting.rename(self._waiting.with_name("refused.zip"))
        except OSError as error:
            log.error("%s is not restored in full, which the next start tries again: %s", self._waiting, error)

    def _take(self, archive: Archive) -> None:
        kept_aside = self._kept_aside()
        # Not anew where a restore was cut off: part of what is there now would be what it brought.
        if not kept_aside.exists():
            write_whole(kept_aside, self.make())
        changes = [self._change(name, data) for name, data in archive.contents.items()]
        taken = [file.name for file in changes if file.change in ("new", "changed")]
        for name in taken:
            path = self._path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            data = archive.contents[name]
            write_whole(path, doubted(data) if _is_position(name) else data)
        log.warning("Restored from the backup of %s: %s", archive.created_at, ", ".join(taken) or "nothing new")
        log.warning("What was there before is in %s", kept_aside)

    def _kept_aside(self) -> Path:
        laid_by = datetime.fromtimestamp(self._waiting.stat().st_mtime, UTC)
        return self._folder / f"before-{laid_by:%Y%m%d-%H%M%S}.zip"

    def _files(self) -> Iterator[tuple[str, Path]]:
        if self._rig_file.is_file():
            yield RIG, self._rig_file
        for folder, folders, files in os.walk(self._data):
            here = Path(folder)
            folders[:] = [name for name in folders if belongs((here / name).relative_to(self._data).as_posix())]
            for path in map(here.joinpath, sorted(files)):
                name = path.relative_to(self._data).as_posix()
                if name != RIG and belongs(name) and path.is_file():
                    yield name, path

    def _path(self, name: str) -> Path:
        return self._rig_file if name == RIG else self._data / name

    def _change(self, name: str, data: bytes) -> FileChange:
        path = self._path(name)
        if not path.exists():
            return FileChange(name, "new")
        if _is_position(name):
            # Where the stage stands now is known better now.
            return FileChange(name, "kept")
        return FileChange(name, "same" if path.read_bytes() == data else "changed")

    def _check_places(self, archive: Archive) -> None:
        for name in archive.contents:
            path = self._path(name)
            there = next(place for place in (path, *path.parents) if place.exists())
            if there.is_dir() == (there == path):
                raise InvalidRequest(f"{name} cannot be put in the data folder: {there} is in its place")

    def _check_rig(self, archive: Archive) -> None:
        """Refuse a rig file that the next start would refuse, or that cannot be put where it has to be."""
        data = archive.contents.get(RIG)
        if data is None:
            return
        try:
            parse_rig(data, RIG)
        except ConfigError as error:
            raise InvalidRequest(f"the backup's rig file is wrong: {error}", mistakes=error.mistakes) from error
        if self._change(RIG, data).change == "changed":
            try:
                # A file that is mounted by itself can be read and not replaced: only a try tells.
                write_whole(self._rig_file, self._rig_file.read_bytes())
            except OSError as error:
                told = f"the rig file {self._rig_file} cannot be replaced from here ({error.strerror or error})"
                raise InvalidRequest(f"{told}: put the backup's {RIG} there by hand, then restore again") from error


def _is_position(name: str) -> bool:
    return name in ("position.json", "position-simulated.json")
