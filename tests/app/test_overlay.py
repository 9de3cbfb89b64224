"""app.overlay, app.annotation"""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from app.annotation import annotated_copy
from app.overlay import MAX_MEASUREMENTS, Overlay, annotated, length_text, round_length_um
from hw.errors import InvalidRequest
from hw.types import Position, Shot, StillFormat, StillImage
from tests.app.test_storage import RAW

GREY = 90
UM_PER_PX = 0.5
WIDTH, HEIGHT = 800, 600
PLACE = Position(1000.0, -200.0, 7.0)


def field() -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.full((HEIGHT, WIDTH, 3), GREY, np.uint8)


def ruler(*points: tuple[float, float]) -> dict[str, Any]:
    kind = "ruler" if len(points) == 2 else "angle"
    return {"kind": kind, "points": [{"x_um": x, "y_um": y} for x, y in points]}


def touched(**overlay: Any) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Where a picture with this overlay is not as it was, of shape (height, width)."""
    drawn = annotated(field(), Overlay.model_validate(overlay), UM_PER_PX, PLACE)
    assert drawn.shape == (HEIGHT, WIDTH, 3)
    changed: np.ndarray[Any, np.dtype[np.bool_]] = (drawn != GREY).any(axis=2)
    return changed


def test_a_ruler_lies_on_the_points_that_were_measured() -> None:
    # 100 um to the right of the middle, and 50 um further down: 200 and 100 pixels.
    changed = touched(measurements=[ruler((1000, -200), (1100, -150))])
    for x, y in ((400, 300), (500, 350), (600, 400)):
        assert changed[y, x]
    assert not changed[:, :380].any()
    assert not changed[:, 620:].any()


def test_an_angle_has_both_its_arms() -> None:
    changed = touched(measurements=[ruler((1100, -200), (1000, -200), (1000, -100))])
    assert changed[300, 500]
    assert changed[400, 400]
    assert not changed[400, 500]


def test_the_scale_bar_is_as_long_as_it_says() -> None:
    # A fifth of the width is 80 um: the bar is 50 um, 100 pixels, in the lower right corner.
    changed = touched(scale_bar=True)
    rows, columns = np.nonzero(changed)
    assert rows.min() > HEIGHT * 0.8
    assert columns.min() > WIDTH * 0.7
    longest = max(np.diff(np.flatnonzero(np.diff(np.pad(row.astype(int), 1)))).max(initial=0) for row in changed)
    assert longest == pytest.approx(50 / UM_PER_PX, abs=8)


def test_the_grid_lies_on_the_specimen_and_the_crosshair_in_the_middle() -> None:
    grid = touched(grid=True)
    # The step is 50 um (of 66 at most). x = 1000 and y = -200 are multiples of it, and in the middle.
    assert [grid[10, 300], grid[10, 400], grid[10, 450]] == [True, True, False]
    assert [grid[200, 10], grid[300, 10], grid[250, 10]] == [True, True, False]
    crosshair = touched(crosshair=True)
    assert crosshair[300, 10]
    assert crosshair[10, 400]
    assert not crosshair[300, 400]
    assert not crosshair[:290, :390].any()


def test_without_a_scale_only_a_crosshair_is_drawn() -> None:
    drawn = annotated(field(), Overlay(crosshair=True), None, None)
    assert (drawn[300, 10] != GREY).any()
    for overlay in (Overlay(scale_bar=True), Overlay(grid=True)):
        with pytest.raises(InvalidRequest, match="size of a pixel is unknown"):
            annotated(field(), overlay, None, PLACE)


def test_what_lies_far_outside_does_no_harm() -> None:
    far = [ruler((-1e6, -1e6), (1e6, 1e6))] * MAX_MEASUREMENTS
    assert not touched(measurements=far)[:200, -200:].any()


@pytest.mark.parametrize(
    "overlay",
    [
        {"measurements": [ruler((0, 0), (1, 1))] * (MAX_MEASUREMENTS + 1)},
        {"measurements": [ruler((0, 0), (2e6, 1))]},
        {"measurements": [ruler((0, 0), (float("nan"), 1))]},
        {"measurements": [{"kind": "ruler", "points": [{"x_um": 0, "y_um": 0}]}]},
        {"measurements": [{"kind": "circle", "points": []}]},
        {"text": "hello"},
    ],
)
def test_what_makes_no_sense_is_refused(overlay: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Overlay.model_validate(overlay)


@pytest.mark.parametrize(
    ("longest", "length"), [(1, 1), (1.99, 1), (2, 2), (4.9, 2), (50, 50), (99, 50), (1000, 1000), (0.3, 0.2)]
)
def test_round_lengths(longest: float, length: float) -> None:
    assert round_length_um(longest) == pytest.approx(length)


@pytest.mark.parametrize(
    ("um", "text"),
    [
        (0, "0 µm"),
        (0.2, "200 nm"),
        (1, "1 µm"),
        (9.996, "10 µm"),
        (12.34, "12.3 µm"),
        (999.4, "999 µm"),
        (1500, "1.5 mm"),
    ],
)
def test_lengths_as_text(um: float, text: str) -> None:
    assert length_text(um) == text


def still(image_format: StillFormat) -> StillImage:
    taken = StillImage(field(), Shot(1_700_000_000.25, 0.0, 5000, 2.0), "imx219", position=PLACE)
    return replace(taken, raw=RAW) if image_format == "dng" else taken


def test_the_still_stays_as_it_was_and_its_copy_is_drawn_in() -> None:
    taken = still("tiff")
    copy = annotated_copy(taken, "tiff", UM_PER_PX, Overlay(crosshair=True))
    assert (taken.rgb == GREY).all()
    assert (copy.still.rgb != GREY).any()
    assert (copy.image_format, copy.um_per_px, copy.still.position) == ("tiff", UM_PER_PX, PLACE)


def test_beside_a_raw_still_the_copy_is_of_its_small_picture() -> None:
    # The raw picture is 32 pixels wide, this one 800: each of them is finer.
    copy = annotated_copy(still("dng"), "dng", UM_PER_PX, Overlay(scale_bar=True))
    assert copy.still.raw is None
    assert copy.image_format == "png"
    assert copy.um_per_px == pytest.approx(UM_PER_PX * 32 / WIDTH)
    assert annotated_copy(still("dng"), "dng", None, Overlay(crosshair=True)).um_per_px is None
