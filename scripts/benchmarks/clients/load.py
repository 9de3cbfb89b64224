"""The conductor of a measurement: has frames made, lets the viewers take them, counts."""

import math
import os
import random
import select
import time
from array import array
from typing import Any

from scripts.benchmarks.clients.parsers import ProtocolError
from scripts.benchmarks.clients.plan import Group, Plan
from scripts.benchmarks.clients.viewers import VIEWERS, Viewer
from scripts.benchmarks.machine import cpu_s
from scripts.benchmarks.payload import Stamp
from scripts.benchmarks.quantiles import summarise

_JOIN_S = 20.0
_WARMUP_FPS = 30.0
_SETTLE_S = 0.1
_STALL_S = 1 / 30
_VISIT_FRAMES = 30
_SIGNAL_GAP_S = (0.1, 0.4)


class Record:
    """What the viewers of one group got while it was measured."""

    def __init__(self) -> None:
        self.frames = 0
        self.frame_bytes = 0
        self.dropped = 0
        """Frames that were made and not received, though a later one was."""
        self.disorder = 0
        """Frames that came twice, or after a later one."""
        self.visits = 0
        """Connections made, beside the first ones."""
        self.latency_s = array("d")

    def as_dict(self, viewers: list[Viewer], window_s: float) -> dict[str, Any]:
        """For JSON; the latencies also for the first and the last third of the measured time."""
        third = max(1, len(self.latency_s) // 3)
        return {
            "viewers": len(viewers),
            "frames": self.frames,
            "bytes": self.frame_bytes,
            "fps": self.frames / window_s / len(viewers),
            "dropped": self.dropped,
            "disorder": self.disorder,
            "visits": self.visits,
            "latency_s": summarise(self.latency_s).as_dict(),
            "latency_first_third_s": summarise(self.latency_s[:third]).as_dict(),
            "latency_last_third_s": summarise(self.latency_s[-third:]).as_dict(),
            "signal_s": summarise([s for viewer in viewers for s in viewer.signals_s]).as_dict(),
        }


class Load:
    """One measurement, from the first connection to the result."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._epoll = select.epoll()
        self._viewers: dict[int, Viewer] = {}
        self._idle: list[Viewer] = []
        """Those that stall: connected, never read."""
        self._records = {group.name: Record() for group in plan.groups}
        self._behind: set[Viewer] = set()
        """Unpaced: viewers that have no room for another frame."""
        self._foremost = 0
        """Unpaced: the newest frame that any viewer has received."""
        self._made = 0
        self._measuring = False
        self._stalls = 0
        self._period_s: float | None = None
        self._next_frame_at = math.inf
        self._next_signal_at = math.inf

    def run(self) -> dict[str, Any]:
        """Connect, warm up, measure; the result is for JSON."""
        plan = self._plan
        for group in plan.groups:
            for _ in range(group.count):
                self._connect(group)
        self._take_until(time.monotonic() + _JOIN_S, self._everybody_in)
        if not self._everybody_in():
            raise TimeoutError("not every viewer got in")
        self._retire_stalled()
        self._warm_up()
        self._pace(plan.fps)
        self._take_until(time.monotonic() + _SETTLE_S)
        self._measuring = True
        started, made = time.monotonic(), self._made
        server_s, own_s = cpu_s(plan.server_pid), time.process_time()
        self._take_until(started + plan.window_s)
        server_s, own_s = cpu_s(plan.server_pid) - server_s, time.process_time() - own_s
        window_s, made = time.monotonic() - started, self._made - made
        self._measuring = False
        groups = self._results(window_s)
        if plan.lag_s:
            self._command(b"p")
            self._take_until(time.monotonic() + plan.lag_s)
        for viewer in (*self._viewers.values(), *self._idle):
            viewer.close()
        return {
            "window_s": window_s,
            "made": made,
            "stalls": self._stalls,
            "server_cpu_s": server_s,
            "client_cpu_s": own_s,
            "groups": groups,
        }

    def _results(self, window_s: float) -> dict[str, Any]:
        everybody = [*self._viewers.values(), *self._idle]
        return {
            name: record.as_dict([viewer for viewer in everybody if viewer.group.name == name], window_s)
            for name, record in self._records.items()
        }

    def _connect(self, group: Group) -> None:
        viewer = VIEWERS[group.protocol](group, self._took)
        viewer.socket.setblocking(False)
        self._viewers[viewer.socket.fileno()] = viewer
        self._epoll.register(viewer.socket, select.EPOLLIN)

    def _everybody_in(self) -> bool:
        return all(viewer.ready for viewer in self._viewers.values())

    def _retire_stalled(self) -> None:
        for number, viewer in list(self._viewers.items()):
            if viewer.group.conduct == "stalls":
                self._epoll.unregister(viewer.socket)
                self._idle.append(self._viewers.pop(number))

    def _warm_up(self) -> None:
        """Frames until all have had some, and for the time that the plan says."""
        self._pace(_WARMUP_FPS)
        self._take_until(time.monotonic() + _JOIN_S, lambda: self._slowest() > 0)
        if not self._slowest():
            raise TimeoutError("not every viewer got a frame")
        if self._plan.hasty_warmup:
            self._pace(None)
        self._take_until(time.monotonic() + self._plan.warmup_s)

    def _slowest(self) -> int:
        return min(viewer.last_number for viewer in self._in_step())

    def _in_step(self) -> list[Viewer]:
        return [viewer for viewer in self._viewers.values() if viewer.group.in_step]

    def _pace(self, fps: float | None) -> None:
        self._period_s = 1 / fps if fps else None
        now = time.monotonic()
        self._next_frame_at = now if fps else now + _STALL_S
        if self._plan.signals:
            self._next_signal_at = now
        if not fps:
            self._behind.clear()
            self._foremost = self._made
            self._fill_room()

    def _take_until(self, deadline: float, done: Any = lambda: False) -> None:
        """Let the viewers take what comes, and have frames made when it is time, until ``deadline`` or ``done``."""
        while (now := time.monotonic()) < deadline and not done():
            if now >= self._next_frame_at:
                self._make_due(now)
            if now >= self._next_signal_at:
                self._command(b"s")
                self._next_signal_at = now + random.uniform(*_SIGNAL_GAP_S)  # noqa: S311 - no secret
            wake_at = min(deadline, self._next_frame_at, self._next_signal_at)
            for number, _ in self._epoll.poll(max(0.0, wake_at - time.monotonic())):
                if (viewer := self._viewers.get(number)) is not None:
                    self._let_take(viewer)

    def _let_take(self, viewer: Viewer) -> None:
        try:
            viewer.readable()
        except (ConnectionError, ProtocolError):
            if viewer.group.in_step:
                raise
            self._leave(viewer)

    def _leave(self, viewer: Viewer) -> None:
        """Hang up, and come again."""
        self._epoll.unregister(viewer.socket)
        del self._viewers[viewer.socket.fileno()]
        viewer.close()
        self._records[viewer.group.name].visits += 1
        self._connect(viewer.group)

    def _took(self, viewer: Viewer, stamp: Stamp) -> None:
        if self._measuring:
            self._count(viewer, stamp)
        viewer.last_number = max(viewer.last_number, stamp.number)
        viewer.taken += 1
        if self._period_s is None and viewer.last_number > self._made - self._plan.window:
            self._behind.discard(viewer)
            self._foremost = max(self._foremost, viewer.last_number)
            self._fill_room()
        if viewer.group.conduct == "comes-and-goes" and viewer.taken == _VISIT_FRAMES:
            raise ConnectionAbortedError("seen enough")

    def _count(self, viewer: Viewer, stamp: Stamp) -> None:
        record = self._records[viewer.group.name]
        record.frames += 1
        record.frame_bytes += stamp.length
        record.latency_s.append(time.monotonic() - stamp.made_at)
        if stamp.number <= viewer.last_number:
            record.disorder += 1
        elif viewer.last_number:
            record.dropped += stamp.number - viewer.last_number - 1

    def _make_due(self, now: float) -> None:
        """The paced frame; unpaced: one to go on with, where a viewer has missed what it was waited for."""
        if self._period_s is None:
            self._stalls += self._measuring
            self._make(now)
            return
        self._make(now)
        self._next_frame_at += self._period_s
        if self._next_frame_at <= now:
            # The conductor was held up; frames in a row to make up for it are not what was asked for.
            self._next_frame_at = now + self._period_s

    def _fill_room(self) -> None:
        """Unpaced: have the next frame made if there is room for it with every viewer."""
        # And one viewer has the newest: two frames made at once would be one, to a server that holds the newest.
        if not self._behind and self._foremost >= self._made:
            self._make(time.monotonic())
            due = self._made - self._plan.window + 1
            self._behind = {viewer for viewer in self._in_step() if viewer.last_number < due}

    def _make(self, now: float) -> None:
        self._command(b"f")
        self._made += 1
        if self._period_s is None:
            self._next_frame_at = now + _STALL_S

    def _command(self, letter: bytes) -> None:
        os.write(self._plan.commands_fd, letter)
