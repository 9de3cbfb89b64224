"""Summaries of many durations."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Summary:
    """Many durations in few numbers, all in seconds; ``nan`` where there was none."""

    count: int
    p50: float
    p99: float
    max: float

    def as_dict(self) -> dict[str, float | int | None]:
        """For JSON, which has no ``nan``: ``None`` instead."""
        return {key: None if value != value else value for key, value in asdict(self).items()}

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> Self:
        """What ``as_dict`` made."""
        p50, p99, top = (math.nan if fields[key] is None else fields[key] for key in ("p50", "p99", "max"))
        return cls(fields["count"], p50, p99, top)


def summarise(durations_s: Sequence[float]) -> Summary:
    """Median, 99th percentile and maximum, in any order given."""
    ordered = sorted(durations_s)
    return Summary(len(ordered), quantile(ordered, 0.5), quantile(ordered, 0.99), quantile(ordered, 1.0))


def quantile(ordered: Sequence[float], q: float) -> float:
    """The value below which the share ``q`` of an ascending sequence lies, interpolated; ``nan`` of an empty one."""
    if not ordered:
        return math.nan
    place = q * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
