"""The page's files as they are served: under a name that changes with the contents, compressed once."""

import functools
import gzip
import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

_FOLDER = Path(__file__).resolve().parent / "page"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    "": "text/plain; charset=utf-8",
}
"""By ending; files without one are licences. What has another ending is for people who read the source."""
_COMMENT = re.compile(rb"^[ \t]*(?:/\*\*(?:(?!\*/).)*\*/|//[^\n]*)[ \t]*$", re.MULTILINE | re.DOTALL)
"""One that has its lines for itself. A third of what the modules weigh, and no browser reads it."""
_VERSION_DIGITS = 16
_LEVEL = 9
"""Each file is compressed once in the server's life."""


@dataclass
class Asset:
    """A file of the page."""

    path: Path
    media_type: str
    etag: str
    _body: bytes | None = field(default=None, repr=False)
    _packed: bytes | None = field(default=None, repr=False)

    def body(self, packed: bool) -> bytes:
        """Its bytes, by gzip if ``packed`` (a browser takes better codings by HTTPS alone); read at the first use."""
        if self._body is None:
            self._body = self._read()
        if not packed:
            return self._body
        if self._packed is None:
            self._packed = gzip.compress(self._body, _LEVEL, mtime=0)
        return self._packed

    def kept(self, packed: bool) -> bytes | None:
        """What ``body`` returns, where that takes no work any more."""
        return self._packed if packed else self._body

    def _read(self) -> bytes:
        body = self.path.read_bytes()
        if self.path.suffix != ".js" or "vendor" in self.path.parts:
            return body
        # Its lines keep their numbers.
        return _COMMENT.sub(lambda comment: b"\n" * comment[0].count(b"\n"), body)

    @property
    def shrinks(self) -> bool:
        """Whether it is worth compressing."""
        return self.path.suffix != ".png"


class Assets:
    """All files of the page, and the version that they make up together."""

    def __init__(self, folder: Path = _FOLDER) -> None:
        self.folder = folder
        self._files: dict[str, Asset] = {}
        whole = hashlib.sha256()
        for path in sorted(folder.rglob("*")):
            if path.suffix in _TYPES and path.is_file():
                name = path.relative_to(folder).as_posix()
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                whole.update(f"{name} {digest}\n".encode())
                self._files[name] = Asset(path, _TYPES[path.suffix], f'"{digest[:_VERSION_DIGITS]}"')
        self.version = whole.hexdigest()[:_VERSION_DIGITS]
        """Changes with any of the files."""
        self.base = f"/page/{self.version}"
        """Below it every file has a name that never means anything else."""

    @property
    def names(self) -> list[str]:
        """The files' names, relative to the page's folder."""
        return list(self._files)

    def text(self, name: str) -> str:
        """A file's text."""
        return self._files[name].body(packed=False).decode()

    def find(self, path: str) -> tuple[Asset, bool] | None:
        """The file that a path below ``/page/`` means, and whether that path means it for good."""
        version, _, name = path.partition("/")
        if version == self.version and name in self._files:
            return self._files[name], True
        return (self._files[path], False) if path in self._files else None


@functools.cache
def page_assets() -> Assets:
    """The files that came with this program."""
    return Assets()
