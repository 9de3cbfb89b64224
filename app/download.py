"""Many pictures as one zip, made while it is sent."""

import secrets
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson
from zipstream import ZIP_STORED, ZipStream

from app.file_names import distinct_names
from app.storage import ImageRecord
from hw.errors import NotFound

_CHUNK_BYTES = 1 << 18
_MAX_TICKETS = 64
_LIST = "pictures.json"


@dataclass(frozen=True, slots=True)
class Ticket:
    """A zip that may be fetched, as often as one likes, while the server runs and not too many others are asked for."""

    token: str
    records: tuple[ImageRecord, ...]

    @property
    def file_name(self) -> str:
        """A name for the zip: the time at which its newest picture was taken (UTC)."""
        newest = max(record.captured_at for record in self.records)
        return f"pictures-{datetime.fromtimestamp(newest, UTC):%Y%m%d-%H%M%S}.zip"


class Tickets:
    """The zips that were asked for."""

    def __init__(self) -> None:
        self._tickets: OrderedDict[str, Ticket] = OrderedDict()

    def issue(self, records: Sequence[ImageRecord]) -> Ticket:
        """A ticket for these pictures; the oldest of too many is not good any more."""
        ticket = Ticket(secrets.token_urlsafe(12), tuple(records))
        self._tickets[ticket.token] = ticket
        if len(self._tickets) > _MAX_TICKETS:
            self._tickets.popitem(last=False)
        return ticket

    def get(self, token: str) -> Ticket:
        """The ticket of that token; raises ``NotFound``."""
        ticket = self._tickets.get(token)
        if ticket is None:
            raise NotFound("this zip is not to be had any more: ask for it again")
        return ticket


def zip_of(records: Sequence[ImageRecord], find: Callable[[str], Path]) -> ZipStream:
    """The pictures and ``pictures.json`` with all that was kept of them as a zip, its length known beforehand.

    ``find`` tells where a file of that name is, or raises ``NotFound``; it is asked again when the file's turn has
    come. A picture whose file is gone is in the list, without a name. Making and iterating it block on the disk, and
    hold one piece of a file. Nothing is compressed: pictures do not shrink.
    """
    sizes = [_size_bytes(record, find) for record in records]
    there = [record for record, size in zip(records, sizes, strict=True) if size is not None]
    names = dict(zip([record.id for record in there], distinct_names(there), strict=True))
    facts = [{"name": names.get(record.id), **asdict(record)} for record in records]
    stream = ZipStream(compress_type=ZIP_STORED, sized=True)
    stream.add(orjson.dumps(facts, option=orjson.OPT_INDENT_2), _LIST)
    for record, size in zip(records, sizes, strict=True):
        if size is not None:
            stream.add(_pieces(record, find), names[record.id], size=size)
    return stream


def _size_bytes(record: ImageRecord, find: Callable[[str], Path]) -> int | None:
    try:
        return find(record.file_name).stat().st_size
    except (NotFound, FileNotFoundError):
        return None


def _pieces(record: ImageRecord, find: Callable[[str], Path]) -> Iterator[bytes]:
    with find(record.file_name).open("rb") as file:
        while piece := file.read(_CHUNK_BYTES):
            yield piece
