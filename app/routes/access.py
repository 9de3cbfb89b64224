"""Who may do what, over HTTP: the way in, and what owners decide."""

import asyncio
import io
from typing import Annotated, Any

import segno
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.access import Access, of_scope
from app.pairing import PIN_DIGITS, Invitation
from app.register import MAX_NAME, Session, Token, clean_name
from app.roles import ANYBODY, Identity, Role
from hw.errors import Refused

Name = Annotated[str, Field(max_length=MAX_NAME)]
_LINK = "#/pair/"
"""What a link that lets somebody in ends with, and then its code: behind the ``#``, so in no request's line."""


class Me(BaseModel):
    """Who asks; ``role`` is ``null`` for one who has to pair first. without ``auth`` everybody may all."""

    auth: bool
    guests: bool
    role: Role | None
    kind: str | None
    id: str | None
    name: str | None


class Secret(BaseModel):
    """A PIN as it is shown, or what a link ends with; and how this browser is to be called."""

    model_config = ConfigDict(extra="forbid")

    secret: Annotated[str, Field(min_length=1, max_length=200)]
    name: Name = ""


class Person(BaseModel):
    """A browser that was let in; ``you`` where it is the one that asks."""

    id: str
    name: str
    role: Role
    paired_at: float
    agent: str
    you: bool


class PersonChange(BaseModel):
    """What is named changes."""

    model_config = ConfigDict(extra="forbid")

    role: Role | None = None
    name: Name | None = None


class Guests(BaseModel):
    """Whether anybody in the network may look, without a PIN."""

    model_config = ConfigDict(extra="forbid")

    allowed: bool


class InvitationRequest(BaseModel):
    """For whom, for how long, and for how many browsers."""

    model_config = ConfigDict(extra="forbid")

    role: Role = Role.VIEWER
    minutes: Annotated[float, Field(gt=0, le=24 * 60, allow_inf_nan=False)] = 15.0
    uses: Annotated[int, Field(gt=0, le=200)] = 1


class InvitationTold(BaseModel):
    """An invitation that is open."""

    id: str
    role: Role
    seconds_left: float
    uses_left: int


class InvitationSecret(InvitationTold):
    """The same with what lets people in, which is told this once; ``qr_svg`` is ``link`` as a picture."""

    pin: str
    link: str
    qr_svg: str


class TokenRequest(BaseModel):
    """What the token is for; its role is no higher than one's own."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    role: Role = Role.VIEWER


class TokenTold(BaseModel):
    """A token that scripts may show."""

    id: str
    name: str
    role: Role
    made_at: float
    made_by: str
    """The name of whoever made it."""


class TokenSecret(TokenTold):
    """The same with the token itself, which is told this once."""

    token: str


def access_routes(access: Access) -> APIRouter:
    """``/api/access``; ``app.access`` says who may use which."""
    router = APIRouter(prefix="/api/access", tags=["access"])
    _add_own_routes(router, access)
    router.include_router(_people_routes(access))
    router.include_router(_invitation_routes(access))
    router.include_router(_token_routes(access))
    return router


def _add_own_routes(router: APIRouter, access: Access) -> None:
    @router.get("")
    async def who_am_i(request: Request) -> Me:
        """Who the one that asks is."""
        return Me(**access.section(of_scope(request.scope)))

    @router.post("/pair", responses={403: {}, 429: {}})
    async def pair(told: Secret, request: Request, response: Response) -> Me:
        """Let this browser in by a PIN or a link's code; the answer sets its cookie.

        403 where it is not valid, 429 where guesses from there are not looked at for ``wait_s``.
        """
        if not access.required:
            raise Refused("everybody may everything: there is nothing to pair with")
        secret = told.secret.strip()
        if len(digits := "".join(secret.split())) == PIN_DIGITS and digits.isdecimal():
            secret = digits
        name = clean_name(told.name, "")
        before = of_scope(request.scope)

        async def let_in(role: Role) -> Session:
            if before is None or before.kind != "session":
                agent = request.headers.get("user-agent", "")
                return await access.change(access.register.add_session, role, name, agent)
            return await access.change(access.register.raise_session, before.id, role, name)

        session = await access.pairing.redeem(secret, request.client.host if request.client else "", let_in)
        response.headers["Set-Cookie"] = access.cookie_of(session, request.url.scheme == "https")
        return Me(**access.section(Identity("session", session.id, session.name, session.role)))

    @router.post("/leave", status_code=204)
    async def leave(request: Request, response: Response) -> None:
        """End this browser's session. 409 for the last owner, who has to make another one first."""
        identity = of_scope(request.scope)
        if identity is not None and identity.kind == "session":
            await access.change(access.register.end_session, identity.id)
        response.headers["Set-Cookie"] = access.cookie_of(None, request.url.scheme == "https")


def _people_routes(access: Access) -> APIRouter:
    router = APIRouter()

    @router.get("/people")
    async def people(request: Request) -> list[Person]:
        """Every browser that was let in."""
        you = _id_of(request)
        return [
            Person(id=s.id, name=s.name, role=s.role, paired_at=s.paired_at, agent=s.agent, you=s.id == you)
            for s in access.register.sessions
        ]

    @router.patch("/people/{session_id}")
    async def change_person(session_id: str, change: PersonChange, request: Request) -> Person:
        """Give somebody another role or name. What they do no more may ends at once."""
        s = await access.change(access.register.change_session, session_id, change.role, change.name)
        you = _id_of(request)
        return Person(id=s.id, name=s.name, role=s.role, paired_at=s.paired_at, agent=s.agent, you=s.id == you)

    @router.delete("/people/{session_id}", status_code=204)
    async def end_person(session_id: str) -> None:
        """End somebody's session and their tokens: their connections end at once."""
        await access.change(access.register.end_session, session_id)

    @router.get("/guests")
    async def guests() -> Guests:
        """Whether anybody in the network may look."""
        return Guests(allowed=access.register.guests)

    @router.put("/guests")
    async def allow_guests(guests: Guests) -> Guests:
        """Let anybody in the network look, without a PIN; or no more. 409 where everybody may everything."""
        if not access.required:
            # It would outlast that, and nobody would know who said so.
            raise Refused("everybody may everything: whether guests look is said where people pair")
        await access.change(access.register.allow_guests, guests.allowed)
        return guests

    return router


def _invitation_routes(access: Access) -> APIRouter:
    router = APIRouter(prefix="/invitations")
    pairing = access.pairing

    def told(invitation: Invitation) -> dict[str, Any]:
        return {
            "id": invitation.id,
            "role": invitation.role,
            "seconds_left": round(pairing.seconds_left(invitation), 1),
            "uses_left": invitation.uses_left,
        }

    @router.get("")
    async def invitations() -> list[InvitationTold]:
        """Those that are open."""
        return [InvitationTold(**told(invitation)) for invitation in pairing.invitations]

    @router.post("", status_code=201)
    async def invite(wanted: InvitationRequest, request: Request) -> InvitationSecret:
        """Make a PIN and a link that let people in. They end with their time, their uses, whoever made them,
        and the next restart.
        """
        asker = of_scope(request.scope) or ANYBODY
        invitation, secret = await pairing.invite(wanted.role, wanted.minutes, wanted.uses, asker)
        link = f"{request.url.scheme}://{request.headers['host']}/{_LINK}{secret.code}"
        picture = await asyncio.to_thread(_picture, link)
        return InvitationSecret(**told(invitation), pin=secret.pin, link=link, qr_svg=picture)

    @router.delete("/{invitation_id}", status_code=204)
    async def take_back(invitation_id: str) -> None:
        """End an invitation. Whoever used it stays."""
        pairing.take_back(invitation_id)

    return router


def _token_routes(access: Access) -> APIRouter:
    router = APIRouter(prefix="/tokens")
    register = access.register

    def told(token: Token) -> dict[str, Any]:
        maker = register.session(token.made_by)
        role = register.role_of(token) or token.role
        facts = {"id": token.id, "name": token.name, "role": role, "made_at": token.made_at}
        return {**facts, "made_by": maker.name if maker else ""}

    @router.get("")
    async def tokens(request: Request) -> list[TokenTold]:
        """An owner sees all, others their own."""
        return [TokenTold(**told(token)) for token in register.tokens if _concerns(request, token)]

    @router.post("", status_code=201)
    async def make_token(wanted: TokenRequest, request: Request) -> TokenSecret:
        """Make a token for a script: ``Authorization: Bearer TOKEN``, or Socket.IO's ``auth: {"token": TOKEN}``.

        Only a browser that was let in makes them: a token that got about would outlive its end in those that it made.
        """
        asker = of_scope(request.scope)
        if asker is None or asker.kind != "session":
            raise Refused("a browser that was let in makes tokens, and nobody else", allowed="session")
        if not asker.role.covers(wanted.role):
            raise Refused(f"a token's role is no higher than one's own: {asker.role}", allowed=asker.role)
        token, secret = await access.change(register.add_token, wanted.name, wanted.role, asker.id)
        return TokenSecret(**told(token), token=secret)

    @router.delete("/{token_id}", status_code=204)
    async def end_token(token_id: str, request: Request) -> None:
        """End a token: what shows it is refused from now on, and its connections end."""
        token = register.token(token_id)
        if token is not None and not _concerns(request, token):
            token_id = ""  # as if there were none: whose tokens there are is not everybody's business
        await access.change(register.end_token, token_id)

    return router


def _id_of(request: Request) -> str:
    asker = of_scope(request.scope)
    return asker.id if asker else ""


def _concerns(request: Request, token: Token) -> bool:
    asker = of_scope(request.scope)
    return asker is not None and (asker.role == Role.OWNER or asker.id in (token.made_by, token.id))


def _picture(link: str) -> str:
    picture = io.BytesIO()
    segno.make(link, error="m", micro=False).save(picture, kind="svg", scale=4, border=4, light="white", xmldecl=False)
    return picture.getvalue().decode()
