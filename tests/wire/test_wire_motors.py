"""The motors through the real gpiozero and lgpio, in their process: what arrives at the lines, edge by edge."""

import os
import signal
import subprocess
import sys
import time
from itertools import cycle, islice, pairwise
from pathlib import Path
from typing import Any

import pytest

from hw.config import AxisConfig, CoilAxis, CoilStage, StepDirAxis, StepDirStage
from hw.drivers.gpio import motors as gpio_motors
from hw.drivers.gpio import process
from hw.drivers.gpio.motors import GpioMotors
from hw.errors import DeviceError, DeviceTimeout
from hw.types import Ending, Pace
from tests.conftest import wait_until
from tests.hw.drivers.driving import finish, line
from tests.wire.edges import CoilMotor, Edge, Step, StepDirMotor, gaps_s, state_of
from tests.wire.wire import Wire

_AXIS = AxisConfig(um_per_step=1, min_um=-100, max_um=100, max_speed_um_per_s=1000).model_dump()
X = StepDirAxis(**_AXIS, step_pin=17, dir_pin=27, enable_pin=22, switch_pin=4)
Y = StepDirAxis(**_AXIS, step_pin=23, dir_pin=24, invert=True, switch_pin=12, switch_active_high=True)
STEPDIR = StepDirStage(driver="stepdir", x=X, y=Y)
COILS_X = CoilAxis(**_AXIS, coil_pins=(17, 27, 22, 10), idle_off_s=0)
ULN2003 = CoilStage(driver="uln2003", x=COILS_X)
FORWARD = ["1100", "0100", "0110", "0010", "0011", "0001", "1001", "1000"]


def steady(steps_per_s: float) -> Pace:
    """A pace without a ramp."""
    return Pace(steps_per_s, steps_per_s, 1000)


def of_lines(edges: list[Edge], *lines: int | None) -> list[tuple[int, str]]:
    """The edges of some lines, without their times."""
    return [(edge.line, edge.state) for edge in edges if edge.line in lines]


def steps_of(wire: Wire, config: StepDirStage | CoilStage = STEPDIR) -> list[Step]:
    """What the motor of x has made of all that happened."""
    return (StepDirMotor(X) if config is STEPDIR else CoilMotor(COILS_X)).run(wire.edges())


def pid_of(motors: GpioMotors) -> int:
    """The motion process."""
    link: Any = motors._link
    return int(link._process._child.pid)


def test_thousands_of_steps_arrive_exactly(wire: Wire) -> None:
    with wire.motors(STEPDIR) as motors:
        motors.open()
        start = len(wire.edges())
        assert line(motors, {"x": 4000, "y": 1500}).made == {"x": 4000, "y": 1500}
        there = len(wire.edges())
        assert line(motors, {"x": -2500, "y": -1500}).made == {"x": -2500, "y": -1500}
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
        steps = StepDirMotor(axis).run(wire.edges())
        assert sum(step.direction for step in steps) == count
        assert min(gaps_s(steps)) >= 1 / 2000


def test_a_ramp_arrives_at_the_line(wire: Wire) -> None:
    with wire.motors(STEPDIR) as motors:
        motors.open()
        line(motors, {"x": 600}, Pace(200, 2000, 20_000))
    gaps = gaps_s(steps_of(wire))
    speeds = [(200**2 + 40_000 * level) ** 0.5 for level in range(99)]
    # Up from the start, down to the end: no step sooner than its ramp allows.
    for n, (up_s, down_s) in enumerate(zip(gaps[:98], reversed(gaps[-98:]), strict=True), start=1):
        assert up_s >= 1 / speeds[n]
        assert down_s >= 1 / speeds[n]
    assert min(gaps) >= 1 / 2000


def test_pulses_are_two_microseconds_wide(wire: Wire) -> None:
    with wire.motors(STEPDIR) as motors:
        motors.open()
        line(motors, {"x": 500})
        pulses = [edge for edge in wire.edges() if edge.line == X.step_pin and edge.state in "01"]
    first_rise = next(n for n, edge in enumerate(pulses) if edge.state == "1")
    assert min(after.at_s - before.at_s for before, after in pairwise(pulses[first_rise:])) >= 2e-6


@pytest.mark.parametrize("config", [STEPDIR, ULN2003], ids=["stepdir", "uln2003"])
def test_a_stalled_process_makes_no_burst(wire: Wire, config: StepDirStage | CoilStage) -> None:
    with wire.motors(config) as motors:
        motors.open()
        motors.begin_line({"x": 300}, steady(500))
        for count in (50, 100, 150):
            wait_until(lambda count=count: motors.progress(0.01).made["x"] >= count)  # type: ignore[misc]
            os.kill(pid_of(motors), signal.SIGSTOP)
            time.sleep(0.03)  # the stall itself
            os.kill(pid_of(motors), signal.SIGCONT)
        assert finish(motors).made == {"x": 300}
    steps = steps_of(wire, config)
    assert len(steps) == 300
    assert sum(gap_s >= 0.02 for gap_s in gaps_s(steps)) >= 3
    assert min(gaps_s(steps)) >= 1 / 500


def test_a_halt_lets_one_step_follow_at_most(wire: Wire) -> None:
    with wire.motors(STEPDIR) as motors:
        motors.open()
        for count in (3, 20, 40):
            motors.begin_line({"x": 100_000, "y": 300}, steady(1000))
            wait_until(lambda count=count: motors.progress(0.01).made["x"] >= count)  # type: ignore[misc]
            motors.halt()
            halted_s = time.monotonic()
            told = finish(motors)
            assert (told.ending, told.abrupt) == (Ending.HALTED, False)
            assert sum(step.at_s > halted_s for step in steps_of(wire)) <= 1


def test_a_switch_stops_the_motion_towards_it(wire: Wire) -> None:
    with wire.motors(STEPDIR) as motors:
        motors.open()
        motors.begin_line({"x": -100_000}, steady(1000))
        wait_until(lambda: motors.progress(0.01).made["x"] <= -20)
        wire.drive(4, False)
        pressed_s = time.monotonic()
        assert finish(motors).ending is Ending.SWITCH
        # For 5 ms, it may be a bounce.
        late = [step.at_s - pressed_s for step in steps_of(wire) if step.at_s > pressed_s]
        assert len(late) >= 3
        assert line(motors, {"x": 5}).made == {"x": 5}


def test_thousands_of_half_steps_arrive_exactly(wire: Wire) -> None:
    with wire.motors(ULN2003) as motors:
        motors.open()
        start = len(wire.edges())
        line(motors, {"x": 2000})
        there = len(wire.edges())
        line(motors, {"x": -2000})
        edges = wire.edges()
        steps = steps_of(wire, ULN2003)
    states = dict.fromkeys(COILS_X.coil_pins, "0")
    seen = []
    for edge in edges[start:]:
        states[edge.line] = edge.state
        seen.append("".join(states.values()))
    # Each edge is one half step; only the first step turns on two coils.
    assert there - start == 2001
    assert seen == ["1000", *islice(cycle(FORWARD), 2000), *islice(cycle(FORWARD[6::-1] + FORWARD[7:]), 2000)]
    assert len(steps) == 4000
    assert min(gaps_s(steps)) >= 1 / 2000


def test_coils_are_off_when_released_and_when_closed(wire: Wire) -> None:
    pins = COILS_X.coil_pins
    with wire.motors(ULN2003) as motors:
        motors.open()
        line(motors, {"x": 11})
        assert [state_of(wire.edges(), pin) for pin in pins] == list(FORWARD[10 % 8])
        motors.release()
        wait_until(lambda: [state_of(wire.edges(), pin) for pin in pins] == list("0000"))
        line(motors, {"x": 1})
        before = len(wire.edges())
        motors.close()
        # Off, pulled down, and free when the process has ended.
        assert [state_of(wire.edges(), pin) for pin in pins] == list("ffff")
        assert {(pin, "d") for pin in pins} <= set(of_lines(wire.edges()[before:], *pins))


def test_the_driver_is_disabled_when_closed(wire: Wire) -> None:
    with wire.motors(STEPDIR) as motors:
        motors.open()
        assert state_of(wire.edges(), 22) == "1"
        line(motors, {"x": 3})
        motors.release()
        motors.at_switch("x")  # the answer comes after what was said before
        assert state_of(wire.edges(), 22) == "0"
        before = len(wire.edges())
        motors.close()
        # Driven off, and free only after that; then pulled off; free as the process ends.
        assert of_lines(wire.edges()[before:], 22) == [(22, "1"), (22, "f"), (22, "z"), (22, "f"), (22, "u"), (22, "f")]
        assert (17, "1") not in of_lines(wire.edges()[before:], 17)


def test_a_process_that_is_killed_is_told_with_all_its_steps_and_replaced(wire: Wire) -> None:
    with wire.motors(STEPDIR) as motors:
        motors.open()
        motors.begin_line({"x": 100_000, "y": 10_000}, steady(1000))
        told = [wait_until(lambda: (now := motors.progress(0.01)).made["x"] >= 20 and now)]
        os.kill(pid_of(motors), signal.SIGKILL)
        with pytest.raises(DeviceError, match=r"the motion process has ended \(signal 9\)"):
            wait_until(lambda: told.append(motors.progress(0.01)))
        made = [step for step in steps_of(wire) if step.direction > 0]
        # A step is counted just after it was made.
        assert len(made) - 1 <= told[-1].made["x"] <= len(made)
        motors.close()
        motors.open()
        assert line(motors, {"x": -7}).made == {"x": -7}


def test_a_process_that_is_stuck_is_told_and_killed(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    with wire.motors(STEPDIR) as motors:
        motors.open()
        monkeypatch.setattr(gpio_motors, "_ANSWER_S", 0.3)
        monkeypatch.setattr(process, "_END_S", 0.3)
        motors.begin_line({"x": 100_000}, steady(1000))
        pid = pid_of(motors)
        os.kill(pid, signal.SIGSTOP)
        with pytest.raises(DeviceTimeout, match="made no step for"):
            wait_until(lambda: motors.progress(0.05).ending)
        motors.close()
        assert not Path(f"/proc/{pid}").exists()


_PARENT = """
import sys
from hw.drivers.gpio.motors import GpioMotors
from tests.wire.test_wire_motors import ULN2003, steady
motors = GpioMotors(ULN2003)
motors.open()
motors.begin_line({"x": 1_000_000}, steady(500))
sys.stdout.write("stepping\\n")
sys.stdout.flush()
while True:
    motors.progress(1.0)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT], ids=["killed", "interrupted"])
def test_a_process_whose_parent_dies_stops_and_turns_its_motors_off(wire: Wire, number: int) -> None:
    environment = os.environ | wire.environment
    with subprocess.Popen(
        [sys.executable, "-c", _PARENT], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"stepping\n"
        wait_until(lambda: len(steps_of(wire, ULN2003)) > 20)
        parent.send_signal(number)
        parent.wait()
    wait_until(lambda: [state_of(wire.edges(), pin) for pin in COILS_X.coil_pins] == list("ffff"))
    edges = of_lines(wire.edges(), *COILS_X.coil_pins)
    # In order: off and pulled off before the lines went free.
    assert {(pin, "d") for pin in COILS_X.coil_pins} <= set(edges[-24:])
    assert len(steps_of(wire, ULN2003)) < 10_000


def test_the_process_is_punctual_as_far_as_it_may(wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    with wire.motors(STEPDIR) as motors:
        motors.open()
        real_time = os.sched_getscheduler(pid_of(motors)) == os.SCHED_FIFO
        assert real_time is ("SCHED_FIFO" not in caplog.text)
        told = len(caplog.records)
        motors.open()
        assert len(caplog.records) == told, "it is said once"


def test_switches_are_pulled_and_read(wire: Wire) -> None:
    with wire.motors(STEPDIR) as motors:
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
    with wire.motors(STEPDIR) as motors:
        with pytest.raises(DeviceError, match=r"stage\.x\.dir_pin cannot have GPIO 27.*busy"):
            motors.open()
        # What it had taken before is off again, and nothing else was touched.
        assert (22, "u") in of_lines(wire.edges(), 22)
        assert state_of(wire.edges(), 22) == "f"
        wire.free(27)
        motors.open()
        line(motors, {"x": 2})
        assert of_lines(wire.edges(), 17).count((17, "1")) == 2
