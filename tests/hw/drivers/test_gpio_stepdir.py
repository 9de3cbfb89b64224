"""STEP/DIR motors on mock pins: what every line does, edge by edge."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from typing import Any

import pytest

from hw.config import StepDirAxis, StepDirStage
from hw.drivers.gpio import stepdir
from hw.drivers.gpio.motors import GpioMotors
from hw.errors import DeviceAbsent, DeviceError, InvalidRequest
from hw.types import Pace, Progress
from tests.conftest import wait_until
from tests.hw.drivers.driving import FAST, line
from tests.wire.edges import Edge, state_of
from tests.wire.mock_lines import MockLines, ThreadInPlace

_AXIS: dict[str, Any] = {"um_per_step": 1, "min_um": -100, "max_um": 100, "max_speed_um_per_s": 1000}
STEP, DIR, ENABLE, SWITCH = 17, 27, 22, 4


def motors(**changes: Any) -> GpioMotors:
    """One axis, x, with all its lines."""
    axis = StepDirAxis(
        **_AXIS | {"step_pin": STEP, "dir_pin": DIR, "enable_pin": ENABLE, "switch_pin": SWITCH} | changes
    )
    return GpioMotors(StepDirStage(driver="stepdir", x=axis), launch=ThreadInPlace)


@pytest.fixture
def make() -> Iterator[Callable[..., GpioMotors]]:
    """``motors``, open, and closed after the test."""
    with ExitStack() as stack:

        def made(**changes: Any) -> GpioMotors:
            driver = motors(**changes)
            stack.callback(driver.close)
            driver.open()
            return driver

        yield made


def sequence(edges: list[Edge]) -> list[tuple[int, str]]:
    """The edges without their times."""
    return [(edge.line, edge.state) for edge in edges]


Make = Callable[..., GpioMotors]


def test_open_leaves_the_motor_off_and_still(lines: MockLines, make: Make) -> None:
    make()
    assert {line: state_of(lines.edges, line) for line in (STEP, DIR, ENABLE)} == {STEP: "0", DIR: "0", ENABLE: "1"}
    assert (STEP, "1") not in sequence(lines.edges)


@pytest.mark.parametrize(
    ("invert", "steps", "level"), [(False, 2, "1"), (False, -2, "0"), (True, 2, "0"), (True, -2, "1")]
)
def test_a_move_sets_dir_enables_and_pulses(lines: MockLines, make: Make, invert: bool, steps: int, level: str) -> None:
    driver = make(invert=invert)
    turning = [] if state_of(lines.edges, DIR) == level else [(DIR, level)]
    before = len(lines.edges)
    assert line(driver, {"x": steps}).made == {"x": steps}
    pulses = [(STEP, "1"), (STEP, "0")] * 2
    assert sequence(lines.edges[before:]) == [*turning, (ENABLE, "0"), *pulses]


def test_pulses_are_two_microseconds_wide_and_lines_set_up_before(lines: MockLines, make: Make) -> None:
    driver = make()
    before = len(lines.edges)
    line(driver, {"x": 50})
    edges = lines.edges[before:]
    pulses = [edge for edge in edges if edge.line == STEP]
    rises, falls = pulses[0::2], pulses[1::2]
    assert all(fall.at_s - rise.at_s >= 2e-6 for rise, fall in zip(rises, falls, strict=True))
    assert all(rise.at_s - fall.at_s >= 1 / 2000 for fall, rise in zip(falls, rises[1:], strict=False))
    assert all(rises[0].at_s - edge.at_s >= 1 / 2000 for edge in edges if edge.line in (DIR, ENABLE))


def test_step_stays_high_until_two_microseconds_are_over(
    lines: MockLines, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    readings = count()
    monkeypatch.setattr(stepdir, "perf_counter", lambda: next(readings) * 1e-7)
    line(make(), {"x": 1})
    assert next(readings) >= 20


def test_release_keeps_the_current_and_close_takes_it_off(lines: MockLines, make: Make) -> None:
    driver = make()
    line(driver, {"x": 3})
    driver.release()
    driver.at_switch("x")  # the answer comes after what was said before
    assert state_of(lines.edges, ENABLE) == "0"
    before = len(lines.edges)
    driver.close()
    closing = sequence(lines.edges[before:])
    assert (ENABLE, "1") in closing
    assert (STEP, "1") not in closing
    # Nobody drives the lines any more: their pulls keep the driver disabled and STEP still.
    assert (state_of(lines.edges, ENABLE), state_of(lines.edges, STEP)) == ("u", "d")


def test_release_takes_the_current_off_where_that_is_wished(lines: MockLines, make: Make) -> None:
    driver = make(idle_off_s=0)
    line(driver, {"x": 3})
    driver.release()
    wait_until(lambda: state_of(lines.edges, ENABLE) == "1", "the end of the current")
    line(driver, {"x": 1})
    assert state_of(lines.edges, ENABLE) == "0"


def test_an_axis_without_enable_moves(lines: MockLines, make: Make) -> None:
    line(make(enable_pin=None), {"x": 3})
    assert sequence(lines.edges).count((STEP, "1")) == 3


@pytest.mark.parametrize("active_high", [True, False])
@pytest.mark.parametrize("normally_closed", [True, False])
def test_the_switch_is_pulled_away_and_read(
    lines: MockLines, make: Make, active_high: bool, normally_closed: bool
) -> None:
    driver = make(switch_active_high=active_high, switch_normally_closed=normally_closed)
    assert state_of(lines.edges, SWITCH) == ("d" if active_high else "u")
    assert driver.at_switch("x") is normally_closed, "a broken wire is like a pressed switch where that opens"
    for closed in (True, False, True):
        lines.drive(SWITCH, active_high is closed)
        assert driver.at_switch("x") is (closed is not normally_closed)


def test_a_move_has_made_what_is_told_when_a_line_fails(lines: MockLines, make: Make) -> None:
    driver = make()
    driver.begin_line({"x": 100_000}, FAST)
    told: list[Progress] = [wait_until(lambda: (now := driver.progress(0.01)).made["x"] >= 4 and now)]
    lines.broken.add(STEP)
    with pytest.raises(DeviceError, match=r"motor of stage.x .* the line is gone"):
        wait_until(lambda: told.append(driver.progress(0.01)))
    lines.broken.clear()
    assert told[-1].made["x"] == sequence(lines.edges).count((STEP, "1")) >= 4
    with pytest.raises(DeviceError, match="the line is gone"):
        driver.progress(0.01)
    driver.open()
    assert line(driver, {"x": 2}).made == {"x": 2}


def test_what_cannot_be_moved_is_refused(lines: MockLines, make: Make) -> None:
    driver = make()
    before = len(lines.edges)
    with pytest.raises(DeviceAbsent, match="no y axis"):
        line(driver, {"x": 1, "y": 1})
    with pytest.raises(DeviceAbsent, match="y axis has no limit switch"):
        driver.begin_line({"x": 1}, FAST, until={"y": True})
    for wrong in (0, -5, float("inf"), float("nan")):
        for pace in (Pace(wrong, 10, 10), Pace(10, wrong, 10), Pace(10, 10, wrong)):
            with pytest.raises(InvalidRequest, match="must be above 0"):
                driver.begin_line({"x": 1}, pace)
            with pytest.raises(InvalidRequest, match="must be above 0"):
                driver.begin_jog({"x": 1}, {"x": pace})
    assert lines.edges[before:] == []


def test_a_closed_driver_refuses_everything(lines: MockLines) -> None:
    driver = motors()
    for call in (driver.release, lambda: driver.at_switch("x"), lambda: line(driver, {"x": 1})):
        with pytest.raises(DeviceError, match="not open"):
            call()
    assert lines.edges == []
