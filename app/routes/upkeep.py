"""Backup, restore and restart over HTTP."""

import asyncio
import re
from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app.archive import MAX_ARCHIVE_BYTES
from app.backup import Backups, Restore

_ZIP = "application/zip"


class Restart(BaseModel):
    """What happens next."""

    status: str


def upkeep_routes(backups: Backups, restart: Callable[[], None]) -> APIRouter:
    """``/api/backup``, ``/api/restore``, ``/api/restart``."""
    router = APIRouter(prefix="/api", tags=["upkeep"])

    @router.get("/backup", response_class=Response, responses={200: {"content": {_ZIP: {}}}})
    async def backup(request: Request) -> Response:
        """Settings, calibration and rig in one zip; no pictures."""
        archive = await asyncio.to_thread(backups.make)
        # By the name that it was asked under: a container does not know its machine's.
        host = re.sub(r"[^A-Za-z0-9.-]", "-", request.url.hostname or "")
        name = f"eyepiece-{host}-{datetime.now():%Y-%m-%d}.zip"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return Response(archive, media_type=_ZIP, headers=headers)

    @router.post(
        "/restore",
        status_code=202,
        max_body_size=MAX_ARCHIVE_BYTES,
        openapi_extra={"requestBody": {"required": True, "content": {_ZIP: {}}}},
    )
    async def restore(request: Request) -> Restore:
        """Take back a backup, which is the body as it was downloaded; it is carried out at the next start.

        422 with what is wrong where the backup is damaged, not one, of another version, or its rig file would be
        refused; then nothing is changed.
        """
        return await asyncio.to_thread(backups.accept, await request.body())

    @router.post("/restart", status_code=202)
    async def restart_server() -> Restart:
        """End in order, as at a shutdown, and start anew: the rig file is read again."""
        restart()
        return Restart(status="restarting")

    return router
