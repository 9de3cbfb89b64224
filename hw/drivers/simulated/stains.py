"""The colours of haematoxylin and eosin: amounts of two dyes to YUV, by the Beer-Lambert law."""

import numpy as np

from hw.drivers.simulated.noise import to_bytes
from hw.types import Plane

_GLASS = np.array([242.0, 240.0, 241.0])
# Absorbance per channel (red, green, blue) of one unit of dye, near the vectors that Macenko et al. (2009) found.
_HAEMATOXYLIN = np.array([0.600, 0.735, 0.365]) * 1.55
_EOSIN = np.array([0.085, 0.800, 0.360]) * 0.90
_ERYTHROCYTE = np.array([0.070, 0.800, 0.720]) * 0.92
_RED_FROM, _RED_TO = 0.54, 0.72
"""Where the eosin scale turns from pink to the orange red of erythrocytes, which no other tissue reaches."""


class Stain:
    """Tables from dye (haematoxylin and eosin, 0 to 255 each) to full-range BT.601 Y, U and V."""

    def __init__(self) -> None:
        dye = np.linspace(0.0, 1.0, 256)
        red = np.clip((dye - _RED_FROM) / (_RED_TO - _RED_FROM), 0, 1)[:, None]
        eosin = dye[:, None] * ((1 - red) * _EOSIN + red * _ERYTHROCYTE)
        haematoxylin = dye[:, None] * _HAEMATOXYLIN
        rgb = _GLASS * 10.0 ** -(haematoxylin[:, None, :] + eosin[None, :, :])
        red_, green, blue = rgb.reshape(-1, 3).T
        luma = 0.299 * red_ + 0.587 * green + 0.114 * blue
        self._y = to_bytes(luma + 0.5)
        self._u = to_bytes(128.5 + 0.564 * (blue - luma))
        self._v = to_bytes(128.5 + 0.713 * (red_ - luma))

    def planes(self, haematoxylin: Plane, eosin: Plane) -> tuple[Plane, Plane, Plane]:
        """Y of the dyes' shape, U and V of half of it in both directions."""
        index = haematoxylin.astype(np.intp) << 8 | eosin
        # Cells are smooth over two pixels, so that one of four stands for its neighbours' colour.
        coarse = index[::2, ::2]
        return np.take(self._y, index), np.take(self._u, coarse), np.take(self._v, coarse)
