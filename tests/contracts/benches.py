"""Motors and lamps under test, each with a witness that does not take the driver's word."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from time import monotonic, sleep

from hw.config import (
    AxisConfig,
    CoilAxis,
    CoilStage,
    PwmPin,
    SimulatedAxis,
    SimulatedStage,
    StepDirAxis,
    StepDirStage,
)
from hw.drivers.gpio.lamp import PwmLamp
from hw.drivers.gpio.motors import GpioMotors
from hw.drivers.simulated.lamp import SimulatedLamp
from hw.drivers.simulated.motors import SimulatedMotors
from hw.drivers.simulated.world import World
from hw.protocols import LightDriver, MotorDriver
from hw.types import AXES, AxisName, Pace, Progress, Steps
from tests.conftest import PATIENCE_S
from tests.wire import edges
from tests.wire.mock_lines import MockLines, ThreadInPlace, installed
from tests.wire.wire import Wire


@dataclass
class MotorBench(ABC):
    """Motors under test, and a witness of what they really do.

    Axis x has a limit switch, at its lower end.
    """

    motors: MotorDriver
    switchless: AxisName | None
    """An axis without a switch."""
    has_switch: bool = field(default=True, kw_only=True)
    """Whether x has its switch."""
    ramps_down: bool = field(default=True, kw_only=True)
    """Whether a fast axis slows down at a halt and before it turns round; where it cannot, it says it was abrupt."""
    jogs_apart: bool = field(default=True, kw_only=True)
    """Whether each axis of a jog goes for itself; else a jog is a line."""

    def line(self, steps: Steps, pace: Pace = Pace(1000, 1000, 1000)) -> Progress:  # noqa: B008 - it is immutable
        """Make a line to its end."""
        self.motors.begin_line(steps, pace)
        return self.finish()

    def follow(self, there: Callable[[Progress], bool]) -> Progress:
        """Wait until a motion has come so far."""
        limit_s = monotonic() + PATIENCE_S
        while not there(told := self.motors.progress(0.02)):
            assert told.ending is None, f"the motion has ended: {told}"
            assert monotonic() < limit_s, f"the motion came no further than {told}"
        return told

    def finish(self) -> Progress:
        """Wait for the end of a motion."""
        return self.follow(lambda told: told.ending is not None)

    @abstractmethod
    def press(self) -> None:
        """Have x press its switch, while the stage stands."""

    @abstractmethod
    def press_under_way(self) -> None:
        """Have x press its switch on its way down, sooner or later."""

    @property
    @abstractmethod
    def travelled(self) -> dict[AxisName, int]:
        """The steps that the motors have really made since the bench was set up."""

    @property
    def made(self) -> dict[AxisName, list[edges.Step]]:
        """The steps since this was asked last, with their times, where that can be seen."""
        return {}


@dataclass
class _SimulatedBench(MotorBench):
    world: World

    def press(self) -> None:
        self.line({"x": -1100}, Pace(20_000, 20_000, 1000))

    def press_under_way(self) -> None:
        pass

    @property
    def travelled(self) -> dict[AxisName, int]:
        # With no play, by whole steps.
        return {axis: round(getattr(self.world, f"{axis}_um") / _SIMULATED_UM_PER_STEP) for axis in AXES}


@dataclass
class _GpioBench(MotorBench):
    drive: Callable[[int, bool], None]
    """Drive an input from outside."""
    seen: Callable[[], list[edges.Edge]]
    witnesses: dict[AxisName, edges.Motor]
    read: int = 0
    steps: dict[AxisName, list[edges.Step]] = field(default_factory=lambda: {axis: [] for axis in AXES})
    asked: dict[AxisName, int] = field(default_factory=lambda: dict.fromkeys(AXES, 0))

    def press(self) -> None:
        self.drive(_SWITCH_X, False)

    press_under_way = press

    def _look(self) -> None:
        everything = self.seen()
        news, self.read = everything[self.read :], len(everything)
        for axis, motor in self.witnesses.items():
            self.steps[axis] += motor.run(news)

    @property
    def travelled(self) -> dict[AxisName, int]:
        self._look()
        return {axis: sum(step.direction for step in steps) for axis, steps in self.steps.items()}

    @property
    def made(self) -> dict[AxisName, list[edges.Step]]:
        self._look()
        news = {axis: steps[self.asked[axis] :] for axis, steps in self.steps.items()}
        self.asked = {axis: len(steps) for axis, steps in self.steps.items()}
        return news


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
    # The other axes have more room than any test takes.
    far = SimulatedAxis(um_per_step=_SIMULATED_UM_PER_STEP, min_um=-1e6, max_um=1e6, max_speed_um_per_s=1000)
    world = World()
    motors = SimulatedMotors(SimulatedStage(driver="simulated", x=axis, y=far, z=far), world)
    return _SimulatedBench(motors, switchless=None, world=world)


def mock_motors(kind: str, stack: ExitStack) -> MotorBench:
    """GPIO motors on mock pins, in a thread in place of the process."""
    lines = stack.enter_context(installed(MockLines()))
    motors = GpioMotors(_config(kind), launch=ThreadInPlace)
    return _GpioBench(motors, "z", drive=lines.drive, seen=lambda: list(lines.edges), witnesses=_witnesses(kind))


def lgpio_motors(kind: str, wire: Wire, stack: ExitStack) -> MotorBench:
    """GPIO motors through the real lgpio."""
    motors = stack.enter_context(wire.motors(_config(kind)))
    return _GpioBench(motors, "z", drive=wire.drive, seen=wire.edges, witnesses=_witnesses(kind))


def _config(kind: str) -> StepDirStage | CoilStage:
    return _STEPDIR if kind.startswith("stepdir") else _ULN2003


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
    beside: "LampBench | None" = None
    """Another lamp of the same light, of which the first's meter sees nothing."""

    def shines(self, brightness: float, within: float = 0.02) -> bool:
        """Whether the lamp comes to shine so; pulses take a while to show."""
        limit_s = monotonic() + PATIENCE_S
        while abs(self.brightness() - brightness) > within:
            if monotonic() > limit_s:
                return False
        return True


def simulated_lamp() -> LampBench:
    """A red simulated lamp, and a blue one beside it."""
    world = World()
    blue = LampBench(SimulatedLamp(world, "blue", "#0000ff"), lambda: world.light[2])
    return LampBench(SimulatedLamp(world, "red", "#ff0000"), lambda: world.light[0], blue)


def mock_lamp(kind: str, stack: ExitStack) -> LampBench:
    """Lamps on mock pins."""
    lines = stack.enter_context(installed(MockLines()))

    def bench(config: PwmPin, beside: LampBench | None = None) -> LampBench:
        return LampBench(
            PwmLamp(config), lambda: _seen_at(config, edges.level_of(edges.state_of(lines.edges, config.pin))), beside
        )

    return bench(_lamp(kind), bench(_lamp(kind, pin=19)))


def lgpio_lamp(kind: str, wire: Wire, stack: ExitStack) -> LampBench:
    """Lamps through the real lgpio."""

    def bench(config: PwmPin, beside: LampBench | None = None) -> LampBench:
        def meter() -> float:
            start_s = monotonic()
            # As an eye does: over many pulses.
            sleep(_EXPOSURE_S)
            return _seen_at(config, edges.high_fraction(wire.edges(), config.pin, start_s, monotonic()))

        return LampBench(stack.enter_context(wire.lamp(config)), meter, beside)

    return bench(_lamp(kind), bench(_lamp(kind, pin=19)))


def _lamp(kind: str, pin: int = 18) -> PwmPin:
    return PwmPin(pin=pin, frequency_hz=200, active_high=kind.startswith("high"))


def _seen_at(config: PwmPin, high: float) -> float:
    return high if config.active_high else 1 - high
