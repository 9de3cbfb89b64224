"""The one rule of who may do what: for HTTP, motion JPEG, downloads and Socket.IO alike. Runs on the event loop."""

import asyncio
import hashlib
import logging
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from itsdangerous import BadSignature, URLSafeSerializer
from starlette.requests import cookie_parser
from starlette.types import Scope

from app.pairing import Pairing
from app.register import Register, Session, Token
from app.roles import ANYBODY, GUEST, Identity, Role
from hw.errors import Refused
from hw.files import keep_aside, write_whole

log = logging.getLogger(__name__)

T = TypeVar("T")

FOLDER = ".access"
"""Where it keeps what it knows, in the data folder. Hidden, and so in no backup."""
_SECRET_BYTES = 32
_COOKIE_S = 400 * 24 * 3600
"""As long as browsers keep any."""
IDENTITY = "eyepiece.identity"
"""Where a request's scope says who asks."""

# Who needs no role: the pages, which hold no secret, and the way in.
_OPEN = {"/", "/dashboard", "/docs", "/service-worker.js", "/healthz", "/api/access", "/api/access/pair", "/socket.io"}
_OPEN_BELOW = ("/page/", "/socket.io/")
"""Socket.IO asks the same rule at its handshake, where a token may come in a packet, and for each event."""
# What changes something and yet is for everybody.
_FOR_VIEWERS = {"/api/stage/stop", "/api/stage/emergency-stop", "/api/access/leave", "/api/images/zips"}
_FOR_OWNERS = (
    "/api/backup",
    "/api/restore",
    "/api/restart",
    "/api/access/",
    "/api/optics/objectives",
    "/api/simulation/",
)
_FOR_OPERATORS = ("/api/access/tokens",)
_EVENTS = {"jog": Role.OPERATOR, "ask_control": Role.OPERATOR, "give_control": Role.OPERATOR}
"""What an event of Socket.IO takes; those that are not named take a viewer."""


class NotPaired(Refused):
    """Nobody that the microscope knows."""


class RoleTooLow(Refused):
    """Somebody whose role does not cover that; ``extra`` has the role that it ``needs``."""


def needed_role(method: str, path: str) -> Role | None:
    """The role that a request takes; ``None`` for one that is open to everybody.

    What is not named here takes a viewer to read and an operator to change: a new route is never open by mistake.
    """
    if path in _OPEN or path.startswith(_OPEN_BELOW):
        return None
    if path in _FOR_VIEWERS:
        return Role.VIEWER
    if path.startswith(_FOR_OPERATORS):
        return Role.OPERATOR
    if path.startswith(_FOR_OWNERS):
        return Role.OWNER
    return Role.VIEWER if method in ("GET", "HEAD") else Role.OPERATOR


class Access:
    """Who asks, and whether they may; what is known of people is in its register and pairing."""

    def __init__(self, register: Register, pairing: Pairing, secret: bytes, required: bool = True) -> None:
        """``required=False`` lets everybody do everything."""
        self.register = register
        self.pairing = pairing
        pairing.is_owner = self._is_owner
        self.required = required
        self.on_change: Callable[[], None] = lambda: None
        """Told when somebody may more or less than before."""
        # Its own for each device: cookies of one address know no ports.
        self.cookie = f"eyepiece-{hashlib.sha256(secret).hexdigest()[:8]}"
        self._signer = URLSafeSerializer(secret, salt="session")
        self._one_at_a_time = asyncio.Lock()
        self._under_way: dict[Callable[[], None], tuple[Identity, Role, asyncio.Task[Any] | None]] = {}

    def identify(self, scope: Scope, token: str | None = None) -> Identity | None:
        """Who asks, by a bearer token or a session's cookie; ``None`` where nobody does who is known."""
        if not self.required:
            return ANYBODY
        headers = dict(scope["headers"])
        authorization = headers.get(b"authorization", b"").decode("latin-1")
        if token is None and authorization[:7].lower() == "bearer ":
            token = authorization[7:].strip()
        if token is not None:
            # One who shows a token means it: where it is not good, nothing else counts.
            return self._of_token(token)
        session = self._of_cookie(headers.get(b"cookie", b"").decode("latin-1"))
        return session or (GUEST if self.register.guests else None)

    def still(self, identity: Identity) -> Identity | None:
        """Who somebody that was let in is now; ``None`` where they are to go."""
        match identity.kind:
            case "session":
                session = self.register.session(identity.id)
                return _identity(session) if session else None
            case "token":
                token = self.register.token(identity.id)
                return self._identity_of(token) if token else None
            case "guest":
                return GUEST if self.register.guests else None
        return identity

    def require(self, identity: Identity | None, needed: Role) -> Identity:
        """Raise ``NotPaired`` or ``RoleTooLow`` unless that is somebody whose role covers what is needed."""
        if identity is None:
            raise NotPaired("pair this browser with the microscope first, or show a token", needs=needed)
        if not identity.role.covers(needed):
            raise RoleTooLow(
                f"that takes the role {needed}; yours is {identity.role}", needs=needed, role=identity.role
            )
        return identity

    def may(self, identity: Identity, event: str) -> None:
        """Raise ``RoleTooLow`` unless somebody may send an event of Socket.IO."""
        self.require(identity, _EVENTS.get(event, Role.VIEWER))

    def section(self, identity: Identity | None) -> dict[str, Any]:
        """What somebody is told of themselves, as a section of the state."""
        return {
            "auth": self.required,
            "guests": self.register.guests,
            "role": identity and identity.role,
            "kind": identity and identity.kind,
            "id": identity and identity.id,
            "name": identity and identity.name,
        }

    def signed(self, session: Session) -> str:
        """What a session's cookie holds."""
        return str(self._signer.dumps(session.id))

    def cookie_of(self, session: Session | None, secure: bool) -> str:
        """The header that has a browser keep its session, or (``None``) forget it."""
        value, age_s = (self.signed(session), _COOKIE_S) if session else ("", 0)
        attributes = f"Max-Age={age_s}; Path=/; HttpOnly; SameSite=Strict{'; Secure' if secure else ''}"
        return f"{self.cookie}={value}; {attributes}"

    async def change(self, work: Callable[..., T], *arguments: Any) -> T:
        """Have the register change something; those whom it concerns feel it at once."""
        async with self._one_at_a_time:
            done = await asyncio.to_thread(work, *arguments)
        self.on_change()
        for cut, (identity, needed, task) in list(self._under_way.items()):
            now = self.still(identity)
            # Whoever ends themselves is still told that it is done.
            if (now is None or not now.role.covers(needed)) and task is not asyncio.current_task():
                cut()
        return done

    def begin(self, identity: Identity, needed: Role, cut: Callable[[], None]) -> None:
        """An answer that takes a role is under way to somebody, in this task; ``cut`` ends it once they lack that."""
        self._under_way[cut] = identity, needed, asyncio.current_task()

    def end(self, cut: Callable[[], None]) -> None:
        """That answer is no more under way."""
        self._under_way.pop(cut, None)

    def _is_owner(self, identity: Identity) -> bool:
        now = self.still(identity)
        return now is not None and now.role is Role.OWNER

    def _of_token(self, secret: str) -> Identity | None:
        token = self.register.token_of(secret)
        return self._identity_of(token) if token else None

    def _identity_of(self, token: Token) -> Identity | None:
        role = self.register.role_of(token)
        return Identity("token", token.id, token.name, role, token.made_by) if role else None

    def _of_cookie(self, header: str) -> Identity | None:
        try:
            session_id = self._signer.loads(cookie_parser(header).get(self.cookie, ""))
        except BadSignature:
            return None
        session = self.register.session(session_id) if isinstance(session_id, str) else None
        return _identity(session) if session else None


def open_access(data: Path, required: bool = True) -> Access:
    """The access to the microscope whose data folder that is; its secret is made at the first start.

    Raises ``OSError`` where the folder cannot be used.
    """
    folder = data / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    register = folder / "register.json"
    secret = _secret(folder / "secret")
    if secret is None:
        # No cookie of before is good any more, and nobody is left who could let others in.
        if register.exists():
            keep_aside(register)
        secret = secrets.token_bytes(_SECRET_BYTES)
        write_whole(folder / "secret", secret.hex().encode())
    return Access(Register(register), Pairing(folder / "console.json"), secret, required)


def _secret(path: Path) -> bytes | None:
    try:
        secret = bytes.fromhex(path.read_text())
    except FileNotFoundError:
        return None
    except ValueError:
        secret = b""
    if len(secret) == _SECRET_BYTES:
        return secret
    keep_aside(path)
    log.error("%s is damaged, and kept aside: it is made anew, and all have to pair again", path)
    return None


def _identity(session: Session) -> Identity:
    return Identity("session", session.id, session.name, session.role)


def of_scope(scope: Mapping[str, Any]) -> Identity | None:
    """Who asks, as the layer in front of everything found out."""
    identity: Identity | None = scope.get(IDENTITY)
    return identity
