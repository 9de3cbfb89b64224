"""app.figures"""

import asyncio
import logging
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from app import figures as figures_module
from app.bridge import Bridge
from app.figures import Figures, Sample
from app.health import LoopWatch
from app.packet import Packet
from app.stream import FrameStream
from app.viewer import ViewerFigures
from hw.board import Board, BoardState
from hw.config import SIMULATED_RIG
from hw.rig import Rig, build_rig
from hw.types import Size, Status
from tests.conftest import PATIENCE_S, run_async

VIEWER = ViewerFigures(
    id="b",
    kind="websocket",
    address="192.168.1.20",
    agent="a browser",
    size=Size.FULL,
    asked_size=None,
    window=2,
    in_flight=1,
    sent=100,
    acked=99,
    dropped={"window": 0, "rate": 0, "link": 0},
    acks_lost=0,
    junk_acks=0,
    deaf=False,
    fps=30.0,
    bytes_per_s=3e6,
    ack_ms=20.0,
    network_ms=5.0,
    paint_ms=10.0,
    latency_ms=40.0,
)


class Watcher:
    """Somebody in the stream."""

    size = Size.FULL
    deaf = False

    def __init__(self, figures: ViewerFigures) -> None:
        self._figures = figures

    def offer(self, packet: Packet) -> None: ...

    def withdraw(self) -> None: ...

    def end(self) -> None: ...

    def figures(self) -> ViewerFigures:
        return self._figures


class Clocks:
    """Stands in for the time module in app.figures; time passes as the test says."""

    now = 1000.0
    cpu_s = 5.0

    def monotonic(self) -> float:
        return self.now

    def process_time(self) -> float:
        return self.cpu_s

    def time(self) -> float:
        return 1_700_000_000.0 + self.now


class FakeBoard(Board):
    """A board that says what the test says, and notes which thread asked it."""

    def __init__(self) -> None:
        self.state = BoardState()
        self.broken = False
        self.asked_by: list[int] = []
        self.asked_often = threading.Event()

    tells = True

    def read(self) -> BoardState:
        self.asked_by.append(threading.get_ident())
        if len(self.asked_by) > 4:
            self.asked_often.set()
        if self.broken:
            self.broken = False
            raise ZeroDivisionError("a bug")
        return self.state


class Bench:
    """Figures, and everything that they are of."""

    def __init__(self, data: Path) -> None:
        self.rig: Rig = build_rig(SIMULATED_RIG, data)
        self.stream = FrameStream()
        self.bridge = Bridge()
        self.watch = LoopWatch()
        self.board = FakeBoard()
        self.figures = Figures(self.rig, self.stream, self.bridge, self.watch, self.board)

    def sample(self, clocks: Clocks, seconds: float) -> Sample:
        clocks.now += seconds
        run_async(self.figures.sample())
        return self.figures.history[-1]


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    clocks = Clocks()
    monkeypatch.setattr(figures_module, "time", clocks)
    return clocks


@pytest.fixture
def machine_stat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands in for ``/proc/stat``."""
    stat = tmp_path / "stat"
    stat.write_text("cpu  1000 10 210 4000 500 30 50 70 0 0\n")
    monkeypatch.setattr(figures_module, "_STAT", stat)
    return stat


@pytest.fixture
def bench(clocks: Clocks, tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_there_are_figures_before_the_first_sample(bench: Bench) -> None:
    now = bench.figures.now
    assert not bench.figures.history
    assert [now.camera.fps, now.server.cpu_percent, now.camera.encode_ms, now.viewers] == [0.0, 0.0, None, []]
    assert now.server.memory_bytes > 10_000_000
    assert now.server.cores >= 1


def test_rates_are_those_of_the_time_since_the_last_sample(machine_stat: Path, bench: Bench, clocks: Clocks) -> None:
    camera, tally = bench.rig.camera, bench.stream.tally
    camera._status = Status.READY
    camera.captured, camera.encoded[Size.FULL], camera.encoded[Size.REDUCED] = 60, 50, 10
    for _ in range(60):
        tally.encode_s.add(0.004)
    tally.sent, tally.sent_bytes = 100, 10_000_000
    tally.dropped["window"], tally.dropped["link"] = 5, 3
    clocks.cpu_s += 0.5
    machine_stat.write_text("cpu  1100 20 230 99999 999 34 56 78 9 9\ncpu0 1 1 1 1 1 1 1 1 1 1\n")
    sample = bench.sample(clocks, 2.0)
    now = bench.figures.now
    assert [sample.camera_fps, sample.encode_ms, sample.sent_fps, sample.dropped_fps] == [30.0, 4.0, 50.0, 4.0]
    assert [now.camera.fps, now.camera.encoded_fps, now.camera.frame_bytes] == [30.0, 30.0, 100_000]
    assert sample.cpu_percent == now.server.cpu_percent == 25.0
    assert sample.machine_cpu_percent == 100 * (100 + 10 + 20 + 4 + 6 + 8) / figures_module._TICKS_PER_S / 2.0
    assert sample.at == now.at == 1_700_001_002.0

    sample = bench.sample(clocks, 1.0)
    now = bench.figures.now
    assert [sample.camera_fps, sample.encode_ms, sample.sent_fps, sample.dropped_fps] == [0.0, None, 0.0, 0.0]
    assert now.camera.frame_bytes is None


def test_what_the_devices_and_the_bridge_say(bench: Bench, clocks: Clocks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Bridge, "waiting", 1)
    bench.board.state = BoardState(61.5, ("under-voltage",), (), ("under-voltage",))
    bench.watch.slow_callbacks = 3
    sample = bench.sample(clocks, 1.0)
    now = bench.figures.now
    assert {name: device.status for name, device in now.devices.items()} == dict.fromkeys(
        ("stage", "light", "camera"), Status.STARTING
    )
    assert not any(device.alive for device in now.devices.values())
    assert [now.server.bridge_waiting, now.server.slow_callbacks] == [1, 3]
    assert now.board == bench.board.state
    assert [sample.temperature_c, sample.camera_fps] == [61.5, None]  # the camera does not run
    assert now.camera.exposure_us == bench.rig.camera.state.settings.exposure_us
    assert [now.camera.status, now.camera.fault] == [Status.STARTING, None]


def test_viewers_are_told_in_order(bench: Bench, clocks: Clocks) -> None:
    for name in ("v9", "v8", "v7"):
        bench.stream.join(Watcher(replace(VIEWER, id=name)))
    assert bench.sample(clocks, 1.0).viewers == 3
    assert [viewer.id for viewer in bench.figures.now.viewers] == ["v7", "v8", "v9"]
    assert bench.figures.now.server.viewers == 3


def test_times_are_means_of_the_frames_since_the_last_sample(bench: Bench, clocks: Clocks) -> None:
    tally = bench.stream.tally
    tally.ack_s.add(0.5)
    assert bench.sample(clocks, 1.0).ack_ms == 500.0
    for ack_s, latency_s in ((0.010, 0.040), (0.030, 0.060)):
        tally.ack_s.add(ack_s)
        tally.latency_s.add(latency_s)
    sample = bench.sample(clocks, 1.0)
    assert [sample.ack_ms, sample.latency_ms] == pytest.approx([20.0, 50.0])
    sample = bench.sample(clocks, 1.0)
    assert [sample.ack_ms, sample.latency_ms] == [None, None]


def test_figures_are_made_once_a_sample(bench: Bench, clocks: Clocks) -> None:
    bench.sample(clocks, 1.0)
    now = bench.figures.now
    assert bench.figures.now is now
    bench.sample(clocks, 1.0)
    assert bench.figures.now.at == now.at + 1


def test_ten_minutes_are_kept(bench: Bench, clocks: Clocks) -> None:
    async def sample_for_long() -> None:
        for _ in range(605):
            clocks.now += 1
            await bench.figures.sample()

    run_async(sample_for_long())
    at = [sample.at for sample in bench.figures.history]
    assert len(at) == 600
    assert at[-1] - at[0] == 599


def test_columns_after_a_time(bench: Bench, clocks: Clocks) -> None:
    for _ in range(3):
        bench.sample(clocks, 1.0)
    whole = bench.figures.columns(0)
    assert list(whole) == list(Sample.__dataclass_fields__)
    assert {len(column) for column in whole.values()} == {3}
    assert bench.figures.columns(whole["at"][1])["at"] == whole["at"][2:]
    assert bench.figures.columns(whole["at"][2])["camera_fps"] == []


def test_the_board_is_read_off_the_loop(bench: Bench, clocks: Clocks) -> None:
    bench.sample(clocks, 1.0)
    assert bench.board.asked_by[-1] != threading.get_ident()


def test_a_board_that_tells_nothing_is_not_asked_again(
    bench: Bench, clocks: Clocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeBoard, "tells", False)
    bench.sample(clocks, 1.0)
    assert bench.board.asked_by == [threading.get_ident()]


def test_samples_until_it_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(figures_module, "INTERVAL_S", 0.01)
    bench = Bench(tmp_path)
    bench.board.broken = True

    async def sample_for_a_while() -> None:
        async with bench.figures.sampling():
            await asyncio.to_thread(bench.board.asked_often.wait, PATIENCE_S)

    with caplog.at_level(logging.ERROR):
        run_async(sample_for_a_while())
    assert caplog.messages == ["The figures could not be sampled"]  # and it went on
    assert "ZeroDivisionError: a bug" in caplog.text
    assert len(bench.figures.history) >= 2
