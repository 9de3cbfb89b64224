"""What the simulated stage and lamp do to the world beyond what every driver promises."""

import time

import pytest

from hw.config import SimulatedAxis, SimulatedStage
from hw.drivers.simulated.lamp import SimulatedLamp
from hw.drivers.simulated.motors import STOP_BEYOND_UM, SimulatedMotors
from hw.drivers.simulated.world import World
from hw.errors import DeviceError
from hw.types import AxisName, Pace
from tests.hw.drivers.driving import line

FAST = 50_000.0


def axis(**changes: float | str) -> SimulatedAxis:
    """An axis of half a micrometre per step."""
    return SimulatedAxis.model_validate(
        {"um_per_step": 0.5, "min_um": -100, "max_um": 100, "max_speed_um_per_s": 1000, **changes}
    )


def stage(world: World, **changes: float | str) -> SimulatedMotors:
    """An open stage of three such axes."""
    motors = SimulatedMotors(SimulatedStage(driver="simulated", x=axis(**changes), y=axis(), z=axis()), world)
    motors.open()
    return motors


def go(motors: SimulatedMotors, steps: int, name: AxisName = "x", steps_per_s: float = FAST) -> int:
    """Move one axis, without a ramp; returns the steps that were told."""
    return line(motors, {name: steps}, Pace(steps_per_s, steps_per_s, 1)).made[name]


@pytest.mark.parametrize("name", ["x", "y", "z"])
def test_steps_move_the_slide(name: AxisName) -> None:
    world = World()
    assert go(stage(world), 30, name) == 30
    assert getattr(world, f"{name}_um") == pytest.approx(15)


def test_the_stage_starts_where_the_world_is() -> None:
    world = World(x_um=40.0)
    go(stage(world), -20)
    assert world.x_um == pytest.approx(30)


def test_a_reversal_loses_the_play() -> None:
    world = World()
    motors = stage(world, play_um=6)
    go(motors, 40)
    assert world.x_um == pytest.approx(20), "upwards there is no play to cross at first"
    go(motors, -10)
    assert world.x_um == pytest.approx(20), "within the play nothing moves"
    go(motors, -10)
    assert world.x_um == pytest.approx(16)
    go(motors, 12)
    assert world.x_um == pytest.approx(16), "and again on the way back"
    go(motors, 2)
    assert world.x_um == pytest.approx(17)


def test_an_approach_from_below_is_exact_whatever_came_before() -> None:
    world = World()
    motors = stage(world, play_um=6)
    go(motors, 60)
    go(motors, -50)
    go(motors, -20)
    go(motors, 20)
    assert world.x_um == pytest.approx(5)


def test_moves_take_their_time() -> None:
    motors = stage(World())
    start = time.monotonic()
    go(motors, 100, steps_per_s=500)
    assert time.monotonic() - start >= 100 / 500


def test_the_world_knows_how_fast_the_slide_moves() -> None:
    world = World()
    motors = stage(world)
    motors.begin_line({"x": 200, "y": -100}, Pace(1000, 1000, 1))
    seen = []
    while motors.progress(0.005).ending is None:
        seen.append(world.velocity_um_per_s)
    fastest = max(x for x, _ in seen)
    assert 0 < fastest < 2000
    assert min(y for _, y in seen) < 0
    assert world.velocity_um_per_s == (0, 0)


def test_a_ramp_takes_the_time_that_physics_says() -> None:
    world = World()
    motors = stage(world)
    start = time.monotonic()
    # 200 steps from 100 to 1000 steps/s at 10,000 steps/s^2 and back: 0.09 s up, 0.09 s down, 0.1 s between.
    assert line(motors, {"x": 200}, Pace(100, 1000, 10_000)).made == {"x": 200}
    assert time.monotonic() - start >= 0.27


@pytest.mark.parametrize("fraction", [0.1, 0.25, 1.0])
def test_lost_steps_are_told_but_not_made(fraction: float) -> None:
    world = World()
    world.faults.lost_step_fraction = fraction
    assert go(stage(world), 160) == 160
    assert world.x_um == pytest.approx(80 * (1 - fraction), abs=0.51)


def test_a_stalled_stage_hums() -> None:
    world = World()
    motors = stage(world)
    world.faults.stage_stalled = True
    assert go(motors, 50) == 50
    assert world.x_um == 0
    world.faults.stage_stalled = False
    go(motors, 50)
    assert world.x_um == pytest.approx(25)


def test_an_unplugged_stage_fails_in_the_middle_of_a_move() -> None:
    world = World()
    motors = stage(world)
    motors.begin_line({"x": 100_000}, Pace(1000, 1000, 1))
    while (made := motors.progress(0.01).made["x"]) < 5:
        pass
    world.faults.stage_unplugged = True
    with pytest.raises(DeviceError, match="unplugged"):
        motors.progress(0.01)
    assert world.x_um == pytest.approx(made * 0.5)
    with pytest.raises(DeviceError, match="unplugged"):
        motors.open()


@pytest.mark.parametrize(("home_to", "sign"), [("min", -1), ("max", 1)])
def test_the_switch_lies_just_outside_the_soft_limit(home_to: str, sign: int) -> None:
    motors = stage(World(), home_to=home_to)
    go(motors, sign * 200)
    assert not motors.at_switch("x"), "at the soft limit the switch is free"
    go(motors, sign)
    assert motors.at_switch("x")
    go(motors, -sign)
    assert not motors.at_switch("x")
    go(motors, -sign * 900)
    assert not motors.at_switch("x"), "there is none at the other end"


def test_the_mechanics_end() -> None:
    world = World()
    motors = stage(world)
    assert go(motors, 2000) == 2000
    assert world.x_um == pytest.approx(100 + STOP_BEYOND_UM)
    go(motors, -10)
    assert world.x_um == pytest.approx(95 + STOP_BEYOND_UM)


def test_an_unplugged_lamp_fails() -> None:
    world = World()
    lamp = SimulatedLamp(world)
    lamp.open()
    lamp.set_brightness(0.4)
    world.faults.light_unplugged = True
    with pytest.raises(DeviceError, match="unplugged"):
        lamp.set_brightness(0.6)
    with pytest.raises(DeviceError, match="unplugged"):
        lamp.open()
    assert world.light == (0.4, 0.4, 0.4)
    lamp.close()
    assert world.light == (0, 0, 0)


def test_coloured_lamps_add_up() -> None:
    world = World()
    lamps = {name: SimulatedLamp(world, name, colour) for name, colour in (("r", "#ff0000"), ("w", "#ffffff"))}
    for lamp in lamps.values():
        lamp.open()
    assert world.light == (0, 0, 0)
    lamps["w"].set_brightness(0.25)
    lamps["r"].set_brightness(0.5)
    assert world.light == (0.75, 0.25, 0.25)
    lamps["w"].close()
    assert world.light == (0.5, 0, 0)
