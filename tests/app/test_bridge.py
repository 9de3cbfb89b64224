"""app.bridge"""

import asyncio
import json
import logging
import threading
import time
from typing import Any

import numpy as np
import pytest

from app.bridge import Bridge
from hw.types import Frame
from tests.conftest import PATIENCE_S, run_async

WARNING = "Event loop not available for signal emission"


def frame(number: int) -> Frame:
    return Frame(number, b"jpeg", 32, 16, 1000.0 + number, None, None, None, 0.0)


class Sinks:
    """Notes what a bridge delivers, in which order and on which thread."""

    def __init__(self, bridge: Bridge) -> None:
        self.seen: list[Any] = []
        self.threads: set[int] = set()
        bridge.on_signal = lambda text: self.note(json.loads(text)["args"]["p0"])
        bridge.on_frame = lambda stream, frame: self.note((stream, frame.frame_id))

    def note(self, what: Any) -> None:
        self.seen.append(what)
        self.threads.add(threading.get_ident())


async def from_thread(work: Any) -> None:
    await asyncio.to_thread(work)
    await asyncio.sleep(0)


def attached() -> tuple[Bridge, Sinks]:
    bridge = Bridge()
    bridge.set_loop(asyncio.get_running_loop())
    return bridge, Sinks(bridge)


def test_signals_arrive_in_order_on_the_loop() -> None:
    async def main() -> None:
        bridge, sinks = attached()

        def emit() -> None:
            for n in range(200):
                bridge.emit_signal("step", n)

        await from_thread(emit)
        assert sinks.seen == list(range(200))
        assert sinks.threads == {threading.get_ident()}

    run_async(main())


def test_stalled_loop_holds_one_frame_and_signals_go_first() -> None:
    async def main() -> None:
        bridge, sinks = attached()
        loop = asyncio.get_running_loop()
        wakes: list[Any] = []
        called: list[float] = []
        missed: list[float] = []
        bridge.on_call, bridge.on_missed = called.append, missed.append
        call_soon = loop.call_soon_threadsafe

        def emit() -> None:
            for n in range(1, 1001):
                bridge.emit_frame("live", frame(n))
                bridge.emit_frame("small", frame(n))
            bridge.emit_signal("stopped", "now")

        bridge._loop = type("Counting", (), {"call_soon_threadsafe": staticmethod(wakes.append)})()
        before = time.monotonic()
        emit()  # on the loop's own thread: nothing is delivered before it ends
        assert len(wakes) == 1
        asked = time.monotonic()
        call_soon(wakes[0])
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert sinks.seen == ["now", ("live", 1000), ("small", 1000)]
        assert len(called) == 1
        assert before <= called[0] <= asked
        assert missed == called * 2000

    run_async(main())


def test_each_delivery_arms_the_next_wake_up() -> None:
    async def main() -> None:
        bridge, sinks = attached()
        for n in range(3):
            await from_thread(lambda n=n: bridge.emit_frame("live", frame(n)))
        assert sinks.seen == [("live", 0), ("live", 1), ("live", 2)]

    run_async(main())


def test_keyed_signals_keep_the_last_value_and_the_others_all() -> None:
    async def main() -> None:
        bridge, sinks = attached()
        bridge.emit_signal("position", 1, key="position")
        bridge.emit_signal("fault", "a")
        bridge.emit_signal("position", 2, key="position")
        bridge.emit_signal("fault", "b")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert sinks.seen == ["a", 2, "b"]

    run_async(main())


def test_overflow_drops_the_oldest_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        bridge, sinks = attached()
        for n in range(1030):
            bridge.emit_signal("event", n)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert sinks.seen == list(range(6, 1030))
        assert bridge.overflowed == 6

    with caplog.at_level(logging.ERROR):
        run_async(main())
    assert "stalled" in caplog.text


def test_before_start_warned_once_per_burst_counted_and_harmless(caplog: pytest.LogCaptureFixture) -> None:
    bridge = Bridge()
    sinks = Sinks(bridge)
    for n in range(50):
        bridge.emit_signal("early", n)
        bridge.emit_frame("live", frame(n))
    assert bridge.undelivered == 100
    assert [record.message for record in caplog.records] == [WARNING]

    async def main() -> None:
        bridge.set_loop(asyncio.get_running_loop())
        bridge.emit_signal("late", "here")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        bridge.set_loop(None)

    run_async(main())
    assert sinks.seen == ["here"]


def test_after_stop_as_before_start(caplog: pytest.LogCaptureFixture) -> None:
    bridge = Bridge()
    sinks = Sinks(bridge)

    async def main() -> None:
        bridge.set_loop(asyncio.get_running_loop())
        bridge.emit_signal("waiting", 1)
        bridge.set_loop(None)
        bridge.emit_signal("late", 2)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    run_async(main())
    assert sinks.seen == []
    assert bridge.undelivered == 1
    assert caplog.messages == [WARNING]


def test_loop_closed_without_a_word(caplog: pytest.LogCaptureFixture) -> None:
    bridge = Bridge()

    async def main() -> None:
        bridge.set_loop(asyncio.get_running_loop())

    run_async(main())
    for n in range(5):
        bridge.emit_signal("late", n)
        bridge.emit_frame("live", frame(n))
    assert bridge.undelivered == 10
    assert caplog.messages == [WARNING]


def test_what_cannot_be_encoded_is_named_and_the_rest_arrives(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        bridge, sinks = attached()
        loop_in_itself: list[Any] = []
        loop_in_itself.append(loop_in_itself)
        bridge.emit_signal("bad_object", object())
        bridge.emit_signal("bad_loop", loop_in_itself)
        bridge.emit_signal("bad_size", np.zeros(1_000_000))
        bridge.emit_signal("good", 1)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert sinks.seen == [1]
        assert bridge.unencodable == 3

    run_async(main())
    for name in ("bad_object", "bad_loop", "bad_size"):
        assert f"Signal '{name}' cannot be encoded" in caplog.text


def test_arguments_are_taken_as_they_were() -> None:
    async def main() -> None:
        bridge, sinks = attached()
        values = np.array([1, 2, 3])
        bridge.emit_signal("histogram", values)
        values[:] = 0
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert sinks.seen == [[1, 2, 3]]

    run_async(main())


def test_a_failing_sink_does_not_stop_the_others(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        bridge, sinks = attached()
        deliver = bridge.on_signal

        def failing(text: str) -> None:
            if "bad" in text:
                raise RuntimeError("sink")
            deliver(text)

        bridge.on_signal = failing
        bridge.emit_signal("bad", 1)
        bridge.emit_signal("good", 2)
        bridge.emit_frame("live", frame(1))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert sinks.seen == [2, ("live", 1)]

    run_async(main())
    assert "A sink of the bridge failed" in caplog.text


def test_many_threads_at_once_lose_nothing() -> None:
    threads, each = 8, 100

    async def main() -> None:
        bridge, sinks = attached()
        done = asyncio.Event()
        loop = asyncio.get_running_loop()

        def emit(number: int) -> None:
            for n in range(each):
                bridge.emit_signal("count", [number, n])

        def all_of_them() -> None:
            workers = [threading.Thread(target=emit, args=(n,)) for n in range(threads)]
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
            loop.call_soon_threadsafe(done.set)

        thread = threading.Thread(target=all_of_them)
        thread.start()
        async with asyncio.timeout(PATIENCE_S):
            await done.wait()
        thread.join()
        await asyncio.sleep(0)
        assert len(sinks.seen) == threads * each
        for number in range(threads):
            assert [n for who, n in sinks.seen if who == number] == list(range(each))

    run_async(main())
