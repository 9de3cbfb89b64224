"""Names for downloaded files: what people call a picture, as every system of files will take it."""

import re
import unicodedata
from collections.abc import Iterable

from app.storage import ImageRecord

_MAX_BYTES = 180
"""Of the name without its ending, in UTF-8: file systems take 255 in all."""
_FORBIDDEN = re.compile(r'[/\\:*?"<>|]')
_NO_LETTERS = {"Cc", "Cs", "Cn", "Zl", "Zp", "Zs"}
"""Controls, halves of characters, what is not assigned, and every kind of space."""
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Names that Windows takes for devices."""
_TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction of writing, and so can make a name look like another."""


def download_name(record: ImageRecord) -> str:
    """The name under which a picture is saved: its title where it has one, else its own name."""
    suffix = record.file_name.rpartition(".")[2]
    return f"{_safe(record.title) or record.id}.{suffix}"


def distinct_names(records: Iterable[ImageRecord]) -> list[str]:
    """Names for pictures that lie in one folder; they differ on systems, too, that tell no capitals apart."""
    taken: set[str] = set()
    numbers: dict[str, int] = {}
    """The last number that each name was given."""
    names = []
    for record in records:
        name = plain = download_name(record)
        stem, _, suffix = plain.rpartition(".")
        while _folded(name) in taken:
            numbers[_folded(plain)] = number = numbers.get(_folded(plain), 1) + 1
            name = f"{stem} ({number}).{suffix}"
        taken.add(_folded(name))
        names.append(name)
    return names


def _safe(title: str) -> str:
    text = _TURNING.sub("", unicodedata.normalize("NFC", title))
    text = "".join(" " if unicodedata.category(letter) in _NO_LETTERS else letter for letter in text)
    text = _FORBIDDEN.sub("-", " ".join(text.split()))
    text = text.encode()[:_MAX_BYTES].decode(errors="ignore").strip(" .")
    return f"{text}_" if _RESERVED.fullmatch(text) else text


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name.casefold())
