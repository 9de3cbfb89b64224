"""Who was let in: sessions of browsers and tokens of scripts, in one file that is written whole or not at all."""

import hashlib
import json
import logging
import secrets
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from app.roles import Role, lesser
from hw.errors import InvalidRequest, NotFound, Refused
from hw.files import keep_aside, write_whole

log = logging.getLogger(__name__)

MAX_SESSIONS = 300
MAX_TOKENS = 100
MAX_NAME = 40
_TOKEN_BYTES = 32
_TOKEN_MARK = "eyp_"  # noqa: S105 - so that one who finds a token in a script knows whose it is


class LastOwner(Refused):
    """Without that session nobody could give access any more."""


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that was paired."""

    id: str
    name: str
    role: Role
    paired_at: float
    """Wall clock, seconds."""
    agent: str


@dataclass(frozen=True, slots=True)
class Token:
    """What a script shows instead of a cookie; only its digest is kept."""

    id: str
    name: str
    role: Role
    made_at: float
    made_by: str
    """The session that made it: the token may no more than that, and ends with it."""
    sha256: str


@dataclass(frozen=True, slots=True)
class _Known:
    guests: bool = False
    sessions: dict[str, Session] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)


class Register:
    """The sessions and tokens of one microscope. Its changes block on the disk: one at a time, off the event loop.

    What is known is an immutable value that is replaced once its file is on the disk: anyone may read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = _read(path)
        self._by_digest = {token.sha256: token for token in self._known.tokens.values()}

    @property
    def guests(self) -> bool:
        """Whether anybody may look."""
        return self._known.guests

    @property
    def sessions(self) -> list[Session]:
        """All sessions, the oldest first."""
        return list(self._known.sessions.values())

    @property
    def tokens(self) -> list[Token]:
        """All tokens, the oldest first."""
        return list(self._known.tokens.values())

    @property
    def has_owner(self) -> bool:
        """Whether there is somebody who can let others in."""
        return any(session.role == Role.OWNER for session in self._known.sessions.values())

    def session(self, session_id: str) -> Session | None:
        """A session by its id."""
        return self._known.sessions.get(session_id)

    def token(self, token_id: str) -> Token | None:
        """A token by its id."""
        return self._known.tokens.get(token_id)

    def token_of(self, secret: str) -> Token | None:
        """The token that a script shows."""
        return self._by_digest.get(digest(secret))

    def role_of(self, token: Token) -> Role | None:
        """What a token allows now: what it was made for, and no more than who made it may. Without them, nothing."""
        maker = self.session(token.made_by)
        return lesser(token.role, maker.role) if maker else None

    def add_session(self, role: Role, name: str, agent: str) -> Session:
        """Let a browser in. Raises ``Refused`` where there are too many, ``OSError``.

        An owner always gets in: the oldest session that is no owner's makes room, and its tokens end with it.
        """
        known = self._known
        if len(known.sessions) >= MAX_SESSIONS:
            others = (other.id for other in known.sessions.values() if other.role != Role.OWNER)
            displaced = next(others, None) if role == Role.OWNER else None
            if displaced is None:
                told = f"{MAX_SESSIONS} sessions are the most; end some under Settings"
                raise Refused(told, reason="too-many", allowed=MAX_SESSIONS)
            log.warning("%d sessions are the most: the oldest that is no owner's ends for a new owner", MAX_SESSIONS)
            known = _without(known, displaced)
        session = Session(secrets.token_hex(8), clean_name(name, role.value), role, time.time(), agent[:200])
        self._put(replace(known, sessions={**known.sessions, session.id: session}))
        return session

    def change_session(self, session_id: str, role: Role | None, name: str | None) -> Session:
        """Give a session another role or name. Raises ``NotFound``, ``LastOwner``, ``OSError``."""
        session = self._required(session_id)
        if role not in (None, Role.OWNER):
            self._keep_an_owner(session)
        changed = replace(session, role=role or session.role, name=clean_name(name or session.name, session.name))
        self._put(replace(self._known, sessions={**self._known.sessions, session_id: changed}))
        return changed

    def raise_session(self, session_id: str, role: Role, name: str) -> Session:
        """Give one who is in the role of an offer, where that is the higher of the two; and the name, if there is one.

        Raises ``NotFound``, ``OSError``.
        """
        before = self._required(session_id).role
        return self.change_session(session_id, before if before.covers(role) else role, name)

    def end_session(self, session_id: str) -> None:
        """End a session and the tokens that it made. Raises ``NotFound``, ``LastOwner``, ``OSError``."""
        self._keep_an_owner(self._required(session_id))
        self._put(_without(self._known, session_id))

    def add_token(self, name: str, role: Role, made_by: str) -> tuple[Token, str]:
        """Make a token; returns it with the secret, which is told this once.

        Raises ``NotFound`` where its maker is gone, ``Refused``, ``OSError``.
        """
        self._required(made_by)
        if len(self._known.tokens) >= MAX_TOKENS:
            told = f"{MAX_TOKENS} tokens are the most; end some first"
            raise Refused(told, reason="too-many", allowed=MAX_TOKENS)
        secret = _TOKEN_MARK + secrets.token_urlsafe(_TOKEN_BYTES)
        token = Token(secrets.token_hex(8), clean_name(name, "script"), role, time.time(), made_by, digest(secret))
        self._put(replace(self._known, tokens={**self._known.tokens, token.id: token}))
        return token, secret

    def end_token(self, token_id: str) -> None:
        """End a token. Raises ``NotFound``, ``OSError``."""
        if token_id not in self._known.tokens:
            raise NotFound(f"there is no token {token_id[:80]!r}")
        tokens = {key: token for key, token in self._known.tokens.items() if key != token_id}
        self._put(replace(self._known, tokens=tokens))

    def allow_guests(self, allowed: bool) -> None:
        """Let anybody look, or nobody. Raises ``OSError``."""
        self._put(replace(self._known, guests=allowed))

    def _required(self, session_id: str) -> Session:
        session = self.session(session_id)
        if session is None:
            raise NotFound(f"there is no session {session_id[:80]!r}")
        return session

    def _keep_an_owner(self, session: Session) -> None:
        others = (other for other in self._known.sessions.values() if other.id != session.id)
        if session.role == Role.OWNER and not any(other.role == Role.OWNER for other in others):
            raise LastOwner("that is the last owner; make somebody else an owner first")

    def _put(self, known: _Known) -> None:
        facts = {
            "version": 1,
            "guests": known.guests,
            "sessions": [asdict(session) for session in known.sessions.values()],
            "tokens": [asdict(token) for token in known.tokens.values()],
        }
        write_whole(self._path, json.dumps(facts, indent=1).encode())
        self._known = known
        self._by_digest = {token.sha256: token for token in known.tokens.values()}


def digest(secret: str) -> str:
    """What is kept of a secret that is too long to be guessed."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def clean_name(name: str, otherwise: str) -> str:
    """A name as people are shown it. Raises ``InvalidRequest`` for one that is too long or cannot be shown."""
    name = " ".join(name.split())
    if len(name) > MAX_NAME or not name.isprintable():
        raise InvalidRequest(f"a name has {MAX_NAME} characters at most, all of which can be seen", allowed=MAX_NAME)
    return name or otherwise


def _without(known: _Known, session_id: str) -> _Known:
    sessions = {key: session for key, session in known.sessions.items() if key != session_id}
    tokens = {key: token for key, token in known.tokens.items() if token.made_by != session_id}
    return replace(known, sessions=sessions, tokens=tokens)


def _read(path: Path) -> _Known:
    try:
        facts = json.loads(path.read_bytes())
        sessions = _by_id(Session(**{**each, "role": Role(each["role"])}) for each in facts["sessions"])
        tokens = _by_id(
            Token(**{**each, "role": Role(each["role"])}) for each in facts["tokens"] if each["made_by"] in sessions
        )
        return _Known(bool(facts["guests"]), sessions, tokens)
    except FileNotFoundError:
        return _Known()
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        aside = keep_aside(path)
        kept = f": kept as {aside.name}" if aside else ""
        log.error("%s holds no register of sessions (%r)%s; all have to pair anew", path, error, kept)
        return _Known()


def _by_id(entries: Iterable[Any]) -> dict[str, Any]:
    return {entry.id: entry for entry in entries}
