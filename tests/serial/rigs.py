"""A board of each kind, and the driver for it."""

from dataclasses import dataclass
from pathlib import Path

from hw.config import SangaboardAxis, SangaboardStage, Uc2Axis, Uc2Stage
from hw.drivers.serial.motors import BoardMotors
from hw.drivers.serial.sangaboard import Sangaboard
from hw.drivers.serial.uc2 import Uc2Board
from hw.types import AxisName, Ending, Pace, Progress, Steps
from tests.conftest import wait_until
from tests.serial.boards import Board, FarSangaboard, FarUc2

AXIS = {"um_per_step": 1.0, "min_um": -5000, "max_um": 5000, "max_speed_um_per_s": 1000}
GENTLE = Pace(1000, 1000, 1e6)
"""Needs no ramp."""
FAST = Pace(200, 2000, 8000)


def sangaboard_config(board: Board) -> SangaboardStage:
    """Axis y turned round, x and z swapped."""
    return SangaboardStage(
        driver="sangaboard",
        port=str(board.path),
        x=SangaboardAxis(**AXIS, motor="z"),
        y=SangaboardAxis(**AXIS, invert=True),
        z=SangaboardAxis(**AXIS, motor="x"),
    )


def uc2_config(board: Board) -> Uc2Stage:
    """Axis y turned round, z on motor A, a switch at the lower end of x."""
    return Uc2Stage(
        driver="uc2",
        port=str(board.path),
        x=Uc2Axis(**AXIS, switch_input=1),
        y=Uc2Axis(**AXIS, invert=True),
        z=Uc2Axis(**AXIS, motor="a"),
    )


@dataclass
class Rig:
    """A driver and the board at its far end."""

    motors: BoardMotors
    board: Board
    wiring: dict[AxisName, tuple[str, int]]

    def travelled(self) -> dict[AxisName, int]:
        """Where the motors really are, in the stage's directions."""
        counters = self.board.counters()
        return {axis: sign * counters[motor] for axis, (motor, sign) in self.wiring.items()}

    def progress_until(self, steps: int, axis: AxisName = "x") -> Progress:
        """Look after the motion under way until an axis has made so many steps."""

        def far_enough() -> Progress | None:
            progress = self.motors.progress(0.02)
            assert progress.ending is None
            return progress if abs(progress.made[axis]) >= steps else None

        progress: Progress = wait_until(far_enough, f"{steps} steps")
        return progress

    def ended(self) -> Progress:
        """Look after the motion under way until its end; what is told on the way is possible."""

        def over() -> Progress | None:
            progress = self.motors.progress(0.02)
            return progress if progress.ending else None

        progress: Progress = wait_until(over, "the motion's end")
        return progress

    def line(self, steps: Steps, pace: Pace = GENTLE) -> Progress:
        """A line, to its end."""
        self.motors.begin_line(steps, pace)
        return self.ended()

    def assert_true(self, progress: Progress, ending: Ending = Ending.DONE) -> None:
        """The motion ended so, and at the place that was told (of a motion that began at 0)."""
        assert progress.ending is ending
        assert progress.made == {axis: steps for axis, steps in self.travelled().items() if axis in progress.made}


def sangaboard_rig(folder: Path) -> Rig:
    """A Sangaboard."""
    board = FarSangaboard(folder)
    return Rig(Sangaboard(sangaboard_config(board)), board, {"x": ("z", 1), "y": ("y", -1), "z": ("x", 1)})


def uc2_rig(folder: Path) -> Rig:
    """A UC2-ESP32."""
    board = FarUc2(folder)
    return Rig(Uc2Board(uc2_config(board)), board, {"x": ("x", 1), "y": ("y", -1), "z": ("a", 1)})
