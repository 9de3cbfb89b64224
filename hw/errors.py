"""Every error that the microscope raises on purpose: one small tree.

Each derives from ``EyepieceError`` and, where one fits, from the builtin that a caller would expect. A
``Refused`` request did nothing and harmed nothing; a ``DeviceError`` means that hardware failed.
"""

from typing import Any


class EyepieceError(Exception):
    """Base of all errors here. ``extra`` holds machine-readable facts (limits, allowed values) for the caller."""

    def __init__(self, message: str, **extra: Any) -> None:
        super().__init__(message)
        self.extra = extra


class ConfigError(EyepieceError, ValueError):
    """The configuration is wrong; the message names file, line and what is allowed."""


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


class NotFocused(Refused):
    """The camera's lens found nothing sharp; it is where it was."""


class DeviceStopped(Refused):
    """What was asked for was ended by a stop before it was done; ``extra`` says where it ended."""
