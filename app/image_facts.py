"""All that is known of a stored picture: what was kept at its capture, what its file says, what people said of it."""

import json
from dataclasses import asdict
from numbers import Rational
from pathlib import Path
from typing import Any

from PIL import Image
from PIL.ExifTags import IFD, Base

from app.storage import ImageRecord

_EXIF_HEAD = b"Exif\0\0"
_HEAD_BYTES = 1 << 16
"""A DNG's tags come before its data."""


def known_of(record: ImageRecord, picture: Path) -> dict[str, Any]:
    """The record's facts and, where it lacks one, the file's own. What nobody tells is left out. Blocks on the disk.

    A file that says nothing, or cannot be read, adds nothing.
    """
    told = _from_file(record, picture)
    told |= {name: value for name, value in asdict(record).items() if value not in (None, "") or name not in told}
    return {name: value for name, value in told.items() if value not in (None, "")}


def _from_file(record: ImageRecord, picture: Path) -> dict[str, Any]:
    try:
        tags = _tags(record, picture)
        inner = tags.get_ifd(IFD.Exif)
        described = json.loads(tags.get(Base.ImageDescription, "{}"))
    # What Pillow raises for a file that is damaged, and JSON for a description that is none of ours.
    except (OSError, SyntaxError, ValueError, KeyError, TypeError):
        return {}
    facts: dict[str, Any] = {"model": tags.get(Base.Model), "software": tags.get(Base.Software)}
    exposure_s, iso = inner.get(Base.ExposureTime), inner.get(Base.ISOSpeedRatings)
    if isinstance(exposure_s, Rational) and float(exposure_s) > 0:
        facts["exposure_us"] = round(1_000_000 * float(exposure_s))
    if isinstance(iso, int):
        facts["gain"] = iso / 100
    return facts | (described if isinstance(described, dict) else {})


def _tags(record: ImageRecord, picture: Path) -> Image.Exif:
    if record.media_type == "image/x-adobe-dng":  # which Pillow does not open
        tags = Image.Exif()
        with picture.open("rb") as file:
            tags.load(_EXIF_HEAD + file.read(_HEAD_BYTES))
        tags.get_ifd(IFD.Exif)
        return tags
    with Image.open(picture) as opened:
        tags = opened.getexif()
        tags.get_ifd(IFD.Exif)  # read while the file is open
        return tags
