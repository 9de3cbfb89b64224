"""app.sockets: what viewers are told of themselves, without a server."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from app.access import open_access
from app.roles import Identity, Role
from app.sockets import Sockets
from app.stream import FrameStream
from tests.conftest import run_async


class Listed:
    """Commands that only remember who came and went."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, ...]] = []

    def came(self, viewer: str, address: str, agent: str, identity: Identity) -> None:
        self.heard.append(("came", identity.name, identity.role))

    def obey(self, event: str, viewer: str, argument: Any) -> dict[str, Any]:
        return {}

    def gone(self, viewer: str) -> None:
        self.heard.append(("gone",))


def test_only_one_who_may_less_than_before_is_gone_for_a_moment(tmp_path: Path) -> None:
    async def main() -> None:
        sockets = Sockets(FrameStream(), dict)
        access = sockets.access = open_access(tmp_path)
        commands = sockets.commands = Listed()
        register = access.register
        register.add_session(Role.OWNER, "Ada", "")
        session = register.add_session(Role.OPERATOR, "Bob", "")
        identity = Identity("session", session.id, "Bob", Role.OPERATOR)
        connection: Any = SimpleNamespace(identity=identity, address="", agent="")
        sockets._connections["bob"] = connection
        for role, name, heard in (
            (Role.OPERATOR, "Bob", []),
            (Role.OWNER, "Bob", [("came", "Bob", "owner")]),
            (Role.OWNER, "Robert", [("came", "Robert", "owner")]),
            (Role.VIEWER, "Robert", [("gone",), ("came", "Robert", "viewer")]),
        ):
            register.change_session(session.id, role, name)
            sockets.look_again()
            assert commands.heard == heard
            assert (connection.identity.role, connection.identity.name) == (role, name)
            commands.heard.clear()
        await asyncio.gather(*sockets._tasks)

    run_async(main())
