"""Every server, some numbers of viewers, paced and unpaced: what a delivered frame costs and how old it is."""

import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from scripts.benchmarks.contestants import CONTESTANTS, Contestant
from scripts.benchmarks.processes import ChildFailed, measure, serving
from scripts.benchmarks.quantiles import Summary, summarise
from scripts.benchmarks.table import Cell, table

PACED_FPS = 30.0


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured, and for how long."""

    viewers: tuple[int, ...]
    rounds: int
    paced_s: float
    unpaced_s: float
    warmup_s: float
    lag_s: float
    brief: bool = False
    """Only the servers that matter most, and where they do."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One server in one configuration, once."""

    server: str
    mjpeg: bool
    floor: bool
    viewers: int
    fps: float | None
    round: int
    cpu_ms_per_frame: float
    frames_per_s: float
    latency: Summary
    dropped: int
    disorder: int
    stalls: int
    lag: Summary
    memory_bytes: int
    server_cpu: float
    """Cores in use."""
    client_cpu: float

    @property
    def configuration(self) -> tuple[bool, float | None, int]:
        """What has to be the same for two servers to be compared."""
        return self.mjpeg, self.fps, self.viewers


def run(extent: Extent, say: Callable[[str], None]) -> list[Sample]:
    """Measure every server that is here, interleaved: round by round, configuration by configuration."""
    here = [contestant for contestant in CONTESTANTS if contestant.missing is None]
    samples = []
    for turn, count, fps in itertools.product(range(extent.rounds), extent.viewers, (None, PACED_FPS)):
        say(f"round {turn + 1} of {extent.rounds}: {pace_of(fps)}, {viewers_of(count)}")
        samples += [
            _sample(contestant, count, fps, turn, extent)
            for contestant in here
            if count in contestant.in_brief or not extent.brief
        ]
    return samples


def _sample(contestant: Contestant, count: int, fps: float | None, turn: int, extent: Extent) -> Sample:
    window_s = extent.paced_s if fps else extent.unpaced_s
    with serving(contestant.command) as server:
        try:
            result = measure(
                server,
                [contestant.group(server.port, count)],
                fps=fps,
                warmup_s=extent.warmup_s,
                hasty_warmup=True,
                window_s=window_s,
                lag_s=extent.lag_s if contestant.has_loop else 0.0,
            )
        except ChildFailed as error:
            raise ChildFailed(f"{contestant.title}: {error}") from error
        memory = server.memory_bytes
    got = result["groups"]["viewers"]
    return Sample(
        server=contestant.title,
        mjpeg=contestant.mjpeg,
        floor=contestant.floor,
        viewers=count,
        fps=fps,
        round=turn,
        cpu_ms_per_frame=1000 * result["server_cpu_s"] / max(1, got["frames"]),
        frames_per_s=got["frames"] / result["window_s"],
        latency=Summary.from_dict(got["latency_s"]),
        dropped=got["dropped"],
        disorder=got["disorder"],
        stalls=result["stalls"],
        lag=summarise(server.told.get("loop_lags_s", [])),
        memory_bytes=memory,
        server_cpu=result["server_cpu_s"] / result["window_s"],
        client_cpu=result["client_cpu_s"] / result["window_s"],
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One server in one configuration: the medians of all rounds, the sums of what is counted."""

    server: str
    mjpeg: bool
    viewers: int
    fps: float | None
    cpu_ms_per_frame: float
    ratio: float
    """To the floor of the same round."""
    frames_per_s: float
    latency_p50_ms: float
    latency_p99_ms: float
    dropped: int
    disorder: int
    stalls: int
    lag_p50_ms: float
    lag_p99_ms: float
    lag_max_ms: float
    memory_mb: float
    server_cpu: float
    client_cpu: float

    @property
    def where(self) -> str:
        """Its configuration in words."""
        return f"{viewers_of(self.viewers)}, {pace_of(self.fps)}"

    def as_dict(self) -> dict[str, Any]:
        """For JSON, which has no ``nan``."""
        return {key: None if value != value else value for key, value in asdict(self).items()}


def rows(samples: Sequence[Sample]) -> list[Row]:
    """Put the rounds together; in order of kind, pace, number of viewers and server."""
    floors = {(s.configuration, s.round): s.cpu_ms_per_frame for s in samples if s.floor}
    made = []
    for key, group in _grouped(samples):
        first = group[0]
        made.append(
            Row(
                server=first.server,
                mjpeg=first.mjpeg,
                viewers=first.viewers,
                fps=first.fps,
                cpu_ms_per_frame=median(s.cpu_ms_per_frame for s in group),
                ratio=median(s.cpu_ms_per_frame / floors[key, s.round] for s in group),
                frames_per_s=median(s.frames_per_s for s in group),
                latency_p50_ms=1000 * median(s.latency.p50 for s in group),
                latency_p99_ms=1000 * median(s.latency.p99 for s in group),
                dropped=sum(s.dropped for s in group),
                disorder=sum(s.disorder for s in group),
                stalls=sum(s.stalls for s in group),
                lag_p50_ms=1000 * median(s.lag.p50 for s in group),
                lag_p99_ms=1000 * median(s.lag.p99 for s in group),
                lag_max_ms=1000 * max(s.lag.max for s in group),
                memory_mb=max(s.memory_bytes for s in group) / 1e6,
                server_cpu=median(s.server_cpu for s in group),
                client_cpu=median(s.client_cpu for s in group),
            )
        )
    return made


def _grouped(samples: Sequence[Sample]) -> Iterable[tuple[tuple[bool, float | None, int], list[Sample]]]:
    titles = [contestant.title for contestant in CONTESTANTS]

    def order(sample: Sample) -> tuple[bool, bool, int, int]:
        return sample.mjpeg, sample.fps is not None, sample.viewers, titles.index(sample.server)

    for _, group in itertools.groupby(sorted(samples, key=order), key=order):
        members = list(group)
        yield members[0].configuration, members


_HEAD = (
    "server",
    "CPU ms/frame",
    "ratio",
    "frames/s",
    "p50 ms",
    "p99 ms",
    "dropped",
    "lag p50",
    "p99",
    "max ms",
    "MB",
    "server CPU",
    "viewers' CPU",
)


def tables(figures: Sequence[Row]) -> str:
    """One table, a part for each configuration."""
    parts = []
    for (mjpeg, fps, viewers), group in itertools.groupby(figures, key=lambda row: (row.mjpeg, row.fps, row.viewers)):
        kind = "motion JPEG" if mjpeg else "acknowledged frames"
        cells = [_cells(row) for row in group]
        parts.append(f"{kind}, {pace_of(fps)}, {viewers_of(viewers)}\n{table(_HEAD, cells)}")
    return "\n\n".join(parts)


def _cells(row: Row) -> list[Cell]:
    return [
        row.server,
        f"{row.cpu_ms_per_frame:.4f}",
        f"{row.ratio:.2f}",
        round(row.frames_per_s),
        f"{row.latency_p50_ms:.2f}",
        f"{row.latency_p99_ms:.2f}",
        row.dropped,
        row.lag_p50_ms,
        row.lag_p99_ms,
        row.lag_max_ms,
        round(row.memory_mb),
        f"{row.server_cpu:.0%}",
        f"{row.client_cpu:.0%}",
    ]


def pace_of(fps: float | None) -> str:
    """In words."""
    return f"{fps:g} frames/s" if fps else "unpaced"


def viewers_of(count: int) -> str:
    """In words."""
    return f"{count} viewer{'' if count == 1 else 's'}"


def remarks(figures: Sequence[Row]) -> list[str]:
    """What a reader of the table has to know of this run."""
    said = []
    for row in figures:
        where = f"{row.server}, {row.where}"
        if row.disorder:
            said.append(f"{where}: {row.disorder} frames came twice or out of order")
        if row.stalls:
            said.append(f"{where}: viewers missed frames that were waited for, {row.stalls} times; frames/s suffers")
        if row.client_cpu > 0.95 and not math.isclose(row.server_cpu, 1, abs_tol=0.05):
            said.append(f"{where}: the viewers were as busy as the server; frames/s is theirs")
    return said
