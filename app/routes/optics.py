"""The objectives over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from app.control import Control
from app.objectives import Name, ObjectiveFacts
from app.optics import Nosepiece, Objective, OpticsState
from app.routes.driving import drives


class Choice(BaseModel):
    """The id of the objective that is in place now."""

    model_config = ConfigDict(extra="forbid")

    objective: Annotated[str, Field(max_length=60)]


class ObjectiveChange(ObjectiveFacts):
    """What to change; what is not named stays as it is. ``null`` takes a figure back."""

    name: Name = ""
    magnification: float = Field(default=1, ge=0.1, le=1000)


def optics_routes(nosepiece: Nosepiece, control: Control) -> APIRouter:
    """``/api/optics``. 404 for an objective that there is not; 422 says what is allowed."""
    router = APIRouter(prefix="/api/optics", tags=["optics"])

    @router.get("")
    async def optics() -> OpticsState:
        """The objectives and the one in place. ``um_per_px`` is a sensor's pixel on the specimen."""
        return nosepiece.state

    @router.patch("", dependencies=[drives(control)])
    async def choose(choice: Choice) -> OpticsState:
        """Say which objective is in place. Pixel size, steps and what stills say of themselves follow."""
        return await nosepiece.choose(choice.objective)

    @router.post("/objectives", status_code=201)
    async def add(response: Response, facts: ObjectiveFacts) -> Objective:
        """Add an objective."""
        added = await nosepiece.add(facts)
        response.headers["Location"] = f"/api/optics/objectives/{added.id}"
        return added

    @router.patch("/objectives/{objective_id}")
    async def change(objective_id: str, change: ObjectiveChange) -> Objective:
        """Change facts of an objective, the pixel's size as it was measured, say."""
        changes: dict[str, Any] = change.model_dump(exclude_unset=True)
        return await nosepiece.change(objective_id, changes)

    @router.delete("/objectives/{objective_id}", status_code=204)
    async def remove(objective_id: str) -> None:
        """Remove an objective that is not in place."""
        await nosepiece.remove(objective_id)

    return router
