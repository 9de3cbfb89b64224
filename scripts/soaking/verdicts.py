"""Each minute as a row, and what is to be said of all of them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scripts.benchmarks.table import Cell, table
from scripts.benchmarks.verdicts import Verdict
from scripts.soaking.served import Footprint
from scripts.soaking.tally import Tally

HEAD = (
    "minute", "MB", "threads", "files", "viewers", "lag p99 ms", "lag max ms", "frames/s", "moves", "captures",
    "refused", "visits", "troubles",
)  # fmt: skip

_POOL = 40
"""Python's pool for what blocks grows by and by, to 32 threads on many cores."""
_FILES = 12
_GROWN_MB = 60
_STEADY_FPS = 1.0
_NARROWEST = 4


@dataclass(frozen=True, slots=True)
class Minute:
    """How it was at the end of one minute, and what was done in it."""

    minute: float
    footprint: Footprint
    viewers: int
    lag_p99_ms: float
    lag_max_ms: float
    steady_fps: float
    """Frames per second of a viewer that looks all the time."""
    moves: int
    captures: int
    refusals: int
    visits: int
    troubles: int

    def cells(self) -> list[Cell]:
        """As a row of ``HEAD``."""
        held = self.footprint
        return [
            f"{self.minute:.1f}", round(held.memory_mb), held.threads, held.files, self.viewers, self.lag_p99_ms,
            self.lag_max_ms, self.steady_fps, self.moves, self.captures, self.refusals, self.visits, self.troubles,
        ]  # fmt: skip


def as_table(minutes: Sequence[Minute]) -> str:
    """The minutes as text."""
    return table(HEAD, [minute.cells() for minute in minutes])


def in_line(cells: Sequence[Cell]) -> str:
    """One row as it comes, under ``HEAD``."""
    texts = [f"{cell:.1f}" if isinstance(cell, float) else str(cell) for cell in cells]
    return "  ".join(text.rjust(max(len(head), _NARROWEST)) for text, head in zip(texts, HEAD, strict=True))


def verdicts(
    minutes: Sequence[Minute],
    before: Footprint,
    after: Footprint,
    tally: Tally,
    exit_code: int,
    log: str,
    lag_ms: float,
) -> Iterator[Verdict]:
    """What has to hold. ``before`` is after the first visits, ``after`` when all but the steady have gone.

    ``lag_ms`` is the lag that is allowed.
    """
    # A still under way is no growth, and may be at the end of any minute but the leanest.
    leanest_mb = min(minute.footprint.memory_mb for minute in minutes)
    yield Verdict("memory grown since the leanest minute, MB", after.memory_mb - leanest_mb, _GROWN_MB)
    yield Verdict("threads more than at the start", after.threads - before.threads, _POOL)
    yield Verdict("files more than at the start", after.files - before.files, _FILES)
    yield Verdict("the loop's lag p99 in the worst minute, ms", max(minute.lag_p99_ms for minute in minutes), lag_ms)
    slowest = min(minute.steady_fps for minute in minutes)
    yield Verdict("seconds per frame of a steady viewer in its worst minute", 1 / max(slowest, 1e-9), 1 / _STEADY_FPS)
    yield Verdict("answers of 500 and above, pictures that are not whole", len(tally.troubles), 0)
    yield Verdict("errors in the log", len(errors_in(log)), 0)
    yield Verdict("moves or captures that were none", sum(not tally.counts[deed] for deed in ("moves", "captures")), 0)
    yield Verdict("exit code", abs(exit_code), 0)


def errors_in(log: str) -> list[str]:
    """The lines that an honest operation never has."""
    return re.findall(r"^.*(?: ERROR | CRITICAL |Traceback).*$", log, re.MULTILINE)
