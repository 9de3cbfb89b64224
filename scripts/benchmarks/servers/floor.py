"""The floor: what it costs to bring the same bytes to the same sockets with no protocol at all.

One ``epoll`` loop, one ``send`` per frame and viewer where the socket takes it all, four bytes of length before a
frame, acknowledgements of one byte, a window of two, the newest frame waiting. With ``mjpeg``: motion JPEG without
acknowledgements, the newest frame waiting until the socket has taken the one before.
"""

import os
import select
import socket
import sys

from scripts.benchmarks.payload import Payload
from scripts.benchmarks.servers.control import PAYLOAD_BYTES, WINDOW, tell

_STDIN = 0
_MJPEG_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n"
_MJPEG_PART = b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % PAYLOAD_BYTES


class Viewer:
    """One connection."""

    def __init__(self, connection: socket.socket, window: int | None) -> None:
        self.socket = connection
        self.joined = window is not None
        self.watched = False
        """Whether the server is to be told when the socket takes more."""
        self._window = window
        self._in_flight = 0
        self._rest = memoryview(b"")
        self._waiting: bytes | None = None

    @property
    def stuck(self) -> bool:
        """Whether the socket has not taken all of a frame."""
        return bool(self._rest)

    def offer(self, frame: bytes) -> None:
        """Send the frame, or have it wait in place of an older one."""
        if self._rest or (self._window is not None and self._in_flight >= self._window):
            self._waiting = frame
        elif self.joined:
            self._in_flight += 1
            self._rest = memoryview(frame)
            self.push()

    def push(self) -> None:
        """Send on."""
        try:
            self._rest = self._rest[self.socket.send(self._rest) :]
        except BlockingIOError:
            return
        except ConnectionError:  # it has gone, as reading from it will tell
            self._rest = memoryview(b"")
        if not self._rest:
            self._offer_waiting()

    def take(self) -> bool:
        """Take acknowledgements, or the request; False when the viewer has gone."""
        said = self.socket.recv(4096)
        if self._window is not None:
            self._in_flight -= len(said)
            self._offer_waiting()
        elif not self.joined:
            self.socket.send(_MJPEG_HEAD)
            self.joined = True
        return bool(said)

    def _offer_waiting(self) -> None:
        frame, self._waiting = self._waiting, None
        if frame is not None:
            self.offer(frame)


class Floor:
    """The server."""

    def __init__(self, mjpeg: bool) -> None:
        self._mjpeg = mjpeg
        self._payload = Payload(PAYLOAD_BYTES)
        self._around = (_MJPEG_PART, b"\r\n") if mjpeg else (PAYLOAD_BYTES.to_bytes(4), b"")
        self._made = 0
        self._epoll = select.epoll()
        self._viewers: dict[int, Viewer] = {}
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)

    def serve(self) -> None:
        """Serve until the bench has no more commands."""
        tell(port=self._listener.getsockname()[1])
        for fd in (_STDIN, self._listener.fileno()):
            self._epoll.register(fd, select.EPOLLIN)
        while True:
            for fd, events in self._epoll.poll():
                if fd == _STDIN:
                    if not self._obey():
                        return
                elif fd == self._listener.fileno():
                    self._welcome()
                else:
                    self._serve_viewer(self._viewers[fd], events)

    def _obey(self) -> bool:
        letters = os.read(_STDIN, 4096)
        for _ in range(letters.count(b"f")):
            self._made += 1
            frame = self._payload.make(self._made, *self._around)
            for viewer in self._viewers.values():
                viewer.offer(frame)
                self._watch(viewer)
        return bool(letters)

    def _welcome(self) -> None:
        connection, _ = self._listener.accept()
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._viewers[connection.fileno()] = Viewer(connection, None if self._mjpeg else WINDOW)
        self._epoll.register(connection, select.EPOLLIN)

    def _serve_viewer(self, viewer: Viewer, events: int) -> None:
        try:
            if events & select.EPOLLOUT:
                viewer.push()
            gone = bool(events & ~select.EPOLLOUT) and not viewer.take()
        except ConnectionError:
            gone = True
        if gone:
            self._epoll.unregister(viewer.socket)
            del self._viewers[viewer.socket.fileno()]
            viewer.socket.close()
        else:
            self._watch(viewer)

    def _watch(self, viewer: Viewer) -> None:
        """Be told when the socket takes more, only while it has something to take."""
        if viewer.stuck != viewer.watched:
            viewer.watched = viewer.stuck
            self._epoll.modify(viewer.socket, select.EPOLLIN | (select.EPOLLOUT if viewer.stuck else 0))


if __name__ == "__main__":
    Floor(mjpeg="mjpeg" in sys.argv).serve()
