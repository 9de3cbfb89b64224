"""app.people: who is there, and what they are called."""

import pytest

from app.people import People
from app.roles import Identity, Role
from hw.errors import InvalidRequest

IPAD = "Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Safari/604.1"
PIXEL = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"
GALAXY_TAB = "Mozilla/5.0 (Linux; Android 14; SM-X200) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"
LAPTOP = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"


def test_names_say_what_they_look_with() -> None:
    people = People()
    names = [people.arrive(f"v{n}", "10.0.0.1", agent).name for n, agent in enumerate((IPAD, GALAXY_TAB, PIXEL))]
    assert names == ["Tablet 1", "Tablet 2", "Phone 1"]
    assert people.arrive("v3", "10.0.0.1", LAPTOP).name == "Computer 1"
    assert people.arrive("v4", "10.0.0.1", "python-requests/2").name == "Viewer 1"
    assert people.arrive("v5", "10.0.0.1", IPAD, Identity("session", "s5", "Ada", Role.VIEWER)).name == "Ada"


def test_one_who_comes_back_is_called_as_before_and_two_are_never_called_the_same() -> None:
    people = People()
    people.arrive("a", "10.0.0.1", IPAD)
    people.leave("a")
    assert people.arrive("b", "10.0.0.1", IPAD).name == "Tablet 1"
    assert people.arrive("c", "10.0.0.1", IPAD).name == "Tablet 2"
    assert people.arrive("d", "10.0.0.2", IPAD).name == "Tablet 3"


def test_a_viewer_is_named_by_its_own_machine_alone() -> None:
    people = People()
    ada = people.arrive("a", "10.0.0.1", IPAD)
    assert people.calling("a", "10.0.0.1") == ada
    for viewer, address in (("a", "10.0.0.2"), ("b", "10.0.0.1"), ("", "10.0.0.1")):
        with pytest.raises(InvalidRequest, match="no viewer"):
            people.calling(viewer, address)
    with pytest.raises(InvalidRequest, match="no viewer"):
        people.calling("a", "10.0.0.1", Identity("session", "another", "Eve", Role.OPERATOR))


def test_who_names_no_viewer_is_a_program() -> None:
    program = People().calling(None, "10.0.0.9")
    assert (program.name, program.connected) == ("A program at 10.0.0.9", False)


def test_names_that_are_kept_have_a_bound() -> None:
    people = People()
    for n in range(1000):
        people.arrive("a", f"10.0.{n // 250}.{n % 250}", IPAD)
        people.leave("a")
    assert len(people._names) <= 256
