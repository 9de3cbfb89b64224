"""app.image_index"""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from app.image_index import ImageIndex, Sight, Stamp, look
from app.storage import Gallery, ImageRecord
from tests.app.albums import saved, write_many
from tests.app.test_storage import BROKEN_FACTS

RECORD = ImageRecord("", "", "", "image/jpeg", 64, 48, 1, 0.0, None, None, None)


def taken(at: float, name: str = "") -> ImageRecord:
    """A picture of that time."""
    return replace(RECORD, id=name or f"at {at}", captured_at=at)


def look_at(folder: Path, known: Mapping[str, Stamp] | None = None) -> Sight:
    """A look that finds the folder changed."""
    sight = look(folder, known or {}, -1)
    assert sight is not None
    return sight


def test_newest_first_in_pages_with_a_place_for_each() -> None:
    index = ImageIndex()
    for at in (2000.0, 5000.0, 1000.0, 4000.0, 3000.0):
        index.put(taken(at))
    assert len(index) == 5
    assert [image.captured_at for image in index.page(0, 2)] == [5000, 4000]
    assert [image.captured_at for image in index.page(3, 10)] == [2000, 1000]
    assert index.page(5, 10) == index.page(9, 10) == []
    assert [image.captured_at for image in index.all()] == [5000, 4000, 3000, 2000, 1000]
    assert [index.place(image.id) for image in index.all()] == [0, 1, 2, 3, 4]


def test_pictures_of_the_same_instant_keep_their_places_and_what_is_replaced_its_own() -> None:
    index = ImageIndex()
    for name in ("b", "c", "a"):
        index.put(taken(1.0, name))
    index.put(replace(taken(1.0, "b"), title="Pollen"))
    assert [(image.id, image.title) for image in index.all()] == [("c", ""), ("b", "Pollen"), ("a", "")]
    index.drop("b")
    index.drop("never there")
    assert [image.id for image in index.all()] == ["c", "a"]
    assert index.ids() == {"a", "c"}
    assert index.get("b") is None


def test_a_look_reads_what_is_new_and_nothing_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = saved(tmp_path)
    read: list[str] = []
    monkeypatch.setattr("app.image_index.read_facts", lambda path: read.append(path.stem))
    sight = look_at(tmp_path)
    second = saved(tmp_path)
    again = look_at(tmp_path, sight.stamps)
    assert read == [first.id, second.id]
    assert list(again.read) == [second.id]
    Gallery(tmp_path).describe(first.id, "Pollen", None)
    assert list(look_at(tmp_path, again.stamps).read) == [first.id]


def test_a_folder_at_rest_is_not_listed_and_one_that_has_just_changed_is(tmp_path: Path) -> None:
    saved(tmp_path)
    sight = look_at(tmp_path)
    assert sight.changed_ns == 0, "another change may fall into the same tick of the clock"
    os.utime(tmp_path, ns=(1, 1_000_000_000))
    rested = look_at(tmp_path, sight.stamps)
    assert (rested.changed_ns, rested.read) == (1_000_000_000, {})
    assert look(tmp_path, rested.stamps, rested.changed_ns) is None
    saved(tmp_path)
    assert look(tmp_path, rested.stamps, rested.changed_ns) is not None


@pytest.mark.parametrize("facts", BROKEN_FACTS)
def test_a_broken_record_hides_no_other_and_is_said_once(
    tmp_path: Path, facts: str, caplog: pytest.LogCaptureFixture
) -> None:
    good, bad = saved(tmp_path), saved(tmp_path)
    (tmp_path / f"{bad.id}.json").write_text(facts, encoding="latin-1")
    sight = look_at(tmp_path)
    assert sight.read == {good.id: good, bad.id: None}
    assert caplog.text.count(f"the facts of image {bad.id} cannot be read") == 1
    assert look_at(tmp_path, sight.stamps).read == {}
    assert caplog.text.count("cannot be read") == 1


def test_what_is_no_picture_is_none(tmp_path: Path) -> None:
    for name in (".20240101-000000-000-abcdef.json.x", "notes.json", "20240101-000000-000-abcdef.jpg", "..json"):
        (tmp_path / name).write_text("{}")
    assert look_at(tmp_path).stamps == {}


def test_five_thousand_pictures_are_read_once(tmp_path: Path) -> None:
    ids = write_many(tmp_path, 5000, b"jpeg")
    sight = look_at(tmp_path)
    index = ImageIndex()
    for record in sight.read.values():
        assert record is not None
        index.put(record)
    assert [record.id for record in index.all()] == ids
    assert look_at(tmp_path, sight.stamps).read == {}
