"""How browsers are let in: a PIN and a link from the console for the first owner, invitations for the others."""

import asyncio
import json
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from app.backoff import Backoff
from app.register import digest
from app.roles import Role
from hw.errors import NotFound, Refused
from hw.files import write_whole

log = logging.getLogger(__name__)

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
    kept: _Kept


class Pairing:
    """The offers that are open. An invitation ends with the process; the console's is a file, and ends when used."""

    def __init__(self, path: Path, backoff: Backoff | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        """``path`` is the console's offer; ``clock`` gives seconds, monotonic."""
        self._path = path
        self._backoff = backoff or Backoff(clock=clock)
        self._clock = clock
        self._invitations: dict[str, Invitation] = {}
        self._one_at_a_time = asyncio.Lock()

    @property
    def invitations(self) -> list[Invitation]:
        """Those that are still good, the oldest first."""
        now = self._clock()
        self._invitations = {
            key: offer for key, offer in self._invitations.items() if offer.ends_at > now and offer.uses_left > 0
        }
        return list(self._invitations.values())

    def seconds_left(self, invitation: Invitation) -> float:
        """How long an invitation is still good."""
        return invitation.ends_at - self._clock()

    async def invite(self, role: Role, minutes: float, uses: int) -> tuple[Invitation, Told]:
        """Make an invitation for so many browsers. Raises ``Refused`` where too many are open."""
        told, kept = await asyncio.to_thread(_draw)
        if len(self.invitations) >= MAX_INVITATIONS:
            refusal = f"{MAX_INVITATIONS} invitations may be open; take one back first"
            raise Refused(refusal, reason="too-many", allowed=MAX_INVITATIONS)
        invitation = Invitation(secrets.token_hex(4), role, self._clock() + 60 * minutes, uses, kept)
        self._invitations[invitation.id] = invitation
        return invitation, told

    def take_back(self, invitation_id: str) -> None:
        """End an invitation; who used it stays. Raises ``NotFound``."""
        if self._invitations.pop(invitation_id, None) is None:
            raise NotFound(f"there is no invitation {invitation_id[:80]!r}")

    async def redeem(self, secret: str, address: str) -> Role:
        """The role that a PIN or a link's code is good for, which is used up by that.

        Raises ``WrongPin``, or ``TooManyTries`` where the guess is not even looked at. A code cannot be guessed, and
        so is looked at always: whoever holds the console's link gets in while others guess.
        """
        is_pin = len(secret) == PIN_DIGITS
        if is_pin and (wait_s := self._backoff.wait_s(address)) > 0:
            told = f"too many wrong PINs: wait {wait_s:.0f} s, or use the link of the QR code"
            raise TooManyTries(told, wait_s=round(wait_s, 1))
        if is_pin:
            self._backoff.charge(address)
        async with self._one_at_a_time:
            role = await self._use(secret)
        if role is None:
            wait_s = self._backoff.wait_s(address)
            what = "PIN" if is_pin else "link"
            told = f"this {what} is not valid, or no more: ask for another"
            raise WrongPin(told, reason=f"wrong-{what.lower()}", wait_s=round(wait_s, 1))
        if is_pin:
            self._backoff.forgive(address)
        return role

    def offer_on_console(self, describe: Callable[[Told], str]) -> str:
        """Draw the PIN and the link that make an owner, once; returns the text for people.

        An earlier offer of the console ends. The text lies beside, for a screen that shows it, until it is used.
        """
        told, kept = _draw()
        text = describe(told)
        write_whole(_shown(self._path), f"{text}\n".encode())
        write_whole(self._path, json.dumps({"pin": kept.pin, "code": kept.code}).encode())
        return text

    async def _use(self, secret: str) -> Role | None:
        invitations = self.invitations
        if await asyncio.to_thread(_use_console, self._path, secret):
            return Role.OWNER
        fitting = await asyncio.to_thread(_fitting, invitations, secret)
        if fitting is None or fitting not in self.invitations:
            return None
        fitting.uses_left -= 1
        return fitting.role


def _use_console(path: Path, secret: str) -> bool:
    # Read anew each time: --new-pin is another process.
    offer = _read(path)
    if offer is None or not offer.fits(secret):
        return False
    path.unlink()
    _shown(path).unlink(missing_ok=True)
    return True


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
