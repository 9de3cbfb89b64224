"""app.storage"""

import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.ExifTags import IFD, Base
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from app import __version__
from app.storage import Gallery
from hw.errors import NotFound
from hw.types import Position, RawImage, Shot, StillFormat, StillImage

RAW = RawImage(
    mosaic=np.random.default_rng(2).integers(0, 1024, (20, 32), np.uint16),
    colours="BGGR",
    black=(64, 65, 66, 67),
    white=1023,
    to_srgb=(1, 0, 0, 0, 1, 0, 0, 0, 1),
)


def still(captured_at: float = 1_700_000_000.25) -> StillImage:
    rgb = np.random.default_rng(1).integers(0, 255, (48, 64, 3), np.uint8)
    shot = Shot(captured_at, 0.0, 5000, 2.0, red_gain=1.25, blue_gain=1.5)
    return StillImage(rgb, shot, "imx219", position=Position(1, 2, 3))


@pytest.mark.parametrize(("image_format", "lossless"), [("jpeg", False), ("png", True), ("tiff", True)])
def test_saved_picture_comes_back(tmp_path: Path, image_format: StillFormat, lossless: bool) -> None:
    gallery = Gallery(tmp_path / "images")
    record = gallery.save(still(), image_format, 0.1)
    found, path = gallery.get(record.id)
    assert found == record
    assert path.stat().st_size == record.size_bytes
    with Image.open(path) as picture:
        assert picture.size == (record.width, record.height) == (64, 48)
        assert picture.format == image_format.upper()
        assert np.array_equal(np.asarray(picture), still().rgb) or not lossless
    assert record.position == Position(1, 2, 3)
    assert record.url == f"/api/images/{record.id}"


@pytest.mark.parametrize("image_format", ["jpeg", "png", "tiff", "dng"])
def test_a_picture_says_how_it_was_taken(tmp_path: Path, image_format: StillFormat) -> None:
    taken = still() if image_format != "dng" else replace(still(), raw=RAW)
    record = Gallery(tmp_path).save(taken, image_format, 0.0976, "10x")
    if image_format == "dng":  # which Pillow reads no further than its tags
        tags = Image.Exif()
        tags.load(b"Exif\0\0" + (tmp_path / record.file_name).read_bytes())
    else:
        with Image.open(tmp_path / record.file_name) as picture:
            tags = picture.getexif()
            tags.get_ifd(IFD.Exif)  # read while the file is open
    inner = tags.get_ifd(IFD.Exif)
    assert tags[Base.Model] == "imx219"
    assert tags[Base.Software] == f"Eyepiece {__version__}"
    assert inner[Base.DateTimeOriginal] == tags[Base.DateTime] == "2023:11:14 22:13:20"
    assert (inner[Base.OffsetTimeOriginal], inner[Base.SubsecTimeOriginal]) == ("+00:00", "250")
    assert float(inner[Base.ExposureTime]) == 0.005
    assert inner[Base.ISOSpeedRatings] == 200
    assert tags[Base.ResolutionUnit] == 3
    assert 10_000 / float(tags[Base.XResolution]) == pytest.approx(0.0976)
    assert json.loads(tags[Base.ImageDescription]) == {
        "captured_at": 1_700_000_000.25,
        "exposure_us": 5000,
        "gain": 2.0,
        "red_gain": 1.25,
        "blue_gain": 1.5,
        "position": {"x_um": 1, "y_um": 2, "z_um": 3},
        "um_per_px": 0.0976,
        "objective": "10x",
    }


def test_a_picture_says_no_scale_where_none_is_known(tmp_path: Path) -> None:
    record = Gallery(tmp_path).save(still(), "jpeg", None, "40x")
    assert record.um_per_px is None
    with Image.open(tmp_path / record.file_name) as picture:
        tags = picture.getexif()
    assert Base.XResolution not in tags
    assert "um_per_px" not in json.loads(tags[Base.ImageDescription])


def test_a_dng_holds_what_was_measured_and_what_a_converter_needs(tmp_path: Path) -> None:
    record = Gallery(tmp_path).save(replace(still(), raw=RAW), "dng", 0.1)
    assert (record.width, record.height, record.media_type) == (32, 20, "image/x-adobe-dng")
    data = (tmp_path / record.file_name).read_bytes()
    assert len(data) == record.size_bytes
    tags = ImageFileDirectory_v2(data[:8])
    with io.BytesIO(data) as file:
        file.seek(8)
        tags.load(file)
    assert (tags[256], tags[257], tags[262]) == (32, 20, 32803)
    assert (tags[258], tags[259], tags[277]) == ((16,), 1, 1)
    assert tags[33422] == bytes([2, 1, 1, 0])
    assert (tags[50706], tags[50708]) == (bytes([1, 4, 0, 0]), "Eyepiece")
    assert (tags[50714], tags[50717]) == (RAW.black, 1023)
    assert tags[50728] == pytest.approx((0.8, 1, 1 / 1.5), abs=1e-3)
    # The way to XYZ and back: a grey that the gains balance is the white of D65.
    to_xyz = np.linalg.inv(np.reshape([float(value) for value in tags[50721]], (3, 3)))
    assert to_xyz @ np.array([1 / 1.25, 1, 1 / 1.5]) == pytest.approx([0.9505, 1, 1.089], abs=2e-3)
    (offset,), (size,) = tags[273], tags[279]
    assert np.array_equal(np.frombuffer(data[offset : offset + size], "<u2").reshape(20, 32), RAW.mosaic)


def test_names_of_the_same_instant_differ(tmp_path: Path) -> None:
    gallery = Gallery(tmp_path)
    assert len({gallery.save(still(), "jpeg", 0.1).id for _ in range(20)}) == 20


def test_a_title_and_a_note_are_kept_and_the_file_keeps_its_name(tmp_path: Path) -> None:
    gallery = Gallery(tmp_path)
    record = gallery.save(still(), "png", 0.1, "10x")
    assert (record.title, record.note, record.objective, record.model) == ("", "", "10x", "imx219")
    told = gallery.describe(record.id, "Pollen", "from the window\nsill")
    assert told == replace(record, title="Pollen", note="from the window\nsill")
    assert gallery.describe(record.id, None, "") == replace(told, note="")
    found, path = Gallery(tmp_path).get(record.id)
    assert (found.title, found.note, path.name) == ("Pollen", "", f"{record.id}.png")
    with pytest.raises(NotFound):
        gallery.describe("20260101-000000-000-abcdef", "x", None)


def test_facts_of_an_older_and_of_a_newer_version_are_read(tmp_path: Path) -> None:
    gallery = Gallery(tmp_path)
    record = gallery.save(still(), "jpeg", 0.1)
    facts = json.loads((tmp_path / f"{record.id}.json").read_text())
    older = {name: value for name, value in facts.items() if name not in ("objective", "model", "title", "note")}
    (tmp_path / f"{record.id}.json").write_text(json.dumps(older))
    assert gallery.get(record.id)[0] == replace(record, model="")
    (tmp_path / f"{record.id}.json").write_text(json.dumps(facts | {"stars": 5}))
    assert gallery.get(record.id)[0] == record


@pytest.mark.parametrize("image_id", ["", "..", "../position", "20260101-000000-000-abcdef", "a/b", "x" * 1000, "\0"])
def test_unknown_and_hostile_names(tmp_path: Path, image_id: str) -> None:
    (tmp_path / "position.json").write_text("{}")
    with pytest.raises(NotFound):
        Gallery(tmp_path / "images").get(image_id)


BROKEN_FACTS = ["{", "{}", "[]", "7", '{"position": {"w": 1}}', '{"position": null, "id": 1}', "\xff"]


@pytest.mark.parametrize("facts", BROKEN_FACTS)
def test_a_broken_record_is_said(tmp_path: Path, facts: str) -> None:
    gallery = Gallery(tmp_path)
    bad = gallery.save(still(), "jpeg", 0.1)
    (tmp_path / f"{bad.id}.json").write_text(facts, encoding="latin-1")
    with pytest.raises(NotFound, match=f"the facts of image {bad.id} cannot be read"):
        gallery.get(bad.id)


@pytest.mark.parametrize("change", [{"file_name": "../secret.jpg"}, {"captured_at": "NaN"}, {"captured_at": None}])
def test_facts_that_lead_elsewhere_or_have_no_place_in_the_order_are_refused(
    tmp_path: Path, change: dict[str, object]
) -> None:
    gallery = Gallery(tmp_path / "images")
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    record = gallery.save(still(), "jpeg", 0.1)
    path = tmp_path / "images" / f"{record.id}.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(NotFound, match="cannot be read"):
        gallery.get(record.id)


def test_picture_whose_file_is_gone(tmp_path: Path) -> None:
    gallery = Gallery(tmp_path)
    record = gallery.save(still(), "jpeg", 0.1)
    (tmp_path / record.file_name).unlink()
    with pytest.raises(NotFound, match="is gone"):
        gallery.get(record.id)


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
        gallery.save(still(), "jpeg", 0.1)
    assert list(tmp_path.iterdir()) == []
