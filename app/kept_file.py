"""What people told the microscope, in one JSON file: checked as it is read, written whole or not at all."""

import asyncio
import logging
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from hw.files import keep_aside, write_whole

log = logging.getLogger(__name__)

T = TypeVar("T", bound=BaseModel)


class KeptFile(Generic[T]):
    """A file that holds one value of the model ``kind``.

    One that cannot be understood is kept aside as ``….broken`` and named in the log.
    """

    def __init__(self, path: Path, kind: type[T]) -> None:
        self._path = path
        self._kind = kind

    def load(self) -> T | None:
        """What was stored; ``None`` where nothing was, or nothing that makes sense."""
        try:
            return self._kind.model_validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            log.error("%s cannot be read, and what it holds is not there: %s", self._path, error)
            return None
        except ValidationError as error:
            aside = keep_aside(self._path)
            kept = f": kept as {aside.name}" if aside else ""
            log.error("%s makes no sense (%s)%s", self._path, error.errors()[0]["msg"], kept)
            return None

    async def store(self, value: T) -> None:
        """Keep a value, off the event loop. Raises ``OSError``; then the old one is kept."""
        await asyncio.to_thread(write_whole, self._path, value.model_dump_json(indent=1).encode())
