"""The motion process, and the pipe that leads to it."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

from hw.drivers.gpio.words import Words
from hw.errors import DeviceError, DeviceTimeout

_END_S = 5.0
_ROOT = Path(__file__).parents[3]


class Process(Protocol):
    """What makes the steps, at the other end of a pipe."""

    def end(self, timeout_s: float) -> str:
        """Wait for its end, and make one if it does not come; returns how it ended, in words."""


Launch = Callable[[Connection, Words], Process]
"""Starts one that serves its end of the pipe (``pulse.serve``)."""


class MotionProcess:
    """``hw.drivers.gpio.pulse`` as a child process. Not a fork: the server has threads."""

    def __init__(self, connection: Connection, words: Words) -> None:
        descriptors = (connection.fileno(), words.descriptor)
        path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
        self._child = subprocess.Popen(  # noqa: S603 - nothing in it comes from outside
            [sys.executable, "-m", "hw.drivers.gpio.pulse", *map(str, descriptors)],
            pass_fds=descriptors,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
        )

    def end(self, timeout_s: float) -> str:
        """See ``Process``."""
        try:
            code = self._child.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
            return f"killed, since it did not end within {timeout_s:g} s"
        return f"signal {-code}" if code < 0 else f"exit code {code}"


class Link:
    """A motion process and our end of the pipe."""

    def __init__(self, launch: Launch, words: Words) -> None:
        self._connection, theirs = Pipe()
        with theirs:
            self._process = launch(theirs, words)

    def send(self, *message: Any) -> None:
        """Send an order. One that is gone is told by ``receive``."""
        with suppress(OSError):
            self._connection.send(message)

    def receive(self, timeout_s: float) -> tuple[Any, ...] | None:
        """The next message; ``None`` when none came in time. Raises ``DeviceError``: what failed, or its death."""
        try:
            if not self._connection.poll(timeout_s):
                return None
            message: tuple[Any, ...] = self._connection.recv()
        except (EOFError, OSError):
            how = self._process.end(_END_S)
            raise DeviceError(f"the motion process has ended ({how})", reason="motion-process", cause=how) from None
        if message[0] == "failed":
            raise DeviceError(message[1], **message[2])
        return message

    def answer(self, kind: str, timeout_s: float) -> Any:
        """Wait for a message of a kind and return what it says; raises ``DeviceTimeout`` as well."""
        message = self.receive(timeout_s)
        if message is None:
            told = f"the motion process did not answer within {timeout_s:g} s"
            raise DeviceTimeout(told, reason="no-answer", seconds=timeout_s)
        told, *content = message
        if told != kind:
            cause = f"{told!r} instead of {kind!r}"
            raise DeviceError(f"the motion process said {cause}", reason="motion-process", cause=cause)
        return content[0]

    def end(self) -> None:
        """Have it end, and wait for that. Raises what failed in the meantime."""
        self.send("close")
        fault: DeviceError | None = None
        with suppress(EOFError, OSError):
            while self._connection.poll(_END_S):
                kind, *content = self._connection.recv()
                if kind == "failed":
                    fault = DeviceError(content[0], **content[1])
        self._connection.close()
        self._process.end(_END_S)
        if fault is not None:
            raise fault
