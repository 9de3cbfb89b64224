"""Drivers in a child process with the real lgpio, whose ``/dev/gpiochip0`` is made up by ``gpiochip.c``.

A child, because the made-up chip is preloaded into the process (``LD_PRELOAD``). The motors have one anyway. The test's
side sees what went over the lines, sets the inputs, and calls the lamp as if it were its own.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from hw.config import CoilStage, PwmPin, StepDirStage
from hw.drivers.gpio.motors import GpioMotors
from tests.wire.edges import Edge

_HERE = Path(__file__).parent
_ROOT = _HERE.parents[1]
_LINES = 54
_ANSWER_S = 120.0


def compile_gpiochip(folder: Path) -> Path:
    """Compile the made-up chip; fails the test where there is no compiler, for then nothing is tested."""
    target = folder / "gpiochip.so"
    command: list[str | Path] = [
        "gcc",
        "-shared",
        "-fPIC",
        "-O2",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-o",
        target,
        _HERE / "gpiochip.c",
    ]
    try:
        result = subprocess.run([*command, "-ldl"], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.fail("the tests at the wire need gcc and linux/gpio.h (apt-get install gcc libc6-dev)")
    if result.returncode:
        pytest.fail(f"gpiochip.c does not compile:\n{result.stderr}")
    return target


class Wire:
    """The lines of a made-up chip."""

    def __init__(self, folder: Path, gpiochip: Path) -> None:
        self._folder = folder
        self._gpiochip = gpiochip
        self._log = folder / "edges"
        self._outside = folder / "lines"
        self._log.touch()
        self._outside.write_bytes(b"-" * _LINES)

    def edges(self) -> list[Edge]:
        """All that happened so far."""
        records = [line.split() for line in self._log.read_text().splitlines()]
        return [Edge(int(at_ns) / 1e9, int(line), state) for at_ns, line, state in records]

    def drive(self, line: int, high: bool) -> None:
        """Drive an input from outside."""
        self._set(line, b"1" if high else b"0")

    def take(self, line: int) -> None:
        """Let another process have a line."""
        self._set(line, b"b")

    def free(self, line: int) -> None:
        """Leave a line alone."""
        self._set(line, b"-")

    def _set(self, line: int, byte: bytes) -> None:
        with self._outside.open("r+b") as file:
            file.seek(line)
            file.write(byte)

    @property
    def environment(self) -> dict[str, str]:
        """In which a process finds the chip."""
        return {
            "LD_PRELOAD": str(self._gpiochip),
            "WIRE_LOG": str(self._log),
            "WIRE_LINES": str(self._outside),
            "GPIOZERO_PIN_FACTORY": "lgpio",
            "PYTHONPATH": str(_ROOT),
            # lgpio leaves a pipe (.lgd-nfy0) in its working folder.
            "LG_WD": str(self._folder),
        }

    @contextmanager
    def motors(self, config: StepDirStage | CoilStage) -> Iterator[GpioMotors]:
        """The motors of a configuration, whose motion process finds the chip."""
        motors = GpioMotors(config)
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.environment.items():
                patch.setenv(name, value)
            yield motors
            motors.close()

    @contextmanager
    def lamp(self, config: PwmPin) -> Iterator["RemoteLamp"]:
        """The lamp of a configuration, in a child process of its own."""
        ours, theirs = Pipe()
        command = [sys.executable, str(_HERE / "remote.py"), str(theirs.fileno())]
        process = subprocess.Popen(command, env=os.environ | self.environment, pass_fds=[theirs.fileno()])
        theirs.close()
        try:
            ours.send(config)
            yield RemoteLamp(ours)
        finally:
            ours.close()
            try:
                status = process.wait(_ANSWER_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise
        assert status == 0, f"the lamp's process ended with status {status}"


class RemoteLamp:
    """The lamp in the child, with the methods of a ``LightDriver``."""

    simulated = False

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open(self) -> None:
        """``LightDriver.open``."""
        self._call("open")

    def close(self) -> None:
        """``LightDriver.close``."""
        self._call("close")

    def set_brightness(self, brightness: float) -> None:
        """``LightDriver.set_brightness``."""
        self._call("set_brightness", brightness)

    def _call(self, method: str, *args: Any) -> None:
        self._connection.send((method, args))
        assert self._connection.poll(_ANSWER_S), f"no answer from {method} within {_ANSWER_S:g} s"
        if (raised := self._connection.recv()) is not None:
            raise raised
