"""The painter of tissue: one tile of the slide at a time, from the anatomy down to the chromatin."""

import numpy as np
from PIL import Image

from hw.drivers.simulated.anatomy import MAP_SIZE, MAP_UM, lay_out
from hw.drivers.simulated.cells import Kind, Stamp, draw_cells, halved
from hw.drivers.simulated.noise import TEXTURE_PX, Floats, texture, uniform
from hw.drivers.simulated.rings import Family, Rings, rings_near
from hw.drivers.simulated.stains import Stain
from hw.types import Plane

BASE_UM_PER_PX = 0.25
MAX_LEVEL = 2
TILE_PX = 256

_KNOT_PX = 8
"""Fields are computed on knots this many pixels apart and interpolated."""
_MARGIN = 8
"""Knots beyond the tile's edge, so that cells across the edge are judged alike from both sides."""
_KNOTS = TILE_PX // _KNOT_PX + 2 * _MARGIN
_PAD = 48
"""Pixels around the tile on which cells that reach into it are stamped."""

_MUCOSA_UM = 690.0
_CRYPTS = Family(salt=11, pitch=(92.0, 118.0), half_axes=(37.0, 50.0), spread=0.34, lining_um=(21.0, 29.0))
_VESSELS = Family(salt=21, pitch=(330.0, 280.0), half_axes=(52.0, 40.0), spread=1.1, lining_um=(6.0, 17.0))


class Painter:
    """Paints tiles of one slide. The same tile of the same seed is always the same."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng((seed, 2))
        self._seed = seed
        self._anatomy = lay_out(seed)
        self._maps = {
            name: Image.fromarray(getattr(self._anatomy, name))
            for name in ("inside", "depth", "wall", "lymphoid", "folded")
        }
        self._stain = Stain()
        self._rough = texture(rng, 6, 6)
        grain = texture(rng, 1.7, 1.7)
        fibre = 0.75 * texture(rng, 26, 2.6) + 0.65 * texture(rng, 60, 9)
        self._stamps = [draw_cells(rng, grain)]
        self._grain, self._fibre = [grain], [fibre]
        for _ in range(MAX_LEVEL):
            self._stamps.append({kind: halved(stamp) for kind, stamp in self._stamps[-1].items()})
            self._grain.append(_halved(self._grain[-1]))
            self._fibre.append(_halved(self._fibre[-1]))

    def tile(self, level: int, i: int, j: int) -> tuple[Plane, Plane, Plane]:
        """Tile (i, j) of ``level`` as Y, U and V: ``TILE_PX`` pixels of ``BASE_UM_PER_PX * 2 ** level`` um."""
        return _Tile(self, level, i, j).paint()


class _Tile:
    """The work on one tile. Fields named ``..._k`` live on the knots, the others on the pixels."""

    def __init__(self, painter: Painter, level: int, i: int, j: int) -> None:
        self._p = painter
        self._level, self._i, self._j = level, i, j
        self._um = BASE_UM_PER_PX * 2**level
        self._knot_um = self._um * _KNOT_PX
        self._left, self._top = i * TILE_PX * self._um, j * TILE_PX * self._um
        knots = (np.arange(_KNOTS, dtype=np.float32) - _MARGIN + 0.5) * np.float32(self._knot_um)
        self._x_k, self._y_k = knots[None, :] + np.float32(self._left), knots[:, None] + np.float32(self._top)

    def paint(self) -> tuple[Plane, Plane, Plane]:
        inside_k = self._map("inside")
        inside_k = inside_k + 9 * self._roughness(0)
        self._stamped = {
            name: np.zeros((TILE_PX + 2 * _PAD,) * 2, np.uint16) for name in ("haematoxylin", "eosin", "mucin")
        }
        if inside_k.max() < -self._knot_um:
            h = e = np.full((TILE_PX, TILE_PX), 1.0, np.float32)
        else:
            h, e = self._tissue(inside_k)
        self._scatter(Kind.SPECK, 160.0, 71, np.full_like(inside_k, 0.45 / (1 + self._level)))
        core = np.s_[_PAD:-_PAD, _PAD:-_PAD]
        washed = (256 - np.minimum(self._stamped["mucin"][core], 256)) * np.float32(1 / 256)
        h = h * washed + self._stamped["haematoxylin"][core]
        e = e * washed + self._stamped["eosin"][core]
        h, e = (np.clip(dye, 0, 255).astype(np.uint8) for dye in (h, e))
        return self._p._stain.planes(h, e)

    def _tissue(self, inside_k: Floats) -> tuple[Floats, Floats]:
        depth_k = self._map("depth") + 22 * self._roughness(1)
        wall_k = self._map("wall") + 18 * self._roughness(2)
        lymphoid_k = self._map("lymphoid") + 0.25 * self._roughness(3)
        mucosa_k = _step((_MUCOSA_UM - depth_k) / 10)
        band_k = np.exp(-(((depth_k - _MUCOSA_UM - 22) / 20) ** 2)) * (wall_k < 0)
        muscle_k = np.maximum(_step(wall_k / 14) * _step((1290 - wall_k) / 14), band_k)
        fat_k = _step((wall_k - 1330 + 60 * self._roughness(4)) / 30)
        submucosa_k = np.clip(1 - mucosa_k - muscle_k - fat_k, 0, 1)
        lymph_k = np.clip(lymphoid_k * 3, 0, 1) * (wall_k < 0)
        crypts = self._crypts()
        gland_k, lumen_k = crypts.distance(self._x_k, self._y_k)
        surface_k = np.minimum(25 - depth_k, mucosa_k * 100 - 60)
        lining_k = np.maximum(gland_k, surface_k)
        vessels = self._vessels()
        vessel_k, blood_k = vessels.distance(self._x_k, self._y_k)
        vessel_wall_k = np.clip(vessel_k / 4, 0, 1)

        # Connective tissue, muscle and fat share one warped fibre texture; only its strength and ground differ.
        ground_k = 50 * mucosa_k + 74 * submucosa_k + 118 * muscle_k + 8 * fat_k + 6 * self._roughness(5)
        strength_k = 17 * mucosa_k + 33 * submucosa_k + 15 * muscle_k
        ground_k = ground_k * (1 - 0.45 * lymph_k) + (112 - ground_k) * 0.8 * vessel_wall_k
        blue_k = 15 * mucosa_k + 5 * submucosa_k + 17 * muscle_k + 34 * lymph_k
        fibres = self._fibres(self._p._fibre, 30 * (1 - muscle_k) + 10)
        e = self._up(ground_k) + self._up(strength_k) * fibres
        h = self._up(blue_k) + 2.5 * fibres
        grain = self._window(self._p._grain[self._level])
        if fat_k.max() > 0.02:
            e += self._up(fat_k * 100) * self._membranes()
        if lining_k.max() > -self._knot_um:
            inside_cell = _step(self._up(lining_k) / 1.2)
            e += inside_cell * (74 + 9 * grain - e)
            h += inside_cell * (27 + 4 * grain - h)
        for hole_k, left_over in ((lumen_k, 7.0), (blood_k, 16.0)):
            if hole_k.max() > -self._knot_um:
                hole = _step(self._up(hole_k) / 1.0)
                # The brush border: a thin darker line where the cells end.
                e += 26 * np.exp(-((self._up(hole_k) + 0.9) ** 2))
                e += hole * (left_over - e)
                h += hole * (3 + 2 * grain - h)
        tears = _step((np.abs(fibres) - 2.35) * 2.5) * self._up(submucosa_k + 0.25 * muscle_k)
        e, h = e * (1 - 0.9 * tears), h * (1 - 0.9 * tears)
        self._populate(inside_k, depth_k, mucosa_k, submucosa_k, muscle_k, fat_k, lymph_k, gland_k, surface_k, vessel_k, blood_k)
        self._line(crypts)
        solid = _step(self._up(inside_k) / 1.5)
        thick = solid * (1 + 0.75 * self._up(np.clip(self._map("folded"), 0, 1)))
        core = np.s_[_PAD:-_PAD, _PAD:-_PAD]
        for name in ("haematoxylin", "eosin"):
            self._stamped[name][core] = self._stamped[name][core] * thick
        return np.maximum(h, 1) * thick + 1, np.maximum(e, 1) * thick + 1

    # Structures

    def _crypts(self) -> Rings:
        rings = rings_near(_CRYPTS, *self._reach())
        at = self._p._anatomy
        depth, inside = at.at(at.depth, rings.x_um, rings.y_um), at.at(at.inside, rings.x_um, rings.y_um)
        lymphoid = at.at(at.lymphoid, rings.x_um, rings.y_um)
        fits = (depth > 62) & (depth < _MUCOSA_UM - 55) & (inside > 60) & (lymphoid < 0.1) & (rings.chance < 0.93)
        return rings.keep(fits)

    def _vessels(self) -> Rings:
        rings = rings_near(_VESSELS, *self._reach())
        at = self._p._anatomy
        depth, wall = at.at(at.depth, rings.x_um, rings.y_um), at.at(at.wall, rings.x_um, rings.y_um)
        inside = at.at(at.inside, rings.x_um, rings.y_um)
        between = ((depth > _MUCOSA_UM + 110) & (wall < -70)) | (wall > 1400)
        return rings.keep(between & (inside > 90) & (rings.chance < 0.8))

    def _line(self, crypts: Rings) -> None:
        """The lining of the crypts: cell borders, mucin and nuclei, each in its place around the lumen."""
        if not len(crypts.x_um):
            return
        slots = np.arange(60)
        ids = (crypts.x_um * 16).astype(np.int64)[:, None], (crypts.y_um * 16).astype(np.int64)[:, None] * 64 + slots
        a, b, c, d = uniform(ids[0].repeat(60, 1).ravel(), ids[1].ravel(), self._p._seed + 31).reshape(4, -1, 60)
        count = np.rint((crypts.half_x + crypts.half_y) * 3.14 / 5.6)[:, None]
        angles = (slots + 0.55 * (a - 0.5)) * np.float32(6.2832) / count
        here = slots < count
        self._ring(Kind.BORDER, crypts, 12 + 0 * b, angles + 3.1416 / count, here, c)
        goblet = here & (b < 0.34)
        self._ring(Kind.GOBLET, crypts, 14 + 3.5 * c, angles + 2 / count, goblet, d)
        dividing = here & (d < 0.006)
        self._ring(Kind.MITOSIS, crypts, 13 + 4 * c, angles, dividing, b)
        inset = 6.2 + 2.0 * c + 5 * (b > 0.9)
        self._ring(Kind.COLUMNAR, crypts, inset, angles, here & ~dividing, d)

    def _populate(self, inside_k, depth_k, mucosa_k, submucosa_k, muscle_k, fat_k, lymph_k, gland_k, surface_k, vessel_k, blood_k):  # type: ignore[no-untyped-def]
        free = (gland_k < -3) & (surface_k < -3) & (inside_k > 4) & (vessel_k < -2)
        stroma = mucosa_k * free * (1 - 0.9 * lymph_k)
        lymph = lymph_k * free
        self._scatter(Kind.LYMPHOCYTE, 8.2, 41, stroma * 0.3 + lymph * 0.97)
        self._scatter(Kind.PLASMA, 13.0, 42, stroma * 0.5)
        self._scatter(Kind.EOSINOPHIL, 26.0, 43, stroma * 0.35)
        self._scatter(Kind.SPINDLE, 13.0, 44, stroma * 0.5 + submucosa_k * free * 0.16 + muscle_k * free * 0.62)
        self._scatter(Kind.LARGE, 17.0, 45, stroma * 0.3 + lymph * 0.5 + submucosa_k * free * 0.08)
        self._scatter(Kind.ERYTHROCYTE, 6.4, 46, (blood_k > 2.5) * 0.8 + stroma * 0.03)
        self._scatter(Kind.COLUMNAR, 5.4, 47, (np.abs(surface_k - 8.5) < 2.8) * (inside_k > 5) * 0.9, upright=True)
        self._scatter(Kind.SPINDLE, 9.0, 48, (np.abs(vessel_k - 3) < 4) * 0.55)

    # Means

    def _reach(self) -> tuple[float, float, float, float]:
        margin = _MARGIN * self._knot_um
        span = TILE_PX * self._um + margin
        return self._left - margin, self._top - margin, self._left + span, self._top + span

    def _map(self, name: str) -> Floats:
        scale, middle = self._knot_um / MAP_UM, MAP_SIZE / 2
        left = min(max(self._left / MAP_UM + middle - _MARGIN * scale, 0), MAP_SIZE - _KNOTS * scale)
        top = min(max(self._top / MAP_UM + middle - _MARGIN * scale, 0), MAP_SIZE - _KNOTS * scale)
        box = (left, top, left + _KNOTS * scale, top + _KNOTS * scale)
        return np.asarray(self._p._maps[name].resize((_KNOTS, _KNOTS), Image.Resampling.BICUBIC, box=box))

    def _roughness(self, which: int) -> Floats:
        """A field of unit variance on the knots that varies over tens of um."""
        step = 2**self._level
        columns = (np.arange(_KNOTS) - _MARGIN + self._i * (TILE_PX // _KNOT_PX)) * step + 171 * which
        rows = (np.arange(_KNOTS) - _MARGIN + self._j * (TILE_PX // _KNOT_PX)) * step + 333 * which
        return self._p._rough[np.ix_(rows % TEXTURE_PX, columns % TEXTURE_PX)]

    def _up(self, field_k: Floats) -> Floats:
        """From the knots to the pixels."""
        box = (_MARGIN, _MARGIN, _KNOTS - _MARGIN, _KNOTS - _MARGIN)
        image = Image.fromarray(np.ascontiguousarray(field_k, np.float32))
        return np.asarray(image.resize((TILE_PX, TILE_PX), Image.Resampling.BICUBIC, box=box))

    def _window(self, field: Floats) -> Floats:
        size = len(field)
        rows = (np.arange(TILE_PX) + self._j * TILE_PX) % size
        columns = (np.arange(TILE_PX) + self._i * TILE_PX) % size
        return field[np.ix_(rows, columns)]

    def _fibres(self, pyramid: list[Floats], sway_k: Floats) -> Floats:
        """The fibre texture, bent by a sway (um) that differs everywhere: no period shows, and fibres wave."""
        field = pyramid[self._level]
        size = len(field)
        broad = np.sin(self._x_k / 61 + 2.1 * np.sin(self._y_k / 173)) + np.sin(self._x_k / 143 + self._y_k / 97)
        down = self._up(sway_k * (self._roughness(6) * 0.5 + broad)) / np.float32(self._um)
        side = self._up(40 * np.sin(self._y_k / 67 + np.sin(self._x_k / 211))) / np.float32(self._um)
        rows = (down + (np.arange(TILE_PX, dtype=np.float32) + self._j * TILE_PX)[:, None]).astype(np.int32) % size
        columns = (side + (np.arange(TILE_PX, dtype=np.float32) + self._i * TILE_PX)[None, :]).astype(np.int32) % size
        return field.ravel()[rows * size + columns]

    def _membranes(self) -> Floats:
        """Fat: thin walls between large empty cells, where the second nearest centre is as near as the nearest."""
        pitch = 66.0
        left, top, right, bottom = self._reach()
        ix, iy = np.meshgrid(np.arange(left // pitch - 1, right // pitch + 2), np.arange(top // pitch - 1, bottom // pitch + 2))
        ix, iy = ix.ravel().astype(np.int64), iy.ravel().astype(np.int64)
        a, b, _, _ = uniform(ix, iy, self._p._seed + 61)
        nearest = np.full((_KNOTS, _KNOTS), 1e9, np.float32)
        second = nearest.copy()
        for x, y in zip((ix + 0.15 + 0.7 * a) * pitch, (iy + 0.15 + 0.7 * b) * pitch, strict=True):
            away = np.hypot(self._x_k - np.float32(x), self._y_k - np.float32(y))
            np.minimum(second, np.maximum(nearest, away), out=second)
            np.minimum(nearest, away, out=nearest)
        return np.exp(-((self._up(second - nearest) / 1.7) ** 2))

    def _scatter(self, kind: Kind, pitch: float, salt: int, density_k: Floats, upright: bool = False) -> None:
        """Stamp cells on a jittered lattice, each with the probability that ``density_k`` has at its place."""
        if density_k.max() <= 0:
            return
        reach = _PAD * self._um
        low = np.array([self._left, self._top]) - reach
        high = low + TILE_PX * self._um + 2 * reach
        columns = np.arange(int(low[0] // pitch), int(high[0] // pitch) + 1)
        rows = np.arange(int(low[1] // pitch), int(high[1] // pitch) + 1)
        ix, iy = (grid.ravel() for grid in np.meshgrid(columns, rows))
        a, b, c, d = uniform(ix, iy, self._p._seed + salt)
        x, y = (ix + 0.12 + 0.76 * a) * pitch, (iy + 0.12 + 0.76 * b) * pitch
        column = np.clip(((x - self._left) / self._knot_um).astype(np.intp) + _MARGIN, 0, _KNOTS - 1)
        row = np.clip(((y - self._top) / self._knot_um).astype(np.intp) + _MARGIN, 0, _KNOTS - 1)
        here = c < density_k[row, column]
        angle = (d[here] - 0.5) * np.float32(1.1 if kind is Kind.SPINDLE else 3.1416)
        if upright:
            angle = np.float32(1.5708) + angle * np.float32(0.15)
        self._stamp(kind, x[here], y[here], angle, (d[here] * 61) % 1)

    def _ring(self, kind: Kind, rings: Rings, inset: Floats, angles: Floats, here, chance: Floats) -> None:  # type: ignore[no-untyped-def]
        x, y, outwards = rings.along(60, inset, angles)
        self._stamp(kind, x[here], y[here], outwards[here], chance[here])

    def _stamp(self, kind: Kind, x_um: Floats, y_um: Floats, angle: Floats, chance: Floats) -> None:
        stamp: Stamp = self._p._stamps[self._level][kind]
        size = stamp.size
        x = np.rint((x_um - self._left) / self._um).astype(np.intp) + _PAD - size // 2
        y = np.rint((y_um - self._top) / self._um).astype(np.intp) + _PAD - size // 2
        limit = TILE_PX + 2 * _PAD - size
        fits = (x > _PAD - size) & (y > _PAD - size) & (x < _PAD + TILE_PX) & (y < _PAD + TILE_PX)
        fits &= (x >= 0) & (y >= 0) & (x <= limit) & (y <= limit)
        chosen = stamp.choose(angle[fits], chance[fits]).tolist()
        places = list(zip(chosen, x[fits].tolist(), y[fits].tolist(), strict=True))
        for name, plane in self._stamped.items():
            sprites = getattr(stamp, name)
            if sprites is not None:
                for which, left, top in places:
                    plane[top : top + size, left : left + size] += sprites[which]


def _step(field: Floats) -> Floats:
    """A soft edge: 0 below -0.5, 1 above 0.5."""
    return np.clip(field + np.float32(0.5), 0, 1)


def _halved(field: Floats) -> Floats:
    return (field[::2, ::2] + field[1::2, ::2] + field[::2, 1::2] + field[1::2, 1::2]) / np.float32(4)
