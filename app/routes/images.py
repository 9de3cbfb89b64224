"""Stored pictures over HTTP."""

import unicodedata
from typing import Annotated, Any, Self

from fastapi import APIRouter, Query, Response
from fastapi.responses import FileResponse, StreamingResponse
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from app.album import Album, Deletion, Page, Restoration
from app.encoding import to_json
from app.file_names import download_name
from app.storage import ImageRecord
from hw.errors import NotFound

_FOR_GOOD = {"Cache-Control": "private, max-age=31536000, immutable"}
"""A picture never changes under its name."""
_ASK_AGAIN = {"Cache-Control": "private, no-cache"}
_ZIP = "application/zip"
_JPEG: dict[int | str, dict[str, Any]] = {200: {"content": {"image/jpeg": {}}}}
_MAX_IDS = 20_000
Offset = Annotated[int, Query(ge=0, le=10_000_000)]
_MAX_BODY_BYTES = 1_000_000
"""A list of as many names."""


def _line(text: str) -> str:
    """One line, trimmed. Raises ``ValueError`` for what has control characters in it."""
    if _has_controls(text):
        raise PydanticCustomError("title-controls", "a title is one line, without control characters")
    return text.strip()


def _lines(text: str) -> str:
    """Lines, trimmed, broken as Unix does. Raises ``ValueError`` for what has other control characters in it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    if _has_controls(lines.replace("\n", "").replace("\t", "")):
        raise PydanticCustomError("note-controls", "a note has no control characters but line breaks and tabs")
    return lines.strip()


def _has_controls(text: str) -> bool:
    return any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in text)


class Description(BaseModel):
    """What people say of a picture; what is not named stays as it is, and an empty text takes it away."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, Field(max_length=200), AfterValidator(_line)] | None = None
    note: Annotated[str, Field(max_length=10_000), AfterValidator(_lines)] | None = None


class Chosen(BaseModel):
    """Some pictures."""

    model_config = ConfigDict(extra="forbid")

    ids: list[Annotated[str, Field(max_length=80)]] = Field(min_length=1, max_length=_MAX_IDS)


class Ids(BaseModel):
    """Names of pictures."""

    ids: list[str]


class ToZip(BaseModel):
    """Some pictures, or ``{"all": true}``."""

    model_config = ConfigDict(extra="forbid")

    ids: list[Annotated[str, Field(max_length=80)]] | None = Field(default=None, min_length=1, max_length=_MAX_IDS)
    all: bool = False

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.all == (self.ids is not None):
            raise ValueError("name the pictures' ids, or say that all are meant")
        return self


class Zip(BaseModel):
    """Where the zip is to be had."""

    url: str
    file_name: str
    count: int


class Emptied(BaseModel):
    """What emptying the trash did."""

    destroyed: int


def image_routes(album: Album) -> APIRouter:
    """``/api/images``."""
    router = APIRouter(prefix="/api/images", tags=["images"])
    _add_list(router, album)
    _add_many(router, album)
    _add_one(router, album)
    _add_changes(router, album)
    return router


def _add_list(router: APIRouter, album: Album) -> None:
    @router.get("", responses={200: {"model": Page}})
    async def images(
        offset: Offset = 0,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
        around: Annotated[str | None, Query(max_length=80)] = None,
    ) -> Response:
        """The facts of the pictures, the newest first, from a place on, or of those ``around`` a picture.

        ``revision`` grows with each change of the list, and is told with it.
        """
        page = await album.page(offset, limit, around)
        return Response(to_json(page), media_type="application/json", headers={"Cache-Control": "no-store"})

    @router.get("/ids")
    async def ids(offset: Offset = 0, limit: Annotated[int, Query(ge=1, le=_MAX_IDS)] = _MAX_IDS) -> Ids:
        """The names alone of the pictures from a place on, the newest first."""
        return Ids(ids=await album.ids(offset, limit))

    @router.get("/trash")
    async def trash() -> list[ImageRecord]:
        """The deleted pictures that can still be brought back."""
        return await album.trashed()

    @router.delete("/trash")
    async def empty_trash() -> Emptied:
        """Delete for good what was deleted. By itself that happens half an hour after each deletion."""
        return Emptied(destroyed=await album.empty_trash())


def _add_many(router: APIRouter, album: Album) -> None:
    @router.post("/delete", max_body_size=_MAX_BODY_BYTES)
    async def delete_many(chosen: Chosen) -> Deletion:
        """Delete pictures; they can be brought back for a while."""
        return await album.delete(chosen.ids)

    @router.post("/restore", max_body_size=_MAX_BODY_BYTES)
    async def restore_many(chosen: Chosen) -> Restoration:
        """Bring deleted pictures back."""
        return await album.restore(chosen.ids)

    @router.post("/zips", status_code=201, max_body_size=_MAX_BODY_BYTES)
    async def ask_for_zip(response: Response, wanted: ToZip) -> Zip:
        """Say which pictures a zip shall hold; it is made as it is fetched, and holds ``pictures.json`` too."""
        records = await album.chosen(wanted.ids)
        if not records:
            raise NotFound("there are no pictures")
        ticket = album.tickets.issue(records)
        url = f"/api/images/zips/{ticket.token}"
        response.headers["Location"] = url
        return Zip(url=url, file_name=ticket.file_name, count=len(records))

    @router.get("/zips/{token}", response_class=StreamingResponse, responses={200: {"content": {_ZIP: {}}}})
    async def zip_file(token: str) -> StreamingResponse:
        """The zip itself: nothing of it lies in memory or on the disk, and a slow reader is waited for."""
        name, stream = await album.zip(token)
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(len(stream))}
        return StreamingResponse(stream, media_type=_ZIP, headers=headers | {"Cache-Control": "no-store"})


def _add_one(router: APIRouter, album: Album) -> None:
    @router.get("/{image_id}", response_class=FileResponse)
    async def image(image_id: str) -> FileResponse:
        """The picture itself."""
        record, path = await album.file(image_id)
        return FileResponse(
            path,
            media_type=record.media_type,
            filename=record.file_name,
            content_disposition_type="inline",
            headers=_FOR_GOOD,
        )

    @router.get("/{image_id}/download", response_class=FileResponse)
    async def download(image_id: str) -> FileResponse:
        """The picture as a file to keep, under its title where it has one."""
        record, path = await album.file(image_id)
        return FileResponse(path, media_type=record.media_type, filename=download_name(record), headers=_ASK_AGAIN)

    @router.get("/{image_id}/thumbnail", response_class=FileResponse, responses=_JPEG)
    async def thumbnail(image_id: str) -> FileResponse:
        """A small JPEG of the picture, whatever its format."""
        return FileResponse(await album.thumbnail(image_id), media_type="image/jpeg", headers=_FOR_GOOD)

    @router.get("/{image_id}/preview", response_class=Response, responses=_JPEG)
    async def preview(image_id: str) -> Response:
        """A JPEG of the picture for a screen, for the formats that browsers do not show."""
        return Response(await album.preview(image_id), media_type="image/jpeg", headers=_FOR_GOOD)

    @router.get("/{image_id}/facts")
    async def facts(image_id: str) -> dict[str, Any]:
        """All that is known of the picture, from its record and its file."""
        return await album.facts(image_id)


def _add_changes(router: APIRouter, album: Album) -> None:
    @router.patch("/{image_id}")
    async def describe(image_id: str, description: Description) -> ImageRecord:
        """Give the picture a title, a note; the file keeps its name on the disk."""
        return await album.describe(image_id, description.title, description.note)

    @router.delete("/{image_id}")
    async def delete(image_id: str) -> Deletion:
        """Delete the picture; it can be brought back for a while."""
        deletion = await album.delete([image_id])
        if deletion.missing:
            raise NotFound(f"there is no image {image_id[:80]!r}")
        return deletion

    @router.post("/{image_id}/restore")
    async def restore(image_id: str) -> ImageRecord:
        """Bring the deleted picture back."""
        restoration = await album.restore([image_id])
        if restoration.missing:
            raise NotFound(f"there is no image {image_id[:80]!r} in the trash (any more)")
        return restoration.restored[0]
