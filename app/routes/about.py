"""What the program is made of, over HTTP."""

import asyncio

from fastapi import APIRouter

from app.about import About, about


def about_routes() -> APIRouter:
    """``/api/about``."""
    router = APIRouter(prefix="/api", tags=["state"])

    @router.get("/about")
    async def tell() -> About:
        """The version, and the libraries in use with their versions and licences."""
        return await asyncio.to_thread(about)

    return router
