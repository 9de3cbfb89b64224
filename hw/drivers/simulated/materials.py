"""What every tile of a slide is made from: maps, textures and the library of cells, made once from the seed."""

import numpy as np
from PIL import Image

from hw.drivers.simulated.anatomy import MAP_SIZE, MAP_UM, lay_out
from hw.drivers.simulated.cells import draw_cells, halved
from hw.drivers.simulated.grid import KNOTS, MARGIN, TILE_PX, Grid
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
        self._maps = {
            name: Image.fromarray(getattr(self.anatomy, name)) for name in self.anatomy.__slots__
        }
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

    def map_k(self, grid: Grid, name: str) -> Floats:
        """One map of the anatomy on the tile's knots."""
        scale, middle = grid.knot_um / MAP_UM, MAP_SIZE / 2
        highest = MAP_SIZE - KNOTS * scale
        left = min(max(grid.left_um / MAP_UM + middle - MARGIN * scale, 0), highest)
        top = min(max(grid.top_um / MAP_UM + middle - MARGIN * scale, 0), highest)
        box = (left, top, left + KNOTS * scale, top + KNOTS * scale)
        return np.asarray(self._maps[name].resize((KNOTS, KNOTS), Image.Resampling.BICUBIC, box=box))

    def rough_k(self, grid: Grid, which: int) -> Floats:
        """Field number ``which`` of unit variance that varies over 12 um."""
        return self._rough[np.ix_(*grid.knot_indices(TEXTURE_PX, 171 * which))]

    def sway_k(self, grid: Grid, which: int) -> Floats:
        """Field number ``which`` of unit variance that varies over 40 um."""
        return self._sway[np.ix_(*grid.knot_indices(TEXTURE_PX, 171 * which))]

    def grain(self, grid: Grid) -> Floats:
        """Fine granules of unit variance on the tile's pixels."""
        field = self._textures["grain"][grid.level]
        # The period of every texture is a whole number of tiles.
        left, top = grid.i * TILE_PX % len(field), grid.j * TILE_PX % len(field)
        return field[top : top + TILE_PX, left : left + TILE_PX]

    def bent(self, grid: Grid, down_um: Floats, side_um: Floats) -> tuple[Floats, Floats]:
        """Fibres (unit variance) and their net (0 to about 1), shifted by a sway that hides their period."""
        fibre, net = self._textures["fibre"][grid.level], self._textures["net"][grid.level]
        size = len(fibre)
        rows, columns = grid.pixels()
        rows = (down_um * np.float32(1 / grid.um) + rows).astype(np.int64) & (size - 1)
        columns = (side_um * np.float32(1 / grid.um) + columns).astype(np.int64) & (size - 1)
        index = rows * size + columns
        return np.take(fibre, index, mode="clip"), np.take(net, index, mode="clip")


def _halved(field: Floats) -> Floats:
    return (field[::2, ::2] + field[1::2, ::2] + field[::2, 1::2] + field[1::2, 1::2]) / np.float32(4)
