"""What is drawn into the copy of a still: scale bar, grid, crosshair and measurements, true to the specimen."""

import math
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from pydantic import BaseModel, ConfigDict, Field

from hw.errors import InvalidRequest
from hw.types import Position

MAX_MEASUREMENTS = 100
_FARTHEST_UM = 1e6
_LINE, _SHADE = (255, 255, 255), (0, 0, 0)

Micrometres = Annotated[float, Field(allow_inf_nan=False, ge=-_FARTHEST_UM, le=_FARTHEST_UM)]
Pixels = tuple[float, float]


class SpecimenPoint(BaseModel):
    """A point of the specimen: where the stage stands when the point is in the middle of the picture."""

    model_config = ConfigDict(extra="forbid")

    x_um: Micrometres
    y_um: Micrometres


class Ruler(BaseModel):
    """The distance of two points."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["ruler"]
    points: tuple[SpecimenPoint, SpecimenPoint]


class Angle(BaseModel):
    """The angle at the second of three points."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["angle"]
    points: tuple[SpecimenPoint, SpecimenPoint, SpecimenPoint]


class Overlay(BaseModel):
    """What to draw; lengths and angles are measured here, from the points."""

    model_config = ConfigDict(extra="forbid")

    scale_bar: bool = False
    grid: bool = False
    crosshair: bool = False
    measurements: list[Annotated[Ruler | Angle, Field(discriminator="kind")]] = Field(
        default=[], max_length=MAX_MEASUREMENTS
    )

    @property
    def needs_scale(self) -> bool:
        """Whether it cannot be drawn without knowing how large a pixel is."""
        return self.scale_bar or self.grid or bool(self.measurements)


def check_drawable(overlay: Overlay, um_per_px: float | None) -> None:
    """Refuse lengths in a picture of unknown scale, before the picture is taken; raises ``InvalidRequest``."""
    if overlay.needs_scale and um_per_px is None:
        raise InvalidRequest(
            "scale bar, grid and measurements cannot be drawn: the size of a pixel is unknown (choose an objective)",
            allowed=["crosshair"],
        )


def annotated(
    rgb: NDArray[np.uint8], overlay: Overlay, um_per_px: float | None, position: Position | None
) -> NDArray[np.uint8]:
    """A copy of the picture (shape (height, width, 3), ``uint8``) with the overlay drawn in.

    ``um_per_px`` is the side of its pixel; ``position`` where the stage stood, whose coordinates its middle has. Raises
    ``InvalidRequest`` as ``check_drawable`` does.
    """
    check_drawable(overlay, um_per_px)
    image = Image.fromarray(rgb)
    pen = _Pen(image)
    if um_per_px is not None:
        chart = _Chart(image.width, image.height, um_per_px, position or Position())
        if overlay.grid:
            _draw_grid(pen, chart)
        for measurement in overlay.measurements:
            points = [chart.pixels(point) for point in measurement.points]
            _draw_measurement(pen, points, label(measurement))
        if overlay.scale_bar:
            _draw_scale_bar(pen, chart)
    if overlay.crosshair:
        _draw_crosshair(pen, image.width, image.height)
    return np.asarray(image)


def round_length_um(longest_um: float) -> float:
    """The greatest of 1, 2, 5, 10, 20, 50 … (and 0.5, 0.2 …) that is not longer."""
    decade = 10.0 ** math.floor(math.log10(longest_um) + 1e-9)
    return decade * max(digit for digit in (1, 2, 5) if digit * decade <= longest_um * (1 + 1e-9))


def length_text(um: float) -> str:
    """A length in nm, µm or mm, to three digits."""
    value, unit = (um * 1000, "nm") if 0 < um < 1 else (um, "\u00b5m") if um < 999.5 else (um / 1000, "mm")
    decimals = 0 if value >= 99.95 else 1 if value >= 9.995 else 2
    number = f"{value:.{decimals}f}"
    return f"{number.rstrip('0').rstrip('.') if '.' in number else number} {unit}"


def label(measurement: Ruler | Angle) -> str:
    """What was measured: a length, or an angle from 0 to 180 degrees."""
    places = [(point.x_um, point.y_um) for point in measurement.points]
    if isinstance(measurement, Ruler):
        return length_text(math.dist(*places))
    (ax, ay), (bx, by), (cx, cy) = places
    first, second = (ax - bx, ay - by), (cx - bx, cy - by)
    cross = first[0] * second[1] - first[1] * second[0]
    dot = first[0] * second[0] + first[1] * second[1]
    return f"{math.degrees(math.atan2(abs(cross), dot)):.1f}\u00b0"


@dataclass(frozen=True, slots=True)
class _Chart:
    """Where the specimen's points lie in the picture."""

    width: int
    height: int
    um_per_px: float
    position: Position

    def pixels(self, point: SpecimenPoint) -> Pixels:
        x = self.width / 2 + (point.x_um - self.position.x_um) / self.um_per_px
        y = self.height / 2 + (point.y_um - self.position.y_um) / self.um_per_px
        return x, y

    def round_um(self, share: float) -> float:
        """A round length of at most this share of the picture's width."""
        return round_length_um(share * self.width * self.um_per_px)


class _Pen:
    """Light lines with a dark seam: they are seen on any specimen."""

    def __init__(self, image: Image.Image) -> None:
        self._draw = ImageDraw.Draw(image)
        self.size = max(min(image.size) / 300, 1.0)
        """The width of a line, in pixels."""
        self._font = ImageFont.load_default(max(12.0, 8 * self.size))

    def lines(self, *lines: tuple[Pixels, Pixels], width: float = 1.0) -> None:
        """Lines, all of the seams below all of the lines. ``width`` is relative to ``size``."""
        for colour, extra in ((_SHADE, 1.0), (_LINE, 0.0)):
            for line in lines:
                self._draw.line(line, colour, round(max((width + extra) * self.size, 1)))

    def text(self, place: Pixels, text: str, centred: bool = True) -> None:
        """Text that stands on the height of ``place``, its middle or its left end there.

        Pillow's own font has no \u00b5: it is written as a u with a tail.
        """
        written, seam = text.replace("\u00b5", "u"), round(self.size)
        x, y = place[0] - (self._font.getlength(written) / 2 if centred else 0), place[1]
        stem, _, right, _ = self._font.getbbox("u", anchor="ls")
        width = (right - stem) / 6
        starts = [self._font.getlength(written[: found.start()]) for found in re.finditer("\u00b5", text)]
        tails = [(x + start + stem, y - 2 * width, x + start + stem + width, y + 3 * width) for start in starts]
        for left, top, end, bottom in tails:
            self._draw.rectangle((left - seam, top, end + seam, bottom + seam), _SHADE)
        self._draw.text((x, y), written, _LINE, self._font, "ls", stroke_width=seam, stroke_fill=_SHADE)
        for tail in tails:
            self._draw.rectangle(tail, _LINE)


def _draw_grid(pen: _Pen, chart: _Chart) -> None:
    """Lines at multiples of a round length, so that they lie on the specimen and not on the picture."""
    step_um = chart.round_um(1 / 6)
    half_x_um, half_y_um = chart.width / 2 * chart.um_per_px, chart.height / 2 * chart.um_per_px
    columns = _multiples(chart.position.x_um - half_x_um, chart.position.x_um + half_x_um, step_um)
    rows = _multiples(chart.position.y_um - half_y_um, chart.position.y_um + half_y_um, step_um)
    xs = [chart.width / 2 + (um - chart.position.x_um) / chart.um_per_px for um in columns]
    ys = [chart.height / 2 + (um - chart.position.y_um) / chart.um_per_px for um in rows]
    upright = [((x, 0.0), (x, float(chart.height))) for x in xs]
    level = [((0.0, y), (float(chart.width), y)) for y in ys]
    pen.lines(*upright, *level, width=0.4)
    pen.text((6 * pen.size, 14 * pen.size), f"grid {length_text(step_um)}", centred=False)


def _multiples(first_um: float, last_um: float, step_um: float) -> list[float]:
    return [index * step_um for index in range(math.ceil(first_um / step_um), math.floor(last_um / step_um) + 1)]


def _draw_scale_bar(pen: _Pen, chart: _Chart) -> None:
    length_um = chart.round_um(1 / 5)
    margin, length = 10 * pen.size, length_um / chart.um_per_px
    left, right, y = chart.width - margin - length, chart.width - margin, chart.height - margin
    tick = 3 * pen.size
    pen.lines(((left, y), (right, y)), ((left, y - tick), (left, y + tick)), ((right, y - tick), (right, y + tick)))
    pen.text(((left + right) / 2, y - 2 * tick), length_text(length_um))


def _draw_crosshair(pen: _Pen, width: int, height: int) -> None:
    """Through the middle, which stays free."""
    x, y, gap = width / 2, height / 2, 6 * pen.size
    pen.lines(
        ((0, y), (x - gap, y)),
        ((x + gap, y), (width, y)),
        ((x, 0), (x, y - gap)),
        ((x, y + gap), (x, height)),
        width=0.6,
    )


def _draw_measurement(pen: _Pen, points: list[Pixels], text: str) -> None:
    tick = 3 * pen.size
    ends = [((x - tick, y), (x + tick, y)) for x, y in points] + [((x, y - tick), (x, y + tick)) for x, y in points]
    pen.lines(*pairwise(points), *ends)
    # A ruler's text stands above its middle, an angle's beside its vertex.
    x, y = points[1] if len(points) == 3 else ((points[0][0] + points[1][0]) / 2, (points[0][1] + points[1][1]) / 2)
    pen.text((x, y - 2 * tick), text)
