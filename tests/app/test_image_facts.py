"""app.image_facts"""

from dataclasses import replace
from pathlib import Path

import pytest

from app import __version__
from app.image_facts import known_of
from app.storage import Gallery
from hw.types import StillFormat
from tests.app.albums import saved, still
from tests.app.test_storage import RAW


@pytest.mark.parametrize("image_format", ["jpeg", "png", "tiff", "dng"])
def test_all_that_is_known(tmp_path: Path, image_format: StillFormat) -> None:
    taken = replace(still(), raw=RAW) if image_format == "dng" else still()
    record = replace(Gallery(tmp_path).save(taken, image_format, 0.1, "10x"), title="Pollen")
    known = known_of(record, tmp_path / record.file_name)
    assert known == {
        "id": record.id,
        "url": record.url,
        "file_name": record.file_name,
        "media_type": record.media_type,
        "width": record.width,
        "height": record.height,
        "size_bytes": record.size_bytes,
        "captured_at": 1_700_000_000.25,
        "exposure_us": 5000,
        "gain": 2.0,
        "red_gain": 1.25,
        "blue_gain": 1.5,
        "position": {"x_um": 1, "y_um": 2, "z_um": 3},
        "um_per_px": 0.1,
        "objective": "10x",
        "model": "imx219",
        "software": f"Eyepiece {__version__}",
        "title": "Pollen",
    }


def test_what_the_record_lacks_the_file_tells(tmp_path: Path) -> None:
    record = saved(tmp_path)
    bare = replace(record, objective="", model="", um_per_px=None, exposure_us=None, gain=None, position=None)
    assert known_of(bare, tmp_path / record.file_name) == known_of(record, tmp_path / record.file_name)


@pytest.mark.parametrize("content", [b"", b"no picture", b"\xff\xd8\xff\xe1\x00\x10Exif\0\0MM\0*"])
def test_a_file_that_says_nothing_adds_nothing(tmp_path: Path, content: bytes) -> None:
    record = saved(tmp_path)
    (tmp_path / record.file_name).write_bytes(content)
    known = known_of(record, tmp_path / record.file_name)
    assert known["objective"] == "10x"
    assert "software" not in known
