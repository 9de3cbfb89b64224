"""What happens on GPIO lines, and what motors make of it, from data sheets and not from the drivers' code."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import Protocol

from hw.config import CoilAxis, StepDirAxis

_HALF_STEPS = ("1000", "1100", "0100", "0110", "0010", "0011", "0001", "1001")
"""The eight phases of a 28BYJ-48 in half steps, IN1 to IN4."""
_ARRIVAL_S = 0.0099
"""The current goes off no sooner after a step."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A line changed. ``1`` and ``0`` are driven; ``u``, ``d``, ``z`` pulled up, pulled down, floating; ``f`` free.

    On mock pins a level between 0 and 1 is a duty cycle.
    """

    at_s: float
    line: int
    state: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a motor."""

    at_s: float
    direction: int


class Motor(Protocol):
    """A motor at the far end of the lines."""

    def run(self, edges: Iterable[Edge]) -> list[Step]:
        """Live through what happens on the lines; returns the steps made by it."""


class StepDirMotor:
    """A STEP/DIR driver: a step at each rise of STEP while it is enabled."""

    def __init__(self, axis: StepDirAxis) -> None:
        self._axis = axis
        self._states: dict[int | None, str] = {}

    def run(self, edges: Iterable[Edge]) -> list[Step]:
        """The rises of STEP while enabled."""
        axis = self._axis
        steps = []
        for edge in edges:
            enabled = axis.enable_pin is None or self._states.get(axis.enable_pin) == "0"
            if edge.line == axis.step_pin and edge.state == "1" and enabled:
                positive = (self._states.get(axis.dir_pin) == "1") != axis.invert
                steps.append(Step(edge.at_s, 1 if positive else -1))
            self._states[edge.line] = edge.state
        return steps


class CoilMotor:
    """A 28BYJ-48: its rotor follows every phase to the next one and stays where the current leaves it."""

    def __init__(self, axis: CoilAxis) -> None:
        self._axis = axis
        self._coils = "0000"
        self._phase = 0

    def run(self, edges: Iterable[Edge]) -> list[Step]:
        """The phases one further; a jump is no step and fails."""
        phases = self._phases(edges)
        steps = []
        was_off = self._coils == "0000"
        for (at_s, coils), (next_s, following) in pairwise([*phases, (inf, "")]):
            self._coils = coils
            # The current of two coils goes off one after the other, far quicker than a rotor turns.
            going_off = following == "0000" and coils.count("1") == 1 and next_s - at_s < _ARRIVAL_S
            if coils == "0000":
                was_off = True
            if coils == "0000" or (going_off and not was_off):
                continue
            turn = (_HALF_STEPS.index(coils) - self._phase + 4) % 8 - 4
            # As it comes back, two coils go on one after the other: only where it ends counts.
            if was_off and turn in (-2, 2):
                continue
            assert turn in (-1, 0, 1), f"a jump by {turn} half steps"
            was_off = False
            self._phase = (self._phase + turn) % 8
            if turn:
                steps.append(Step(at_s, -turn if self._axis.invert else turn))
        return steps

    def _phases(self, edges: Iterable[Edge]) -> list[tuple[float, str]]:
        coils = dict(zip(self._axis.coil_pins, self._coils, strict=True))
        found: list[tuple[float, str]] = []
        for edge in edges:
            if edge.line in coils and coils[edge.line] != (level := "1" if edge.state == "1" else "0"):
                coils[edge.line] = level
                found.append((edge.at_s, "".join(coils.values())))
        return found


def state_of(edges: Iterable[Edge], line: int) -> str | None:
    """The state in which a line was last seen."""
    return {edge.line: edge.state for edge in edges}.get(line)


def level_of(state: str | None) -> float:
    """How high a state is. A line that nobody drives is where its pull holds it, or low."""
    undriven = {None: 0.0, "u": 1.0, "d": 0.0, "z": 0.0, "f": 0.0}
    return undriven[state] if state in undriven else float(state or 0)


def high_fraction(edges: Iterable[Edge], line: int, from_s: float, to_s: float) -> float:
    """The part of the time between two moments for which a line was high."""
    level, since_s, high_s = 0.0, from_s, 0.0
    for edge in edges:
        if edge.line == line and edge.at_s <= to_s:
            at_s = max(edge.at_s, from_s)
            high_s += level * (at_s - since_s)
            level, since_s = level_of(edge.state), at_s
    return (high_s + level * (to_s - since_s)) / (to_s - from_s)


def gaps_s(steps: list[Step]) -> list[float]:
    """The times between steps, in seconds."""
    return [after.at_s - before.at_s for before, after in pairwise(steps)]
