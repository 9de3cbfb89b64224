"""The card's boot partition: a mounted folder, or the FAT inside an image or a device (by mtools, without root)."""

import filecmp
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Protocol

from scripts.card.refusal import Refusal

_SECTOR_BYTES = 512
_FAT_TYPES = (0x04, 0x06, 0x0B, 0x0C, 0x0E)


class Partition(Protocol):
    """What is asked of a boot partition. Names are relative, with slashes."""

    def read(self, name: str) -> bytes | None:
        """A file's content; None if there is none."""

    def holds(self, name: str, source: Path) -> bool:
        """Whether a file is the same as one on this computer."""

    def copy(self, source: Path, name: str) -> None:
        """Put a file of this computer there, with the folders it needs."""

    def remove(self, name: str) -> None:
        """Take a file away."""

    def names(self, folder: str) -> list[str]:
        """The files in a folder; none if there is no such folder."""

    def free_bytes(self) -> int:
        """What still fits."""


class Folder:
    """A partition that this computer has mounted."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, name: str) -> bytes | None:
        path = self._path / name
        return path.read_bytes() if path.is_file() else None

    def holds(self, name: str, source: Path) -> bool:
        path = self._path / name
        return path.is_file() and filecmp.cmp(source, path, shallow=False)

    def copy(self, source: Path, name: str) -> None:
        target = self._path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        # Whole or not at all, if the card is pulled out; by a name that nobody takes for an archive.
        new = target.with_name("unfinished")
        with source.open("rb") as reading, new.open("wb") as writing:
            shutil.copyfileobj(reading, writing, 1 << 20)
            writing.flush()
            os.fsync(writing.fileno())
        new.replace(target)

    def remove(self, name: str) -> None:
        (self._path / name).unlink()

    def names(self, folder: str) -> list[str]:
        path = self._path / folder
        return sorted(entry.name for entry in path.iterdir() if entry.is_file()) if path.is_dir() else []

    def free_bytes(self) -> int:
        return shutil.disk_usage(self._path).free


class Image:
    """A partition inside an image file or a device, ``offset`` bytes from its beginning."""

    def __init__(self, path: Path, offset: int) -> None:
        if shutil.which("mcopy") is None:
            raise Refusal(
                f"{path} is an image or a device: mtools are needed to write into it (Debian: apt install mtools)"
            )
        self._image = f"{path}@@{offset}"

    def read(self, name: str) -> bytes | None:
        done = self._run("mtype", f"::{name}", check=False)
        return done.stdout if done.returncode == 0 else None

    def holds(self, name: str, source: Path) -> bool:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder, "copy")
            done = self._run("mcopy", f"::{name}", str(copy), check=False)
            return done.returncode == 0 and filecmp.cmp(source, copy, shallow=False)

    def copy(self, source: Path, name: str) -> None:
        parts = name.split("/")[:-1]
        for depth in range(1, len(parts) + 1):
            folder = "/".join(parts[:depth])
            if self._run("mdir", "-b", f"::{folder}", check=False).returncode:
                self._run("mmd", f"::{folder}")
        # -o: over what is there, without a question.
        self._run("mcopy", "-o", str(source), f"::{name}")

    def remove(self, name: str) -> None:
        self._run("mdel", f"::{name}")

    def names(self, folder: str) -> list[str]:
        done = self._run("mdir", "-b", f"::{folder}", check=False)
        entries = done.stdout.decode().splitlines() if done.returncode == 0 else []
        # Folders end in a slash.
        return sorted(entry.rsplit("/", 1)[-1] for entry in entries if not entry.endswith("/"))

    def free_bytes(self) -> int:
        found = re.search(r"([\d ]+) bytes free", self._run("mdir", "::").stdout.decode())
        if found is None:
            raise Refusal("mdir does not say how much room the boot partition has")
        return int(found[1].replace(" ", ""))

    def _run(self, command: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[bytes]:
        # The partition may be smaller or larger than mtools expect of disks with such a geometry.
        environment = {**os.environ, "MTOOLS_SKIP_CHECK": "1", "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            [command, "-i", self._image, *arguments], capture_output=True, check=False, env=environment
        )
        if check and done.returncode:
            raise Refusal(f"{command}: {done.stderr.decode(errors='replace').strip()}")
        return done


def open_partition(path: Path) -> Partition:
    """The boot partition at ``path``: a folder, an image file, a card reader's device."""
    if path.is_dir():
        return Folder(path)
    _refuse_mounted(path)
    try:
        with path.open("rb") as device:
            sector = device.read(_SECTOR_BYTES)
    except OSError as error:
        raise Refusal(f"{path}: cannot be read: {error.strerror}") from error
    return Image(path, _fat_offset(path, sector))


def _refuse_mounted(path: Path) -> None:
    """Two who write to one file system, each with a memory of its own, destroy it."""
    mounts = Path("/proc/self/mounts")
    if path.is_block_device() and mounts.exists():
        for line in mounts.read_text().splitlines():
            device, folder = line.split(" ")[:2]
            if device.startswith(str(path.resolve())):
                raise Refusal(f"{device} is mounted at {folder}: give that folder instead of {path}, or unmount it")


def _fat_offset(path: Path, sector: bytes) -> int:
    """Where the first FAT begins, in bytes, by a master boot record or because all of it is one."""
    if len(sector) == _SECTOR_BYTES and sector[510:] == b"\x55\xaa":
        if sector[54:57] == b"FAT" or sector[82:85] == b"FAT":
            return 0
        for entry in (sector[start : start + 16] for start in range(446, 510, 16)):
            if entry[4] in _FAT_TYPES:
                return int.from_bytes(entry[8:12], "little") * _SECTOR_BYTES
    raise Refusal(f"{path}: neither a mounted boot partition nor an image with a FAT partition in it")
