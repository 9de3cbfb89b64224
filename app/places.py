"""Named places of the stage."""

import asyncio
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.kept_file import KeptFile
from hw.axes import Target
from hw.errors import InvalidRequest, NotFound
from hw.types import AxisName

MAX_PLACES = 200

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$")
]
"""One line of text."""
# No stage is a kilometre long.
Micrometres = Annotated[float, Field(ge=-1e9, le=1e9)]


class Spot(BaseModel):
    """Where the axes stand that are named; the others may be anywhere."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    x_um: Micrometres | None = None
    y_um: Micrometres | None = None
    z_um: Micrometres | None = None

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if not self.target():
            raise PydanticCustomError("nowhere", "name at least one of x_um, y_um and z_um")
        return self

    def target(self) -> Target:
        """The named axes alone."""
        named: dict[AxisName, float | None] = {"x": self.x_um, "y": self.y_um, "z": self.z_um}
        return {axis: um for axis, um in named.items() if um is not None}


class Place(BaseModel):
    """A spot and what people call it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[0-9a-f]{8}$")
    name: Name
    position: Spot


class _Kept(BaseModel):
    """The file's content."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    places: tuple[Place, ...] = Field(max_length=MAX_PLACES)

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        if len({place.id for place in self.places}) < len(self.places):
            raise ValueError("two places have the same id")
        return self


class Places:
    """The named places, kept in ``places.json``, no two of the same name. It belongs to the loop."""

    def __init__(self, data: Path) -> None:
        self._file = KeptFile(data / "places.json", _Kept)
        self._changing = asyncio.Lock()
        self._kept = self._file.load() or _Kept(places=())
        self.changed: Callable[[tuple[Place, ...]], None] = lambda places: None
        """Told of all places after one of them changed."""

    @property
    def all(self) -> tuple[Place, ...]:
        """All places, by name."""
        return self._kept.places

    def get(self, place_id: str) -> Place:
        """One place; raises ``NotFound``."""
        for place in self.all:
            if place.id == place_id:
                return place
        raise NotFound(f"there is no place {place_id[:80]!r}")

    async def add(self, name: str, position: Spot) -> Place:
        """Keep a place. Raises ``InvalidRequest`` where there is one of that name or too many; ``OSError``."""
        async with self._changing:
            if len(self.all) >= MAX_PLACES:
                told = f"there are {MAX_PLACES} places already: delete one first"
                raise InvalidRequest(told, reason="too-many", allowed=MAX_PLACES)
            self._check_name(name)
            added = Place(id=secrets.token_hex(4), name=name, position=position)
            await self._keep((*self.all, added))
        return added

    async def change(self, place_id: str, name: str | None, position: Spot | None) -> Place:
        """Give a place another name or position. Raises ``NotFound``, ``InvalidRequest``, ``OSError``."""
        async with self._changing:
            found = self.get(place_id)
            if name is not None:
                self._check_name(name, place_id)
            changed = Place(id=place_id, name=name or found.name, position=position or found.position)
            await self._keep(tuple(changed if place is found else place for place in self.all))
        return changed

    async def delete(self, place_id: str) -> None:
        """Forget a place. Raises ``NotFound``, ``OSError``."""
        async with self._changing:
            found = self.get(place_id)
            await self._keep(tuple(place for place in self.all if place is not found))

    async def _keep(self, places: tuple[Place, ...]) -> None:
        kept = _Kept(places=tuple(sorted(places, key=lambda place: (place.name.casefold(), place.id))))
        await self._file.store(kept)
        self._kept = kept
        self.changed(kept.places)

    def _check_name(self, name: str, but: str | None = None) -> None:
        for place in self.all:
            if place.id != but and place.name.casefold() == name.casefold():
                told = f"there is a place {place.name} already: choose another name"
                raise InvalidRequest(told, reason="name-taken", name=place.name)
