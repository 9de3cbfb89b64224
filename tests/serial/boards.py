"""Motor boards on a pseudo-terminal: they speak the documented protocols, take their time, and have faults."""

import json
import os
import pty
import re
import select
import threading
import tty
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

_TICK_S = 0.0005


class Motor:
    """One coordinate with a target, a top speed and a ramp (``None``: none). Time passes when it is looked at."""

    def __init__(self) -> None:
        self.place = self.speed = 0.0
        self.target = 0
        self.top = 1.0
        self.acceleration: float | None = None
        self._seen_at = monotonic()

    def look(self) -> float:
        """Where it is by now."""
        now = monotonic()
        while self._seen_at < now:
            step_s = min(_TICK_S, now - self._seen_at)
            self._seen_at += step_s
            self._move(step_s)
        return self.place

    def go(self, target: int, top: float, acceleration: float | None) -> None:
        """Go to another target from here, at the speed that it has."""
        self.look()
        self.target, self.top, self.acceleration = target, top, acceleration

    def stop(self) -> None:
        """Stand still between two steps."""
        self.place = self.target = int(self.look())
        self.speed = 0.0

    @property
    def moving(self) -> bool:
        return self.look() != self.target

    def _move(self, step_s: float) -> None:
        ahead = self.target - self.place
        ramp = 0 if self.acceleration is None else (2 * self.acceleration * abs(ahead)) ** 0.5
        wanted = (1 if ahead > 0 else -1) * min(self.top, ramp or self.top)
        change = wanted - self.speed
        if self.acceleration is not None:
            most = self.acceleration * step_s
            change = max(-most, min(change, most))
        self.speed += change
        if abs(ahead) <= max(abs(self.speed) * step_s, 0.02) and (
            self.acceleration is None or abs(self.speed) < 20 * self.acceleration * _TICK_S
        ):
            self.place, self.speed = float(self.target), 0.0
        else:
            self.place += self.speed * step_s


class Board(ABC):
    """A board at the far end of a serial line; ``path`` is a link to the near end, that stays when it is replugged.

    ``spoil`` holds what happens to the next answers, one each: a function of the bytes that are sent. Commands in
    ``deaf_to`` get lost on their way, one each.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "board"
        self.spoil: list[Callable[[bytes], bytes]] = []
        self.deaf_to: list[str] = []
        self.silent = False
        self.echoes = False
        self.starts_s = 0.0
        """How long it is deaf after it was opened or restarted."""
        self.heard: list[str] = []
        self._ready_at = 0.0
        self._lock = threading.RLock()
        self._thread: threading.Thread | None = None
        self.plug()

    def plug(self) -> None:
        """Be there."""
        self._far, self._near = pty.openpty()
        tty.setraw(self._near)
        self.path.unlink(missing_ok=True)
        self.path.symlink_to(os.ttyname(self._near))
        self._end, self._ender = os.pipe()
        self._thread = threading.Thread(target=self._run, name="board", daemon=True)
        self._thread.start()

    def unplug(self) -> None:
        """Be gone; harmless when it is."""
        if self._thread is not None:
            os.close(self._ender)
            self._thread.join()
            self._thread = None
            for end in (self._far, self._near, self._end):
                os.close(end)

    def restart(self, banner: bool = True) -> None:
        """Forget everything, as at a brown-out."""
        with self._lock:
            self.forget()
            self._ready_at = monotonic() + self.starts_s
            if banner:
                self.say(self.banner())

    def say(self, data: bytes) -> None:
        """Send something unasked."""
        with self._lock:
            os.write(self._far, data)

    @abstractmethod
    def banner(self) -> bytes:
        """What it says when it starts."""

    @abstractmethod
    def forget(self) -> None:
        """All motors stand still, the counters begin at 0."""

    @abstractmethod
    def counters(self) -> dict[str, int]:
        """Its motors' counters, not by way of the line."""

    @abstractmethod
    def stop(self) -> None:
        """All motors stand still."""

    @abstractmethod
    def answer(self, line: str) -> bytes:
        """What it answers to a line."""

    def _run(self) -> None:
        part = b""
        while True:
            ready, _, _ = select.select([self._far, self._end], [], [])
            if self._end in ready:
                return
            *lines, part = (part + os.read(self._far, 4096)).split(b"\n")
            for line in lines:
                self._hear(line.decode("ascii", "replace").strip())

    def _hear(self, line: str) -> None:
        with self._lock:
            self.heard.append(line)
            if monotonic() < self._ready_at:
                return
            if any(lost in line for lost in self.deaf_to):
                self.deaf_to.remove(next(lost for lost in self.deaf_to if lost in line))
                return
            answer = self.answer(line)
            if self.silent:
                return
            if self.echoes:
                answer = line.encode() + b"\r\n" + answer
            if self.spoil:
                answer = self.spoil.pop(0)(answer)
            if answer:
                os.write(self._far, answer)


class FarSangaboard(Board):
    """A Sangaboard with firmware v1."""

    def __init__(self, folder: Path) -> None:
        self.version = "Sangaboard Firmware v1.0.4"
        self.delay_us, self.ramp_us = 1000, 0
        self.writes: list[str] = []
        """What went to the EEPROM."""
        self.blocking = True
        self.released = False
        self._line = Motor()
        self._begin = [0, 0, 0]
        self._steps = [0, 0, 0]
        super().__init__(folder)

    def banner(self) -> bytes:
        return f"{self.version}\r\n".encode()

    def forget(self) -> None:
        self._line = Motor()
        self._begin, self._steps = [0, 0, 0], [0, 0, 0]

    def counters(self) -> dict[str, int]:
        with self._lock:
            most = max(map(abs, self._steps)) or 1
            share = self._line.look() / most
            return dict(
                zip("xyz", (b + int(n * share) for b, n in zip(self._begin, self._steps, strict=True)), strict=True)
            )

    def stop(self) -> None:
        with self._lock:
            self._begin = list(self.counters().values())
            self._steps = [0, 0, 0]
            self._line = Motor()

    def answer(self, line: str) -> bytes:
        return self._answer(line).encode() + b"\r\n"

    def _answer(self, line: str) -> str:
        command, *arguments = line.split(" ")
        commands: dict[str, Callable[[], str]] = {
            "version": lambda: self.version,
            "p?": lambda: " ".join(map(str, self.counters().values())),
            "moving?": lambda: "true" if self._line.moving else "false",
            "mr": lambda: self._move([int(argument) for argument in arguments]),
            "stop": self._abort,
            "release": self._release,
            "dt?": lambda: f"minimum step delay {self.delay_us}",
            "ramp_time?": lambda: f"ramp_time {self.ramp_us}",
            "dt": lambda: self._set(line, delay_us=int(arguments[0])),
            "ramp_time": lambda: self._set(line, ramp_us=int(arguments[0])),
            "blocking_moves": lambda: self._set(line, blocking=arguments != ["false"]),
        }
        return commands.get(command, lambda: "Type 'help' for a list of commands.")()

    def _abort(self) -> str:
        self.stop()
        return "Move aborted"

    def _release(self) -> str:
        self.released = True
        return "done"

    def _set(self, line: str, **values: int) -> str:
        self.writes.append(line)
        vars(self).update(values)
        return "done."

    def _move(self, steps: list[int]) -> str:
        assert not self.blocking
        self.stop()
        self.released = False
        top = 1e6 / self.delay_us
        self._steps = steps
        self._line.go(max(map(abs, steps)), top, top / self.ramp_us * 1e6 if self.ramp_us else None)
        return "done."


class FarUc2(Board):
    """A UC2-ESP32. ``has_qids`` False: its answers to questions lack the qid, as in some versions."""

    def __init__(self, folder: Path) -> None:
        self.has_qids = True
        self.inputs = {1: 0, 2: 0, 3: 0}
        self.switch: Callable[[dict[str, int]], bool] | None = None
        """Whether input 1 reads 1, by where the motors are."""
        self._motors = {name: Motor() for name in "axyz"}
        super().__init__(folder)

    def banner(self) -> bytes:
        return b"ets Jun  8 2016 00:22:57\r\n\r\nrst:0x1 (POWERON_RESET),boot:0x13\r\n{'setup':'done'}\n"

    def forget(self) -> None:
        self._motors = {name: Motor() for name in "axyz"}

    def counters(self) -> dict[str, int]:
        with self._lock:
            return {name: int(motor.look()) for name, motor in self._motors.items()}

    def stop(self) -> None:
        with self._lock:
            for motor in self._motors.values():
                motor.stop()

    def answer(self, line: str) -> bytes:
        try:
            request = json.loads(line)
        except ValueError:
            return _framed({"error": "Failed to parse JSON"})
        qid = request.get("qid", 0)
        match request["task"]:
            case "/state_get":
                return b"[I] state\n" + _framed({"state": {"identifier_name": "UC2_Feather"}, "qid": qid})
            case "/motor_act":
                for stepper in request["motor"]["steppers"]:
                    self._act(stepper)
                return _framed({"steppers": [{"stepperid": 1, "isDone": 0}], "qid": qid})
            case "/motor_get":
                steppers = [
                    {"stepperid": number, "position": place} for number, place in enumerate(self.counters().values())
                ]
                return _framed({"motor": {"steppers": steppers}} | ({"qid": qid} if self.has_qids else {}))
            case "/digitalin_get":
                number = request["digitalinid"]
                value = self.inputs[number]
                if number == 1 and self.switch is not None:
                    value = int(self.switch(self.counters()))
                holder = {"digitalinid": number, "digitalinval": value}
                return _framed({"digitalin": holder} | ({"qid": qid} if self.has_qids else {}))
        return _framed({"qid": -1, "success": -1})

    def _act(self, stepper: dict[str, Any]) -> None:
        motor = self._motors["axyz"[stepper["stepperid"]]]
        if stepper.get("isstop"):
            motor.stop()
        else:
            target = stepper["position"] if stepper["isabs"] else round(motor.look()) + stepper["position"]
            motor.go(target, float(stepper["speed"]), float(stepper["acceleration"]))


def _framed(content: dict[str, Any]) -> bytes:
    return b"++\n" + json.dumps(content).encode() + b"\n--\n\0"


def noisy(answer: bytes) -> bytes:
    """Noise in the middle of an answer."""
    return answer[: len(answer) // 2] + b"\xff\x81" + answer[len(answer) // 2 :]


def halved(answer: bytes) -> bytes:
    """Only the first half of an answer."""
    return answer[: len(answer) // 2]


def lost(answer: bytes) -> bytes:
    """Nothing of an answer."""
    return b""


def misread(answer: bytes) -> bytes:
    """One digit has become another."""
    return re.sub(rb"(\d)(?=\D*$)", lambda digit: bytes([digit[0][0] ^ 1]), answer, count=1)
