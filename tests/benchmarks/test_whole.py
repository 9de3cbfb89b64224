"""scripts.benchmarks.scenarios.whole: what it says of what it measured"""

import importlib.util

import pytest

from scripts.benchmarks import verdicts
from scripts.benchmarks.scenarios import whole


def row(server: str, viewers: int, cpu_ms_per_frame: float) -> whole.Row:
    return whole.Row(server, viewers, cpu_ms_per_frame, 30.0 * viewers, 0.8, 45_000.0, 0.2)


ROWS = [
    row(whole.EXAMPLE, 1, 4.0),
    row(whole.EYEPIECE, 1, 4.5),
    row(whole.EXAMPLE, 8, 1.3),
    row(whole.EYEPIECE, 8, 0.8),
    row(whole.EYEPIECE_MJPEG, 8, 0.7),
]


def test_each_is_judged_by_the_example_with_as_many_viewers() -> None:
    found = list(verdicts.on_whole(ROWS))
    assert [(verdict.figure, verdict.limit, verdict.held) for verdict in found] == [
        (4.5, 4.0, False),
        (0.8, 1.3, True),
        (0.7, 1.3, True),
    ]
    assert found[0].claim.endswith("1 viewer")


def test_the_table_has_a_row_for_each_program() -> None:
    lines = whole.tables(ROWS).splitlines()
    assert [line.split("  ")[0] for line in lines[-len(ROWS) :]] == [row.server for row in ROWS]
    assert "0.800" in lines[-2]


@pytest.mark.parametrize("absent", ["libcamera", "picamera2"])
def test_a_machine_without_picamera2_says_so(monkeypatch: pytest.MonkeyPatch, absent: str) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == absent else object())
    assert whole.missing() == whole.MISSING
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    assert whole.missing() is None
