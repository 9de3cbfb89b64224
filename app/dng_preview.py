"""A picture to look at from a DNG that Eyepiece wrote: reduced, not interpolated."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from app.dng import XYZ_FROM_SRGB

_HEAD_BYTES = 8


def develop(path: Path, side_px: int) -> Image.Image:
    """A DNG as an sRGB picture, at most half as large and not much larger than ``side_px``.

    Raises ``OSError`` or ``ValueError`` where it is no such file.
    """
    with path.open("rb") as file:
        tags = ImageFileDirectory_v2(file.read(_HEAD_BYTES))
        file.seek(tags.next)
        tags.load(file)
    if tags.get(258) != (16,) or tags.get(259) != 1 or tags.get(33421) != (2, 2):
        raise ValueError("it is no DNG of 16 uncompressed bits and a pattern of two by two")
    mosaic = np.memmap(path, "<u2", "r", tags[273][0], (tags[257], tags[256]))
    measured = _reduced(mosaic, tags[33422], tags[50714], max(1, max(mosaic.shape) // (2 * side_px)))
    to_xyz = np.linalg.inv(np.reshape([float(value) for value in tags[50721]], (3, 3)))
    linear = measured / (tags[50717] - min(tags[50714])) @ (np.linalg.inv(XYZ_FROM_SRGB) @ to_xyz).T
    return Image.fromarray(_to_srgb(linear))


def _reduced(mosaic: NDArray[np.uint16], pattern: bytes, black: tuple[int, ...], cells: int) -> NDArray[np.float64]:
    """Mean red, green and blue (last axis) above black of each square of ``cells`` by ``cells`` patterns."""
    height, width = (side // (2 * cells) for side in mosaic.shape)
    colours: NDArray[np.float64] = np.zeros((height, width, 3))
    for place, colour in enumerate(pattern):
        row, column = divmod(place, 2)
        plane = mosaic[row::2, column::2][: height * cells, : width * cells]
        means = plane.reshape(height, cells, width, cells).mean((1, 3))
        colours[..., colour] += (means - black[place]) / pattern.count(colour)
    return colours


def _to_srgb(linear: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Linear light from 0 to 1 as sRGB (IEC 61966-2-1)."""
    light = linear.clip(0, 1)
    curved = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return (curved * 255 + 0.5).astype(np.uint8)
