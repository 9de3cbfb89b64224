"""The simulated slide: tiles of stained tissue, drawn when they are looked at."""

import numpy as np

from hw.drivers.simulated.grid import TILE_PX
from hw.drivers.simulated.tissue import Painter
from hw.types import Plane

MAX_TILES = 320
"""Bound of the tile cache; a tile is 216 KiB."""

_Tile = tuple[Plane, Plane, Plane]


class Slide:
    """A 20 x 20 mm slide, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._painter = Painter(seed)
        self._tiles: dict[tuple[int, int, int], _Tile] = {}

    def read(self, level: int, left: int, top: int, width: int, height: int) -> _Tile:
        """The rectangle (pixels of ``level``, all even) as Y and half-size U and V planes.

        A pixel of level ``n`` is ``BASE_UM_PER_PX * 2 ** n`` um wide; pixel (0, 0) begins at the slide's
        origin.
        """
        y = np.empty((height, width), np.uint8)
        u, v = np.empty((2, height // 2, width // 2), np.uint8)
        for j in range(top // TILE_PX, (top + height - 1) // TILE_PX + 1):
            for i in range(left // TILE_PX, (left + width - 1) // TILE_PX + 1):
                tile = self._tile(level, i, j)
                for into, part, shrink in zip((y, u, v), tile, (1, 2, 2), strict=True):
                    rows = _overlap(top // shrink, height // shrink, j, TILE_PX // shrink)
                    columns = _overlap(left // shrink, width // shrink, i, TILE_PX // shrink)
                    into[rows[0], columns[0]] = part[rows[1], columns[1]]
        return y, u, v

    @property
    def tiles_held(self) -> int:
        """How many tiles the cache holds now, at most ``MAX_TILES``."""
        return len(self._tiles)

    def _tile(self, level: int, i: int, j: int) -> _Tile:
        key = (level, i, j)
        # A dict keeps its order of insertion: what was used longest ago stands first.
        tile = self._tiles.pop(key, None) or self._painter.tile(level, i, j)
        self._tiles[key] = tile
        if len(self._tiles) > MAX_TILES:
            del self._tiles[next(iter(self._tiles))]
        return tile


def _overlap(start: int, length: int, tile: int, size: int) -> tuple[slice, slice]:
    """Where tile number ``tile`` lies in a stretch, and the part of the tile that lies in it."""
    first, last = max(start, tile * size), min(start + length, (tile + 1) * size)
    return slice(first - start, last - start), slice(first - tile * size, last - tile * size)
