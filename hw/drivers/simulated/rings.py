"""Round structures of the tissue, crypts and vessels: where they lie, their outline, and places along it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hw.drivers.simulated.noise import Floats, uniform

_WAVE_UM = 40.0


@dataclass(frozen=True, slots=True)
class Family:
    """A population of rings on a jittered lattice. Lengths in um; pairs are (along x, along y)."""

    salt: int
    pitch: tuple[float, float]
    half_axes: tuple[float, float]
    spread: float
    """How much the sizes vary, as a fraction."""
    lining_um: tuple[float, float]
    """Smallest and largest thickness of the lining between outline and lumen."""


@dataclass(frozen=True, slots=True)
class Rings:
    """Some rings of one family: arrays of shape (n,)."""

    x_um: Floats
    y_um: Floats
    half_x: Floats
    half_y: Floats
    turn: Floats
    lobes: Floats
    phase: Floats
    lining_um: Floats
    chance: Floats

    def keep(self, which: NDArray[np.bool_]) -> "Rings":
        """Those rings for which ``which`` is true."""
        return Rings(*(getattr(self, name)[which] for name in self.__slots__))

    def distance(self, x_um: Floats, y_um: Floats) -> tuple[Floats, Floats]:
        """For places of any shape: the distance (um) inside the nearest outline, and inside the nearest lumen."""
        inside = np.full(np.broadcast(x_um, y_um).shape, -1e3, np.float32)
        lumen = inside.copy()
        for n in range(len(self.x_um)):
            dx, dy = x_um - self.x_um[n], y_um - self.y_um[n]
            cos, sin = np.cos(self.turn[n]), np.sin(self.turn[n])
            across, down = (dx * cos + dy * sin) / self.half_x[n], (dy * cos - dx * sin) / self.half_y[n]
            radius = np.hypot(across, down) + np.float32(1e-4)
            outline = self._outline(n, across / radius, down / radius)
            scale = np.hypot(dx, dy) / radius
            np.maximum(inside, (outline - radius) * scale, out=inside)
            # The lumen is rounder than the outline, as the lining evens its lobes out.
            lining = min(self.lining_um[n], 0.7 * self.half_x[n])
            np.maximum(lumen, (0.7 + 0.3 * outline - radius) * scale - lining, out=lumen)
        return inside, lumen

    def along(self, inset_um: Floats, angles: Floats) -> tuple[Floats, Floats, Floats]:
        """Places ``inset_um`` inside each outline at ``angles``: x, y (um) and direction outwards, (n, count)."""
        cos, sin = np.cos(angles), np.sin(angles)
        outline = self._outline(np.s_[:, None], cos, sin)
        across, down = outline * cos * self.half_x[:, None], outline * sin * self.half_y[:, None]
        length = np.hypot(across, down)
        part = np.maximum(1 - inset_um / length, 0)
        turn_cos, turn_sin = np.cos(self.turn)[:, None], np.sin(self.turn)[:, None]
        dx, dy = across * turn_cos - down * turn_sin, across * turn_sin + down * turn_cos
        return self.x_um[:, None] + dx * part, self.y_um[:, None] + dy * part, np.arctan2(dy, dx)

    def _outline(self, n: int | tuple[slice, None], cos: Floats, sin: Floats) -> Floats:
        """Relative radius in a direction: a circle with two and three lobes."""
        lobes, phase = self.lobes[n], self.phase[n]
        twice, thrice = cos * cos - sin * sin, cos * (4 * cos * cos - 3)
        slant = 2 * sin * cos
        bulge: Floats = lobes * (np.cos(phase) * twice + np.sin(phase) * slant + np.sin(3 * phase) * thrice)
        return 1 + bulge


def rings_near(family: Family, seed: int, left: float, top: float, right: float, bottom: float) -> Rings:
    """All possible rings of a family on the slide of this seed that may touch the rectangle (um)."""
    reach = 1.5 * max(family.half_axes)
    far = reach + _WAVE_UM
    columns = np.arange((left - far) // family.pitch[0] - 1, (right + far) // family.pitch[0] + 1)
    rows = np.arange((top - far) // family.pitch[1] - 1, (bottom + far) // family.pitch[1] + 1)
    ix, iy = (grid.ravel().astype(np.int64) for grid in np.meshgrid(columns, rows))
    a, b, c, d = uniform(ix, iy, seed * 64 + family.salt)
    e, f, g, h = uniform(ix, iy, seed * 64 + family.salt + 1)
    # Every other row is shifted by half a pitch: the rings pack as crypts do.
    x = (ix + 0.5 * (iy & 1) + 0.5 + 0.3 * (a - 0.5)) * family.pitch[0]
    y = (iy + 0.5 + 0.3 * (b - 0.5)) * family.pitch[1]
    # Rows that wave, each place differently, as no tissue grows on a grid.
    x, y = x + 0.6 * _WAVE_UM * np.sin(y / 240), y + _WAVE_UM * np.sin(x / 190 + 1.6 * np.sin(y / 530))
    low, high = family.lining_um
    near = (x > left - reach) & (x < right + reach) & (y > top - reach) & (y < bottom + reach)
    found = Rings(
        x_um=x.astype(np.float32),
        y_um=y.astype(np.float32),
        half_x=(family.half_axes[0] * (1 + family.spread * (c - 0.5))).astype(np.float32),
        half_y=(family.half_axes[1] * (1 + family.spread * (d - 0.5))).astype(np.float32),
        turn=((e - 0.5) * 1.1).astype(np.float32),
        lobes=(0.02 + 0.09 * f).astype(np.float32),
        phase=(g * 6.28).astype(np.float32),
        lining_um=(low + (high - low) * h).astype(np.float32),
        chance=((a * 7 + f) % 1).astype(np.float32),
    )
    return found.keep(near)
