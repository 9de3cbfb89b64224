"""What the web does to a server on a LAN: pages of other sites, bombs, the slow, the many, the greedy."""

import asyncio
import io
import json
import re
import socket
import time
import zipfile
from collections import deque
from collections.abc import Iterator
from contextlib import closing, suppress
from functools import partial
from urllib.parse import urlsplit

import httpx
import psutil
import pytest
import websocket

from app.doorman import MAX_STRANGERS_EACH
from tests.conftest import PATIENCE_S, run_async, wait_until
from tests.server.people import console_pin, cookie_of, pair, somebody
from tests.server.viewers import bare_viewing, viewing
from tests.serving import Served, serving

EVIL = "http://evil.example"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data = tmp_path_factory.mktemp("attacked") / "data"
    with serving(data, "--simulate", "--log-level", "info", auth=True) as served:
        yield served


@pytest.fixture(scope="module")
def owner(served: Served) -> Iterator[httpx.Client]:
    with somebody(served) as client:
        pair(client, console_pin(served))
        yield client


def address_of(served: Served) -> tuple[str, int]:
    parts = urlsplit(served.url)
    assert parts.hostname
    assert parts.port
    return parts.hostname, parts.port


def test_a_name_that_was_made_to_lead_here_is_refused(served: Served, owner: httpx.Client) -> None:
    """DNS rebinding: the page of evil.example asks its own name, which now is our address; cookies or not."""
    for path in ("/api/state", "/", "/page/eye-piece.js", "/healthz"):
        answer = owner.get(path, headers={"Host": "evil.example:8000"})
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:eyepiece:foreign"), path
    assert owner.get("/api/state", headers={"Host": f"eyepiece.local:{address_of(served)[1]}"}).status_code == 200


def test_another_sites_page_can_neither_change_nor_read(owner: httpx.Client) -> None:
    """CSRF: the browser would send the cookie along (ours is SameSite=Strict, and this does not rely on it)."""
    simple = {"Content-Type": "text/plain"}
    for origin in (EVIL, "null", "http://127.0.0.1:1"):
        for method, path in (
            ("POST", "/api/stage/home"),
            ("POST", "/api/restart"),
            ("POST", "/api/access/leave"),
            ("GET", "/api/state"),
            ("GET", "/api/backup"),
        ):
            answer = owner.request(method, path, headers={"Origin": origin, **simple})
            assert (answer.status_code, answer.json()["type"]) == (403, "urn:eyepiece:foreign"), (origin, path)
            assert "access-control-allow-origin" not in answer.headers
    picture = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    assert owner.get("/snapshot.jpg", headers=picture).status_code == 403
    assert owner.get("/", headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}).status_code == 200
    # Nothing that changes something is a GET.
    for path in ("/api/stage/move", "/api/stage/home", "/api/restart", "/api/camera/still", "/api/access/pair"):
        assert owner.get(path).status_code == 405, path


def test_another_sites_page_gets_no_socket(served: Served, owner: httpx.Client) -> None:
    """Cross-site WebSocket hijacking, and the same by polling."""
    url = served.url.replace("http:", "ws:") + "/socket.io/?EIO=4&transport=websocket"
    cookie = cookie_of(owner)["Cookie"]
    for origin, host in ((EVIL, None), ("null", None), (EVIL, "evil.example")):
        with pytest.raises(websocket.WebSocketBadStatusException) as refused:
            websocket.create_connection(url, origin=origin, host=host, cookie=cookie, timeout=PATIENCE_S)
        assert refused.value.status_code == 403
        polled = owner.get("/socket.io/?EIO=4&transport=polling", headers={"Origin": origin})
        assert polled.status_code == 403
    own = websocket.create_connection(url, origin=served.url, cookie=cookie, timeout=PATIENCE_S)
    assert str(own.recv()).startswith("0")
    own.shutdown()


def test_every_answer_says_what_browsers_are_to_forbid(owner: httpx.Client) -> None:
    page = owner.get("/").text
    worker = re.search(r"/page/[0-9a-f]+/", page)
    assert worker
    for path in ("/", "/docs", "/dashboard", "/service-worker.js", f"{worker[0]}decode-worker.js"):
        answer = owner.get(path)
        assert answer.status_code == 200
        headers = answer.headers
        policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
        assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert "unsafe" not in headers["content-security-policy"]
        assert set(policy["script-src"].split()) >= {"'self'"}
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        assert "camera=()" in headers["permissions-policy"]
        check_for_all(headers)
        if "etag" in headers:  # and as much where a browser has it already
            again = owner.get(path, headers={"If-None-Match": headers["etag"]})
            assert (again.status_code, again.headers["content-security-policy"]) == (
                304,
                headers["content-security-policy"],
            )
    too_large = owner.post("/api/camera/still", content=bytes(200_000))
    assert too_large.status_code == 413
    paths = ("/api/state", "/api/nothing", "/snapshot.jpg", f"{worker[0]}eye-piece.js")
    for answer in (too_large, *map(owner.get, paths)):
        assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        check_for_all(answer.headers)


def check_for_all(headers: httpx.Headers) -> None:
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    "path",
    [
        "/page/../__main__.py",
        "/page/%2e%2e/__main__.py",
        "/page/..%2f..%2f..%2fetc/passwd",
        "/page/%2fetc/passwd",
        "/page/....//....//etc/passwd",
        "/page/..%5c..%5capp/server.py",
        "/page/%00/etc/passwd",
        "/page//etc/passwd",
        "/api/images/..%2f..%2f.access%2fsecret",
        "/api/images/%2e%2e%2fregister.json",
        "/.access/secret",
        "//api/backup",
        "/page/vendor/%252e%252e/%252e%252e/__main__.py",
    ],
)
def test_no_path_leads_out(served: Served, owner: httpx.Client, path: str) -> None:
    # As it is: a client's own tidying would spoil it.
    with closing(socket.create_connection(address_of(served), PATIENCE_S)) as connection:
        cookie = cookie_of(owner)["Cookie"]
        connection.sendall(f"GET {path} HTTP/1.0\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert re.match(rb"HTTP/1.\d 40[034] ", answer), answer[:300]
    assert b"root:" not in answer
    assert b"import " not in answer


def zip_of(entries: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return packed.getvalue()


def test_bombs_do_not_go_off(served: Served, owner: httpx.Client) -> None:
    manifest = {"format": "eyepiece-backup", "format_version": 1, "app_version": "1", "created_at": "", "sha256": {}}
    zeros = bytes(60_000_000)
    flat = zip_of({"manifest.json": json.dumps(manifest).encode(), "data/a.json": zeros})
    # One that lies about its size: what it says is binding.
    small = len(zeros).to_bytes(4, "little")
    lying = flat.replace(small, (1000).to_bytes(4, "little"))
    assert lying != flat
    picture = zip_of({"manifest.json": json.dumps({**manifest, "sha256": {"images/x.png": ""}}).encode()})
    climbing = zip_of({"manifest.json": json.dumps({**manifest, "sha256": {"../../etc/x": ""}}).encode()})
    hidden = zip_of({"manifest.json": json.dumps({**manifest, "sha256": {".access/secret": ""}}).encode()})
    nested = zip_of({"manifest.json": b"[" * 1_000_000})
    for bomb in (flat, lying, picture, climbing, hidden, nested, b"PK\x03\x04" + bytes(1000), b""):
        answer = owner.post("/api/restore", content=bomb)
        assert answer.status_code == 422, answer.text[:200]
        assert answer.headers["content-type"] == "application/problem+json"
    assert owner.post("/api/restore", content=bytes(20_000_001)).status_code == 413
    deep = "[" * 49_000 + "]" * 49_000
    wide = '{"a":' * 16_000 + "1" + "}" * 16_000
    for path in ("/api/stage/move", "/api/stage/home", "/api/access/pair"):
        for body in (deep, wide, "1" * 90_000, '{"x_um": 1e999}', '"\\ud800"'):
            answer = owner.post(path, content=body, headers={"Content-Type": "application/json"})
            assert answer.status_code in (400, 422), (path, body[:10], answer.text[:200])
    assert not (served.data / "backups").exists()
    assert owner.get("/healthz").json()["status"] == "ok"


def test_no_name_gets_into_a_header(owner: httpx.Client) -> None:
    evil = "x\r\nSet-Cookie: a=b"
    answer = owner.post("/api/access/tokens", json={"name": evil, "role": "viewer"})
    assert answer.status_code == 201, "white space is one space"
    assert answer.json()["name"] == "x Set-Cookie: a=b"
    assert "set-cookie" not in answer.headers
    backup = owner.get("/api/backup", headers={"Host": "[::1]:8000"})
    assert re.fullmatch(r'attachment; filename="[\w.-]+\.zip"', backup.headers["content-disposition"])
    assert "set-cookie" not in owner.get("/api/images/x%0d%0aSet-Cookie:%20a=b").headers


def test_headers_end_or_the_connection_does(served: Served) -> None:
    """Headers without end, and headers that come one byte at a time (slowloris): neither is waited for.

    Nor is one who opens a WebSocket and does not say who they are, or one who was answered and sends empty lines.
    """
    where = address_of(served)
    answered = socket.create_connection(where, PATIENCE_S)
    answered.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert answered.recv(4096).startswith(b"HTTP/1.1 200")
    answered.sendall(b"\r\n")
    address = served.url.replace("http:", "ws:") + "/socket.io/?EIO=4&transport=websocket"
    stranger = websocket.create_connection(address, timeout=PATIENCE_S)
    assert json.loads(stranger.recv()[1:])["sid"]
    with closing(socket.create_connection(where, PATIENCE_S)) as greedy:
        greedy.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        with pytest.raises(ConnectionError):
            greedy.sendall((b"X: " + b"y" * 10_000 + b"\r\n") * 10_000)
    with closing(socket.create_connection(where, 0.25)) as slow:
        began = time.monotonic()
        slow.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        ended = False
        while not ended:
            try:
                slow.sendall(b"X")
                ended = slow.recv(1) == b""
            except TimeoutError:
                assert time.monotonic() - began < 10 + PATIENCE_S, "it is still waited for"
            except ConnectionError:
                ended = True
    assert "it took too long to ask" in served.log
    with closing(answered), suppress(ConnectionError):
        deque(iter(partial(answered.recv, 4096), b""))  # to its end
    with pytest.raises((websocket.WebSocketConnectionClosedException, ConnectionError)):
        deque(iter(stranger.recv, None))
    stranger.shutdown()


def test_ten_thousand_connections_that_ask_nothing(served: Served, owner: httpx.Client) -> None:
    """They come from many addresses, a part of a request each; who looks, and who asks, does not feel it."""
    host, port = address_of(served)

    async def half_open(source: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        try:
            reader, writer = await asyncio.open_connection(host, port, local_addr=(source, 0))
            writer.write(b"GET /api/state HTTP/1.1\r\nHost: loc")
        except OSError:
            return None
        return reader, writer

    async def crowd() -> list[int]:
        open_at_once = []
        left: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        for batch in range(20):
            sources = [f"127.0.{batch}.{1 + number % 50}" for number in range(500)]
            left += [pair for pair in await asyncio.gather(*map(half_open, sources)) if pair]
            answers = await asyncio.to_thread(lambda: [owner.get("/api/state").status_code for _ in range(3)])
            assert answers == [200] * 3
            open_at_once.append(len(connections_of(served)))
        for _, writer in left:
            writer.transport.abort()
        await asyncio.sleep(0)
        return open_at_once

    with viewing(served, headers=cookie_of(owner)) as viewer:
        viewer.wait_for(3)
        frames = len(viewer.frames)
        assert max(run_async(crowd())) < 200
        assert len(viewer.frames) > frames, "frames came all the while"
        viewer.wait_for(3)
    assert "too many connections that ask for nothing" in served.log
    wait_until(lambda: len(connections_of(served)) < MAX_STRANGERS_EACH, "the end of the rest")


def connections_of(served: Served) -> list[object]:
    """What the server holds open of connections."""
    return [each for each in psutil.Process(served.process.pid).net_connections("tcp") if each.status == "ESTABLISHED"]


def test_acknowledgements_of_a_megabyte_end_their_connection_alone(served: Served, owner: httpx.Client) -> None:
    cookie = cookie_of(owner)
    with (
        viewing(served, headers=dict(cookie)) as neighbour,
        bare_viewing(served.url, cookie=cookie["Cookie"]) as greedy,
    ):
        neighbour.wait_for(1)
        with suppress(ConnectionError):
            greedy.say('42["frame_ack","' + "x" * 1_000_000 + '"]')
        with pytest.raises((websocket.WebSocketConnectionClosedException, ConnectionError)):
            deque(iter(greedy.read, None))
        neighbour.wait_for(3)


def test_a_flood_of_messages_is_not_felt(served: Served, owner: httpx.Client) -> None:
    cookie = cookie_of(owner)
    with (
        viewing(served, headers=dict(cookie)) as neighbour,
        bare_viewing(served.url, cookie=cookie["Cookie"]) as flooding,
    ):
        neighbour.wait_for(1)
        with suppress(websocket.WebSocketException, OSError):
            for _ in range(300):
                for _ in range(20):
                    flooding.say('42["clock"]')
                flooding.say('42["jog",{"x_um":"far"}]')
        neighbour.wait_for(5)
        assert owner.get("/healthz").status_code == 200
