"""The library of cells: small pictures of nuclei and of what surrounds them, in many shapes and directions."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from hw.drivers.simulated.noise import Floats

DIRECTIONS = 16
"""Of every shape, over half a turn."""
_VARIANTS = 8
_UM_PER_PX = 0.25

Sprites = NDArray[np.uint16]


class Kind(IntEnum):
    """What can be stamped on the slide."""

    COLUMNAR = 0
    LYMPHOCYTE = 1
    PLASMA = 2
    EOSINOPHIL = 3
    SPINDLE = 4
    LARGE = 5
    MITOSIS = 6
    ERYTHROCYTE = 7
    GOBLET = 8
    BORDER = 9
    SPECK = 10


@dataclass(frozen=True, slots=True)
class Stamp:
    """All pictures of one kind: each ``(count, size, size)``, the variants of a direction side by side.

    Haematoxylin and eosin are added to what lies below; ``mucin`` (0 to 256) washes it out.
    """

    haematoxylin: Sprites | None
    eosin: Sprites | None
    mucin: Sprites | None
    size: int

    def choose(self, angle: Floats, chance: Floats) -> NDArray[np.intp]:
        """Indices of pictures that point along ``angle`` (radians, from x to y), of a variant picked by chance."""
        direction = np.rint(angle * (DIRECTIONS / np.pi)).astype(np.intp) % DIRECTIONS
        return direction * _VARIANTS + (chance * _VARIANTS).astype(np.intp)


class _Easel:
    """Coordinates (um) along and across every picture of one kind, and the random shapes drawn on them."""

    def __init__(self, rng: np.random.Generator, grain: Floats, reach_um: float, wobble: float) -> None:
        self.size = 2 * int(np.ceil(reach_um / _UM_PER_PX / 4)) * 2
        count = DIRECTIONS * _VARIANTS
        centred = ((np.arange(self.size) + 0.5) * _UM_PER_PX - self.size * _UM_PER_PX / 2).astype(np.float32)
        angle = np.repeat(np.arange(DIRECTIONS) * np.pi / DIRECTIONS, _VARIANTS).astype(np.float32)[:, None, None]
        x, y = centred[None, None, :], centred[None, :, None]
        self.along = np.cos(angle) * x + np.sin(angle) * y
        self.across = np.cos(angle) * y - np.sin(angle) * x
        self._rng, self._count = rng, count
        at = rng.integers(0, len(grain) - self.size, (2, count))
        window = np.arange(self.size)
        self.grain = grain[at[0][:, None, None] + window[:, None], at[1][:, None, None] + window]
        if wobble:
            self.along = self.along + wobble * np.sin(self.across * self.draw(0.2, 0.7) + self.draw(0, 6.28))
            self.across = self.across + wobble * np.sin(self.along * self.draw(0.2, 0.6) + self.draw(0, 6.28))

    def draw(self, low: float, high: float) -> Floats:
        """One random number per picture."""
        return self._rng.uniform(low, high, (self._count, 1, 1)).astype(np.float32)

    def ellipse(self, length: Floats, width: Floats, along: Floats | float = 0, across: Floats | float = 0) -> Floats:
        """Distance (um) inside the outline of an ellipse with these half axes."""
        radius = np.hypot((self.along - along) / length, (self.across - across) / width)
        return (1 - radius) * np.minimum(length, width)


def _filled(inside_um: Floats, softness_um: float = 0.45) -> Floats:
    return np.clip(inside_um / softness_um + 0.5, 0, 1)


def _nucleus(easel: _Easel, inside: Floats, dye: Floats | float, vesicular: float, nucleoli: int) -> Floats:
    """Chromatin: a darker membrane, clumps, and nucleoli in a paler middle."""
    rim = np.exp(-(((inside - 0.35) / 0.4) ** 2))
    chromatin = 1 - vesicular + 0.55 * vesicular * rim + (0.16 + 0.22 * vesicular) * easel.grain
    for _ in range(nucleoli):
        spot = easel.ellipse(easel.draw(0.5, 0.9), easel.draw(0.5, 0.9), easel.draw(-2, 2), easel.draw(-0.9, 0.9))
        chromatin = chromatin + 0.7 * _filled(spot, 0.6) * (easel.draw(0, 1) > 0.35)
    return dye * _filled(inside) * np.clip(chromatin, 0.25, 1.7)


def _whole(field: Floats) -> Sprites:
    return np.clip(field + 0.5, 0, 60000).astype(np.uint16)


def draw_cells(rng: np.random.Generator, grain: Floats) -> dict[Kind, Stamp]:
    """The library, drawn with this chance; ``grain`` is a texture of unit variance for chromatin and granules."""
    stamps = {}

    def keep(kind: Kind, easel: _Easel, h: Floats | None = None, e: Floats | None = None, mucin: Floats | None = None) -> None:
        layers = [None if layer is None else _whole(layer) for layer in (h, e, mucin)]
        stamps[kind] = Stamp(*layers, easel.size)

    o = _Easel(rng, grain, 13, 0.35)
    keep(Kind.COLUMNAR, o, _nucleus(o, o.ellipse(o.draw(3.9, 5.6), o.draw(2.0, 2.8)), o.draw(78, 112), 0.42, 2))
    o = _Easel(rng, grain, 9, 0.25)
    keep(Kind.LYMPHOCYTE, o, _nucleus(o, o.ellipse(o.draw(2.7, 3.7), o.draw(2.5, 3.3)), o.draw(102, 140), 0.18, 0))
    o = _Easel(rng, grain, 15, 0.3)
    shift = o.draw(1.2, 2.2)
    body = _filled(o.ellipse(o.draw(5, 6.2), o.draw(3.8, 4.6)), 1.2)
    clock = o.ellipse(o.draw(2.7, 3.2), o.draw(2.6, 3.1), shift)
    keep(Kind.PLASMA, o, _nucleus(o, clock, o.draw(100, 130), 0.35, 1) + 17 * body, 30 * body)
    o = _Easel(rng, grain, 13, 0.3)
    body = _filled(o.ellipse(o.draw(4.6, 5.6), o.draw(4, 4.8)), 0.9)
    lobes = np.maximum(o.ellipse(o.draw(1.7, 2.1), o.draw(1.5, 1.9), -1.8), o.ellipse(o.draw(1.6, 2), o.draw(1.5, 1.9), 1.9, 0.5))
    keep(Kind.EOSINOPHIL, o, _nucleus(o, lobes, 110, 0.2, 0), body * (66 + 20 * o.grain))
    o = _Easel(rng, grain, 23, 0.7)
    keep(Kind.SPINDLE, o, _nucleus(o, o.ellipse(o.draw(5.5, 10), o.draw(0.95, 1.7)), o.draw(82, 122), 0.25, 1))
    o = _Easel(rng, grain, 16, 0.4)
    keep(Kind.LARGE, o, _nucleus(o, o.ellipse(o.draw(4.6, 6.2), o.draw(3.4, 4.6)), o.draw(68, 95), 0.62, 2), 12 * _filled(o.ellipse(o.draw(6.5, 7.5), o.draw(5, 6)), 3))
    o = _Easel(rng, grain, 14, 0.5)
    plates = np.maximum(o.ellipse(o.draw(0.9, 1.3), o.draw(2.8, 3.6), -o.draw(0, 2.2)), o.ellipse(o.draw(0.9, 1.3), o.draw(2.6, 3.4), o.draw(0, 2.2)))
    keep(Kind.MITOSIS, o, 170 * _filled(plates + 0.18 * o.grain, 0.5))
    o = _Easel(rng, grain, 9, 0.2)
    disc = o.ellipse(o.draw(3.0, 3.6), o.draw(2.4, 3.4))
    keep(Kind.ERYTHROCYTE, o, None, _filled(disc, 0.5) * (o.draw(118, 146) - 26 * np.clip((disc - 1.0) / 2, 0, 1)))
    o = _Easel(rng, grain, 18, 0.4)
    vacuole = o.ellipse(o.draw(5.2, 7.2), o.draw(3.1, 4.4))
    keep(Kind.GOBLET, o, 16 * np.exp(-((vacuole / 0.7) ** 2)) + _filled(vacuole, 1.2) * (15 + 5 * o.grain), None, 236 * _filled(vacuole, 1.0))
    o = _Easel(rng, grain, 23, 0.25)
    line = np.exp(-((o.across / 0.34) ** 2)) * np.clip((10.5 - np.abs(o.along)) / 4, 0, 1)
    keep(Kind.BORDER, o, 6 * line, o.draw(10, 34) * line)
    o = _Easel(rng, grain, 12, 0.9)
    keep(Kind.SPECK, o, o.draw(120, 255) * _filled(o.ellipse(o.draw(0.5, 3), o.draw(0.4, 1.2)) + 0.25 * o.grain, 0.5), o.draw(0, 130) * _filled(o.ellipse(o.draw(1, 3), o.draw(0.5, 1.5))))
    return stamps


def halved(stamp: Stamp) -> Stamp:
    """The same pictures at half the scale."""

    def half(sprites: Sprites | None) -> Sprites | None:
        if sprites is None:
            return None
        pairs = sprites[:, ::2, ::2] + sprites[:, 1::2, ::2] + sprites[:, ::2, 1::2] + sprites[:, 1::2, 1::2]
        return (pairs + 2) >> 2

    return Stamp(half(stamp.haematoxylin), half(stamp.eosin), half(stamp.mucin), stamp.size // 2)
