"""hw.stage: the position across shutdowns and faults"""

import pytest

from hw.errors import DeviceError, DeviceStopped
from hw.position import PositionFile
from hw.stage import Stage
from hw.types import Position, Status
from tests.conftest import PATIENCE_S, wait_until
from tests.hw.fakes import AXES_CONFIG, FakeMotors


def test_position_is_stored_at_shutdown(motors: FakeMotors, memory: PositionFile) -> None:
    stage = Stage(motors, AXES_CONFIG, memory)
    stage.start()
    wait_until(lambda: stage.state.status is Status.READY)
    stage.move({"x": 12}).result(PATIENCE_S)
    assert memory.load() == (Position(), False)  # as a power cut would leave it
    stage.close()
    assert stage.join(PATIENCE_S)
    assert memory.load() == (Position(12, 0, 0), True)
    assert motors.closed == 1


def test_position_is_stored_and_the_motors_released_after_a_rest(
    stage: Stage, motors: FakeMotors, memory: PositionFile
) -> None:
    stage.move({"x": 12}).result(PATIENCE_S)
    wait_until(lambda: memory.load() == (Position(12, 0, 0), True))
    wait_until(lambda: motors.released)


def test_shutdown_in_motion_stops_it_and_stores_where(motors: FakeMotors, memory: PositionFile) -> None:
    stage = Stage(motors, AXES_CONFIG, memory)
    stage.start()
    wait_until(lambda: stage.state.status is Status.READY)
    motors.hold_at = 8
    moving = stage.move({"x": 50})
    assert motors.held.wait(PATIENCE_S)
    stage.close()
    motors.go_on.set()
    assert stage.join(PATIENCE_S)
    with pytest.raises(DeviceStopped):
        moving.result(PATIENCE_S)
    assert memory.load() == (Position(4, 0, 0), True)


def test_failing_motors_are_shown_and_the_position_is_not_trusted(stage: Stage, motors: FakeMotors) -> None:
    faults: list[str] = []
    stage.failed.connect(faults.append)
    motors.broken = True
    with pytest.raises(DeviceError, match="smoke"):
        stage.move({"x": 10}).result(PATIENCE_S)
    state = wait_until(lambda: stage.state.status is Status.FAULT and stage.state)
    assert state.fault == "smoke comes out of it"
    assert not state.position_trusted
    # The status is there a moment before it is told.
    assert wait_until(lambda: faults) == ["smoke comes out of it"]
    with pytest.raises(DeviceError, match="smoke"):
        stage.move({"x": 10})


def test_shutdown_after_a_fault_stores_where_it_was_and_closes(motors: FakeMotors, memory: PositionFile) -> None:
    stage = Stage(motors, AXES_CONFIG, memory)
    stage.start()
    wait_until(lambda: stage.state.status is Status.READY)
    motors.hold_at = 21
    moving = stage.move({"x": 50})
    assert motors.held.wait(PATIENCE_S)
    motors.hold_at = None
    stage._driver.touch = lambda: (_ for _ in ()).throw(DeviceError("smoke"))  # type: ignore[attr-defined]
    motors.go_on.set()
    with pytest.raises(DeviceError):
        moving.result(PATIENCE_S)
    stage.close()
    assert stage.join(PATIENCE_S)
    assert memory.load() == (stage.position, False)
    assert stage.position.x_um >= 10.5
    assert motors.closed >= 2


def test_bug_in_a_motion_leaves_no_trust(motors: FakeMotors, memory: PositionFile) -> None:
    stage = Stage(motors, AXES_CONFIG, memory)
    stage.start()
    wait_until(lambda: stage.state.status is Status.READY)
    motors.begin_line = lambda *_: 1 / 0  # type: ignore[method-assign, assignment]
    with pytest.raises(ZeroDivisionError):
        stage.move({"x": 1}).result(PATIENCE_S)
    assert stage.join(PATIENCE_S)
    assert memory.load() == (Position(), False)
