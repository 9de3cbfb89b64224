"""Counts of what happens to frames, as plain as can be: they are kept where every microsecond counts."""

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

DropReason = Literal["window", "rate", "link"]
"""Why a viewer missed a frame: it acknowledges too late (``window``), it is sent fewer on purpose (``rate``), its
connection did not take what was sent before (``link``)."""

_BOUNDS_S = (0.001, 0.002, 0.005, 0.01, 0.02, 0.033, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0)


class Total(NamedTuple):
    """How many durations were counted, and what they amount to."""

    number: int
    sum_s: float


class Histogram:
    """Durations in seconds, counted in buckets.

    ``counts`` has one more place than ``bounds`` (each bucket's upper end, included) and is not cumulative.
    """

    __slots__ = ("bounds", "counts", "sum")

    def __init__(self, bounds: tuple[float, ...] = _BOUNDS_S) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.sum = 0.0

    def add(self, value: float) -> None:
        """Count one duration; one below nothing, as clocks that differ make it, is nothing."""
        self.counts[bisect_left(self.bounds, value)] += 1
        if value > 0:
            self.sum += value

    @property
    def total(self) -> Total:
        """All of them together."""
        return Total(sum(self.counts), self.sum)


@dataclass(slots=True)
class Tally:
    """Totals since the start, of all the viewers that ever were."""

    sent: int = 0
    sent_bytes: int = 0
    acked: int = 0
    acks_lost: int = 0
    junk_acks: int = 0
    """Acknowledgements of no known form, or of frames not in flight, or with times that cannot be: ignored, or these
    times."""
    connections: int = 0
    """Viewers that connected by Socket.IO."""
    malformed: int = 0
    """Packets of which nothing could be made."""
    subscriptions_refused: int = 0
    sent_away: int = 0
    """Viewers whose connection was ended for what they did."""
    dropped: dict[DropReason, int] = field(default_factory=lambda: {"window": 0, "rate": 0, "link": 0})
    encode_s: Histogram = field(default_factory=Histogram)
    """A frame's compression."""
    ack_s: Histogram = field(default_factory=Histogram)
    """From sending a frame to its acknowledgement."""
    network_s: Histogram = field(default_factory=Histogram)
    """From sending a frame to its arrival, by the viewer's account."""
    paint_s: Histogram = field(default_factory=Histogram)
    """From a frame's arrival to its painting, by the viewer's account."""
    latency_s: Histogram = field(default_factory=Histogram)
    """From a frame's capture to its painting."""
