"""Motors of boards at a serial line, and the boards' own counters as their witnesses."""

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from hw.types import AxisName
from tests.contracts.benches import MotorBench
from tests.serial.boards import FarUc2
from tests.serial.rigs import Rig, sangaboard_rig, uc2_rig


@dataclass
class _BoardBench(MotorBench):
    rig: Rig

    def press(self) -> None:
        assert isinstance(self.rig.board, FarUc2)
        self.rig.board.inputs[1] = 1

    press_under_way = press

    @property
    def travelled(self) -> dict[AxisName, int]:
        return self.rig.travelled()


def board_motors(kind: str, folder: Path, stack: ExitStack) -> MotorBench:
    """A Sangaboard or a UC2-ESP32."""
    if kind == "sangaboard":
        rig = sangaboard_rig(folder)
        bench = _BoardBench(rig.motors, "x", rig, has_switch=False, ramps_down=False, jogs_apart=False)
    else:
        rig = uc2_rig(folder)
        bench = _BoardBench(rig.motors, "z", rig)
    stack.callback(rig.board.unplug)
    return bench
