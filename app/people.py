"""Who is at the microscope: everyone with a connection, and the programs that only send requests."""

import re
from collections import OrderedDict
from dataclasses import dataclass

from app.roles import ANYBODY, Identity, Role
from hw.errors import InvalidRequest

_REMEMBERED = 256
"""Names that are kept for those who come back."""
_KINDS = (
    ("Tablet", re.compile(r"iPad|Tablet|Android(?!.*Mobile)")),
    ("Phone", re.compile(r"iPhone|Mobile")),
    ("Computer", re.compile(r"Windows|Macintosh|X11|CrOS|Linux")),
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who looks or drives."""

    id: str
    """A viewer's Socket.IO id; a program's address."""
    name: str
    role: Role = Role.OWNER
    address: str = ""
    session: str = ""
    """By which it was let in, itself or the token's maker, where that is asked for."""
    connected: bool = True
    """Whether there is a connection whose end tells that it is gone; a program that only sends requests has none."""


class People:
    """Everyone who has a connection. Runs on the event loop."""

    def __init__(self) -> None:
        self._present: dict[str, Person] = {}
        self._names: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._counted: dict[str, int] = {}

    def arrive(self, viewer: str, address: str, agent: str, identity: Identity = ANYBODY) -> Person:
        """A viewer has connected; who has no name is called by what their browser says it is: "Tablet 3"."""
        name = identity.name or self._name(address, agent)
        person = Person(viewer, name, identity.role, address, identity.session)
        self._present[viewer] = person
        return person

    def leave(self, viewer: str) -> None:
        """A viewer is gone."""
        self._present.pop(viewer, None)

    @property
    def count(self) -> int:
        """How many they are."""
        return len(self._present)

    def get(self, viewer: str) -> Person | None:
        """Who has this connection."""
        return self._present.get(viewer)

    @property
    def present(self) -> list[Person]:
        """The viewers that are connected."""
        return list(self._present.values())

    def calling(self, viewer: str | None, address: str, identity: Identity = ANYBODY) -> Person:
        """Who sends a request: the viewer that it names, of the same address and session, else a program.

        Raises ``InvalidRequest`` where no such viewer is connected from there.
        """
        if viewer is None:
            name = identity.name or f"A program at {address}"
            program = f"program {address} {identity.id}".strip()
            return Person(program, name, identity.role, address, identity.session, connected=False)
        person = self._present.get(viewer)
        asker = (address, identity.session, identity.role)
        if person is None or (person.address, person.session, person.role) != asker:
            raise InvalidRequest(f"X-Viewer: no viewer {viewer[:80]!r} is connected from {address}")
        return person

    def _name(self, address: str, agent: str) -> str:
        """The name that it had when it was here before, unless another has that now; else a new one."""
        taken = {person.name for person in self._present.values()}
        name = self._names.get((address, agent))
        if name is None or name in taken:
            kind = next((kind for kind, pattern in _KINDS if pattern.search(agent)), "Viewer")
            self._counted[kind] = self._counted.get(kind, 0) + 1
            name = f"{kind} {self._counted[kind]}"
            self._names[address, agent] = name
        self._names.move_to_end((address, agent))
        if len(self._names) > _REMEMBERED:
            self._names.popitem(last=False)
        return name
