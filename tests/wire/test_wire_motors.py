"""The motors through the real gpiozero and lgpio: what arrives at the lines, edge by edge."""

import time
from itertools import cycle, islice, pairwise

import pytest

from hw.config import AxisConfig, CoilAxis, CoilStage, StepDirAxis, StepDirStage
from hw.errors import DeviceError
from hw.types import Steps
from tests.wire.edges import CoilMotor, Edge, StepDirMotor, gaps_s, state_of
from tests.wire.wire import Wire

_AXIS = AxisConfig(um_per_step=1, min_um=-100, max_um=100, max_speed_um_per_s=1000).model_dump()
X = StepDirAxis(**_AXIS, step_pin=17, dir_pin=27, enable_pin=22, switch_pin=4)
Y = StepDirAxis(**_AXIS, step_pin=23, dir_pin=24, invert=True, switch_pin=12, switch_active_high=True)
STEPDIR = StepDirStage(driver="stepdir", x=X, y=Y)
COILS_X = CoilAxis(**_AXIS, coil_pins=(17, 27, 22, 10))
ULN2003 = CoilStage(driver="uln2003", x=COILS_X)
FORWARD = ["1100", "0100", "0110", "0010", "0011", "0001", "1001", "1000"]


def never() -> bool:
    """No stop."""
    return False


def ignore(steps: Steps) -> None:
    """Nobody listens."""


def of_lines(edges: list[Edge], *lines: int | None) -> list[tuple[int, str]]:
    """The edges of some lines, without their times."""
    return [(edge.line, edge.state) for edge in edges if edge.line in lines]


def test_thousands_of_steps_arrive_exactly(wire: Wire) -> None:
    rate = 2000.0
    told: list[Steps] = []
    with wire.driver(STEPDIR) as motors:
        motors.open()
        start = len(wire.edges())
        motors.move({"x": 4000, "y": 1500}, rate, never, told.append)
        there = len(wire.edges())
        motors.move({"x": -2500, "y": -1500}, rate, never, told.append)
        edges = wire.edges()[start:]
    out = edges[: there - start]
    back = edges[there - start :]
    # DIR and ENABLE once, at the start; then nothing but pulses.
    assert of_lines(out, X.enable_pin) == [(22, "0")]
    assert of_lines(out, X.dir_pin) == [(27, "1")]
    assert of_lines(out, Y.dir_pin) == [(24, "0")]
    assert of_lines(out, X.step_pin) == [(17, "1"), (17, "0")] * 4000
    assert of_lines(out, Y.step_pin) == [(23, "1"), (23, "0")] * 1500
    assert of_lines(back, X.enable_pin) == []
    assert of_lines(back, X.dir_pin) == [(27, "0")]
    assert of_lines(back, Y.dir_pin) == [(24, "1")]
    for axis, count in ((X, 1500), (Y, 0)):
        steps = StepDirMotor(axis).run(wire.edges()[:start] + edges)
        assert sum(step.direction for step in steps) == count
        assert min(gaps_s(steps)) >= 1 / rate
    assert sum(steps.get("x", 0) for steps in told) == 1500
    assert sum(steps.get("y", 0) for steps in told) == 0


def test_pulses_are_two_microseconds_wide(wire: Wire) -> None:
    with wire.driver(STEPDIR) as motors:
        motors.open()
        motors.move({"x": 500}, 2000, never, ignore)
        pulses = [edge for edge in wire.edges() if edge.line == X.step_pin and edge.state in "01"]
    first_rise = next(n for n, edge in enumerate(pulses) if edge.state == "1")
    assert min(after.at_s - before.at_s for before, after in pairwise(pulses[first_rise:])) >= 2e-6


@pytest.mark.parametrize("config", [STEPDIR, ULN2003], ids=["stepdir", "uln2003"])
def test_a_stalled_machine_gets_no_burst(wire: Wire, config: StepDirStage | CoilStage) -> None:
    rate = 500.0
    asked = 0

    def stalling_stop() -> bool:
        nonlocal asked
        asked += 1
        if asked % 50 == 0:
            time.sleep(0.02)
        return False

    with wire.driver(config) as motors:
        motors.open()
        before = wire.edges()
        motors.move({"x": 200}, rate, stalling_stop, ignore)
        edges = wire.edges()
    motor = StepDirMotor(X) if config is STEPDIR else CoilMotor(COILS_X)
    motor.rest(before)
    steps = motor.run(edges[len(before) :])
    assert len(steps) == 200
    assert max(gaps_s(steps)) >= 0.02
    assert min(gaps_s(steps)) >= 1 / rate


@pytest.mark.parametrize("after", [1, 7, 40])
def test_no_step_follows_a_stop(wire: Wire, after: int) -> None:
    with wire.driver(STEPDIR) as motors:
        motors.open()
        at_stop = []

        def stop() -> bool:
            made = of_lines(wire.edges(), X.step_pin).count((17, "1"))
            if made < after:
                return False
            at_stop.append(made)
            return True

        motors.move({"x": 10_000, "y": 300}, 1000, stop, ignore)
        assert at_stop == [after]
        assert of_lines(wire.edges(), X.step_pin).count((17, "1")) == after


def test_thousands_of_half_steps_arrive_exactly(wire: Wire) -> None:
    rate = 2000.0
    with wire.driver(ULN2003) as motors:
        motors.open()
        start = len(wire.edges())
        motors.move({"x": 2000}, rate, never, ignore)
        there = len(wire.edges())
        motors.move({"x": -2000}, rate, never, ignore)
        edges = wire.edges()
    states = dict.fromkeys(COILS_X.coil_pins, "0")
    seen = []
    for edge in edges[start:]:
        states[edge.line] = edge.state
        seen.append("".join(states.values()))
    # Each edge is one half step; only the first step turns on two coils.
    assert there - start == 2001
    assert seen == ["1000", *islice(cycle(FORWARD), 2000), *islice(cycle(FORWARD[6::-1] + FORWARD[7:]), 2000)]
    motor = CoilMotor(COILS_X)
    motor.rest(edges[:start])
    assert min(gaps_s(motor.run(edges[start:]))) >= 1 / rate


def test_coils_are_off_when_released_and_when_closed(wire: Wire) -> None:
    pins = COILS_X.coil_pins
    with wire.driver(ULN2003) as motors:
        motors.open()
        motors.move({"x": 11}, 1000, never, ignore)
        assert [state_of(wire.edges(), pin) for pin in pins] == list(FORWARD[10 % 8])
        motors.release()
        assert [state_of(wire.edges(), pin) for pin in pins] == list("0000")
        motors.move({"x": 1}, 1000, never, ignore)
        motors.close()
        assert [state_of(wire.edges(), pin) for pin in pins] == list("dddd")
    assert [state_of(wire.edges(), pin) for pin in pins] == list("ffff")


def test_the_driver_is_disabled_when_closed(wire: Wire) -> None:
    with wire.driver(STEPDIR) as motors:
        motors.open()
        assert state_of(wire.edges(), 22) == "1"
        motors.move({"x": 3}, 1000, never, ignore)
        motors.release()
        assert state_of(wire.edges(), 22) == "0"
        before = len(wire.edges())
        motors.close()
        # Driven off, and free only after that; then pulled off.
        assert of_lines(wire.edges()[before:], 22) == [(22, "1"), (22, "f"), (22, "z"), (22, "f"), (22, "u")]
        assert (17, "1") not in of_lines(wire.edges()[before:], 17)


def test_a_process_that_ends_with_its_motors_on_turns_them_off(wire: Wire) -> None:
    with wire.driver(STEPDIR) as motors:
        motors.open()
        motors.move({"x": 3}, 1000, never, ignore)
    assert {state_of(wire.edges(), pin) for pin in (17, 27, 22, 23, 24)} == {"f"}


def test_switches_are_pulled_and_read(wire: Wire) -> None:
    with wire.driver(STEPDIR) as motors:
        motors.open()
        assert (state_of(wire.edges(), 4), state_of(wire.edges(), 12)) == ("u", "d")
        assert (motors.at_switch("x"), motors.at_switch("y"), motors.at_switch("z")) == (False, False, None)
        wire.drive(4, False)
        wire.drive(12, True)
        assert (motors.at_switch("x"), motors.at_switch("y")) == (True, True)
        wire.drive(4, True)
        wire.free(12)
        assert (motors.at_switch("x"), motors.at_switch("y")) == (False, False)


def test_a_line_of_another_program_is_named_and_had_later(wire: Wire) -> None:
    wire.take(27)
    with wire.driver(STEPDIR) as motors:
        with pytest.raises(DeviceError, match=r"stage\.x\.dir_pin cannot have GPIO 27.*busy"):
            motors.open()
        # What it had taken before is off again, and nothing else was touched.
        assert state_of(wire.edges(), 22) == "u"
        wire.free(27)
        motors.open()
        motors.move({"x": 2}, 1000, never, ignore)
        assert of_lines(wire.edges(), 17).count((17, "1")) == 2
