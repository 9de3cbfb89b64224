"""What happens on GPIO lines, and what motors make of it, from data sheets and not from the drivers' code."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from hw.config import CoilAxis, StepDirAxis

_HALF_STEPS = ("1000", "1100", "0100", "0110", "0010", "0011", "0001", "1001")
"""The eight phases of a 28BYJ-48 in half steps, IN1 to IN4."""


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

    def rest(self, edges: Iterable[Edge]) -> None:
        """Live through what happens between two moves, where the lines change but no step is meant."""

    def run(self, edges: Iterable[Edge]) -> list[Step]:
        """Make the steps that a move asks for."""


class StepDirMotor:
    """A STEP/DIR driver: a step at each rise of STEP while it is enabled."""

    def __init__(self, axis: StepDirAxis) -> None:
        self._axis = axis
        self._states: dict[int | None, str] = {}

    def rest(self, edges: Iterable[Edge]) -> None:
        """A rise of STEP is a step at any time, so there must be none."""
        assert not self.run(edges), "a step outside of a move"

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
        self._states = dict.fromkeys(axis.coil_pins, "0")
        self._phase = 0

    def rest(self, edges: Iterable[Edge]) -> None:
        """The coils go off one by one, far quicker than a rotor turns: it stays."""
        self._states.update({edge.line: edge.state for edge in edges if edge.line in self._states})

    def run(self, edges: Iterable[Edge]) -> list[Step]:
        """The phases one further; a jump is no step and fails."""
        steps = []
        was_off = "1" not in self._states.values()
        for edge in edges:
            if edge.line not in self._states:
                continue
            self._states[edge.line] = edge.state
            coils = "".join(self._states[pin] if self._states[pin] == "1" else "0" for pin in self._axis.coil_pins)
            turn = (_HALF_STEPS.index(coils) - self._phase + 4) % 8 - 4
            # As the current comes back, two coils go on one after the other: only where it ends counts.
            if was_off and turn in (-2, 2):
                continue
            assert turn in (-1, 0, 1), f"a jump by {turn} half steps"
            was_off = False
            self._phase = (self._phase + turn) % 8
            if turn:
                steps.append(Step(edge.at_s, -turn if self._axis.invert else turn))
        return steps


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
