"""How the microscope is."""

from typing import Any

from fastapi import APIRouter, Response
from pydantic import BaseModel

from app.encoding import to_json
from app.microscope import Microscope


class Health(BaseModel):
    """Which of the device threads run and are not stuck. A device that fails is in the state, not here."""

    status: str
    threads: dict[str, bool]


def state_routes(microscope: Microscope) -> APIRouter:
    """``/healthz`` for the supervisor, ``/api/state`` for everybody."""
    router = APIRouter(tags=["state"])

    @router.get("/healthz", responses={503: {"model": Health}})
    async def health(response: Response) -> Health:
        """200 while every thread runs, else 503."""
        threads = {worker.name: worker.alive and not worker.stuck for worker in microscope.rig.workers}
        if not all(threads.values()):
            response.status_code = 503
        return Health(status="ok" if all(threads.values()) else "failed", threads=threads)

    @router.get("/api/state")
    async def state() -> Any:
        """All that is known of camera, stage, lamp and optics."""
        return Response(to_json(microscope.state()), media_type="application/json")

    return router
