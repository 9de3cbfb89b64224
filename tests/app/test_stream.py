"""app.stream"""

import asyncio

from app.packet import Packet
from app.stream import FrameStream
from hw.types import Frame, Size
from tests.conftest import run_async

FULL = frozenset({Size.FULL})
REDUCED = frozenset({Size.REDUCED})


def frame(number: int, size: Size = Size.FULL) -> Frame:
    return Frame(number, b"jpeg", 32, 16, 1000.0 + number, None, None, None, 0.0, size, encode_s=0.004)


class Watcher:
    """A viewer that takes all it is offered."""

    def __init__(self, size: Size = Size.FULL) -> None:
        self.size = size
        self.deaf = False
        self.packets: list[Packet] = []
        self.ended = self.withdrawn = 0

    @property
    def ids(self) -> list[int]:
        return [packet.frame.frame_id for packet in self.packets]

    def offer(self, packet: Packet) -> None:
        self.packets.append(packet)

    def withdraw(self) -> None:
        self.withdrawn += 1

    def end(self) -> None:
        self.ended += 1

    def figures(self) -> None:
        return None


def test_all_viewers_share_one_packet_of_a_frame() -> None:
    stream = FrameStream()
    one, two = Watcher(), Watcher()
    stream.join(one)
    stream.join(two)
    stream.publish(frame(1))
    assert one.packets[0] is two.packets[0]
    assert sum(stream.tally.encode_s.counts) == 1


def test_frames_never_go_back_in_time() -> None:
    stream, viewer = FrameStream(), Watcher()
    stream.join(viewer)
    for number in (5, 4, 5, 6):
        stream.publish(frame(number))
    assert viewer.ids == [5, 6]


def test_each_viewer_is_offered_its_own_size() -> None:
    stream = FrameStream()
    full, reduced = Watcher(), Watcher(Size.REDUCED)
    stream.join(full)
    stream.join(reduced)
    for size in Size:
        stream.publish(frame(1, size))
    assert [packet.frame.size for packet in full.packets] == [Size.FULL]
    assert [packet.frame.size for packet in reduced.packets] == [Size.REDUCED]


def test_wanted_sizes_are_told_as_they_change() -> None:
    told: list[frozenset[Size]] = []
    stream = FrameStream(told.append)
    one, two = Watcher(), Watcher()
    stream.join(one)
    stream.join(one)
    stream.join(two)
    assert told == [FULL]
    two.size = Size.REDUCED
    stream.publish(frame(1))
    assert told == [FULL, FULL | REDUCED]
    stream.leave(one)
    stream.leave(one)
    assert told[2:] == [REDUCED]
    stream.leave(two)
    assert told[3:] == [frozenset()]
    assert (one.withdrawn, two.withdrawn) == (1, 1)


def test_nothing_is_wanted_for_the_deaf() -> None:
    told: list[frozenset[Size]] = []
    stream = FrameStream(told.append)
    viewer = Watcher()
    stream.join(viewer)
    viewer.deaf = True
    stream.publish(frame(1))
    assert told == [FULL, frozenset()]
    viewer.deaf = False
    stream.tell_wanted()
    assert told == [FULL, frozenset(), FULL]


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_pulled_frames_are_the_newest_and_each_at_most_once() -> None:
    async def main() -> None:
        told: list[frozenset[Size]] = []
        stream = FrameStream(told.append)
        seen: list[int] = []

        async def pull() -> None:
            seen.extend([packet.frame.frame_id async for packet in stream.packets()])

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
        assert told == [FULL, frozenset()]

    run_async(main())


def test_closed_stream_ends_its_viewers_and_late_comers() -> None:
    stream, early, late = FrameStream(), Watcher(), Watcher()
    stream.join(early)
    stream.close()
    stream.join(late)
    stream.publish(frame(1))
    assert (early.ended, late.ended) == (1, 1)
    assert early.ids == late.ids == []
