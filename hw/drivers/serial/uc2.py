"""A UC2-ESP32, the motor board of openUC2: JSON both ways, its answers framed by lines of ``++`` and ``--``.

What is relied on is what the project documents ("Serial protocol" and "Serial commands" of its firmware, SerialAPI.md
of uc2-esp32): a request is one JSON object on a line, 115200 baud (921600 for the HAT+ with a CAN bus), and names a
``task`` and a ``qid`` above 0 that most answers repeat. What stands outside a frame is a log and is ignored, as are
frames that answer nothing: a motor's ``isDone``, a ``qid``'s ``state``.

- ``/state_get`` answers ``{"state": {"identifier_name": ...}}``. Opening the port restarts many boards; they answer
  after about two seconds.
- ``/motor_act`` with ``motor.steppers[]``: ``stepperid`` (0 to 3 are A, X, Y, Z), ``position``, ``speed``, ``isabs`` 1.
  Targets are absolute, so that a request whose answer got lost can be made again. An axis under way may be given a new
  one: it goes there by its ramp, past it and back where it is too fast (README of FastAccelStepper, which the firmware
  makes its steps with). Documents and versions disagree on the key of the acceleration (``acceleration`` or ``accel``,
  with ``isaccel``) and on that of a stop (``isstop`` or ``isStop``); a key that is not known is ignored, so both are
  sent. What it answers differs too; any frame with the ``qid`` will do.
- A stop is at once, without a ramp. So a fast axis is halted by a target where it can be at rest.
- ``/motor_get`` with ``position`` 1 answers ``{"motor": {"steppers": [{"stepperid": 1, "position": -1500}]}}``. The
  longer answer with ``isRunning`` would take 0.1 s at 115200 baud, and not all versions have it.
- ``/digitalin_get`` with ``digitalinid`` 1 to 3 answers ``{"digitalin": {"digitalinid": 1, "digitalinval": 0}}``, in
  some versions without the ``qid``. A motor ends at its switch because it is asked for with every look.

The board's own homing task (``/home_act``) is not used: its steps start the motor anew after a stop, so nothing could
end it; and it drives 2000 steps past any soft limit. The stage homes by the switch's input instead.
"""

import itertools
import json
import re
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from operator import itemgetter
from typing import Any, TypeVar

from hw.config import Uc2Stage
from hw.drivers.serial.motors import BoardMotors, Look
from hw.drivers.serial.port import LinePort
from hw.errors import DeviceError, DeviceTimeout
from hw.types import AxisName, Pace, Steps

USB_VENDORS = {0x10C4, 0x1A86, 0x303A, 0x2886}
"""Silicon Labs (CP2102), WCH (CH340), Espressif (the ESP32-S3's own USB), Seeed (XIAO)."""
_STEPPERS = {"a": 0, "x": 1, "y": 2, "z": 3}
_BOARD = "UC2-ESP32"
_ANSWER_S = 0.5
"""Several times what an answer takes; a CAN master needs up to 30 ms for each of its axes."""
_START_S = 8.0
_TRIES = 5
_RESTART = re.compile(r"^rst:0x|^ESP-ROM:|'setup':'done'")
"""What the ESP32's ROM and the firmware print when they start."""

T = TypeVar("T")
Frame = dict[str, Any]


class Uc2Board(BoardMotors):
    """The stage of a UC2-ESP32. Each axis runs at its own pace, so that a line is straight but for the ramps' ends."""

    can_brake = True

    def __init__(self, config: Uc2Stage) -> None:
        self._tables = config.axes
        self._steppers = {axis: _STEPPERS[table.motor or axis] for axis, table in self._tables.items()}
        self._signs = {axis: -1 if table.invert else 1 for axis, table in self._tables.items()}
        self._qids = itertools.count(1)
        super().__init__(LinePort(config.port, config.baud, USB_VENDORS, _BOARD), self._tables)

    def at_switch(self, axis: AxisName) -> bool | None:
        """Whether the input of the axis' switch says so twice in a row."""
        table = self._tables[axis]
        if table.switch_input is None:
            return None
        before, read = None, self._input(table.switch_input)
        while read != before:
            before, read = read, self._input(table.switch_input)
        return read is table.switch_active_high

    def release(self) -> None:
        """Nothing: the current is the board's own affair (``isenauto``); not every drive holds its place without it."""

    def _greet(self) -> None:
        until = time.monotonic() + _START_S
        while time.monotonic() < until:
            qid = self._send("/state_get")
            deadline = time.monotonic() + _ANSWER_S
            while (frame := self._frame(deadline, is_starting=True)) is not None:
                if frame.get("qid") == qid and "state" in frame:
                    self._stop()
                    return
        told = f"no UC2-ESP32 answers on {self._port.name}"
        raise DeviceTimeout(told, reason="board-silent", board=_BOARD, port=self._port.name)

    def _look(self) -> Look:
        def counters(frame: Frame) -> Steps:
            told = {stepper["stepperid"]: stepper["position"] for stepper in frame.get("motor", frame)["steppers"]}
            return {axis: self._signs[axis] * int(told[number]) for axis, number in self._steppers.items()}

        return Look(self._request("/motor_get", counters, position=1), None)

    def _go(self, at: Steps, goal: Steps, paces: Mapping[AxisName, Pace]) -> None:
        self._act([self._target(axis, goal[axis], paces[axis]) for axis in goal])

    def _target(self, axis: AxisName, goal: int, pace: Pace) -> Frame:
        acceleration = max(1, int(pace.acceleration_steps_per_s2))
        return {
            "stepperid": self._steppers[axis],
            "position": self._signs[axis] * goal,
            "speed": max(1, int(pace.top_steps_per_s)),
            "isabs": 1,
            "isaccel": 1,
            "accel": acceleration,
            "acceleration": acceleration,
        }

    def _stop(self) -> None:
        self._act(self._stops())

    def _stops(self) -> list[Frame]:
        return [{"stepperid": stepper, "isstop": 1, "isStop": 1} for stepper in self._steppers.values()]

    def _leave(self) -> None:
        self._send("/motor_act", motor={"steppers": self._stops()})

    def _act(self, steppers: list[Frame]) -> None:
        self._request("/motor_act", itemgetter("qid"), motor={"steppers": steppers})

    def _input(self, number: int) -> bool:
        def value(frame: Frame) -> bool:
            read = {frame["digitalin"]["digitalinid"]: frame["digitalin"]["digitalinval"]}
            return bool(read[number])

        return self._request("/digitalin_get", value, digitalinid=number)

    def _request(self, task: str, taken: Callable[[Frame], T], **fields: Any) -> T:
        """Ask until ``taken`` can read what it is after from a frame. For what may be asked twice."""
        refusal: Frame | None = None
        for _ in range(_TRIES):
            for line in self._port.drain():
                self._check(line)
            qid = self._send(task, **fields)
            deadline = time.monotonic() + _ANSWER_S
            while (frame := self._frame(deadline)) is not None:
                if "error" in frame or frame.get("success") == -1:
                    refusal = frame
                    break
                if frame.get("qid", qid) != qid:
                    continue
                with suppress(KeyError, TypeError, ValueError, AttributeError):  # a frame that is no answer to this
                    return taken(frame)
        if refusal is not None:
            told = f"the UC2-ESP32 on {self._port.name} refuses {task}: {json.dumps(refusal)}"
            raise DeviceError(told, reason="board-disobeys", board=_BOARD)
        told = f"the UC2-ESP32 on {self._port.name} does not answer {task}"
        raise DeviceTimeout(told, reason="board-silent", board=_BOARD, port=self._port.name)

    def _send(self, task: str, **fields: Any) -> int:
        qid = next(self._qids)
        self._port.send(json.dumps({"task": task, "qid": qid, **fields}, separators=(",", ":")))
        return qid

    def _frame(self, deadline: float, is_starting: bool = False) -> Frame | None:
        """The next frame; ``None`` when none comes in time, or one that is spoilt."""
        parts: list[str] | None = None
        while (line := self._port.next_line(deadline)) is not None:
            if not is_starting:
                self._check(line)
            if line == "++":
                parts = []
            elif line == "--" and parts is not None:
                return _parsed("".join(parts))
            elif parts is not None:
                parts.append(line)
        return None

    def _check(self, line: str) -> None:
        if _RESTART.search(line):
            told = f"the UC2-ESP32 on {self._port.name} has restarted by itself"
            raise DeviceError(told, reason="board-restarted", board=_BOARD)


def _parsed(text: str) -> Frame | None:
    try:
        frame = json.loads(text)
    except ValueError:
        return None
    return frame if isinstance(frame, dict) else None
