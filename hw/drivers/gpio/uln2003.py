"""Motors on ULN2003 boards (28BYJ-48), whose coils are switched one by one."""

from time import monotonic, sleep

from gpiozero import OutputDevice

from hw.config import CoilAxis, CoilStage
from hw.drivers.gpio.lines import Lines
from hw.drivers.gpio.motion import GpioMotors, Motor
from hw.types import AXES

_HALF_STEPS = (
    (True, False, False, False),
    (True, True, False, False),
    (False, True, False, False),
    (False, True, True, False),
    (False, False, True, False),
    (False, False, True, True),
    (False, False, False, True),
    (True, False, False, True),
)
"""The coils at IN1 to IN4 in the order of positive half steps; from each to the next, one coil changes."""

_ARRIVAL_S = 0.010
"""How long the rotor needs the current to arrive at its last step."""


class CoilMotor(Motor):
    """One axis, stepped by half steps. Its gearing (1:64) holds the place while the coils are off.

    The phase is kept over ``release`` and ``close``, so the next step goes on where the rotor rests.
    """

    config: CoilAxis
    _coils: list[OutputDevice]
    _phase = 0
    _direction = 1
    _stepped_s = 0.0

    def take(self, lines: Lines) -> None:
        """Take the four coils, off."""
        self._coils = [lines.output(f"{self.name}.coil_pins[{n}]", pin) for n, pin in enumerate(self.config.coil_pins)]

    def face(self, direction: int) -> None:
        """Note the direction; the coils come on with the first step."""
        self._direction = -direction if self.config.invert else direction

    def step(self) -> None:
        """Switch the coils to the next phase."""
        self._phase = (self._phase + self._direction) % len(_HALF_STEPS)
        for coil, on in zip(self._coils, _HALF_STEPS[self._phase], strict=True):
            coil.value = on
        self._stepped_s = monotonic()

    def release(self) -> None:
        """Switch all coils off, once the rotor has had the time to arrive."""
        sleep(max(0.0, self._stepped_s + _ARRIVAL_S - monotonic()))
        for coil in self._coils:
            coil.off()


class CoilMotors(GpioMotors):
    """A stage on ULN2003 boards."""

    def __init__(self, config: CoilStage) -> None:
        tables = [(axis, getattr(config, axis)) for axis in AXES]
        super().__init__({axis: CoilMotor(f"stage.{axis}", table) for axis, table in tables if table})
