"""app.doors: what is said at the start."""

import socket
from pathlib import Path

import pytest

from app.doors import open_doors


def test_a_disk_that_takes_no_pin_is_said_and_keeps_nothing_from_starting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(path: Path, data: bytes) -> None:
        raise OSError("No space left on device")

    doors = open_doors(tmp_path, required=True, names=[], https=False)
    monkeypatch.setattr("app.pairing.write_whole", full)
    with caplog.at_level("INFO"), socket.create_server(("127.0.0.1", 0)) as listener:
        doors.announce(listener)
    assert "is looking: http://127.0.0.1:" in caplog.text
    assert "No PIN could be kept, so that nobody can pair: No space left on device" in caplog.text
