"""HTTPS with the device's own certificate: every face by it, and none without."""

import hashlib
import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import psutil
import pytest
import websocket
from cryptography import x509

from app.certificate import device_certificate
from app.doorman import MAX_STRANGERS
from tests.conftest import PATIENCE_S
from tests.server.people import console_link, console_pin, cookie_of, somebody
from tests.serving import Served, serving


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data = tmp_path_factory.mktemp("https") / "data"
    with serving(data, "--simulate", "--https", "--log-level", "info", auth=True) as served:
        yield served


def test_every_face_is_served_by_https_with_the_certificate_whose_fingerprint_the_log_tells(served: Served) -> None:
    assert served.url.startswith("https://127.0.0.1:")
    assert console_link(served)[0].startswith(f"{served.url}/#/pair/")
    port = int(served.url.rpartition(":")[2])
    shown = ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate(("127.0.0.1", port)))
    fingerprint = ":".join(f"{byte:02X}" for byte in hashlib.sha256(shown).digest())
    assert f"SHA-256: {fingerprint}" in served.log
    with somebody(served) as owner:
        answer = owner.post("/api/access/pair", json={"secret": console_pin(served)})
        assert answer.headers["set-cookie"].endswith("; HttpOnly; SameSite=Strict; Secure")
        assert owner.get("/api/state").status_code == 200
        with owner.stream("GET", "/stream.mjpg") as stream:
            chunks = stream.iter_raw()
            assert b"\xff\xd8" in next(chunks) + next(chunks)
        viewer = websocket.create_connection(
            served.url.replace("https:", "wss:") + "/socket.io/?EIO=4&transport=websocket",
            timeout=PATIENCE_S,
            cookie=cookie_of(owner)["Cookie"],
            sslopt={"cert_reqs": ssl.CERT_NONE},
        )
        assert str(viewer.recv()).startswith("0")
        viewer.send("40")
        assert str(viewer.recv()).startswith("40")
        while not isinstance(viewer.recv(), bytes):
            pass
        viewer.shutdown()
    with pytest.raises(httpx.TransportError):
        httpx.get(served.url.replace("https:", "http:"))


def test_handshakes_that_are_left_half_done_are_counted_and_crowd_nobody_out(served: Served) -> None:
    port = int(served.url.rpartition(":")[2])
    hello = b"\x16\x03\x01\x02\x00\x01"  # the beginning of a handshake of 512 bytes
    with ExitStack() as stack:
        for number in range(400):
            source = f"127.0.1.{1 + number % 50}"
            half_open = socket.create_connection(("127.0.0.1", port), PATIENCE_S, source_address=(source, 0))
            stack.enter_context(half_open).sendall(hello)
        with somebody(served) as asker:
            assert asker.get("/healthz").status_code == 200
        accepted = [c for c in psutil.Process(served.process.pid).net_connections("tcp") if c.status == "ESTABLISHED"]
        assert len(accepted) <= MAX_STRANGERS + 1  # the asker's
    assert "too many connections that ask for nothing" in served.log


def test_a_certificate_is_kept_names_the_device_and_is_renewed_where_it_is_no_good(tmp_path: Path) -> None:
    first = device_certificate(tmp_path, ["eyepiece.local", "192.168.1.7"])
    assert device_certificate(tmp_path, ["eyepiece.local"]) == first
    assert first.key_path.stat().st_mode & 0o077 == 0
    certificate = x509.load_pem_x509_certificate(first.path.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["eyepiece.local"]
    assert [str(address) for address in names.get_values_for_type(x509.IPAddress)] == ["192.168.1.7"]
    both = device_certificate(tmp_path, ["eyepiece.local", "lab.example"])
    assert both.fingerprint != first.fingerprint, "it lacked a name"
    first.path.write_bytes(b"damaged")
    second = device_certificate(tmp_path, ["eyepiece.local"])
    assert second.fingerprint != first.fingerprint
    # The key of another certificate: a power cut between the two files.
    other = tmp_path / "other"
    other.mkdir()
    device_certificate(other, ["eyepiece.local"])
    (other / "key.pem").replace(second.key_path)
    third = device_certificate(tmp_path, ["eyepiece.local"])
    assert third.fingerprint != second.fingerprint
    assert device_certificate(tmp_path, ["eyepiece.local"]) == third
