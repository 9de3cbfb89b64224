"""Pictures on disk: each with a JSON file of its facts beside it, both written whole or not at all."""

import io
import json
import logging
import re
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

from app.dng import dng
from app.exif import description, exif
from app.tiff import rgb_tiff
from hw.errors import NotFound
from hw.files import sweep, write_new, write_whole
from hw.types import Position, StillFormat, StillImage

log = logging.getLogger(__name__)

_IMAGE_ID = re.compile(r"\d{8}-\d{6}-\d{3}-[0-9a-f]{6}")
_SAVE: dict[StillFormat, tuple[str, str, dict[str, object]]] = {
    "jpeg": ("jpg", "image/jpeg", {"quality": 95, "subsampling": 0}),
    "png": ("png", "image/png", {"compress_level": 3}),
    "tiff": ("tif", "image/tiff", {}),
    "dng": ("dng", "image/x-adobe-dng", {}),
}


@dataclass(frozen=True, slots=True)
class ImageRecord:
    """The facts of a stored picture."""

    id: str
    url: str
    file_name: str
    media_type: str
    width: int
    height: int
    size_bytes: int
    captured_at: float
    exposure_us: int | None
    gain: float | None
    position: Position | None
    um_per_px: float | None = None
    """Size of one pixel on the specimen."""


class Gallery:
    """The pictures in one folder. Its methods block on the disk: call them off the event loop."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        sweep(folder)

    def save(self, still: StillImage, image_format: StillFormat, um_per_px: float, objective: str = "") -> ImageRecord:
        """Store a picture; raises ``OSError`` and leaves nothing behind when the disk will not take it.

        The file says how large its pixels are, and through what it was taken.
        """
        suffix, media_type, _ = _SAVE[image_format]
        shot = still.shot
        taken = datetime.fromtimestamp(shot.captured_at, UTC)
        # The random part keeps names apart where the clock of a Pi without a network starts over.
        image_id = f"{taken:%Y%m%d-%H%M%S}-{taken.microsecond // 1000:03d}-{secrets.token_hex(3)}"
        encoded = _encoded(still, image_format, um_per_px, objective)
        height, width = (still.rgb if still.raw is None else still.raw.mosaic).shape[:2]
        record = ImageRecord(
            id=image_id,
            url=f"/api/images/{image_id}",
            file_name=f"{image_id}.{suffix}",
            media_type=media_type,
            width=width,
            height=height,
            size_bytes=len(encoded),
            captured_at=shot.captured_at,
            exposure_us=shot.exposure_us,
            gain=shot.gain,
            position=still.position,
            um_per_px=um_per_px,
        )
        # The facts last: a picture counts from the moment that they are there.
        write_new(self._folder / record.file_name, encoded)
        try:
            write_whole(self._facts(image_id), json.dumps(asdict(record)).encode())
        except OSError:
            (self._folder / record.file_name).unlink()
            raise
        return record

    def list(self) -> list[ImageRecord]:
        """All pictures, the newest first. One whose facts cannot be read is left out, with an error in the log."""
        records = []
        for path in self._folder.glob("[!.]*.json"):
            try:
                records.append(_read(path))
            except NotFound as error:
                log.error("%s", error)
        return sorted(records, key=lambda record: record.captured_at, reverse=True)

    def get(self, image_id: str) -> tuple[ImageRecord, Path]:
        """A picture's facts and file; raises ``NotFound``."""
        record = _read(self._facts(image_id))
        path = self._folder / record.file_name
        if not path.is_file():
            raise NotFound(f"the file of image {image_id} is gone")
        return record, path

    def delete(self, image_id: str) -> None:
        """Delete a picture; raises ``NotFound``."""
        facts = self._facts(image_id)
        try:
            facts.unlink()
        except FileNotFoundError:
            raise NotFound(f"there is no image {image_id}") from None
        for path in self._folder.glob(f"{image_id}.*"):
            path.unlink(missing_ok=True)

    def _facts(self, image_id: str) -> Path:
        # The form is checked, so that no name can lead out of the folder.
        if not _IMAGE_ID.fullmatch(image_id):
            raise NotFound(f"there is no image {image_id[:80]!r}")
        return self._folder / f"{image_id}.json"


def _read(path: Path) -> ImageRecord:
    try:
        facts = json.loads(path.read_bytes())
        position = facts.pop("position")
        return ImageRecord(**facts, position=None if position is None else Position(**position))
    except FileNotFoundError:
        raise NotFound(f"there is no image {path.stem}") from None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotFound(f"the facts of image {path.stem} cannot be read: {error!r}") from error


def _encoded(still: StillImage, image_format: StillFormat, um_per_px: float, objective: str) -> bytes:
    told = description(still.shot, still.position, um_per_px, objective)
    tags = exif(still.shot, still.model, told, um_per_px)
    if still.raw is not None:
        return dng(still.raw, still.shot, tags)
    if image_format == "tiff":
        return rgb_tiff(still.rgb, tags)
    encoded = io.BytesIO()
    Image.fromarray(still.rgb).save(encoded, image_format, exif=tags, **_SAVE[image_format][2])
    return encoded.getvalue()
