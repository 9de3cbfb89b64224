"""What a picture file says of its picture: EXIF for everybody, and a description in JSON for programs."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from PIL import Image
from PIL.ExifTags import IFD, Base
from PIL.TiffImagePlugin import IFDRational

from app import __version__
from hw.types import Position, Shot

SOFTWARE = f"Eyepiece {__version__}"

_CENTIMETRE = 3
"""EXIF's unit of resolution."""
_UM_PER_CM = 10_000


def description(shot: Shot, position: Position | None, um_per_px: float | None, objective: str) -> str:
    """The facts of a picture as JSON: how it was taken, where the stage stood, how large a pixel is."""
    facts: dict[str, Any] = {
        "captured_at": shot.captured_at,
        "exposure_us": shot.exposure_us,
        "gain": shot.gain,
        "red_gain": shot.red_gain,
        "blue_gain": shot.blue_gain,
        "lens_dioptres": shot.lens_dioptres,
        "position": position and asdict(position),
        "um_per_px": um_per_px and round(um_per_px, 6),
        "objective": objective,
    }
    return json.dumps({name: value for name, value in facts.items() if value is not None})


def exif(shot: Shot, model: str, told: str, um_per_px: float | None) -> Image.Exif:
    """EXIF of a picture: time (UTC), exposure, gain as ISO speed (100 is a gain of 1), camera, scale if known.

    ``told`` is its description.
    """
    taken = datetime.fromtimestamp(shot.captured_at, UTC)
    tags = Image.Exif()
    tags[Base.ImageDescription] = told
    tags[Base.Make] = "Eyepiece"
    tags[Base.Model] = model
    tags[Base.Software] = SOFTWARE
    tags[Base.DateTime] = f"{taken:%Y:%m:%d %H:%M:%S}"
    if um_per_px is not None:
        tags[Base.ResolutionUnit] = _CENTIMETRE
        per_cm = Fraction(_UM_PER_CM / um_per_px).limit_denominator(1000)
        tags[Base.XResolution] = tags[Base.YResolution] = IFDRational(per_cm.numerator, per_cm.denominator)
    inner = tags.get_ifd(IFD.Exif)
    inner[Base.DateTimeOriginal] = f"{taken:%Y:%m:%d %H:%M:%S}"
    inner[Base.OffsetTimeOriginal] = "+00:00"
    inner[Base.SubsecTimeOriginal] = f"{taken.microsecond // 1000:03d}"
    if shot.exposure_us is not None:
        inner[Base.ExposureTime] = IFDRational(shot.exposure_us, 1_000_000)
    if shot.gain is not None:
        inner[Base.ISOSpeedRatings] = round(100 * shot.gain)
    return tags
