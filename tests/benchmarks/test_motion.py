"""scripts.benchmarks.scenarios.motion: what it says of what it measured"""

from importlib.metadata import PackageNotFoundError

import pytest

from scripts.benchmarks import verdicts
from scripts.benchmarks.scenarios import motion


def figures(way: str, edges: int, too_early: int) -> dict[str, object]:
    gaps = {"count": 999, "p50": 0.00102, "p99": 0.0015, "max": 0.009}
    return {
        "way": way,
        "rate_per_s": 1000.0,
        "asked": 1000,
        "edges": edges,
        "gaps_under_minimum": too_early,
        "shortest_s": 0.001,
        "gap_s": gaps,
        "steps_per_s": 970.0,
        "pictures": 12,
        "scheduling": "ordinary",
    }


def test_lost_and_early_steps_are_missed_verdicts() -> None:
    found = [figures("motion process", 999, 2), figures("thread", 5, 5)]
    assert [(verdict.figure, verdict.held) for verdict in verdicts.on_motion(found)] == [
        (1, False),
        (2, False),
        (pytest.approx(1.5), True),
    ]


def test_the_table_has_a_row_for_each_run() -> None:
    lines = motion.tables([figures("motion process", 1000, 0), figures("thread", 1000, 0)]).splitlines()
    assert [line.split("  ")[0] for line in lines[-2:]] == ["motion process", "thread"]
    assert "1.020  1.500  9.000" in lines[-1]


@pytest.mark.parametrize(("installed", "there"), [("0.2.2.0", True), ("0.0.0.2", False), (None, False)])
def test_an_empty_or_missing_lgpio_is_said(monkeypatch: pytest.MonkeyPatch, installed: str | None, there: bool) -> None:
    def version(name: str) -> str:
        if installed is None:
            raise PackageNotFoundError(name)
        return installed

    monkeypatch.setattr(motion, "version", version)
    assert motion.missing() == (None if there else motion.MISSING)
