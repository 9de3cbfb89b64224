"""Every error that the microscope raises on purpose: one small tree.

Each derives from ``EyepieceError`` and, where one fits, from the builtin that a caller would expect. A
``Refused`` request did nothing and harmed nothing; a ``DeviceError`` means that hardware failed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


class EyepieceError(Exception):
    """Base of all errors here. ``extra`` holds machine-readable facts (limits, allowed values) for the caller.

    Where its kind says too little, a ``reason`` among them names what is wrong: the page has words of its own for it.
    """

    def __init__(self, message: str, **extra: Any) -> None:
        super().__init__(message)
        self.extra = extra


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong with a file that people write; ``text`` says what is allowed."""

    file: str
    line: int | None
    """Counted from 1; ``None`` where the file as a whole is meant."""
    text: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    """For programs, as an error's ``extra``: a ``reason``, the ``key`` that is meant, what is allowed."""

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{where}: {self.text}"


class ConfigError(EyepieceError, ValueError):
    """The configuration is wrong; the message has a line for each mistake."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = tuple(mistakes)


class DeviceError(EyepieceError):
    """A device failed."""


class DeviceTimeout(DeviceError, TimeoutError):
    """A device did not answer in time."""


class Refused(EyepieceError):
    """Base of requests that are not carried out."""


class InvalidRequest(Refused, ValueError):
    """A value is outside what the device allows."""


class OutOfLimits(InvalidRequest):
    """A target lies outside the soft limits; ``extra`` holds them."""


class NotFound(Refused, LookupError):
    """No such thing is stored."""


class DeviceAbsent(Refused):
    """The configuration has no such device."""


class DeviceBusy(Refused):
    """The device is doing something else that must end first."""


class ControlHeld(Refused):
    """Somebody else drives; ``extra`` says who."""


class Forbidden(Refused, PermissionError):
    """Whoever asks may not do that."""


class StorageFull(Refused):
    """There is no room for what was asked for; ``extra`` says how much is free and needed."""


class NotStored(EyepieceError):
    """What was asked for is done, and will not outlive a restart: the disk does not take it."""


class NotFocused(Refused):
    """The camera's lens found nothing sharp; it is where it was."""


class DeviceStopped(Refused):
    """What was asked for was ended by a stop before it was done; ``extra`` says where it ended."""
