"""app.lookout: neither look waits for the other."""

import asyncio
import threading
from typing import Any

import pytest

from app import lookout
from tests.conftest import PATIENCE_S, run_async


class Looks:
    """Counts them; the first fails, and ``waiting_for`` is waited for in each."""

    def __init__(self, waiting_for: threading.Event | None = None) -> None:
        self.count = 0
        self.waiting_for = waiting_for

    def look(self) -> None:
        self.count += 1
        if self.waiting_for is not None:
            self.waiting_for.wait(PATIENCE_S)
        if self.count == 1:
            raise RuntimeError("cannot look")


def test_a_disk_that_does_not_answer_keeps_nobody_from_seeing_a_driver_vanish(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(lookout, "_CONTROL_S", 0.001)
    monkeypatch.setattr(lookout, "_DISK_S", 0.001)
    answers = threading.Event()
    control, disk = Looks(), Looks(answers)

    async def main() -> None:
        some: Any = control, disk
        async with lookout.looking_out(*some), asyncio.timeout(PATIENCE_S):
            while not disk.count or control.count < 5:
                await asyncio.sleep(0)
            assert disk.count == 1
            answers.set()
            while disk.count < 3:
                await asyncio.sleep(0)

    run_async(main())
    assert caplog.text.count("The lookout failed") == 2
