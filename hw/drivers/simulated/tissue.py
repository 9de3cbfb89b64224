"""The painter of tissue: one tile of the slide at a time, from the anatomy down to the chromatin."""

from dataclasses import dataclass

import numpy as np

from hw.drivers.simulated.canvas import Canvas
from hw.drivers.simulated.cells import Kind
from hw.drivers.simulated.grid import KNOTS, TILE_PX, Grid, to_pixels
from hw.drivers.simulated.materials import Materials
from hw.drivers.simulated.noise import Floats, to_bytes, uniform
from hw.drivers.simulated.rings import Family, Rings, rings_near
from hw.types import Plane

_MUCOSA_UM = 690.0
_COAT_UM, _OUTER_COAT_UM = 1290.0, 820.0
_SURFACE_CELL_UM = 25.0
_CRYPTS = Family(salt=11, pitch=(86.0, 110.0), half_axes=(37.0, 49.0), spread=0.26, lining_um=(23.0, 31.0))
_VESSELS = Family(salt=21, pitch=(330.0, 280.0), half_axes=(52.0, 40.0), spread=1.1, lining_um=(6.0, 17.0))
_SLOTS = 64
_RIM_UM = 26.0
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
        maps = materials.maps_k(grid)
        inside_k = maps["inside"] + 4 * materials.rough_k(grid, 0) + 8 * materials.sway_k(grid, 0)
        if inside_k.max() < -grid.knot_um:
            blank: Floats = np.ones((TILE_PX, TILE_PX), np.float32)
            h = e = blank
        else:
            canvas = Canvas(grid, materials.stamps[level], materials.seed)
            crypts, vessels = self._crypts(grid), self._vessels(grid)
            layers = self._layers(grid, maps, inside_k, crypts, vessels)
            h, e = self._ground(grid, layers, maps["tone"])
            _populate(canvas, layers)
            self._line(canvas, crypts)
            self._pave(canvas, vessels)
            h, e = canvas.over(h, e)
            # Beyond the outline is glass; where the section lies double, twice the dye.
            thick = _step(to_pixels(inside_k) / 1.5)
            if maps["folded"].max() > 0:
                thick *= 1 + 0.8 * to_pixels(np.clip(maps["folded"], 0, 1))
            h, e = h * thick + 1, e * thick + 1
        dirt = Canvas(grid, materials.stamps[level], materials.seed)
        dirt.scatter(Kind.SPECK, 160.0, np.full((KNOTS, KNOTS), 0.3, np.float32))
        h, e = dirt.over(h, e)
        planes = materials.stain.planes(to_bytes(h), to_bytes(e))
        for x_um, y_um, radius_um in materials.anatomy.bubbles:
            from_rim_k = np.hypot(grid.x_k - x_um, grid.y_k - y_um) - radius_um
            if np.abs(from_rim_k).min() < _RIM_UM:
                planes = _rimmed(planes, to_pixels(from_rim_k))
        return planes

    def _layers(self, grid: Grid, maps: dict[str, Floats], inside_k: Floats, crypts: Rings, vessels: Rings) -> _Layers:
        m = self._materials
        depth = maps["depth"]
        deep = depth + 14 * m.sway_k(grid, 1)
        wall = maps["wall"] + 12 * m.sway_k(grid, 2)
        mucosa = _step((_MUCOSA_UM - deep) / 12)
        own_muscle = np.exp(-(((deep - _MUCOSA_UM - 32) / 26) ** 2)) * (wall < 0)
        muscle = np.maximum(_step(wall / 14) * _step((_COAT_UM - wall) / 14), own_muscle)
        fat = _step((wall - _COAT_UM - 25 + 25 * m.sway_k(grid, 4)) / 9)
        crypt, lumen = crypts.distance(grid.x_k, grid.y_k)
        vessel, blood = vessels.distance(grid.x_k, grid.y_k)
        return _Layers(
            inside=inside_k,
            mucosa=mucosa,
            submucosa=np.clip(1 - mucosa - muscle - fat, 0, 1),
            muscle=muscle,
            outer=_step((wall - _OUTER_COAT_UM) / 20) * muscle,
            fat=fat,
            lymphoid=np.clip(maps["lymphoid"] * 3 + 0.5 * m.rough_k(grid, 3), 0, 1) * (wall < 0),
            # The free surface is that part of the outline to which the mucosa is nearest.
            surface=_SURFACE_CELL_UM - inside_k - 3 * np.maximum(depth - maps["inside"] - 50, 0),
            crypt=crypt,
            lumen=lumen,
            vessel=vessel,
            blood=blood,
        )

    def _ground(self, grid: Grid, of: _Layers, tone: Floats) -> tuple[Floats, Floats]:
        """Everything but the cells: haematoxylin and eosin on the pixels."""
        m = self._materials
        still = 1 - 0.75 * of.muscle
        down = (9 * m.sway_k(grid, 6) + 14 * np.sin(grid.x_k / 71 + 1.7 * np.sin(grid.y_k / 173))) * still
        bent = m.bent(grid, to_pixels(down), to_pixels(14 * m.sway_k(grid, 7)))
        wall_of_vessel = np.clip(of.vessel / 4, 0, 1)
        # Bundles of muscle lie apart along winding seams.
        seams = np.maximum(1 - np.abs(m.sway_k(grid, 8)) * 9, 0) * of.outer
        pink = 40 * of.mucosa + 56 * of.submucosa + 90 * of.muscle - 55 * seams + 3 * of.fat
        pink = (pink + 3 * m.rough_k(grid, 5)) * (1 - 0.4 * of.lymphoid) * (1 + 0.11 * tone)
        pink = pink + (88 - pink) * 0.85 * wall_of_vessel
        blue = 13 * of.mucosa + 3 * of.submucosa + 11 * of.muscle + 26 * of.lymphoid
        along = 27 * of.submucosa + 12 * (of.muscle - of.outer)
        meshed = 32 * of.mucosa - 30 * of.outer
        e, h = to_pixels(pink), to_pixels(blue)
        if along.max() > 0.2:
            fibres = m.fibre(grid, bent)
            e += to_pixels(along) * fibres
            intact = 1 - 0.9 * _step((np.abs(fibres) - 2.2) * 2.5) * to_pixels(along * np.float32(1 / 27))
            e, h = e * intact, h * intact
        if np.abs(meshed).max() > 0.2:
            e += to_pixels(meshed) * m.net(grid, bent)
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
        rings = rings_near(_CRYPTS, self._materials.seed, *grid.bounds(20 * grid.um))
        at = self._materials.anatomy
        depth, inside = at.at(at.depth, rings.x_um, rings.y_um), at.at(at.inside, rings.x_um, rings.y_um)
        lymphoid = at.at(at.lymphoid, rings.x_um, rings.y_um)
        fits = (depth > 70) & (depth < _MUCOSA_UM - 50) & (inside > 70) & (lymphoid < 0.1)
        return rings.keep(fits & (rings.chance < 0.96))

    def _vessels(self, grid: Grid) -> Rings:
        rings = rings_near(_VESSELS, self._materials.seed, *grid.bounds(20 * grid.um))
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
            (Kind.BORDER, 14 + 0 * b, 0.5, here, c),
            (Kind.GOBLET, 14.5 + 3 * c, 0.35, goblet, d),
            (Kind.MITOSIS, 13 + 4 * c, 0.0, dividing, b),
            (Kind.COLUMNAR, 6.2 + 2.0 * c + 5 * (b > 0.92), 0.0, here & ~dividing, d),
        ):
            x, y, outwards = crypts.along(inset_um, angles + shift * _TURN / count)
            canvas.stamp(kind, x[which], y[which], outwards[which], chance[which])

    def _pave(self, canvas: Canvas, vessels: Rings) -> None:
        """The flat cells along the walls of the vessels."""
        if not len(vessels.x_um):
            return
        ix = np.repeat((vessels.x_um * 16).astype(np.int64), _SLOTS)
        iy = ((vessels.y_um * 16).astype(np.int64)[:, None] * _SLOTS + np.arange(_SLOTS)).ravel()
        a, b, c, d = uniform(ix, iy, self._materials.seed + 32).reshape(4, -1, _SLOTS)
        x, y, outwards = vessels.along(vessels.lining_um[:, None] * (0.97 - 0.8 * b * b), a * _TURN)
        here = c < 0.55
        canvas.stamp(Kind.SPINDLE, x[here], y[here], outwards[here] + np.float32(np.pi / 2), d[here])

    def _membranes(self, grid: Grid) -> Floats:
        """Fat: thin walls between large empty cells, where the second nearest centre is as near as the nearest."""
        pitch_um = 64.0
        ix, iy = grid.lattice(pitch_um, pitch_um + 20 * grid.um)
        a, b, _, _ = uniform(ix, iy, self._materials.seed + 61)
        # On the pixels, as the walls are far thinner than the knots' distance; bent, as fat cells bulge.
        rows, columns = grid.pixels()
        across = columns * np.float32(grid.um) + to_pixels(5 * self._materials.sway_k(grid, 9))
        down = rows * np.float32(grid.um) + to_pixels(5 * self._materials.sway_k(grid, 10))
        nearest = np.full((TILE_PX, TILE_PX), 1e9, np.float32)
        second = nearest.copy()
        for x, y in zip((ix + 0.15 + 0.7 * a) * pitch_um, (iy + 0.15 + 0.7 * b) * pitch_um, strict=True):
            away = (across - np.float32(x)) ** 2 + (down - np.float32(y)) ** 2
            np.minimum(second, np.maximum(nearest, away), out=second)
            np.minimum(nearest, away, out=nearest)
        return np.maximum(1 - (np.sqrt(second) - np.sqrt(nearest)) / np.float32(1.6 + grid.um), 0)


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
    canvas.scatter(Kind.EOSINOPHIL, 26.0, stroma * 0.26)
    canvas.scatter(Kind.SPINDLE, 12.5, stroma * 0.4 + loose * 0.14 + (along - of.outer * free) * 0.6, spread=0.7)
    canvas.scatter(Kind.LYMPHOCYTE, 14.0, of.outer * free * 0.4)
    canvas.scatter(Kind.ERYTHROCYTE, 5.9, (of.blood > 2.5) * 0.95 + stroma * 0.02)
    edge = (np.abs(of.surface - 8.5) < 2.9) & (of.inside > 5)
    if edge.any():
        down, across = np.gradient(of.surface)
        canvas.scatter(Kind.COLUMNAR, 5.2, edge * 0.95, np.arctan2(down, across), spread=0.5)


def _rimmed(planes: tuple[Plane, Plane, Plane], from_rim_um: Floats) -> tuple[Plane, Plane, Plane]:
    """The rim of a bubble bends the light away: black at its outside, fading inwards."""
    y, u, v = planes
    left = 1 - 0.95 * _step(1 + from_rim_um / _RIM_UM - 0.5) ** 2 * _step(-from_rim_um / 2)
    coarse = left[::2, ::2]
    return to_bytes(y * left), to_bytes(128.5 + (u - 128.0) * coarse), to_bytes(128.5 + (v - 128.0) * coarse)


def _step(field: Floats) -> Floats:
    """A soft edge: 0 below -0.5, 1 above 0.5."""
    step: Floats = np.clip(field + np.float32(0.5), 0, 1)
    return step
