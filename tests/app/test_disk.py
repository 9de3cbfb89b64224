"""app.disk: how many pictures fit, and what was set aside."""

from pathlib import Path

import pytest

from app.disk import LOW_PICTURES, RESERVE_BYTES, Disk, StorageState, Usage
from hw.errors import StorageFull
from hw.files import keep_aside

PICTURE = 10_000_000


class Bench:
    """A disk with as much room as a test says."""

    def __init__(self, data: Path, pictures: float) -> None:
        self.data = data
        self.pictures = pictures
        self.told: list[StorageState] = []
        self.disk = Disk(data, self.told.append, self._usage)
        self.disk.stored(PICTURE)
        self.disk.look()
        self.told.clear()

    def _usage(self, folder: Path) -> Usage:
        assert folder == self.data
        free = RESERVE_BYTES + round(self.pictures * PICTURE)
        return Usage(10**12, 10**12 - free, free)


def test_it_warns_while_pictures_still_fit_and_says_how_many(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench(tmp_path, LOW_PICTURES + 1)
    assert (bench.disk.state.pictures_left, bench.disk.state.low) == (LOW_PICTURES + 1, False)
    bench.pictures = LOW_PICTURES
    bench.disk.look()
    assert bench.told == [bench.disk.state]
    assert (bench.disk.state.pictures_left, bench.disk.state.low) == (LOW_PICTURES, True)
    assert "The disk is nearly full: 100 more pictures fit" in caplog.text
    bench.disk.require_room()
    bench.disk.look()
    assert len(bench.told) == 1  # no news


def test_a_full_disk_refuses_with_what_is_free_and_what_is_needed(tmp_path: Path) -> None:
    bench = Bench(tmp_path, 0.9)
    with pytest.raises(StorageFull, match="the disk is full: 73 MB are free, and 74 MB are needed") as refused:
        bench.disk.require_room()
    assert refused.value.extra == {"free_bytes": 73_000_000, "needed_bytes": 74_000_000}
    bench.pictures = 1
    bench.disk.require_room()


def test_large_pictures_are_counted_as_large(tmp_path: Path) -> None:
    bench = Bench(tmp_path, 10)
    bench.disk.stored(5 * PICTURE)
    bench.disk.stored(PICTURE)
    bench.disk.look()
    assert bench.disk.state.pictures_left == 2


def test_what_was_set_aside_is_named(tmp_path: Path) -> None:
    bench = Bench(tmp_path, 1000)
    (tmp_path / "optics.json").write_text("{")
    keep_aside(tmp_path / "optics.json")
    bench.disk.look()
    assert [aside.name for aside in bench.told[-1].set_aside] == ["optics.json.broken"]


def test_a_disk_that_cannot_be_looked_at_takes_no_pictures(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    disk = Disk(tmp_path / "gone", lambda state: None)
    assert disk.state.low
    assert "the disk cannot be looked at" in caplog.text
    with pytest.raises(OSError, match="cannot be looked at"):
        disk.require_room()
