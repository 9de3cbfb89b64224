"""Motors on ULN2003 boards (28BYJ-48), whose coils are switched one by one."""

from gpiozero import OutputDevice

from hw.config import CoilAxis
from hw.drivers.gpio.lines import Lines
from hw.drivers.gpio.motor import Motor

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


class CoilMotor(Motor):
    """One axis, stepped by half steps. Its gearing (1:64) holds the place while the coils are off.

    The phase follows from the steps made, so the next one goes on where the rotor rests, whatever went off meanwhile.
    """

    config: CoilAxis
    _coils: list[OutputDevice]
    _phase = 0
    _direction = 1

    def take(self, lines: Lines, made: int) -> None:
        """Take the four coils, off."""
        self._phase = (-made if self.config.invert else made) % len(_HALF_STEPS)
        self._coils = [lines.output(f"{self.name}.coil_pins[{n}]", pin) for n, pin in enumerate(self.config.coil_pins)]
        self._on = [False] * len(self._coils)

    def face(self, direction: int) -> None:
        """Note the direction; the coils come on with the first step."""
        self._direction = -direction if self.config.invert else direction

    def step(self) -> None:
        """Switch the coils to the next phase."""
        self._phase = (self._phase + self._direction) % len(_HALF_STEPS)
        for n, on in enumerate(_HALF_STEPS[self._phase]):
            if on is not self._on[n]:
                self._coils[n].value = self._on[n] = on

    def power_off(self) -> None:
        """Switch all coils off."""
        for coil in self._coils:
            coil.off()
        self._on = [False] * len(self._coils)
