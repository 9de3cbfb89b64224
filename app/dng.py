"""DNG: what the sensor measured, unprocessed and uncompressed, with what a raw converter needs to make a picture of it.

The tags are those of Adobe's Digital Negative Specification 1.4. Picamera2's own way to write DNG does not fit
the PiDNG that is released.
"""

import numpy as np
from PIL import Image, TiffTags
from PIL.TiffImagePlugin import IFDRational

from app.tiff import Value, tiff_file
from hw.types import RawImage, Shot

_COLOUR_FILTER_ARRAY = 32803
_D65 = 21
_FRACTION = 10_000
XYZ_FROM_SRGB = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
"""Linear sRGB to CIE XYZ (IEC 61966-2-1)."""


def dng(raw: RawImage, shot: Shot, exif: Image.Exif) -> bytes:
    """A whole DNG file; ``exif`` are the tags that the picture has in any format."""
    return tiff_file(exif, _tags(raw, shot), [raw.mosaic.astype("<u2").tobytes()])


def _tags(raw: RawImage, shot: Shot) -> list[tuple[int, int, Value]]:
    height, width = raw.mosaic.shape
    short, long, byte, text = TiffTags.SHORT, TiffTags.LONG, TiffTags.BYTE, TiffTags.ASCII
    rational, signed = TiffTags.RATIONAL, TiffTags.SIGNED_RATIONAL
    pattern = bytes("RGB".index(colour) for colour in raw.colours)
    red_gain, blue_gain = shot.red_gain or 1.0, shot.blue_gain or 1.0
    neutral = tuple(_rational(1 / gain) for gain in (red_gain, 1.0, blue_gain))
    return [
        (254, long, 0),  # NewSubfileType: the picture itself
        (256, long, width),
        (257, long, height),
        (258, short, 16),  # BitsPerSample
        (259, short, 1),  # Compression: none
        (262, short, _COLOUR_FILTER_ARRAY),
        (274, short, 1),  # Orientation
        (277, short, 1),  # SamplesPerPixel
        (278, long, height),  # RowsPerStrip
        (33421, short, (2, 2)),  # CFARepeatPatternDim
        (33422, byte, pattern),
        (50706, byte, bytes((1, 4, 0, 0))),  # DNGVersion
        (50707, byte, bytes((1, 1, 0, 0))),  # DNGBackwardVersion
        (50708, text, "Eyepiece"),  # UniqueCameraModel
        (50713, short, (2, 2)),  # BlackLevelRepeatDim
        (50714, long, raw.black),
        (50717, long, raw.white),
        (50721, signed, _camera_from_xyz(raw, red_gain, blue_gain)),
        (50728, rational, neutral),  # AsShotNeutral
        (50778, short, _D65),  # CalibrationIlluminant1
    ]


def _camera_from_xyz(raw: RawImage, red_gain: float, blue_gain: float) -> tuple[IFDRational, ...]:
    """ColorMatrix1: the way back from XYZ through the colour correction and the white balance to what was measured."""
    to_xyz = XYZ_FROM_SRGB @ np.reshape(raw.to_srgb, (3, 3)) @ np.diag([red_gain, 1.0, blue_gain])
    return tuple(map(_rational, np.linalg.inv(to_xyz).flatten().tolist()))


def _rational(value: float) -> IFDRational:
    return IFDRational(round(value * _FRACTION), _FRACTION)
