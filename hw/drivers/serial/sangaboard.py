"""A Sangaboard, the motor board of the OpenFlexure Microscope: three 28BYJ-48 motors, lines of ASCII at 115200 baud.

What is relied on is what firmware v1 has (its ``stage`` module, and the wrapper pysangaboard): each command is a line
that LF ends, each answer one that CR LF ends.

- ``version`` answers ``Sangaboard Firmware v1.0.4``; the same line comes unasked when the board starts.
- ``blocking_moves false`` answers ``done.``; from then on ``mr x y z`` (steps to go, of all three motors, in a
  straight line at once) answers ``done.`` when it begins. A further ``mr`` would begin where the motors are, at once.
- ``p?`` answers ``x y z``, the counters; ``moving?`` answers ``true`` or ``false``.
- ``stop`` stops all motors between two steps, without a ramp. What it answers differs between versions, so that
  ``moving?`` is asked afterwards.
- ``dt n`` and ``ramp_time n`` set the least time between two steps of the fastest motor and the time from rest to
  that speed, in microseconds; both answer ``done.``; ``dt?`` answers ``minimum step delay n`` and ``ramp_time?``
  ``ramp_time n``. Both are kept in EEPROM, which wears: they are written only when what is set is too fast, or slower
  by more than ``_SLACK``.
- ``release`` takes the current off all motors and answers ``done``. The gear holds them.

Firmware v0.5 (and ``OpenFlexure Motor Board`` before it) takes no command while it moves. A move that nothing can stop
is not offered: such a board is refused. Where the documents disagree on the answer to ``ramp_time?`` (``ramp time n``
in pysangaboard, ``ramp_time n`` in the firmware), either is taken. The endstop module of some builds is not used.
"""

import math
import re
import time
from collections.abc import Mapping

from hw.config import SangaboardStage
from hw.drivers.serial.motors import BoardMotors, Look
from hw.drivers.serial.port import LinePort
from hw.errors import DeviceError, DeviceTimeout
from hw.types import AxisName, Pace, Steps

USB_VENDORS = {0x2E8A, 0x1A86, 0x2341, 0x2A03}
"""Raspberry Pi (the RP2040 of v0.5), WCH (the CH340 of an Arduino Nano), Arduino (the Leonardo of v0.3)."""
_MOTORS = ("x", "y", "z")
_BOARD = "Sangaboard"
_ANSWER_S = 0.3
"""A hundred times what an answer takes."""
_REPEAT_S = 0.05
"""How long after a line that makes no sense an answer is still waited for."""
_START_S = 6.0
"""A board that is reset by the opening of its port may take this long to answer."""
_TRIES = 5
_SLACK = 0.1
"""By how much slower than asked for the motors may go, for the sake of the EEPROM."""
_VERSION = re.compile(r"(?:Sangaboard Firmware|OpenFlexure Motor Board) v(\d+)(?:\.\d+)*\S*")
_DONE = re.compile(r"done\.?")
_DELAY = re.compile(r"minimum step delay (\d+)")
_RAMP = re.compile(r"ramp[_ ]time (\d+)")
_COUNTERS = re.compile(r"(-?\d+) (-?\d+) (-?\d+)")
_MOVING = re.compile(r"true|false")
_STOPPED = re.compile(r"(?!stop$)[\x20-\x7e]+")


class Sangaboard(BoardMotors):
    """The stage of a Sangaboard. It has no limit switches, and neither slows down at a stop nor turns round by itself.

    A jog that is steered on the same way goes on when it has arrived; any other steer stops it in between.
    """

    def __init__(self, config: SangaboardStage) -> None:
        axes = config.axes
        self._motors = {axis: _MOTORS.index(table.motor or axis) for axis, table in axes.items()}
        self._signs = {axis: -1 if table.invert else 1 for axis, table in axes.items()}
        self._delay_us = self._ramp_us = 0
        super().__init__(LinePort(config.port, config.baud, USB_VENDORS, _BOARD), axes)

    def at_switch(self, axis: AxisName) -> bool | None:
        """None: it has none."""
        return None

    def release(self) -> None:
        """Take the current off: the gears hold their places."""
        self._ask("release", _DONE)

    def _greet(self) -> None:
        version = self._version()
        if int(version[1]) < 1:
            told = f"{version[0]} on {self._port.name} cannot be stopped in motion: install firmware v1"
            raise DeviceError(told, reason="board-firmware", version=version[0])
        self._stop()
        self._ask("blocking_moves false", _DONE)
        self._delay_us = int(self._ask("dt?", _DELAY)[1])
        self._ramp_us = int(self._ask("ramp_time?", _RAMP)[1])

    def _version(self) -> re.Match[str]:
        until = time.monotonic() + _START_S
        heard = ""
        line: str | None
        while time.monotonic() < until:
            self._port.send("version")
            deadline = time.monotonic() + _ANSWER_S
            while (line := self._port.next_line(deadline)) is not None:
                if match := _VERSION.fullmatch(line):
                    # Whoever asked a board that was just starting up is answered twice.
                    while time.monotonic() < until and self._port.next_line(time.monotonic() + _REPEAT_S) is not None:
                        pass
                    return match
                heard = line or heard
        if heard:
            told = f"what answers on {self._port.name} is no Sangaboard: it says {heard!r}"
            raise DeviceError(told, reason="wrong-board", board=_BOARD, port=self._port.name, cause=heard)
        told = f"no Sangaboard answers on {self._port.name}"
        raise DeviceTimeout(told, reason="board-silent", board=_BOARD, port=self._port.name)

    def _look(self) -> Look:
        moving = self._ask("moving?", _MOVING)[0] == "true"
        counters = self._ask("p?", _COUNTERS)
        return Look({axis: self._signs[axis] * int(counters[1 + n]) for axis, n in self._motors.items()}, moving)

    def _go(self, at: Steps, goal: Steps, paces: Mapping[AxisName, Pace]) -> None:
        steps = {axis: goal[axis] - at[axis] for axis in goal}
        self._set_pace(steps, paces)
        command = ["0"] * len(_MOTORS)
        for axis, count in steps.items():
            command[self._motors[axis]] = str(self._signs[axis] * count)
        for _ in range(_TRIES):
            if self._answer(f"mr {' '.join(command)}", _DONE):
                return
            # A relative move must not be made twice: was it the command or the answer that got lost?
            self._resynchronise()
            look = self._look()
            if look.moving or any(look.at[axis] != at[axis] for axis in goal):
                return
        raise DeviceTimeout(f"the Sangaboard on {self._port.name} takes no move", reason="board-disobeys", board=_BOARD)

    def _set_pace(self, steps: Steps, paces: Mapping[AxisName, Pace]) -> None:
        """Set the least delay and the ramp at which no motor is faster than its pace."""
        most = max(map(abs, steps.values()))
        delay_us = ramp_us = 0.0
        for axis, count in steps.items():
            delay_us = max(delay_us, abs(count) / most / paces[axis].top_steps_per_s * 1e6)
        for axis, count in steps.items():
            pace, speed = paces[axis], abs(count) / most / delay_us * 1e6
            if speed > pace.start_steps_per_s:
                ramp_us = max(ramp_us, speed / pace.acceleration_steps_per_s2 * 1e6)
        if not delay_us <= self._delay_us <= delay_us * (1 + _SLACK):
            self._delay_us = math.ceil(delay_us)
            self._ask(f"dt {self._delay_us}", _DONE)
        if not ramp_us <= self._ramp_us <= ramp_us * (1 + _SLACK):
            self._ramp_us = math.ceil(ramp_us)
            self._ask(f"ramp_time {self._ramp_us}", _DONE)

    def _stop(self) -> None:
        for _ in range(_TRIES):
            self._answer("stop", _STOPPED)
            if self._ask("moving?", _MOVING)[0] == "false":
                return
        raise DeviceError(f"the Sangaboard on {self._port.name} does not stop", reason="board-disobeys", board=_BOARD)

    def _leave(self) -> None:
        self._port.send("stop")
        self._port.send("release")

    def _ask(self, command: str, answer: re.Pattern[str]) -> re.Match[str]:
        """A command that may be given twice, and its answer."""
        for _ in range(_TRIES):
            if match := self._answer(command, answer):
                return match
            self._resynchronise()
        told = f"the Sangaboard on {self._port.name} does not answer {command!r}"
        raise DeviceTimeout(told, reason="board-silent", board=_BOARD, port=self._port.name)

    def _answer(self, command: str, answer: re.Pattern[str]) -> re.Match[str] | None:
        """The first line that can be the answer to a command; ``None`` when none comes in time."""
        for old in self._port.drain():
            self._check(old)
        self._port.send(command)
        deadline = time.monotonic() + _ANSWER_S
        while (line := self._port.next_line(deadline)) is not None:
            self._check(line)
            if match := answer.fullmatch(line):
                return match
            if line != command:
                deadline = min(deadline, time.monotonic() + _REPEAT_S)
        return None

    def _resynchronise(self) -> None:
        """Have the board say what cannot be mistaken for anything else: what comes before it answers older commands."""
        self._answer("dt?", _DELAY)

    def _check(self, line: str) -> None:
        if _VERSION.search(line):
            told = f"the Sangaboard on {self._port.name} has restarted by itself"
            raise DeviceError(told, reason="board-restarted", board=_BOARD)
