"""A board's serial port: whole lines out, whole lines in. The stage's thread owns it."""

import time
from collections import deque
from collections.abc import Collection

from serial import Serial, SerialException
from serial.tools.list_ports import comports

from hw.errors import DeviceError

_LONGEST_LINE = 65_536
"""Bytes without a line's end beyond which they are taken for noise."""
_WRITE_S = 1.0


class LinePort:
    """One serial port. Every failure of it is a ``DeviceError``, after which it is closed until ``open``."""

    def __init__(self, path: str | None, baud: int, vendors: Collection[int], board: str) -> None:
        """``path`` None: the one port whose USB vendor is among ``vendors``, looked for at each ``open``."""
        self._path = path
        self._baud = baud
        self._vendors = vendors
        self._board = board
        self._serial: Serial | None = None
        self._part = b""
        self._lines: deque[str] = deque()
        self.name = path or f"the {board}'s port"

    def open(self) -> None:
        """Take the port for this process alone; what was open is closed."""
        self.close()
        self.name = self._path or find_port(self._vendors, self._board)
        self._part = b""
        self._lines.clear()
        try:
            self._serial = Serial(self.name, self._baud, timeout=0, write_timeout=_WRITE_S, exclusive=True)
        except (SerialException, OSError) as error:
            told = f"the {self._board}'s port cannot be opened: {error}"
            raise DeviceError(told, reason="port-unusable", board=self._board, cause=str(error)) from error

    def close(self) -> None:
        """Free the port; harmless when it is not open."""
        port, self._serial = self._serial, None
        if port is not None:
            port.close()

    @property
    def is_open(self) -> bool:
        """Whether it was opened and has not failed since."""
        return self._serial is not None

    def send(self, line: str) -> None:
        """Write a line, and its end."""
        try:
            self._port().write(line.encode("ascii") + b"\n")
        except (SerialException, OSError) as error:
            raise self._failed(error) from error

    def next_line(self, deadline: float) -> str | None:
        """The next line, bare; waits for it until ``deadline`` (monotonic), then returns ``None``.

        Bytes that are not ASCII stand as U+FFFD, so that a line which noise has hit matches nothing.
        """
        remaining_s = 0.0
        while not self._lines:
            # Once more after the deadline: what came while this process was kept waiting did come in time.
            is_last, remaining_s = remaining_s < 0, deadline - time.monotonic()
            self._read(max(remaining_s, 0))
            if is_last and not self._lines:
                return None
        return self._lines.popleft()

    def drain(self) -> list[str]:
        """Whatever lines have come by now. What there is of a line that has not ended is thrown away."""
        self._read(0)
        lines = list(self._lines)
        self._lines.clear()
        self._part = b""
        return lines

    def _read(self, timeout_s: float) -> None:
        port = self._port()
        try:
            port.timeout = timeout_s
            # One byte is waited for, what came with it is taken at once.
            data = port.read(1) if timeout_s else b""
            data += port.read(port.in_waiting)
        except (SerialException, OSError) as error:
            raise self._failed(error) from error
        *ended, self._part = (self._part + data).split(b"\n")
        self._part = self._part[-_LONGEST_LINE:]
        self._lines += [line.decode("ascii", "replace").strip(" \r\0") for line in ended]

    def _port(self) -> Serial:
        if self._serial is None:
            raise DeviceError(f"the {self._board}'s port is not open", reason="not-open")
        return self._serial

    def _failed(self, error: Exception) -> DeviceError:
        self.close()
        told = f"the {self._board} on {self.name} was unplugged, or its port failed: {error}"
        return DeviceError(told, reason="port-lost", board=self._board, port=self.name, cause=str(error))


def find_port(vendors: Collection[int], board: str) -> str:
    """The one serial port whose USB vendor id is among ``vendors``.

    Raises ``DeviceError`` when there is none, or more than one: which it is must then be told.
    """
    ports = sorted(comports(), key=lambda port: port.device)
    found = [port.device for port in ports if port.vid in vendors]
    if len(found) == 1:
        return str(found[0])
    if found:
        raise DeviceError(
            f"several boards may be the {board}: {', '.join(found)}; name one in the rig file as the stage's port",
            reason="several-boards",
            board=board,
            ports=", ".join(found),
            candidates=found,
        )
    others = [port.device for port in ports]
    told = f"there are {', '.join(others)}: name one in the rig file as the stage's port" if others else "there is none"
    raise DeviceError(
        f"no USB serial port looks like a {board}; {told}", reason="no-board", board=board, candidates=others
    )
