"""HTTPS whose connections the doorman knows from their first moment, and not only once they have shaken hands."""

import asyncio
import logging
import os
import socket
import ssl
from collections.abc import Callable
from typing import Any

from app.doorman import HEADER_S, Doorman

log = logging.getLogger(__name__)


class TlsDoor(asyncio.Protocol):
    """A connection until it has shaken hands; from then on it is that of the protocol that ``make`` makes."""

    def __init__(self, make: Callable[[], asyncio.Protocol], context: ssl.SSLContext, doorman: Doorman) -> None:
        self._make = make
        self._context = context
        self._doorman = doorman
        self._peername: Any = None
        self._handshake: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._peername = transport.get_extra_info("peername")
        # Not by start_tls: until that is under way uvloop reads, and gives here, what is the handshake's.
        connection = socket.socket(fileno=os.dup(transport.get_extra_info("socket").fileno()))
        transport.abort()  # which closes its own descriptor alone
        self._handshake = asyncio.get_running_loop().create_task(self._shake_hands(connection), name="TLS handshake")
        # Where it ended before it began; else uvloop holds the descriptor for as long as it needs it.
        self._handshake.add_done_callback(lambda task: connection.close())
        self._doorman.enter(self)

    async def _shake_hands(self, connection: socket.socket) -> None:
        try:
            await asyncio.get_running_loop().connect_accepted_socket(
                self._make, connection, ssl=self._context, ssl_handshake_timeout=HEADER_S
            )
        except OSError as error:
            log.debug("no TLS with %s: %s", self._peername, error)
        finally:
            self._doorman.leave(self)

    # What the doorman does with a transport.

    def get_extra_info(self, name: str) -> Any:
        """Where it comes from, as ``peername``."""
        return self._peername if name == "peername" else None

    def abort(self) -> None:
        """End the connection now."""
        if self._handshake is not None:
            self._handshake.cancel()
