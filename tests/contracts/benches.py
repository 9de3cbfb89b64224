"""Motors and lamps under test, each with a witness that does not take the driver's word."""

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from time import monotonic, sleep

from hw.config import (
    AxisConfig,
    CoilAxis,
    CoilStage,
    PwmLight,
    SimulatedAxis,
    SimulatedStage,
    StepDirAxis,
    StepDirStage,
)
from hw.drivers.gpio.lamp import PwmLamp
from hw.drivers.gpio.stepdir import StepDirMotors
from hw.drivers.gpio.uln2003 import CoilMotors
from hw.drivers.simulated.lamp import SimulatedLamp
from hw.drivers.simulated.motors import SimulatedMotors
from hw.drivers.simulated.world import World
from hw.protocols import LightDriver, MotorDriver
from hw.types import AXES, AxisName, Steps
from tests.conftest import PATIENCE_S
from tests.wire import edges
from tests.wire.mock_lines import MockLines, installed
from tests.wire.wire import Wire


@dataclass
class MotorBench:
    """Motors under test, and a witness of what they really do.

    Axis x has a limit switch. ``told`` is what the last move told, ``travelled`` what the motors have really
    made since the bench was set up, ``made`` the steps of the last move with their times (GPIO only).
    """

    motors: MotorDriver
    press: Callable[[], None]
    """Press the switch of x."""
    switchless: AxisName | None
    """An axis without a switch."""
    told: list[Steps] = field(default_factory=list)
    travelled: Counter[AxisName] = field(default_factory=Counter)
    made: dict[AxisName, list[edges.Step]] = field(default_factory=dict)

    def move(self, steps: Steps, steps_per_s: float = 1000.0, stop: Callable[[], bool] = lambda: False) -> None:
        """Move, and see what happens."""
        self.told = []
        self.rest()
        try:
            self.motors.move(steps, steps_per_s, stop, self.told.append)
        finally:
            self.ran()

    def rest(self) -> None:
        """See what happened since the last move."""
        raise NotImplementedError

    def ran(self) -> None:
        """See what happened in a move."""
        raise NotImplementedError

    @property
    def told_in_all(self) -> Counter[AxisName]:
        """The sum of what was told."""
        total: Counter[AxisName] = Counter()
        for steps in self.told:
            total.update(steps)
        return total


@dataclass
class _SimulatedBench(MotorBench):
    world: World = field(default_factory=World)

    def rest(self) -> None:
        """Nothing happens between moves."""

    def ran(self) -> None:
        """The slide has moved, with no play, by whole steps."""
        self.travelled = Counter(
            {axis: round(getattr(self.world, f"{axis}_um") / _SIMULATED_UM_PER_STEP) for axis in AXES}
        )


@dataclass
class _GpioBench(MotorBench):
    seen: Callable[[], list[edges.Edge]] = list
    witnesses: dict[AxisName, edges.Motor] = field(default_factory=dict)
    read: int = 0

    def _news(self) -> list[edges.Edge]:
        everything = self.seen()
        news, self.read = everything[self.read :], len(everything)
        return news

    def rest(self) -> None:
        """Let the far motors live through what happened on the lines."""
        news = self._news()
        for motor in self.witnesses.values():
            motor.rest(news)

    def ran(self) -> None:
        """Let the far motors turn."""
        news = self._news()
        self.made = {axis: motor.run(news) for axis, motor in self.witnesses.items()}
        for axis, steps in self.made.items():
            self.travelled[axis] += sum(step.direction for step in steps)


_SIMULATED_UM_PER_STEP = 0.5
_AXIS = AxisConfig(um_per_step=1, min_um=-100, max_um=100, max_speed_um_per_s=1000).model_dump()
_SWITCH_X = 4
_EXPOSURE_S = 0.25
_STEPDIR = StepDirStage(
    driver="stepdir",
    x=StepDirAxis(**_AXIS, step_pin=17, dir_pin=27, enable_pin=22, switch_pin=_SWITCH_X),
    y=StepDirAxis(**_AXIS, step_pin=23, dir_pin=24, enable_pin=25, invert=True),
    z=StepDirAxis(**_AXIS, step_pin=5, dir_pin=6),
)
_ULN2003 = CoilStage(
    driver="uln2003",
    x=CoilAxis(**_AXIS, coil_pins=(17, 27, 22, 10), switch_pin=_SWITCH_X),
    y=CoilAxis(**_AXIS, coil_pins=(9, 11, 5, 6), invert=True),
    z=CoilAxis(**_AXIS, coil_pins=(13, 19, 26, 21)),
)


def simulated_motors() -> MotorBench:
    """The simulated motors, on screws without play."""
    axis = SimulatedAxis(um_per_step=_SIMULATED_UM_PER_STEP, min_um=-500, max_um=500, max_speed_um_per_s=1000)
    world = World()
    motors = SimulatedMotors(SimulatedStage(driver="simulated", x=axis, y=axis, z=axis), world)

    def press() -> None:
        motors.move({"x": -1100}, 20_000, lambda: False, lambda steps: None)

    return _SimulatedBench(motors, press, switchless=None, world=world)


def mock_motors(kind: str, stack: ExitStack) -> MotorBench:
    """GPIO motors on mock pins."""
    lines = stack.enter_context(installed(MockLines()))
    motors = StepDirMotors(_STEPDIR) if kind.startswith("stepdir") else CoilMotors(_ULN2003)
    return _GpioBench(
        motors,
        lambda: lines.drive(_SWITCH_X, False),
        "z",
        seen=lambda: list(lines.edges),
        witnesses=_witnesses(kind),
    )


def lgpio_motors(kind: str, wire: Wire, stack: ExitStack) -> MotorBench:
    """GPIO motors through the real lgpio."""
    config = _STEPDIR if kind.startswith("stepdir") else _ULN2003
    motors = stack.enter_context(wire.driver(config))
    return _GpioBench(motors, lambda: wire.drive(_SWITCH_X, False), "z", seen=wire.edges, witnesses=_witnesses(kind))


def _witnesses(kind: str) -> dict[AxisName, edges.Motor]:
    if kind.startswith("stepdir"):
        return {axis: edges.StepDirMotor(getattr(_STEPDIR, axis)) for axis in AXES}
    return {axis: edges.CoilMotor(getattr(_ULN2003, axis)) for axis in AXES}


@dataclass
class LampBench:
    """A lamp under test, and a light meter."""

    lamp: LightDriver
    brightness: Callable[[], float]
    """What the meter reads, 0 (dark) to 1 (full)."""

    def shines(self, brightness: float, within: float = 0.02) -> bool:
        """Whether the lamp comes to shine so; pulses take a while to show."""
        limit_s = monotonic() + PATIENCE_S
        while abs(self.brightness() - brightness) > within:
            if monotonic() > limit_s:
                return False
        return True


def simulated_lamp() -> LampBench:
    """The simulated lamp."""
    world = World()
    return LampBench(SimulatedLamp(world), lambda: world.brightness)


def mock_lamp(kind: str, stack: ExitStack) -> LampBench:
    """A lamp on mock pins."""
    lines, config = stack.enter_context(installed(MockLines())), _lamp(kind)

    def meter() -> float:
        return _seen_at(config, edges.level_of(edges.state_of(lines.edges, config.pin)))

    return LampBench(PwmLamp(config), meter)


def lgpio_lamp(kind: str, wire: Wire, stack: ExitStack) -> LampBench:
    """A lamp through the real lgpio."""
    config = _lamp(kind)

    def meter() -> float:
        start_s = monotonic()
        # As an eye does: over many pulses.
        sleep(_EXPOSURE_S)
        return _seen_at(config, edges.high_fraction(wire.edges(), config.pin, start_s, monotonic()))

    return LampBench(stack.enter_context(wire.driver(config)), meter)


def _lamp(kind: str) -> PwmLight:
    return PwmLight(driver="pwm", pin=18, frequency_hz=200, active_high=kind.startswith("high"))


def _seen_at(config: PwmLight, high: float) -> float:
    return high if config.active_high else 1 - high
