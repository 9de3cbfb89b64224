"""Drivers that do at once what they are told, for tests of the device threads."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from hw.config import AxisConfig
from hw.errors import DeviceError, DeviceTimeout
from hw.types import AxisName, CameraInfo, CameraSettings, Planes, Range, Shot, Steps, StillImage

AXES_CONFIG: dict[AxisName, AxisConfig] = {
    "x": AxisConfig(um_per_step=0.5, min_um=-100, max_um=100, max_speed_um_per_s=1000, backlash_um=5),
    "y": AxisConfig(um_per_step=0.5, min_um=-100, max_um=100, max_speed_um_per_s=500),
    "z": AxisConfig(um_per_step=0.1, min_um=-50, max_um=50, max_speed_um_per_s=100, home_to="max"),
}


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
        self.moves: list[tuple[Steps, float]] = []
        self.switches = switches
        self.switch_at: dict[AxisName, int] = {"x": -220, "y": -220, "z": 520}
        self.hold_at: int | None = None
        self.held = threading.Event()
        self.go_on = threading.Event()
        self.released = 0

    def move(self, steps: Steps, steps_per_s: float, stop: Callable[[], bool], moved: Callable[[Steps], None]) -> None:
        self.moves.append((dict(steps), steps_per_s))
        longest = max(abs(count) for count in steps.values())
        for n in range(1, longest + 1):
            self.touch()
            if n - 1 == self.hold_at:
                self.held.set()
                assert self.go_on.wait(30)
            if stop():
                return
            made: Steps = {}
            for axis, count in steps.items():
                due = round(n * count / longest) - round((n - 1) * count / longest)
                if due:
                    made[axis] = due
                    self.steps[axis] += due
            moved(made)

    def at_switch(self, axis: AxisName) -> bool | None:
        self.touch()
        if axis not in self.switches:
            return None
        at = self.switch_at[axis]
        return self.steps[axis] <= at if at < 0 else self.steps[axis] >= at

    def release(self) -> None:
        if self.broken or self.closed >= self.opened:
            raise DeviceError("the motors are not open")
        self.released += 1


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
