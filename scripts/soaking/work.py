"""What an honest operator does meanwhile: moves, settings, captures, each of which is looked at."""

import asyncio
import io
import json
import random
from typing import Any

from PIL import Image

from scripts.soaking.served import Served
from scripts.soaking.tally import Tally

_KEPT_PICTURES = 10
_PAUSE_S = 1.0
_FORMATS = ("jpeg", "png", "tiff")


class Operator:
    """Drives and captures; keeps some pictures, and deletes the oldest after a last look."""

    def __init__(self, served: Served, rng: random.Random, tally: Tally) -> None:
        self._served = served
        self._rng = rng
        self._tally = tally
        self._kept: list[dict[str, Any]] = []

    async def work(self, stop: asyncio.Event) -> None:
        """Go on until it is to stop."""
        while not stop.is_set():
            for deed in (self._move, self._set, self._move, self._capture):
                await asyncio.to_thread(deed)
                await asyncio.sleep(self._rng.uniform(0, _PAUSE_S))

    def look_at_all(self) -> None:
        """See that every picture that was kept is still there, whole, and listed."""
        listed = set(self._served.get("/api/images/ids")["ids"])
        for record in self._kept:
            if record["id"] not in listed:
                self._tally.trouble(f"{record['file_name']} is not listed any more")
            self._look_at(record)

    def _move(self) -> None:
        x_um, y_um = (self._rng.randint(-1500, 1500) for _ in "xy")
        self._ask("moves", "POST", "/api/stage/move", {"x_um": x_um, "y_um": y_um})

    def _set(self) -> None:
        self._ask("settings", "PATCH", "/api/camera", {"exposure_us": self._rng.randint(2000, 20_000)})
        self._ask("settings", "PUT", "/api/light", {"brightness": round(self._rng.uniform(0.3, 0.7), 2)})

    def _capture(self) -> None:
        record = self._ask("captures", "POST", "/api/camera/still", {"format": self._rng.choice(_FORMATS)})
        if record is None:
            return
        self._look_at(record)
        self._kept.append(record)
        if len(self._kept) > _KEPT_PICTURES:
            oldest = self._kept.pop(0)
            self._look_at(oldest)
            self._ask("deletions", "DELETE", oldest["url"])

    def _look_at(self, record: dict[str, Any]) -> None:
        status, data = self._served.ask("GET", record["url"])
        try:
            with Image.open(io.BytesIO(data)) as picture:
                picture.load()
                whole = picture.size == (record["width"], record["height"]) and len(data) == record["size_bytes"]
        except OSError as error:
            self._tally.trouble(f"{record['file_name']} is no picture: {status}, {error}")
            return
        if not whole:
            self._tally.trouble(f"{record['file_name']} is not whole: {len(data)} of {record['size_bytes']} bytes")

    def _ask(self, what: str, method: str, path: str, body: Any = None) -> Any:
        status, answer = self._served.ask(method, path, body)
        self._tally.counts[what if status < 400 else "refusals"] += 1
        if status >= 500:
            self._tally.trouble(f"{method} {path}: {status} {answer[:300]!r}")
        return json.loads(answer) if status < 400 and answer else None
