"""How the microscope is."""

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app.access import Access, of_scope
from app.encoding import to_json
from app.microscope import Microscope


class Health(BaseModel):
    """Which of the device threads run and are not stuck. A device that fails is in the state, not here.

    ``status`` is ``ok``, ``failed``, or ``rig-refused`` where the rig file is wrong and so every device absent.
    """

    status: str
    threads: dict[str, bool]


def state_routes(microscope: Microscope, access: Access) -> APIRouter:
    """``/healthz`` for the supervisor, ``/api/state`` for everybody."""
    router = APIRouter(tags=["state"])

    @router.get("/healthz", responses={503: {"model": Health}})
    async def health(response: Response) -> Health:
        """200 while every thread runs, else 503. Also with a rig file that is wrong: starting anew mends none."""
        threads = {worker.name: worker.alive and not worker.stuck for worker in microscope.rig.workers}
        status = "rig-refused" if microscope.rig.mistakes else "ok"
        if not all(threads.values()):
            response.status_code = 503
            status = "failed"
        return Health(status=status, threads=threads)

    @router.get("/api/state")
    async def state(request: Request) -> Any:
        """All that is known of camera, stage, lamp and optics, and who asks."""
        state = {**microscope.state(), "access": access.section(of_scope(request.scope))}
        return Response(to_json(state), media_type="application/json")

    return router
