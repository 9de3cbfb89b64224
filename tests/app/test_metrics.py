"""app.metrics"""

from pathlib import Path

import pytest
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from app.health import Lag
from app.metrics import Metrics
from app.viewer import ViewerFigures
from hw.board import BoardState
from hw.types import Size
from tests.app.test_figures import VIEWER, Bench, Watcher
from tests.conftest import run_async

COUNTERS = """
eyepiece_frames_captured_total eyepiece_frames_encoded_total eyepiece_frames_sent_total eyepiece_sent_bytes_total
eyepiece_frames_acknowledged_total eyepiece_frames_dropped_total eyepiece_acks_lost_total eyepiece_acks_junk_total
eyepiece_frames_superseded_total eyepiece_frames_torn_total eyepiece_packets_malformed_total
eyepiece_subscriptions_refused_total eyepiece_viewers_connected_total eyepiece_viewers_sent_away_total
eyepiece_loop_slow_callbacks_total eyepiece_emissions_undelivered_total eyepiece_signals_overflowed_total
eyepiece_signals_unencodable_total
"""
HISTOGRAMS = """
eyepiece_encode_seconds eyepiece_ack_seconds eyepiece_network_seconds eyepiece_paint_seconds
eyepiece_capture_to_paint_seconds eyepiece_loop_lag_seconds
"""
GAUGES = """
eyepiece_camera_fps eyepiece_camera_exposure_seconds eyepiece_viewers eyepiece_viewer_fps
eyepiece_viewer_in_flight eyepiece_viewer_window
eyepiece_viewer_bytes_per_second eyepiece_loop_lag_recent_seconds eyepiece_bridge_waiting_signals
eyepiece_device_thread_alive eyepiece_device_status eyepiece_board_temperature_celsius eyepiece_board_throttled
"""

Samples = dict[tuple[str, tuple[str, ...]], float]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.fixture
def metrics(bench: Bench) -> Metrics:
    return Metrics(bench.rig, bench.stream, bench.bridge, bench.watch, bench.figures)


def families(metrics: Metrics) -> list[Metric]:
    return list(text_string_to_metric_families(metrics.render().decode()))


def samples(metrics: Metrics) -> Samples:
    """Each sample's value by its name and its labels' values."""
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in families(metrics)
        for sample in family.samples
    }


def test_every_metric_is_there_under_its_name_and_nothing_else(bench: Bench, metrics: Metrics) -> None:
    bench.stream.join(Watcher(VIEWER))
    bench.board.state = BoardState(50.0, ("under-voltage",), (), ())
    run_async(bench.figures.sample())
    own = [family for family in families(metrics) if family.name.startswith("eyepiece_")]
    names = {kind: {f.name for f in own if f.type == kind} for kind in ("counter", "histogram", "gauge")}
    assert {f"{name}_total" for name in names["counter"]} == set(COUNTERS.split())
    assert names["histogram"] == set(HISTOGRAMS.split())
    assert names["gauge"] == set(GAUGES.split())
    assert len(own) == sum(map(len, names.values()))
    assert all(family.documentation for family in own)


def test_the_process_tells_of_itself(metrics: Metrics) -> None:
    found = {family.name for family in families(metrics)}
    assert {"process_cpu_seconds", "process_resident_memory_bytes", "process_open_fds"} <= found
    assert {"python_gc_collections", "python_info"} <= found


def test_counters(bench: Bench, metrics: Metrics) -> None:
    camera, tally, bridge = bench.rig.camera, bench.stream.tally, bench.bridge
    camera.captured, camera.encoded[Size.FULL], camera.encoded[Size.REDUCED] = 10, 8, 3
    tally.sent, tally.sent_bytes, tally.acked, tally.acks_lost, tally.junk_acks = 20, 2_000_000, 18, 2, 7
    tally.connections, tally.malformed, tally.subscriptions_refused, tally.sent_away = 8, 9, 10, 11
    tally.dropped.update({"window": 4, "rate": 5, "link": 6})
    bridge.superseded, bridge.undelivered, bridge.overflowed, bridge.unencodable = 1, 2, 3, 4
    bench.watch.slow_callbacks = 5
    found = {key: value for key, value in samples(metrics).items() if key[0].endswith("_total") and value}
    own = {(name.removeprefix("eyepiece_"), labels): value for (name, labels), value in found.items()}
    assert {key: value for key, value in own.items() if not key[0].startswith(("process_", "python_"))} == {
        ("frames_captured_total", ()): 10,
        ("frames_encoded_total", ("full",)): 8,
        ("frames_encoded_total", ("reduced",)): 3,
        ("frames_sent_total", ()): 20,
        ("sent_bytes_total", ()): 2_000_000,
        ("frames_acknowledged_total", ()): 18,
        ("frames_superseded_total", ()): 1,
        ("frames_dropped_total", ("window",)): 4,
        ("frames_dropped_total", ("rate",)): 5,
        ("frames_dropped_total", ("link",)): 6,
        ("acks_lost_total", ()): 2,
        ("acks_junk_total", ()): 7,
        ("viewers_connected_total", ()): 8,
        ("packets_malformed_total", ()): 9,
        ("subscriptions_refused_total", ()): 10,
        ("viewers_sent_away_total", ()): 11,
        ("loop_slow_callbacks_total", ()): 5,
        ("emissions_undelivered_total", ()): 2,
        ("signals_overflowed_total", ()): 3,
        ("signals_unencodable_total", ()): 4,
    }


def test_histograms_are_cumulative(bench: Bench, metrics: Metrics) -> None:
    histogram = bench.stream.tally.ack_s
    for value in (0.0005, 0.003, 0.003, 9.0):
        histogram.add(value)
    found = samples(metrics)
    buckets = {labels[0]: value for (name, labels), value in found.items() if name == "eyepiece_ack_seconds_bucket"}
    assert [buckets[bound] for bound in ("0.001", "0.002", "0.005", "5.0", "+Inf")] == [1, 1, 3, 3, 4]
    assert len(buckets) == len(histogram.bounds) + 1
    assert found["eyepiece_ack_seconds_count", ()] == 4
    assert found["eyepiece_ack_seconds_sum", ()] == pytest.approx(9.0065)


@pytest.mark.parametrize(
    ("metric", "histogram"),
    [
        ("encode_seconds", "encode_s"),
        ("ack_seconds", "ack_s"),
        ("network_seconds", "network_s"),
        ("paint_seconds", "paint_s"),
        ("capture_to_paint_seconds", "latency_s"),
    ],
)
def test_each_histogram_is_that_of_its_own_time(bench: Bench, metrics: Metrics, metric: str, histogram: str) -> None:
    getattr(bench.stream.tally, histogram).add(1.5)
    found = samples(metrics)
    counts = {name: value for (name, _), value in found.items() if name.endswith("_seconds_count") and value}
    assert counts == {f"eyepiece_{metric}_count": 1}


def test_viewers(bench: Bench, metrics: Metrics) -> None:
    watcher = Watcher(VIEWER)
    bench.stream.join(watcher)
    found = samples(metrics)
    assert found["eyepiece_viewers", ("websocket",)] == 1
    assert found["eyepiece_viewers", ("polling",)] == found["eyepiece_viewers", ("mjpeg",)] == 0
    assert found["eyepiece_viewer_fps", ("b",)] == 30
    assert found["eyepiece_viewer_in_flight", ("b",)] == 1
    assert found["eyepiece_viewer_window", ("b",)] == 2
    assert found["eyepiece_viewer_bytes_per_second", ("b",)] == 3e6
    bench.stream.leave(watcher)
    assert not [name for name, _ in samples(metrics) if name.startswith("eyepiece_viewer_")]


def test_what_viewers_count_as_they_are_asked_is_in_the_same_answer(bench: Bench, metrics: Metrics) -> None:
    class Learner(Watcher):
        def figures(self) -> ViewerFigures:
            bench.stream.tally.ack_s.add(0.01)
            return super().figures()

    bench.stream.join(Learner(VIEWER))
    assert samples(metrics)["eyepiece_ack_seconds_count", ()] == 1


def test_loop_lag(bench: Bench, metrics: Metrics, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.watch.lag_s.add(0.003)
    monkeypatch.setattr(bench.watch, "recent", lambda span_s: Lag(0.001, 0.004, 0.2))
    found = samples(metrics)
    assert found["eyepiece_loop_lag_seconds_count", ()] == 1
    recent = {labels: value for (name, labels), value in found.items() if name == "eyepiece_loop_lag_recent_seconds"}
    assert recent == {("0.5",): 0.001, ("0.99",): 0.004, ("1",): 0.2}


def test_devices(bench: Bench, metrics: Metrics) -> None:
    found = samples(metrics)
    assert [found["eyepiece_device_thread_alive", (name,)] for name in ("camera", "stage", "light")] == [0, 0, 0]
    in_force = {labels for (name, labels), value in found.items() if name == "eyepiece_device_status" and value}
    assert in_force == {("camera", "starting"), ("stage", "starting"), ("light", "starting")}
    assert found["eyepiece_device_status", ("camera", "fault")] == 0


def test_the_board_is_there_only_where_it_tells(bench: Bench, metrics: Metrics) -> None:
    assert not [name for name, _ in samples(metrics) if name.startswith("eyepiece_board")]
    bench.board.state = BoardState(83.5, ("under-voltage", "throttled"), ("throttled",), ("throttled",))
    run_async(bench.figures.sample())
    found = samples(metrics)
    assert found["eyepiece_board_temperature_celsius", ()] == 83.5
    assert found["eyepiece_board_throttled", ("throttled",)] == 1
    assert found["eyepiece_board_throttled", ("under-voltage",)] == 0
