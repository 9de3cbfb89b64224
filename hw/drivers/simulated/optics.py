"""The simulated objective: place and focus of the stage to a picture of the slide."""

import math

import numpy as np
from PIL import Image, ImageFilter

from hw.drivers.simulated.grid import BASE_UM_PER_PX
from hw.drivers.simulated.materials import MAX_LEVEL
from hw.drivers.simulated.specimen import Slide
from hw.types import Plane

Picture = tuple[Plane, Plane, Plane]

_HALF_SIZE_FROM_SIGMA = 1.4


class Objective:
    """Images the slide at one scale.

    The defocus blur is a Gaussian of half the geometrical blur disc's radius, ``|defocus| * tan(asin(NA)) / 2``,
    with a numerical aperture that fits the scale (0.25 at 0.25 um/px, as a 10x has; never above 0.75).
    It is taken at the field's centre for the whole picture: across one field the surface's tilt stays within
    the depth of field.
    """

    def __init__(self, slide: Slide, um_per_px: float) -> None:
        self._slide = slide
        self._um_per_px = um_per_px
        self._level = min(max(math.floor(math.log2(um_per_px / BASE_UM_PER_PX) + 1e-6), 0), MAX_LEVEL)
        aperture = min(0.0625 / um_per_px, 0.75)
        self._blur_px_per_um = math.tan(math.asin(aperture)) / 2 / um_per_px
        self._last: tuple[tuple[float, ...], Picture] | None = None

    def picture(self, x_um: float, y_um: float, defocus_um: float, width: int, height: int) -> Picture:
        """The picture (Y, U, V as in 4:2:0) of ``width`` x ``height`` pixels around the slide's place (x, y).

        A stage that stands still costs nothing: the last picture is kept.
        """
        asked = (x_um, y_um, defocus_um, width, height)
        if self._last is None or self._last[0] != asked:
            self._last = (asked, self._image(*asked))
        return self._last[1]

    def _image(self, x_um: float, y_um: float, defocus_um: float, width: int, height: int) -> Picture:
        zoom = self._um_per_px / (BASE_UM_PER_PX * 2**self._level)
        left = x_um / self._um_per_px * zoom - width * zoom / 2
        top = y_um / self._um_per_px * zoom - height * zoom / 2
        # Whole even pixels around the field, so that the half-size chroma lines up.
        x0, y0 = 2 * math.floor(left / 2) - 2, 2 * math.floor(top / 2) - 2
        x1, y1 = 2 * math.ceil((left + width * zoom) / 2) + 2, 2 * math.ceil((top + height * zoom) / 2) + 2
        planes = self._slide.read(self._level, x0, y0, x1 - x0, y1 - y0)
        box = (left - x0, top - y0, left - x0 + width * zoom, top - y0 + height * zoom)
        half_box = (box[0] / 2, box[1] / 2, box[2] / 2, box[3] / 2)
        sigma = float(abs(defocus_um) * self._blur_px_per_um)
        return (
            _resample(planes[0], box, (width, height), sigma),
            _resample(planes[1], half_box, (width // 2, height // 2), sigma / 2),
            _resample(planes[2], half_box, (width // 2, height // 2), sigma / 2),
        )


def _resample(plane: Plane, box: tuple[float, float, float, float], size: tuple[int, int], sigma: float) -> Plane:
    """Crop, scale and blur a plane; a wide blur is done on a picture as small as it allows."""
    image = Image.fromarray(plane)
    shrink = 1
    while sigma / shrink >= _HALF_SIZE_FROM_SIGMA:
        shrink *= 2
    small = (max(size[0] // shrink, 1), max(size[1] // shrink, 1))
    magnified = box[2] - box[0] < 0.7 * small[0]
    image = image.resize(
        small, Image.Resampling.BICUBIC if magnified else Image.Resampling.BILINEAR, box=box, reducing_gap=1.5
    )
    if shrink > 1:
        # Scaling down by linear interpolation has blurred by a tent already, of variance shrink ** 2 / 6.
        rest = math.sqrt(sigma * sigma - shrink * shrink / 6) / shrink
        image = image.filter(ImageFilter.GaussianBlur(rest)).resize(size, Image.Resampling.BICUBIC)
    elif sigma > 0.05:
        image = image.filter(ImageFilter.GaussianBlur(sigma))
    return np.asarray(image)
