"""How browsers are let in: a PIN and a link from the console for the first owner, invitations for the others."""

import asyncio
import json
import logging
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from app.backoff import Backoff
from app.register import digest
from app.roles import Identity, Role
from hw.errors import NotFound, Refused
from hw.files import write_whole

log = logging.getLogger(__name__)

T = TypeVar("T")

PIN_DIGITS = 8
MAX_INVITATIONS = 8
_CODE_BYTES = 18
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""The least that OWASP advises: a tenth of a second on the smallest board."""


class WrongPin(Refused):
    """No PIN or link of that kind is valid; ``extra`` has ``wait_s``."""


class TooManyTries(Refused):
    """A guess that was not looked at; ``extra`` has ``wait_s``."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a person is shown: digits to type, and what a link ends with."""

    pin: str
    code: str


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept of it."""

    pin: str
    code: str

    def fits(self, secret: str) -> bool:
        """Whether ``secret`` is the PIN or the code. Takes a moment: off the event loop."""
        if len(secret) != PIN_DIGITS:
            return secrets.compare_digest(digest(secret), self.code)
        try:
            return _HASHER.verify(self.pin, secret)
        except (VerifyMismatchError, InvalidHashError):
            return False


@dataclass(slots=True)
class Invitation:
    """An offer of an owner to whoever has its PIN or link."""

    id: str
    role: Role
    ends_at: float
    """By the pairing's clock."""
    uses_left: int
    made_by: Identity
    """It ends as soon as that is no owner any more."""
    kept: _Kept


class Pairing:
    """The offers that are open. An invitation ends with the process; the console's is a file, and ends when used."""

    def __init__(self, path: Path, backoff: Backoff | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        """``path`` is the console's offer; ``clock`` gives seconds, monotonic."""
        self._path = path
        self._backoff = backoff or Backoff(clock=clock)
        self._clock = clock
        self.is_owner: Callable[[Identity], bool] = lambda identity: identity.role is Role.OWNER
        """Whether somebody who made an invitation is an owner still."""
        self._invitations: dict[str, Invitation] = {}
        self._one_at_a_time = asyncio.Lock()

    @property
    def invitations(self) -> list[Invitation]:
        """Those that are still good, the oldest first."""
        now = self._clock()
        self._invitations = {
            key: offer
            for key, offer in self._invitations.items()
            if offer.ends_at > now and offer.uses_left > 0 and self.is_owner(offer.made_by)
        }
        return list(self._invitations.values())

    def seconds_left(self, invitation: Invitation) -> float:
        """How long an invitation is still good."""
        return invitation.ends_at - self._clock()

    async def invite(self, role: Role, minutes: float, uses: int, made_by: Identity) -> tuple[Invitation, Told]:
        """Make an invitation for so many browsers. Raises ``Refused`` where too many are open."""
        told, kept = await asyncio.to_thread(_draw)
        if len(self.invitations) >= MAX_INVITATIONS:
            refusal = f"{MAX_INVITATIONS} invitations may be open; take one back first"
            raise Refused(refusal, reason="too-many", allowed=MAX_INVITATIONS)
        invitation = Invitation(secrets.token_hex(4), role, self._clock() + 60 * minutes, uses, made_by, kept)
        self._invitations[invitation.id] = invitation
        return invitation, told

    def take_back(self, invitation_id: str) -> None:
        """End an invitation; who used it stays. Raises ``NotFound``."""
        if self._invitations.pop(invitation_id, None) is None:
            raise NotFound(f"there is no invitation {invitation_id[:80]!r}")

    async def redeem(self, secret: str, address: str, let_in: Callable[[Role], Awaitable[T]]) -> T:
        """Let somebody in with the role that a PIN or a link's code is good for, which is used up once that is done.

        Whatever ``let_in`` raises leaves it good. Raises ``WrongPin``, or ``TooManyTries`` where the guess is not even
        looked at. A code cannot be guessed, and so is looked at always: whoever holds the console's link gets in while
        others guess.
        """
        is_pin = len(secret) == PIN_DIGITS
        if is_pin and (wait_s := self._backoff.wait_s(address)) > 0:
            told = f"too many wrong PINs: wait {wait_s:.0f} s, or use the link of the QR code"
            raise TooManyTries(told, wait_s=round(wait_s, 1))
        if is_pin:
            self._backoff.charge(address)
        async with self._one_at_a_time:
            offer = await self._fitting(secret)
            if offer is None:
                wait_s = self._backoff.wait_s(address)
                what = "PIN" if is_pin else "link"
                told = f"this {what} is not valid, or no more: ask for another"
                raise WrongPin(told, reason=f"wrong-{what.lower()}", wait_s=round(wait_s, 1))
            if is_pin:
                self._backoff.forgive(address)
            if isinstance(offer, Invitation):
                done = await let_in(offer.role)
                offer.uses_left -= 1
            else:
                done = await let_in(Role.OWNER)
                await asyncio.to_thread(_use_up, self._path, offer)
            return done

    def offer_on_console(self, describe: Callable[[Told], str]) -> str:
        """Draw the PIN and the link that make an owner, once; returns the text for people.

        An earlier offer of the console ends. The text lies beside, for a screen that shows it, until it is used.
        """
        told, kept = _draw()
        text = describe(told)
        write_whole(_shown(self._path), f"{text}\n".encode())
        write_whole(self._path, json.dumps({"pin": kept.pin, "code": kept.code}).encode())
        return text

    async def _fitting(self, secret: str) -> "_Kept | Invitation | None":
        """The console's offer or the invitation that a secret is of."""
        # Read anew each time: --new-pin is another process.
        console = await asyncio.to_thread(_read, self._path)
        if console is not None and await asyncio.to_thread(console.fits, secret):
            return console
        invitation = await asyncio.to_thread(_fitting, self.invitations, secret)
        return invitation if invitation in self.invitations else None


def _use_up(path: Path, offer: _Kept) -> None:
    if _read(path) == offer:  # else a newer one lies there
        path.unlink()
        _shown(path).unlink(missing_ok=True)


def _shown(path: Path) -> Path:
    return path.with_suffix(".txt")


def _fitting(invitations: list[Invitation], secret: str) -> Invitation | None:
    return next((invitation for invitation in invitations if invitation.kept.fits(secret)), None)


def _draw() -> tuple[Told, _Kept]:
    pin = f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}d}"
    code = secrets.token_urlsafe(_CODE_BYTES)
    return Told(pin, code), _Kept(_HASHER.hash(pin), digest(code))


def _read(path: Path) -> _Kept | None:
    try:
        facts = json.loads(path.read_bytes())
        return _Kept(str(facts["pin"]), str(facts["code"]))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError) as error:
        log.error("%s holds no PIN (%r): python -m app --new-pin makes another", path, error)
        return None
