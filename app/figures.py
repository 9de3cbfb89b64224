"""Figures of how the microscope fares, now and in the last ten minutes: sampled on the event loop once a second."""

import asyncio
import logging
import os
import resource
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from app.beat import until_beat_s
from app.bridge import Bridge
from app.health import RECENT_S, LoopWatch
from app.stream import FrameStream
from app.tally import Total
from app.viewer import ViewerFigures
from hw.board import Board, BoardState
from hw.rig import Rig
from hw.types import Status

log = logging.getLogger(__name__)

INTERVAL_S = 1.0
HISTORY_S = 600.0
_STATM = Path("/proc/self/statm")
_STAT = Path("/proc/stat")
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class CameraFigures:
    """The camera and its encoder, in the last second."""

    status: Status
    fault: str | None
    fps: float
    """Pictures taken per second."""
    encoded_fps: float
    """Pictures compressed per second, in all sizes together."""
    encode_ms: float | None
    """Mean time of one compression; ``None`` when there was none."""
    asked_fps: float | None
    """Pictures per second that the camera was asked for; ``None`` where there is no camera."""
    exposure_us: int
    auto_exposure: bool
    """Then the camera may expose longer than ``exposure_us``."""
    frame_bytes: int | None
    """Mean size of the frames that were sent; ``None`` when none was."""


@dataclass(frozen=True, slots=True)
class LagFigures:
    """The event loop's lag over the last minute, in milliseconds."""

    p50: float
    p99: float
    max: float


@dataclass(frozen=True, slots=True)
class ServerFigures:
    """The process: the last second's use of processors, and what is in it now."""

    loop_lag_ms: LagFigures
    cpu_percent: float
    """Of one processor: all of four are 400."""
    cores: int
    """Processors that it may use."""
    machine_cores: int
    """Processors that there are."""
    memory_bytes: int
    bridge_waiting: int
    """Signals that wait for the loop."""
    slow_callbacks: int
    """Since the start."""
    viewers: int


@dataclass(frozen=True, slots=True)
class DeviceFigures:
    """One device and its thread."""

    alive: bool
    status: Status


@dataclass(frozen=True, slots=True)
class Now:
    """All figures of one moment; ``at`` is wall clock, in seconds."""

    at: float
    camera: CameraFigures
    server: ServerFigures
    devices: dict[str, DeviceFigures]
    board: BoardState
    viewers: list[ViewerFigures]


@dataclass(frozen=True, slots=True)
class Sample:
    """What is kept of one second. Rates are of all viewers together, times means over their frames."""

    at: float
    camera_fps: float | None
    """``None`` while the camera does not run."""
    encode_ms: float | None
    loop_lag_ms: float
    """p99 of that second."""
    cpu_percent: float
    """Of one processor, by this process."""
    machine_cpu_percent: float
    """The same, by whatever runs on the machine."""
    memory_bytes: int
    sent_fps: float
    dropped_fps: float
    viewers: int
    latency_ms: float | None
    ack_ms: float | None
    temperature_c: float | None


_COLUMNS = tuple(field.name for field in fields(Sample))


@dataclass(frozen=True, slots=True)
class _Counts:
    """What only ever grows, at one moment."""

    at: float
    wall_at: float
    cpu_s: float
    machine_cpu_s: float
    captured: int
    encoded: int
    sent: int
    sent_bytes: int
    dropped: int
    encode_s: Total
    ack_s: Total
    latency_s: Total


class Figures:
    """Samples the figures while ``sampling`` is entered. For the event loop alone.

    A sample is made of totals; what takes longer, as the viewers' figures do, is done as somebody asks for ``now``.
    """

    def __init__(self, rig: Rig, stream: FrameStream, bridge: Bridge, watch: LoopWatch, board: Board) -> None:
        self.history: deque[Sample] = deque(maxlen=round(HISTORY_S / INTERVAL_S))
        """The oldest first."""
        self._rig = rig
        self._stream = stream
        self._bridge = bridge
        self._watch = watch
        self._board = board
        self._board_state = board.read()
        self._before = self._counts = self._count()
        self._now: Now | None = None

    @property
    def now(self) -> Now:
        """The figures as of the latest sample; without rates as long as there is none."""
        if self._now is None:
            self._now = self._figures()
        return self._now

    @asynccontextmanager
    async def sampling(self) -> AsyncIterator[None]:
        """Sample every ``INTERVAL_S`` for the time of the ``async with`` block."""
        task = asyncio.create_task(self._sample_regularly(), name="figures")
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def sample(self) -> None:
        """Take the figures of now, and keep them."""
        if self._board.tells:
            self._board_state = await asyncio.to_thread(self._board.read)
        self._before, self._counts = self._counts, self._count()
        self._now = None
        before, counts = self._before, self._counts
        elapsed_s = counts.at - before.at
        running = self._rig.camera.state.status in (Status.READY, Status.BUSY)
        self.history.append(
            Sample(
                at=round(counts.wall_at, 3),
                camera_fps=_rate(counts.captured - before.captured, elapsed_s) if running else None,
                encode_ms=_mean_ms(before.encode_s, counts.encode_s),
                loop_lag_ms=_ms(self._watch.recent(elapsed_s).p99_s),
                cpu_percent=_rate(100 * (counts.cpu_s - before.cpu_s), elapsed_s),
                machine_cpu_percent=_rate(100 * (counts.machine_cpu_s - before.machine_cpu_s), elapsed_s),
                memory_bytes=_resident_bytes(),
                sent_fps=_rate(counts.sent - before.sent, elapsed_s),
                dropped_fps=_rate(counts.dropped - before.dropped, elapsed_s),
                viewers=self._stream.audience,
                latency_ms=_mean_ms(before.latency_s, counts.latency_s),
                ack_ms=_mean_ms(before.ack_s, counts.ack_s),
                temperature_c=self._board_state.temperature_c,
            )
        )

    def columns(self, since: float) -> dict[str, list[Any]]:
        """The history after ``since`` (wall clock, seconds): a list for each field of ``Sample``."""
        rows = [sample for sample in self.history if sample.at > since]
        return {name: [getattr(row, name) for row in rows] for name in _COLUMNS}

    async def _sample_regularly(self) -> None:
        while True:
            await asyncio.sleep(until_beat_s(INTERVAL_S))
            try:
                await self.sample()
            except Exception:  # figures that fail are no reason to show no pictures
                log.exception("The figures could not be sampled")

    def _count(self) -> _Counts:
        camera, tally = self._rig.camera, self._stream.tally
        return _Counts(
            at=time.monotonic(),
            wall_at=time.time(),
            cpu_s=time.process_time(),
            machine_cpu_s=_machine_cpu_s(),
            captured=camera.captured,
            encoded=sum(camera.encoded.values()),
            sent=tally.sent,
            sent_bytes=tally.sent_bytes,
            dropped=sum(tally.dropped.values()),
            encode_s=tally.encode_s.total,
            ack_s=tally.ack_s.total,
            latency_s=tally.latency_s.total,
        )

    def _figures(self) -> Now:
        viewers = sorted(self._stream.figures(), key=lambda viewer: (viewer.address, viewer.id))
        return Now(
            at=round(self._counts.wall_at, 3),
            camera=self._camera_figures(),
            server=self._server_figures(len(viewers)),
            devices={worker.name: DeviceFigures(worker.alive, worker.state.status) for worker in self._rig.workers},
            board=self._board_state,
            viewers=viewers,
        )

    def _camera_figures(self) -> CameraFigures:
        before, counts, state = self._before, self._counts, self._rig.camera.state
        elapsed_s, sent = counts.at - before.at, counts.sent - before.sent
        return CameraFigures(
            status=state.status,
            fault=state.fault,
            fps=_rate(counts.captured - before.captured, elapsed_s),
            encoded_fps=_rate(counts.encoded - before.encoded, elapsed_s),
            encode_ms=_mean_ms(before.encode_s, counts.encode_s),
            asked_fps=state.settings.fps if state.info else None,
            exposure_us=state.settings.exposure_us,
            auto_exposure=state.settings.auto_exposure,
            frame_bytes=round((counts.sent_bytes - before.sent_bytes) / sent) if sent else None,
        )

    def _server_figures(self, viewers: int) -> ServerFigures:
        before, counts, lag = self._before, self._counts, self._watch.recent(RECENT_S)
        return ServerFigures(
            loop_lag_ms=LagFigures(_ms(lag.p50_s), _ms(lag.p99_s), _ms(lag.max_s)),
            cpu_percent=_rate(100 * (counts.cpu_s - before.cpu_s), counts.at - before.at),
            cores=len(os.sched_getaffinity(0)),
            machine_cores=os.cpu_count() or 1,
            memory_bytes=_resident_bytes(),
            bridge_waiting=self._bridge.waiting,
            slow_callbacks=self._watch.slow_callbacks,
            viewers=viewers,
        )


def _resident_bytes() -> int:
    """The process' memory that is in use. The kernel has it ready: reading it keeps no loop waiting."""
    return int(_STATM.read_text().split()[1]) * resource.getpagesize()


def _machine_cpu_s() -> float:
    """Seconds that all processors together have worked since the boot (proc_stat(5))."""
    with _STAT.open() as lines:
        user, nice, system, _idle, _iowait, irq, softirq, steal = map(int, lines.readline().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / _TICKS_PER_S


def _rate(count: float, elapsed_s: float) -> float:
    return round(count / elapsed_s, 1) if elapsed_s else 0.0


def _ms(seconds: float) -> float:
    return round(1000 * seconds, 3)


def _mean_ms(before: Total, after: Total) -> float | None:
    """The mean of what was added in between; ``None`` where nothing was."""
    number = after.number - before.number
    return _ms((after.sum_s - before.sum_s) / number) if number else None
