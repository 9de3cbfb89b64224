import sys
from pathlib import Path

from scripts.benchmarks.contestants import CONTESTANTS, Contestant


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    assert Contestant("one", ("no-such-program",), "bare").missing == "there is no no-such-program"
    assert Contestant("two", (sys.executable,), "bare", needs=tmp_path / "library").missing == "it is not set up"
    assert Contestant("three", (sys.executable,), "bare", needs=tmp_path).missing is None


def test_each_kind_has_one_floor_which_comes_first() -> None:
    for mjpeg in (False, True):
        floors = [contestant.floor for contestant in CONTESTANTS if contestant.mjpeg is mjpeg]
        assert floors == [True] + [False] * (len(floors) - 1)


def test_eyepiece_and_the_floors_need_nothing_beside_the_project() -> None:
    own = [contestant for contestant in CONTESTANTS if contestant.needs is None]
    assert all(contestant.missing is None for contestant in own)
    assert {contestant.title for contestant in own} > {"TCP floor", "MJPEG floor", "Eyepiece", "Eyepiece, /stream.mjpg"}
