"""app.file_names"""

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.file_names import distinct_names, download_name
from app.storage import ImageRecord

RECORD = ImageRecord(
    "20240101-000000-000-abcdef", "", "20240101-000000-000-abcdef.jpg", "", 1, 1, 1, 0, None, None, None
)


def called(title: str) -> ImageRecord:
    """A picture of that title."""
    return replace(RECORD, title=title)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("", RECORD.id),
        ("Pollen", "Pollen"),
        ("Blütenstaub 花粉 🌼", "Blütenstaub 花粉 🌼"),
        ("a\u0308", "ä"),
        ("../../etc/passwd", "-..-etc-passwd"),
        ('x"; filename="evil.exe', "x-; filename=-evil.exe"),
        ("one\r\nSet-Cookie: a=b", "one Set-Cookie- a=b"),
        ("  .hidden. ", "hidden"),
        ("con", "con_"),
        ("LPT1.old", "LPT1.old_"),
        ("gpj\u202egnp", "gpjgnp"),
        ("\ud800", RECORD.id),
        (" / ", "-"),
        ("...", RECORD.id),
    ],
)
def test_a_title_becomes_a_name_for_every_system(title: str, name: str) -> None:
    assert download_name(called(title)) == f"{name}.jpg"


@given(st.text(st.characters(exclude_categories=()), max_size=300))
def test_no_title_makes_a_name_that_breaks_out(title: str) -> None:
    name = download_name(called(title))
    assert name.endswith(".jpg")
    assert len(name.encode()) < 255
    assert not set(name) & set('/\\:*?"<>|\0\r\n')
    assert not name.startswith(".")
    assert all(unicodedata.category(letter) != "Cc" for letter in name)


def test_names_in_one_folder_never_collide() -> None:
    titles = ["Pollen", "pollen", "Pollen (2)", "POLLEN", "a\u0308", "ä", "Pollen"]
    names = distinct_names([*map(called, titles), replace(called("Pollen"), file_name="x.png")])
    assert names == [
        *("Pollen.jpg", "pollen (2).jpg", "Pollen (2) (2).jpg", "POLLEN (3).jpg", "ä.jpg", "ä (2).jpg"),
        *("Pollen (4).jpg", "Pollen.png"),
    ]
    many = distinct_names([called("Pollen")] * 5000)
    assert len({name.casefold() for name in many}) == 5000
