"""Who drives, over HTTP; a viewer has events for it as well."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict

from app.control import Control, ControlState
from app.people import Person
from app.routes.driving import caller_of


class Heir(BaseModel):
    """Who shall drive: a viewer's id, as ``waiting`` has them."""

    model_config = ConfigDict(extra="forbid")

    id: str


def control_routes(control: Control) -> APIRouter:
    """``/api/control``."""
    router = APIRouter(prefix="/api/control", tags=["control"])
    caller = caller_of(control)

    @router.get("")
    async def state() -> ControlState:
        """Who drives, and who wants to."""
        return control.state

    @router.post("/ask")
    async def ask(person: Annotated[Person, Depends(caller)]) -> ControlState:
        """Drive, or wait for it in the row; 409 for a program where somebody drives: it asks again."""
        control.ask(person)
        return control.state

    @router.post("/release")
    async def release(person: Annotated[Person, Depends(caller)]) -> ControlState:
        """Drive no more, or wait no more."""
        control.release(person)
        return control.state

    @router.post("/give")
    async def give(heir: Heir, person: Annotated[Person, Depends(caller)]) -> ControlState:
        """Let another viewer drive; 409 unless you do."""
        control.give(person, heir.id)
        return control.state

    return router
