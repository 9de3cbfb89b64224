"""Steps on a GPIO line in a process that also encodes JPEG: ``python -m scripts.benchmarks.stepping WAY STEPS RATE``.

``motion process``: by the driver of the appliance. ``thread``: gpiozero's ``on`` and ``off`` in a thread of this
process, with a sleep of one period in between. Prints how many pictures were encoded meanwhile, and how the stepper was
scheduled.
"""

import os
import sys
import threading
import time
from typing import Any

import numpy as np
import simplejpeg
from gpiozero import OutputDevice

from hw.config import StepDirAxis, StepDirStage
from hw.drivers.gpio.motors import GpioMotors
from hw.types import Pace
from scripts.benchmarks.servers.control import tell

_AXIS = StepDirAxis(um_per_step=1, min_um=-1, max_um=1, max_speed_um_per_s=1000, step_pin=17, dir_pin=27)
_SIZE = (720, 1280)


class Encoder:
    """A thread that encodes the same picture again and again."""

    def __init__(self) -> None:
        self.pictures = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="encoder")

    def __enter__(self) -> "Encoder":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        picture = np.random.default_rng(1).integers(0, 256, (*_SIZE, 3), np.uint8)
        while not self._ended.is_set():
            simplejpeg.encode_jpeg(picture, quality=80)
            self.pictures += 1


def by_process(steps: int, rate_per_s: float) -> str:
    """Through the motion process; returns how that was scheduled."""
    motors = GpioMotors(StepDirStage(driver="stepdir", x=_AXIS))
    motors.open()
    link: Any = motors._link
    real_time = os.sched_getscheduler(link._process._child.pid) == os.SCHED_FIFO
    try:
        motors.begin_line({"x": steps}, Pace(rate_per_s, rate_per_s, 1))
        while (told := motors.progress(0.02)).ending is None:
            pass
        if told.made["x"] != steps:
            raise ValueError(f"told {told.made['x']} steps instead of {steps}")
    finally:
        motors.close()
    return "SCHED_FIFO" if real_time else "ordinary"


def by_thread(steps: int, rate_per_s: float) -> str:
    """In a thread, as one would at first."""

    def step() -> None:
        line = OutputDevice(17)
        for _ in range(steps):
            line.on()
            line.off()
            time.sleep(1 / rate_per_s)
        line.close()

    thread = threading.Thread(target=step, name="steps")
    thread.start()
    thread.join()
    return "ordinary"


def main() -> None:
    """Make the steps and tell."""
    way, steps, rate_per_s = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    with Encoder() as encoder:
        scheduling = (by_process if way == "motion process" else by_thread)(steps, rate_per_s)
    tell(pictures=encoder.pictures, scheduling=scheduling)


if __name__ == "__main__":
    main()
