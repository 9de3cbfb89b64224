"""app.download"""

import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.download import Tickets, zip_of
from app.storage import ImageRecord
from hw.errors import NotFound
from tests.app.albums import saved


def in_folder(folder: Path) -> Callable[[str], Path]:
    """Finds files there."""
    return lambda name: folder / name


def opened(stream: Any) -> zipfile.ZipFile:
    """The whole zip, which must be as long as it said."""
    data = b"".join(stream)
    assert len(data) == len(stream)
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    return archive


def test_a_zip_holds_the_pictures_under_their_titles_and_what_is_known_of_them(tmp_path: Path) -> None:
    records = [replace(saved(tmp_path), title="Blüte", note="süß"), replace(saved(tmp_path), title="Blüte")]
    with opened(zip_of(records, in_folder(tmp_path))) as archive:
        assert archive.namelist() == ["pictures.json", "Blüte.jpg", "Blüte (2).jpg"]
        for record, name in zip(records, ["Blüte.jpg", "Blüte (2).jpg"], strict=True):
            assert archive.read(name) == (tmp_path / record.file_name).read_bytes()
            assert archive.getinfo(name).compress_type == zipfile.ZIP_STORED
        facts = json.loads(archive.read("pictures.json"))
    assert [(fact["name"], fact["note"], fact["objective"]) for fact in facts] == [
        ("Blüte.jpg", "süß", "10x"),
        ("Blüte (2).jpg", "", "10x"),
    ]


def test_a_picture_whose_file_is_gone_is_in_the_list_alone(tmp_path: Path) -> None:
    there, gone = saved(tmp_path), saved(tmp_path)
    (tmp_path / gone.file_name).unlink()
    with opened(zip_of([there, gone], in_folder(tmp_path))) as archive:
        assert archive.namelist() == ["pictures.json", there.file_name]
        assert [fact["name"] for fact in json.loads(archive.read("pictures.json"))] == [there.file_name, None]


def test_a_picture_that_goes_as_the_zip_is_sent_breaks_it_off(tmp_path: Path) -> None:
    record = saved(tmp_path)
    stream = zip_of([record], in_folder(tmp_path))
    (tmp_path / record.file_name).unlink()
    with pytest.raises(FileNotFoundError):
        b"".join(stream)


def test_a_zip_is_made_piece_by_piece(tmp_path: Path) -> None:
    records = [saved(tmp_path) for _ in range(4)]
    for record in records:
        with (tmp_path / record.file_name).open("wb") as file:
            file.truncate(16_000_000)
    stream = zip_of(records, in_folder(tmp_path))
    tracemalloc.start()
    sent = sum(len(piece) for piece in stream)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sent == len(stream) > 64_000_000
    assert peak < 2_000_000


def test_tickets_are_good_until_too_many_others_were_asked_for() -> None:
    record = ImageRecord("a", "", "a.jpg", "", 1, 1, 1, 1_704_067_200.0, None, None, None)
    tickets = Tickets()
    first = tickets.issue([record])
    assert tickets.get(first.token) == first
    assert first.file_name == "pictures-20240101-000000.zip"
    for _ in range(64):
        tickets.issue([record])
    with pytest.raises(NotFound, match="ask for it again"):
        tickets.get(first.token)
