"""One viewer that acknowledges frames: what it is sent, when, and in which size. Runs on the event loop."""

import logging
import time
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal, Protocol

from app.pace import Pace, SizeChoice
from app.packet import Packet
from app.tally import DropReason, Tally
from hw.types import Size

log = logging.getLogger(__name__)

ViewerKind = Literal["websocket", "polling", "mjpeg"]

ACK_TIMEOUT_S = 2.0
"""An acknowledgement that is later than this is taken for lost, and the viewer for ready.

Not of one that has never acknowledged anything: it may not know how, and a connection that is alive loses nothing."""
_ACK_TIMEOUT_MAX_S = 16.0
DEAF_AFTER_S = 5.0
"""By then the slowest of viewers has acknowledged its first frame."""
_REMEMBERED = 16
"""Frames whose acknowledgement was given up that a late one is still told from junk for."""
_LEARN_FROM, _LEARN_AFTER_S = 8, 0.25
"""Acknowledgements to learn from at once, where nothing depends on it earlier, and how long they may wait for that.

Viewers that came together learn together: more at once would be felt by a stop behind thirty of them."""
_LOG_EVERY = 10
_RECENT = 32
_LATELY_S = 2.0
_CLOCK_ERROR_S = 0.5
"""What a viewer's estimate of our clock may be wrong by; times that are not between sending and acknowledgement by more
than that are of no clock that it set by ours."""
_SENSIBLE_S = 60.0
"""An older picture is one whose clock was set since."""


@dataclass(frozen=True, slots=True)
class ViewerFigures:
    """One viewer at one moment; the counts are since it came."""

    id: str
    kind: ViewerKind
    address: str
    agent: str
    """What its browser or program calls itself."""
    size: Size
    asked_size: Size | None
    """The size that it asked for; ``None`` where its acknowledgements decide."""
    window: int
    """Frames that may be in flight."""
    in_flight: int
    sent: int
    acked: int
    dropped: dict[DropReason, int]
    acks_lost: int
    junk_acks: int
    deaf: bool
    """Whether it has not acknowledged a single frame, though it had some seconds for it."""
    fps: float
    """Frames acknowledged (without acknowledgements: sent) per second, lately."""
    bytes_per_s: float
    ack_ms: float | None
    network_ms: float | None
    paint_ms: float | None
    latency_ms: float | None
    """Medians of the latest frames: sent to acknowledged, sent to received, received to painted, captured to painted;
    ``None`` where the viewer did not say."""


class Link(Protocol):
    """A viewer's connection."""

    address: str
    agent: str

    @property
    def kind(self) -> ViewerKind:
        """By which way frames travel."""

    def ready(self) -> bool:
        """Whether it took all that was sent before: one that is stuck gets nothing more."""

    def send(self, packet: Packet, dropped: int) -> None:
        """Put a frame on the connection; returns at once."""


class Viewer(Protocol):
    """Somebody who is offered every frame and never waited for."""

    @property
    def size(self) -> Size:
        """The size that it is to be offered."""

    @property
    def deaf(self) -> bool:
        """Whether it takes nothing of what it is offered, so that no frame needs to be encoded for it."""

    def offer(self, packet: Packet) -> None:
        """A new frame is there."""

    def withdraw(self) -> None:
        """What was offered and not taken is offered no more."""

    def end(self) -> None:
        """There will be no more frames."""

    def figures(self) -> ViewerFigures | None:
        """How it fares; ``None`` for one that is not worth showing."""


# Plain tuples, because one of each is made for every frame and viewer.
_InFlight = tuple[float, float, int, bool, Size]
"""When a frame was sent and captured, its bytes, whether none was in flight before it, its size."""
_Ack = tuple[_InFlight, float, float, float | None, float | None]
"""Of what, when by our clock and by the wall's, and when it was received and painted, as the viewer says."""

_Acked = tuple[float, int, float, float | None, float | None, float | None]
"""When, how many bytes, and how long it took until it was acknowledged, received, painted since, painted in all."""


class AckedViewer:
    """A viewer that acknowledges frames.

    Within its window a frame leaves at once; outside it the newest waits, alone, and leaves as an acknowledgement
    comes. So what is held for a viewer is bounded, whatever it does. ``app.pace`` has the rules.
    """

    def __init__(self, name: str, link: Link, tally: Tally, clock: Callable[[], float] = time.monotonic) -> None:
        """``clock`` gives seconds, monotonic."""
        self.name = name
        self.acks_lost = 0
        self.junk_acks = 0
        self.sent = 0
        self.acked = 0
        self.dropped: dict[DropReason, int] = {"window": 0, "rate": 0, "link": 0}
        self.size = Size.FULL
        self.fixed_size: Size | None = None
        """The size that it asked for; ``None`` lets its acknowledgements decide."""
        self.deaf = False
        self.on_hearing: Callable[[], None] = lambda: None
        """Told when it is deaf no more."""
        self._link = link
        self._tally = tally
        self._clock = clock
        self._pace = Pace()
        self._choice = SizeChoice()
        self._in_flight: dict[int, _InFlight] = {}
        self._given_up: dict[int, _InFlight] = {}
        """What was in flight until its acknowledgement was taken for lost, the oldest first."""
        self._acks: list[_Ack] = []
        """Acknowledgements that nothing has been learnt from yet."""
        self._waiting: Packet | None = None
        self._held_by: DropReason | None = None
        self.missed = 0
        """Frames dropped, whatever the reason."""
        self._last_frame_id = 0
        self._period_s = 0.0
        self._ack_timeout_s = ACK_TIMEOUT_S
        self._recent: deque[_Acked] = deque(maxlen=_RECENT)

    def ask_size(self, size: Size | None) -> None:
        """Give it this size from now on; ``None`` lets its acknowledgements decide."""
        self.fixed_size = size
        self._choice.look_afresh()
        if self.size is not (wanted := size or self._choice.size):
            self.size = wanted
            self._pace.restart(self._clock())

    def begin_anew(self) -> None:
        """It asks for frames: those of some time ago, if it never acknowledged any, it did not listen to."""
        if not self.acked:
            self._give_up(self._clock(), ACK_TIMEOUT_S)
        if self.deaf:
            self._hear()

    @property
    def in_flight(self) -> int:
        """Frames sent and not acknowledged."""
        return len(self._in_flight)

    def offer(self, packet: Packet) -> None:
        frame = packet.frame
        if frame.frame_id <= self._last_frame_id:
            return  # it has the same picture in another size
        if self._waiting is not None:
            self._count_drop()
        self._waiting = packet
        now = self._clock()
        acks = self._acks
        if self._in_flight or (acks and (len(acks) >= _LEARN_FROM or now - acks[0][1] > _LEARN_AFTER_S)):
            self._learn()
            self._give_up_lost_acks(now)
        self._period_s = packet.period_s
        self._send_waiting(now)

    def acknowledge(
        self, frame_id: int | None = None, received_at: float | None = None, painted_at: float | None = None
    ) -> bool:
        """Take the acknowledgement of a frame (``None``: the oldest in flight); False if no frame waits for it.

        ``received_at`` and ``painted_at`` are by the server's wall clock, as the viewer estimates it, in seconds.
        """
        if frame_id is None:
            frame_id = next(iter(self._in_flight or self._given_up), 0)
        flown = self._in_flight.pop(frame_id, None) or self._given_up.pop(frame_id, None)
        if flown is None:
            self.count_junk()
            return False
        now = self._clock()
        self.acked += 1
        self._tally.acked += 1
        if self.deaf:
            self._hear()
        wall_at = 0.0 if received_at is None else time.time()
        self._acks.append((flown, now, wall_at, received_at, painted_at))
        if self._waiting is not None:
            self._learn()
            self._send_waiting(now)
        return True

    def count_junk(self) -> None:
        """An acknowledgement came that makes no sense, or whose times make none."""
        self.junk_acks += 1
        self._tally.junk_acks += 1

    def refresh(self) -> None:
        """The connection takes more again."""
        self._send_waiting(self._clock())

    def withdraw(self) -> None:
        self._waiting = None
        self._learn()  # what is known of its last frames counts

    def end(self) -> None:
        self._waiting = None

    def figures(self) -> ViewerFigures:
        self._learn()
        recent = self._recent
        now = self._clock()
        at, size_bytes, ack_s, network_s, paint_s, latency_s = zip(*recent, strict=True) if recent else ((),) * 6
        lately_s = max(_LATELY_S, 3 * ack_s[-1]) if recent else _LATELY_S
        fps, bytes_per_s = rates(now, at, size_bytes, lately_s)
        return ViewerFigures(
            id=self.name,
            kind=self._link.kind,
            address=self._link.address,
            agent=self._link.agent,
            size=self.size,
            asked_size=self.fixed_size,
            window=self._pace.frames,
            in_flight=self.in_flight,
            sent=self.sent,
            acked=self.acked,
            dropped=dict(self.dropped),
            acks_lost=self.acks_lost,
            junk_acks=self.junk_acks,
            deaf=self.deaf,
            fps=fps,
            bytes_per_s=bytes_per_s,
            ack_ms=_median_ms(ack_s),
            network_ms=_median_ms(network_s),
            paint_ms=_median_ms(paint_s),
            latency_ms=_median_ms(latency_s),
        )

    def _send_waiting(self, now: float) -> None:
        packet = self._waiting
        if packet is None:
            return
        self._held_by = self._hindrance(now)
        if self._held_by is not None:
            return
        frame = packet.frame
        in_flight = self._in_flight
        self._waiting = None
        self._last_frame_id = frame.frame_id
        size_bytes = len(frame.jpeg)
        alone = not in_flight
        in_flight[frame.frame_id] = (now, frame.captured_at, size_bytes, alone, frame.size)
        self._pace.sent(now, alone)
        self.sent += 1
        self._tally.sent += 1
        self._tally.sent_bytes += size_bytes
        self._link.send(packet, self.missed)

    def _hindrance(self, now: float) -> DropReason | None:
        """What keeps the waiting frame from leaving."""
        if not self._link.ready():
            return "link"
        if not self._in_flight:
            return None
        return self._pace.hindrance(len(self._in_flight), now, self._period_s)

    def _learn(self) -> None:
        """Learn from the latest acknowledgements.

        Nothing depends on it as long as each frame is acknowledged before the next one comes, and a few at once, of
        all viewers in a row, cost half of what they do one by one.
        """
        acks = self._acks
        if not acks:
            return
        pace, period_s = self._pace, self._period_s
        now = ack_s = 0.0
        for ack in acks:
            (sent_at, _, _, alone, size), now, *_ = ack
            ack_s = now - sent_at
            if size is self.size:  # what is small comes sooner, and says nothing of what is large
                pace.acknowledged(ack_s, alone, now, period_s)
            self._note(ack)
        acks.clear()
        # Far or narrow links take as long as they take: what is late there is not lost.
        self._ack_timeout_s = min(max(ACK_TIMEOUT_S, 2 * ack_s), _ACK_TIMEOUT_MAX_S)
        if self.fixed_size is None and self._choice.consider(pace.gap_s, period_s, now):
            self.size = self._choice.size
            pace.restart(now)
            log.info("Viewer %s gets the %s size from now on", self.name, self.size)

    def _note(self, ack: _Ack) -> None:
        """Take down how long the frame's way was, as far as the viewer says."""
        (sent_at, captured_at, size_bytes, *_), now, wall_at, received_at, painted_at = ack
        tally = self._tally
        ack_s = now - sent_at
        tally.ack_s.add(ack_s)
        network_s = paint_s = latency_s = None
        if received_at is not None:
            last_at, left_at = received_at if painted_at is None else painted_at, wall_at - ack_s
            if not left_at - _CLOCK_ERROR_S <= received_at <= last_at <= wall_at + _CLOCK_ERROR_S:
                self.count_junk()
            else:
                network_s = received_at - left_at
                tally.network_s.add(network_s)
                if painted_at is not None:
                    paint_s = painted_at - received_at
                    tally.paint_s.add(paint_s)
                    if abs(age_s := painted_at - captured_at) < _SENSIBLE_S:
                        latency_s = age_s
                        tally.latency_s.add(latency_s)
        self._recent.append((now, size_bytes, ack_s, network_s, paint_s, latency_s))

    def _give_up_lost_acks(self, now: float) -> None:
        """Make room for lost acknowledgements; wait longer each time until one comes."""
        if not self.acked:
            self.deaf = now - next(iter(self._in_flight.values()))[0] > DEAF_AFTER_S
            return
        timeout_s = self._ack_timeout_s
        patience_s = min(timeout_s, self._pace.patience_s(now))
        if self._give_up(now, patience_s):
            self._ack_timeout_s = max(min(2 * timeout_s, _ACK_TIMEOUT_MAX_S), timeout_s)
            log.warning("Viewer %s: no acknowledgement, made ready again (%d lost)", self.name, self.acks_lost)

    def _give_up(self, now: float, patience_s: float) -> bool:
        """Take the acknowledgements of what was sent longer ago than that for lost; False if there is none such."""
        lost = [n for n, (sent_at, *_) in self._in_flight.items() if now - sent_at > patience_s]
        for frame_id in lost:
            self._given_up[frame_id] = self._in_flight.pop(frame_id)
        while len(self._given_up) > _REMEMBERED:
            del self._given_up[next(iter(self._given_up))]
        self.acks_lost += len(lost)
        self._tally.acks_lost += len(lost)
        return bool(lost)

    def _hear(self) -> None:
        self.deaf, self._waiting = False, None  # what waits is as old as its silence was long
        self.on_hearing()

    def _count_drop(self) -> None:
        reason = self._held_by or "window"
        self.missed += 1
        self.dropped[reason] += 1
        self._tally.dropped[reason] += 1
        if self.missed % _LOG_EVERY == 0:
            log.info("Dropped %d frames due to client backpressure (viewer %s)", self.missed, self.name)


def rates(now: float, at: Sequence[float], size_bytes: Sequence[int], lately_s: float) -> tuple[float, int]:
    """Frames and bytes per second of the last ``lately_s``, of frames that came then and were so large."""
    first = bisect_right(at, now - lately_s)
    span_s = max(now - at[first], 0.1) if first < len(at) else 1.0
    since = size_bytes[first + 1 :]
    return round(len(since) / span_s, 1), round(sum(since) / span_s)


def _median_ms(values_s: Iterable[float | None]) -> float | None:
    known = [value for value in values_s if value is not None]
    return round(1000 * median(known), 1) if known else None
