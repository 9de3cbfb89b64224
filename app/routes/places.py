"""Named places over HTTP."""

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict

from app.microscope import Microscope
from app.places import Name, Place, Spot
from app.routes.driving import drives
from hw.types import Position


class NewPlace(BaseModel):
    """A place to keep; without a position, where the stage is."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    position: Spot | None = None


class PlaceChange(BaseModel):
    """What to change of a place; what is not named stays as it is."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    position: Spot | None = None


def place_routes(microscope: Microscope) -> APIRouter:
    """``/api/places``. 404 for a place that there is not."""
    router = APIRouter(prefix="/api/places", tags=["places"])
    places = microscope.places

    @router.get("")
    async def all_places() -> tuple[Place, ...]:
        """All places, by name."""
        return places.all

    @router.post("", status_code=201)
    async def add(response: Response, new: NewPlace) -> Place:
        """Keep a place. 422 where there is one of that name, or where nothing says where it is."""
        place = await places.add(new.name, new.position or microscope.here())
        response.headers["Location"] = f"/api/places/{place.id}"
        return place

    @router.patch("/{place_id}")
    async def change(place_id: str, change: PlaceChange) -> Place:
        """Rename a place, or say that it is elsewhere."""
        return await places.change(place_id, change.name, change.position)

    @router.delete("/{place_id}", status_code=204)
    async def delete(place_id: str) -> None:
        """Forget a place."""
        await places.delete(place_id)

    @router.post("/{place_id}/go", dependencies=[drives(microscope.control)])
    async def go(place_id: str) -> Position:
        """Go there; answers and is refused as ``/api/stage/move``."""
        return await microscope.move(places.get(place_id).position.target(), relative=False)

    return router
