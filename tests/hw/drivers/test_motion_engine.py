"""The engine on a clock of the test's own: ramps, gaps, stalls, halts, switches, to the step and the nanosecond."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hw.drivers.motion.engine import Engine
from hw.drivers.motion.line import straight_line
from hw.drivers.motion.ramp import Ramp
from hw.types import AXES, AxisName, Ending, Pace, Steps

PACE = Pace(100, 1000, 10_000)
"""Level n goes at sqrt(100^2 + 20000 n) steps/s: 49 steps up to the top speed, 49 down."""


@dataclass
class Rig:
    """An engine, its clock, and what its axes did."""

    now_s: float = 0.0
    late_s: Callable[[int], float] = lambda step: 0.0
    """By how much each step is late."""
    facing_s: float = 0.0
    """How long it takes to make an axis ready for a direction."""
    pressed: set[AxisName] = field(default_factory=set)
    steps: list[tuple[float, AxisName, int]] = field(default_factory=list)
    faced: dict[AxisName, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        steppers = {axis: _Stepper(self, axis) for axis in AXES}
        self.engine = Engine(
            steppers,
            {"x": -1, "z": 1},
            lambda axis: axis in self.pressed,
            lambda: self.now_s,
            lambda axis, direction: None,
        )

    def run(self, steps: int = 1_000_000) -> None:
        """Make so many steps, or as many as come."""
        until = len(self.steps) + steps
        while self.engine.ending is None and len(self.steps) < until:
            self.now_s = max(self.now_s, self.engine.due_s) + self.late_s(len(self.steps))
            self.engine.advance()

    def made(self, axis: AxisName) -> int:
        return sum(direction for _, name, direction in self.steps if name == axis)

    def gaps_s(self, axis: AxisName = "x") -> list[float]:
        return [b - a for a, b in pairwise(at_s for at_s, name, _ in self.steps if name == axis)]


@dataclass
class _Stepper:
    rig: Rig
    axis: AxisName

    def face(self, direction: int) -> None:
        self.rig.now_s += self.rig.facing_s
        self.rig.faced[self.axis] = direction

    def step(self) -> None:
        self.rig.steps.append((self.rig.now_s, self.axis, self.rig.faced[self.axis]))


def line(rig: Rig, steps: Steps, pace: Pace = PACE, **until: bool) -> None:
    rig.engine.begin_line(steps, pace, until)  # type: ignore[arg-type]


# Ramps


@given(
    start=st.floats(1, 2000),
    more=st.floats(0, 20_000),
    acceleration=st.floats(1, 1e6),
    steps=st.integers(1, 400),
)
@settings(max_examples=60, deadline=None)
def test_any_ramp_keeps_its_acceleration_and_its_top_speed(
    start: float, more: float, acceleration: float, steps: int
) -> None:
    rig = Rig()
    pace = Pace(start, start + more, acceleration)
    line(rig, {"x": steps}, pace)
    rig.run()
    assert rig.made("x") == steps
    speeds = [start, *(1 / gap_s for gap_s in rig.gaps_s()), start]
    assert all(speed <= pace.top_steps_per_s * (1 + 1e-9) for speed in speeds)
    # v^2 = v0^2 + 2 a s: from step to step, the square changes by no more than 2 a.
    slack = 1e-6 * max(speeds) ** 2
    assert all(abs(b * b - a * a) <= 2 * acceleration + slack for a, b in pairwise(speeds))
    assert not rig.engine.abrupt


def test_a_ramp_reaches_the_top_speed_as_physics_has_it() -> None:
    rig = Rig()
    line(rig, {"x": 1000})
    rig.run()
    ramp = Ramp(PACE)
    assert ramp.top_level == 49  # (1000^2 - 100^2) / (2 * 10000)
    assert min(rig.gaps_s()) == pytest.approx(1 / 1000, rel=0.01)
    cruising = [gap_s for gap_s in rig.gaps_s() if gap_s < 1.01 / 1000]
    assert len(cruising) > 1000 - 2 * 52
    assert rig.steps[0][0] == pytest.approx(1 / 100)  # the start counts as a step


def test_the_first_step_is_a_gap_after_the_direction_is_set_however_long_that_takes() -> None:
    rig = Rig(facing_s=0.5)
    line(rig, {"x": 3})
    rig.run()
    assert rig.steps[0][0] == pytest.approx(0.5 + 1 / 100)


def test_a_jog_that_turns_waits_for_its_direction_as_well() -> None:
    rig = Rig(facing_s=0.5)
    rig.engine.begin_jog({"x": 5}, {"x": PACE})
    rig.run(1)
    rig.engine.steer({"x": -1})
    faced_s = rig.now_s
    rig.run()
    assert [direction for _, _, direction in rig.steps] == [1, -1, -1]
    assert rig.steps[1][0] == pytest.approx(faced_s + 1 / 100)


def test_a_short_line_turns_its_ramp_over_half_way() -> None:
    rig = Rig()
    line(rig, {"x": 20})
    rig.run()
    gaps = rig.gaps_s()
    assert gaps.index(min(gaps)) in (8, 9, 10)
    assert gaps[0] == pytest.approx(gaps[-2], rel=0.01)


# Late steps


def test_a_late_step_delays_those_after_it() -> None:
    rig = Rig(late_s=lambda step: 0.0004)
    line(rig, {"x": 300}, Pace(1000, 1000, 1))
    rig.run()
    assert all(gap_s == pytest.approx(0.0014) for gap_s in rig.gaps_s())


def test_after_a_stall_the_ramp_begins_anew_and_the_position_is_in_doubt() -> None:
    rig = Rig(late_s=lambda step: 0.03 if step == 500 else 0.0)
    line(rig, {"x": 1000})
    rig.run()
    gaps = rig.gaps_s()
    assert gaps[499] == pytest.approx(0.031, rel=0.01)
    assert gaps[500] == pytest.approx(1 / (100**2 + 20_000) ** 0.5, rel=0.01)
    assert rig.made("x") == 1000
    assert (rig.engine.ending, rig.engine.abrupt) == (Ending.DONE, True)


def test_after_a_moment_the_ramp_goes_on_from_the_speed_that_is_left() -> None:
    rig = Rig(late_s=lambda step: 0.003 if step == 500 else 0.0)
    line(rig, {"x": 1000})
    rig.run()
    gaps = rig.gaps_s()
    assert gaps[499] == pytest.approx(0.004, rel=0.01)
    assert 0.002 < gaps[500] < 0.004
    assert min(gaps) >= 1 / 1000 * (1 - 1e-9)
    assert not rig.engine.abrupt  # 250 steps/s are more than it can leave at once, and it did not


def test_a_slow_motor_takes_no_harm_from_stalls() -> None:
    rig = Rig(late_s=lambda step: 0.5 if step % 7 == 0 else 0.0)
    line(rig, {"x": 50, "y": 20}, Pace(100, 100, 1))
    rig.run()
    assert (rig.made("x"), rig.made("y"), rig.engine.abrupt) == (50, 20, False)


# Halts


@pytest.mark.parametrize(("after", "more"), [(0, 0), (1, 0), (2, 1), (30, 29), (500, 49)])
def test_a_halt_takes_as_many_steps_as_the_ramp(after: int, more: int) -> None:
    rig = Rig()
    line(rig, {"x": 10_000})
    rig.run(after)
    rig.engine.halt()
    rig.engine.halt()
    rig.run()
    assert rig.made("x") == after + more
    assert (rig.engine.ending, rig.engine.abrupt) == (Ending.HALTED, False)
    assert rig.engine.due_s == float("inf")


def test_a_halt_near_the_end_goes_no_further_than_the_goal() -> None:
    rig = Rig()
    line(rig, {"x": 300})
    rig.run(290)
    rig.engine.halt()
    rig.run()
    assert rig.made("x") == 300


@pytest.mark.parametrize(("after", "abrupt"), [(0, False), (1, False), (2, True), (100, True)])
def test_an_emergency_makes_no_step_more(after: int, abrupt: bool) -> None:
    rig = Rig()
    rig.engine.begin_jog({"x": 1000, "y": 0}, {"x": PACE, "y": PACE})
    rig.run(after)
    rig.engine.end()
    rig.run()
    assert rig.made("x") == after
    assert (rig.engine.ending, rig.engine.abrupt) == (Ending.HALTED, abrupt)


# Jogs


def test_a_jog_that_is_pushed_on_does_not_slow_down() -> None:
    rig = Rig()
    rig.engine.begin_jog({"x": 200}, {"x": PACE})
    for push in range(1, 20):
        rig.run(50)
        rig.engine.steer({"x": 200 + 50 * push})
    rig.run()
    assert rig.made("x") == 200 + 50 * 19
    gaps = rig.gaps_s()
    assert all(gap_s < 1.03 / 1000 for gap_s in gaps[60:-60])


@pytest.mark.parametrize("after", [1, 10, 49, 50, 150])
def test_a_jog_turns_round_along_its_ramp(after: int) -> None:
    rig = Rig()
    rig.engine.begin_jog({"x": 5000}, {"x": PACE})
    rig.run(after)
    rig.engine.steer({"x": -30})
    rig.run()
    assert rig.made("x") == -30
    farthest = sum(1 for _, _, direction in rig.steps if direction > 0)
    assert farthest == after + min(after - 1, 49)
    turn_s = rig.gaps_s()[farthest - 1]
    assert turn_s == pytest.approx(1 / 100)  # DIR has as long to settle
    assert (rig.engine.ending, rig.engine.abrupt) == (Ending.DONE, False)


def test_an_axis_that_is_pushed_later_joins_in() -> None:
    rig = Rig()
    rig.engine.begin_jog({"x": 400, "y": 0}, {"x": PACE, "y": PACE})
    assert rig.faced == {"x": 1}  # y's driver stays off
    rig.run(100)
    rig.engine.steer({"y": -7})
    began_s = rig.now_s
    rig.run()
    assert (rig.made("x"), rig.made("y")) == (400, -7)
    assert next(at_s for at_s, axis, _ in rig.steps if axis == "y") >= began_s + 1 / 100 - 1e-9


def test_what_is_halted_cannot_be_steered() -> None:
    rig = Rig()
    rig.engine.begin_jog({"x": 400}, {"x": PACE})
    rig.run(60)
    rig.engine.halt()
    rig.engine.steer({"x": 1000})
    rig.run()
    assert rig.made("x") == 60 + 49


# Switches


@pytest.mark.parametrize(("pace", "abrupt"), [(PACE, True), (Pace(500, 500, 1), False)])
def test_a_line_ends_at_a_switch_ahead(pace: Pace, abrupt: bool) -> None:
    rig = Rig()
    line(rig, {"x": -1000, "y": 100}, pace)
    rig.run(50)
    rig.pressed.add("x")
    rig.run()
    assert len(rig.steps) == 50
    assert (rig.engine.ending, rig.engine.abrupt) == (Ending.SWITCH, abrupt)


def test_a_switch_behind_does_not_matter() -> None:
    rig = Rig(pressed={"x", "z"})
    line(rig, {"x": 20, "z": -20})
    rig.run()
    assert (rig.made("x"), rig.made("z"), rig.engine.ending) == (20, -20, Ending.DONE)
    line(rig, {"z": 1})
    assert rig.engine.ending is Ending.SWITCH


def test_a_jog_goes_on_along_the_axes_that_are_free() -> None:
    rig = Rig()
    rig.engine.begin_jog({"x": -500, "y": 300}, {"x": PACE, "y": PACE})
    rig.run(20)
    rig.pressed.add("x")
    x = rig.made("x")
    rig.run()
    assert (rig.made("x"), rig.made("y"), rig.engine.ending) == (x, 300, Ending.SWITCH)
    assert rig.engine.abrupt


def test_a_search_ends_at_its_switch_either_way() -> None:
    rig = Rig()
    slow = Pace(100, 100, 1)
    line(rig, {"x": -1000}, slow, x=True)
    rig.run(9)
    rig.pressed.add("x")
    rig.run()
    assert (rig.made("x"), rig.engine.ending, rig.engine.abrupt) == (-9, Ending.DONE, False)
    line(rig, {"x": 1000}, slow, x=False)
    rig.run(4)
    rig.pressed.clear()
    rig.run()
    assert (rig.made("x"), rig.engine.ending) == (-5, Ending.DONE)
    line(rig, {"x": 1000}, slow, x=False)
    assert (rig.made("x"), rig.engine.ending) == (-5, Ending.DONE)


# Lines


@pytest.mark.parametrize(
    "steps",
    [{"x": 7}, {"x": -3, "y": 3}, {"x": 100, "y": 33, "z": -1}, {"x": 2, "y": 1001}, {"x": 5, "y": 0}, {"z": 1}, {}],
)
def test_a_line_is_straight_to_half_a_step(steps: Steps) -> None:
    rig = Rig()
    line(rig, steps)
    longest = max((abs(count) for count in steps.values()), default=0)
    for tick, together in enumerate(straight_line(steps), start=1):
        rig.run(len(together))
        for axis, count in steps.items():
            assert abs(rig.made(axis) - tick * count / longest) <= 0.5
    assert {axis: rig.made(axis) for axis in steps} == steps
    assert rig.engine.ending is Ending.DONE


def test_a_lines_shorter_axis_is_spread_evenly() -> None:
    ticks = [tick for tick, axes in enumerate(straight_line({"x": 100, "y": 30})) if "y" in axes]
    assert {after - before for before, after in pairwise(ticks)} == {3, 4}
