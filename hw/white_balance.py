"""White balance from a picture of a blank field: the gains that make its colour grey."""

from dataclasses import dataclass

import numpy as np

from hw.errors import InvalidRequest
from hw.types import Planes

_STEP = 4
"""Every fourth pixel of each direction tells enough."""
_CURVE = 2.2
"""Exponent of a camera's tone curve, about: how much light makes how much grey."""
_GREY = 1.5
"""Grey levels within which a colour is grey: less is the quantisation of the picture."""
_DARKEST, _BRIGHTEST = 40.0, 250.0


@dataclass(frozen=True, slots=True)
class Cast:
    """The colour of most of a picture, in grey levels as the camera encodes them."""

    red: float
    green: float
    blue: float

    @property
    def is_grey(self) -> bool:
        """Whether it has no colour."""
        return abs(self.red - self.green) <= _GREY and abs(self.blue - self.green) <= _GREY

    def corrected(self, red_gain: float, blue_gain: float) -> tuple[float, float]:
        """The gains of red and blue that make it grey, about, where it was taken with these."""
        return red_gain * (self.green / self.red) ** _CURVE, blue_gain * (self.green / self.blue) ** _CURVE


def cast_of(planes: Planes) -> Cast:
    """The colour of most of the picture: the median, so that a few specks do not count.

    Raises ``InvalidRequest`` where it is too dark or too bright to have a colour.
    """
    height, width = planes.u.shape
    y = planes.y[: 2 * height : 2 * _STEP, : 2 * width : 2 * _STEP].astype(np.float32)
    u = planes.u[::_STEP, ::_STEP].astype(np.float32) - 128
    v = planes.v[::_STEP, ::_STEP].astype(np.float32) - 128
    # BT.601, full range, as in JFIF.
    colours = (y + 1.402 * v, y - 0.344136 * u - 0.714136 * v, y + 1.772 * u)
    cast = Cast(*(float(np.median(colour)) for colour in colours))
    if min(cast.red, cast.green, cast.blue) < _DARKEST:
        raise InvalidRequest(
            "the field is too dark for a white balance: more light, or a longer exposure", reason="too-dark"
        )
    if max(cast.red, cast.green, cast.blue) > _BRIGHTEST:
        raise InvalidRequest(
            "the field is too bright for a white balance: less light, or a shorter exposure", reason="too-bright"
        )
    return cast
