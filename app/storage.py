"""Pictures on disk: each with a JSON file of its facts beside it, both written whole or not at all."""

import io
import json
import re
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image
from pydantic import FiniteFloat, TypeAdapter

from app.dng import dng
from app.exif import description, exif
from app.tiff import rgb_tiff
from hw.errors import NotFound
from hw.files import sweep, write_new, write_whole
from hw.types import Position, StillFormat, StillImage

_IMAGE_ID = re.compile(r"\d{8}-\d{6}-\d{3}-[0-9a-f]{6}", re.ASCII)
_SAVE: dict[StillFormat, tuple[str, str, dict[str, object]]] = {
    "jpeg": ("jpg", "image/jpeg", {"quality": 95, "subsampling": 0}),
    "png": ("png", "image/png", {"compress_level": 3}),
    "tiff": ("tif", "image/tiff", {}),
    "dng": ("dng", "image/x-adobe-dng", {}),
}
SUFFIXES = tuple(suffix for suffix, _, _ in _SAVE.values())
"""What the names of picture files end with."""


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
    captured_at: FiniteFloat
    exposure_us: int | None
    gain: float | None
    position: Position | None
    um_per_px: float | None = None
    """Size of one pixel on the specimen, where that is known."""
    objective: str = ""
    model: str = ""
    """Of the camera."""
    title: str = ""
    """What people call it, if they do; the file keeps its name."""
    note: str = ""
    annotates: str | None = None
    """The picture that this one is a copy of, with scale and measurements drawn in."""


_RECORD = TypeAdapter(ImageRecord)


def is_image_id(text: str) -> bool:
    """Whether this may be a picture's name: it leads out of no folder."""
    return bool(_IMAGE_ID.fullmatch(text))


class Gallery:
    """The pictures in one folder. Its methods block on the disk: call them off the event loop."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        sweep(folder)

    def save(
        self,
        still: StillImage,
        image_format: StillFormat,
        um_per_px: float | None,
        objective: str = "",
        annotates: str | None = None,
    ) -> ImageRecord:
        """Store a picture; raises ``OSError`` and leaves nothing behind when the disk will not take it.

        The file says how large its pixels are, where that is known, and through what it was taken.
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
            objective=objective,
            model=still.model,
            annotates=annotates,
        )
        # The facts last: a picture counts from the moment that they are there.
        write_new(self.folder / record.file_name, encoded)
        try:
            write_whole(self._facts(image_id), json.dumps(asdict(record)).encode())
        except OSError:
            (self.folder / record.file_name).unlink()
            raise
        return record

    def get(self, image_id: str) -> tuple[ImageRecord, Path]:
        """A picture's facts and file; raises ``NotFound``."""
        record = read_facts(self._facts(image_id))
        path = self.folder / record.file_name
        if not path.is_file():
            raise NotFound(f"the file of image {image_id} is gone")
        return record, path

    def describe(self, image_id: str, title: str | None, note: str | None) -> ImageRecord:
        """Give a picture a title, a note or both (``None``: as it is); raises ``NotFound``."""
        record = read_facts(self._facts(image_id))
        told = replace(
            record, title=record.title if title is None else title, note=record.note if note is None else note
        )
        write_whole(self._facts(image_id), json.dumps(asdict(told)).encode())
        return told

    def _facts(self, image_id: str) -> Path:
        # The form is checked, so that no name can lead out of the folder.
        if not is_image_id(image_id):
            raise NotFound(f"there is no image {image_id[:80]!r}")
        return self.folder / f"{image_id}.json"


def read_facts(path: Path) -> ImageRecord:
    """The facts in a file, which a newer version may know more of; raises ``NotFound``."""
    try:
        record = _RECORD.validate_json(path.read_bytes())
    except FileNotFoundError:
        raise NotFound(f"there is no image {path.stem}") from None
    except ValueError as error:
        raise NotFound(f"the facts of image {path.stem} cannot be read: {error!r}") from error
    if record.file_name not in [f"{path.stem}.{suffix}" for suffix in SUFFIXES]:
        raise NotFound(f"the facts of image {path.stem} cannot be read: they name {record.file_name[:80]!r}")
    return record


def _encoded(still: StillImage, image_format: StillFormat, um_per_px: float | None, objective: str) -> bytes:
    told = description(still.shot, still.position, um_per_px, objective)
    tags = exif(still.shot, still.model, told, um_per_px)
    if still.raw is not None:
        return dng(still.raw, still.shot, tags)
    if image_format == "tiff":
        return rgb_tiff(still.rgb, tags)
    encoded = io.BytesIO()
    Image.fromarray(still.rgb).save(encoded, image_format, exif=tags, **_SAVE[image_format][2])
    return encoded.getvalue()
