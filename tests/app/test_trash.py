"""app.trash"""

from pathlib import Path

import pytest

from app.storage import Gallery
from app.trash import Trash
from hw.errors import NotFound
from tests.app.albums import saved


def names(folder: Path) -> list[str]:
    """The files in a folder, without its folders."""
    return sorted(path.name for path in folder.iterdir() if path.is_file())


def test_taken_and_given_back(tmp_path: Path) -> None:
    record, trash = saved(tmp_path, image_format="png"), Trash(tmp_path)
    content = (tmp_path / record.file_name).read_bytes()
    trash.take(record.id)
    assert names(tmp_path) == []
    assert trash.ids() == [record.id]
    assert trash.records() == [record]
    assert trash.find(record.file_name).read_bytes() == content
    with pytest.raises(NotFound):
        trash.take(record.id)
    assert trash.give_back(record.id) == record
    assert trash.ids() == []
    assert Gallery(tmp_path).get(record.id)[1].read_bytes() == content
    with pytest.raises(NotFound):
        trash.give_back(record.id)


def test_destroyed_is_gone_for_good(tmp_path: Path) -> None:
    record, other, trash = saved(tmp_path), saved(tmp_path), Trash(tmp_path)
    trash.take(record.id)
    trash.destroy(record.id)
    trash.destroy(record.id)
    assert trash.ids() == []
    assert names(tmp_path / ".trash") == []
    assert names(tmp_path) == sorted([other.file_name, f"{other.id}.json"])


@pytest.mark.parametrize("back", [True, False])
def test_a_power_cut_between_its_two_files_leaves_a_picture_deleted_and_whole(tmp_path: Path, back: bool) -> None:
    record, trash = saved(tmp_path), Trash(tmp_path)
    (tmp_path / f"{record.id}.json").rename(tmp_path / ".trash" / f"{record.id}.json")
    assert trash.ids() == [record.id]
    if back:
        assert trash.give_back(record.id) == record
        assert Gallery(tmp_path).get(record.id)[0] == record
    else:
        trash.destroy(record.id)
        assert names(tmp_path) == []


def test_a_picture_that_was_given_back_is_not_destroyed_with_what_is_left_in_the_trash(tmp_path: Path) -> None:
    record, trash = saved(tmp_path), Trash(tmp_path)
    trash.destroy(record.id)
    assert Gallery(tmp_path).get(record.id)[0] == record


def test_a_broken_record_can_be_deleted_and_hides_no_other(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    good, bad, trash = saved(tmp_path), saved(tmp_path), Trash(tmp_path)
    (tmp_path / f"{bad.id}.json").write_text("{")
    for record in (good, bad):
        trash.take(record.id)
    assert trash.records() == [good]
    assert bad.id in caplog.text
    trash.destroy(bad.id)
    assert trash.ids() == [good.id]


@pytest.mark.parametrize("image_id", ["", "..", "../position", "a/b", "\0", "20260101-000000-000-abcdef"])
def test_unknown_and_hostile_names(tmp_path: Path, image_id: str) -> None:
    trash = Trash(tmp_path)
    (tmp_path / "position.json").write_text("{}")
    for do in (trash.take, trash.give_back):
        with pytest.raises(NotFound):
            do(image_id)
    assert names(tmp_path) == ["position.json"]
