"""A slow link: a proxy on loopback that lets so many bytes a second through to the viewer, and holds few itself.

``python -m scripts.benchmarks.proxy PORT BYTES_PER_S`` prints its own port as JSON and serves until its standard input
ends.
"""

import socket
import sys
import threading
import time
from contextlib import suppress

from scripts.benchmarks.servers.control import commands, tell

_LATE_S = 0.01
_PIECE_S = 0.005
"""The link's grain: what it carries in this time goes in one piece."""
_BUFFER_BYTES = 16_384
"""What the kernel is to hold on each side (it takes twice that), so that the server feels the link at once."""
_ACCEPT_S = 0.2


class SlowLink:
    """Listens for viewers, and connects each to the server through a link of its own."""

    def __init__(self, server_port: int, bytes_per_s: float) -> None:
        self._server_port = server_port
        self._bytes_per_s = bytes_per_s
        self._ending = threading.Event()
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER_BYTES)  # the accepted inherit it
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen()
        self._listener.settimeout(_ACCEPT_S)
        self._sockets: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, name="accept")]

    @property
    def port(self) -> int:
        """Where viewers come in."""
        port: int = self._listener.getsockname()[1]
        return port

    def start(self) -> None:
        """Begin to serve."""
        self._threads[0].start()

    def close(self) -> None:
        """Cut all links and wait for the threads' end."""
        self._ending.set()
        self._threads[0].join()
        for each in (self._listener, *self._sockets):
            with suppress(OSError):  # one that is not connected any more
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while not self._ending.is_set():
            with suppress(TimeoutError):
                viewer, _ = self._listener.accept()
                self._connect(viewer)

    def _connect(self, viewer: socket.socket) -> None:
        server = socket.socket()
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_BYTES)
        server.connect(("127.0.0.1", self._server_port))
        self._sockets += [viewer, server]
        for name, work in (("down", self._carry_down), ("up", self._carry_up)):
            thread = threading.Thread(target=work, args=(server, viewer), name=name)
            self._threads.append(thread)
            thread.start()

    def _carry_down(self, server: socket.socket, viewer: socket.socket) -> None:
        piece_bytes = max(1, round(self._bytes_per_s * _PIECE_S))
        free_at = 0.0
        with suppress(OSError):
            while piece := server.recv(piece_bytes):
                # The link is busy with each piece for as long as that takes: it makes up for a late waking, and not for
                # idle times.
                now = time.monotonic()
                free_at = (free_at if now - free_at < _LATE_S else now) + len(piece) / self._bytes_per_s
                self._ending.wait(max(0.0, free_at - now))
                viewer.sendall(piece)
        _hang_up(viewer)

    def _carry_up(self, server: socket.socket, viewer: socket.socket) -> None:
        with suppress(OSError):
            while said := viewer.recv(4096):
                server.sendall(said)
        _hang_up(server)


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):  # it may have gone already
        connection.shutdown(socket.SHUT_RDWR)


def main() -> None:
    """Serve until the bench has no more commands."""
    link = SlowLink(int(sys.argv[1]), float(sys.argv[2]))
    link.start()
    tell(port=link.port)
    for _ in commands():
        pass
    link.close()


if __name__ == "__main__":
    main()
