"""STEP/DIR motors on mock pins: what every line does, edge by edge."""

from itertools import count
from typing import Any

import pytest

from hw.config import StepDirAxis, StepDirStage
from hw.drivers.gpio import stepdir
from hw.drivers.gpio.stepdir import StepDirMotors
from hw.errors import DeviceAbsent, DeviceError, InvalidRequest
from hw.types import Steps
from tests.wire.edges import Edge, state_of
from tests.wire.mock_lines import MockLines

_AXIS: dict[str, Any] = {"um_per_step": 1, "min_um": -100, "max_um": 100, "max_speed_um_per_s": 1000}
STEP, DIR, ENABLE, SWITCH = 17, 27, 22, 4


def motors(**changes: Any) -> StepDirMotors:
    """One axis, x, with all its lines."""
    axis = StepDirAxis(
        **_AXIS | {"step_pin": STEP, "dir_pin": DIR, "enable_pin": ENABLE, "switch_pin": SWITCH} | changes
    )
    return StepDirMotors(StepDirStage(driver="stepdir", x=axis))


def move(driver: StepDirMotors, steps: Steps, steps_per_s: float = 2000) -> list[Steps]:
    """Move to the end; returns what was told."""
    told: list[Steps] = []
    driver.move(steps, steps_per_s, lambda: False, told.append)
    return told


def sequence(edges: list[Edge]) -> list[tuple[int, str]]:
    """The edges without their times."""
    return [(edge.line, edge.state) for edge in edges]


def test_open_leaves_the_motor_off_and_still(lines: MockLines) -> None:
    driver = motors()
    driver.open()
    assert {line: state_of(lines.edges, line) for line in (STEP, DIR, ENABLE)} == {STEP: "0", DIR: "0", ENABLE: "1"}
    assert (STEP, "1") not in sequence(lines.edges)


@pytest.mark.parametrize(
    ("invert", "steps", "level"), [(False, 2, "1"), (False, -2, "0"), (True, 2, "0"), (True, -2, "1")]
)
def test_a_move_sets_dir_enables_and_pulses(lines: MockLines, invert: bool, steps: int, level: str) -> None:
    driver = motors(invert=invert)
    driver.open()
    turning = [] if state_of(lines.edges, DIR) == level else [(DIR, level)]
    before = len(lines.edges)
    assert move(driver, {"x": steps}) == [{"x": steps}]
    pulses = [(STEP, "1"), (STEP, "0")] * 2
    assert sequence(lines.edges[before:]) == [*turning, (ENABLE, "0"), *pulses]


def test_pulses_are_two_microseconds_wide_and_lines_set_up_before(lines: MockLines) -> None:
    driver = motors()
    driver.open()
    before = len(lines.edges)
    move(driver, {"x": 50})
    edges = lines.edges[before:]
    pulses = [edge for edge in edges if edge.line == STEP]
    rises, falls = pulses[0::2], pulses[1::2]
    assert all(fall.at_s - rise.at_s >= 2e-6 for rise, fall in zip(rises, falls, strict=True))
    assert all(rise.at_s - fall.at_s >= 1 / 2000 for fall, rise in zip(falls, rises[1:], strict=False))
    assert all(rises[0].at_s - edge.at_s >= 1 / 2000 for edge in edges if edge.line in (DIR, ENABLE))


def test_step_stays_high_until_two_microseconds_are_over(lines: MockLines, monkeypatch: pytest.MonkeyPatch) -> None:
    readings = count()
    monkeypatch.setattr(stepdir, "perf_counter", lambda: next(readings) * 1e-7)
    driver = motors()
    driver.open()
    move(driver, {"x": 1})
    assert next(readings) >= 20


def test_release_keeps_the_current_and_close_takes_it_off(lines: MockLines) -> None:
    driver = motors()
    driver.open()
    move(driver, {"x": 3})
    driver.release()
    assert state_of(lines.edges, ENABLE) == "0"
    before = len(lines.edges)
    driver.close()
    closing = sequence(lines.edges[before:])
    assert (ENABLE, "1") in closing
    assert (STEP, "1") not in closing
    # Nobody drives the lines any more: their pulls keep the driver disabled and STEP still.
    assert (state_of(lines.edges, ENABLE), state_of(lines.edges, STEP)) == ("u", "d")


def test_an_axis_without_enable_moves(lines: MockLines) -> None:
    driver = motors(enable_pin=None)
    driver.open()
    move(driver, {"x": 3})
    assert sequence(lines.edges).count((STEP, "1")) == 3


@pytest.mark.parametrize("active_high", [True, False])
def test_the_switch_is_pulled_away_and_read(lines: MockLines, active_high: bool) -> None:
    driver = motors(switch_active_high=active_high)
    driver.open()
    assert state_of(lines.edges, SWITCH) == ("d" if active_high else "u")
    assert driver.at_switch("x") is False
    lines.drive(SWITCH, active_high)
    assert driver.at_switch("x") is True
    lines.drive(SWITCH, not active_high)
    assert driver.at_switch("x") is False


def test_a_stopped_move_has_made_what_it_told(lines: MockLines) -> None:
    driver = motors()
    driver.open()
    told: list[Steps] = []
    driver.move({"x": -1000}, 2000, lambda: sequence(lines.edges).count((STEP, "1")) >= 7, told.append)
    assert sequence(lines.edges).count((STEP, "1")) == 7
    assert sum(steps["x"] for steps in told) == -7


def test_what_cannot_be_moved_is_refused(lines: MockLines) -> None:
    driver = motors()
    driver.open()
    before = len(lines.edges)
    with pytest.raises(DeviceAbsent, match="no y axis"):
        move(driver, {"x": 1, "y": 1})
    for steps_per_s in (0, -5, float("inf"), float("nan")):
        with pytest.raises(InvalidRequest, match="steps_per_s"):
            move(driver, {"x": 1}, steps_per_s)
    assert lines.edges[before:] == []


def test_a_closed_driver_refuses_everything(lines: MockLines) -> None:
    driver = motors()
    for call in (driver.release, lambda: driver.at_switch("x"), lambda: move(driver, {"x": 1})):
        with pytest.raises(DeviceError, match="not open"):
            call()
    assert lines.edges == []


def test_a_failing_line_is_a_device_error_and_made_steps_are_told(lines: MockLines) -> None:
    driver = motors()
    driver.open()
    told: list[Steps] = []

    def stop() -> bool:
        if sequence(lines.edges).count((STEP, "1")) == 4:
            lines.broken.add(STEP)
        return False

    with pytest.raises(DeviceError, match=r"motor of x .* the line is gone"):
        driver.move({"x": 100}, 2000, stop, told.append)
    assert sum(steps["x"] for steps in told) == 4


def test_a_callbacks_error_is_raised_as_it_is(lines: MockLines) -> None:
    driver = motors()
    driver.open()

    def moved(steps: Steps) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        driver.move({"x": 100}, 2000, lambda: False, moved)
