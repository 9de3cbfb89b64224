"""The board that all of this runs on: how hot it is, and what slows it down. Raspberry Pis alone tell.

The kernel's ``get_throttled`` is the firmware's word of that name in hexadecimal: bits 0 to 3 say what goes on now,
bits 16 to 19 what happened since the word was last read and cleared, which the kernel's own voltage monitor does every
two seconds (raspberrypi/linux, drivers/firmware/raspberrypi.c and drivers/hwmon/raspberrypi-hwmon.c). Kernels without
that file have the monitor's alarm, which tells of the voltage only.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Cause = Literal["under-voltage", "frequency-capped", "throttled", "temperature-limit"]
"""What slows a board down; ``temperature-limit`` is the firmware's soft one, which comes before it throttles."""

_BITS: dict[Cause, int] = {"under-voltage": 0, "frequency-capped": 1, "throttled": 2, "temperature-limit": 3}
_SINCE_CLEARED = 16
_THERMAL_ZONES = "sys/class/thermal/thermal_zone*/type"
_CPU = "cpu-thermal"
_THROTTLED = "sys/devices/platform/soc*/soc*:firmware/get_throttled"
_VOLTAGE_NAMES = "sys/class/hwmon/hwmon*/name"
_VOLTAGE = "rpi_volt"
_VOLTAGE_ALARM = "in0_lcrit_alarm"


@dataclass(frozen=True, slots=True)
class BoardState:
    """How the board is."""

    temperature_c: float | None = None
    """The processor's, or ``None`` where the board does not tell."""
    causes: tuple[Cause, ...] = ()
    """What the board can tell of; nothing where it is no Raspberry Pi."""
    throttled: tuple[Cause, ...] = ()
    """What slows it down, or did in the last two seconds."""
    throttled_before: tuple[Cause, ...] = ()
    """What did at any time since the first reading."""


class Board:
    """Reads the board's state from the kernel's files. A reading can wait for the firmware: not for the event loop."""

    def __init__(self, root: Path = Path("/")) -> None:
        """``root`` is the folder that holds ``sys``."""
        self._temperature = next((path.parent / "temp" for path in _named(root, _THERMAL_ZONES, _CPU)), None)
        self._throttled = next(iter(sorted(root.glob(_THROTTLED))), None)
        self._alarm = next((path.parent / _VOLTAGE_ALARM for path in _named(root, _VOLTAGE_NAMES, _VOLTAGE)), None)
        self._before: set[Cause] = set()

    @property
    def tells(self) -> bool:
        """Whether there is anything to read."""
        return any(path is not None for path in (self._temperature, self._throttled, self._alarm))

    def read(self) -> BoardState:
        """The state of now; what cannot be read is left out."""
        millidegrees = _number(self._temperature, 10)
        throttled: dict[Cause, bool] = {}
        if (word := _number(self._throttled, 16)) is not None:
            word |= word >> _SINCE_CLEARED
            throttled = {cause: bool(word >> bit & 1) for cause, bit in _BITS.items()}
        elif (alarm := _number(self._alarm, 10)) is not None:
            throttled = {"under-voltage": alarm != 0}
        now = tuple(cause for cause, active in throttled.items() if active)
        self._before.update(now)
        return BoardState(
            temperature_c=None if millidegrees is None else millidegrees / 1000,
            causes=tuple(throttled),
            throttled=now,
            throttled_before=tuple(cause for cause in _BITS if cause in self._before),
        )


def _named(root: Path, pattern: str, name: str) -> list[Path]:
    """The files of a pattern that hold nothing but a name."""
    return [path for path in sorted(root.glob(pattern)) if _text(path) == name]


def _number(path: Path | None, base: int) -> int | None:
    text = "" if path is None else _text(path)
    try:
        return int(text, base)
    except ValueError:
        return None


def _text(path: Path) -> str:
    """A file's text; empty where the kernel refuses to give it, as it does for a sensor that is off."""
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
