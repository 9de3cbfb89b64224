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
    with a numerical aperture that fits the scale of the live picture, whatever part of it is looked at how finely
    (0.25 at 0.25 um/px, as a 10x has; never above 0.75).
    It is taken at the field's centre for the whole picture: across one field the surface's tilt stays within
    the depth of field.
    """

    def __init__(self, slide: Slide, um_per_px: float, live_um_per_px: float | None = None) -> None:
        """``um_per_px`` is the scale of the pictures; ``live_um_per_px`` that of the live one without zoom."""
        self._slide = slide
        self._um_per_px = um_per_px
        self._level = min(max(math.floor(math.log2(um_per_px / BASE_UM_PER_PX) + 1e-6), 0), MAX_LEVEL)
        aperture = min(0.0625 / (live_um_per_px or um_per_px), 0.75)
        self._blur_px_per_um = math.tan(math.asin(aperture)) / 2 / um_per_px
        self._last: tuple[object, Picture] | None = None

    def picture(
        self,
        x_um: float,
        y_um: float,
        defocus_um: float,
        width: int,
        height: int,
        smear_um: tuple[float, float] = (0.0, 0.0),
    ) -> Picture:
        """The picture (Y, U, V as in 4:2:0) of ``width`` x ``height`` pixels around the slide's place (x, y).

        ``smear_um`` is how far the slide moves along x and y during the exposure; the smear is taken along each
        axis by itself. A stage that stands still costs nothing: the last picture is kept.
        """
        asked = (x_um, y_um, defocus_um, width, height, smear_um)
        if self._last is None or self._last[0] != asked:
            self._last = (asked, self._image(*asked))
        return self._last[1]

    def _image(
        self, x_um: float, y_um: float, defocus_um: float, width: int, height: int, smear_um: tuple[float, float]
    ) -> Picture:
        level = self._level
        # What a smear wipes out need not be painted: fast travel sees much of the slide, and coarsely.
        while level < MAX_LEVEL and max(smear_um) >= 4 * BASE_UM_PER_PX * 2 ** (level + 1):
            level += 1
        level_um = BASE_UM_PER_PX * 2**level
        zoom = self._um_per_px / level_um
        left = x_um / level_um - width * zoom / 2
        top = y_um / level_um - height * zoom / 2
        # Whole even pixels around the field, so that the half-size chroma lines up.
        x0, y0 = 2 * math.floor(left / 2) - 2, 2 * math.floor(top / 2) - 2
        x1, y1 = 2 * math.ceil((left + width * zoom) / 2) + 2, 2 * math.ceil((top + height * zoom) / 2) + 2
        planes = self._slide.read(level, x0, y0, x1 - x0, y1 - y0)
        sigma = float(abs(defocus_um) * self._blur_px_per_um)

        def image(plane: Plane, shrink: int) -> Plane:
            radii = smear_um[0] / level_um / 2 / shrink, smear_um[1] / level_um / 2 / shrink
            smeared = (
                Image.fromarray(plane).filter(ImageFilter.BoxBlur(radii)) if any(radii) else Image.fromarray(plane)
            )
            start_x, start_y = (left - x0) / shrink, (top - y0) / shrink
            box = (start_x, start_y, start_x + width * zoom / shrink, start_y + height * zoom / shrink)
            return _resample(smeared, box, (width // shrink, height // shrink), sigma / shrink)

        return image(planes[0], 1), image(planes[1], 2), image(planes[2], 2)


_Box = tuple[float, float, float, float]


def _resample(image: Image.Image, box: _Box, size: tuple[int, int], sigma: float) -> Plane:
    """Crop, scale and blur; a wide blur is done on a picture as small as it allows."""
    shrink = 1
    while sigma / shrink >= _HALF_SIZE_FROM_SIGMA:
        shrink *= 2
    small = (max(size[0] // shrink, 1), max(size[1] // shrink, 1))
    magnified = box[2] - box[0] < 0.7 * small[0]
    kernel = Image.Resampling.BICUBIC if magnified else Image.Resampling.BILINEAR
    image = image.resize(small, kernel, box=box, reducing_gap=1.5)
    if shrink > 1:
        # Scaling down by linear interpolation has blurred by a tent already, of variance shrink ** 2 / 6.
        rest = math.sqrt(sigma * sigma - shrink * shrink / 6) / shrink
        image = image.filter(ImageFilter.GaussianBlur(rest)).resize(size, Image.Resampling.BICUBIC)
    elif sigma > 0.05:
        image = image.filter(ImageFilter.GaussianBlur(sigma))
    return np.asarray(image)
