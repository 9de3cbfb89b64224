"""app.thumbnails, app.dng_preview"""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from app.storage import Gallery, ImageRecord
from app.thumbnails import SIDE_PX, Thumbnails, small_jpeg
from hw.errors import NotFound
from hw.types import RawImage, Shot, StillFormat, StillImage

FORMATS: list[StillFormat] = ["jpeg", "png", "tiff", "dng"]
HEIGHT, WIDTH = 480, 800
TO_SRGB = (1.6, -0.4, -0.2, -0.2, 1.5, -0.3, 0.0, -0.5, 1.5)
"""A usual colour correction: what is grey stays so."""


def scene() -> NDArray[np.uint8]:
    """Left half orange, right half blue."""
    rgb = np.empty((HEIGHT, WIDTH, 3), np.uint8)
    rgb[:, : WIDTH // 2], rgb[:, WIDTH // 2 :] = (220, 140, 60), (50, 80, 200)
    return rgb


def raw_of(rgb: NDArray[np.uint8], red_gain: float, blue_gain: float) -> RawImage:
    """What a sensor measures of it."""
    encoded = rgb / 255
    light = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    camera = light @ np.linalg.inv(np.reshape(TO_SRGB, (3, 3))).T / (red_gain, 1.0, blue_gain)
    black, white = (64, 65, 66, 67), 1023
    mosaic = np.empty(rgb.shape[:2])
    for place, colour in enumerate("BGGR"):
        row, column = divmod(place, 2)
        plane = camera[row::2, column::2, "RGB".index(colour)]
        mosaic[row::2, column::2] = black[place] + plane * (white - 64)
    return RawImage(mosaic.round().astype(np.uint16), "BGGR", black, white, TO_SRGB)


def saved_scene(folder: Path, image_format: StillFormat) -> tuple[ImageRecord, Path]:
    """The scene in a folder."""
    shot = Shot(1_700_000_000.25, 0.0, 5000, 2.0, red_gain=1.25, blue_gain=1.5)
    raw = raw_of(scene(), 1.25, 1.5) if image_format == "dng" else None
    still = StillImage(scene(), shot, "imx219", raw)
    record = Gallery(folder).save(still, image_format, 0.1)
    return record, folder / record.file_name


def assert_shows_the_scene(jpeg: bytes, size: tuple[int, int]) -> None:
    """Fail where it is not a picture of the scene."""
    with Image.open(io.BytesIO(jpeg)) as picture:
        assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", size)
        pixels = np.asarray(picture).astype(int)
    height, width = pixels.shape[:2]
    for x, colour in ((width // 4, (220, 140, 60)), (3 * width // 4, (50, 80, 200))):
        assert pixels[height // 2, x] == pytest.approx(colour, abs=6)


@pytest.mark.parametrize("image_format", FORMATS)
def test_a_small_picture_of_every_format(tmp_path: Path, image_format: StillFormat) -> None:
    record, path = saved_scene(tmp_path, image_format)
    assert_shows_the_scene(small_jpeg(record, path, SIDE_PX), (320, 192))


def test_a_picture_is_never_enlarged(tmp_path: Path) -> None:
    record, path = saved_scene(tmp_path, "png")
    assert_shows_the_scene(small_jpeg(record, path, 2000), (WIDTH, HEIGHT))
    record, path = saved_scene(tmp_path, "dng")
    assert_shows_the_scene(small_jpeg(record, path, 2000), (WIDTH // 2, HEIGHT // 2))


def test_a_thumbnail_is_made_once_and_can_be_made_again(tmp_path: Path) -> None:
    thumbnails = Thumbnails(tmp_path)
    record, path = saved_scene(tmp_path, "jpeg")
    assert thumbnails.find(record.id) is None
    made = thumbnails.make(record, path)
    assert thumbnails.find(record.id) == made
    assert_shows_the_scene(made.read_bytes(), (320, 192))
    path.unlink()
    assert thumbnails.make(record, path) == made
    thumbnails.forget(record.id)
    thumbnails.forget(record.id)
    with pytest.raises(NotFound, match="is gone"):
        thumbnails.make(record, path)


def test_a_thumbnail_of_what_is_at_hand(tmp_path: Path) -> None:
    thumbnails = Thumbnails(tmp_path)
    thumbnails.keep("20240101-000000-000-abcdef", scene())
    path = thumbnails.find("20240101-000000-000-abcdef")
    assert path is not None
    assert_shows_the_scene(path.read_bytes(), (320, 192))


@pytest.mark.parametrize("image_format", FORMATS)
@pytest.mark.parametrize("damage", ["empty", "cut", "other"])
def test_a_damaged_picture_is_said(tmp_path: Path, image_format: StillFormat, damage: str) -> None:
    record, path = saved_scene(tmp_path, image_format)
    content = path.read_bytes()
    path.write_bytes({"empty": b"", "cut": content[: len(content) // 2], "other": b"no picture at all" * 10}[damage])
    with pytest.raises(NotFound, match=f"image {record.id} cannot be shown"):
        small_jpeg(record, path, SIDE_PX)


def test_a_dng_of_another_form_is_said(tmp_path: Path) -> None:
    record, path = saved_scene(tmp_path, "tiff")
    with pytest.raises(NotFound, match="no DNG of 16 uncompressed bits"):
        small_jpeg(replace(record, media_type="image/x-adobe-dng"), path, SIDE_PX)
