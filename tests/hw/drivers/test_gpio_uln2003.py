"""Coil motors on mock pins: which coils are on, step by step."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import pairwise
from typing import Any

import pytest

from hw.config import CoilAxis, CoilStage
from hw.drivers.gpio.motors import GpioMotors
from hw.types import Steps
from tests.conftest import wait_until
from tests.hw.drivers.driving import line
from tests.wire.edges import Edge, state_of
from tests.wire.mock_lines import MockLines, ThreadInPlace

_AXIS: dict[str, Any] = {"um_per_step": 1, "min_um": -100, "max_um": 100, "max_speed_um_per_s": 1000}
X, Y = (17, 27, 22, 10), (9, 11, 5, 6)


def motors(invert: bool = False, **changes: Any) -> GpioMotors:
    """Two axes, of which y is as told."""
    x = CoilAxis(**_AXIS | {"coil_pins": X, "idle_off_s": 0} | changes)
    return GpioMotors(
        CoilStage(driver="uln2003", x=x, y=CoilAxis(**_AXIS, coil_pins=Y, invert=invert)), launch=ThreadInPlace
    )


@pytest.fixture
def make() -> Iterator[Callable[..., GpioMotors]]:
    """``motors``, open, and closed after the test."""
    with ExitStack() as stack:

        def made(*settings: Any, **changes: Any) -> GpioMotors:
            driver = motors(*settings, **changes)
            stack.callback(driver.close)
            driver.open()
            return driver

        yield made


Make = Callable[..., GpioMotors]


def coils_after(lines: MockLines, pins: tuple[int, ...], driver: GpioMotors, steps: Steps, count: int) -> list[str]:
    """The coils after each of ``count`` moves by ``steps``."""
    found = []
    for _ in range(count):
        line(driver, steps)
        found.append(coils(lines.edges, pins))
    return found


def coils(edges: list[Edge], pins: tuple[int, ...]) -> str:
    """The states of an axis's coils, IN1 to IN4."""
    return "".join(state_of(edges, pin) or "?" for pin in pins)


HALF_STEPS = ["1100", "0100", "0110", "0010", "0011", "0001", "1001", "1000"]


def test_open_leaves_the_coils_off(lines: MockLines, make: Make) -> None:
    make()
    assert coils(lines.edges, X) == coils(lines.edges, Y) == "0000"
    assert "1" not in {edge.state for edge in lines.edges}


def test_forward_goes_through_the_half_steps(lines: MockLines, make: Make) -> None:
    assert coils_after(lines, X, make(), {"x": 1}, 16) == HALF_STEPS * 2
    assert coils(lines.edges, Y) == "0000"


@pytest.mark.parametrize(("invert", "step"), [(False, -1), (True, 1)])
def test_backward_and_inverted_go_the_other_way(lines: MockLines, make: Make, invert: bool, step: int) -> None:
    assert coils_after(lines, Y, make(invert), {"y": step}, 8) == [*HALF_STEPS[6::-1], "1000"]


def test_each_step_of_a_move_changes_one_coil(lines: MockLines, make: Make) -> None:
    driver = make()
    line(driver, {"x": 1})
    before = len(lines.edges)
    line(driver, {"x": 24})
    edges = lines.edges[before:]
    assert len(edges) == 24
    assert all(after.at_s - before.at_s >= 1 / 2000 for before, after in pairwise(edges))


def test_release_takes_the_current_off_and_the_next_step_goes_on(lines: MockLines, make: Make) -> None:
    driver = make()
    coils_after(lines, X, driver, {"x": 3}, 1)
    driver.release()
    wait_until(lambda: coils(lines.edges, X) == "0000", "the end of the current")
    assert coils_after(lines, X, driver, {"x": 1}, 1) == [HALF_STEPS[3]]


def test_the_current_stays_on_for_as_long_as_it_is_wished(lines: MockLines, make: Make) -> None:
    driver = make(idle_off_s=0.2)
    line(driver, {"x": 1})
    last_step_s = max(edge.at_s for edge in lines.edges)
    driver.release()
    wait_until(lambda: coils(lines.edges, X) == "0000", "the end of the current")
    assert max(edge.at_s for edge in lines.edges) - last_step_s >= 0.19


def test_a_motion_in_between_keeps_the_current_on(lines: MockLines, make: Make) -> None:
    driver = make(idle_off_s=0.05)
    line(driver, {"x": 1})
    driver.release()
    line(driver, {"x": 300})
    edges = [edge for edge in lines.edges if edge.line in X]
    assert len(edges) > 300
    assert coils(lines.edges, X) != "0000"


@pytest.mark.parametrize("end", ["release", "close"])
def test_the_rotor_may_arrive_before_its_current_goes(lines: MockLines, make: Make, end: str) -> None:
    driver = make()
    line(driver, {"x": 1})
    last_step_s = max(edge.at_s for edge in lines.edges)
    getattr(driver, end)()
    wait_until(lambda: "1" not in coils(lines.edges, X), "the end of the current")
    off_s = [edge.at_s for edge in lines.edges if edge.state == "0" and edge.at_s > last_step_s and edge.line in X]
    assert len(off_s) == 2
    assert min(off_s) - last_step_s >= 0.009


@pytest.mark.parametrize(("invert", "phase"), [(False, HALF_STEPS[2]), (True, HALF_STEPS[4])])
def test_close_takes_the_current_off_and_keeps_the_phase(
    lines: MockLines, make: Make, invert: bool, phase: str
) -> None:
    driver = make(invert=invert)
    coils_after(lines, Y, driver, {"y": 2}, 1)
    driver.close()
    assert coils(lines.edges, X) == coils(lines.edges, Y) == "dddd"
    driver.open()
    assert coils(lines.edges, Y) == "0000"
    assert coils_after(lines, Y, driver, {"y": 1}, 1) == [phase]
