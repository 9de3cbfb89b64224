"""Where cells are stamped: layers of dye over one tile."""

import numpy as np
from numpy.typing import NDArray

from hw.drivers.simulated.cells import Kind, Stamp
from hw.drivers.simulated.grid import TILE_PX, Grid
from hw.drivers.simulated.noise import Floats, uniform

_PAD = 96
"""Pixels around the tile, as many as the largest stamp has: a stamp that touches the tile always fits."""
_CORE = np.s_[_PAD : _PAD + TILE_PX, _PAD : _PAD + TILE_PX]
_REACH_PX = 48


class Canvas:
    """The cells of one tile, as dye to add (``haematoxylin``, ``eosin``) and ``mucin`` that washes the ground out."""

    def __init__(self, grid: Grid, stamps: dict[Kind, Stamp], seed: int) -> None:
        self._grid = grid
        self._stamps = stamps
        self._seed = seed
        self._layers = {
            name: np.zeros((TILE_PX + 2 * _PAD,) * 2, np.uint16) for name in ("haematoxylin", "eosin", "mucin")
        }

    def scatter(self, kind: Kind, pitch_um: float, density_k: Floats, direction: float = 0.0, spread: float = 3.14) -> None:
        """Cells on a jittered lattice, each there with the probability that ``density_k`` has at its place.

        They point along ``direction`` (radians) give or take half of ``spread``.
        """
        if density_k.max() <= 0:
            return
        ix, iy = self._grid.lattice(pitch_um, _REACH_PX * self._grid.um)
        a, b, c, d = uniform(ix, iy, self._seed * 64 + kind + int(pitch_um * 977) * 131)
        x, y = (ix + 0.1 + 0.8 * a) * np.float32(pitch_um), (iy + 0.1 + 0.8 * b) * np.float32(pitch_um)
        here = c < self._grid.knots_at(density_k, x, y)
        self.stamp(kind, x[here], y[here], direction + (d[here] - 0.5) * spread, (d[here] * 61) % 1)

    def stamp(self, kind: Kind, x_um: Floats, y_um: Floats, angle: Floats, chance: Floats) -> None:
        """Cells of one kind, centred at these places."""
        stamp = self._stamps[kind]
        size, grid = stamp.size, self._grid
        left = np.rint((x_um - grid.left_um) / grid.um).astype(np.intp) + _PAD - size // 2
        top = np.rint((y_um - grid.top_um) / grid.um).astype(np.intp) + _PAD - size // 2
        near = (left > _PAD - size) & (top > _PAD - size) & (left < _PAD + TILE_PX) & (top < _PAD + TILE_PX)
        chosen = stamp.choose(angle[near], chance[near]).tolist()
        places = list(zip(chosen, left[near].tolist(), top[near].tolist(), strict=True))
        for name, layer in self._layers.items():
            pictures: NDArray[np.uint16] | None = getattr(stamp, name)
            if pictures is not None:
                for which, x, y in places:
                    layer[y : y + size, x : x + size] += pictures[which]

    def over(self, haematoxylin: Floats, eosin: Floats) -> tuple[Floats, Floats]:
        """The ground's dyes with all cells on them."""
        left = np.float32(1) - np.minimum(self._layers["mucin"][_CORE], 256) * np.float32(1 / 256)
        return haematoxylin * left + self._layers["haematoxylin"][_CORE], eosin * left + self._layers["eosin"][_CORE]
