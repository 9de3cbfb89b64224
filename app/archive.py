"""A backup as one file: a zip of files and a manifest that vouches for them."""

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from app import __version__
from hw.errors import InvalidRequest

MAX_ARCHIVE_BYTES = 20_000_000
MAX_CONTENT_BYTES = 50_000_000
_MAX_FILES = 1000

_FORMAT = "eyepiece-backup"
_FORMAT_VERSION = 1
_MANIFEST = "manifest.json"
_FOLDER = "data/"
_LEFT_OUT = {"images", "benchmarks", "backups"}
"""Folders of the data folder that no backup holds: pictures, measurements, earlier backups."""


@dataclass(frozen=True, slots=True)
class Archive:
    """A backup's content: files by their names in the data folder, and where they come from."""

    contents: Mapping[str, bytes]
    app_version: str
    created_at: str


def belongs(name: str) -> bool:
    """Whether a backup may hold a file of that name, a path in the data folder.

    No pictures, measurements, earlier backups, logs or hidden files; no name that leads out of the folder.
    """
    parts = name.split("/")
    proper = all(part and not part.startswith(".") and part.isprintable() and "\\" not in part for part in parts)
    return proper and parts[0] not in _LEFT_OUT and not name.endswith(".log") and len(name) <= 200


def pack(contents: Mapping[str, bytes], created_at: datetime) -> bytes:
    """The backup that holds ``contents``. Raises ``InvalidRequest`` where they are more than can be taken back."""
    facts = {
        "format": _FORMAT,
        "format_version": _FORMAT_VERSION,
        "app_version": __version__,
        "created_at": created_at.isoformat(timespec="seconds"),
        "sha256": {name: hashlib.sha256(data).hexdigest() for name, data in contents.items()},
    }
    entries = {_MANIFEST: json.dumps(facts, indent=2).encode()}
    entries |= {_FOLDER + name: data for name, data in contents.items()}
    _check_amount(len(entries), sum(map(len, entries.values())))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    if packed.tell() > MAX_ARCHIVE_BYTES:
        raise InvalidRequest(f"the backup would have {packed.tell()} bytes; {MAX_ARCHIVE_BYTES} can be restored")
    return packed.getvalue()


def unpack(packed: bytes) -> Archive:
    """A backup's content, all of it checked. Raises ``InvalidRequest`` that says what is wrong with it."""
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            return _read(archive)
    except InvalidRequest:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise InvalidRequest(f"not a backup, or a damaged one: {error}", reason="no-backup") from error


def _read(archive: zipfile.ZipFile) -> Archive:
    entries = archive.infolist()
    # What the entries say of their sizes is binding: no more than that is unpacked.
    _check_amount(len(entries), sum(entry.file_size for entry in entries))
    for entry in entries:
        if entry.flag_bits & 1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise InvalidRequest(f"{entry.filename[:200]!r} is encrypted, or compressed in an unknown way")
    names = [entry.filename for entry in entries]
    if _MANIFEST not in names:
        raise InvalidRequest(f"not a backup of Eyepiece: it has no {_MANIFEST}", reason="no-backup")
    manifest = _checked_manifest(archive.read(_MANIFEST))
    digests = manifest["sha256"]
    for name in digests:
        if not belongs(name) or any(str(folder) in digests for folder in PurePosixPath(name).parents):
            raise InvalidRequest(f"{name[:200]!r} is no name of a file that a backup may hold")
    if sorted(names) != sorted([_MANIFEST, *(_FOLDER + name for name in digests)]):
        raise InvalidRequest(f"the files in the backup are not those that its {_MANIFEST} names")
    contents = {name: archive.read(_FOLDER + name) for name in digests}
    for name, data in contents.items():
        if hashlib.sha256(data).hexdigest() != digests[name]:
            told = f"{name} has a wrong checksum: the backup is damaged, or was changed"
            raise InvalidRequest(told, reason="damaged-backup", name=name)
    return Archive(contents, manifest["app_version"], manifest["created_at"])


def _check_amount(files: int, size_bytes: int) -> None:
    if files > _MAX_FILES:
        raise InvalidRequest(f"{files} files; a backup holds {_MAX_FILES} at most")
    if size_bytes > MAX_CONTENT_BYTES:
        raise InvalidRequest(f"{size_bytes} bytes of files; a backup holds {MAX_CONTENT_BYTES} at most")


def _checked_manifest(data: bytes) -> dict[str, Any]:
    try:
        manifest = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InvalidRequest(f"the backup's {_MANIFEST} cannot be read: {error}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != _FORMAT:
        raise InvalidRequest(f"not a backup of Eyepiece: its {_MANIFEST} does not name the format {_FORMAT!r}")
    version = manifest.get("format_version")
    if version != _FORMAT_VERSION:
        told = f"the backup has format version {str(version)[:20]}; Eyepiece {__version__} reads {_FORMAT_VERSION}"
        raise InvalidRequest(told, allowed=[_FORMAT_VERSION])
    digests = manifest.get("sha256")
    texts = [manifest.get("app_version"), manifest.get("created_at")]
    if not isinstance(digests, dict) or not all(isinstance(text, str) for text in [*texts, *digests.values()]):
        raise InvalidRequest(f"the backup's {_MANIFEST} lacks app_version, created_at or sha256")
    return manifest
