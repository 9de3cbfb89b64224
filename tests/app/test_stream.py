"""app.stream"""

import asyncio
import logging
from typing import Any

import pytest

from app import stream as stream_module
from app.stream import ACK_TIMEOUT_S, WINDOW, AckedViewer, FrameStream
from hw.types import Frame
from tests.conftest import run_async


def frame(number: int) -> Frame:
    return Frame(number, b"jpeg", 32, 16, 1000.0 + number, None, None, None, 0.0)


class Link:
    """A viewer's connection: notes what was sent on it."""

    def __init__(self) -> None:
        self.sent: list[int] = []
        self.told_dropped: list[int] = []
        self.drained = True

    async def send(self, frame: Frame, dropped: int) -> None:
        self.sent.append(frame.frame_id)
        self.told_dropped.append(dropped)

    def viewer(self) -> AckedViewer:
        return AckedViewer("v", self.send, lambda: self.drained)


class Clock:
    """Stands in for the time module in app.stream."""

    now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(stream_module, "time", clock)
    return clock


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def ended(viewer: AckedViewer) -> None:
    viewer.end()
    await settle()


def test_window_then_the_newest_at_once_on_an_ack() -> None:
    async def main() -> None:
        link = Link()
        viewer = link.viewer()
        for n in range(1, 8):
            viewer.offer(frame(n))
            await settle()
        assert link.sent == [1, 2]
        assert viewer.in_flight == WINDOW
        assert viewer.dropped == 4  # 3 to 6; 7 waits
        assert viewer.acknowledge(None)
        await settle()
        assert link.sent == [1, 2, 7]
        assert link.told_dropped == [0, 0, 4]
        await ended(viewer)

    run_async(main())


def test_ack_of_a_certain_frame_and_nonsense() -> None:
    async def main() -> None:
        link = Link()
        viewer = link.viewer()
        assert not viewer.acknowledge(None)
        for n in (1, 2):
            viewer.offer(frame(n))
            await settle()
        assert viewer.acknowledge(2)
        assert not viewer.acknowledge(2)
        assert not viewer.acknowledge(99)
        assert viewer.in_flight == 1
        await ended(viewer)

    run_async(main())


def test_every_tenth_drop_is_logged_with_the_total(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        viewer = Link().viewer()
        for n in range(1, 29):
            viewer.offer(frame(n))
            await settle()
        assert viewer.dropped == 25
        await ended(viewer)

    with caplog.at_level(logging.INFO):
        run_async(main())
    assert [message.split(" (")[0] for message in caplog.messages] == [
        "Dropped 10 frames due to client backpressure",
        "Dropped 20 frames due to client backpressure",
    ]


def test_lost_ack_makes_ready_again_after_the_threshold(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        link = Link()
        viewer = link.viewer()
        for n in (1, 2, 3):
            viewer.offer(frame(n))
            await settle()
        clock.now = ACK_TIMEOUT_S
        viewer.offer(frame(4))
        await settle()
        assert link.sent == [1, 2]
        clock.now = ACK_TIMEOUT_S + 0.01
        viewer.offer(frame(5))
        await settle()
        viewer.offer(frame(6))
        await settle()
        assert link.sent == [1, 2, 5, 6]
        assert viewer.acks_lost == 2
        # The next threshold is twice as long, until an acknowledgement comes.
        clock.now += 1.5 * ACK_TIMEOUT_S
        viewer.offer(frame(7))
        await settle()
        assert link.sent[-1] == 6
        viewer.acknowledge(5)
        await settle()
        assert link.sent[-1] == 7
        clock.now += 1.5 * ACK_TIMEOUT_S
        viewer.offer(frame(8))
        await settle()
        assert link.sent[-1] == 8
        await ended(viewer)

    run_async(main())
    assert "no acknowledgement" in caplog.text


def test_stuck_connection_gets_nothing_even_after_lost_acks(clock: Clock) -> None:
    async def main() -> None:
        link = Link()
        viewer = link.viewer()
        link.drained = False
        for n in range(1, 400):
            clock.now += 1.0
            viewer.offer(frame(n))
            await settle()
        assert link.sent == []
        link.drained = True
        viewer.offer(frame(400))
        await settle()
        assert link.sent == [400]
        await ended(viewer)

    run_async(main())


def test_slow_viewer_is_not_waited_for() -> None:
    async def main() -> None:
        stream = FrameStream()
        fast, slow = Link(), Link()
        viewers = fast.viewer(), slow.viewer()
        for viewer in viewers:
            stream.join(viewer)
        for n in range(1, 51):
            stream.publish(frame(n))
            await settle()
            viewers[0].acknowledge(None)
        assert fast.sent == list(range(1, 51))
        assert slow.sent == [1, 2]
        stream.close()
        await settle()

    run_async(main())


def test_frames_never_go_back_in_time() -> None:
    async def main() -> None:
        stream = FrameStream()
        link = Link()
        viewer = link.viewer()
        stream.join(viewer)
        for n in (5, 4, 5, 6):
            stream.publish(frame(n))
            await settle()
        assert link.sent == [5, 6]
        stream.leave(viewer)
        await ended(viewer)

    run_async(main())


def test_watched_while_anybody_is() -> None:
    async def main() -> None:
        told: list[bool] = []
        stream = FrameStream(told.append)
        one, two = Link().viewer(), Link().viewer()
        stream.join(one)
        stream.join(one)
        stream.join(two)
        stream.leave(one)
        stream.leave(one)
        assert told == [True]
        stream.leave(two)
        assert told == [True, False]
        await ended(one)
        await ended(two)

    run_async(main())


def test_pulled_frames_are_the_newest_and_each_at_most_once() -> None:
    async def main() -> None:
        told: list[bool] = []
        stream = FrameStream(told.append)
        seen: list[int] = []

        async def pull() -> None:
            seen.extend([one.frame_id async for one in stream.frames()])

        puller = asyncio.create_task(pull())
        await settle()
        stream.publish(frame(1))
        await settle()
        stream.publish(frame(2))
        stream.publish(frame(3))
        await settle()
        stream.close()
        await asyncio.wait_for(puller, 10)
        assert seen == [1, 3]
        assert told == [True, False]

    run_async(main())


def test_closed_stream_ends_late_comers() -> None:
    async def main() -> None:
        stream = FrameStream()
        stream.close()
        seen: list[Any] = [one async for one in stream.frames()]
        assert seen == []

    run_async(main())


def test_nothing_is_sent_after_leaving_and_nothing_old_after_joining_again() -> None:
    async def main() -> None:
        stream = FrameStream()
        link = Link()
        viewer = link.viewer()
        stream.join(viewer)
        for n in range(1, 6):
            stream.publish(frame(n))
            await settle()
        stream.leave(viewer)
        viewer.acknowledge(None)
        await settle()
        stream.join(viewer)
        await settle()
        assert link.sent == [1, 2]
        stream.publish(frame(6))
        await settle()
        assert link.sent == [1, 2, 6]
        stream.close()
        await settle()

    run_async(main())
