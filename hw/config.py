"""The rig file (``microscope.toml``): which devices there are and how they are wired."""

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from hw.errors import ConfigError
from hw.types import AXES, AxisName

Pin = Annotated[int, Field(ge=0, le=27)]
"""A GPIO line by its BCM number, as on the Raspberry Pi's 40-pin header."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class AxisConfig(_Table):
    """What every axis has, whatever drives it."""

    um_per_step: float = Field(gt=0)
    min_um: float
    max_um: float
    max_speed_um_per_s: float = Field(gt=0)
    backlash_um: float = Field(default=0.0, ge=0)
    """The screw's slack, or a little more: moves come to their target from below by at least this much."""
    home_to: Literal["min", "max"] = "min"
    """The end at which the limit switch sits."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min_um >= self.max_um:
            raise ValueError(f"min_um ({self.min_um:g}) must be below max_um ({self.max_um:g})")
        return self


class PinnedAxis(AxisConfig):
    """An axis on GPIO lines."""

    invert: bool = False
    """Turn the motor the other way for a positive step."""
    switch_pin: Pin | None = None
    switch_active_high: bool = False
    """Whether a pressed switch reads high; the line is pulled the other way."""


class StepDirAxis(PinnedAxis):
    """An axis on a STEP/DIR driver (A4988, DRV8825, TMC2209)."""

    step_pin: Pin
    dir_pin: Pin
    enable_pin: Pin | None = None
    """Active low, as these drivers have it."""


class CoilAxis(PinnedAxis):
    """An axis on a ULN2003 board (28BYJ-48): IN1 to IN4."""

    coil_pins: tuple[Pin, Pin, Pin, Pin]


class SimulatedAxis(AxisConfig):
    """An axis of the simulated stage; ``play_um`` is the true slack of its screw."""

    play_um: float = Field(default=0.0, ge=0)


class SimulatedCamera(_Table):
    """The simulated camera, looking at the procedural slide."""

    driver: Literal["simulated"]
    width: int = Field(default=1280, ge=160, le=1920, multiple_of=16)
    height: int = Field(default=720, ge=120, le=1080, multiple_of=8)
    fps: float = Field(default=30.0, ge=1, le=120)
    seed: int = Field(default=1, ge=0)


class Picamera(_Table):
    """A camera on the CSI connector, through Picamera2."""

    driver: Literal["picamera2"]
    auto_exposure: bool = True
    """Begin with automatic exposure, where the camera has it: nobody knows yet how bright the lamp is."""
    auto_white_balance: bool = True
    """Begin with automatic white balance, where the camera has it; one tap on a blank field is better."""
    index: int = Field(default=0, ge=0)
    tuning: str | None = Field(default=None, pattern=r"^[\w.-]+\.json$")
    """A tuning file in the data folder or among libcamera's; without it libcamera's own for sensor and board."""
    flat_shading: bool = False
    """Correct no lens shading: for a sensor whose own lens was taken off."""
    width: int = Field(default=1280, ge=160, le=1920, multiple_of=16)
    height: int = Field(default=720, ge=120, le=1080, multiple_of=8)
    fps: float = Field(default=30.0, ge=1, le=120)


class SimulatedStage(_Table):
    """The simulated stage."""

    driver: Literal["simulated"]
    x: SimulatedAxis
    y: SimulatedAxis
    z: SimulatedAxis


class StepDirStage(_Table):
    """A stage on STEP/DIR drivers; axes that are not named do not exist."""

    driver: Literal["stepdir"]
    x: StepDirAxis | None = None
    y: StepDirAxis | None = None
    z: StepDirAxis | None = None


class CoilStage(_Table):
    """A stage on ULN2003 boards; axes that are not named do not exist."""

    driver: Literal["uln2003"]
    x: CoilAxis | None = None
    y: CoilAxis | None = None
    z: CoilAxis | None = None


class SimulatedLight(_Table):
    """The simulated lamp."""

    driver: Literal["simulated"]
    initial: float = Field(default=0.5, ge=0, le=1)


class PwmLight(_Table):
    """A lamp on one PWM pin."""

    driver: Literal["pwm"]
    pin: Pin
    frequency_hz: int = Field(default=1000, ge=10, le=10_000)
    active_high: bool = True
    initial: float = Field(default=0.5, ge=0, le=1)


class Absent(_Table):
    """No such device."""

    driver: Literal["absent"] = "absent"


class Optics(_Table):
    """The objective in place and the sensor's scale."""

    objective: str = "10x"
    um_per_px: float = Field(default=0.25, ge=0.01, le=5)
    """Size of one pixel of the live picture on the specimen."""


class RigConfig(_Table):
    """The whole rig file. A device that is not named is absent."""

    camera: Annotated[SimulatedCamera | Picamera | Absent, Field(discriminator="driver")] = Absent()
    stage: Annotated[SimulatedStage | StepDirStage | CoilStage | Absent, Field(discriminator="driver")] = Absent()
    light: Annotated[SimulatedLight | PwmLight | Absent, Field(discriminator="driver")] = Absent()
    optics: Optics = Optics()


def axis_tables(stage: _Table) -> dict[AxisName, AxisConfig]:
    """The axes that a stage's configuration names."""
    found = {axis: getattr(stage, axis, None) for axis in AXES}
    return {axis: table for axis, table in found.items() if table is not None}


_SIMULATED_XY = SimulatedAxis(
    um_per_step=0.5, min_um=-10_000, max_um=10_000, max_speed_um_per_s=2000, backlash_um=8, play_um=6
)
_SIMULATED_Z = SimulatedAxis(
    um_per_step=0.1, min_um=-1000, max_um=1000, max_speed_um_per_s=500, backlash_um=2, play_um=1
)
SIMULATED_RIG = RigConfig(
    camera=SimulatedCamera(driver="simulated"),
    stage=SimulatedStage(driver="simulated", x=_SIMULATED_XY, y=_SIMULATED_XY, z=_SIMULATED_Z),
    light=SimulatedLight(driver="simulated"),
)
"""What ``--simulate`` serves: a 20 x 20 mm slide under a 10x objective."""


def load_rig(path: Path) -> RigConfig:
    """Read a rig file; raises ``ConfigError`` with file, line and what is allowed."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    try:
        rig = RigConfig.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error
    except ValidationError as error:
        raise ConfigError("\n".join(_explain(path, text, item) for item in error.errors())) from error
    owner: dict[int, str] = {}
    for where, pin in _pins(rig):
        if pin in owner:
            line = _line_of(text, where.split("."))
            raise ConfigError(f"{path}:{line}: {where}: GPIO {pin} is used already, by {owner[pin]}")
        owner[pin] = where
    return rig


def _pins(rig: RigConfig) -> list[tuple[str, int]]:
    """Every GPIO line that the rig uses, with the key that names it."""
    tables: list[tuple[str, BaseModel]] = [("light", rig.light)]
    tables += [(f"stage.{axis}", table) for axis, table in axis_tables(rig.stage).items()]
    found = []
    for where, table in tables:
        for name, value in table:
            if name.endswith(("pin", "pins")) and value is not None:
                pins = value if isinstance(value, tuple) else (value,)
                found += [(f"{where}.{name}", pin) for pin in pins]
    return found


def _explain(path: Path, text: str, item: Any) -> str:
    """One line for one of pydantic's findings: file, line, key, what is wrong, what is allowed."""
    keys, tables = _follow(item["loc"])
    message = item["msg"].removeprefix("Value error, ")
    if item["type"] == "extra_forbidden":
        message = f"unknown key; allowed are {', '.join(sorted({key for t in tables for key in t.model_fields}))}"
    elif item["type"].startswith("union_tag"):
        keys.append("driver")
        message = f"must be one of {', '.join(map(repr, map(_driver, tables)))}"
    where = ".".join(keys)
    return f"{path}:{_line_of(text, keys)}: {where + ': ' if where else ''}{message}"


def _follow(location: tuple[str | int, ...]) -> tuple[list[str], list[type[BaseModel]]]:
    """The keys of a finding as the file has them, and the kinds of table that the last of them can be in.

    Beside the file's keys, pydantic names the driver that it chose a table by.
    """
    keys: list[str] = []
    inner: list[type[BaseModel]] = [RigConfig]
    outer = inner
    for part in location:
        chosen = [table for table in inner if _driver(table) == part]
        if chosen:
            inner = chosen
            continue
        keys.append(str(part))
        outer = inner
        inner = [table for known in outer if part in known.model_fields for table in _tables_of(known, str(part))]
    return keys, inner or outer


def _tables_of(table: type[BaseModel], key: str) -> list[type[BaseModel]]:
    annotation = table.model_fields[key].annotation
    choices = get_args(annotation) or (annotation,)
    return [choice for choice in choices if isinstance(choice, type) and issubclass(choice, BaseModel)]


def _driver(table: type[BaseModel]) -> str | None:
    field = table.model_fields.get("driver")
    return None if field is None else str(get_args(field.annotation)[0])


def _line_of(text: str, keys: list[str]) -> int:
    """The line that sets ``keys``, else that of the nearest table around them, else 1."""
    table: list[str] = []
    best, best_depth = 1, 0
    for number, line in enumerate(text.splitlines(), start=1):
        if match := re.match(r"\s*\[([^\]]+)\]", line):
            table = [part.strip() for part in match[1].split(".")]
            path = table
        elif match := re.match(r"\s*([\w.-]+)\s*=", line):
            path = [*table, *match[1].split(".")]
        else:
            continue
        if path == keys[: len(path)] and len(path) > best_depth:
            best, best_depth = number, len(path)
    return best
