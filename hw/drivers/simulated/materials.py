"""What every tile of a slide is made from: maps, textures and the library of cells, made once from the seed."""

from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from hw.drivers.simulated.anatomy import MAP_SIZE, MAP_UM, lay_out
from hw.drivers.simulated.cells import draw_cells, halved
from hw.drivers.simulated.grid import TILE_PX, Grid, cubic_weights
from hw.drivers.simulated.noise import TEXTURE_PX, Floats, texture
from hw.drivers.simulated.stains import Stain

MAX_LEVEL = 2
"""The coarsest level that is painted; pictures of a lower scale are made smaller from it."""


class Materials:
    """The maps and libraries of one slide, and their views for one tile."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng((seed, 2))
        self.seed = seed
        self.anatomy = lay_out(seed)
        self.stain = Stain()
        self._names = tuple(item.name for item in fields(self.anatomy) if item.name != "bubbles")
        self._maps = np.stack([getattr(self.anatomy, name) for name in self._names])
        self._rough = texture(rng, 6, 6)
        self._sway = texture(rng, 20, 20)
        grain = texture(rng, 1.7, 1.7)
        fibre = 0.75 * texture(rng, 26, 2.6) + 0.65 * texture(rng, 60, 9)
        net = np.exp(-((texture(rng, 7, 5) / np.float32(0.33)) ** 2)) + 0.25 * grain
        self.stamps = [draw_cells(rng, grain)]
        self._textures = {"grain": [grain], "fibre": [fibre], "net": [net]}
        for _ in range(MAX_LEVEL):
            self.stamps.append({kind: halved(stamp) for kind, stamp in self.stamps[-1].items()})
            for pyramid in self._textures.values():
                pyramid.append(_halved(pyramid[-1]))
        # Repeated by one tile, so that every window of it is in one piece.
        self._textures["grain"] = [np.pad(field, (0, TILE_PX), mode="wrap") for field in self._textures["grain"]]

    def maps_k(self, grid: Grid) -> dict[str, Floats]:
        """All maps of the anatomy on the tile's knots."""
        columns, across = _window(grid.x_k.ravel())
        rows, down = _window(grid.y_k.ravel())
        return dict(zip(self._names, down @ self._maps[:, rows, columns] @ across.T, strict=True))

    def rough_k(self, grid: Grid, which: int) -> Floats:
        """Field number ``which`` of unit variance that varies over 12 um."""
        return self._shifted(self._rough, grid, which)

    def sway_k(self, grid: Grid, which: int) -> Floats:
        """Field number ``which`` of unit variance that varies over 40 um."""
        return self._shifted(self._sway, grid, which)

    def grain(self, grid: Grid) -> Floats:
        """Fine granules of unit variance on the tile's pixels."""
        field = self._textures["grain"][grid.level]
        size = len(field) - TILE_PX
        left, top = grid.i * TILE_PX % size, grid.j * TILE_PX % size
        part: Floats = field[top : top + TILE_PX, left : left + TILE_PX]
        return part

    def bent(self, grid: Grid, down_um: Floats, side_um: Floats) -> NDArray[np.int64]:
        """Where the pixels of a tile lie in ``fibre`` and ``net``, after a sway (um) that hides their period."""
        size = TEXTURE_PX >> grid.level
        rows, columns = grid.pixels()
        bent_rows = (down_um * np.float32(1 / grid.um) + rows).astype(np.int64) & (size - 1)
        bent_columns = (side_um * np.float32(1 / grid.um) + columns).astype(np.int64) & (size - 1)
        return bent_rows * size + bent_columns

    def fibre(self, grid: Grid, bent: NDArray[np.int64]) -> Floats:
        """Fibres along x, of unit variance."""
        return np.take(self._textures["fibre"][grid.level], bent, mode="clip")

    def net(self, grid: Grid, bent: NDArray[np.int64]) -> Floats:
        """A net of thin strands, 0 to about 1."""
        return np.take(self._textures["net"][grid.level], bent, mode="clip")

    @staticmethod
    def _shifted(field: Floats, grid: Grid, which: int) -> Floats:
        """Other fields of the same kind are other places of one texture."""
        rows, columns = grid.knot_indices(TEXTURE_PX, 171 * which)
        shifted: Floats = field[rows[:, None], columns]
        return shifted


def _window(places_um: Floats) -> tuple[slice, Floats]:
    """The part of a map's axis around these places, and the weights of its samples for each of them."""
    places = np.clip(places_um / MAP_UM + (MAP_SIZE / 2 - 0.5), 2, MAP_SIZE - 3)
    first, last = int(places[0]) - 1, int(places[-1]) + 3
    return slice(first, last), cubic_weights(places, np.arange(first, last))


def _halved(field: Floats) -> Floats:
    return (field[::2, ::2] + field[1::2, ::2] + field[::2, 1::2] + field[1::2, 1::2]) / np.float32(4)
