"""app.lookout: neither look waits for the other."""

import asyncio
import threading
from typing import Any

import pytest

from app import lookout
from tests.conftest import PATIENCE_S, run_async, wait_until


class Looks:
    """Counts them; the first fails, and ``waiting_for`` is waited for in each."""

    def __init__(self, waiting_for: threading.Event | None = None) -> None:
        self.count = 0
        self.waiting_for = waiting_for

    def look(self) -> None:
        self.count += 1
        if self.waiting_for is not None:
            assert self.waiting_for.wait(PATIENCE_S)
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
        async with lookout.looking_out(*some):
            await asyncio.to_thread(wait_until, lambda: disk.count and control.count > 4, "both looks")
            assert disk.count == 1
            answers.set()
            await asyncio.to_thread(wait_until, lambda: disk.count > 2, "the disk's looks going on")

    run_async(main())
    assert caplog.text.count("The lookout failed") == 2
