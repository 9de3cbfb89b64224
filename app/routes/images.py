"""Stored pictures over HTTP."""

import asyncio

from fastapi import APIRouter
from fastapi.responses import FileResponse

from app.storage import Gallery, ImageRecord

_FOR_GOOD = {"Cache-Control": "private, max-age=31536000, immutable"}
"""A picture never changes under its name."""


def image_routes(gallery: Gallery) -> APIRouter:
    """``/api/images``."""
    router = APIRouter(prefix="/api/images", tags=["images"])

    @router.get("")
    async def images() -> list[ImageRecord]:
        """The facts of all pictures, the newest first."""
        return await asyncio.to_thread(gallery.list)

    @router.get("/{image_id}", response_class=FileResponse)
    async def image(image_id: str) -> FileResponse:
        """The picture itself."""
        record, path = await asyncio.to_thread(gallery.get, image_id)
        return FileResponse(
            path,
            media_type=record.media_type,
            filename=record.file_name,
            content_disposition_type="inline",
            headers=_FOR_GOOD,
        )

    @router.delete("/{image_id}", status_code=204)
    async def delete(image_id: str) -> None:
        """Delete the picture."""
        await asyncio.to_thread(gallery.delete, image_id)

    return router
