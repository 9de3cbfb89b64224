"""The pages, their files, and the interactive documentation of the rest."""

import asyncio
import gzip

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import HTMLResponse
from starlette.routing import Route

from app.assets import Asset, page_assets
from app.html import Pages

_ASK = "no-cache"
"""Ask whether a file changed: under this name it may."""
_FOR_GOOD = "public, max-age=31536000, immutable"


def serve_page(app: FastAPI) -> list[bytes]:
    """``/``, ``/dashboard`` and ``/docs``, their files under ``/page``, ``/service-worker.js``; returns the HTML.

    All comes from here: a LAN may have no way out.
    """
    assets = page_assets()
    pages = Pages(assets)

    @app.get("/", include_in_schema=False)
    async def index(request: Request) -> Response:
        return _page(pages, "index.html", request)

    @app.get("/dashboard", include_in_schema=False)
    async def dashboard(request: Request) -> Response:
        return _page(pages, "dashboard.html", request)

    @app.get("/docs", include_in_schema=False)
    async def docs(request: Request) -> Response:
        return _page(pages, "docs.html", request)

    @app.get("/service-worker.js", include_in_schema=False)
    async def service_worker() -> Response:
        return Response(pages.service_worker(), media_type="text/javascript", headers={"Cache-Control": _ASK})

    async def file(request: Request) -> Response:
        found = assets.find(request.path_params["path"])
        if found is None:
            raise HTTPException(404, "the page has no such file")
        return await _file(*found, request)

    # Before all other routes, and not by FastAPI's own way: a page has a hundred files, and waits for them.
    app.router.routes.insert(0, Route("/page/{path:path}", file))
    return pages.all


def _page(pages: Pages, name: str, request: Request) -> Response:
    language = pages.choose_language(request.headers.get("accept-language", ""))
    body = pages.render(name, language)
    headers = {"Cache-Control": _ASK, "Vary": "Accept-Language, Accept-Encoding", "ETag": pages.etag(language)}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    if takes_gzip(request.headers.get("accept-encoding", "")):
        headers["Content-Encoding"] = "gzip"
        body = gzip.compress(body)
    return HTMLResponse(body, headers=headers)


async def _file(asset: Asset, for_good: bool, request: Request) -> Response:
    headers = {"Cache-Control": _FOR_GOOD if for_good else _ASK, "Vary": "Accept-Encoding", "ETag": asset.etag}
    if request.headers.get("if-none-match") == asset.etag:
        return Response(status_code=304, headers=headers)
    packed = asset.shrinks and takes_gzip(request.headers.get("accept-encoding", ""))
    if packed:
        headers["Content-Encoding"] = "gzip"
    body = asset.kept(packed) or await asyncio.to_thread(asset.body, packed)
    return Response(body, media_type=asset.media_type, headers=headers)


def takes_gzip(accepted: str) -> bool:
    """Whether an ``Accept-Encoding`` header (RFC 9110, 12.5.3) allows gzip."""
    weights = {}
    for part in accepted.lower().split(","):
        coding, *parameters = (piece.strip() for piece in part.split(";"))
        weights[coding] = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
    weight = weights.get("gzip", weights.get("*", "0"))
    return weight.replace(".", "").strip("0") != ""
