"""Motors on GPIO lines as the stage thread sees them: what it asks for, a process of its own does in time."""

import logging
import math
import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from types import MappingProxyType

from hw.config import CoilStage, PinnedAxis, StepDirStage, axis_tables
from hw.drivers.gpio.process import Launch, Link, MotionProcess
from hw.drivers.gpio.words import Words
from hw.errors import DeviceAbsent, DeviceError, DeviceTimeout, InvalidRequest
from hw.types import AxisName, Ending, Pace, Progress, Steps

log = logging.getLogger(__name__)

_START_S = 30.0
_ANSWER_S = 5.0
"""How long an answer, or a step that is due, may take before the process counts as stuck."""
_NOTHING: Mapping[AxisName, bool] = MappingProxyType({})


class GpioMotors:
    """A ``MotorDriver`` over the motors of a stage, whatever their kind."""

    simulated = False

    def __init__(self, config: StepDirStage | CoilStage, launch: Launch = MotionProcess) -> None:
        self._config = config
        self._axes = {axis: table for axis, table in axis_tables(config).items() if isinstance(table, PinnedAxis)}
        self._launch = launch
        self._words = Words()
        self._lock = threading.Lock()
        """Around what ``halt`` and ``steer`` share with the stage's thread: the link and the number."""
        self._link: Link | None = None
        self._number = 0
        self._base: Steps = {}
        self._told = Progress({}, Ending.DONE)
        self._failure: DeviceError | None = None
        self._patience_s = _ANSWER_S
        self._news_s = 0.0
        self._noted: list[str] = []

    def open(self) -> None:
        """Start the motion process, which takes all lines; that of an earlier ``open`` ends first."""
        self.close()
        link = Link(self._launch, self._words)
        try:
            link.send(self._config)
            notes = link.answer("ready", _START_S)
        except DeviceError:
            with suppress(DeviceError):
                link.end()
            raise
        if notes and notes != self._noted:
            log.warning("the motion process may not have %s: steps may come late under load", " nor ".join(notes))
            self._noted = notes
        with self._lock:
            self._link, self._failure, self._told = link, None, Progress({}, Ending.DONE)

    def close(self) -> None:
        """End the motion process: it unpowers the motors and gives the lines back."""
        with self._lock:
            link, self._link = self._link, None
            self._words.ended = self._number
        if link is not None:
            link.end()

    def begin_line(self, steps: Steps, pace: Pace, until: Mapping[AxisName, bool] = _NOTHING) -> None:
        """See ``MotorDriver``; raises ``DeviceAbsent`` for an axis that the stage does not have, or its switch."""
        for axis in until:
            if self._switchless(axis):
                raise DeviceAbsent(f"the {axis} axis has no limit switch")
        self._check(steps, (pace,))
        self._begin("line", steps, pace, dict(until))

    def begin_jog(self, steps: Steps, paces: Mapping[AxisName, Pace]) -> None:
        """See ``MotorDriver``; raises ``DeviceAbsent`` for an axis that the stage does not have."""
        self._check(steps, paces.values())
        self._begin("jog", steps, {axis: paces[axis] for axis in steps})

    def steer(self, steps: Steps) -> None:
        """See ``MotorDriver``."""
        with self._lock:
            if self._link is not None:
                self._link.send("steer", self._number, dict(steps))

    def halt(self, at_once: bool = False) -> None:
        """See ``MotorDriver``. It is a word in memory: no message is waited for."""
        with self._lock:
            self._words.halted = self._number
            if at_once:
                self._words.ended = self._number

    def progress(self, timeout_s: float) -> Progress:
        """See ``MotorDriver``. All steps that were made are told before a failure is raised."""
        link = self._opened()
        if self._failure is None and self._told.ending is None:
            self._listen(link, timeout_s)
        made = self._made()
        if made != self._told.made:
            self._news_s = time.monotonic()
            self._told = Progress(made, self._told.ending, self._told.abrupt)
        elif self._failure is not None:
            raise self._failure
        return self._told

    def at_switch(self, axis: AxisName) -> bool | None:
        """See ``MotorDriver``."""
        link = self._opened()
        if self._switchless(axis):
            return None
        link.send("switch", axis)
        return bool(link.answer("switch", _ANSWER_S))

    def release(self) -> None:
        """The current goes off ``idle_off_s`` after an axis' last step, now that the stage rests."""
        self._opened().send("release")

    def _begin(self, kind: str, steps: Steps, *how: object) -> None:
        link = self._opened()
        with self._lock:
            self._number += 1
        self._base = {axis: self._words.made(axis) for axis in steps}
        self._told = Progress(dict.fromkeys(steps, 0), None)
        self._news_s = time.monotonic()
        link.send(kind, self._number, dict(steps), *how)

    def _listen(self, link: Link, timeout_s: float) -> None:
        try:
            message = link.receive(timeout_s)
            if message is not None:
                _, _, ending, abrupt = message
                self._told = Progress(self._made(), ending, abrupt)
            elif time.monotonic() > self._news_s + self._patience_s:
                told = f"the motion process made no step for {self._patience_s:g} s"
                raise DeviceTimeout(told, reason="no-step", seconds=self._patience_s)
        except DeviceError as error:
            self._failure = error

    def _made(self) -> Steps:
        return {axis: self._words.made(axis) - base for axis, base in self._base.items()}

    def _check(self, steps: Steps, paces: Iterable[Pace]) -> None:
        self._opened()
        for axis in steps:
            if axis not in self._axes:
                raise DeviceAbsent(f"the stage has no {axis} axis")
        slowest = math.inf
        for pace in paces:
            speeds = (pace.start_steps_per_s, pace.top_steps_per_s, pace.acceleration_steps_per_s2)
            if not all(0 < speed < math.inf for speed in speeds):
                raise InvalidRequest(f"the speeds of a pace must be above 0 and finite, not {speeds}")
            slowest = min(slowest, *speeds[:2])
        self._patience_s = _ANSWER_S + 2 / slowest

    def _switchless(self, axis: AxisName) -> bool:
        return axis not in self._axes or self._axes[axis].switch_pin is None

    def _opened(self) -> Link:
        if self._link is None:
            raise DeviceError("the motors are not open", reason="not-open")
        return self._link
