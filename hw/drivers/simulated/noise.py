"""Deterministic randomness of the slide: hashes of lattice points, smooth fields, seamless textures."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Floats = NDArray[np.floating[Any]]
Integers = NDArray[np.int64]

TEXTURE_PX = 1024
_WORD = (1 << 64) - 1


def uniform(ix: Integers, iy: Integers, salt: int) -> Floats:
    """Four independent numbers in [0, 1) for each lattice point, shape (4, n): the same for the same salt.

    The mixing is SplitMix64's (Steele, Lea and Flood 2014).
    """
    h = ix.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    h ^= iy.astype(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F) + np.uint64((salt + 1) * 0x165667B19E3779F9 & _WORD)
    h = (h ^ h >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    h = (h ^ h >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    h ^= h >> np.uint64(31)
    words = h.astype("<u8", copy=False).view("<u2").reshape(-1, 4)
    return words.T.astype(np.float32, order="C") * np.float32(1 / 65536)


def smooth(rng: np.random.Generator, cells: int, size: int) -> Floats:
    """A (size, size) field of about unit variance that varies over ``size / cells`` samples."""
    knots = rng.standard_normal((cells + 3, cells + 3), np.float32) * np.float32(1.4)
    box = (1.0, 1.0, cells + 1.0, cells + 1.0)
    return np.asarray(Image.fromarray(knots).resize((size, size), Image.Resampling.BICUBIC, box=box))


def texture(rng: np.random.Generator, sigma_x: float, sigma_y: float) -> Floats:
    """A seamless square of ``TEXTURE_PX`` with unit variance: white noise under a Gaussian of these widths."""
    white = np.fft.rfft2(rng.standard_normal((TEXTURE_PX, TEXTURE_PX), np.float32))
    across = np.exp(-2 * (np.pi * sigma_x * np.fft.rfftfreq(TEXTURE_PX)) ** 2).astype(np.float32)
    down = np.exp(-2 * (np.pi * sigma_y * np.fft.fftfreq(TEXTURE_PX)) ** 2).astype(np.float32)
    field: Floats = np.fft.irfft2(white * across * down[:, None])
    return np.asarray(field / field.std(), np.float32)


def to_bytes(field: Floats) -> NDArray[np.uint8]:
    """Whole numbers from 0 to 255: what lies beyond stays at the end of the scale."""
    limited: Floats = np.clip(field, 0, 255)
    return limited.astype(np.uint8)
