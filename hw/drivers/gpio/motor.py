"""The motor of one axis on GPIO lines."""

from abc import ABC, abstractmethod
from collections.abc import Callable

from hw.config import PinnedAxis
from hw.drivers.gpio.lines import Lines, device_errors
from hw.errors import DeviceError

_ARRIVAL_S = 0.010
"""How long a rotor needs the current to arrive at its last step."""


class Motor(ABC):
    """How one axis takes its lines and makes one step."""

    def __init__(self, name: str, config: PinnedAxis) -> None:
        self.name = name
        self.config = config

    @abstractmethod
    def take(self, lines: Lines, made: int) -> None:
        """Take the motor's lines, unpowered. It has made so many signed steps before."""

    @abstractmethod
    def face(self, direction: int) -> None:
        """Make ready to step in a direction, 1 or -1, with the current on where that is a matter of a line."""

    @abstractmethod
    def step(self) -> None:
        """Make one step in the direction faced."""

    @abstractmethod
    def power_off(self) -> None:
        """Take the current off."""


class Powered:
    """A motor that is turned off some time after its last step, where its axis is configured so."""

    def __init__(self, motor: Motor, clock: Callable[[], float]) -> None:
        self.motor = motor
        self._clock = clock
        self._on = False
        self._stepped_s = -_ARRIVAL_S

    def face(self, direction: int) -> None:
        """See ``Motor``."""
        self._on = True
        with device_errors(f"the motor of {self.motor.name} could not be turned on"):
            self.motor.face(direction)

    def step(self) -> None:
        """See ``Motor``."""
        try:
            self.motor.step()
        except Exception as error:  # as in device_errors, which takes its time
            told = f"the motor of {self.motor.name} could not be stepped: {error}"
            raise DeviceError(told, reason="gpio", cause=str(error)) from error
        self._stepped_s = self._clock()

    @property
    def off_s(self) -> float | None:
        """When its current is to go off, once it is idle; ``None`` for never."""
        wait_s = self.motor.config.idle_off_s
        return None if wait_s is None or not self._on else max(self.arrived_s, self._stepped_s + wait_s)

    @property
    def arrived_s(self) -> float:
        """When the rotor is where its last step leads."""
        return self._stepped_s + _ARRIVAL_S

    def power_off(self) -> None:
        """Take the current off."""
        self._on = False
        self.motor.power_off()
