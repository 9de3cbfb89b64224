"""The lamp over HTTP."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from app.microscope import Microscope
from app.routes.driving import drives
from hw.types import LightState


class LightSetting(BaseModel):
    """What the lamp shall do; ``brightness`` from 0 to 1."""

    model_config = ConfigDict(extra="forbid")

    brightness: float = Field(ge=0, le=1)
    on: bool = True


def light_routes(microscope: Microscope) -> APIRouter:
    """``/api/light``."""
    router = APIRouter(prefix="/api/light", tags=["light"])
    driving = [drives(microscope.control)]

    @router.get("")
    async def light() -> LightState:
        """What the lamp does."""
        return microscope.rig.light.state

    @router.put("", dependencies=driving)
    async def put_light(setting: LightSetting) -> LightState:
        """Switch and dim the lamp."""
        return await microscope.set_light(setting.on, setting.brightness)

    return router
