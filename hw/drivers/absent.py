"""Devices that the rig has not: ordinary drivers that say so."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import NoReturn

from hw.errors import DeviceAbsent
from hw.types import AxisName, CameraSettings, Planes, Steps, StillImage


class _AbsentDevice:
    simulated = False

    def __init__(self, device: str) -> None:
        self._device = device

    def open(self) -> NoReturn:
        raise DeviceAbsent(f"this microscope has no {self._device}; name one in the rig file")

    def close(self) -> None:
        """Nothing to close."""


class AbsentCamera(_AbsentDevice):
    """No camera."""

    def __init__(self) -> None:
        super().__init__("camera")

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
    """No stage."""

    def __init__(self) -> None:
        super().__init__("stage")

    def move(self, steps: Steps, steps_per_s: float, stop: Callable[[], bool], moved: Callable[[Steps], None]) -> None:
        """No motion: raises ``DeviceAbsent``."""
        self.open()

    def at_switch(self, axis: AxisName) -> bool | None:
        """No switch."""
        return None

    def release(self) -> None:
        """Nothing to release."""


class AbsentLamp(_AbsentDevice):
    """No lamp."""

    def __init__(self) -> None:
        super().__init__("lamp")

    def set_brightness(self, brightness: float) -> None:
        """No light: raises ``DeviceAbsent``."""
        self.open()
