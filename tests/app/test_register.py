"""Sessions and tokens on the disk."""

import json
from pathlib import Path

import pytest

from app.register import MAX_SESSIONS, LastOwner, Register
from app.roles import Role
from hw.errors import InvalidRequest, NotFound, Refused


def test_everything_is_there_again_after_a_restart(tmp_path: Path) -> None:
    register = Register(tmp_path / "register.json")
    owner = register.add_session(Role.OWNER, "Ada", "Firefox")
    token, secret = register.add_token("scan", Role.OPERATOR, owner.id)
    register.allow_guests(True)
    again = Register(tmp_path / "register.json")
    assert again.sessions == [owner]
    assert again.token_of(secret) == token
    assert again.guests
    assert again.has_owner


def test_a_damaged_file_is_kept_aside_and_lets_nobody_in(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "register.json"
    for damage in (
        "",
        "[]",
        '{"sessions": [{"id": "x", "role": "king"}], "tokens": [], "guests": true}',
        "[" * 100_000,
    ):
        path.write_text(damage)
        register = Register(path)
        assert (register.sessions, register.tokens, register.guests) == ([], [], False)
        assert (tmp_path / "register.json.broken").read_text() == damage
        (tmp_path / "register.json.broken").unlink()
        assert not path.exists()
    assert "all have to pair anew" in caplog.text


def test_a_change_that_the_disk_refuses_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    register = Register(tmp_path / "register.json")
    owner = register.add_session(Role.OWNER, "Ada", "")

    def full(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.register.write_whole", full)
    for change in (
        lambda: register.add_session(Role.VIEWER, "", ""),
        lambda: register.add_token("t", Role.VIEWER, owner.id),
        lambda: register.allow_guests(True),
    ):
        with pytest.raises(OSError, match="No space"):
            change()
    assert register.sessions == [owner]
    assert (register.tokens, register.guests) == ([], False)


def test_a_token_ends_with_its_maker_and_may_no_more_than_they(tmp_path: Path) -> None:
    register = Register(tmp_path / "register.json")
    register.add_session(Role.OWNER, "Ada", "")
    maker = register.add_session(Role.OPERATOR, "Grace", "")
    token, secret = register.add_token("scan", Role.OPERATOR, maker.id)
    register.change_session(maker.id, Role.VIEWER, None)
    assert register.role_of(token) is Role.VIEWER
    register.end_session(maker.id)
    assert register.token_of(secret) is None


def test_the_last_owner_cannot_go(tmp_path: Path) -> None:
    register = Register(tmp_path / "register.json")
    owner = register.add_session(Role.OWNER, "", "")
    with pytest.raises(LastOwner):
        register.end_session(owner.id)
    with pytest.raises(LastOwner):
        register.change_session(owner.id, Role.OPERATOR, None)
    other = register.add_session(Role.OWNER, "", "")
    register.end_session(owner.id)
    assert register.sessions == [other]
    with pytest.raises(NotFound):
        register.end_session(owner.id)
    with pytest.raises(NotFound):
        register.end_token("none")


def test_names_are_shown_and_so_are_checked(tmp_path: Path) -> None:
    register = Register(tmp_path / "register.json")
    assert register.add_session(Role.OWNER, "  Room \t 7 ", "").name == "Room 7"
    assert register.add_session(Role.VIEWER, "", "").name == "viewer"
    for name in ("x" * 41, "a\x00b", "\u202egnp"):
        with pytest.raises(InvalidRequest):
            register.add_session(Role.VIEWER, name, "")


def test_there_are_no_more_sessions_than_can_be_looked_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.register.write_whole", lambda path, data: json.loads(data))
    register = Register(tmp_path / "register.json")
    for _ in range(MAX_SESSIONS):
        register.add_session(Role.VIEWER, "", "")
    with pytest.raises(Refused, match="sessions are the most"):
        register.add_session(Role.VIEWER, "", "")


def test_an_owner_gets_in_where_all_places_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.register.write_whole", lambda path, data: json.loads(data))
    register = Register(tmp_path / "register.json")
    first = register.add_session(Role.OWNER, "Ada", "")
    oldest, second, *_ = [register.add_session(Role.OPERATOR, "", "") for _ in range(MAX_SESSIONS - 1)]
    _, secret = register.add_token("scan", Role.OPERATOR, oldest.id)
    owner = register.add_session(Role.OWNER, "Grace", "")
    assert len(register.sessions) == MAX_SESSIONS
    assert register.session(oldest.id) is None
    assert register.token_of(secret) is None
    assert None not in (register.session(first.id), register.session(second.id), register.session(owner.id))
    for _ in range(MAX_SESSIONS - 2):
        register.add_session(Role.OWNER, "", "")
    with pytest.raises(Refused, match="sessions are the most"):
        register.add_session(Role.OWNER, "", "")
