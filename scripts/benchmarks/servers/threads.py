"""Motion JPEG as Picamera2's example does it: ``http.server`` with a thread per viewer, woken by a condition."""

import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from scripts.benchmarks.payload import Payload
from scripts.benchmarks.servers.control import PAYLOAD_BYTES, commands, tell

_BOUNDARY = "FRAME"


class Latest:
    """The newest frame, and a condition for those who wait for a newer one."""

    def __init__(self) -> None:
        self._frame = b""
        self._renewed = threading.Condition()

    def put(self, frame: bytes) -> None:
        """Replace the frame and wake everybody."""
        with self._renewed:
            self._frame = frame
            self._renewed.notify_all()

    def wait(self) -> bytes:
        """The next frame."""
        with self._renewed:
            self._renewed.wait()
            return self._frame


class Handler(BaseHTTPRequestHandler):
    """One viewer, on a thread of its own."""

    latest: Latest

    def do_GET(self) -> None:
        """Stream until the viewer goes."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Cache-Control", "no-cache, private")
        self.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={_BOUNDARY}")
        self.end_headers()
        try:
            while True:
                self._send_part(self.latest.wait())
        except ConnectionError:
            self.close_connection = True

    def _send_part(self, frame: bytes) -> None:
        self.wfile.write(f"--{_BOUNDARY}\r\n".encode())
        self.send_header("Content-Type", "image/jpeg")
        self.send_header("Content-Length", str(len(frame)))
        self.end_headers()
        self.wfile.write(frame)
        self.wfile.write(b"\r\n")

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the library's name
        """Say nothing of each request."""


class Server(ThreadingHTTPServer):
    """With threads that do not keep the process from ending."""

    daemon_threads = True
    request_queue_size = 128


def main() -> None:
    """Serve until the bench has no more commands."""
    Handler.latest = Latest()
    payload = Payload(PAYLOAD_BYTES)
    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, name="server", daemon=True).start()
    tell(port=server.server_address[1])
    made = 0
    for command in commands():
        if command == "f":
            made += 1
            Handler.latest.put(payload.make(made))


if __name__ == "__main__":
    main()
