"""The camera over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from app.microscope import Microscope
from app.overlay import Overlay
from app.routes.driving import drives
from app.storage import ImageRecord
from hw.types import CameraState, StillFormat, Zoom

Number = Annotated[float, Field(allow_inf_nan=False)]


class ZoomChange(BaseModel):
    """The part of the field to show, in fractions of the whole: its left and top edge, and its side."""

    model_config = ConfigDict(extra="forbid")

    x: Number
    y: Number
    size: Annotated[Number, Field(gt=0, le=1)]


class CameraChange(BaseModel):
    """What to change; what is not named stays as it is. ``GET /api/camera`` has the ranges under ``info``."""

    model_config = ConfigDict(extra="forbid")

    exposure_us: int | None = Field(default=None, gt=0, le=600_000_000)
    gain: Number | None = Field(default=None, gt=0)
    auto_exposure: bool | None = None
    jpeg_quality: int | None = Field(default=None, ge=1, le=100)
    auto_white_balance: bool | None = None
    red_gain: Number | None = Field(default=None, gt=0)
    blue_gain: Number | None = Field(default=None, gt=0)
    fps: Number | None = Field(default=None, gt=0)
    zoom: ZoomChange | None = None
    lens_dioptres: Number | None = Field(default=None, ge=0)
    stream_height: int | None = Field(default=None, gt=0)


class StillRequest(BaseModel):
    """How to store a still; ``info.still_formats`` of the camera has what there is."""

    model_config = ConfigDict(extra="forbid")

    format: StillFormat = "jpeg"
    overlay: Overlay | None = None
    """What to draw into a copy; the still itself stays as it was taken."""


def camera_routes(microscope: Microscope) -> APIRouter:
    """``/api/camera``."""
    router = APIRouter(prefix="/api/camera", tags=["camera"])
    driving = [drives(microscope.control)]

    @router.get("")
    async def camera() -> CameraState:
        """What the camera is, what it allows, what is set."""
        return microscope.rig.camera.state

    @router.patch("", dependencies=driving)
    async def change(change: CameraChange) -> CameraState:
        """Change settings; the answer holds those in force, as a picture tells them. They outlive a restart."""
        changes: dict[str, Any] = change.model_dump(exclude_none=True)
        if change.zoom is not None:
            changes["zoom"] = Zoom(**change.zoom.model_dump())
        return await microscope.change_camera(changes)

    @router.post("/reset", dependencies=driving)
    async def reset() -> CameraState:
        """Set everything as the rig file has it."""
        return await microscope.reset_camera()

    @router.post("/white-balance", dependencies=driving)
    async def white_balance() -> CameraState:
        """Make what is seen grey, and keep it so: for a blank, evenly lit place of the slide."""
        return await microscope.white_balance()

    @router.post("/autofocus", dependencies=driving)
    async def autofocus() -> CameraState:
        """Focus the camera's own lens, where it has one, and keep it there. (The stage's focus is another thing.)"""
        return await microscope.autofocus()

    @router.post("/still", status_code=201)
    async def still(response: Response, request: StillRequest | None = None) -> ImageRecord:
        """Take a picture at the sensor's full resolution, begun after the request, and store it."""
        asked = request or StillRequest()
        record = await microscope.still(asked.format, asked.overlay)
        response.headers["Location"] = record.url
        return record

    return router
