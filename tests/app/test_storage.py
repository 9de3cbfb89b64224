"""app.storage"""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.storage import Gallery, ImageFormat
from hw.errors import NotFound
from hw.types import Position, StillImage


def still(captured_at: float = 1_700_000_000.25) -> StillImage:
    rgb = np.random.default_rng(1).integers(0, 255, (48, 64, 3), np.uint8)
    return StillImage(rgb, captured_at, 5000, 2.0, Position(1, 2, 3))


@pytest.mark.parametrize(("image_format", "lossless"), [("jpeg", False), ("png", True), ("tiff", True)])
def test_saved_picture_comes_back(tmp_path: Path, image_format: ImageFormat, lossless: bool) -> None:
    gallery = Gallery(tmp_path / "images")
    record = gallery.save(still(), image_format)
    found, path = gallery.get(record.id)
    assert found == record
    assert path.stat().st_size == record.size_bytes
    with Image.open(path) as picture:
        assert picture.size == (record.width, record.height) == (64, 48)
        assert picture.format == image_format.upper()
        assert np.array_equal(np.asarray(picture), still().rgb) or not lossless
    assert record.position == Position(1, 2, 3)
    assert record.url == f"/api/images/{record.id}"


def test_names_of_the_same_instant_differ(tmp_path: Path) -> None:
    gallery = Gallery(tmp_path)
    assert len({gallery.save(still(), "jpeg").id for _ in range(20)}) == 20
    assert len(gallery.list()) == 20


def test_newest_first_also_for_a_gallery_found_on_disk(tmp_path: Path) -> None:
    for at in (2000.0, 3000.0, 1000.0):
        Gallery(tmp_path).save(still(at), "jpeg")
    assert [record.captured_at for record in Gallery(tmp_path).list()] == [3000.0, 2000.0, 1000.0]


def test_deleted_is_gone(tmp_path: Path) -> None:
    gallery = Gallery(tmp_path)
    record = gallery.save(still(), "png")
    gallery.delete(record.id)
    assert gallery.list() == []
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(NotFound):
        gallery.delete(record.id)


@pytest.mark.parametrize("image_id", ["", "..", "../position", "20260101-000000-000-abcdef", "a/b", "x" * 1000, "\0"])
def test_unknown_and_hostile_names(tmp_path: Path, image_id: str) -> None:
    (tmp_path / "position.json").write_text("{}")
    with pytest.raises(NotFound):
        Gallery(tmp_path / "images").get(image_id)


@pytest.mark.parametrize(
    "facts", ["{", "{}", "[]", "7", '{"position": {"w": 1}}', '{"position": null, "id": 1}', "\xff"]
)
def test_broken_record_is_said_hides_no_other_and_can_be_deleted(
    tmp_path: Path, facts: str, caplog: pytest.LogCaptureFixture
) -> None:
    gallery = Gallery(tmp_path)
    good, bad = gallery.save(still(), "jpeg"), gallery.save(still(), "jpeg")
    (tmp_path / f"{bad.id}.json").write_text(facts, encoding="latin-1")
    assert gallery.list() == [good]
    assert f"the facts of image {bad.id} cannot be read" in caplog.text
    with pytest.raises(NotFound, match="cannot be read"):
        gallery.get(bad.id)
    gallery.delete(bad.id)
    assert sorted(path.name for path in tmp_path.iterdir()) == [good.file_name, f"{good.id}.json"]


def test_picture_whose_file_is_gone(tmp_path: Path) -> None:
    gallery = Gallery(tmp_path)
    record = gallery.save(still(), "jpeg")
    (tmp_path / record.file_name).unlink()
    with pytest.raises(NotFound, match="is gone"):
        gallery.get(record.id)
    gallery.delete(record.id)
    assert gallery.list() == []


def test_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gallery = Gallery(tmp_path)
    calls = 0

    def full_for_the_facts(descriptor: int) -> None:
        nonlocal calls
        calls += 1
        if calls > 2:  # file and folder of the picture itself
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full_for_the_facts)
    with pytest.raises(OSError, match="No space"):
        gallery.save(still(), "jpeg")
    assert list(tmp_path.iterdir()) == []
