"""TIFF files with all of their EXIF: Pillow's own compressed ones lose the inner part of it (exposure, time of day)."""

import struct
import zlib
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, TiffTags
from PIL.ExifTags import Base
from PIL.TiffImagePlugin import IFDRational, ImageFileDirectory_v2

Value = int | str | bytes | tuple[int, ...] | tuple[IFDRational, ...]

_HEAD = struct.Struct("<2sHI")
_STRIP_BYTES = 1 << 18
_LEVEL = 3
"""Of zlib: more takes three times as long for a twentieth less."""


def tiff_file(exif: Image.Exif, tags: Iterable[tuple[int, int, Value]], strips: Sequence[bytes]) -> bytes:
    """A whole file: the picture's EXIF, further tags as (number, type, value), and its data, in strips."""
    directory = ImageFileDirectory_v2()
    for tag, value in exif.items():
        directory[tag] = value
    directory[Base.ExifOffset] = dict(exif.get_ifd(Base.ExifOffset))
    sizes = [len(strip) for strip in strips]
    # Where the strips are from the directory's end on: Pillow adds where that is.
    places = [sum(sizes[:n]) for n in range(len(sizes))]
    strip_tags = [(273, TiffTags.LONG, tuple(places)), (279, TiffTags.LONG, tuple(sizes))]
    for tag, kind, value in [*tags, *strip_tags]:
        directory.tagtype[tag] = kind
        directory[tag] = value
    return b"".join([_HEAD.pack(b"II", 42, _HEAD.size), directory.tobytes(_HEAD.size), *strips])


def rgb_tiff(rgb: NDArray[np.uint8], exif: Image.Exif) -> bytes:
    """An RGB picture of shape (height, width, 3), compressed without loss (Adobe deflate)."""
    height, width, _ = rgb.shape
    rows = max(_STRIP_BYTES // (3 * width), 1)
    strips = [zlib.compress(rgb[top : top + rows].tobytes(), _LEVEL) for top in range(0, height, rows)]
    short, long = TiffTags.SHORT, TiffTags.LONG
    tags: list[tuple[int, int, Value]] = [
        (256, long, width),
        (257, long, height),
        (258, short, (8, 8, 8)),  # BitsPerSample
        (259, short, 8),  # Compression: Adobe deflate
        (262, short, 2),  # PhotometricInterpretation: RGB
        (277, short, 3),  # SamplesPerPixel
        (278, long, rows),  # RowsPerStrip
        (284, short, 1),  # PlanarConfiguration: pixel by pixel
    ]
    return tiff_file(exif, tags, strips)
