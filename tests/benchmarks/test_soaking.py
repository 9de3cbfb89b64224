"""scripts.soaking: what is said of the minutes that were measured."""

from dataclasses import replace

import pytest

from scripts.soaking.served import Footprint
from scripts.soaking.tally import Tally
from scripts.soaking.verdicts import HEAD, Minute, as_table, errors_in, in_line, verdicts

HELD = Footprint(memory_mb=200, threads=20, files=40)
STILL_UNDER_WAY = Footprint(memory_mb=400, threads=20, files=40)
MINUTE = Minute(1, HELD, 8, 5.0, 30.0, 25.0, 60, 10, 2, 100, 0)


def missed(
    minute: Minute = MINUTE,
    after: Footprint = HELD,
    trouble: str = "",
    code: int = 0,
    log: str = "",
    idle: bool = False,
) -> list[str]:
    """The claims that do not hold, by their first word."""
    tally = Tally()
    if not idle:
        tally.counts.update(moves=5, captures=2)
    if trouble:
        tally.trouble(trouble)
    found = verdicts([MINUTE, minute], HELD, after, tally, code, log, lag_ms=100)
    return [verdict.claim.split()[0] for verdict in found if not verdict.held]


def test_a_quiet_soak_holds_everything() -> None:
    assert missed() == []
    assert missed(after=replace(HELD, memory_mb=230, files=45)) == []


@pytest.mark.parametrize(
    ("claim", "what"),
    [
        ("memory", {"after": replace(HELD, memory_mb=300)}),
        ("memory", {"after": replace(HELD, memory_mb=300), "minute": replace(MINUTE, footprint=STILL_UNDER_WAY)}),
        ("threads", {"after": replace(HELD, threads=90)}),
        ("files", {"after": replace(HELD, files=80)}),
        ("the", {"minute": replace(MINUTE, lag_p99_ms=101.0)}),
        ("seconds", {"minute": replace(MINUTE, steady_fps=0.0)}),
        ("answers", {"trouble": "a picture is not whole"}),
        ("errors", {"log": "2026-01-01 ERROR   hw.worker: smoke\n"}),
        ("moves", {"idle": True}),
        ("exit", {"code": -9}),
    ],
)
def test_each_suffering_is_found(claim: str, what: dict[str, object]) -> None:
    assert missed(**what) == [claim]  # type: ignore[arg-type]


def test_rows_stand_under_their_head() -> None:
    head, line = in_line(HEAD), in_line(MINUTE.cells())
    assert len(head) == len(line)
    told = as_table([MINUTE]).splitlines()[2].split()
    assert told == ["1.0", "200", "20", "40", "8", "5.00", "30.0", "25.0", "60", "10", "2", "100", "0"]


def test_warnings_are_no_errors() -> None:
    assert errors_in("a WARNING b\na ERROR b\nTraceback (most recent call last):\n") == [
        "a ERROR b",
        "Traceback (most recent call last):",
    ]
