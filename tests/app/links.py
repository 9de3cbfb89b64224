"""A viewer at the end of a simulated link, on a clock of its own: an hour of it takes a second."""

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from app.packet import Packet
from app.tally import Tally
from app.viewer import AckedViewer, ViewerKind
from hw.types import Frame, Size

SIZES_BYTES = {Size.FULL: 100_000, Size.REDUCED: 32_000}


@dataclass
class Arrival:
    """A frame that the viewer received; times in seconds."""

    frame_id: int
    made_at: float
    at: float
    size: Size

    @property
    def latency_s(self) -> float:
        return self.at - self.made_at


@dataclass
class LinkedViewer:
    """An ``AckedViewer`` behind a link of ``bytes_per_s`` and ``delay_s`` each way; it takes ``work_s`` for a frame.

    ``jitter_s`` is what a frame or an acknowledgement takes longer; none overtakes another.
    """

    bytes_per_s: Callable[[float], float]
    delay_s: float = 0.002
    work_s: Callable[[], float] = lambda: 0.0
    jitter_s: Callable[[], float] = lambda: 0.0
    fps: float = 30.0
    acks: bool = True
    names_frames: bool = True
    """Whether it says which frame it acknowledges, or means the oldest."""
    now: float = 0.0
    arrivals: list[Arrival] = field(default_factory=list)
    most_in_flight: int = 0
    address: str = "192.0.2.1"
    agent: str = "simulated"

    kind: ViewerKind = "websocket"

    def __post_init__(self) -> None:
        self.tally = Tally()
        self.viewer = AckedViewer("v", self, self.tally, lambda: self.now)
        self._events: list[tuple[float, int, Callable[[], Any]]] = []
        self._numbers = itertools.count()
        self._frames = itertools.count(1)
        self._link_free_at = self._viewer_free_at = self._down_at = self._up_at = 0.0
        self._made_at: dict[int, float] = {}
        self._at(0.0, self._make)

    def run(self, seconds: float) -> "LinkedViewer":
        """Let time pass."""
        end = self.now + seconds
        while self._events and self._events[0][0] <= end:
            self.now, _, event = heapq.heappop(self._events)
            event()
        self.now = end
        return self

    def lately(self, seconds: float) -> list[Arrival]:
        """The frames received of late."""
        return [arrival for arrival in self.arrivals if arrival.at > self.now - seconds]

    @property
    def queued_s(self) -> float:
        """How long the link takes for what it was given."""
        return max(0.0, self._link_free_at - self.now)

    def rate(self, seconds: float) -> float:
        """Frames received per second, of late."""
        return len(self.lately(seconds)) / seconds

    def latency_s(self, seconds: float) -> tuple[float, float]:
        """Median and greatest latency of late."""
        latencies = [arrival.latency_s for arrival in self.lately(seconds)]
        return median(latencies), max(latencies)

    def _at(self, when: float, event: Callable[[], Any]) -> None:
        heapq.heappush(self._events, (when, next(self._numbers), event))

    def _make(self) -> None:
        number = next(self._frames)
        self._made_at[number] = self.now
        self._at(self.now + 1 / self.fps, self._make)
        size = self.viewer.size
        jpeg = bytes(SIZES_BYTES[size])
        self.viewer.offer(Packet(Frame(number, jpeg, 32, 16, self.now, None, None, None, self.fps, size)))

    # The connection, as the viewer sees it.

    def ready(self) -> bool:
        return True

    def send(self, packet: Packet, dropped: int) -> None:
        frame = packet.frame
        self.most_in_flight = max(self.most_in_flight, self.viewer.in_flight)
        self._link_free_at = max(self.now, self._link_free_at) + len(frame.jpeg) / self.bytes_per_s(self.now)
        received_at = self._down_at = max(self._down_at, self._link_free_at + self.delay_s + self.jitter_s())
        self._viewer_free_at = max(received_at, self._viewer_free_at) + self.work_s()
        self._at(
            received_at,
            lambda: self.arrivals.append(
                Arrival(frame.frame_id, self._made_at[frame.frame_id], received_at, frame.size)
            ),
        )
        if self.acks:
            self._up_at = max(self._up_at, self._viewer_free_at + self.delay_s + self.jitter_s())
            self._at(self._up_at, lambda: self.viewer.acknowledge(frame.frame_id if self.names_frames else None))
