"""The one truth that the simulated camera, motors and lamp share."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hw.config import Faults

GAMMA = 2.2
"""Exponent of the camera's tone curve: picture value = 255 * light ** (1 / GAMMA)."""

_TILT_X, _TILT_Y = 1.5e-3, -1.1e-3
_CURVATURE_PER_UM = 1.6e-7
_CORNER_SHADE = 0.22


Light = tuple[float, float, float]
"""Red, green and blue light, linear; a white lamp at its full brightness gives 1 of each."""


@dataclass(slots=True)
class World:
    """What is truly so, whatever the devices believe.

    Each field has a single writer (the motors write displacement and velocity, the lamps the light, whoever
    turns the nosepiece or asks for a fault the rest), so that plain attributes are enough across threads. ``x_um`` and
    ``y_um`` are the place of the slide that lies on the optical axis, the middle of every picture; a growing ``x_um``
    moves the view to the right over the specimen, a growing ``y_um`` down. ``z_um`` is the height of the objective.
    """

    x_um: float = 0.0
    y_um: float = 0.0
    z_um: float = 0.0
    velocity_um_per_s: tuple[float, float] = (0.0, 0.0)
    """How fast the slide moves along x and y: what smears a picture while it is exposed."""
    light: Light = (0.5, 0.5, 0.5)
    """What shines. A world without a simulated lamp keeps this constant light."""
    magnified: float = 1.0
    """How many times as much the objective in place magnifies as the one that the rig file names."""
    faults: Faults = field(default_factory=Faults)
    _lamps: dict[str, Light] = field(default_factory=dict)

    def shine(self, lamp: str, light: Light) -> None:
        """Let a lamp shine so, beside the others."""
        self._lamps[lamp] = light
        red, green, blue = zip(*self._lamps.values(), strict=True)
        self.light = (sum(red), sum(green), sum(blue))

    def magnify(self, times: float) -> None:
        """Put another objective in place; see ``magnified``."""
        self.magnified = times

    @property
    def defocus_um(self) -> float:
        """How far the objective is from the specimen's focus at the field's centre (0 is sharp)."""
        return self.z_um - focus_um(self.x_um, self.y_um)


def focus_um(x_um: float, y_um: float) -> float:
    """The stage's z at which the specimen at (x, y) is sharp: a tilted and gently curved surface, 0 at the origin."""
    return _TILT_X * x_um + _TILT_Y * y_um + _CURVATURE_PER_UM * (x_um * x_um + y_um * y_um)


def flat_field(width: int, height: int) -> NDArray[np.float32]:
    """The relative illumination over a picture of the given size: linear light, (height, width), 1 at the brightest.

    Off-centre cosine-fourth-like vignetting; a blank picture is proportional to its power of ``1 / GAMMA``.
    """
    half = max(width, height) / 2
    x = (np.arange(width, dtype=np.float32) + 0.5 - width / 2) / half - 0.06
    y = (np.arange(height, dtype=np.float32) + 0.5 - height / 2) / half + 0.04
    shade = (1 + _CORNER_SHADE * (x[None, :] ** 2 + y[:, None] ** 2)) ** -2
    field: NDArray[np.float32] = shade / shade.max()
    return field.astype(np.float32)
