"""app.viewer"""

import logging

import pytest

from app.packet import Packet
from app.tally import Tally
from app.viewer import ACK_TIMEOUT_S, DEAF_AFTER_S, AckedViewer, ViewerKind, rates
from hw.types import Frame, Size


def packet(number: int, size: Size = Size.FULL, fps: float = 30.0) -> Packet:
    return Packet(Frame(number, b"jpeg", 32, 16, 1000.0 + number / 30, None, None, None, fps, size))


class Bench:
    """A viewer, its connection and its clock, all in the test's hands."""

    address = "192.0.2.1"
    agent = "test"
    kind: ViewerKind = "websocket"

    def __init__(self) -> None:
        self.now = 0.0
        self.is_ready = True
        self.sent: list[int] = []
        self.told_dropped: list[int] = []
        self.tally = Tally()
        self.viewer = AckedViewer("v", self, self.tally, lambda: self.now)

    def ready(self) -> bool:
        return self.is_ready

    def send(self, packet: Packet, dropped: int) -> None:
        self.sent.append(packet.frame.frame_id)
        self.told_dropped.append(dropped)

    def offer(self, *numbers: int) -> None:
        """Offer frames, one each thirtieth of a second."""
        for number in numbers:
            self.now += 1 / 30
            self.viewer.offer(packet(number))


def test_window_then_the_newest_at_once_on_an_ack() -> None:
    bench = Bench()
    bench.offer(*range(1, 8))
    assert bench.sent == [1, 2]
    assert bench.viewer.in_flight == 2
    assert bench.viewer.dropped == {"window": 4, "rate": 0, "link": 0}  # 3 to 6; 7 waits
    assert bench.viewer.acknowledge(None)
    assert bench.sent == [1, 2, 7]
    assert bench.told_dropped == [0, 0, 4]


def test_ack_of_a_certain_frame_and_nonsense() -> None:
    bench = Bench()
    assert not bench.viewer.acknowledge(None)
    bench.offer(1, 2)
    assert bench.viewer.acknowledge(2)
    for junk in (2, 99, -1, 0, 10**30):
        assert not bench.viewer.acknowledge(junk)
    assert bench.viewer.in_flight == 1
    assert bench.viewer.junk_acks == bench.tally.junk_acks == 6
    assert (bench.viewer.acked, bench.tally.acked) == (1, 1)


def test_every_tenth_drop_is_logged_with_the_total(caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench()
    with caplog.at_level(logging.INFO):
        bench.offer(*range(1, 29))
    assert bench.viewer.missed == 25
    assert [message.split(" (")[0] for message in caplog.messages] == [
        "Dropped 10 frames due to client backpressure",
        "Dropped 20 frames due to client backpressure",
    ]


def test_lost_ack_makes_ready_again_after_the_threshold(caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench()
    bench.offer(1)
    bench.now += 0.01
    bench.viewer.acknowledge(1)
    bench.offer(2, 3, 4)
    lost_at = bench.now
    bench.now = lost_at + ACK_TIMEOUT_S - 0.2
    bench.offer(5)
    assert bench.sent == [1, 2, 3]
    bench.now = lost_at + ACK_TIMEOUT_S
    bench.offer(6, 7)
    assert bench.sent == [1, 2, 3, 6, 7]
    assert bench.viewer.acks_lost == bench.tally.acks_lost == 2
    assert "no acknowledgement" in caplog.text
    # The next threshold is twice as long, until an acknowledgement comes.
    bench.now += 1.5 * ACK_TIMEOUT_S
    bench.offer(8)
    assert bench.sent[-1] == 7
    bench.viewer.acknowledge(6)
    assert bench.sent[-1] == 8
    # From then on it may take twice as long as that one did.
    bench.now += ACK_TIMEOUT_S
    bench.offer(9)
    assert bench.sent[-1] == 8
    bench.now += ACK_TIMEOUT_S
    bench.offer(10)
    assert bench.sent[-1] == 10


def test_ack_that_comes_after_it_was_given_up_is_no_junk() -> None:
    bench = Bench()
    bench.offer(1)
    bench.viewer.acknowledge(1)
    bench.offer(2)
    bench.now += ACK_TIMEOUT_S
    bench.offer(3)
    assert bench.viewer.acks_lost == 1
    assert bench.viewer.acknowledge(2)
    assert bench.viewer.acknowledge(3)
    assert not bench.viewer.acknowledge(2)
    assert (bench.viewer.acked, bench.viewer.junk_acks) == (3, 1)


@pytest.mark.parametrize("fps", [3.0, 30.0, 90.0])
@pytest.mark.parametrize("for_s", [0.7, 1.5, 10.0])
def test_rates_are_those_of_the_time_that_there_was(fps: float, for_s: float) -> None:
    at = [n / fps for n in range(int(for_s * fps) + 1)][-64:]
    told, bytes_per_s = rates(at[-1] + 0.2 / fps, at, [1000] * len(at), 2.0)
    assert told == pytest.approx(fps, rel=0.1)
    assert bytes_per_s == pytest.approx(1000 * told, rel=0.02)


def test_slow_viewers_rate_is_told() -> None:
    bench = Bench()
    for number in range(1, 6):
        bench.offer(number)
        bench.now += 3.0
        bench.viewer.acknowledge(number)
    assert bench.viewer.figures().fps == pytest.approx(1 / 3, abs=0.1)


def test_viewer_that_never_acknowledges_gets_its_window_and_no_more() -> None:
    bench = Bench()
    bench.offer(*range(1, 30 * 600))
    bench.viewer.ask_size(Size.REDUCED)
    bench.viewer.ask_size(Size.FULL)
    bench.offer(*range(30 * 600, 30 * 1200))
    assert bench.sent == [1, 2]
    # Its first answer may come as late as it likes.
    bench.viewer.acknowledge(None)
    bench.viewer.acknowledge(None)
    assert (bench.viewer.acks_lost, bench.viewer.junk_acks) == (0, 0)
    bench.offer(30 * 1200)
    assert bench.sent == [1, 2, 30 * 1200]


def test_viewer_that_never_acknowledged_is_deaf_until_it_does() -> None:
    bench = Bench()
    heard: list[float] = []
    bench.viewer.on_hearing = lambda: heard.append(bench.now)
    bench.offer(*range(1, int(30 * DEAF_AFTER_S) - 1))
    assert not bench.viewer.deaf
    bench.offer(*range(200, 210))
    assert bench.viewer.deaf
    assert bench.viewer.figures().deaf
    bench.now += 60.0
    bench.viewer.acknowledge(None)
    assert not bench.viewer.deaf
    assert heard == [bench.now]
    assert bench.sent == [1, 2], "what waited is a minute old"
    bench.offer(300)
    assert bench.sent == [1, 2, 300]
    bench.offer(*range(301, 301 + int(90 * DEAF_AFTER_S)))
    assert not bench.viewer.deaf, "it has shown that it can hear"


def test_deaf_viewer_that_asks_anew_begins_anew() -> None:
    bench = Bench()
    bench.offer(1, 2, 3)
    bench.viewer.begin_anew()
    assert bench.sent == [1, 2], "its first acknowledgement may be on the way"
    bench.offer(*range(4, 4 + int(30 * DEAF_AFTER_S)))
    assert bench.viewer.deaf
    bench.viewer.begin_anew()
    assert not bench.viewer.deaf
    assert bench.viewer.acks_lost == 2
    bench.offer(500, 501, 502)
    assert bench.sent == [1, 2, 500, 501]
    assert bench.viewer.acknowledge(1), "late is not never"


def test_viewer_that_was_away_begins_anew_though_it_never_acknowledged() -> None:
    bench = Bench()
    bench.offer(1, 2)
    bench.viewer.withdraw()  # it has unsubscribed
    bench.now += 60.0
    bench.viewer.begin_anew()
    bench.offer(3, 4, 5)
    assert bench.sent == [1, 2, 3, 4]


def test_viewer_that_acknowledges_keeps_its_window_as_it_asks_anew() -> None:
    bench = Bench()
    bench.offer(1)
    bench.viewer.acknowledge(1)
    bench.offer(2, 3)
    bench.now += ACK_TIMEOUT_S
    bench.viewer.begin_anew()
    assert bench.viewer.in_flight == 2
    assert bench.viewer.acks_lost == 0


def test_stuck_connection_gets_nothing_even_after_lost_acks() -> None:
    bench = Bench()
    bench.is_ready = False
    for n in range(1, 400):
        bench.now += 1.0
        bench.offer(n)
    assert bench.sent == []
    assert bench.viewer.dropped["link"] == 398
    bench.is_ready = True
    bench.viewer.refresh()
    assert bench.sent == [399]


def test_the_same_picture_is_not_sent_in_two_sizes() -> None:
    bench = Bench()
    bench.viewer.offer(packet(5))
    bench.viewer.offer(packet(5, Size.REDUCED))
    bench.viewer.offer(packet(4, Size.REDUCED))
    assert bench.sent == [5]
    assert bench.viewer.missed == 0


def test_withdrawn_frame_is_not_sent() -> None:
    bench = Bench()
    bench.offer(1, 2, 3)
    bench.viewer.withdraw()
    bench.viewer.acknowledge(None)
    assert bench.sent == [1, 2]


def test_figures_say_where_the_time_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench()
    monkeypatch.setattr("time.time", lambda: 1000.0 + bench.now)
    for n in range(1, 61):
        bench.offer(n)
        sent_at = 1000.0 + bench.now
        bench.now += 0.025
        bench.viewer.acknowledge(n, received_at=sent_at + 0.01, painted_at=sent_at + 0.018)
        bench.now -= 0.025
    figures = bench.viewer.figures()
    assert figures.fps == pytest.approx(30, rel=0.1)
    assert figures.bytes_per_s == pytest.approx(30 * len(b"jpeg"), rel=0.1)
    assert (figures.sent, figures.acked, figures.in_flight) == (60, 60, 0)
    assert figures.ack_ms == pytest.approx(25, abs=0.2)
    assert figures.network_ms == pytest.approx(10, abs=0.2)
    assert figures.paint_ms == pytest.approx(8, abs=0.2)
    assert figures.latency_ms == pytest.approx(18, abs=0.2)
    for histogram, seconds in (
        (bench.tally.ack_s, 0.025),
        (bench.tally.network_s, 0.01),
        (bench.tally.paint_s, 0.008),
        (bench.tally.latency_s, 0.018),
    ):
        assert sum(histogram.counts) == 60
        assert histogram.sum == pytest.approx(60 * seconds, rel=0.02)


@pytest.mark.parametrize(
    ("received_at", "painted_at"),
    [
        *[(clock, clock) for clock in (0.0, -1e300, 1e300, float("nan"), float("inf"))],
        *[(clock, clock) for clock in (970.0, 999.0, 1001.1, 1030.0)],  # it is wrong by seconds
        (1000.2, 1000.1),  # painted before it was there
        (1000.2, 1030.0),
        (970.0, 1000.2),
    ],
)
def test_times_that_cannot_be_are_not_counted(
    monkeypatch: pytest.MonkeyPatch, received_at: float, painted_at: float
) -> None:
    bench = Bench()
    monkeypatch.setattr("time.time", lambda: 1000.0 + bench.now)
    bench.offer(1)
    bench.now = 0.3
    assert bench.viewer.acknowledge(1, received_at=received_at, painted_at=painted_at)
    figures = bench.viewer.figures()
    assert (figures.network_ms, figures.paint_ms, figures.latency_ms) == (None, None, None)
    assert figures.junk_acks == 1
    assert figures.ack_ms == pytest.approx(267, abs=1)
    assert sum(bench.tally.latency_s.counts) + sum(bench.tally.network_s.counts) == 0


def test_what_was_acknowledged_counts_soon_and_as_the_viewer_goes() -> None:
    bench = Bench()
    for n in range(1, 31):
        bench.offer(n)
        bench.viewer.acknowledge(n)
    assert sum(bench.tally.ack_s.counts) >= 20, "a third of a second is the most that is kept back"
    bench.viewer.withdraw()
    assert sum(bench.tally.ack_s.counts) == 30
