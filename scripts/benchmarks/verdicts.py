"""What the project holds itself to, beside what was measured."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.server import SWITCH_INTERVAL_S
from hw.camera import Camera
from scripts.benchmarks.scenarios import whole
from scripts.benchmarks.scenarios.throughput import Row, viewers_of
from scripts.benchmarks.table import Cell, table, three_digits

_RATIOS = {8: 2.5, 32: 2.0}
"""CPU per frame, at most so many times that of the floor, by number of viewers."""
_MJPEG_TO_BEAT = ("http.server and threads", "labthings-fastapi")
_TO_BEAT = ("Node's socket.io", *_MJPEG_TO_BEAT)
"""Acknowledged frames are to cost less than theirs, and the last two acknowledge none."""
_MJPEG_RATIO = 2.5
_LATENCY_8_MS = 2.0
_LATENCY_32_MS = 2.0
"""More than the bare WebSocket's."""
_SLOW_LATENCY_S = 0.5
_GROWTH = 1.3
_KEPT = 0.95
_SIGNAL_FRAMES = 2.0
_STOP_S = 0.010
_VIEWER_MB = 2.0
_GROWN_MB = 2.0
_LAG_S = 0.010
_STEP_GAP = 2.0
"""A step that is later than that makes the motor slow down (``hw.drivers.motion.track``)."""
_IN_FORCE = (SWITCH_INTERVAL_S, Camera.niceness)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One claim. The figure must not be above the limit."""

    claim: str
    figure: float
    limit: float

    @property
    def held(self) -> bool:
        """Whether it is so."""
        return self.figure <= self.limit

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "held": self.held}


def on_throughput(rows: Sequence[Row]) -> Iterator[Verdict]:
    """Cost and latency of Eyepiece beside the floor and the peers, where they were measured."""
    found = {(row.server, row.fps, row.viewers): row for row in rows}
    for row in rows:
        where = row.where
        if row.server == "Eyepiece" and row.viewers in _RATIOS:
            yield Verdict(f"CPU per frame to the TCP floor's, {where}", row.ratio, _RATIOS[row.viewers])
            yield from _below(row, _TO_BEAT, found)
            if row.viewers == 8:
                yield Verdict(f"median latency ms, {where}", row.latency_p50_ms, _LATENCY_8_MS)
            bare = found.get(("WebSocket in C (picows)", row.fps, row.viewers))
            if row.viewers == 32 and bare is not None:
                limit = bare.latency_p50_ms + _LATENCY_32_MS
                yield Verdict(
                    f"median latency ms, to the bare WebSocket's and 2 ms, {where}", row.latency_p50_ms, limit
                )
        elif row.server == "Eyepiece, /stream.mjpg":
            yield Verdict(f"motion JPEG: CPU per frame to its floor's, {where}", row.ratio, _MJPEG_RATIO)
            if row.viewers in _RATIOS:
                yield from _below(row, _MJPEG_TO_BEAT, found, "motion JPEG: ")


def _below(row: Row, peers: Sequence[str], found: dict[Any, Row], what: str = "") -> Iterator[Verdict]:
    for peer in peers:
        if (other := found.get((peer, row.fps, row.viewers))) is not None:
            claim = f"{what}CPU ms/frame, to {peer}, {row.where}"
            yield Verdict(claim, row.cpu_ms_per_frame, other.cpu_ms_per_frame)


def on_neighbours(figures: dict[str, Any]) -> Iterator[Verdict]:
    """The slow viewer's latency, and what the fast ones kept beside it."""
    groups = figures["beside"]["groups"]
    slow, fast = groups["slow link"], groups["fast"]
    yield Verdict("slow link: latency p99 s", slow["latency_s"]["p99"], _SLOW_LATENCY_S)
    growth = slow["latency_last_third_s"]["p50"] / slow["latency_first_third_s"]["p50"]
    yield Verdict("slow link: median latency, last third to first", growth, _GROWTH)
    made_fps = figures["beside"]["made"] / figures["beside"]["window_s"]
    yield Verdict("fast viewers beside it: share of frames missed", 1 - fast["fps"] / made_fps, 1 - _KEPT)


def on_priority(figures: dict[str, Any]) -> Iterator[Verdict]:
    """Signals and stops."""
    got = figures["signals"]["full size"]
    frames = got["signal_s"]["p99"] / got["frame_s"]
    yield Verdict("signals on a saturated link: p99 in frame times", frames, _SIGNAL_FRAMES)
    for name, key in (("event", "event_s"), ("request", "http_s")):
        p99_s = figures["stops"][key]["p99"]
        yield Verdict(f"stop by {name} with 32 viewers: p99 ms", 1000 * p99_s, 1000 * _STOP_S)


def on_loop_health(figures: Sequence[dict[str, Any]]) -> Iterator[Verdict]:
    """The loop's lag by the setting in force, and by the best one."""
    beside = [got for got in figures if got["scan"] == "numpy+python"]
    in_force = next(got for got in beside if (got["switch_interval_s"], got["nice"]) == _IN_FORCE)
    best = min(beside, key=lambda got: got["lag_s"]["p99"])
    for got, which in ((in_force, "in force"), (best, "best here")):
        name = f"{which}: switch interval {1000 * got['switch_interval_s']:g} ms, niceness {got['nice']}"
        yield Verdict(f"loop lag p99 ms, {name}", 1000 * got["lag_s"]["p99"], 1000 * _LAG_S)


def on_memory(figures: dict[str, Any]) -> Iterator[Verdict]:
    """What viewers cost, and that it is the same in the end as half-way."""
    samples = figures["minutes_bytes"]
    per_viewer_mb = (samples[-1] - figures["before_bytes"]) / figures["viewers"] / 1e6
    yield Verdict("memory per viewer at the end, MB", per_viewer_mb, _VIEWER_MB)
    grown_mb = (samples[-1] - samples[len(samples) // 2]) / 1e6
    yield Verdict("memory grown in the second half, MB", grown_mb, _GROWN_MB)


def on_whole(rows: Sequence[whole.Row]) -> Iterator[Verdict]:
    """Eyepiece beside Picamera2's example, each with its camera."""
    example = {row.viewers: row.cpu_ms_per_frame for row in rows if row.server == whole.EXAMPLE}
    for row in rows:
        if row.server != whole.EXAMPLE:
            claim = f"whole {row.server}: CPU ms/frame, to {whole.EXAMPLE}, {viewers_of(row.viewers)}"
            yield Verdict(claim, row.cpu_ms_per_frame, example[row.viewers])


def on_motion(figures: Sequence[dict[str, Any]]) -> Iterator[Verdict]:
    """What the motion process did at the lines."""
    for got in figures:
        if got["way"] == "motion process":
            where = f"at {got['rate_per_s']:g}/s"
            yield Verdict(f"steps too many or too few of {got['asked']}, {where}", abs(got["edges"] - got["asked"]), 0)
            yield Verdict(f"gaps under the minimum, {where}", got["gaps_under_minimum"], 0)
            p99 = got["gap_s"]["p99"] * got["rate_per_s"]
            yield Verdict(f"gap p99 to the one asked for, {where}", p99, _STEP_GAP)


def tables(verdicts: Sequence[Verdict]) -> str:
    """One line each."""
    rows: list[list[Cell]] = [
        [verdict.claim, three_digits(verdict.figure), three_digits(verdict.limit), "held" if verdict.held else "MISSED"]
        for verdict in verdicts
    ]
    return f"what the project holds itself to\n{table(('claim', 'measured', 'at most', ''), rows)}"
