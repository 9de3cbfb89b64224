"""Stage and lamp as the appliance has them. Nothing moves unless it was asked to."""

import time
from typing import Any

from scripts.verify.appliance import Appliance
from scripts.verify.report import Failed, NotAsked

_MOTION_S = 900.0


class StageChecks:
    """Each check raises ``Failed`` unless the stage is a real one and does what it says."""

    def __init__(self, appliance: Appliance, move: tuple[str, float] | None) -> None:
        """``move``: an axis and how far it may be moved and back, in micrometres; ``None`` for not at all."""
        self._appliance = appliance
        self._move = move

    def stage(self) -> str:
        """Its axes and where it believes to be."""
        state = self._device("stage")
        axes = [f"{name} {axis['um_per_step']:g} um per step" for name, axis in state["axes"].items()]
        position = state["position"]
        where = ", ".join(f"{name} {position[f'{name}_um']:g}" for name in state["axes"])
        return f"{', '.join(axes)}; at {where} um" + ("" if state["position_trusted"] else ", uncertain: home it")

    def move(self) -> str:
        """How long a way there and back takes, beside what its speed makes of it; never moves by itself."""
        if self._move is None:
            raise NotAsked("--move x:100 moves x by 100 um and back, and times the steps")
        axis, distance_um = self._move
        state = self._device("stage")
        if axis not in state["axes"]:
            raise Failed(f"there is no axis {axis}; there are {', '.join(state['axes'])}")
        facts = state["axes"][axis]
        key = f"{axis}_um"
        started, start_um = time.monotonic(), state["position"][key]
        for way in (distance_um, -distance_um):
            end_um = self._appliance.send("POST", "/api/stage/move", {key: way, "relative": True}, timeout_s=_MOTION_S)[
                key
            ]
        taken_s = time.monotonic() - started
        steps = 2 * abs(distance_um) / facts["um_per_step"]
        said = (
            f"{axis} by {distance_um:g} um and back: {steps:.0f} steps in {taken_s:.2f} s, {steps / taken_s:.0f}/s "
            f"(at full speed {facts['max_speed_um_per_s'] / facts['um_per_step']:.0f})"
        )
        if abs(end_um - start_um) > facts["um_per_step"]:
            raise Failed(f"{said}; started at {start_um:g}, ended at {end_um:g} um")
        return f"{said}; back at {end_um:g} um by its own count: look whether the picture is"

    def light(self) -> str:
        """Whether the lamp's line is held."""
        state = self._device("light")
        return f"{'on' if state['on'] else 'off'}, brightness {state['brightness']:g}: look whether it is"

    def _device(self, name: str) -> dict[str, Any]:
        state = self._appliance.get("/api/state")[name]
        if state["status"] == "absent":
            raise NotAsked(f"the rig file names no {name}")
        return self._appliance.device(name)
