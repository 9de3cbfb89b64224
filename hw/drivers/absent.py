"""Devices that the rig has not: ordinary drivers that say so."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from types import MappingProxyType
from typing import NoReturn

from hw.errors import DeviceAbsent
from hw.types import AxisName, CameraSettings, Pace, Planes, Progress, Steps, StillImage


class _AbsentDevice:
    simulated = False

    def __init__(self, device: str, why: str | None) -> None:
        self._why = why or f"this microscope has no {device}; name one in the rig file"

    def open(self) -> NoReturn:
        raise DeviceAbsent(self._why)

    def close(self) -> None:
        """Nothing to close."""


class AbsentCamera(_AbsentDevice):
    """No camera; ``why`` is what whoever asks for one is told."""

    def __init__(self, why: str | None = None) -> None:
        super().__init__("camera", why)

    def frame(self, timeout_s: float) -> AbstractContextManager[Planes]:
        """No picture: raises ``DeviceAbsent``."""
        self.open()

    def still(self, not_before_s: float, raw: bool) -> StillImage:
        """No picture: raises ``DeviceAbsent``."""
        self.open()

    def apply(self, settings: CameraSettings) -> CameraSettings:
        """No setting: raises ``DeviceAbsent``."""
        self.open()

    def autofocus(self) -> float:
        """No lens: raises ``DeviceAbsent``."""
        self.open()


class AbsentMotors(_AbsentDevice):
    """No stage; ``why`` as above."""

    def __init__(self, why: str | None = None) -> None:
        super().__init__("stage", why)

    def begin_line(self, steps: Steps, pace: Pace, until: Mapping[AxisName, bool] = MappingProxyType({})) -> None:
        """No motion: raises ``DeviceAbsent``."""
        self.open()

    def begin_jog(self, steps: Steps, paces: Mapping[AxisName, Pace]) -> None:
        """No motion: raises ``DeviceAbsent``."""
        self.open()

    def steer(self, steps: Steps) -> None:
        """Nothing to steer."""

    def halt(self, at_once: bool = False) -> None:
        """Nothing moves."""

    def progress(self, timeout_s: float) -> Progress:
        """No motion: raises ``DeviceAbsent``."""
        self.open()

    def at_switch(self, axis: AxisName) -> bool | None:
        """No switch."""
        return None

    def release(self) -> None:
        """Nothing to release."""


class AbsentLamp(_AbsentDevice):
    """No lamp; ``why`` as above."""

    def __init__(self, why: str | None = None) -> None:
        super().__init__("lamp", why)

    def set_brightness(self, brightness: float) -> None:
        """No light: raises ``DeviceAbsent``."""
        self.open()
