"""hw.position"""

from pathlib import Path

import pytest

from hw.position import PositionFile, doubted
from hw.types import Position


def test_nothing_stored_is_the_origin_and_not_trusted(tmp_path: Path) -> None:
    memory = PositionFile(tmp_path / "position.json")
    assert not memory.exists()
    assert memory.load() == (Position(), False)


def test_settled_position_comes_back_trusted(tmp_path: Path) -> None:
    memory = PositionFile(tmp_path / "position.json")
    memory.settle(Position(1.5, -2.0, 3.25), trusted=True)
    assert PositionFile(tmp_path / "position.json").load() == (Position(1.5, -2.0, 3.25), True)


def test_power_cut_in_motion_is_known(tmp_path: Path) -> None:
    memory = PositionFile(tmp_path / "position.json")
    memory.settle(Position(), trusted=True)
    memory.begin_motion(Position(10.0, 0.0, 0.0))
    memory.begin_motion(Position(99.0, 0.0, 0.0))  # of the same row of motions: one write serves
    assert PositionFile(tmp_path / "position.json").load() == (Position(10.0, 0.0, 0.0), False)


def test_untrusted_stays_untrusted(tmp_path: Path) -> None:
    PositionFile(tmp_path / "position.json").settle(Position(5.0, 0.0, 0.0), trusted=False)
    assert PositionFile(tmp_path / "position.json").load() == (Position(5.0, 0.0, 0.0), False)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"x_um": NaN, "y_um": 0, "z_um": 0, "moving": false}',
        '{"x_um": 1}',
        '{"x_um": "far", "y_um": 0, "z_um": 0, "moving": false}',
    ],
)
def test_broken_file_is_said_and_not_trusted(tmp_path: Path, content: str, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "position.json"
    path.write_text(content)
    assert PositionFile(path).load() == (Position(), False)
    assert "holds no position" in caplog.text
    assert (tmp_path / "position.json.broken").read_text() == content
    assert PositionFile(path).exists()  # else the place where it stands would be taken for the origin
    assert PositionFile(path).load() == (Position(), False)


def test_disk_that_takes_nothing_is_said_and_harms_no_more(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    memory = PositionFile(tmp_path / "gone" / "position.json")
    memory.begin_motion(Position())
    memory.settle(Position(1, 2, 3), trusted=True)
    assert caplog.text.count("could not be stored") == 2


def test_a_motion_that_a_full_disk_does_not_take_leaves_no_position_to_trust(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> None:
        raise OSError("No space left on device")

    path = tmp_path / "position.json"
    memory = PositionFile(path)
    memory.settle(Position(1, 2, 3), trusted=True)
    with monkeypatch.context() as patch:
        patch.setattr("hw.position.write_whole", full)
        memory.begin_motion(Position(1, 2, 3))
        memory.begin_motion(Position(1, 2, 3))
        memory.settle(Position(4, 5, 6), trusted=True)
    assert PositionFile(path).exists()
    assert PositionFile(path).load() == (Position(1, 2, 3), False)  # as after a power cut
    memory.settle(Position(4, 5, 6), trusted=True)
    assert PositionFile(path).load() == (Position(4, 5, 6), True)
    assert list(tmp_path.iterdir()) == [path]


def test_a_position_from_elsewhere_is_in_doubt(tmp_path: Path) -> None:
    path = tmp_path / "position.json"
    PositionFile(path).settle(Position(1, 2, 3), trusted=True)
    path.write_bytes(doubted(path.read_bytes()))
    assert PositionFile(path).load() == (Position(1, 2, 3), False)


@pytest.mark.parametrize("junk", [b"", b"[1]", b"null", b"\xff", b"[" * 100_000])
def test_junk_from_elsewhere_is_no_position(tmp_path: Path, junk: bytes) -> None:
    path = tmp_path / "position.json"
    path.write_bytes(doubted(junk))
    assert PositionFile(path).load() == (Position(), False)
