"""A stage on motors that step at once, so that each rule can be looked at by itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hw.position import PositionFile
from hw.stage import Stage
from hw.types import Position, Status
from tests.conftest import PATIENCE_S, wait_until
from tests.hw.fakes import AXES_CONFIG, FakeMotors


@pytest.fixture
def motors() -> FakeMotors:
    return FakeMotors(switches=("x", "z"))


@pytest.fixture
def memory(tmp_path: Path) -> PositionFile:
    memory = PositionFile(tmp_path / "position.json")
    memory.settle(Position(), trusted=True)
    return memory


@pytest.fixture
def stage(motors: FakeMotors, memory: PositionFile) -> Iterator[Stage]:
    stage = Stage(motors, AXES_CONFIG, memory)
    stage.start()
    wait_until(lambda: stage.state.status is Status.READY)
    yield stage
    motors.go_on.set()
    stage.close()
    assert stage.join(PATIENCE_S)
