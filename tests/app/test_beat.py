"""app.beat"""

import pytest

from app import beat
from app.beat import until_beat_s


@pytest.mark.parametrize(
    ("now", "period_s", "sleep_s"),
    [
        (100.0, 1.0, 1.0),
        (100.4, 1.0, 0.6),
        (99.999, 1.0, 1.001),  # woken a little early: not the same beat again
        (100.001, 1.0, 0.999),
        (103.0, 5.0, 7.0),
        (101.0, 5.0, 4.0),
    ],
)
def test_sleeps_until_the_next_beat(
    monkeypatch: pytest.MonkeyPatch, now: float, period_s: float, sleep_s: float
) -> None:
    monkeypatch.setattr(beat, "time", type("Clock", (), {"monotonic": staticmethod(lambda: now)}))
    assert until_beat_s(period_s) == pytest.approx(sleep_s)
