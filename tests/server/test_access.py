"""Who may do what, by every way in: nobody, guests, the three roles, tokens; and what ends when it is taken back."""

import json
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import httpx
import pytest
import websocket

from tests.conftest import PATIENCE_S, wait_until
from tests.server.people import console_pin, cookie_of, invite, pair, somebody
from tests.server.viewers import Viewer, viewing
from tests.serving import Served, serving

ROLES = ("viewer", "operator", "owner")
# Each with the least role that may: reading, driving, settings; what needs none is below.
REQUESTS: list[tuple[str, str, Any, str]] = [
    ("GET", "/api/state", None, "viewer"),
    ("GET", "/api/images", None, "viewer"),
    ("GET", "/api/figures", None, "viewer"),
    ("GET", "/metrics", None, "viewer"),
    ("GET", "/snapshot.jpg", None, "viewer"),
    ("GET", "/openapi.json", None, "viewer"),
    ("POST", "/api/stage/stop", None, "viewer"),
    ("POST", "/api/stage/emergency-stop", None, "viewer"),
    ("POST", "/api/stage/set-position", {"x_um": 0, "y_um": 0, "z_um": 0}, "operator"),
    ("POST", "/api/stage/jog", {}, "operator"),
    ("PUT", "/api/light", {"brightness": 0.5}, "operator"),
    ("PATCH", "/api/camera", {}, "operator"),
    ("GET", "/api/access/tokens", None, "operator"),
    ("POST", "/api/images/delete", {"ids": []}, "operator"),
    ("DELETE", "/api/images/trash", None, "operator"),
    ("PATCH", "/api/optics", {"objective": "10x"}, "operator"),
    ("POST", "/api/optics/objectives", {}, "owner"),
    ("DELETE", "/api/optics/objectives/none", None, "owner"),
    ("POST", "/api/simulation/faults", {}, "owner"),
    ("GET", "/api/backup", None, "owner"),
    ("POST", "/api/restore", None, "owner"),
    ("GET", "/api/access/people", None, "owner"),
    ("PUT", "/api/access/guests", {"allowed": False}, "owner"),
    ("POST", "/api/access/invitations", {}, "owner"),
]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("access") / "data", "--simulate", "--log-level", "info", auth=True) as served:
        yield served


@pytest.fixture(scope="module")
def owner(served: Served) -> Iterator[httpx.Client]:
    with somebody(served) as client:
        assert pair(client, console_pin(served), "Ada")["role"] == "owner"
        yield client


@pytest.fixture(autouse=True)
def nobody_drives(owner: httpx.Client) -> Iterator[None]:
    yield
    for deed in ("ask", "release"):
        owner.post(f"/api/control/{deed}").raise_for_status()


@contextmanager
def one_with(served: Served, owner: httpx.Client, role: str, name: str = "") -> Iterator[httpx.Client]:
    with somebody(served) as client:
        pair(client, invite(owner, role)["pin"], name)
        yield client


def test_each_request_takes_its_role(served: Served, owner: httpx.Client) -> None:
    with (
        somebody(served) as nobody,
        one_with(served, owner, "viewer") as viewer,
        one_with(served, owner, "operator") as operator,
    ):
        for role, client in (("viewer", viewer), ("operator", operator), ("owner", owner)):
            assert client.get("/api/access").json()["role"] == role
            assert client.get("/api/state").json()["access"]["role"] == role
        for method, path, body, needed in REQUESTS:
            answer = nobody.request(method, path, json=body)
            assert (answer.status_code, answer.json()["type"]) == (401, "urn:eyepiece:not-paired"), path
            for client, role in ((viewer, "viewer"), (operator, "operator"), (owner, "owner")):
                answer = client.request(method, path, json=body)
                told = (method, path, role, answer.text[:200])
                if ROLES.index(role) >= ROLES.index(needed):
                    assert answer.status_code not in (401, 403), told
                else:
                    assert (answer.status_code, answer.json()["type"]) == (403, "urn:eyepiece:role"), told
                    assert answer.json()["needs"] == needed


def test_what_needs_nobody(served: Served) -> None:
    with somebody(served) as nobody:
        for path in ("/", "/docs", "/dashboard", "/healthz", "/page/eye-piece.js", "/api/access"):
            assert nobody.get(path).status_code == 200, path
        assert nobody.get("/api/access").json() == {
            "auth": True,
            "guests": False,
            "role": None,
            "kind": None,
            "id": None,
            "name": None,
        }
        # A stream and a download are no way around.
        for path in ("/stream.mjpg", "/snapshot.jpg", "/api/images/20260101-000000-000-abcdef"):
            assert nobody.get(path).status_code == 401, path


def test_a_connection_is_refused_without_a_role_and_its_events_take_one(served: Served, owner: httpx.Client) -> None:
    for auth in ("", '{"token":"eyp_wrong"}', '{"token":7}', "[1]"):
        assert json.loads(refusal_by_websocket(served, f"40{auth}"))["data"] == {"code": "not-paired"}
        assert json.loads(refusal_by_polling(served, f"40{auth}"))["data"] == {"code": "not-paired"}
    with one_with(served, owner, "viewer") as client, viewing(served, headers=cookie_of(client)) as viewer:
        viewer.wait_for(2)
        state = wait_until(lambda: viewer.state)
        assert (state["access"]["role"], state["access"]["kind"]) == ("viewer", "session")
        refused = viewer.client.call("jog", {"x_um": 5}, timeout=PATIENCE_S)
        assert (refused["ok"], refused["code"], refused["needs"]) == (False, "role", "operator")
        assert viewer.client.call("stop", timeout=PATIENCE_S)["ok"], "everybody may stop"
        # Promoted, it may without connecting anew; and is told.
        owner.patch(f"/api/access/people/{client.get('/api/access').json()['id']}", json={"role": "operator"})
        told = wait_until(lambda: [s for s in viewer.signals if s["name"] == "access_changed"])
        assert told[-1]["args"]["p0"]["role"] == "operator"
        assert viewer.client.call("jog", {"x_um": 5}, timeout=PATIENCE_S)["ok"]


def refusal_by_websocket(served: Served, packet: str) -> str:
    """What one who says this is answered, after ``CONNECT_ERROR``."""
    address = served.url.replace("http:", "ws:") + "/socket.io/?EIO=4&transport=websocket"
    with closing(websocket.create_connection(address, timeout=PATIENCE_S)) as stranger:
        stranger.recv()
        stranger.send(packet)
        answer = str(stranger.recv())
        assert answer.startswith("44")
        return answer[2:]


def refusal_by_polling(served: Served, packet: str) -> str:
    with somebody(served) as stranger:
        opened = stranger.get("/socket.io/?EIO=4&transport=polling").text
        path = f"/socket.io/?EIO=4&transport=polling&sid={json.loads(opened[1:])['sid']}"
        assert stranger.post(path, content=packet).status_code == 200
        answer = stranger.get(path).text
        assert answer.startswith("44")
        stranger.post(path, content="1")
        return answer[2:]


def is_gone(viewer: Viewer) -> bool:
    return not viewer.client.connected


def test_what_is_taken_back_ends_at_once(served: Served, owner: httpx.Client) -> None:
    with one_with(served, owner, "operator") as client:
        me = client.get("/api/access").json()["id"]
        made = client.post("/api/access/tokens", json={"name": "scan", "role": "viewer"}).json()
        with (
            viewing(served, headers=cookie_of(client)) as viewer,
            viewing(served, transports=["polling"], auth={"token": made["token"]}) as script,
            client.stream("GET", "/stream.mjpg") as stream,
        ):
            viewer.wait_for(1)
            script.wait_for(1)
            chunks = stream.iter_raw()
            assert next(chunks)
            assert owner.delete(f"/api/access/people/{me}").status_code == 204
            wait_until(lambda: is_gone(viewer), "the end of the connection")
            wait_until(lambda: is_gone(script), "the end of the connection of its token")
            with pytest.raises(httpx.RemoteProtocolError):
                list(chunks)
        assert client.get("/api/state").status_code == 401
        with somebody(served, made["token"]) as script_again:
            assert script_again.get("/api/state").status_code == 401


def test_tokens_are_told_once_and_kept_as_digests(served: Served, owner: httpx.Client) -> None:
    with one_with(served, owner, "operator", "Grace") as operator:
        refused = operator.post("/api/access/tokens", json={"name": "too much", "role": "owner"})
        assert (refused.status_code, refused.json()["allowed"]) == (409, "operator")
        made = operator.post("/api/access/tokens", json={"name": "drive", "role": "operator"}).json()
        others = owner.post("/api/access/tokens", json={"name": "look", "role": "viewer"}).json()
        assert [token["name"] for token in operator.get("/api/access/tokens").json()] == ["drive"]
        listed = owner.get("/api/access/tokens").json()
        assert {(token["name"], token["made_by"]) for token in listed} >= {("drive", "Grace"), ("look", "Ada")}
        assert "token" not in listed[0]
        assert operator.delete(f"/api/access/tokens/{others['id']}").status_code == 404
        with somebody(served, made["token"]) as script, somebody(served, others["token"]) as looker:
            assert script.put("/api/light", json={"brightness": 0.5}).status_code == 200
            assert script.get("/api/backup").status_code == 403
            assert looker.get("/metrics").status_code == 200
            assert looker.put("/api/light", json={"brightness": 0.5}).status_code == 403
            # Whoever made it may less: so may it.
            me = operator.get("/api/access").json()["id"]
            owner.patch(f"/api/access/people/{me}", json={"role": "viewer"})
            assert script.put("/api/light", json={"brightness": 0.5}).status_code == 403
            assert owner.delete(f"/api/access/tokens/{made['id']}").status_code == 204
            assert script.get("/api/state").status_code == 401
    kept = (served.data / ".access" / "register.json").read_text()
    assert made["token"] not in kept
    assert others["token"] not in kept
    for path in (served.data / ".access").iterdir():
        assert path.stat().st_mode & 0o077 == 0, path
    assert (served.data / ".access").stat().st_mode & 0o077 == 0


def test_guests_look_and_no_more(served: Served, owner: httpx.Client) -> None:
    assert owner.put("/api/access/guests", json={"allowed": True}).status_code == 200
    with somebody(served) as guest, viewing(served) as viewer:
        assert guest.get("/api/access").json()["kind"] == "guest"
        assert guest.get("/snapshot.jpg").status_code == 200
        assert guest.put("/api/light", json={"brightness": 1}).status_code == 403
        viewer.wait_for(1)
        assert owner.put("/api/access/guests", json={"allowed": False}).status_code == 200
        wait_until(lambda: is_gone(viewer), "the end of the guest's connection")
        assert guest.get("/api/state").status_code == 401


def test_the_last_owner_stays(served: Served, owner: httpx.Client) -> None:
    me = owner.get("/api/access").json()["id"]
    for answer in (
        owner.delete(f"/api/access/people/{me}"),
        owner.patch(f"/api/access/people/{me}", json={"role": "viewer"}),
        owner.post("/api/access/leave"),
    ):
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:eyepiece:last-owner")
    assert owner.get("/api/access").json()["role"] == "owner"
    assert owner.delete("/api/access/people/nobody").status_code == 404
    assert owner.patch("/api/access/people/nobody", json={}).status_code == 404


def test_cookies_that_were_not_made_here_are_nobody(served: Served, owner: httpx.Client) -> None:
    ((name, value),) = owner.cookies.items()
    session, _, signature = value.rpartition(".")
    forged = [
        f"{session}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}",
        session,
        f"{session}.",
        f"x{session}.{signature}",
        "",
    ]
    for each in forged:
        answer = httpx.get(f"{served.url}/api/state", headers={"Cookie": f"{name}={each}"})
        assert answer.status_code == 401, each
    # Somebody else's cookies beside it do no harm.
    kept = httpx.get(f"{served.url}/api/state", headers={"Cookie": f'a="b; c=[d]; {name}={value}; e'})
    assert kept.status_code == 200


def test_one_who_leaves_is_gone(served: Served, owner: httpx.Client) -> None:
    with one_with(served, owner, "viewer") as client:
        cookie = cookie_of(client)
        answer = client.post("/api/access/leave")
        assert answer.status_code == 204
        assert "Max-Age=0" in answer.headers["set-cookie"]
        assert httpx.get(f"{served.url}/api/state", headers=cookie).status_code == 401


def test_the_cookie_is_for_this_page_alone(served: Served, owner: httpx.Client) -> None:
    with somebody(served) as client:
        answer = client.post("/api/access/pair", json={"secret": invite(owner, "viewer")["pin"]})
    attributes: Any = answer.headers["set-cookie"]
    assert re.fullmatch(r"eyepiece-[0-9a-f]{8}=[\w.-]+; Max-Age=\d+; Path=/; HttpOnly; SameSite=Strict", attributes), (
        attributes
    )
