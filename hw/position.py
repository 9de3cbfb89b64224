"""The stage's position across power cuts."""

import json
import logging
import math
from contextlib import suppress
from pathlib import Path

from hw.files import keep_aside, write_whole
from hw.types import AXES, Position

log = logging.getLogger(__name__)


class PositionFile:
    """Keeps the stage's position in a small JSON file.

    The file says ``moving`` from before the first step of a motion until its end is stored, so that a power cut
    in between is known after the next start. A disk that takes no file is said in the log, and what is there already
    renamed, which needs no room: so it is not trusted; the stage goes on.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._doubted = path.with_name(f"{path.name}.doubted")
        self._moving = False

    def exists(self) -> bool:
        """Whether a position was ever stored."""
        return self._path.exists() or self._doubted.exists()

    def load(self) -> tuple[Position, bool]:
        """The last stored position, and whether it can be trusted. The origin, untrusted, where there is none."""
        doubted = not self._path.exists() and self._doubted.exists()
        path = self._doubted if doubted else self._path
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
            coordinates = [float(stored[f"{axis}_um"]) for axis in AXES]
            if not all(map(math.isfinite, coordinates)):
                raise ValueError("a coordinate is not a finite number")
            return Position(*coordinates), not (stored["moving"] or doubted)
        except FileNotFoundError:
            return Position(), False
        except (OSError, ValueError, TypeError, KeyError) as error:
            aside = keep_aside(path) if isinstance(error, ValueError | TypeError | KeyError) else None
            kept = f", kept as {aside.name}" if aside else ""
            log.error("%s holds no position (%s)%s: home the stage before you rely on it", path, error, kept)
            if aside:
                self._write(Position(), moving=True)  # that a position was known once is not to be forgotten
            return Position(), False

    def begin_motion(self, position: Position) -> None:
        """Note that the stage leaves ``position``; written once for a row of motions."""
        if not self._moving and not self._write(position, moving=True):
            with suppress(OSError):  # it has been said, or there is nothing that would be trusted
                self._path.replace(self._doubted)

    def settle(self, position: Position, trusted: bool) -> None:
        """Store where the stage came to rest, and whether that is known for sure."""
        self._write(position, moving=not trusted)

    def _write(self, position: Position, moving: bool) -> bool:
        values = {f"{axis}_um": position.along(axis) for axis in AXES}
        try:
            write_whole(self._path, json.dumps({**values, "moving": moving}).encode())
        except OSError as error:
            log.error("the stage's position could not be stored: %s", error)
            return False
        self._moving = moving
        with suppress(OSError):  # it counts no more
            self._doubted.unlink(missing_ok=True)
        return True


def doubted(stored: bytes) -> bytes:
    """A stored position as one that may be wrong, for a file that comes from another time or place."""
    try:
        values = json.loads(stored)
        return json.dumps({**values, "moving": True}).encode()
    except (ValueError, TypeError, RecursionError):
        return b"{}"  # holds no position, which PositionFile says when it reads it
