"""The picture that the virtual camera sees: a stained section with four colour labels, drawn by code."""

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

FOLDER = Path("/tmp/eyepiece-specimen")
"""Where ``virtual.yaml`` looks for it."""
WIDTH, HEIGHT = 1280, 720
"""As the live picture: libcamera's own scaling loses some colour."""
LABELS = {(0, 0): (200, 30, 40), (0, 1): (40, 160, 60), (1, 0): (40, 60, 190), (1, 1): (220, 200, 60)}
"""The colour of each corner, (bottom?, right?): a swapped channel or plane shows at once."""


@cache
def draw() -> NDArray[np.uint8]:
    """The specimen: RGB, ``uint8``, shape (``HEIGHT``, ``WIDTH``, 3)."""
    height, width = HEIGHT, WIDTH
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = x / width, y / height
    tissue = 0.5 + 0.25 * np.sin(9 * x + 2 * np.sin(5 * y)) + 0.25 * np.cos(7 * y - 3 * x)
    picture = np.stack([235 - 25 * tissue, 205 - 75 * tissue, 222 - 35 * tissue], axis=-1)
    rng = np.random.default_rng(7)
    for _ in range(120):
        centre_x, centre_y, radius = rng.uniform(0, 1), rng.uniform(0, 1), rng.uniform(0.008, 0.02)
        distance = np.hypot(x - centre_x, (y - centre_y) * height / width) / radius
        nucleus = np.clip(2.5 - 2 * distance, 0, 1)[..., None]
        picture = picture * (1 - nucleus) + np.array([92, 62, 140]) * nucleus
    for (bottom, right), colour in LABELS.items():
        rows = slice(int(height * 0.8), None) if bottom else slice(0, int(height * 0.2))
        columns = slice(int(width * 0.8), None) if right else slice(0, int(width * 0.2))
        picture[rows, columns] = colour
    return picture.round().astype(np.uint8)


def write() -> None:
    """Put it where the virtual camera looks, which stretches it to every picture size."""
    FOLDER.mkdir(exist_ok=True)
    Image.fromarray(draw()).save(FOLDER / "0.jpg", quality=95, subsampling=0)
