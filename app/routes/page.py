"""The pages, and the interactive documentation of the rest."""

from pathlib import Path
from typing import Any

from fastapi import FastAPI, Response
from fastapi.responses import FileResponse
from starlette.staticfiles import StaticFiles

_FOLDER = Path(__file__).resolve().parents[1] / "page"
_REVALIDATE = {"Cache-Control": "no-cache"}
"""Ask whether a file changed, so that no browser mixes the page's modules of two versions."""


class _PageFiles(StaticFiles):
    def file_response(self, *arguments: Any, **options: Any) -> Response:
        response = super().file_response(*arguments, **options)
        response.headers.update(_REVALIDATE)
        return response


def serve_page(app: FastAPI) -> list[bytes]:
    """``/``, ``/dashboard`` and ``/docs``, their files under ``/page``; returns the HTML that is served.

    All comes from here: a LAN may have no way out.
    """

    @app.get("/", include_in_schema=False)
    async def page() -> FileResponse:
        return FileResponse(_FOLDER / "index.html", headers=_REVALIDATE)

    @app.get("/dashboard", include_in_schema=False)
    async def dashboard() -> FileResponse:
        return FileResponse(_FOLDER / "dashboard.html", headers=_REVALIDATE)

    @app.get("/docs", include_in_schema=False)
    async def docs() -> FileResponse:
        return FileResponse(_FOLDER / "docs.html", headers=_REVALIDATE)

    app.mount("/page", _PageFiles(directory=_FOLDER))
    return [path.read_bytes() for path in _FOLDER.glob("*.html")]
