"""What viewers have the stage do over Socket.IO, where it has to be quick or to end with them."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from hw.errors import EyepieceError
from hw.stage import Stage
from hw.types import AXES, AxisName

_FARTHEST_UM = 1e9
"""No stage is a kilometre long."""


class Commands:
    """The events ``stop``, ``emergency_stop`` and ``jog``, each answered at once.

    A jog ends when the viewer that pushed last is gone.
    """

    def __init__(self, stage: Stage, code_of: Callable[[EyepieceError], str]) -> None:
        """``code_of`` names an error's kind, as HTTP's answers do."""
        self._stage = stage
        self._code_of = code_of

    def obey(self, event: str, viewer: str, argument: Any) -> dict[str, Any]:
        """Carry out an event; returns its acknowledgement: ``ok``, and ``error`` and its ``code`` where it is false."""
        try:
            match event:
                case "stop":
                    self._stage.stop()
                case "emergency_stop":
                    self._stage.emergency_stop()
                case "jog":
                    return {"ok": True, "target": asdict(self._stage.jog(_distance(argument), viewer))}
        except EyepieceError as error:
            return {"ok": False, "code": self._code_of(error), "error": str(error), **error.extra}
        except ValueError as error:
            allowed = [f"{axis}_um" for axis in AXES]
            return {"ok": False, "code": "invalid-request", "error": str(error), "allowed": allowed}
        return {"ok": True}

    def gone(self, viewer: str) -> None:
        """A viewer is gone, and the jog that it pushed ends."""
        self._stage.let_go(viewer)


def _distance(argument: Any) -> dict[AxisName, float]:
    """The distances that ``{"x_um": 10}`` names; raises ``ValueError`` for anything else."""
    names = {f"{axis}_um": axis for axis in AXES}
    if not isinstance(argument, dict) or not argument.keys() <= names.keys():
        raise ValueError("a jog is an object with distances in micrometres")
    for name, um in argument.items():
        if type(um) not in (int, float) or abs(um) > _FARTHEST_UM:
            raise ValueError(f"{name} must be a number of micrometres")
    return {names[name]: float(um) for name, um in argument.items()}
