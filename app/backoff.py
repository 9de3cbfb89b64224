"""How long somebody who guessed wrong has to wait before the next guess counts."""

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

_REMEMBERED = 4096
"""Addresses whose mistakes are kept; beyond them the longest unseen is forgotten, and the total still counts."""


@dataclass(frozen=True, slots=True)
class Pace:
    """After ``free`` mistakes each one doubles the wait, from ``first_s`` to ``most_s``, which forgives one."""

    free: int
    first_s: float
    most_s: float

    def wait_s(self, mistakes: int) -> float:
        """How long the last of so many mistakes makes wait, in seconds."""
        doubled = mistakes - self.free - 1
        return 0.0 if doubled < 0 else min(self.first_s * 2.0 ** min(doubled, 60), self.most_s)


EACH = Pace(free=3, first_s=2.0, most_s=300.0)
TOTAL = Pace(free=20, first_s=1.0, most_s=30.0)
"""For all addresses together, and so also for the owner: bounded by what one waits for patiently."""


class _Debt:
    """The mistakes of one address, or of all of them."""

    def __init__(self, pace: Pace) -> None:
        self.mistakes = 0
        self._pace = pace
        self._last_at = 0.0

    def left_s(self, now: float) -> float:
        if not self.mistakes:
            return 0.0
        # Patience pays: what is long ago counts no more.
        forgiven = int((now - self._last_at) / self._pace.most_s)
        if forgiven:
            self.mistakes = max(0, self.mistakes - forgiven)
            self._last_at = now
            return 0.0
        return max(0.0, self._last_at + self._pace.wait_s(self.mistakes) - now)

    def add(self, now: float) -> None:
        self.mistakes += 1
        self._last_at = now


class Backoff:
    """Counts wrong guesses per address and in total, by a clock that nobody sets."""

    def __init__(self, each: Pace = EACH, total: Pace = TOTAL, clock: Callable[[], float] = time.monotonic) -> None:
        self._each = each
        self._clock = clock
        self._total = _Debt(total)
        self._addresses: OrderedDict[str, _Debt] = OrderedDict()

    def wait_s(self, address: str) -> float:
        """How long a guess from there does not count yet, in seconds; 0 where it does."""
        now = self._clock()
        debt = self._addresses.get(_network(address))
        return max(self._total.left_s(now), debt.left_s(now) if debt else 0.0)

    def charge(self, address: str) -> None:
        """Count a guess as wrong. Before it is looked at, so that many at once count as many."""
        now = self._clock()
        network = _network(address)
        debt = self._addresses.setdefault(network, _Debt(self._each))
        self._addresses.move_to_end(network)
        debt.add(now)
        self._total.add(now)
        while len(self._addresses) > _REMEMBERED:
            self._addresses.popitem(last=False)

    def forgive(self, address: str) -> None:
        """The guess was right: the address begins anew, and the total is as it was before the guess."""
        self._addresses.pop(_network(address), None)
        self._total.mistakes = max(0, self._total.mistakes - 1)


def _network(address: str) -> str:
    """The address; of IPv6 the part that a household has, since each of its devices has as many as it likes."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, 64), strict=False))
