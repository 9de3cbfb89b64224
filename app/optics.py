"""The objectives, and which of them is in place: what a pixel is on the specimen follows from that."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.kept_file import KeptFile
from app.objectives import (
    MAX_OBJECTIVES,
    KeptObjective,
    ObjectiveFacts,
    Objectives,
    StepsUm,
    first,
    fitting_steps,
    magnification_of,
    new_id,
    proper_name,
)
from hw.config import Optics
from hw.errors import InvalidRequest, NotFound
from hw.types import CameraInfo


@dataclass(frozen=True, slots=True)
class Objective:
    """An objective as it is shown. ``um_per_px`` is ``None`` where nobody has measured it."""

    id: str
    name: str
    magnification: float
    numerical_aperture: float | None
    um_per_px: float | None
    steps_um: StepsUm


@dataclass(frozen=True, slots=True)
class OpticsState:
    """What a viewer is shown of the optics; ``objective`` is the id of the one in place."""

    objectives: tuple[Objective, ...]
    objective: str


class Nosepiece:
    """Holds the objectives and knows which is in place. Its methods belong to the loop; ``state`` is for any thread.

    They are kept in ``optics.json``. Until somebody changes any there is the one that the rig file names (and the usual
    ones beside it, in a simulation). The rig file's ``um_per_px`` holds for the objective of that name for as long as
    nobody has measured another figure.
    """

    def __init__(
        self,
        data: Path,
        rig: Optics,
        live_size: tuple[int, int] | None,
        camera: Callable[[], CameraInfo | None],
        magnify: Callable[[float], None] | None,
    ) -> None:
        """``live_size`` is that of the picture whose pixels ``rig`` speaks of; ``magnify`` as in ``hw.rig.Rig``."""
        self._file = KeptFile(data / "optics.json", Objectives)
        self._rig = rig
        self._live_size = live_size
        self._camera = camera
        self._magnify = magnify
        self._changing = asyncio.Lock()
        self._kept = self._file.load() or first(rig, simulated=magnify is not None)
        self.changed: Callable[[OpticsState], None] = lambda state: None
        """Told of each new state, on the thread that brought it about."""
        self._told: OpticsState | None = None
        self._turn()

    @property
    def state(self) -> OpticsState:
        """All objectives, and the one in place."""
        kept = self._kept
        return OpticsState(tuple(map(self._shown, kept.objectives)), kept.objective)

    @property
    def in_place(self) -> Objective:
        """The objective in place."""
        return self._shown(self._find(self._kept.objective))

    async def choose(self, objective_id: str) -> OpticsState:
        """Say which objective is in place now. Raises ``NotFound``, ``OSError``."""
        async with self._changing:
            self._find(objective_id)
            await self._keep(self._kept.objectives, objective_id)
        return self.state

    async def add(self, facts: ObjectiveFacts) -> Objective:
        """Add an objective. Raises ``InvalidRequest`` where there is one of that name or too many; ``OSError``."""
        async with self._changing:
            objectives = self._kept.objectives
            if len(objectives) >= MAX_OBJECTIVES:
                told = f"there are {MAX_OBJECTIVES} objectives already: remove one first"
                raise InvalidRequest(told, reason="too-many", allowed=MAX_OBJECTIVES)
            self._check_name(facts.name)
            added = KeptObjective(**facts.model_dump(), id=new_id(facts.name, {kept.id for kept in objectives}))
            await self._keep((*objectives, added), self._kept.objective)
        return self._shown(added)

    async def change(self, objective_id: str, changes: dict[str, Any]) -> Objective:
        """Change facts of an objective; the others stay. Raises ``NotFound``, ``InvalidRequest``, ``OSError``."""
        async with self._changing:
            found = self._find(objective_id)
            changed = KeptObjective.model_validate({**found.model_dump(), **changes})
            self._check_name(changed.name, objective_id)
            kept = tuple(changed if each is found else each for each in self._kept.objectives)
            await self._keep(kept, self._kept.objective)
        return self._shown(changed)

    async def remove(self, objective_id: str) -> None:
        """Remove an objective. Raises ``InvalidRequest`` for the one in place; ``NotFound``, ``OSError``."""
        async with self._changing:
            found = self._find(objective_id)
            if objective_id == self._kept.objective:
                told = f"{found.name} is in place: choose another objective before you remove it"
                raise InvalidRequest(told, reason="in-place", name=found.name)
            await self._keep(tuple(each for each in self._kept.objectives if each is not found), self._kept.objective)

    def tell(self) -> None:
        """Tell the state if it is another than before: the camera's sensor has a say in it, once it is known."""
        if (state := self.state) != self._told:
            self._told = state
            self.changed(state)

    async def _keep(self, objectives: tuple[KeptObjective, ...], in_place: str) -> None:
        kept = Objectives(objectives=objectives, objective=in_place)
        await self._file.store(kept)
        self._kept = kept
        self._turn()
        self.tell()

    def _turn(self) -> None:
        if self._magnify is not None:
            self._magnify(self._find(self._kept.objective).magnification / magnification_of(self._rig.objective))

    def _find(self, objective_id: str) -> KeptObjective:
        for kept in self._kept.objectives:
            if kept.id == objective_id:
                return kept
        raise NotFound(
            f"there is no objective {objective_id[:80]!r}", allowed=[kept.id for kept in self._kept.objectives]
        )

    def _check_name(self, name: str, but: str | None = None) -> None:
        for kept in self._kept.objectives:
            if kept.id != but and kept.name.casefold() == name.casefold():
                told = f"there is an objective {kept.name} already: choose another name"
                raise InvalidRequest(told, reason="name-taken", name=kept.name)

    def _shown(self, kept: KeptObjective) -> Objective:
        return Objective(
            id=kept.id,
            name=kept.name,
            magnification=kept.magnification,
            numerical_aperture=kept.numerical_aperture,
            um_per_px=kept.um_per_px or self._rig_um_per_px(kept),
            steps_um=kept.steps_um or fitting_steps(kept),
        )

    def _rig_um_per_px(self, kept: KeptObjective) -> float | None:
        """What the rig file says, for a pixel of the sensor and not of the live picture."""
        info = self._camera()
        if info is None or self._live_size is None:
            return None
        # As in CameraInfo.still_scale, for the size that the rig file names.
        scale = max(self._live_size[0] / info.sensor_width, self._live_size[1] / info.sensor_height)
        if self._magnify is not None:  # a simulated objective is as good as its name
            scale *= magnification_of(self._rig.objective) / kept.magnification
        elif kept.name != proper_name(self._rig.objective):
            return None
        return float(f"{self._rig.um_per_px * scale:.6g}")
