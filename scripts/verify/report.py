"""The report: a line for each check, that says what was seen, what failed and why, or what was not asked for."""

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["ok", "FAILED", "not asked"]
_WIDTH = 120


class Failed(Exception):
    """The check failed, or could not be made; the message says why."""


class NotAsked(Exception):
    """Nobody asked for this check; the message says how to."""


@dataclass(frozen=True, slots=True)
class Line:
    """One check's outcome."""

    name: str
    outcome: Outcome
    text: str

    def __str__(self) -> str:
        head = f"{self.outcome:9}  {self.name:12} "
        return textwrap.fill(
            " ".join(self.text.split()),
            _WIDTH,
            initial_indent=head,
            subsequent_indent=" " * len(head),
            break_long_words=False,
            break_on_hyphens=False,
        )


def check(name: str, look: Callable[[], str]) -> Line:
    """Make a check: ok with what ``look`` returns, else what it raised."""
    try:
        return Line(name, "ok", look())
    except NotAsked as reason:
        return Line(name, "not asked", str(reason))
    except Failed as reason:
        return Line(name, "FAILED", str(reason))
    except Exception as error:  # a check that breaks has shown nothing
        return Line(name, "FAILED", f"could not be checked: {error!r}")


def summary(lines: list[Line]) -> str:
    """How many of each there are."""
    counts = {outcome: sum(line.outcome == outcome for line in lines) for outcome in ("ok", "FAILED", "not asked")}
    return ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
