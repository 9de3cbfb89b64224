"""The camera over HTTP."""

from typing import Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from app.microscope import Microscope
from app.storage import ImageFormat, ImageRecord
from hw.types import CameraState


class CameraChange(BaseModel):
    """What to change; what is not named stays as it is."""

    model_config = ConfigDict(extra="forbid")

    exposure_us: int | None = Field(default=None, gt=0, le=600_000_000)
    gain: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    auto_exposure: bool | None = None
    jpeg_quality: int | None = Field(default=None, ge=1, le=100)


class StillRequest(BaseModel):
    """How to store a still."""

    model_config = ConfigDict(extra="forbid")

    format: ImageFormat = "jpeg"


def camera_routes(microscope: Microscope) -> APIRouter:
    """``/api/camera``."""
    router = APIRouter(prefix="/api/camera", tags=["camera"])

    @router.get("")
    async def camera() -> CameraState:
        """What the camera is, what it allows, what is set."""
        return microscope.rig.camera.state

    @router.patch("")
    async def change(change: CameraChange) -> CameraState:
        """Change settings; the answer holds those in force."""
        changes: dict[str, Any] = change.model_dump(exclude_none=True)
        return await microscope.change_camera(changes)

    @router.post("/still", status_code=201)
    async def still(response: Response, request: StillRequest | None = None) -> ImageRecord:
        """Take a picture at the sensor's full resolution and store it."""
        record = await microscope.still((request or StillRequest()).format)
        response.headers["Location"] = record.url
        return record

    return router
