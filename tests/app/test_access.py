"""app.access and its routes behind the gate: what ends with whoever made it, and what cannot be made at all."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.access import FOLDER, Access, open_access
from app.gate import Gate
from app.hosts import Hosts
from app.problems import answer_problems
from app.register import Session
from app.roles import ANYBODY, Identity, Role
from app.routes.access import access_routes
from hw.errors import NotFound
from tests.conftest import run_async


@asynccontextmanager
async def asking(access: Access, session: Session | None = None, token: str = "") -> AsyncIterator[httpx.AsyncClient]:
    """A browser or a script that asks, of a server without any more than access."""
    app = FastAPI()
    answer_problems(app)
    app.include_router(access_routes(access))
    app.add_middleware(Gate, access=access, hosts=Hosts(), headers=([], []))
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    cookies = {access.cookie: access.signed(session)} if session else {}
    transport = httpx.ASGITransport(app)
    url = "http://localhost/api/access"
    async with httpx.AsyncClient(transport=transport, base_url=url, headers=headers, cookies=cookies) as client:
        yield client


async def tries(access: Access, secret: str) -> int:
    """What one who has a PIN or a link's code is answered."""
    async with asking(access) as somebody:
        return (await somebody.post("/pair", json={"secret": secret})).status_code


@pytest.fixture
def access(tmp_path: Path) -> Access:
    return open_access(tmp_path)


def test_an_invitation_ends_with_the_ownership_of_whoever_made_it(access: Access) -> None:
    async def main() -> None:
        register = access.register
        register.add_session(Role.OWNER, "Ada", "")
        for by_token in (False, True):
            for end in ("dismissed", "made an operator"):
                maker = register.add_session(Role.OWNER, "Grace", "")
                _, token = register.add_token("invites", Role.OWNER, maker.id)
                async with asking(access, None if by_token else maker, token if by_token else "") as owner:
                    made = (await owner.post("/invitations", json={"role": "owner", "uses": 2})).json()
                assert [offer.id for offer in access.pairing.invitations] == [made["id"]]
                assert await tries(access, made["pin"]) == 200
                if end == "dismissed":
                    register.end_session(maker.id)
                else:
                    register.change_session(maker.id, Role.OPERATOR, None)
                assert await tries(access, made["pin"]) == 403
                assert await tries(access, made["link"].rpartition("/")[2]) == 403
                assert access.pairing.invitations == []

    run_async(main())


def test_a_token_makes_no_tokens(access: Access) -> None:
    async def main() -> None:
        maker = access.register.add_session(Role.OWNER, "Ada", "")
        async with asking(access, maker) as browser:
            made = await browser.post("/tokens", json={"name": "scan", "role": "owner"})
            assert made.status_code == 201
        async with asking(access, token=made.json()["token"]) as script:
            refused = await script.post("/tokens", json={"name": "sibling"})
            assert (refused.status_code, refused.json()["allowed"]) == (409, "session")
        assert [token.name for token in access.register.tokens] == ["scan"]

    run_async(main())


def test_what_is_made_without_access_control_does_not_outlast_it(tmp_path: Path) -> None:
    async def main() -> None:
        async with asking(open_access(tmp_path, required=False)) as anybody:
            assert (await anybody.post("/tokens", json={"name": "for later", "role": "owner"})).status_code == 409
            assert (await anybody.put("/guests", json={"allowed": True})).status_code == 409
        access = open_access(tmp_path)
        assert (access.register.tokens, access.register.guests) == ([], False)

    run_async(main())


def test_a_token_without_its_maker_is_nobodys(tmp_path: Path) -> None:
    async def main() -> None:
        register = open_access(tmp_path).register
        maker = register.add_session(Role.OWNER, "Ada", "")
        token, secret = register.add_token("scan", Role.OWNER, maker.id)
        with pytest.raises(NotFound):
            register.add_token("later", Role.OWNER, "gone")
        kept = tmp_path / ".access" / "register.json"
        kept.write_text(kept.read_text().replace(f'"made_by": "{maker.id}"', '"made_by": ""'))
        access = open_access(tmp_path)
        assert access.register.role_of(replace(token, made_by="")) is None
        assert access.register.tokens == []
        async with asking(access, token=secret) as script:
            assert (await script.get("/tokens")).status_code == 401

    run_async(main())


def test_pairing_once_more_brings_no_role_back_that_was_taken_meanwhile(
    access: Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        register = access.register
        register.add_session(Role.OWNER, "Ada", "")
        operator = register.add_session(Role.OPERATOR, "Bob", "")
        _, told = await access.pairing.invite(Role.VIEWER, 15, 1, ANYBODY)
        redeem = access.pairing.redeem

        async def late(*arguments: Any) -> Any:
            register.change_session(operator.id, Role.VIEWER, None)
            return await redeem(*arguments)

        monkeypatch.setattr(access.pairing, "redeem", late)
        async with asking(access, operator) as browser:
            assert (await browser.post("/pair", json={"secret": told.pin})).json()["role"] == "viewer"
        assert [session.role for session in register.sessions] == [Role.OWNER, Role.VIEWER]

    run_async(main())


def test_what_somebody_may_no_more_ends_under_way_and_what_they_still_may_goes_on(access: Access) -> None:
    async def main() -> None:
        register = access.register
        register.add_session(Role.OWNER, "Ada", "")
        bob = register.add_session(Role.OPERATOR, "Bob", "")
        identity = Identity("session", bob.id, "Bob", Role.OPERATOR)
        ended = []

        async def answer(needed: Role) -> None:
            access.begin(identity, needed, lambda: ended.append(needed))

        for needed in (Role.OPERATOR, Role.VIEWER):
            await asyncio.create_task(answer(needed))
        await access.change(register.change_session, bob.id, Role.OPERATOR, "Robert")
        assert ended == []
        await access.change(register.change_session, bob.id, Role.VIEWER, "Robert")
        assert ended == [Role.OPERATOR]

    run_async(main())


def test_a_damaged_secret_leaves_what_it_protected_aside(tmp_path: Path) -> None:
    open_access(tmp_path).register.add_session(Role.OWNER, "Ada", "")
    known = (tmp_path / FOLDER / "register.json").read_bytes()
    (tmp_path / FOLDER / "secret").write_text("damaged")
    assert not open_access(tmp_path).register.has_owner
    assert (tmp_path / FOLDER / "register.json.broken").read_bytes() == known
    assert (tmp_path / FOLDER / "secret.broken").read_text() == "damaged"
