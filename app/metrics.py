"""Metrics for Prometheus: everything is read from where it is counted, as it is asked for. On the event loop."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import get_args

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from app.bridge import Bridge
from app.figures import Figures
from app.health import RECENT_S, LoopWatch
from app.stream import FrameStream
from app.tally import Histogram
from app.viewer import ViewerFigures, ViewerKind
from hw.rig import Rig
from hw.types import Status


class Metrics(Collector):
    """The metrics of one server, in a registry of their own."""

    def __init__(self, rig: Rig, stream: FrameStream, bridge: Bridge, watch: LoopWatch, figures: Figures) -> None:
        self._rig = rig
        self._stream = stream
        self._bridge = bridge
        self._watch = watch
        self._figures = figures
        self._registry = CollectorRegistry()
        self._registry.register(self)
        ProcessCollector(registry=self._registry)
        GCCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)

    def render(self) -> bytes:
        """All metrics in Prometheus' text format (``prometheus_client.CONTENT_TYPE_LATEST``)."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """The metrics of this moment; called by the registry."""
        viewers = self._stream.figures()  # first: what they have acknowledged is counted by then
        yield from self._frames()
        yield from self._times()
        yield from self._viewers(viewers)
        yield from self._loop()
        yield from self._devices()
        yield from self._board()

    def _frames(self) -> Iterator[Metric]:
        camera, tally, bridge = self._rig.camera, self._stream.tally, self._bridge
        yield _counter("frames_captured", "Live pictures taken from the camera", camera.captured)
        yield _counter("frames_torn", "Live pictures that came without all their rows, and were left out", camera.torn)
        encoded = ((size, number) for size, number in camera.encoded.items())
        yield _counters("frames_encoded", "Live pictures compressed", "size", encoded)
        yield _counter("frames_sent", "Frames sent, to all viewers together", tally.sent)
        yield _counter("sent_bytes", "Bytes of the frames sent", tally.sent_bytes)
        yield _counter("frames_acknowledged", "Frames that viewers acknowledged", tally.acked)
        superseded = "Live pictures that a newer one replaced before the event loop took them"
        yield _counter("frames_superseded", superseded, bridge.superseded)
        dropped = tally.dropped.items()
        yield _counters("frames_dropped", "Frames not sent to a viewer, by what kept them", "reason", dropped)
        yield _counter("acks_lost", "Acknowledgements that did not come in time", tally.acks_lost)
        yield _counter("acks_junk", "Acknowledgements that made no sense", tally.junk_acks)

    def _times(self) -> Iterator[Metric]:
        tally = self._stream.tally
        yield _histogram("encode_seconds", "Compression of one picture", tally.encode_s)
        yield _histogram("ack_seconds", "From sending a frame to its acknowledgement", tally.ack_s)
        yield _histogram("network_seconds", "From sending a frame to its arrival", tally.network_s)
        yield _histogram("paint_seconds", "From a frame's arrival to its painting", tally.paint_s)
        yield _histogram("capture_to_paint_seconds", "From a picture's capture to its painting", tally.latency_s)
        yield _histogram("loop_lag_seconds", "Lag of the event loop", self._watch.lag_s)

    def _viewers(self, viewers: Sequence[ViewerFigures]) -> Iterator[Metric]:
        tally = self._stream.tally
        kinds = Counter(viewer.kind for viewer in viewers)
        by_kind = ((kind, kinds[kind]) for kind in get_args(ViewerKind))
        yield _gauges("viewers", "Viewers in the stream, by their connection", "kind", by_kind)
        yield _counter("viewers_connected", "Viewers that connected by Socket.IO", tally.connections)
        yield _counter("viewers_sent_away", "Viewers sent away for what they did", tally.sent_away)
        yield _counter("packets_malformed", "Packets of which nothing could be made", tally.malformed)
        refused = "Subscriptions to a stream or a size that there is not"
        yield _counter("subscriptions_refused", refused, tally.subscriptions_refused)
        for name, what, figure in (
            ("fps", "Frames per second that a viewer took lately", "fps"),
            ("in_flight", "Frames sent to a viewer and not acknowledged", "in_flight"),
            ("window", "Frames that may be in flight to a viewer", "window"),
            ("bytes_per_second", "Bytes per second that a viewer took lately", "bytes_per_s"),
        ):
            values = ((viewer.id, getattr(viewer, figure)) for viewer in viewers)
            yield _gauges(f"viewer_{name}", what, "viewer", values)

    def _loop(self) -> Iterator[Metric]:
        lag, bridge = self._watch.recent(RECENT_S), self._bridge
        recent = {"0.5": lag.p50_s, "0.99": lag.p99_s, "1": lag.max_s}
        yield _gauges("loop_lag_recent_seconds", "Lag of the event loop, last minute", "quantile", recent.items())
        slow = "Callbacks that kept the event loop longer than a tenth of a second"
        yield _counter("loop_slow_callbacks", slow, self._watch.slow_callbacks)
        yield _gauge("bridge_waiting_signals", "Signals that wait for the event loop", bridge.waiting)
        yield _counter("emissions_undelivered", "Signals and frames without an event loop", bridge.undelivered)
        yield _counter("signals_overflowed", "Signals that the event loop did not take in time", bridge.overflowed)
        yield _counter("signals_unencodable", "Signals without a JSON form", bridge.unencodable)

    def _devices(self) -> Iterator[Metric]:
        camera = self._figures.now.camera
        yield _gauge("camera_fps", "Pictures per second that the camera gives", camera.fps)
        yield _gauge("camera_exposure_seconds", "Exposure that is set", camera.exposure_us / 1e6)
        alive = ((worker.name, worker.alive) for worker in self._rig.workers)
        yield _gauges("device_thread_alive", "Whether a device's thread runs", "device", alive)
        family = GaugeMetricFamily(
            "eyepiece_device_status", "A device's status: 1 for the one in force", labels=["device", "status"]
        )
        for worker in self._rig.workers:
            for status in Status:
                family.add_metric([worker.name, status], worker.state.status is status)
        yield family

    def _board(self) -> Iterator[Metric]:
        board = self._figures.now.board
        if board.temperature_c is not None:
            yield _gauge("board_temperature_celsius", "Temperature of the processor", board.temperature_c)
        if board.causes:
            now = ((cause, cause in board.throttled) for cause in board.causes)
            yield _gauges("board_throttled", "Whether something slows the board down", "cause", now)


def _counter(name: str, what: str, value: float) -> Metric:
    return CounterMetricFamily(f"eyepiece_{name}", what, value=value)


def _counters(name: str, what: str, label: str, values: Iterable[tuple[str, float]]) -> Metric:
    family = CounterMetricFamily(f"eyepiece_{name}", what, labels=[label])
    for key, value in values:
        family.add_metric([key], value)
    return family


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(f"eyepiece_{name}", what, value=value)


def _gauges(name: str, what: str, label: str, values: Iterable[tuple[str, float]]) -> Metric:
    family = GaugeMetricFamily(f"eyepiece_{name}", what, labels=[label])
    for key, value in values:
        family.add_metric([key], value)
    return family


def _histogram(name: str, what: str, histogram: Histogram) -> Metric:
    bounds = [*map(floatToGoString, histogram.bounds), "+Inf"]
    buckets = list(zip(bounds, accumulate(histogram.counts), strict=True))
    return HistogramMetricFamily(f"eyepiece_{name}", what, buckets=buckets, sum_value=histogram.sum)
