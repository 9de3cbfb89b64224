"""Motors on STEP/DIR drivers (A4988, DRV8825, TMC2209)."""

from time import perf_counter

from gpiozero import OutputDevice

from hw.config import StepDirAxis
from hw.drivers.gpio.lines import Lines
from hw.drivers.gpio.motor import Motor

_PULSE_S = 2e-6
"""How long STEP stays high. The slowest of these drivers, the DRV8825, asks for 1.9 us."""


class StepDirMotor(Motor):
    """One axis: a rising STEP is one step, a high DIR is positive (a low one where the axis is inverted).

    The driver is enabled at the first motion and disabled by closing. It stays enabled while idle, unless
    ``idle_off_s`` is given: without current the rotor leaves its microstep for a detent, up to a full step away,
    and a load pulls it on.
    """

    config: StepDirAxis
    _step: OutputDevice
    _dir: OutputDevice
    _enable: OutputDevice | None = None

    def take(self, lines: Lines, made: int) -> None:
        """Take STEP and DIR, and ENABLE where it is wired."""
        config = self.config
        # First, so that a driver which its board enables is off before its other lines are driven.
        if config.enable_pin is not None:
            self._enable = lines.output(f"{self.name}.enable_pin", config.enable_pin, active_high=False)
        self._dir = lines.output(f"{self.name}.dir_pin", config.dir_pin, active_high=not config.invert)
        self._step = lines.output(f"{self.name}.step_pin", config.step_pin)

    def face(self, direction: int) -> None:
        """Set DIR and enable the driver."""
        self._dir.value = direction > 0
        if self._enable is not None:
            self._enable.on()

    def step(self) -> None:
        """One pulse on STEP."""
        self._step.on()
        high_until = perf_counter() + _PULSE_S
        while perf_counter() < high_until:
            pass
        self._step.off()

    def power_off(self) -> None:
        """Disable the driver, where ENABLE is wired."""
        if self._enable is not None:
            self._enable.off()
