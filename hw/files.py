"""Files that are written whole or not at all, and what is left of those that were not."""

import errno
import logging
import os
import tempfile
from pathlib import Path

log = logging.getLogger(__name__)

_PART = ".part"
_BROKEN = ".broken"
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.ENOSYS}
"""What file systems say that know no links (FAT, some of the network's)."""


def write_whole(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path`` so that a power cut leaves the old file or the new one, never a part.

    The way is the usual one: a temporary file in the same folder, fsync, rename, fsync of the folder.
    Raises ``OSError``; nothing is left behind then.
    """
    temporary = _write_beside(path, data)
    try:
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def write_new(path: Path, data: bytes) -> None:
    """The same for a file that has to be new: raises ``FileExistsError`` where there is one of this name."""
    temporary = _write_beside(path, data)
    try:
        path.hardlink_to(temporary)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(path.parent)


def keep_aside(path: Path) -> Path | None:
    """Move a file that cannot be understood out of the way, under a new name that ends in ``.broken``.

    Returns where it is; ``None`` where the disk refuses, which the log says.
    """
    number = 1
    while (aside := path.with_name(f"{path.name}{'' if number == 1 else f'.{number}'}{_BROKEN}")).exists():
        number += 1
    try:
        path.replace(aside)
        os.utime(aside)  # its date is that of this find
        _sync_folder(path.parent)
    except OSError as error:
        log.error("%s could not be kept aside: %s", path, error)
        return None
    return aside


def kept_aside(folder: Path) -> list[Path]:
    """The files in a folder that were kept aside."""
    return sorted(folder.glob(f"[!.]*{_BROKEN}"))


def sweep(folder: Path) -> None:
    """Remove what writing left half done when the process was killed; only while nothing is being written there."""
    for path in folder.glob(f".*{_PART}"):
        log.info("%s was not written to its end, and is removed", path)
        path.unlink(missing_ok=True)


def _write_beside(path: Path, data: bytes) -> Path:
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=_PART)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return Path(temporary)


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
