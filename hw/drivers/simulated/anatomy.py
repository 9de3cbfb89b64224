"""The slide at the scale of millimetres: three sections of bowel wall, as maps of 32 um per sample."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from hw.drivers.simulated.noise import Floats, smooth

MAP_UM = 32.0
MAP_SIZE = 672
_CELL_MM = MAP_UM / 1000


@dataclass(frozen=True, slots=True)
class Anatomy:
    """Maps of the slide, (MAP_SIZE, MAP_SIZE) each, its origin in the middle."""

    inside: Floats
    """Distance (um) from the outline of the tissue, positive within it; at most about 380 um."""
    depth: Floats
    """Distance (um) below the mucosa's free surface; at most about 860 um."""
    wall: Floats
    """Place (um) across the muscle coat: negative in mucosa and submucosa, growing outwards."""
    lymphoid: Floats
    """Density of lymphocytes' aggregates: 1 in the middle of a follicle, at most 0 outside."""
    folded: Floats
    """1 where the section lies double."""
    tone: Floats
    """Uneven staining and thickness, of about unit variance."""
    bubbles: tuple[tuple[float, float, float], ...] = field(kw_only=True)
    """Air under the cover glass, away from the tissue: x, y and radius (um)."""

    def at(self, values: Floats, x_um: Floats, y_um: Floats) -> Floats:
        """The samples of one map nearest to the given places."""
        ix = np.clip(np.floor(x_um / MAP_UM).astype(np.intp) + MAP_SIZE // 2, 0, MAP_SIZE - 1)
        iy = np.clip(np.floor(y_um / MAP_UM).astype(np.intp) + MAP_SIZE // 2, 0, MAP_SIZE - 1)
        nearest: Floats = values[iy, ix]
        return nearest


def lay_out(seed: int) -> Anatomy:
    """The sections on the slide of this seed. The origin is always in the mucosa of the middle one."""
    rng = np.random.default_rng((seed, 1))
    axis = (np.arange(MAP_SIZE, dtype=np.float32) + 0.5) * _CELL_MM - MAP_SIZE * _CELL_MM / 2
    x = axis[None, :] + 0.34 * smooth(rng, 8, MAP_SIZE) + 0.07 * smooth(rng, 40, MAP_SIZE)
    y = axis[:, None] + 0.22 * smooth(rng, 8, MAP_SIZE) + 0.07 * smooth(rng, 40, MAP_SIZE)
    outline = np.full((MAP_SIZE, MAP_SIZE), -9.0, np.float32)
    wall = np.full_like(outline, -9.0)
    mucosal = np.full_like(outline, -9.0)
    for middle, half_length in ((-4.55, 7.2), (1.45, 8.2), (7.1, 6.6)):
        _add_section(rng, x, y, middle, half_length, outline, wall, mucosal)
    depth = _distance_um(mucosal < 0, 27)
    inside = _distance_um(outline < 0, 12) - _distance_um(outline >= 0, 6)
    # Bring the middle section's mucosa to the origin, whatever the seed made of its folds.
    column = depth[MAP_SIZE // 2 - 40 : MAP_SIZE // 2 + 90, MAP_SIZE // 2]
    here = (inside[MAP_SIZE // 2 - 40 : MAP_SIZE // 2 + 90, MAP_SIZE // 2] > 300) & (column > 330)
    shift = 40 - int(np.argmax(here))
    folded = np.clip(1.2 - 9 * np.abs(smooth(rng, 5, MAP_SIZE)), 0, 1) * (smooth(rng, 9, MAP_SIZE) > 1.05)
    lymphoid = smooth(rng, 30, MAP_SIZE) - 0.75 - np.abs(depth - 760) / 220 - 9 * np.maximum(wall + 0.15, 0)
    tone = 0.5 * smooth(rng, 20, MAP_SIZE) + 0.6 * smooth(rng, 90, MAP_SIZE) + 0.5 * smooth(rng, 260, MAP_SIZE)
    # Slits that opened as the section was stretched, where the second field allows one.
    slit = np.abs(smooth(rng, 14, MAP_SIZE)) * 1000 + 30 - 90 * np.maximum(smooth(rng, 9, MAP_SIZE) - 0.6, 0)
    maps = (np.minimum(inside, slit), depth, wall * 1000, np.minimum(lymphoid * 2, 1), folded, tone)
    shifted = [np.ascontiguousarray(np.roll(values, shift, axis=0), np.float32) for values in maps]
    return Anatomy(*shifted, bubbles=_bubbles(rng, shifted[0]))


def _bubbles(rng: np.random.Generator, inside: Floats) -> tuple[tuple[float, float, float], ...]:
    found = []
    for x, y, radius in rng.integers((40, 40, 5), (MAP_SIZE - 40, MAP_SIZE - 40, 17), (60, 3)).tolist():
        around = inside[y - radius - 4 : y + radius + 5, x - radius - 4 : x + radius + 5]
        if around.max() < -2 * MAP_UM:
            found.append(((x - MAP_SIZE / 2) * MAP_UM, (y - MAP_SIZE / 2) * MAP_UM, radius * MAP_UM))
    return tuple(found[:3])


def _add_section(
    rng: np.random.Generator,
    x: Floats,
    y: Floats,
    middle: float,
    half_length: float,
    outline: Floats,
    wall: Floats,
    mucosal: Floats,
) -> None:
    """Draw one strip of wall into the maps (mm, positive inside): folds above, fat below, cut ends."""
    phase = rng.uniform(0, 6.28, 4)
    bend = 0.28 * np.sin(x / 2.9 + phase[0]) + 0.12 * np.sin(x / 1.3 + phase[1])
    across = y - middle - bend
    crest = 0.5 + 0.5 * np.sin(6.28 * x / 2.6 + phase[2] + 0.9 * np.sin(x / 1.7 + phase[3]))
    surface = across + 1.0 + 1.15 * crest**1.6
    bottom = 1.9 + 0.18 * np.sin(x / 0.9 + phase[1]) - across
    ends = half_length - np.abs(x + 0.12 * across)
    section = np.minimum(np.minimum(surface, bottom), ends)
    np.copyto(wall, across, where=section > outline)
    np.copyto(mucosal, np.where(ends < surface, np.maximum(surface, 0.0), surface), where=section > outline)
    np.maximum(outline, section, out=outline)


def _distance_um(outside: NDArray[np.bool_], reach: int) -> Floats:
    """Distance from ``outside`` up to ``reach`` samples, smoothed.

    Exact along rows, then along columns, as lower envelopes of parabolas (Felzenszwalb and Huttenlocher 2012).
    """
    squared = np.where(outside, np.uint16(0), np.uint16(reach**2))
    for axis in (0, 1):
        lines = np.moveaxis(squared, axis, 0)
        lowest = lines.copy()
        for step in range(1, reach):
            rise = np.uint16(step * step)
            np.minimum(lowest[step:], lines[:-step] + rise, out=lowest[step:])
            np.minimum(lowest[:-step], lines[step:] + rise, out=lowest[:-step])
        squared = np.moveaxis(lowest, 0, axis)
    root = Image.fromarray(np.ascontiguousarray(np.sqrt(squared) * np.float32(8)).astype(np.uint8))
    return np.asarray(root.filter(ImageFilter.GaussianBlur(1.2)), np.float32) * np.float32(MAP_UM / 8)
