"""The library of cells: small pictures of nuclei and of what surrounds them, in many shapes and directions."""

from collections.abc import Callable
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
Layers = dict[str, Floats]


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
    """All pictures of one kind: ``(count, size, size)`` in each layer, the variants of a direction side by side.

    The layers ``haematoxylin`` and ``eosin`` are added to what lies below; ``mucin`` (0 to 256) washes it out.
    """

    layers: dict[str, Sprites]
    size: int

    def choose(self, angle: Floats, chance: Floats) -> NDArray[np.intp]:
        """Indices of pictures that point along ``angle`` (radians, from x to y), of a variant picked by chance."""
        direction: NDArray[np.intp] = np.rint(angle * (DIRECTIONS / np.pi)).astype(np.intp) % DIRECTIONS
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
        radius: Floats = np.hypot((self.along - along) / length, (self.across - across) / width)
        return (1 - radius) * np.minimum(length, width)


def _filled(inside_um: Floats, softness_um: float = 0.45) -> Floats:
    filled: Floats = np.clip(inside_um / softness_um + 0.5, 0, 1)
    return filled


def _nucleus(easel: _Easel, inside: Floats, dye: Floats | float, vesicular: float, nucleoli: int) -> Floats:
    """Chromatin: a darker membrane, clumps, and nucleoli in a paler middle."""
    rim = np.exp(-(((inside - 0.35) / 0.4) ** 2))
    chromatin = 1 - vesicular + 0.55 * vesicular * rim + (0.16 + 0.22 * vesicular) * easel.grain
    for _ in range(nucleoli):
        spot = easel.ellipse(easel.draw(0.5, 0.9), easel.draw(0.5, 0.9), easel.draw(-2, 2), easel.draw(-0.9, 0.9))
        chromatin = chromatin + 0.7 * _filled(spot, 0.6) * (easel.draw(0, 1) > 0.35)
    stained: Floats = np.clip(chromatin, 0.25, 1.7)
    return dye * _filled(inside) * stained


def _columnar(o: _Easel) -> Layers:
    return {"haematoxylin": _nucleus(o, o.ellipse(o.draw(3.9, 5.6), o.draw(2.0, 2.8)), o.draw(78, 112), 0.42, 2)}


def _lymphocyte(o: _Easel) -> Layers:
    return {"haematoxylin": _nucleus(o, o.ellipse(o.draw(2.7, 3.7), o.draw(2.5, 3.3)), o.draw(102, 140), 0.18, 0)}


def _plasma(o: _Easel) -> Layers:
    body = _filled(o.ellipse(o.draw(5, 6.2), o.draw(3.8, 4.6)), 1.2)
    nucleus = o.ellipse(o.draw(2.7, 3.2), o.draw(2.6, 3.1), o.draw(1.2, 2.2))
    return {"haematoxylin": _nucleus(o, nucleus, o.draw(100, 130), 0.35, 1) + 17 * body, "eosin": 30 * body}


def _eosinophil(o: _Easel) -> Layers:
    body = _filled(o.ellipse(o.draw(4.6, 5.6), o.draw(4, 4.8)), 0.9)
    one = o.ellipse(o.draw(1.7, 2.1), o.draw(1.5, 1.9), -1.8)
    other = o.ellipse(o.draw(1.6, 2.0), o.draw(1.5, 1.9), 1.9, 0.5)
    nucleus = _nucleus(o, np.maximum(one, other), o.draw(95, 120), 0.2, 0)
    return {"haematoxylin": nucleus, "eosin": body * (62 + 20 * o.grain)}


def _spindle(o: _Easel) -> Layers:
    return {"haematoxylin": _nucleus(o, o.ellipse(o.draw(5.5, 9.5), o.draw(1.0, 1.8)), o.draw(80, 112), 0.35, 1)}


def _large(o: _Easel) -> Layers:
    nucleus = _nucleus(o, o.ellipse(o.draw(4.6, 6.2), o.draw(3.4, 4.6)), o.draw(68, 95), 0.62, 2)
    return {"haematoxylin": nucleus, "eosin": 12 * _filled(o.ellipse(o.draw(6.5, 7.5), o.draw(5, 6)), 3)}


def _mitosis(o: _Easel) -> Layers:
    apart = o.draw(0, 2.2)
    one = o.ellipse(o.draw(0.9, 1.3), o.draw(2.8, 3.6), -apart)
    other = o.ellipse(o.draw(0.9, 1.3), o.draw(2.6, 3.4), apart)
    return {"haematoxylin": 170 * _filled(np.maximum(one, other) + 0.18 * o.grain, 0.5)}


def _erythrocyte(o: _Easel) -> Layers:
    disc = o.ellipse(o.draw(3.0, 3.6), o.draw(2.4, 3.4))
    paler_middle = 26 * np.clip((disc - 1.0) / 2, 0, 1)
    return {"eosin": _filled(disc, 0.5) * (o.draw(106, 130) - paler_middle)}


def _goblet(o: _Easel) -> Layers:
    vacuole = o.ellipse(o.draw(5.2, 7.2), o.draw(3.1, 4.4))
    content = 16 * np.exp(-((vacuole / 0.7) ** 2)) + _filled(vacuole, 1.2) * (15 + 5 * o.grain)
    return {"haematoxylin": content, "mucin": 236 * _filled(vacuole, 1.0)}


def _border(o: _Easel) -> Layers:
    line = np.exp(-((o.across / 0.34) ** 2)) * np.clip((8 - np.abs(o.along)) / 3, 0, 1)
    return {"eosin": o.draw(12, 38) * line}


def _speck(o: _Easel) -> Layers:
    dirt = _filled(o.ellipse(o.draw(0.5, 3.0), o.draw(0.4, 1.2)) + 0.25 * o.grain, 0.5)
    return {"haematoxylin": o.draw(120, 255) * dirt, "eosin": o.draw(0, 130) * dirt}


_DRAWINGS: dict[Kind, tuple[float, float, Callable[[_Easel], Layers]]] = {
    Kind.COLUMNAR: (12, 0.35, _columnar),
    Kind.LYMPHOCYTE: (9, 0.25, _lymphocyte),
    Kind.PLASMA: (15, 0.3, _plasma),
    Kind.EOSINOPHIL: (13, 0.3, _eosinophil),
    Kind.SPINDLE: (21, 0.4, _spindle),
    Kind.LARGE: (16, 0.4, _large),
    Kind.MITOSIS: (14, 0.5, _mitosis),
    Kind.ERYTHROCYTE: (9, 0.2, _erythrocyte),
    Kind.GOBLET: (18, 0.4, _goblet),
    Kind.BORDER: (16, 0.25, _border),
    Kind.SPECK: (12, 0.9, _speck),
}
"""Kind: width of its pictures (um), how much its outline wobbles (um), and how it is drawn."""


def _whole(field: Floats) -> Sprites:
    positive: Floats = np.maximum(field + 0.5, 0)
    return positive.astype(np.uint16)


def draw_cells(rng: np.random.Generator, grain: Floats) -> dict[Kind, Stamp]:
    """The library, drawn with this chance; ``grain`` is a texture of unit variance for chromatin and granules."""
    stamps = {}
    for kind, (reach_um, wobble_um, draw) in _DRAWINGS.items():
        easel = _Easel(rng, grain, reach_um, wobble_um)
        stamps[kind] = Stamp({name: _whole(layer) for name, layer in draw(easel).items()}, easel.size)
    return stamps


def halved(stamp: Stamp) -> Stamp:
    """The same pictures at half the scale."""

    def half(pictures: Sprites) -> Sprites:
        pairs = pictures[:, ::2] + pictures[:, 1::2]
        mean: Sprites = (pairs[:, :, ::2] + pairs[:, :, 1::2] + np.uint16(2)) >> np.uint16(2)
        return mean

    return Stamp({name: half(layer) for name, layer in stamp.layers.items()}, stamp.size // 2)
