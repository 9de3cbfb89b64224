"""The lamp over HTTP."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from app.microscope import Microscope
from app.routes.driving import drives
from hw.light import ChannelChange
from hw.types import LightState


class LightSetting(BaseModel):
    """What the light shall do, and the main lamp; ``brightness`` from 0 to 1."""

    model_config = ConfigDict(extra="forbid")

    brightness: float = Field(ge=0, le=1)
    on: bool = True


class ChannelSetting(BaseModel):
    """What one channel shall do; what is not named stays as it is."""

    model_config = ConfigDict(extra="forbid")

    on: bool | None = None
    brightness: float | None = Field(default=None, ge=0, le=1)


class LightChange(BaseModel):
    """What to change. ``on`` switches the whole light: off, then on, lights what was lit. ``channels`` by their ids."""

    model_config = ConfigDict(extra="forbid")

    on: bool | None = None
    channels: dict[str, ChannelSetting] = {}


def light_routes(microscope: Microscope) -> APIRouter:
    """``/api/light``."""
    router = APIRouter(prefix="/api/light", tags=["light"])
    driving = [drives(microscope.control)]

    @router.get("")
    async def light() -> LightState:
        """What the light does, with each of its channels."""
        return microscope.rig.light.state

    @router.put("", dependencies=driving)
    async def put_light(setting: LightSetting) -> LightState:
        """Switch the light and dim the main lamp."""
        return await microscope.set_light(setting.on, setting.brightness)

    @router.patch("", dependencies=driving)
    async def change_light(change: LightChange) -> LightState:
        """Switch the light as a whole, then switch and dim single channels; the answer is what is in force."""
        channels = {name: ChannelChange(setting.on, setting.brightness) for name, setting in change.channels.items()}
        return await microscope.change_light(change.on, channels)

    return router
