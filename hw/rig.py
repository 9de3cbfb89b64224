"""From the configuration to the device threads: real, simulated and absent devices are all drivers."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hw.camera import Camera
from hw.camera_file import CameraFile
from hw.config import (
    Absent,
    CoilStage,
    Faults,
    LampChannel,
    Optics,
    Picamera,
    PwmChannels,
    PwmLight,
    RigConfig,
    SangaboardStage,
    SimulatedCamera,
    SimulatedLight,
    SimulatedStage,
    StepDirStage,
    Uc2Stage,
    axis_tables,
)
from hw.drivers.absent import AbsentCamera, AbsentLamp, AbsentMotors
from hw.drivers.gpio.lamp import PwmLamp
from hw.drivers.gpio.motors import GpioMotors
from hw.drivers.picamera.driver import Picamera2Driver
from hw.drivers.serial.sangaboard import Sangaboard
from hw.drivers.serial.uc2 import Uc2Board
from hw.drivers.simulated.camera import SimulatedCameraDriver
from hw.drivers.simulated.lamp import SimulatedLamp
from hw.drivers.simulated.motors import SimulatedMotors
from hw.drivers.simulated.world import World
from hw.errors import Mistake
from hw.light import Lamp, Light
from hw.position import PositionFile
from hw.protocols import CameraDriver, LightDriver, MotorDriver
from hw.stage import Stage
from hw.types import CameraSettings, Position
from hw.worker import Worker


@dataclass(frozen=True, slots=True)
class Rig:
    """The three device threads of one microscope, and what its optics are."""

    camera: Camera
    stage: Stage
    light: Light
    optics: Optics
    world: World | None
    """What is truly so, where a device is simulated."""
    live_size: tuple[int, int] | None
    """Width and height of the live picture that ``optics`` speaks of; ``None`` where there is no camera."""
    simulated: tuple[str, ...]
    """Names of the devices that are simulated; a viewer is always told."""
    magnify: Callable[[float], None] | None = None
    """Put an objective in place that magnifies so many times as much as that of ``optics``: in a simulation alone.

    Elsewhere it is done by hand."""
    mistakes: tuple[Mistake, ...] = ()
    """What is wrong with the rig file; then every device is absent."""

    @property
    def workers(self) -> tuple[Worker, ...]:
        """In the order in which they are shut down: motion first, then the lamp, then the camera."""
        return (self.stage, self.light, self.camera)

    def start(self) -> None:
        """Start all device threads; each opens its device by itself and reports how that went."""
        for worker in self.workers:
            worker.start()

    def close(self) -> None:
        """Tell all device threads to end: the position is stored, the lamp dark, the camera free. Does not wait."""
        for worker in self.workers:
            worker.close()

    def join(self, timeout_s: float) -> list[str]:
        """Wait for their ends, ``timeout_s`` in all; returns the names of those that still run then."""
        deadline = time.monotonic() + timeout_s
        return [w.name for w in self.workers if not w.join(max(0.0, deadline - time.monotonic()))]


def build_rig(config: RigConfig, data: Path) -> Rig:
    """Make the device threads (not started) that ``config`` names; the stage's position is kept in ``data``."""
    simulated_stage = isinstance(config.stage, SimulatedStage)
    # A file of its own: a simulation beside a real rig must not change where the real stage believes to be.
    memory = PositionFile(data / ("position-simulated.json" if simulated_stage else "position.json"))
    if simulated_stage and not memory.exists():
        # A simulated stage is put together at its origin: nothing is in doubt.
        memory.settle(Position(), trusted=True)
    start, _ = memory.load()
    world = World(start.x_um, start.y_um, start.z_um, faults=(config.faults or Faults()).model_copy())
    stage = Stage(_motors(config.stage, world), axis_tables(config.stage), memory)
    has_stage = not isinstance(config.stage, Absent)
    devices = {"camera": config.camera, "stage": config.stage, "light": config.light}
    simulated = tuple(name for name, device in devices.items() if device.driver == "simulated")
    return Rig(
        camera=Camera(
            _camera(config, world, data),
            lambda: stage.position if has_stage else None,
            _first_settings(config.camera),
            CameraFile(data),
        ),
        stage=stage,
        light=Light(_lamps(config.light, world)),
        optics=config.optics,
        live_size=None if isinstance(config.camera, Absent) else (config.camera.width, config.camera.height),
        magnify=world.magnify if isinstance(config.camera, SimulatedCamera) else None,
        world=world if simulated else None,
        simulated=simulated,
    )


def refused_rig(mistakes: tuple[Mistake, ...], data: Path) -> Rig:
    """The device threads for a rig file that is wrong: all absent, none opened, each saying why.

    Half of a rig is no rig: a stage whose lamp has a wrong pin may have wrong limits as well.
    """
    first = str(mistakes[0]) + (f" (and {len(mistakes) - 1} more)" if len(mistakes) > 1 else "")
    why = f"the rig file is wrong, so nothing is driven: {first}"
    return Rig(
        camera=Camera(AbsentCamera(why), lambda: None, CameraSettings(), CameraFile(data)),
        stage=Stage(AbsentMotors(why), {}, PositionFile(data / "position.json")),
        light=Light([Lamp(AbsentLamp(why), 0.0)]),
        optics=Optics(),
        world=None,
        live_size=None,
        simulated=(),
        mistakes=mistakes,
    )


def _first_settings(config: SimulatedCamera | Picamera | Absent) -> CameraSettings:
    match config:
        case SimulatedCamera():
            return CameraSettings(fps=config.fps)
        case Picamera():
            return CameraSettings(
                fps=config.fps,
                auto_exposure=config.auto_exposure,
                auto_white_balance=config.auto_white_balance,
            )
        case Absent():
            return CameraSettings()


def _camera(config: RigConfig, world: World, data: Path) -> CameraDriver:
    match config.camera:
        case SimulatedCamera():
            return SimulatedCameraDriver(config.camera, config.optics, world)
        case Picamera():
            return Picamera2Driver(config.camera, data)
        case Absent():
            return AbsentCamera()


def _motors(
    config: SimulatedStage | StepDirStage | CoilStage | SangaboardStage | Uc2Stage | Absent,
    world: World,
) -> MotorDriver:
    match config:
        case SimulatedStage():
            return SimulatedMotors(config, world)
        case StepDirStage() | CoilStage():
            return GpioMotors(config)
        case SangaboardStage():
            return Sangaboard(config)
        case Uc2Stage():
            return Uc2Board(config)
        case Absent():
            return AbsentMotors()


def _lamps(config: SimulatedLight | PwmLight | PwmChannels | Absent, world: World) -> list[Lamp]:
    match config:
        case SimulatedLight() if not config.channels:
            return [Lamp(SimulatedLamp(world), config.initial)]
        case SimulatedLight():
            return [
                _channel(name, table, SimulatedLamp(world, name, table.colour))
                for name, table in config.channels.items()
            ]
        case PwmLight():
            return [Lamp(PwmLamp(config), config.initial)]
        case PwmChannels():
            return [
                _channel(name, table, PwmLamp(table, f"light.channels.{name}"))
                for name, table in config.channels.items()
            ]
        case Absent():
            return [Lamp(AbsentLamp(), 0.0)]


def _channel(name: str, table: LampChannel, driver: LightDriver) -> Lamp:
    return Lamp(driver, table.initial, name, table.name or name.capitalize(), table.colour)
