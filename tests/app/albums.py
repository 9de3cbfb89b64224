"""Pictures for the tests: small ones, and the facts of many without any."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from app.album import Album
from app.storage import Gallery, ImageRecord
from hw.types import Position, Shot, StillFormat, StillImage

RGB = np.random.default_rng(1).integers(0, 255, (48, 64, 3), np.uint8)


def _tiny_jpeg() -> bytes:
    encoded = io.BytesIO()
    Image.new("RGB", (64, 48), (120, 60, 40)).save(encoded, "jpeg")
    return encoded.getvalue()


TINY_JPEG = _tiny_jpeg()
"""A file of a picture of that size."""


def still(captured_at: float = 1_700_000_000.25) -> StillImage:
    """A picture of 64 by 48 pixels."""
    shot = Shot(captured_at, 0.0, 5000, 2.0, red_gain=1.25, blue_gain=1.5)
    return StillImage(RGB, shot, "imx219", position=Position(1, 2, 3))


def saved(folder: Path, captured_at: float = 1_700_000_000.25, image_format: StillFormat = "jpeg") -> ImageRecord:
    """A picture in a folder."""
    return Gallery(folder).save(still(captured_at), image_format, 0.1, "10x")


def write_many(folder: Path, count: int, jpeg: bytes) -> list[str]:
    """Write so many pictures straight into a folder, one a second; returns their names, the newest first."""
    pattern = saved(folder)
    (folder / pattern.file_name).unlink()
    (folder / f"{pattern.id}.json").unlink()
    ids, facts = [], asdict(pattern)
    for number in range(count):
        minutes, seconds = divmod(number, 60)
        hours, minutes = divmod(minutes, 60)
        image_id = f"20240101-{hours:02d}{minutes:02d}{seconds:02d}-000-{number:06x}"
        own = {
            "id": image_id,
            "url": f"/api/images/{image_id}",
            "file_name": f"{image_id}.jpg",
            "size_bytes": len(jpeg),
            "captured_at": 1_704_067_200.0 + number,
        }
        (folder / f"{image_id}.jpg").write_bytes(jpeg)
        (folder / f"{image_id}.json").write_text(json.dumps(facts | own))
        ids.append(image_id)
    return ids[::-1]


@contextmanager
def listened(album: Album) -> Iterator[list[tuple[str, dict[str, Any]]]]:
    """What an album tells its viewers."""
    told: list[tuple[str, dict[str, Any]]] = []
    album.on_change = lambda name, what: told.append((name, what))
    yield told
