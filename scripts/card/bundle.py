"""The appliance itself as one archive: ``compose.yaml`` and what the image can be built from."""

import gzip
import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

from scripts.card.contents import ROOT

_FILES = (
    ".dockerignore",
    "CHANGELOG.md",
    "Dockerfile",
    "LICENSE",
    "README.md",
    "compose.simulate.yaml",
    "compose.yaml",
    "pyproject.toml",
)
_FOLDERS = ("app", "hw", "requirements")


def _members() -> Iterator[Path]:
    for name in _FILES:
        yield ROOT / name
    for folder in _FOLDERS:
        yield from (path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    # Programs alone: their folders are for developers.
    yield from (path for path in (ROOT / "scripts").iterdir() if path.is_file())


def appliance() -> bytes:
    """The archive; the same bytes for the same files, whenever it is made."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path in sorted(_members()):
            content = path.read_bytes()
            entry = tarfile.TarInfo(path.relative_to(ROOT).as_posix())
            entry.size = len(content)
            # Not by the file's mode, which some computers do not have.
            entry.mode = 0o755 if content.startswith(b"#!") else 0o644
            archive.addfile(entry, io.BytesIO(content))
    return gzip.compress(plain.getvalue(), mtime=0)
