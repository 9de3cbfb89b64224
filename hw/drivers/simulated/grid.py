"""The geometry of one tile: pixels, the coarser knots on which smooth fields are computed, and places in um."""

import numpy as np

from hw.drivers.simulated.noise import Floats, Integers

BASE_UM_PER_PX = 0.25
TILE_PX = 384

KNOT_PX = 8
MARGIN = 6
"""Knots beyond the tile's edge: cells across the edge are judged alike from both sides."""
KNOTS = TILE_PX // KNOT_PX + 2 * MARGIN


_USED = slice(MARGIN - 2, KNOTS - MARGIN + 2)
"""The knots whose values reach a pixel of the tile."""


def cubic_weights(places: Floats, samples: Integers) -> Floats:
    """The (places, samples) matrix of Catmull-Rom interpolation; places are counted in samples."""
    away = np.abs(places[:, None] - samples[None, :])
    near = 1 - 2.5 * away**2 + 1.5 * away**3
    far = 2 - 4 * away + 2.5 * away**2 - 0.5 * away**3
    return np.where(away < 1, near, np.where(away < 2, far, 0)).astype(np.float32)


_WEIGHTS = cubic_weights((np.arange(TILE_PX) + 0.5) / KNOT_PX - 0.5 + MARGIN, np.arange(KNOTS)[_USED])
_WEIGHTS_T = np.ascontiguousarray(_WEIGHTS.T)
# In batches, none large enough for BLAS to wake its threads: on a busy machine it waits for them 50 times longer
# than the product takes.
_WEIGHTS = _WEIGHTS.reshape(TILE_PX // 8, 8, _WEIGHTS.shape[1])


class Grid:
    """Tile (i, j) of a level. Names that end in ``_k`` are (KNOTS, KNOTS) fields on the knots, here and elsewhere."""

    def __init__(self, level: int, i: int, j: int) -> None:
        self.level, self.i, self.j = level, i, j
        self.um = BASE_UM_PER_PX * 2**level
        self.knot_um = self.um * KNOT_PX
        self.left_um, self.top_um = i * TILE_PX * self.um, j * TILE_PX * self.um
        knots = (np.arange(KNOTS, dtype=np.float32) - MARGIN + 0.5) * np.float32(self.knot_um)
        self.x_k, self.y_k = knots[None, :] + np.float32(self.left_um), knots[:, None] + np.float32(self.top_um)

    def bounds(self, margin_um: float) -> tuple[float, float, float, float]:
        """Left, top, right and bottom (um) of the tile and a margin around it."""
        span = TILE_PX * self.um + margin_um
        return self.left_um - margin_um, self.top_um - margin_um, self.left_um + span, self.top_um + span

    def lattice(self, pitch_um: float, margin_um: float) -> tuple[Integers, Integers]:
        """The indices of all points of a square lattice on the tile and a margin around it."""
        left, top, right, bottom = (int(edge // pitch_um) for edge in self.bounds(margin_um))
        columns, rows = np.arange(left, right + 1), np.arange(top, bottom + 1)
        return np.tile(columns, len(rows)), np.repeat(rows, len(columns))

    def knots_at(self, field_k: Floats, x_um: Floats, y_um: Floats) -> Floats:
        """The knots of a field nearest to the given places."""
        column = np.clip(((x_um - self.left_um) / self.knot_um + MARGIN).astype(np.intp), 0, KNOTS - 1)
        row = np.clip(((y_um - self.top_um) / self.knot_um + MARGIN).astype(np.intp), 0, KNOTS - 1)
        nearest: Floats = field_k[row, column]
        return nearest

    def knot_indices(self, period: int, shift: int) -> tuple[Integers, Integers]:
        """Rows and columns of a seamless texture with one sample per knot of level 0, of this period."""
        knots = np.arange(KNOTS) - MARGIN
        step, per_tile = 2**self.level, TILE_PX // KNOT_PX
        rows, columns = (knots + self.j * per_tile) * step, (knots + self.i * per_tile) * step
        return (rows + 3 * shift) % period, (columns + shift) % period

    def pixels(self) -> tuple[Floats, Floats]:
        """Row and column of each pixel, counted from the slide's origin: (TILE_PX, 1) and (1, TILE_PX)."""
        count = np.arange(TILE_PX, dtype=np.float32)
        return (count + self.j * TILE_PX)[:, None], (count + self.i * TILE_PX)[None, :]


def to_pixels(field_k: Floats) -> Floats:
    """A field from the knots to the tile's pixels."""
    return (_WEIGHTS @ field_k[_USED, _USED] @ _WEIGHTS_T).reshape(TILE_PX, TILE_PX)
