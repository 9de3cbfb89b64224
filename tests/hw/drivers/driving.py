"""Driving motors to the end of a motion."""

from time import monotonic

from hw.protocols import MotorDriver
from hw.types import Pace, Progress, Steps
from tests.conftest import PATIENCE_S

FAST = Pace(2000, 2000, 1000)


def line(driver: MotorDriver, steps: Steps, pace: Pace = FAST) -> Progress:
    """Make a line to its end."""
    driver.begin_line(steps, pace)
    return finish(driver)


def finish(driver: MotorDriver) -> Progress:
    """Wait for the end of a motion."""
    limit_s = monotonic() + PATIENCE_S
    while (told := driver.progress(0.02)).ending is None:
        assert monotonic() < limit_s, f"the motion came no further than {told}"
    return told
