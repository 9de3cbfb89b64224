"""The pictures as viewers see them, for the loop: a list that follows the folder, and everybody who looks at it."""

import asyncio
import errno
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from app.download import Tickets, zip_of
from app.image_facts import known_of
from app.image_index import ImageIndex, look
from app.storage import Gallery, ImageRecord
from app.thumbnails import PREVIEW_SIDE_PX, Thumbnails, small_jpeg
from app.trash import Trash
from hw.errors import DeviceBusy, NotFound
from hw.types import StillFormat, StillImage

log = logging.getLogger(__name__)

T = TypeVar("T")

KEPT_S = 1800
"""How long a deleted picture can be brought back."""
_SWEEP_S = 15.0
_MAX_TOLD = 32
"""So many changes at once are told one by one; of more, only that there were some."""
_MAX_DRAWINGS = 64
"""So many small pictures may be waited for at a time."""


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the list, the newest picture first."""

    images: list[ImageRecord]
    offset: int
    """Place of the first of them; that of the newest picture is 0."""
    total: int
    revision: int
    """Of the list: each change of it makes it one more. Signals carry it too, so that a viewer knows what it missed."""
    trashed: int
    """Deleted pictures that can be brought back."""


@dataclass(frozen=True, slots=True)
class Deletion:
    """What was deleted."""

    deleted: list[str]
    missing: list[str]
    """Those that there are not."""
    restorable_s: int
    """How long they can be brought back, in seconds."""


@dataclass(frozen=True, slots=True)
class Restoration:
    """What was brought back."""

    restored: list[ImageRecord]
    missing: list[str]
    """Those that are not in the trash (any more)."""


class Album:
    """The one list of pictures. All of it is the loop's; what blocks goes to a thread."""

    def __init__(self, gallery: Gallery) -> None:
        self.on_change: Callable[[str, dict[str, Any]], None] = lambda name, what: None
        """Told of each change: ``image_added``, ``image_changed``, ``image_removed``; of many, ``images_changed``."""
        self.tickets = Tickets()
        self._gallery = gallery
        self._trash = Trash(gallery.folder)
        self._thumbnails = Thumbnails(gallery.folder)
        self._index = ImageIndex()
        self._revision = 0
        self._doomed: dict[str, float] = {image_id: self._deadline() for image_id in self._trash.ids()}
        """When each picture in the trash is deleted for good (``time.monotonic()``): a start begins that time anew."""
        self._changing = asyncio.Lock()
        """Held while the folder is read or changed, so that a look does not bring back what was deleted meanwhile."""
        self._drawing = asyncio.Semaphore(1)
        self._waiting = 0

    @asynccontextmanager
    async def tending(self) -> AsyncIterator[None]:
        """Empty the trash of what has been there long enough, for the time of a ``with`` block."""
        task = asyncio.create_task(self._tend(), name="trash")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def page(self, offset: int, limit: int, around: str | None = None) -> Page:
        """A part of the list as the folder is now, or that around a picture; raises ``NotFound`` where that is not."""
        await self._follow()
        if around is not None:
            offset = max(0, self._index.place(self._require(around).id) - limit // 2)
        images = self._index.page(offset, limit)
        return Page(images, offset, len(self._index), self._revision, len(self._doomed))

    async def ids(self, offset: int, limit: int) -> list[str]:
        """The names of the pictures of a part of the list."""
        await self._follow()
        return [record.id for record in self._index.page(offset, limit)]

    async def chosen(self, ids: Iterable[str] | None) -> list[ImageRecord]:
        """The pictures of these names, or all (``None``); raises ``NotFound`` where one is not there."""
        await self._follow()
        return self._index.all() if ids is None else [self._require(image_id) for image_id in dict.fromkeys(ids)]

    async def file(self, image_id: str) -> tuple[ImageRecord, Path]:
        """A picture's facts and file; raises ``NotFound``."""
        return await asyncio.to_thread(self._gallery.get, image_id)

    async def facts(self, image_id: str) -> dict[str, Any]:
        """All that is known of a picture; raises ``NotFound``."""
        return await asyncio.to_thread(known_of, *await self.file(image_id))

    async def save(
        self,
        still: StillImage,
        image_format: StillFormat,
        um_per_px: float | None,
        objective: str = "",
        annotates: str | None = None,
    ) -> ImageRecord:
        """Store a picture; raises ``OSError``. Where the disk has filled up meanwhile, what was deleted gives way."""
        what = still, image_format, um_per_px, objective, annotates
        try:
            record = await asyncio.to_thread(self._gallery.save, *what)
        except OSError as error:
            if error.errno != errno.ENOSPC or not await self.empty_trash():
                raise
            record = await asyncio.to_thread(self._gallery.save, *what)
        try:
            await asyncio.to_thread(self._thumbnails.keep, record.id, still.rgb)
        except OSError as error:
            log.warning("No thumbnail is kept of image %s: %s", record.id, error)
        self._put([record])
        return record

    async def describe(self, image_id: str, title: str | None, note: str | None) -> ImageRecord:
        """Give a picture a title, a note or both (``None``: as it is); raises ``NotFound``."""
        async with self._changing:
            record = await asyncio.to_thread(self._gallery.describe, image_id, title, note)
            self._put([record])
        return record

    async def delete(self, ids: Iterable[str]) -> Deletion:
        """Put pictures aside; they can be brought back for ``KEPT_S``."""
        async with self._changing:
            gone, missing = await asyncio.to_thread(_each, self._trash.take, ids)
            self._doomed |= {image_id: self._deadline() for image_id, _ in gone}
            self._drop([image_id for image_id, _ in gone])
        return Deletion([image_id for image_id, _ in gone], missing, KEPT_S)

    async def restore(self, ids: Iterable[str]) -> Restoration:
        """Bring deleted pictures back."""
        async with self._changing:
            back, missing = await asyncio.to_thread(_each, self._trash.give_back, ids)
            for image_id, _ in back:
                self._doomed.pop(image_id, None)
            self._put([record for _, record in back])
        return Restoration([record for _, record in back], missing)

    async def trashed(self) -> list[ImageRecord]:
        """The facts of the deleted pictures that can be brought back, the last taken first."""
        return await asyncio.to_thread(self._trash.records)

    async def empty_trash(self) -> int:
        """Delete for good what was deleted; returns how many pictures that were."""
        return await self._destroy(list(self._doomed))

    async def make_room(self, needed_bytes: int) -> bool:
        """On a full disk: have those give way to a new picture that were deleted first, as many as it takes.

        Returns whether they did; where all of them are not enough, they stay.
        """
        sizes = {record.id: record.size_bytes for record in await self.trashed()}
        chosen: list[str] = []
        freed_bytes = 0
        for image_id in self._doomed:
            if freed_bytes >= needed_bytes:
                break
            chosen.append(image_id)
            freed_bytes += sizes.get(image_id, 0)
        if freed_bytes < needed_bytes:
            return False
        log.warning("The disk is full: %d deleted pictures give way to a new one", len(chosen))
        return await self._destroy(chosen) > 0

    async def thumbnail(self, image_id: str) -> Path:
        """A small JPEG's file; raises ``NotFound``, ``DeviceBusy``."""
        record, picture = await self.file(image_id)
        kept = await asyncio.to_thread(self._thumbnails.find, image_id)
        return await self._drawn(self._thumbnails.make, record, picture) if kept is None else kept

    async def preview(self, image_id: str) -> bytes:
        """A JPEG to look at, of a picture that a browser cannot show; raises ``NotFound``, ``DeviceBusy``."""
        record, picture = await self.file(image_id)
        return await self._drawn(small_jpeg, record, picture, PREVIEW_SIDE_PX)

    async def zip(self, token: str) -> tuple[str, Any]:
        """The zip of a ticket: its name, and a stream that has a length and is iterated in a thread."""
        ticket = self.tickets.get(token)
        return ticket.file_name, await asyncio.to_thread(zip_of, ticket.records, self._find)

    def _find(self, file_name: str) -> Path:
        """Where a picture's file is, deleted or not: a zip that is under way goes on with what it began with."""
        for path in (self._gallery.folder / file_name, self._trash.find(file_name)):
            if path.is_file():
                return path
        raise NotFound(f"{file_name} is gone")

    async def _drawn(self, draw: Callable[..., T], *arguments: Any) -> T:
        """One small picture at a time: the processor belongs to the live ones."""
        if self._waiting >= _MAX_DRAWINGS:
            raise DeviceBusy(f"{self._waiting} small pictures are waited for already: try again")
        self._waiting += 1
        try:
            async with self._drawing:
                return await asyncio.to_thread(draw, *arguments)
        finally:
            self._waiting -= 1

    async def _tend(self) -> None:
        while True:
            try:
                await self._follow()
                now = time.monotonic()
                await self._destroy([image_id for image_id, at in self._doomed.items() if at <= now])
            except OSError as error:
                log.error("The folder of pictures cannot be tended: %s", error)
            await asyncio.sleep(_SWEEP_S)

    async def _follow(self) -> None:
        """Take in what happened to the folder, by whosever hand."""
        async with self._changing:
            index = self._index
            before = index.ids()
            sight = await asyncio.to_thread(look, self._gallery.folder, index.stamps, index.changed_ns)
            if sight is None:
                return
            index.stamps, index.changed_ns = sight.stamps, sight.changed_ns
            self._drop([*(before - sight.stamps.keys()), *(key for key, record in sight.read.items() if not record)])
            self._put([record for record in sight.read.values() if record])

    async def _destroy(self, ids: Sequence[str]) -> int:
        async with self._changing:
            for image_id in ids:
                await asyncio.to_thread(self._trash.destroy, image_id)
                await asyncio.to_thread(self._thumbnails.forget, image_id)
                self._doomed.pop(image_id, None)
            if ids:
                self._tell_of_many()
        return len(ids)

    def _put(self, records: Sequence[ImageRecord]) -> None:
        changes = [(record, self._index.get(record.id)) for record in records]
        news = [(record, known) for record, known in changes if record != known]
        for record, known in news:
            self._index.put(record)
            if len(news) <= _MAX_TOLD:
                name = "image_changed" if known else "image_added"
                self._tell(name, image=record, place=self._index.place(record.id))
        if len(news) > _MAX_TOLD:
            self._tell_of_many()

    def _drop(self, ids: Sequence[str]) -> None:
        known = [image_id for image_id in ids if self._index.get(image_id)]
        for image_id in known:
            place = self._index.place(image_id)
            self._index.drop(image_id)
            if len(known) <= _MAX_TOLD:
                self._tell("image_removed", id=image_id, place=place)
        if len(known) > _MAX_TOLD:
            self._tell_of_many()

    def _tell_of_many(self) -> None:
        self._tell("images_changed")

    def _tell(self, name: str, **what: Any) -> None:
        self._revision += 1
        counts = {"total": len(self._index), "revision": self._revision, "trashed": len(self._doomed)}
        self.on_change(name, {**what, **counts})

    def _require(self, image_id: str) -> ImageRecord:
        record = self._index.get(image_id)
        if record is None:
            raise NotFound(f"there is no image {image_id[:80]!r}")
        return record

    def _deadline(self) -> float:
        return time.monotonic() + KEPT_S


def _each(do: Callable[[str], T], ids: Iterable[str]) -> tuple[list[tuple[str, T]], list[str]]:
    """Do something with each picture; returns what came of it, and those that are not there."""
    done, missing = [], []
    for image_id in dict.fromkeys(ids):
        try:
            done.append((image_id, do(image_id)))
        except NotFound:
            missing.append(image_id)
    return done, missing
