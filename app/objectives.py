"""What is known of objectives: what people say of them, what follows from it, which ones there are at first."""

import math
import re
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from hw.config import Optics

MAX_OBJECTIVES = 24

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f]+$")
]
"""One line of text."""
Step = Annotated[float, Field(gt=0, le=100_000)]
_USUAL = {4.0: 0.1, 10.0: 0.25, 20.0: 0.4, 40.0: 0.65}
"""Magnification and numerical aperture of the objectives that most stands carry."""
_WAVELENGTH_UM = 0.55


class StepsUm(BaseModel):
    """How far jogs go, in micrometres, the smallest first: over the specimen, and of the focus."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    xy: tuple[Step, ...] = Field(min_length=1, max_length=6)
    z: tuple[Step, ...] = Field(min_length=1, max_length=6)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        for name, steps in (("xy", self.xy), ("z", self.z)):
            if list(steps) != sorted(set(steps)):
                told = "{steps} must be steps from the smallest to the largest, each once"
                raise PydanticCustomError("steps-order", told, {"steps": name})
        return self


class ObjectiveFacts(BaseModel):
    """What people say of an objective."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    name: Name
    magnification: float = Field(ge=0.1, le=1000)
    numerical_aperture: float | None = Field(default=None, ge=0.01, le=1.7)
    um_per_px: float | None = Field(default=None, ge=0.001, le=50)
    """As measured: the side of a sensor's pixel on the specimen, in the whole field at full resolution."""
    steps_um: StepsUm | None = None
    """Where not given, steps that suit its magnification and depth of field."""


class KeptObjective(ObjectiveFacts):
    """An objective in the file."""

    id: str = Field(pattern=r"^[a-z0-9-]{1,60}$")


class Objectives(BaseModel):
    """The file's content."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    objectives: tuple[KeptObjective, ...] = Field(min_length=1, max_length=MAX_OBJECTIVES)
    objective: str

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        ids = [kept.id for kept in self.objectives]
        names = [kept.name.casefold() for kept in self.objectives]
        if len(set(ids)) < len(ids) or len(set(names)) < len(names) or self.objective not in ids:
            raise ValueError("two objectives are one, or the one in place is none of them")
        return self


def first(rig: Optics, simulated: bool) -> Objectives:
    """The objectives that there are before anybody has said anything."""
    own = magnification_of(rig.objective)
    named = {proper_name(rig.objective): own}
    if simulated:
        named |= {f"{times:g}x": times for times in _USUAL if times != own}
    ids: set[str] = set()
    kept = []
    for name, times in sorted(named.items(), key=lambda item: item[1]):
        kept.append(
            KeptObjective(id=new_id(name, ids), name=name, magnification=times, numerical_aperture=_USUAL.get(times))
        )
        ids.add(kept[-1].id)
    in_place = next(each.id for each in kept if each.magnification == own)
    return Objectives(objectives=tuple(kept), objective=in_place)


def proper_name(name: str) -> str:
    """The rig file's name for its objective, as a name may be."""
    return "".join(character for character in name.strip()[:40] if character.isprintable()).strip() or "objective"


def magnification_of(name: str) -> float:
    """What an objective's name tells of its magnification; 10 where it does not."""
    found = re.search(r"(\d+(?:[.,]\d+)?)\s*[x\u00d7]|[x\u00d7]\s*(\d+(?:[.,]\d+)?)", name, re.IGNORECASE)
    times = float((found[1] or found[2]).replace(",", ".")) if found else 10.0
    return times if 0.1 <= times <= 1000 else 10.0


def new_id(name: str, taken: set[str]) -> str:
    """An id that tells of the name, and is not taken."""
    stem = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "objective"
    numbered = (f"{stem}-{n}" for n in range(2, MAX_OBJECTIVES + 2))
    return stem if stem not in taken else next(each for each in numbered if each not in taken)


def fitting_steps(kept: KeptObjective) -> StepsUm:
    """Steps over the specimen from 1 um for a 10x, in proportion for others; of the focus around the depth of field.

    That is the wavelength by the square of the numerical aperture; one that is not told is taken to be a usual one.
    """
    aperture = kept.numerical_aperture or max(0.01, min(kept.magnification / 40, 0.65))
    fine_um = _round(10 / kept.magnification)
    depth_um = _round(_WAVELENGTH_UM / aperture**2)
    return StepsUm(
        xy=tuple(float(f"{fine_um * times:g}") for times in (1, 10, 100, 1000)),
        z=tuple(float(f"{depth_um * times:g}") for times in (0.1, 1, 10)),
    )


def _round(um: float) -> float:
    """The nearest of 1, 2, 5, 10, ... on a logarithmic scale."""
    power = 10.0 ** math.floor(math.log10(um))
    return float(min((power * digit for digit in (1, 2, 5, 10)), key=lambda near: abs(math.log(near / um))))
