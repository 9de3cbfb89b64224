"""The way in: the console's PIN and link, invitations, guesses, and what a restart leaves."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import segno

from app.console import qr_lines
from tests.conftest import wait_until
from tests.server.people import console_link, console_pin, cookie_of, invite, pair, somebody
from tests.serving import ROOT, Served, free_port, serving


def wrong(pin: str) -> str:
    return f"{(int(pin) + 1) % 10**8:08d}"


def test_the_first_owner_pairs_by_the_consoles_pin_once_and_is_known_after_a_restart(tmp_path: Path) -> None:
    with serving(tmp_path, "--simulate", "--log-level", "info", auth=True, port=free_port()) as served:
        pin = console_pin(served)
        assert served.log.count("Nobody has paired yet") == 1
        shown = tmp_path / ".access" / "console.txt"
        assert f"PIN: {pin[:4]} {pin[4:]}" in shown.read_text(), "for a screen that shows it"
        with somebody(served) as owner, somebody(served) as late:
            assert pair(owner, f"{pin[:4]} {pin[4:]}", " Ada ")["name"] == "Ada"
            assert not shown.exists()
            assert not any(pin in path.read_text() for path in shown.parent.iterdir())
            used = late.post("/api/access/pair", json={"secret": pin})
            assert (used.status_code, used.json()["type"]) == (403, "urn:eyepiece:wrong-pin")
            late.post("/api/access/pair", json={"secret": console_link(served)[1]})
            assert late.get("/api/access").json()["role"] is None, "the link is used up with its PIN"
            # A camera that is still starting might not end in time on a busy machine.
            wait_until(lambda: owner.get("/api/state").json()["camera"]["status"] == "ready", "the camera's start")
            restarted = len(served.log)
            started_at = owner.get("/api/state").json()["server"]["started_at"]
            assert owner.post("/api/restart").status_code == 202
            served.wait_for_another_start(started_at, cookie_of(owner))
            assert owner.get("/api/access").json()["role"] == "owner"
            assert "PIN" not in served.log[restarted:], "with an owner there is nothing to show"
            # The console makes another owner, also while it runs.
            told = subprocess.run(
                [sys.executable, "-m", "app", "--new-pin", "--data", str(tmp_path)],
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            new_pin = told.split("PIN: ")[1][:9]
            assert pair(late, new_pin)["role"] == "owner"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("pairing") / "data", "--simulate", "--log-level", "info", auth=True) as served:
        yield served


def test_guesses_wait_ever_longer_and_the_link_gets_in_all_the_same(served: Served) -> None:
    pin = console_pin(served)
    link, code = console_link(served)
    assert link.startswith(served.url)
    with somebody(served, address="127.0.0.9") as guesser, somebody(served) as owner:
        answers = [guesser.post("/api/access/pair", json={"secret": wrong(pin)}) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [403, 403, 403, 403, 429, 429]
        refused = answers[-1]
        assert refused.json()["type"] == "urn:eyepiece:too-many-tries"
        assert 0 < refused.json()["wait_s"] <= 2
        assert refused.headers["retry-after"] in ("1", "2")
        # The right PIN is not even looked at; from another address it would be.
        assert guesser.post("/api/access/pair", json={"secret": pin}).status_code == 429
        assert guesser.post("/api/access/pair", json={"secret": "x" * 24}).status_code == 403
        assert pair(guesser, code)["role"] == "owner", "whoever has the link need not wait"
        for secret in (pin, "", "x" * 201, {"a": 1}):
            answer = owner.post("/api/access/pair", json={"secret": secret})
            assert answer.status_code in (403, 422), answer.text


def test_invitations_end_with_their_uses_and_when_taken_back(served: Served) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "app", "--new-pin", "--data", str(served.data)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    with somebody(served) as owner, somebody(served) as one, somebody(served) as two, somebody(served) as three:
        pair(owner, told.split("PIN: ")[1][:9])
        invitation = invite(owner, "operator", uses=2)
        assert invitation["link"].startswith(f"{served.url}/#/pair/")
        assert invitation["qr_svg"].startswith("<svg")
        assert pair(one, invitation["pin"])["role"] == "operator"
        assert pair(two, invitation["link"].rpartition("/")[2])["role"] == "operator"
        assert three.post("/api/access/pair", json={"secret": invitation["pin"]}).status_code == 403
        assert owner.get("/api/access/invitations").json() == []
        # One who is in keeps the higher role, and the same session.
        promoted = invite(owner, "viewer", uses=5)
        before = one.get("/api/access").json()["id"]
        assert pair(one, promoted["pin"])["role"] == "operator"
        assert pair(owner, promoted["pin"])["role"] == "owner"
        assert one.get("/api/access").json()["id"] == before
        assert owner.get("/api/access/invitations").json()[0]["uses_left"] == 3
        assert owner.delete(f"/api/access/invitations/{promoted['id']}").status_code == 204
        assert three.post("/api/access/pair", json={"secret": promoted["pin"]}).status_code == 403
        for wanted in ({"uses": 0}, {"minutes": 0}, {"minutes": 1e9}, {"role": "king"}, {"for": "ever"}):
            assert owner.post("/api/access/invitations", json=wanted).status_code == 422
        for _ in range(8):
            invite(owner, "viewer")
        assert owner.post("/api/access/invitations", json={}).status_code == 409


def test_without_access_control_the_log_says_so_and_there_is_nothing_to_pair(tmp_path: Path) -> None:
    with serving(tmp_path, "--simulate", "--log-level", "info") as served, somebody(served) as anybody:
        assert "NO ACCESS CONTROL (--no-auth): everybody in this machine" in served.log
        assert anybody.get("/api/access").json()["auth"] is False
        assert anybody.get("/api/access").json()["role"] == "owner"
        assert anybody.post("/api/access/pair", json={"secret": "12345678"}).status_code == 409


def test_the_consoles_qr_code_is_the_links() -> None:
    link = "http://192.168.1.7:8000/#/pair/abcdefghijklmnopqrstuvwx"
    lines = qr_lines(link)
    modules: list[list[bool]] = []
    for line in lines:
        modules.append([character in " ▄" for character in line])
        modules.append([character in " ▀" for character in line])
    expected = [
        [bool(module) for module in row] for row in segno.make(link, error="l", micro=False).matrix_iter(border=2)
    ]
    assert modules[: len(expected)] == expected
