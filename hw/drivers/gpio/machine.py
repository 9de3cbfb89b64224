"""All axes of a stage on GPIO lines: motors, switches, and the engine that moves them."""

from collections.abc import Callable, Mapping
from time import monotonic, sleep
from types import MappingProxyType

from hw.config import CoilAxis, CoilStage, PinnedAxis, StepDirStage, axis_tables
from hw.drivers.gpio.lines import Lines, device_errors
from hw.drivers.gpio.motor import Motor, Powered
from hw.drivers.gpio.stepdir import StepDirMotor
from hw.drivers.gpio.switches import Switch
from hw.drivers.gpio.uln2003 import CoilMotor
from hw.drivers.gpio.words import Words
from hw.drivers.motion.engine import Engine
from hw.errors import DeviceError
from hw.types import AxisName

_SETTLE_S = 0.001
"""How often a switch that bounces is looked at while the stage stands."""


class Machine:
    """The axes of a stage, from ``open`` to ``close``; for one thread."""

    def __init__(self, config: StepDirStage | CoilStage, words: Words, clock: Callable[[], float] = monotonic) -> None:
        self._words = words
        self._clock = clock
        tables = {axis: table for axis, table in axis_tables(config).items() if isinstance(table, PinnedAxis)}
        self._motors = {axis: Powered(_motor(f"stage.{axis}", table), clock) for axis, table in tables.items()}
        self._switches: dict[AxisName, Switch] = {}
        self._lines = Lines()
        switched = {axis: table for axis, table in tables.items() if table.switch_pin is not None}
        ends = {axis: -1 if table.home_to == "min" else 1 for axis, table in switched.items()}
        self.engine = Engine(self._motors, ends, self._pressed, clock, words.count)

    def open(self) -> None:
        """Take all lines; none is kept when one cannot be had (``DeviceError``)."""
        try:
            for axis, powered in self._motors.items():
                motor = powered.motor
                motor.take(self._lines, self._words.made(axis))
                if motor.config.switch_pin is not None:
                    self._switches[axis] = self._switch(motor.name, motor.config, motor.config.switch_pin)
        except Exception:
            self.close()
            raise

    def close(self) -> None:
        """Unpower the motors, once their rotors have arrived, and give the lines back."""
        arrived_s = max((motor.arrived_s for motor in self._motors.values()), default=0.0)
        sleep(max(0.0, arrived_s - self._clock()))
        self._switches.clear()
        self._lines.close()

    @property
    def switches(self) -> Mapping[AxisName, Switch]:
        """Those that are wired."""
        return MappingProxyType(self._switches)

    def at_switch(self, axis: AxisName) -> bool:
        """Whether the axis presses its switch; waits until it bounces no more. For a stage that stands."""
        while True:
            pressed = self._pressed(axis, anew=True)
            if self._switches[axis].settled:
                return pressed
            sleep(_SETTLE_S)

    @property
    def off_s(self) -> float | None:
        """When the next motor is to be turned off, if all stand; ``None`` for never."""
        return min((off_s for motor in self._motors.values() if (off_s := motor.off_s) is not None), default=None)

    def turn_off(self) -> None:
        """Take the current off the motors whose time has come."""
        with device_errors("the motors could not be released"):
            for motor in self._motors.values():
                if motor.off_s is not None and motor.off_s <= self._clock():
                    motor.power_off()

    def _pressed(self, axis: AxisName, anew: bool = False) -> bool:
        try:
            return self._switches[axis].pressed(anew)
        except Exception as error:  # as in device_errors, which takes its time
            told = f"the limit switch of {axis} could not be read: {error}"
            raise DeviceError(told, reason="gpio", cause=str(error)) from error

    def _switch(self, name: str, config: PinnedAxis, pin: int) -> Switch:
        line = self._lines.switch(f"{name}.switch_pin", pin, active_high=config.switch_active_high)

        def pressed() -> bool:
            return bool(line.is_active) is not config.switch_normally_closed

        with device_errors(f"{name}.switch_pin could not be read"):
            return Switch(pressed, config.switch_debounce_ms / 1000, self._clock)


def _motor(name: str, config: PinnedAxis) -> Motor:
    return CoilMotor(name, config) if isinstance(config, CoilAxis) else StepDirMotor(name, config)
