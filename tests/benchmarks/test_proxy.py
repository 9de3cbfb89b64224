import socket
import time
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest

from scripts.benchmarks.proxy import SlowLink
from tests.conftest import PATIENCE_S, wait_until

BYTES_PER_S = 200_000


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """A server's and a viewer's socket, with a slow link between them."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        link = SlowLink(listener.getsockname()[1], BYTES_PER_S)
        link.start()
        try:
            with socket.create_connection(("127.0.0.1", link.port), PATIENCE_S) as viewer:
                listener.settimeout(PATIENCE_S)
                server, _ = listener.accept()
                with server:
                    yield server, viewer
        finally:
            link.close()


def receive(connection: socket.socket, count: int) -> bytes:
    """So many bytes."""
    received = b""
    while len(received) < count:
        piece = connection.recv(count - len(received))
        assert piece, "the connection ended early"
        received += piece
    return received


def test_all_bytes_arrive_in_order_and_not_too_soon(ends: tuple[socket.socket, socket.socket]) -> None:
    server, viewer = ends
    sent = bytes(n % 251 for n in range(60_000))
    began = time.monotonic()
    server.sendall(sent)
    assert receive(viewer, len(sent)) == sent
    assert time.monotonic() - began >= 0.95 * len(sent) / BYTES_PER_S


def test_what_a_viewer_says_is_not_slowed_down_by_what_it_gets(ends: tuple[socket.socket, socket.socket]) -> None:
    server, viewer = ends
    server.setblocking(False)
    server.send(bytes(1_000_000))
    viewer.sendall(b"ack")
    server.settimeout(PATIENCE_S)
    assert receive(server, 3) == b"ack"
    # Else the server's answers below would be cut off by the reset of a connection with bytes unread.
    receive(viewer, 1)


def test_a_server_feels_the_link_soon(ends: tuple[socket.socket, socket.socket]) -> None:
    server, _ = ends
    server.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16_384)
    server.setblocking(False)
    taken = 0
    with suppress(BlockingIOError):
        while taken < 2_000_000:
            taken += server.send(bytes(16_384))
    assert taken < 2_000_000


@pytest.mark.parametrize("first", [0, 1])
def test_one_end_hanging_up_ends_the_other(ends: tuple[socket.socket, socket.socket], first: int) -> None:
    with closing(ends[first]):
        pass
    other = ends[1 - first]
    other.settimeout(PATIENCE_S)
    assert other.recv(1) == b""


def test_the_port_is_free_again_after_the_end() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        link = SlowLink(listener.getsockname()[1], BYTES_PER_S)
        port = link.port
        link.start()
        link.close()

    def refused() -> bool:
        with socket.socket() as asking:
            return asking.connect_ex(("127.0.0.1", port)) != 0

    wait_until(refused, "the end of the listening")
