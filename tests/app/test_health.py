"""app.health"""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from functools import partial
from types import FrameType

import pytest
import uvloop

from app import health
from app.health import INTERVAL_S, RELAXED_S, SLOW_S, Lag, LoopWatch
from tests.conftest import PATIENCE_S, wait_until


class Clocks:
    """Stands in for the time module in app.health; time passes as the test says."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.process_s = 5.0
        self.loop_s = 2.0

    def monotonic(self) -> float:
        return self.now

    def process_time(self) -> float:
        return self.process_s

    def thread_time(self) -> float:
        return self.loop_s

    def pthread_getcpuclockid(self, thread: int) -> int:
        return thread

    def clock_gettime(self, clock: int) -> float:
        return self.loop_s

    def pass_by(self, seconds: float, process: float = 0.0, loop: float = 0.0) -> None:
        """Let time pass, of which the process and the loop's thread used so much of a processor."""
        self.now += seconds
        self.process_s += seconds * process
        self.loop_s += seconds * loop


class Watched:
    """A watch whose thread's looks the test takes, of a loop that does what it is asked to when the test says."""

    def __init__(self, clocks: Clocks) -> None:
        self.clocks = clocks
        self.place = "app/stream.py:1 publish"
        self.asked: list[Callable[[], None]] = []
        self.watch = LoopWatch()
        self.watch._attach(lambda callback, *arguments: self.asked.append(partial(callback, *arguments)), 0)
        self.watch._look()

    def answer(self) -> None:
        self.asked[-1]()

    def look(self, late_s: float = 0.0, process: float = 0.0, loop: float = 0.0) -> None:
        self.clocks.pass_by(max(0.0, self.watch._due_at - self.clocks.now) + late_s, process, loop)
        self.watch._look()

    def frames(self) -> None:
        """Have somebody else ask the loop 30 times a second until the next look, and that look."""
        while (left_s := self.watch._due_at - self.clocks.now) > 0.03:
            self.lag(0.001)
            self.clocks.pass_by(min(left_s - 0.001, 1 / 30))
        self.lag(0.001)
        self.look()

    def lag(self, seconds: float) -> None:
        """Have the loop do after a time what somebody asked it to."""
        asked_at = self.clocks.now
        self.clocks.pass_by(seconds)
        self.watch.called(asked_at)


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Watched:
    clocks = Clocks()
    monkeypatch.setattr(health, "time", clocks)
    watched = Watched(clocks)
    monkeypatch.setattr(health, "describe_callback", lambda frame: watched.place)
    return watched


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]


def test_lag_is_the_time_from_asking_to_the_call(watched: Watched) -> None:
    assert watched.watch.recent(60) == Lag()
    watched.clocks.pass_by(0.004)
    watched.answer()
    recent = watched.watch.recent(60)
    assert [recent.p50_s, recent.p99_s, recent.max_s] == pytest.approx([0.004] * 3)
    assert sum(watched.watch.lag_s.counts) == 1
    assert watched.watch.lag_s.sum == pytest.approx(0.004)


def test_quantiles_of_the_time_asked_for(watched: Watched) -> None:
    watched.lag(0.05)
    watched.clocks.pass_by(50)
    for ms in range(1, 101):
        watched.lag(ms / 10_000)
    recent = watched.watch.recent(5)
    assert [recent.p50_s, recent.p99_s, recent.max_s] == pytest.approx([0.005, 0.0099, 0.01])
    assert watched.watch.recent(60).max_s == pytest.approx(0.05)
    watched.clocks.pass_by(70)
    assert watched.watch.recent(600) == Lag()
    assert sum(watched.watch.lag_s.counts) == 101


def test_one_question_at_a_time(watched: Watched) -> None:
    for _ in range(20):
        watched.look()
    assert len(watched.asked) == 1
    watched.answer()
    watched.look()
    watched.look()
    assert len(watched.asked) == 2


def test_a_loop_that_others_have_call_is_not_asked_and_seldom_looked_at(watched: Watched) -> None:
    watched.answer()
    watched.frames()
    began_at = watched.clocks.now
    for _ in range(20):
        watched.frames()
    assert len(watched.asked) == 1
    assert watched.clocks.now - began_at > 19 * RELAXED_S
    watched.look()  # nobody asks any more
    watched.look()
    watched.answer()
    watched.look()
    assert len(watched.asked) == 3
    assert watched.watch._due_at == pytest.approx(watched.clocks.now + INTERVAL_S)


def test_a_stall_that_others_notice_is_looked_at_at_once(watched: Watched, caplog: pytest.LogCaptureFixture) -> None:
    watched.answer()
    watched.frames()
    watched.clocks.pass_by(0.03)
    asked_at = watched.clocks.now
    watched.clocks.pass_by(0.09, loop=1.0)
    watched.watch.missed(asked_at)
    assert not watched.watch._look_now.is_set()
    watched.clocks.pass_by(0.03, loop=1.0)
    watched.watch.missed(asked_at)
    assert watched.watch._look_now.is_set()
    watched.watch._look()
    assert caplog.messages == ["The event loop is stuck, for 0.12 s so far, in app/stream.py:1 publish"]
    watched.watch.called(asked_at)
    watched.watch._look()
    assert watched.watch.slow_callbacks == 1


def test_a_callback_that_works_is_told_once_while_it_lasts_and_its_length_after_it(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    watched.look(late_s=0.02, loop=1.0)
    assert caplog.messages == ["The event loop is stuck, for 0.12 s so far, in app/stream.py:1 publish"]
    for _ in range(8):
        watched.look(loop=1.0)
    watched.answer()
    assert caplog.messages[1:] == ["The event loop answers again, after 0.92 s"]
    watched.lag(0.001)
    watched.look()
    assert watched.watch.slow_callbacks == 1
    assert len(caplog.messages) == 2


def test_a_callback_that_waits_is_told_when_it_was_found_at_one_place_twice(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    watched.look(late_s=0.02)
    assert watched.watch.slow_callbacks == 0
    watched.look()
    assert warnings(caplog) == ["The event loop is stuck, for 0.22 s so far, in app/stream.py:1 publish"]
    watched.look()
    assert watched.watch.slow_callbacks == 1


def test_what_waited_in_an_earlier_stall_is_forgotten(watched: Watched) -> None:
    watched.look(late_s=0.02)
    watched.answer()
    watched.look()
    watched.look(late_s=0.02)
    assert watched.watch.slow_callbacks == 0


def test_a_loop_that_only_gets_on_slowly_is_not_stuck(watched: Watched, caplog: pytest.LogCaptureFixture) -> None:
    for line in range(9):
        watched.place = f"app/stream.py:{line} publish"
        watched.look(late_s=0.02)
    assert watched.watch.slow_callbacks == 0
    watched.answer()
    assert watched.watch.recent(60).max_s == pytest.approx(1.08)
    assert warnings(caplog) == []


def test_an_answer_in_time_is_no_stall(watched: Watched, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(5):
        watched.clocks.pass_by(SLOW_S * 0.9, loop=1.0)
        watched.watch._look()
        watched.answer()
        watched.look()
    assert watched.watch.slow_callbacks == 0
    assert warnings(caplog) == []


def test_a_process_that_was_stopped_is_no_stall(watched: Watched, caplog: pytest.LogCaptureFixture) -> None:
    watched.look(late_s=30)
    watched.answer()
    watched.lag(30)
    assert watched.watch.slow_callbacks == 0
    assert watched.watch.recent(60) == Lag()
    assert warnings(caplog) == []


def test_a_loop_that_is_stuck_after_the_process_was_stopped(watched: Watched) -> None:
    watched.look(late_s=30)
    for _ in range(3):
        watched.look()
    assert watched.watch.slow_callbacks == 1


def test_a_thread_that_keeps_all_others_from_running_is_no_slow_callback_but_lag(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(4):
        watched.look(late_s=0.4, process=1.0)
    watched.answer()
    assert watched.watch.slow_callbacks == 0
    assert watched.watch.recent(60).max_s == pytest.approx(2.0)
    assert warnings(caplog) == []


def test_a_callback_that_keeps_all_threads_from_running(watched: Watched, caplog: pytest.LogCaptureFixture) -> None:
    watched.look(late_s=2.4, process=1.0, loop=1.0)
    assert warnings(caplog) == ["The event loop is stuck, for 2.50 s so far, in app/stream.py:1 publish"]


def test_a_callback_that_ended_before_it_could_be_looked_at(watched: Watched, caplog: pytest.LogCaptureFixture) -> None:
    asked_at = watched.clocks.now
    watched.clocks.pass_by(0.3, process=1.0, loop=1.0)
    watched.answer()
    watched.watch.called(asked_at)  # somebody else had asked, too, and waited for the same
    assert watched.watch.slow_callbacks == 1
    assert warnings(caplog) == ["The event loop was stuck for 0.30 s, over before it could be looked at"]


def test_a_loop_in_no_callback_is_stuck_only_if_it_works(watched: Watched, caplog: pytest.LogCaptureFixture) -> None:
    watched.place = ""
    for _ in range(5):
        watched.look(late_s=0.01)
    assert watched.watch.slow_callbacks == 0
    watched.look(loop=1.0)
    assert warnings(caplog) == ["The event loop is stuck, for 0.65 s so far, in itself"]


def test_the_answer_that_comes_while_the_stack_is_read_ends_the_stall(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answered_meanwhile(frame: FrameType | None) -> str:
        watched.watch.called(watched.clocks.now)
        return "something else"

    monkeypatch.setattr(health, "describe_callback", answered_meanwhile)
    watched.look(late_s=0.01, loop=1.0)
    assert watched.watch.slow_callbacks == 0


# From here on with a real loop, thread and clock.


class HeldUp:
    """A callback that keeps its loop until the test lets it go."""

    def __init__(self) -> None:
        self.go_on = threading.Event()

    def keep_the_loop(self) -> None:
        assert self.go_on.wait(PATIENCE_S)


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """A loop like the server's, running in a thread of its own."""
    made: list[asyncio.AbstractEventLoop] = []
    stop = asyncio.Event()

    async def run_until_stopped() -> None:
        made.append(asyncio.get_running_loop())
        await stop.wait()

    def run() -> None:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(run_until_stopped())

    thread = threading.Thread(target=run, name="server")
    thread.start()
    loop = wait_until(lambda: made)[0]
    yield loop
    loop.call_soon_threadsafe(stop.set)
    thread.join(PATIENCE_S)


@pytest.fixture
def watch(loop: asyncio.AbstractEventLoop) -> Iterator[LoopWatch]:
    watch = LoopWatch()
    ident = next(thread.ident for thread in threading.enumerate() if thread.name == "server")
    assert ident is not None
    watch.start(loop.call_soon_threadsafe, ident)
    yield watch
    watch.close()
    assert watch.join(PATIENCE_S)


def test_samples_a_real_loop(watch: LoopWatch) -> None:
    wait_until(lambda: sum(watch.lag_s.counts) >= 3)
    recent = watch.recent(60)
    assert 0 < recent.p50_s <= recent.p99_s <= recent.max_s


def test_names_the_callback_that_keeps_a_real_loop(
    watch: LoopWatch, loop: asyncio.AbstractEventLoop, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    held_up = HeldUp()

    async def request() -> None:
        held_up.keep_the_loop()

    asyncio.run_coroutine_threadsafe(request(), loop)
    named = wait_until(lambda: [message for message in warnings(caplog) if "keep_the_loop" in message])
    assert f"{held_up.keep_the_loop.__code__.co_qualname}, called by app/test_health.py" in named[0]
    assert named[0].endswith("<locals>.request")
    held_up.go_on.set()
    wait_until(lambda: "The event loop answers again" in caplog.text)
    assert len([message for message in warnings(caplog) if "keep_the_loop" in message]) == 1
    assert watch.recent(60).max_s > SLOW_S


def test_names_c_code_that_holds_the_interpreters_lock(
    watch: LoopWatch, loop: asyncio.AbstractEventLoop, caplog: pytest.LogCaptureFixture
) -> None:
    told = threading.Event()

    def sum_millions() -> None:
        while not told.is_set():
            sum(range(20_000_000))

    loop.call_soon_threadsafe(sum_millions)
    try:
        wait_until(lambda: "sum_millions" in "".join(warnings(caplog)))
    finally:
        told.set()


def test_ends_when_the_loop_is_gone() -> None:
    def closed(*call: object) -> None:
        raise RuntimeError("Event loop is closed")

    watch = LoopWatch()
    watch.start(closed, threading.get_ident())
    assert watch.join(PATIENCE_S)


def test_can_be_closed_without_having_been_started() -> None:
    watch = LoopWatch()
    watch.close()
    assert watch.join(0)
