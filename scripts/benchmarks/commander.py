"""A viewer that watches, and presses stop again and again: how long each takes to be answered.

``python -m scripts.benchmarks.commander PORT COUNT`` stops the stage ``COUNT`` times by Socket.IO and as often by
HTTP, in turns, and prints the times in seconds as JSON.
"""

import random
import select
import socket
import sys
import time
from contextlib import closing

from scripts.benchmarks.clients.plan import Group
from scripts.benchmarks.clients.viewers import SocketIOViewer
from scripts.benchmarks.servers.control import tell

_GAP_S = (0.005, 0.03)
_PATIENCE_S = 10.0
_JOINING_S = 30.0
_PATH = "/socket.io/?EIO=4&transport=websocket"


class Commander(SocketIOViewer):
    """A viewer of the stream that can stop the stage."""

    def __init__(self, port: int) -> None:
        self._answered_at: float | None = None
        self._sees = False
        super().__init__(Group("commander", "socketio", port, 1, path=_PATH), lambda viewer, stamp: self._see())
        self.socket.setblocking(False)

    def watch(self, until: float) -> None:
        """Take frames until then (monotonic seconds), or until the answer to a stop has come."""
        while (left_s := until - time.monotonic()) > 0 and self._answered_at is None:
            if select.select([self.socket], [], [], left_s)[0]:
                self.readable()

    def join(self) -> None:
        """Wait until there is something to see: by then all the others are in."""
        until = time.monotonic() + _JOINING_S
        while not self._sees:
            if time.monotonic() > until:
                raise TimeoutError("no frame to see")
            self.watch(time.monotonic() + 0.01)

    def _see(self) -> None:
        self._sees = True

    def stop(self) -> float:
        """Stop the stage by event; returns the seconds until its acknowledgement."""
        began = time.monotonic()
        self._say('420["stop"]')
        self.watch(began + _PATIENCE_S)
        if self._answered_at is None:
            raise TimeoutError("no answer to a stop")
        took_s, self._answered_at = self._answered_at - began, None
        return took_s

    def _text(self, text: str) -> None:
        if text.startswith("430"):
            self._answered_at = time.monotonic()
        else:
            super()._text(text)


def stop_by_http(connection: socket.socket, port: int) -> float:
    """Stop the stage by a request; returns the seconds until the whole answer."""
    began = time.monotonic()
    connection.sendall(f"POST /api/stage/stop HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Length: 0\r\n\r\n".encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(4096)
    head, _, body = answer.partition(b"\r\n\r\n")
    if b" 200 " not in head.split(b"\r\n")[0]:
        raise ValueError(f"a stop was answered with {head[:100]!r}")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(4096)
    return time.monotonic() - began


def main() -> None:
    """Press stop, tell how long it took."""
    port, count = int(sys.argv[1]), int(sys.argv[2])
    event_s, http_s = [], []
    with closing(Commander(port)) as viewer, socket.create_connection(("127.0.0.1", port), _PATIENCE_S) as http:
        http.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        viewer.join()
        for _ in range(count):
            viewer.watch(time.monotonic() + random.uniform(*_GAP_S))  # noqa: S311 - no secret
            event_s.append(viewer.stop())
            viewer.watch(time.monotonic() + random.uniform(*_GAP_S))  # noqa: S311 - no secret
            http_s.append(stop_by_http(http, port))
    tell(event_s=event_s, http_s=http_s)


if __name__ == "__main__":
    main()
