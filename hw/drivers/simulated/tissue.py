"""The painter of tissue: one tile of the slide at a time, from the anatomy down to the chromatin."""

from dataclasses import dataclass

import numpy as np

from hw.drivers.simulated.canvas import Canvas
from hw.drivers.simulated.cells import Kind
from hw.drivers.simulated.grid import KNOTS, TILE_PX, Grid, to_pixels
from hw.drivers.simulated.materials import Materials
from hw.drivers.simulated.noise import Floats, uniform
from hw.drivers.simulated.rings import Family, Rings, rings_near
from hw.types import Plane

_MUCOSA_UM = 690.0
_COAT_UM, _OUTER_COAT_UM = 1290.0, 820.0
_SURFACE_CELL_UM = 25.0
_CRYPTS = Family(salt=11, pitch=(88.0, 114.0), half_axes=(37.0, 49.0), spread=0.26, lining_um=(23.0, 31.0))
_VESSELS = Family(salt=21, pitch=(330.0, 280.0), half_axes=(52.0, 40.0), spread=1.1, lining_um=(6.0, 17.0))
_SLOTS = 64
_TURN = np.float32(2 * np.pi)


@dataclass(slots=True)
class _Layers:
    """How much of each tissue there is on the knots of a tile, 0 to 1, and distances inside structures (um)."""

    inside: Floats
    mucosa: Floats
    submucosa: Floats
    muscle: Floats
    outer: Floats
    fat: Floats
    lymphoid: Floats
    surface: Floats
    crypt: Floats
    lumen: Floats
    vessel: Floats
    blood: Floats


class Painter:
    """Paints tiles of one slide. The same tile of the same seed is always the same."""

    def __init__(self, seed: int) -> None:
        self._materials = Materials(seed)

    def tile(self, level: int, i: int, j: int) -> tuple[Plane, Plane, Plane]:
        """Tile (i, j) of ``level`` as Y, U and V: ``TILE_PX`` pixels of ``BASE_UM_PER_PX * 2 ** level`` um."""
        materials = self._materials
        grid = Grid(level, i, j)
        canvas = Canvas(grid, materials.stamps[level], materials.seed)
        inside_k = materials.map_k(grid, "inside") + 9 * materials.rough_k(grid, 0)
        if inside_k.max() < -grid.knot_um:
            h = e = np.ones((TILE_PX, TILE_PX), np.float32)
        else:
            crypts, vessels = self._crypts(grid), self._vessels(grid)
            layers = self._layers(grid, inside_k, crypts, vessels)
            h, e = self._ground(grid, layers)
            _populate(canvas, layers)
            self._line(canvas, crypts)
            h, e = canvas.over(h, e)
            # Beyond the outline is glass; where the section lies double, twice the dye.
            thick = _step(to_pixels(inside_k) / 1.5)
            folded_k = materials.map_k(grid, "folded")
            if folded_k.max() > 0:
                thick *= 1 + 0.8 * to_pixels(np.clip(folded_k, 0, 1))
            h, e = h * thick + 1, e * thick + 1
            canvas = Canvas(grid, materials.stamps[level], materials.seed)
        canvas.scatter(Kind.SPECK, 160.0, np.full((KNOTS, KNOTS), 0.3, np.float32))
        h, e = canvas.over(h, e)
        return materials.stain.planes(_bytes(h), _bytes(e))

    def _layers(self, grid: Grid, inside_k: Floats, crypts: Rings, vessels: Rings) -> _Layers:
        m = self._materials
        depth = m.map_k(grid, "depth")
        deep = depth + 14 * m.sway_k(grid, 1)
        wall = m.map_k(grid, "wall") + 12 * m.sway_k(grid, 2)
        mucosa = _step((_MUCOSA_UM - deep) / 12)
        own_muscle = np.exp(-(((deep - _MUCOSA_UM - 24) / 20) ** 2)) * (wall < 0)
        muscle = np.maximum(_step(wall / 14) * _step((_COAT_UM - wall) / 14), own_muscle)
        fat = _step((wall - _COAT_UM - 50 + 40 * m.sway_k(grid, 4)) / 30)
        crypt, lumen = crypts.distance(grid.x_k, grid.y_k)
        vessel, blood = vessels.distance(grid.x_k, grid.y_k)
        return _Layers(
            inside=inside_k,
            mucosa=mucosa,
            submucosa=np.clip(1 - mucosa - muscle - fat, 0, 1),
            muscle=muscle,
            outer=_step((wall - _OUTER_COAT_UM) / 20) * muscle,
            fat=fat,
            lymphoid=np.clip(m.map_k(grid, "lymphoid") * 3 + 0.5 * m.rough_k(grid, 3), 0, 1) * (wall < 0),
            # The free surface is that part of the outline to which the mucosa is nearest.
            surface=_SURFACE_CELL_UM - inside_k - 3 * np.maximum(depth - inside_k - 25, 0),
            crypt=crypt,
            lumen=lumen,
            vessel=vessel,
            blood=blood,
        )

    def _ground(self, grid: Grid, of: _Layers) -> tuple[Floats, Floats]:
        """Everything but the cells: haematoxylin and eosin on the pixels."""
        m = self._materials
        still = 1 - 0.75 * of.muscle
        down = (9 * m.sway_k(grid, 6) + 14 * np.sin(grid.x_k / 71 + 1.7 * np.sin(grid.y_k / 173))) * still
        fibres, net = m.bent(grid, to_pixels(down), to_pixels(14 * m.sway_k(grid, 7)))
        wall_of_vessel = np.clip(of.vessel / 4, 0, 1)
        pink = 38 * of.mucosa + 66 * of.submucosa + 112 * of.muscle + 6 * of.fat + 3 * m.rough_k(grid, 5)
        pink = pink * (1 - 0.4 * of.lymphoid) + (104 - pink) * 0.8 * wall_of_vessel
        blue = 13 * of.mucosa + 4 * of.submucosa + 14 * of.muscle + 26 * of.lymphoid
        along = 6 * of.mucosa + 30 * of.submucosa + 15 * (of.muscle - of.outer)
        meshed = 30 * of.mucosa + 14 * of.submucosa - 34 * of.outer
        e = to_pixels(pink) + to_pixels(along) * fibres + to_pixels(meshed) * net
        h = to_pixels(blue) + 2 * fibres
        if of.submucosa.max() > 0.02 or of.muscle.max() > 0.02:
            intact = 1 - 0.9 * _step((np.abs(fibres) - 2.2) * 2.5) * to_pixels(of.submucosa + 0.3 * of.muscle)
            e, h = e * intact, h * intact
        if of.fat.max() > 0.02:
            e += to_pixels(of.fat * 95) * self._membranes(grid)
        grain = m.grain(grid)
        lining = np.maximum(of.crypt, of.surface)
        if lining.max() > -grid.knot_um:
            cell = _step(to_pixels(lining) / 1.2)
            e += cell * (66 + 9 * grain - e)
            h += cell * (25 + 4 * grain - h)
        for hole_k, content in ((of.lumen, 6.0), (of.blood, 26.0)):
            if hole_k.max() > -grid.knot_um:
                deep = to_pixels(hole_k)
                # The brush border: a thin darker line where the cells end.
                e += 30 * np.maximum(1 - np.abs(deep + 1), 0)
                hole = _step(deep)
                e += hole * (content - e)
                h += hole * (2 + grain - h)
        return h, e

    def _crypts(self, grid: Grid) -> Rings:
        rings = rings_near(_CRYPTS, *grid.bounds(20 * grid.um))
        at = self._materials.anatomy
        depth, inside = at.at(at.depth, rings.x_um, rings.y_um), at.at(at.inside, rings.x_um, rings.y_um)
        lymphoid = at.at(at.lymphoid, rings.x_um, rings.y_um)
        fits = (depth > 70) & (depth < _MUCOSA_UM - 50) & (inside > 70) & (lymphoid < 0.1)
        return rings.keep(fits & (rings.chance < 0.96))

    def _vessels(self, grid: Grid) -> Rings:
        rings = rings_near(_VESSELS, *grid.bounds(20 * grid.um))
        at = self._materials.anatomy
        depth, wall = at.at(at.depth, rings.x_um, rings.y_um), at.at(at.wall, rings.x_um, rings.y_um)
        inside = at.at(at.inside, rings.x_um, rings.y_um)
        between = ((depth > _MUCOSA_UM + 110) & (wall < -70)) | (wall > _COAT_UM + 110)
        return rings.keep(between & (inside > 90) & (rings.chance < 0.8))

    def _line(self, canvas: Canvas, crypts: Rings) -> None:
        """The lining of the crypts: cell borders, mucin and nuclei, each in its place around the lumen."""
        if not len(crypts.x_um):
            return
        slots = np.arange(_SLOTS)
        ix = np.repeat((crypts.x_um * 16).astype(np.int64), _SLOTS)
        iy = ((crypts.y_um * 16).astype(np.int64)[:, None] * _SLOTS + slots).ravel()
        a, b, c, d = uniform(ix, iy, self._materials.seed + 31).reshape(4, -1, _SLOTS)
        count = np.rint((crypts.half_x + crypts.half_y) * np.float32(np.pi / 5.6))[:, None]
        here = slots < count
        goblet = here & (b < 0.45)
        dividing = here & (d < 0.006)
        angles = (slots + 0.5 * (a - 0.5)) * _TURN / count
        for kind, inset_um, shift, which, chance in (
            (Kind.BORDER, 12 + 0 * b, 0.5, here, c),
            (Kind.GOBLET, 14.5 + 3 * c, 0.35, goblet, d),
            (Kind.MITOSIS, 13 + 4 * c, 0.0, dividing, b),
            (Kind.COLUMNAR, 6.2 + 2.0 * c + 5 * (b > 0.92), 0.0, here & ~dividing, d),
        ):
            x, y, outwards = crypts.along(inset_um, angles + shift * _TURN / count)
            canvas.stamp(kind, x[which], y[which], outwards[which], chance[which])

    def _membranes(self, grid: Grid) -> Floats:
        """Fat: thin walls between large empty cells, where the second nearest centre is as near as the nearest."""
        pitch_um = 64.0
        ix, iy = grid.lattice(pitch_um, pitch_um + 20 * grid.um)
        a, b, _, _ = uniform(ix, iy, self._materials.seed + 61)
        nearest = np.full((KNOTS, KNOTS), 1e9, np.float32)
        second = nearest.copy()
        for x, y in zip((ix + 0.15 + 0.7 * a) * pitch_um, (iy + 0.15 + 0.7 * b) * pitch_um, strict=True):
            away = np.hypot(grid.x_k - np.float32(x), grid.y_k - np.float32(y))
            np.minimum(second, np.maximum(nearest, away), out=second)
            np.minimum(nearest, away, out=nearest)
        return np.maximum(1 - to_pixels(second - nearest) / np.float32(2.2 + grid.um), 0)


def _populate(canvas: Canvas, of: _Layers) -> None:
    """The cells that lie free in the tissue, as densely as each layer has them."""
    free = (of.crypt < -3.5) & (of.surface < -3.5) & (of.inside > 5) & (of.vessel < -3)
    stroma = of.mucosa * free * (1 - 0.9 * of.lymphoid)
    lymphoid = of.lymphoid * free
    loose = of.submucosa * free
    along = of.muscle * free
    canvas.scatter(Kind.LARGE, 17.0, stroma * 0.3 + lymphoid * 0.5 + loose * 0.06)
    canvas.scatter(Kind.PLASMA, 12.0, stroma * 0.62)
    canvas.scatter(Kind.LYMPHOCYTE, 8.2, stroma * 0.24 + lymphoid * 0.97 + loose * 0.006)
    canvas.scatter(Kind.EOSINOPHIL, 26.0, stroma * 0.4)
    canvas.scatter(Kind.SPINDLE, 12.5, stroma * 0.4 + loose * 0.14 + (along - of.outer * free) * 0.6, spread=0.7)
    canvas.scatter(Kind.LYMPHOCYTE, 14.0, of.outer * free * 0.4)
    canvas.scatter(Kind.ERYTHROCYTE, 6.2, (of.blood > 2.5) * 0.85 + stroma * 0.025)
    canvas.scatter(Kind.SPINDLE, 9.0, (np.abs(of.vessel - 3) < 4) * 0.5)
    edge = (np.abs(of.surface - 8.5) < 2.9) & (of.inside > 5)
    canvas.scatter(Kind.COLUMNAR, 5.3, edge * 0.92, direction=np.pi / 2, spread=0.6)


def _step(field: Floats) -> Floats:
    """A soft edge: 0 below -0.5, 1 above 0.5."""
    return np.clip(field + np.float32(0.5), 0, 1)


def _bytes(field: Floats) -> Plane:
    return np.clip(field, 0, 255).astype(np.uint8)
