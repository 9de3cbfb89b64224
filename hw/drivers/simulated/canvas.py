"""Where cells are stamped: layers of dye over one tile."""

import numpy as np
from numpy.typing import NDArray

from hw.drivers.simulated.cells import Kind, Stamp
from hw.drivers.simulated.grid import TILE_PX, Grid
from hw.drivers.simulated.noise import Floats, uniform

_PAD = 96
"""Pixels around the tile, as many as the largest stamp has: a stamp that touches the tile always fits."""
_CORE = np.s_[_PAD : _PAD + TILE_PX, _PAD : _PAD + TILE_PX]


class Canvas:
    """The cells of one tile, as dye to add (``haematoxylin``, ``eosin``) and ``mucin`` that washes the ground out."""

    def __init__(self, grid: Grid, stamps: dict[Kind, Stamp], seed: int) -> None:
        self._grid = grid
        self._stamps = stamps
        self._seed = seed
        self._layers: dict[str, NDArray[np.uint16]] = {}

    def scatter(
        self, kind: Kind, pitch_um: float, density_k: Floats, direction: Floats | float = 0.0, spread: float = 3.14
    ) -> None:
        """Cells on a jittered lattice, each there with the probability that ``density_k`` has at its place.

        They point along ``direction`` (radians, one or a field on the knots) give or take half of ``spread``.
        """
        if density_k.max() <= 0:
            return
        ix, iy = self._grid.lattice(pitch_um, self._stamps[kind].size / 2 * self._grid.um)
        a, b, c, d = uniform(ix, iy, self._seed * 64 + kind + int(pitch_um * 977) * 131)
        x, y = (ix + 0.1 + 0.8 * a) * np.float32(pitch_um), (iy + 0.1 + 0.8 * b) * np.float32(pitch_um)
        here = c < self._grid.knots_at(density_k, x, y)
        x, y, d = x[here], y[here], d[here]
        if isinstance(direction, np.ndarray):
            direction = self._grid.knots_at(direction, x, y)
        self.stamp(kind, x, y, direction + (d - 0.5) * np.float32(spread), (d * 61) % 1)

    def stamp(self, kind: Kind, x_um: Floats, y_um: Floats, angle: Floats, chance: Floats) -> None:
        """Cells of one kind, centred at these places."""
        stamp = self._stamps[kind]
        size, grid = stamp.size, self._grid
        left = np.rint((x_um - grid.left_um) / grid.um).astype(np.intp) + _PAD - size // 2
        top = np.rint((y_um - grid.top_um) / grid.um).astype(np.intp) + _PAD - size // 2
        near = (left > _PAD - size) & (top > _PAD - size) & (left < _PAD + TILE_PX) & (top < _PAD + TILE_PX)
        chosen = stamp.choose(angle[near], chance[near]).tolist()
        places = list(zip(chosen, left[near].tolist(), top[near].tolist(), strict=True))
        for name, pictures in stamp.layers.items():
            if places and name not in self._layers:
                self._layers[name] = np.zeros((TILE_PX + 2 * _PAD,) * 2, np.uint16)
            for which, x, y in places:
                # Not `layer[...] += picture`, which would copy the sum onto itself once more.
                under = self._layers[name][y : y + size, x : x + size]
                np.add(under, pictures[which], out=under)

    def over(self, haematoxylin: Floats, eosin: Floats) -> tuple[Floats, Floats]:
        """The ground's dyes with all cells on them."""
        if "mucin" in self._layers:
            left = np.float32(1) - np.minimum(self._layers["mucin"][_CORE], 256) * np.float32(1 / 256)
            haematoxylin, eosin = haematoxylin * left, eosin * left
        if "haematoxylin" in self._layers:
            haematoxylin = haematoxylin + self._layers["haematoxylin"][_CORE]
        if "eosin" in self._layers:
            eosin = eosin + self._layers["eosin"][_CORE]
        return haematoxylin, eosin
