"""What a rig file (``microscope.toml``) may say: which devices there are and how they are wired."""

import re
from dataclasses import replace
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from hw.types import AXES, AxisName, Pace

Pin = Annotated[int, Field(ge=0, le=27)]
"""A GPIO line by its BCM number, as on the Raspberry Pi's 40-pin header."""
COLOURS = {
    "white": "#ffffff",
    "warm-white": "#ffe0b8",
    "red": "#ff2818",
    "amber": "#ffa81c",
    "green": "#20e040",
    "cyan": "#20d8f0",
    "blue": "#3050ff",
    "violet": "#9020ff",
}
"""What lamps look like on a screen, by name."""


def _colour(value: str) -> str:
    colour = COLOURS.get(value, value.lower())
    if not re.fullmatch(r"#[0-9a-f]{6}", colour):
        told = 'must be "#rrggbb" or one of {choices}'
        raise PydanticCustomError("colour", told, {"choices": ", ".join(COLOURS)})
    return colour


Colour = Annotated[str, AfterValidator(_colour)]
"""A colour's name, or ``#rrggbb``, which is what becomes of it."""
MAX_PIN_STEPS_PER_S = 10_000
"""Beyond it the motion process would never sleep, and the kernel stops a real-time process that does not."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class AxisConfig(_Table):
    """What every axis has, whatever drives it."""

    um_per_step: float = Field(gt=0)
    min_um: float
    max_um: float
    max_speed_um_per_s: float = Field(gt=0)
    start_speed_um_per_s: float | None = Field(default=None, gt=0)
    """What the motor takes up and leaves at once and loses no step; a quarter of the top speed where not given."""
    acceleration_um_per_s2: float | None = Field(default=None, gt=0)
    """Between the two; where not given, the ramp to the top speed takes about 0.15 s."""
    backlash_um: float = Field(default=0.0, ge=0)
    """The screw's slack, or a little more: moves come to their target from below by at least this much."""
    home_to: Literal["min", "max"] = "min"
    """The end at which the limit switch sits."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min_um >= self.max_um:
            ends = {"min_um": f"{self.min_um:g}", "max_um": f"{self.max_um:g}"}
            raise PydanticCustomError("limits-order", "min_um ({min_um}) must be below max_um ({max_um})", ends)
        if self.start_speed_um_per_s is not None and self.start_speed_um_per_s > self.max_speed_um_per_s:
            speeds = {"start": f"{self.start_speed_um_per_s:g}", "top": f"{self.max_speed_um_per_s:g}"}
            told = "start_speed_um_per_s ({start}) must not be above max_speed_um_per_s ({top})"
            raise PydanticCustomError("speeds-order", told, speeds)
        return self

    @property
    def pace(self) -> Pace:
        """Its speeds in steps."""
        start = self.start_speed_um_per_s or self.max_speed_um_per_s / 4
        acceleration = self.acceleration_um_per_s2 or 5 * self.max_speed_um_per_s
        per_step = self.um_per_step
        return Pace(start / per_step, self.max_speed_um_per_s / per_step, acceleration / per_step)


class PinnedAxis(AxisConfig):
    """An axis on GPIO lines."""

    invert: bool = False
    """Turn the motor the other way for a positive step."""
    switch_pin: Pin | None = None
    switch_active_high: bool = False
    """Whether the switch's contact connects to 3.3 V and not to ground; the line is pulled the other way."""
    switch_normally_closed: bool = False
    """Whether a pressed switch opens its contact. A broken wire then counts as pressed."""
    switch_debounce_ms: float = Field(default=5.0, ge=0, le=200)
    """How long the contact must read the same before that is believed."""
    idle_off_s: float | None = Field(default=None, ge=0)
    """How long after its last step the motor's current goes off; never where not given."""

    @model_validator(mode="after")
    def _in_time(self) -> Self:
        if self.pace.top_steps_per_s > MAX_PIN_STEPS_PER_S:
            told = (
                "max_speed_um_per_s ({top}) in steps of um_per_step ({step}) is {rate} steps/s; "
                "on pins at most {most} are allowed"
            )
            figures = {"top": f"{self.max_speed_um_per_s:g}", "step": f"{self.um_per_step:g}"}
            rates = {"rate": f"{self.pace.top_steps_per_s:.0f}", "most": MAX_PIN_STEPS_PER_S}
            raise PydanticCustomError("too-fast", told, {**figures, **rates})
        return self


class StepDirAxis(PinnedAxis):
    """An axis on a STEP/DIR driver (A4988, DRV8825, TMC2209)."""

    step_pin: Pin
    dir_pin: Pin
    enable_pin: Pin | None = None
    """Active low, as these drivers have it. Mode pins are none of its business: wire them for the microsteps."""


class CoilAxis(PinnedAxis):
    """An axis on a ULN2003 board (28BYJ-48): IN1 to IN4."""

    coil_pins: tuple[Pin, Pin, Pin, Pin]
    idle_off_s: float | None = Field(default=1.0, ge=0)


class BoardAxis(AxisConfig):
    """An axis on a motor board at a serial line."""

    invert: bool = False
    """Turn the motor the other way for a positive step."""


class SangaboardAxis(BoardAxis):
    """An axis on a Sangaboard."""

    motor: Literal["x", "y", "z"] | None = None
    """The board's motor; that of the axis' own name where not given."""

    @property
    def pace(self) -> Pace:
        """Its speeds in steps. Where no start speed is given it goes without a ramp, as the board comes."""
        pace = super().pace
        return pace if self.start_speed_um_per_s else replace(pace, start_steps_per_s=pace.top_steps_per_s)


class Uc2Axis(BoardAxis):
    """An axis on a UC2-ESP32."""

    motor: Literal["a", "x", "y", "z"] | None = None
    """The board's motor; that of the axis' own name where not given."""
    switch_input: int | None = Field(default=None, ge=1, le=3)
    """The board's digital input that the limit switch is wired to."""
    switch_active_high: bool = True
    """Whether the input reads 1 while the switch is pressed."""


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


class _SerialStage(_Table):
    port: str | None = Field(default=None, min_length=1)
    """The serial port's path; where not given, the one that looks like such a board by its USB vendor."""
    baud: Literal[9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600] = 115200


class SangaboardStage(_SerialStage):
    """A stage on a Sangaboard; axes that are not named do not exist."""

    driver: Literal["sangaboard"]
    x: SangaboardAxis | None = None
    y: SangaboardAxis | None = None
    z: SangaboardAxis | None = None

    @property
    def axes(self) -> dict[AxisName, SangaboardAxis]:
        """The axes that are named."""
        named: dict[AxisName, SangaboardAxis | None] = {"x": self.x, "y": self.y, "z": self.z}
        return {axis: table for axis, table in named.items() if table is not None}


class Uc2Stage(_SerialStage):
    """A stage on a UC2-ESP32; axes that are not named do not exist."""

    driver: Literal["uc2"]
    x: Uc2Axis | None = None
    y: Uc2Axis | None = None
    z: Uc2Axis | None = None

    @property
    def axes(self) -> dict[AxisName, Uc2Axis]:
        """The axes that are named."""
        named: dict[AxisName, Uc2Axis | None] = {"x": self.x, "y": self.y, "z": self.z}
        return {axis: table for axis, table in named.items() if table is not None}


class PwmPin(_Table):
    """A line that dims a lamp by its pulses' width."""

    pin: Pin
    frequency_hz: int = Field(default=1000, ge=10, le=10_000)
    active_high: bool = True


class PwmLight(PwmPin):
    """A lamp on one PWM pin."""

    driver: Literal["pwm"]
    initial: float = Field(default=0.5, ge=0, le=1)


class LampChannel(_Table):
    """One of several lamps."""

    name: str | None = Field(default=None, min_length=1, max_length=40)
    """What people call it; its key in the file, capitalised, where not given."""
    colour: Colour = COLOURS["white"]
    initial: float = Field(default=0.0, ge=0, le=1)
    """Its brightness at start; 0 is off."""


class PwmChannel(PwmPin, LampChannel):
    """One of several lamps, on a PWM pin."""


ChannelId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]


class PwmChannels(_Table):
    """Lamps on a PWM pin each; the first is the main one."""

    driver: Literal["pwm-channels"]
    channels: dict[ChannelId, PwmChannel] = Field(min_length=1, max_length=8)


class SimulatedLight(_Table):
    """The simulated lamp, or several of them, which tint the picture; the first is the main one then."""

    driver: Literal["simulated"]
    initial: float = Field(default=0.5, ge=0, le=1)
    """Of a lamp without channels."""
    channels: dict[ChannelId, LampChannel] = Field(default={}, max_length=8)


class Absent(_Table):
    """No such device."""

    driver: Literal["absent"] = "absent"


class Optics(_Table):
    """The first objective and the sensor's scale through it; others are told on the page."""

    objective: str = "10x"
    um_per_px: float = Field(default=0.25, ge=0.01, le=5)
    """Size of one pixel of the live picture on the specimen; holds until somebody has measured another."""


class Faults(BaseModel):
    """Switches that break the simulated devices, one by one, at any time."""

    model_config = ConfigDict(extra="forbid", validate_assignment=True, allow_inf_nan=False)

    camera_silent: bool = False
    """No picture comes: ``frame`` runs into its timeout."""
    camera_unplugged: bool = False
    """Opening, streaming and stills raise ``DeviceError``."""
    frames_corrupt_fraction: float = Field(default=0.0, ge=0, le=1)
    """The part of all live pictures that come torn: not all of their rows are there."""
    stage_stalled: bool = False
    """The motors hum: steps are given and counted, nothing turns."""
    stage_hangs: bool = False
    """A motion that was begun makes no step and does not end."""
    stage_unplugged: bool = False
    """Opening and moving raise ``DeviceError``."""
    lost_step_fraction: float = Field(default=0.0, ge=0, le=1)
    """The part of all steps that is given and counted but not made."""
    light_unplugged: bool = False
    """Opening and setting the lamp raise ``DeviceError``."""
    thread_dies: Literal["camera", "stage", "light"] | None = None
    """This device's driver raises what nobody foresaw, the next time that it does anything."""
    disk_full: bool = False
    """The disk says that nothing is free."""
    clock_jump_s: float = Field(default=0.0, ge=-1e9, le=1e9)
    """How far the wall clock that pictures are stamped by is off."""


class RigConfig(_Table):
    """The whole rig file. A device that is not named is absent."""

    camera: Annotated[SimulatedCamera | Picamera | Absent, Field(discriminator="driver")] = Absent()
    stage: Annotated[
        SimulatedStage | StepDirStage | CoilStage | SangaboardStage | Uc2Stage | Absent,
        Field(discriminator="driver"),
    ] = Absent()
    light: Annotated[SimulatedLight | PwmLight | PwmChannels | Absent, Field(discriminator="driver")] = Absent()
    optics: Optics = Optics()
    faults: Faults | None = None
    """What the simulated devices fail in from the start."""

    @model_validator(mode="after")
    def _simulated(self) -> Self:
        devices = (self.camera.driver, self.stage.driver, self.light.driver)
        if self.faults is not None and "simulated" not in devices:
            raise PydanticCustomError("no-simulation", "faults are for simulated devices, and this rig has none")
        return self


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
