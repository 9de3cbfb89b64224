"""Who somebody is to the microscope, and how much that allows."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Role(StrEnum):
    """What somebody may do; each role may all that those before it may."""

    VIEWER = "viewer"
    """Look, and stop the stage."""
    OPERATOR = "operator"
    """Drive and take pictures."""
    OWNER = "owner"
    """Settings, updates, people."""

    def covers(self, needed: "Role") -> bool:
        """Whether this role is that one or above it."""
        return _ORDER.index(self) >= _ORDER.index(needed)


_ORDER = list(Role)


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody, as the rule sees them."""

    kind: Literal["session", "token", "guest", "open"]
    id: str
    """Of the session or token; empty for guests and where access is open."""
    name: str
    role: Role
    maker: str = ""
    """The session that made the token."""

    @property
    def session(self) -> str:
        """In whose name it acts: that of a session, its own or its token's; empty where there is none."""
        return self.maker or self.id


GUEST = Identity("guest", "", "", Role.VIEWER)
ANYBODY = Identity("open", "", "", Role.OWNER)
"""Everybody, where the microscope was started without access control."""


def lesser(one: Role, other: Role) -> Role:
    """The role of the two that allows less."""
    return other if one.covers(other) else one
