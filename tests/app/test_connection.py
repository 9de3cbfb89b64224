"""app.connection: how long a viewer has been silent."""

import time
from types import SimpleNamespace
from typing import Any

import pytest

from app.connection import Connection, Outbox
from app.tally import Tally


def test_a_clock_that_jumps_makes_nobody_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    engine: Any = SimpleNamespace(queue=Outbox(), last_ping=None)
    connection = Connection(engine, {"headers": []}, Tally())
    now_s = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now_s[0])
    assert connection.unanswered_s() == 0
    engine.last_ping = time.time() - 3600  # sent a moment before the clock was put right
    assert connection.unanswered_s() == 0
    now_s[0] += 7
    assert connection.unanswered_s() == 7
    engine.last_ping = None  # it answered
    assert connection.unanswered_s() == 0
    engine.last_ping = time.time() + 3600
    assert connection.unanswered_s() == 0
