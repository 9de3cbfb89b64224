"""The simulated sensor: light to picture values, with shading, colour cast, noise and honest saturation."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hw.drivers.simulated.noise import to_bytes
from hw.drivers.simulated.world import GAMMA, flat_field
from hw.types import Plane, Zoom

REFERENCE_EXPOSURE_US = 10_000
REFERENCE_BRIGHTNESS = 0.5

_SHOT_NOISE = 1.1
_READ_NOISE = 0.35
_DARK_LEVEL = 3.0
_CAST_U, _CAST_V = -3.0, 2.0
_POOL_MARGIN = 256


class Sensor:
    """Turns a well-lit YUV 4:2:0 picture into what the sensor delivers at a given exposure, gain and lamp.

    All of it works on gamma-encoded values. That is exact for scaling (light times k is value times k ** (1 / GAMMA))
    and it makes shot noise one constant figure: a square root, which this tone curve nearly is, is the transform
    that stabilises a Poisson variance (Anscombe 1948).
    """

    def __init__(self, width: int, height: int, seed: int) -> None:
        """A sensor of so many pixels, that of the live picture without zoom being all of its field."""
        self._size = (width, height)
        self._seed = seed
        self._whole_shading = self._shading = flat_field(width, height) ** np.float32(1 / GAMMA)
        pool = np.random.default_rng(seed).standard_normal((height + _POOL_MARGIN, width + _POOL_MARGIN), np.float32)
        self._noise = pool
        self._scaled_noise: tuple[float, NDArray[np.float32]] = (1.0, pool)
        self._linear = np.empty((height, width), np.float32)

    def zoom(self, zoom: Zoom) -> None:
        """Look at a part of the field: the shading is that of the place."""
        width, height = self._size
        box = (zoom.x * width, zoom.y * height, (zoom.x + zoom.size) * width, (zoom.y + zoom.size) * height)
        whole = Image.fromarray(self._whole_shading)
        self._shading = np.asarray(whole.resize(self._size, Image.Resampling.BILINEAR, box=box))

    def expose(
        self, picture: tuple[Plane, Plane, Plane], light: float, gain: float, frame_number: int
    ) -> tuple[Plane, Plane, Plane]:
        """The picture as the sensor sees it.

        ``light`` is exposure times lamp relative to the reference (10 ms at half brightness gives 1), ``gain`` the
        amplification. The noise is fresh in every frame, and the same for the same seed and frame number.
        """
        y, u, v = picture
        scale = (light * gain) ** (1 / GAMMA)
        rng = np.random.default_rng((self._seed, frame_number))
        linear = self._linear
        np.multiply(self._shading, scale, out=linear)
        linear *= y
        self._add_noise(linear, gain, rng)
        fade = None
        if scale > 1.05:
            # What overflows the sensor's wells turns white: its colour fades as the headroom ends.
            fade = np.clip((262.0 - linear[::2, ::2]) / 24.0, 0, 1)
        return to_bytes(linear), _chroma(u, scale, _CAST_U, fade), _chroma(v, scale, _CAST_V, fade)

    def _add_noise(self, linear: NDArray[np.float32], gain: float, rng: np.random.Generator) -> None:
        sigma = float(np.hypot(_SHOT_NOISE * np.sqrt(gain), _READ_NOISE * gain))
        if self._scaled_noise[0] != sigma:
            # Half a grey level more, so that the cast to whole numbers rounds.
            self._scaled_noise = (sigma, self._noise * np.float32(sigma) + np.float32(_DARK_LEVEL + 0.5))
        width, height = self._size
        top, left = rng.integers(0, _POOL_MARGIN, 2)
        linear += self._scaled_noise[1][top : top + height, left : left + width]


def amplified(planes: tuple[Plane, Plane, Plane], gains: tuple[float, float, float]) -> tuple[Plane, Plane, Plane]:
    """A picture with its red, green and blue light amplified: what coloured light does, and a white balance."""
    if all(gain == 1 for gain in gains):
        return planes
    y, u, v = planes
    red, green, blue = (np.float32(gain ** (1 / GAMMA) - 1) for gain in gains)
    # BT.601: R = Y + 1.402 V, B = Y + 1.772 U, Y = 0.299 R + 0.587 G + 0.114 B.
    blueness, redness = u.astype(np.float32) - 128, v.astype(np.float32) - 128
    coarse = y[::2, ::2].astype(np.float32)
    more_red, more_blue = red * (coarse + 1.402 * redness), blue * (coarse + 1.772 * blueness)
    greenness = (-0.299 * 1.402 / 0.587) * redness + (-0.114 * 1.772 / 0.587) * blueness
    lighter = (0.299 * 1.402 * red) * redness + (0.114 * 1.772 * blue) * blueness + (0.587 * green) * greenness
    light = y * (1 + 0.299 * red + 0.587 * green + 0.114 * blue) + lighter.repeat(2, 0).repeat(2, 1)
    added = 0.299 * more_red + 0.587 * green * (coarse + greenness) + 0.114 * more_blue
    return (
        to_bytes(light + 0.5),
        to_bytes(blueness + (more_blue - added) / 1.772 + 128.5),
        to_bytes(redness + (more_red - added) / 1.402 + 128.5),
    )


def _chroma(plane: Plane, scale: float, cast: float, fade: NDArray[np.float32] | None) -> Plane:
    table = (np.arange(256, dtype=np.float32) - 128 + cast) * np.float32(scale)
    if fade is None:
        return to_bytes(table + 128.5)[plane]
    return to_bytes(table[plane] * fade + 128.5)
