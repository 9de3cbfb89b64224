"""What viewers want over Socket.IO: the stage, where it has to be quick or to end with them, and to drive at all."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from app.control import Control
from app.people import Person
from app.roles import Identity
from hw.errors import EyepieceError, InvalidRequest
from hw.stage import Stage
from hw.types import AXES, AxisName

EVENTS = ("stop", "emergency_stop", "jog", "ask_control", "release_control", "give_control")
_FARTHEST_UM = 1e9
"""No stage is a kilometre long."""


class Commands:
    """The events in ``EVENTS``, each answered at once. A stop is obeyed whoever says it, whoever drives.

    A motion ends when the viewer that drives is gone.
    """

    def __init__(self, stage: Stage, control: Control, code_of: Callable[[EyepieceError], str]) -> None:
        """``code_of`` names an error's kind, as HTTP's answers do."""
        self._stage = stage
        self._control = control
        self._code_of = code_of

    def came(self, viewer: str, address: str, agent: str, identity: Identity) -> None:
        """A viewer has connected, or may do more or less than before, or has another name."""
        self._control.people.arrive(viewer, address, agent, identity)
        self._control.came()

    def gone(self, viewer: str) -> None:
        """A viewer is gone, and the motion that it began ends."""
        self._stage.let_go(viewer)
        self._control.people.leave(viewer)
        self._control.gone(viewer)

    def obey(self, event: str, viewer: str, argument: Any) -> dict[str, Any]:
        """Carry out an event; returns its acknowledgement: ``ok``, and ``error`` and its ``code`` where it is false."""
        try:
            match event:
                case "stop":
                    self._stage.stop()
                case "emergency_stop":
                    self._stage.emergency_stop()
                case "jog":
                    distance = _distance(argument)
                    with self._control.driving(self._person(viewer)):
                        return {"ok": True, "target": asdict(self._stage.jog(distance, viewer))}
                case "ask_control":
                    return {"ok": True, "driving": self._control.ask(self._person(viewer))}
                case "release_control":
                    self._control.release(self._person(viewer))
                case "give_control":
                    self._control.give(self._person(viewer), _heir(argument))
        except EyepieceError as error:
            return {"ok": False, "code": self._code_of(error), "error": str(error), **error.extra}
        except ValueError as error:
            allowed = [f"{axis}_um" for axis in AXES]
            return {"ok": False, "code": "invalid-request", "error": str(error), "allowed": allowed}
        return {"ok": True}

    def _person(self, viewer: str) -> Person:
        person = self._control.people.get(viewer)
        if person is None:
            raise InvalidRequest("you are not connected")
        return person


def _heir(argument: Any) -> str:
    if not isinstance(argument, dict) or not isinstance(argument.get("id"), str):
        raise InvalidRequest("say to whom, by its id", allowed=["id"])
    heir: str = argument["id"]
    return heir


def _distance(argument: Any) -> dict[AxisName, float]:
    """The distances that ``{"x_um": 10}`` names; raises ``ValueError`` for anything else."""
    names = {f"{axis}_um": axis for axis in AXES}
    if not isinstance(argument, dict) or not argument.keys() <= names.keys():
        raise ValueError("a jog is an object with distances in micrometres")
    for name, um in argument.items():
        if type(um) not in (int, float) or abs(um) > _FARTHEST_UM:
            raise ValueError(f"{name} must be a number of micrometres")
    return {names[name]: float(um) for name, um in argument.items()}
