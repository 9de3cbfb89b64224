"""Drivers that do at once what they are told, for tests of the device threads."""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

import numpy as np

from hw.config import AxisConfig
from hw.drivers.motion.engine import Engine
from hw.errors import DeviceError, DeviceTimeout
from hw.types import AxisName, CameraInfo, CameraSettings, Pace, Planes, Progress, Range, Shot, Steps, StillImage

AXES_CONFIG: dict[AxisName, AxisConfig] = {
    "x": AxisConfig(
        um_per_step=0.5, min_um=-100, max_um=100, max_speed_um_per_s=1000, start_speed_um_per_s=1000, backlash_um=5
    ),
    "y": AxisConfig(um_per_step=0.5, min_um=-100, max_um=100, max_speed_um_per_s=500, start_speed_um_per_s=500),
    "z": AxisConfig(
        um_per_step=0.1, min_um=-50, max_um=50, max_speed_um_per_s=100, start_speed_um_per_s=100, home_to="max"
    ),
}
"""Slow enough to go without ramps: a stop acts within a step."""


class Device:
    """What the fake drivers share: they can be broken, and remember who touched them."""

    simulated = False

    def __init__(self) -> None:
        self.broken = False
        self.opened = 0
        self.closed = 0
        self.touched_by: set[int] = set()

    def touch(self) -> None:
        self.touched_by.add(threading.get_ident())
        if self.broken:
            raise DeviceError("smoke comes out of it")

    def open(self) -> None:
        self.opened += 1
        self.touch()

    def close(self) -> None:
        self.closed += 1
        self.touched_by.add(threading.get_ident())


class FakeMotors(Device):
    """Motors that step without pause; ``hold_at`` makes them wait after so many steps for ``go_on``."""

    def __init__(self, switches: tuple[AxisName, ...] = ()) -> None:
        super().__init__()
        self.steps: dict[AxisName, int] = {"x": 0, "y": 0, "z": 0}
        self.moves: list[tuple[Steps, Pace]] = []
        self.steered: list[Steps] = []
        self.switches = switches
        self.switch_at: dict[AxisName, int] = {"x": -220, "y": -220, "z": 520}
        self.hold_at: int | None = None
        self.held = threading.Event()
        self.go_on = threading.Event()
        self.released = 0
        self._now_s = 0.0
        self._start: dict[AxisName, int] = {}
        self._told = -1
        self._orders: deque[Callable[[], None]] = deque()
        steppers = {axis: _FakeStepper(axis, self.steps) for axis in self.steps}
        ends = {axis: -1 if self.switch_at[axis] < 0 else 1 for axis in switches}
        self._engine = Engine(steppers, ends, self._pressed, lambda: self._now_s, lambda axis, direction: None)

    def begin_line(self, steps: Steps, pace: Pace, until: Mapping[AxisName, bool] = MappingProxyType({})) -> None:
        self._begin(steps, pace)
        self._engine.begin_line(steps, pace, until)

    def begin_jog(self, steps: Steps, paces: Mapping[AxisName, Pace]) -> None:
        self._begin(steps, paces["x"])
        self._engine.begin_jog(steps, paces)

    def _begin(self, steps: Steps, pace: Pace) -> None:
        self.touch()
        self.moves.append((dict(steps), pace))
        self._start = {axis: self.steps[axis] for axis in steps}
        self._told = -1
        self._orders.clear()

    def steer(self, steps: Steps) -> None:
        self.steered.append(dict(steps))
        self._orders.append(lambda: self._engine.steer(steps))

    def halt(self, at_once: bool = False) -> None:
        self._orders.append(self._engine.end if at_once else self._engine.halt)

    def progress(self, timeout_s: float) -> Progress:
        """One step further; before it waits, the steps made are told."""
        self.touch()
        made = {axis: self.steps[axis] - start for axis, start in self._start.items()}
        longest = max(map(abs, made.values()))
        if longest == self._told and longest == self.hold_at:
            self.held.set()
            assert self.go_on.wait(30)
        if longest == self._told or self.hold_at is None:
            while self._orders:
                self._orders.popleft()()
            if self._engine.ending is None:
                self._now_s = self._engine.due_s
                self._engine.advance()
            made = {axis: self.steps[axis] - start for axis, start in self._start.items()}
        self._told = max(map(abs, made.values()))
        ending = self._engine.ending if self._told == longest or self.hold_at is None else None
        return Progress(made, ending, self._engine.abrupt)

    def at_switch(self, axis: AxisName) -> bool | None:
        self.touch()
        return self._pressed(axis) if axis in self.switches else None

    def _pressed(self, axis: AxisName) -> bool:
        at = self.switch_at[axis]
        return self.steps[axis] <= at if at < 0 else self.steps[axis] >= at

    def release(self) -> None:
        if self.broken or self.closed >= self.opened:
            raise DeviceError("the motors are not open")
        self.released += 1


class _FakeStepper:
    def __init__(self, axis: AxisName, steps: dict[AxisName, int]) -> None:
        self._axis = axis
        self._steps = steps
        self._direction = 0

    def face(self, direction: int) -> None:
        self._direction = direction

    def step(self) -> None:
        self._steps[self._axis] += self._direction


class FakeLamp(Device):
    """A lamp that remembers what it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.brightness = 0.0

    def set_brightness(self, brightness: float) -> None:
        self.touch()
        self.brightness = brightness

    def close(self) -> None:
        super().close()
        self.brightness = 0.0


class FakeCamera(Device):
    """A camera that gives a picture for each ``trigger``."""

    def __init__(self) -> None:
        super().__init__()
        self.pictures = threading.Semaphore(0)
        self.info = CameraInfo("fake", False, 64, 48, 32, 16, exposure_us=Range(100, 50_000))
        self.settings = CameraSettings()
        self.asked_stills: list[tuple[float, bool]] = []
        self.count = 0
        self.lent = 0
        self.silent = False

    def open(self) -> CameraInfo:  # type: ignore[override]
        super().open()
        return self.info

    def trigger(self, pictures: int = 1) -> None:
        self.pictures.release(pictures)

    @contextmanager
    def frame(self, timeout_s: float) -> Iterator[Planes]:
        self.touch()
        assert 0 < timeout_s < 10
        assert self.pictures.acquire(timeout=30), "the test forgot to trigger the camera"
        if self.silent:
            raise DeviceTimeout("no picture came")
        self.count += 1
        self.lent += 1
        try:
            yield self.picture()
        finally:
            self.lent -= 1

    def picture(self) -> Planes:
        grey = np.full((16, 32), 100 + self.count % 100, np.uint8)
        chroma = np.full((8, 16), 128, np.uint8)
        return Planes(grey, chroma, chroma, self.shot())

    def shot(self) -> Shot:
        return Shot(1000.0 + self.count / 25, self.count / 25, self.settings.exposure_us)

    def still(self, not_before_s: float, raw: bool) -> StillImage:
        self.touch()
        self.asked_stills.append((not_before_s, raw))
        return StillImage(np.zeros((48, 64, 3), np.uint8), self.shot(), "fake")

    def apply(self, settings: CameraSettings) -> CameraSettings:
        self.touch()
        self.settings = settings
        return settings

    def autofocus(self) -> float:
        self.touch()
        return 2.5
