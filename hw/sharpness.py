"""How sharp a picture is, as one number that grows towards focus."""

import math

import numpy as np
from numpy.typing import NDArray

from hw.types import Plane

_ROWS = 48
"""So many rows, spread over the picture, tell enough."""
_REACH = 4
"""Pixels over which a difference is taken: less sees nothing far from focus, more has a blunt peak."""
_APART = 2
"""Pixels from a difference to the one that it is multiplied with."""
_DARKEST = 8.0
"""Grey levels below which what varies is the sensor's noise."""


def focus_score(y: Plane) -> float | None:
    """The relative contrast of fine detail in per cent, of a luma plane ``(height, width)``; ``None`` in the dark.

    The squared gradient of Brenner et al. (J. Histochem. Cytochem. 24, 1976), along rows and columns, where each
    difference is multiplied not with itself but with its neighbour's, as Vollath's correlations do (J. Microsc. 147,
    1987): the noise of two pixels is independent, so it cancels, and far from focus the slope still shows. Divided by
    the mean brightness as in Groen et al. (Cytometry 6, 1985), so that neither lamp nor exposure is taken for focus.
    """
    if min(y.shape) <= _REACH + _APART:
        return None
    last, every = y.shape[0] - _REACH, max(1, y.shape[0] // _ROWS)
    rows, neighbours, below = (y[at : last + at : every].astype(np.int16) for at in (0, _APART, _REACH))
    brightness = float(rows.mean())
    if brightness < _DARKEST:
        return None
    across = _correlation(rows[:, _REACH:] - rows[:, :-_REACH], neighbours[:, _REACH:] - neighbours[:, :-_REACH])
    down = below - rows
    energy = across + _correlation(down[:, :-_APART], down[:, _APART:])
    return round(100 * math.sqrt(max(energy, 0.0)) / brightness, 3)


def _correlation(one: NDArray[np.int16], other: NDArray[np.int16]) -> float:
    """The mean product of two fields of differences."""
    # Cast piece by piece as it sums: fields of their own would cost five times as much.
    return float(np.einsum("ij,ij->", one, other, dtype=np.float32, casting="unsafe")) / one.size
