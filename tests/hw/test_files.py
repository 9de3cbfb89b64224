"""hw.files"""

import errno
from pathlib import Path

import pytest

from hw.files import keep_aside, kept_aside, sweep, write_new, write_whole


def test_writes_and_replaces(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    write_whole(path, b"old")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert [entry.name for entry in tmp_path.iterdir()] == ["state.json"]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "state.json"
    write_whole(path, b"old")

    def full_disk(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["state.json"]


def test_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "nowhere" / "state.json", b"data")


def test_a_new_file_replaces_none(tmp_path: Path) -> None:
    path = tmp_path / "picture.jpg"
    write_new(path, b"first")
    with pytest.raises(FileExistsError):
        write_new(path, b"second")
    assert path.read_bytes() == b"first"
    assert [entry.name for entry in tmp_path.iterdir()] == ["picture.jpg"]


def test_a_new_file_replaces_none_where_the_file_system_knows_no_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, target: Path) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    test_a_new_file_replaces_none(tmp_path)


def test_what_is_kept_aside_replaces_nothing_that_is(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    for content in (b"one", b"two"):
        path.write_bytes(content)
        assert keep_aside(path) is not None
    assert [aside.name for aside in kept_aside(tmp_path)] == ["state.json.2.broken", "state.json.broken"]
    assert (tmp_path / "state.json.broken").read_bytes() == b"one"
    assert not path.exists()


def test_what_cannot_be_kept_aside_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert keep_aside(tmp_path / "nothing.json") is None
    assert "could not be kept aside" in caplog.text


def test_a_sweep_takes_what_was_half_written_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_whole(tmp_path / "whole.json", b"whole")
    (tmp_path / ".hidden").touch()
    with monkeypatch.context() as killed:
        killed.setattr(Path, "replace", lambda path, target: (_ for _ in ()).throw(KeyboardInterrupt))
        killed.setattr(Path, "unlink", lambda path, missing_ok=False: None)  # the process is not there any more
        with pytest.raises(KeyboardInterrupt):
            write_whole(tmp_path / "half.json", b"half")
    assert len(list(tmp_path.iterdir())) == 3
    sweep(tmp_path)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == [".hidden", "whole.json"]
