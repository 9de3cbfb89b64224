"""Small pictures of the stored ones, for a page that shows many of them."""

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.dng_preview import develop
from app.storage import ImageRecord
from hw.errors import NotFound
from hw.files import sweep, write_whole

SIDE_PX = 320
"""The longer side of a thumbnail."""
PREVIEW_SIDE_PX = 2048
"""The longer side of what is shown in the place of a picture that browsers cannot show."""
_QUALITY = 78


class Thumbnails:
    """A folder of small JPEGs in the folder of pictures, each made once. Its methods block: call them off the loop.

    All of it can be made again from the pictures.
    """

    def __init__(self, images: Path) -> None:
        self._folder = images / ".thumbnails"
        self._folder.mkdir(exist_ok=True)
        sweep(self._folder)

    def keep(self, image_id: str, rgb: NDArray[np.uint8]) -> None:
        """Make the thumbnail of a picture that is at hand, of shape (height, width, 3); raises ``OSError``."""
        write_whole(self._path(image_id), _jpeg(_shrunk(Image.fromarray(rgb), SIDE_PX)))

    def find(self, image_id: str) -> Path | None:
        """The thumbnail's file, where it was made already."""
        path = self._path(image_id)
        return path if path.exists() else None

    def make(self, record: ImageRecord, picture: Path) -> Path:
        """Make the thumbnail of a stored picture; raises ``NotFound``, ``OSError``."""
        path = self._path(record.id)
        if not path.exists():
            write_whole(path, small_jpeg(record, picture, SIDE_PX))
        return path

    def forget(self, image_id: str) -> None:
        """Delete a picture's thumbnail, if there is one."""
        self._path(image_id).unlink(missing_ok=True)

    def _path(self, image_id: str) -> Path:
        return self._folder / f"{image_id}.jpg"


def small_jpeg(record: ImageRecord, picture: Path, side_px: int) -> bytes:
    """A stored picture as a JPEG with sides of ``side_px`` at most. Blocks; raises ``NotFound`` where it is damaged."""
    try:
        if record.media_type == "image/x-adobe-dng":
            return _jpeg(_shrunk(develop(picture, side_px), side_px))
        with Image.open(picture) as opened:
            # A JPEG's decoder skips most of the work where less is wanted.
            opened.draft("RGB", (side_px, side_px))
            return _jpeg(_shrunk(opened.convert("RGB"), side_px))
    except FileNotFoundError:
        raise NotFound(f"the file of image {record.id} is gone") from None
    # What Pillow raises for a file that is damaged.
    except (OSError, SyntaxError, ValueError, KeyError, TypeError, Image.DecompressionBombError) as error:
        raise NotFound(f"image {record.id} cannot be shown: {error}") from error


def _shrunk(picture: Image.Image, side_px: int) -> Image.Image:
    picture.thumbnail((side_px, side_px), reducing_gap=2.0)
    return picture


def _jpeg(picture: Image.Image) -> bytes:
    encoded = io.BytesIO()
    picture.save(encoded, "jpeg", quality=_QUALITY)
    return encoded.getvalue()
