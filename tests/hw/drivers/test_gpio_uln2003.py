"""Coil motors on mock pins: which coils are on, step by step."""

from itertools import pairwise
from typing import Any

import pytest

from hw.config import CoilAxis, CoilStage
from hw.drivers.gpio.uln2003 import CoilMotors
from hw.types import Steps
from tests.wire.edges import Edge, state_of
from tests.wire.mock_lines import MockLines

_AXIS: dict[str, Any] = {"um_per_step": 1, "min_um": -100, "max_um": 100, "max_speed_um_per_s": 1000}
X, Y = (17, 27, 22, 10), (9, 11, 5, 6)


def motors(invert: bool = False) -> CoilMotors:
    """Two axes, of which y is as told."""
    return CoilMotors(
        CoilStage(driver="uln2003", x=CoilAxis(**_AXIS, coil_pins=X), y=CoilAxis(**_AXIS, coil_pins=Y, invert=invert))
    )


def coils_after(lines: MockLines, pins: tuple[int, ...], driver: CoilMotors, steps: Steps, count: int) -> list[str]:
    """The coils after each of ``count`` moves by ``steps``."""
    found = []
    for _ in range(count):
        driver.move(steps, 2000, lambda: False, lambda told: None)
        found.append(coils(lines.edges, pins))
    return found


def coils(edges: list[Edge], pins: tuple[int, ...]) -> str:
    """The states of an axis's coils, IN1 to IN4."""
    return "".join(state_of(edges, pin) or "?" for pin in pins)


HALF_STEPS = ["1100", "0100", "0110", "0010", "0011", "0001", "1001", "1000"]


def test_open_leaves_the_coils_off(lines: MockLines) -> None:
    driver = motors()
    driver.open()
    assert coils(lines.edges, X) == coils(lines.edges, Y) == "0000"
    assert "1" not in {edge.state for edge in lines.edges}


def test_forward_goes_through_the_half_steps(lines: MockLines) -> None:
    driver = motors()
    driver.open()
    assert coils_after(lines, X, driver, {"x": 1}, 16) == HALF_STEPS * 2
    assert coils(lines.edges, Y) == "0000"


@pytest.mark.parametrize(("invert", "step"), [(False, -1), (True, 1)])
def test_backward_and_inverted_go_the_other_way(lines: MockLines, invert: bool, step: int) -> None:
    driver = motors(invert)
    driver.open()
    assert coils_after(lines, Y, driver, {"y": step}, 8) == [*HALF_STEPS[6::-1], "1000"]


def test_each_step_of_a_move_changes_one_coil(lines: MockLines) -> None:
    driver = motors()
    driver.open()
    driver.move({"x": 1}, 2000, lambda: False, lambda told: None)
    before = len(lines.edges)
    driver.move({"x": 24}, 2000, lambda: False, lambda told: None)
    edges = lines.edges[before:]
    assert len(edges) == 24
    assert all(after.at_s - before.at_s >= 1 / 2000 for before, after in pairwise(edges))


def test_release_takes_the_current_off_and_the_next_step_goes_on(lines: MockLines) -> None:
    driver = motors()
    driver.open()
    coils_after(lines, X, driver, {"x": 3}, 1)
    driver.release()
    assert coils(lines.edges, X) == coils(lines.edges, Y) == "0000"
    assert coils_after(lines, X, driver, {"x": 1}, 1) == [HALF_STEPS[3]]


def test_release_lets_the_rotor_arrive(lines: MockLines) -> None:
    driver = motors()
    driver.open()
    driver.move({"x": 1}, 2000, lambda: False, lambda told: None)
    last_step_s = max(edge.at_s for edge in lines.edges)
    driver.release()
    off_s = [edge.at_s for edge in lines.edges if edge.state == "0" and edge.at_s > last_step_s]
    assert len(off_s) == 2
    assert min(off_s) - last_step_s >= 0.01


def test_close_takes_the_current_off_and_keeps_the_phase(lines: MockLines) -> None:
    driver = motors()
    driver.open()
    coils_after(lines, X, driver, {"x": 2}, 1)
    driver.close()
    assert coils(lines.edges, X) == coils(lines.edges, Y) == "dddd"
    driver.open()
    assert coils(lines.edges, X) == "0000"
    assert coils_after(lines, X, driver, {"x": 1}, 1) == [HALF_STEPS[2]]
