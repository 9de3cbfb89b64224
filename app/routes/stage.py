"""The stage over HTTP."""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from app.microscope import Microscope
from app.routes.driving import drives
from hw.axes import Target
from hw.stage import Landmark
from hw.types import AxisName, Position, StageState

Micrometres = Annotated[float, Field(allow_inf_nan=False)]


class Coordinates(BaseModel):
    """Micrometres along the axes that are named."""

    model_config = ConfigDict(extra="forbid")

    x_um: Micrometres | None = None
    y_um: Micrometres | None = None
    z_um: Micrometres | None = None

    def target(self) -> Target:
        """The named axes alone."""
        named: dict[AxisName, float | None] = {"x": self.x_um, "y": self.y_um, "z": self.z_um}
        return {axis: um for axis, um in named.items() if um is not None}


class Move(Coordinates):
    """A place to go to, or with ``relative`` a distance to go."""

    relative: bool = False


class Home(BaseModel):
    """The axes to home; without them, all that have a limit switch."""

    model_config = ConfigDict(extra="forbid")

    axes: tuple[AxisName, ...] | None = None


class Place(BaseModel):
    """What the axes that are named stand at: micrometres, or ``min`` or ``max`` for a soft limit."""

    model_config = ConfigDict(extra="forbid")

    x_um: Micrometres | Literal["min", "max"] | None = None
    y_um: Micrometres | Literal["min", "max"] | None = None
    z_um: Micrometres | Literal["min", "max"] | None = None

    def landmarks(self) -> dict[AxisName, Landmark]:
        """The named axes alone."""
        named: dict[AxisName, Landmark | None] = {"x": self.x_um, "y": self.y_um, "z": self.z_um}
        return {axis: landmark for axis, landmark in named.items() if landmark is not None}


class JogTarget(BaseModel):
    """Where a jog will end if it is not pushed on."""

    target: Position


def stage_routes(microscope: Microscope) -> APIRouter:
    """``/api/stage``. While the stage moves, or somebody else drives, motions are refused with 409; a stop never is."""
    router = APIRouter(prefix="/api/stage", tags=["stage"])
    driving = [drives(microscope.control)]

    @router.get("")
    async def stage() -> StageState:
        """Where the stage is and what it can do."""
        return microscope.rig.stage.state

    @router.post("/move", dependencies=driving)
    async def move(move: Move) -> Position:
        """Go to a place; answers with the final position when the stage has come to rest.

        422 with the limits when the place lies outside them; 409 when the stage is busy, or was stopped on the way.
        """
        return await microscope.move(move.target(), move.relative)

    @router.post("/jog", status_code=202, dependencies=driving)
    async def jog(distance: Coordinates) -> JogTarget:
        """Push the stage along by a distance, held within the limits; answers at once with the new target.

        Push again before it arrives and it goes on smoothly; cease and it comes to rest by itself. A program that says
        nothing for 10 s is taken for gone, and what it began ends.
        """
        return JogTarget(target=microscope.jog(distance.target()))

    @router.post("/stop")
    async def stop() -> Position:
        """Stop any motion: within one step, or along its ramp where an axis would lose steps by that."""
        return microscope.stop()

    @router.post("/emergency-stop")
    async def emergency_stop() -> Position:
        """Let no step follow on any axis. Where that was faster than a ramp, the position is uncertain afterwards."""
        return microscope.emergency_stop()

    @router.post("/home", dependencies=driving)
    async def home(home: Home | None = None) -> Position:
        """Drive to the limit switches and set the position there; answers when done."""
        return await microscope.home((home or Home()).axes)

    @router.post("/set-position", dependencies=driving)
    async def set_position(place: Place) -> Position:
        """Say where the stage stands: homing by eye, at a mechanical end or a landmark that you drove to.

        The coordinates of these axes are trusted from then on.
        """
        return await microscope.set_position(place.landmarks())

    return router
