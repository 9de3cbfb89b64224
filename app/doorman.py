"""How many connections there may be, and how long one may take to say what it wants. Runs on the event loop."""

import asyncio
import logging
import math
import resource
import time
from collections import Counter
from typing import Any, Protocol

log = logging.getLogger(__name__)

MAX_STRANGERS = 128
"""Connections that have not asked for anything yet. Beyond them the oldest is closed: whoever asks at once gets in."""
MAX_STRANGERS_EACH = 32
MAX_CONNECTIONS_EACH = 256
"""Of one address: a classroom may be behind one."""
_MAX_CONNECTIONS = 1000
_OTHER_FILES = 200
"""Files that devices, pictures and libraries may have open meanwhile."""
HEADER_S = 10.0
"""From a connection, or a request's first byte, to the end of its headers."""
BODY_S = 120.0
"""From there to the end of its body."""
_LOOK_S = 1.0


class Transport(Protocol):
    """What it knows of a connection: where it comes from, and how to end it."""

    def get_extra_info(self, name: str) -> Any:
        """``peername`` is its address and port."""

    def abort(self) -> None:
        """End it now."""


def allowed_connections() -> int:
    """How many connections the limit of open files leaves room for; that is raised as far as it may be."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MAX_CONNECTIONS + _OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return _MAX_CONNECTIONS if soft == resource.RLIM_INFINITY else max(16, min(_MAX_CONNECTIONS, soft - _OTHER_FILES))


class Doorman:
    """Knows every connection by its transport, from its first moment to its last."""

    def __init__(self, most: int | None = None) -> None:
        self.turned_away = 0
        """Connections that were closed because there were too many, or because they took too long."""
        self._most = allowed_connections() if most is None else most
        self._addresses: dict[Transport, str] = {}
        self._connections: Counter[str] = Counter()
        # Each in the order in which they began to be waited for.
        self._headers: dict[Transport, float] = {}
        self._bodies: dict[Transport, float] = {}
        self._strangers: Counter[str] = Counter()
        self._look: asyncio.TimerHandle | None = None
        self._told_at: dict[str, float] = {}

    def enter(self, transport: Transport) -> None:
        """A connection is there."""
        peer = transport.get_extra_info("peername")
        address = peer[0] if isinstance(peer, tuple) else ""
        self._addresses[transport] = address
        self._connections[address] += 1
        self.expect_headers(transport)
        if len(self._addresses) > self._most or self._connections[address] > MAX_CONNECTIONS_EACH:
            self._turn_away(self._oldest(address) or transport, "too many connections")
        elif self._strangers[address] > MAX_STRANGERS_EACH:
            self._turn_away(self._oldest(address), "too many connections that ask for nothing")
        elif len(self._headers) > MAX_STRANGERS:
            self._turn_away(next(iter(self._headers)), "too many connections that ask for nothing")

    def expect_headers(self, transport: Transport) -> None:
        """A connection is to say what it wants."""
        if transport in self._addresses and transport not in self._headers:
            self._headers[transport] = time.monotonic() + HEADER_S
            self._strangers[self._addresses[transport]] += 1
            self._look_soon()

    def expect_body(self, transport: Transport) -> None:
        """It has said so, but for what it sends along."""
        self._heard(transport)
        if transport in self._addresses:
            self._bodies[transport] = time.monotonic() + BODY_S
            self._look_soon()

    def expect_nothing(self, transport: Transport) -> None:
        """It has said all."""
        self._heard(transport)
        self._bodies.pop(transport, None)

    def leave(self, transport: Transport) -> None:
        """A connection has ended."""
        self.expect_nothing(transport)
        address = self._addresses.pop(transport, None)
        if address is not None:
            self._connections[address] -= 1
            if not self._connections[address]:
                del self._connections[address]

    def close(self) -> None:
        """Look at nobody any more."""
        if self._look is not None:
            self._look.cancel()

    def _heard(self, transport: Transport) -> None:
        if self._headers.pop(transport, None) is not None:
            address = self._addresses[transport]
            self._strangers[address] -= 1
            if not self._strangers[address]:
                del self._strangers[address]

    def _oldest(self, address: str) -> Transport | None:
        """The stranger from there that has said nothing for longest."""
        return next((transport for transport in self._headers if self._addresses[transport] == address), None)

    def _turn_away(self, transport: Transport | None, reason: str) -> None:
        if transport is None:
            return
        self.turned_away += 1
        now = time.monotonic()
        if now - self._told_at.get(reason, -math.inf) > HEADER_S:
            self._told_at[reason] = now
            log.warning(
                "Connections are closed, %d so far: %s (%s)", self.turned_away, reason, self._addresses[transport]
            )
        self.leave(transport)
        transport.abort()

    def _look_soon(self) -> None:
        if self._look is None:
            self._look = asyncio.get_running_loop().call_later(_LOOK_S, self._look_round)

    def _look_round(self) -> None:
        self._look = None
        now = time.monotonic()
        for waiting, reason in ((self._headers, "it took too long to ask"), (self._bodies, "it took too long to send")):
            while waiting and next(iter(waiting.values())) < now:
                self._turn_away(next(iter(waiting)), reason)
        if self._headers or self._bodies:
            self._look_soon()
