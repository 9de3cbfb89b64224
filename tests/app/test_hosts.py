"""Which names are the microscope's own, and who may ask from where."""

from typing import Any

import pytest

from app.hosts import Hosts

HOSTS = Hosts(["lab.example", "scope.local", "192.168.1.7", "Küche.example"])


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:8000",
        "127.0.0.1:8000",
        "192.168.4.4",
        "[::1]:8000",
        "[fe80::1%eth0]:8000",
        "eyepiece.local",
        "EYEPIECE.local:8000",
        "eyepiece-2.local",
        "eyepiece.local.",
        "scope.local",
        "scope-12.local:80",
        "lab.example",
        "xn--kche-0ra.example",
    ],
)
def test_own_names(host: str) -> None:
    assert HOSTS.own(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "evil.example:8000",
        "eyepiece.local.evil.example",
        "evil-eyepiece.local",
        "eyepiece-2.local.evil.example",
        "lab.example.evil.example",
        "127.0.0.1.evil.example",
        "localhost@evil.example",
        "evil.example/eyepiece.local",
        "evil.example#eyepiece.local",
        "eyepiece.local:port",
        "eyepiece.local:99999",
        "[::1",
        "eyepiece-.local",
        "eyepiece-1234.local",
        "a b",
    ],
)
def test_other_names(host: str) -> None:
    assert not HOSTS.own(host)


def scope(method: str = "GET", **headers: str) -> dict[str, Any]:
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "method": method, "path": "/", "headers": named}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "origin", ["null", "http://evil.example", "http://eyepiece.local:81", "ftp://eyepiece.local", "eyepiece.local", ""]
)
def test_other_origins(method: str, origin: str) -> None:
    assert HOSTS.trouble(scope(method, host="eyepiece.local", origin=origin))


def test_own_origin_by_either_scheme() -> None:
    for origin in ("http://eyepiece.local:8000", "https://eyepiece.local:8000", "http://EYEPIECE.local:8000"):
        assert HOSTS.trouble(scope("POST", host="eyepiece.local:8000", origin=origin)) is None


def test_what_browsers_say_of_the_site() -> None:
    def trouble(method: str, site: str, mode: str) -> str | None:
        return HOSTS.trouble(scope(method, host="localhost", sec_fetch_site=site, sec_fetch_mode=mode))

    assert trouble("GET", "cross-site", "navigate") is None, "a link leads here"
    assert trouble("GET", "cross-site", "no-cors")
    assert trouble("GET", "same-site", "cors")
    assert trouble("POST", "cross-site", "navigate"), "a form of another site"
    assert trouble("POST", "same-origin", "cors") is None
    assert trouble("GET", "none", "navigate") is None


def test_one_host_and_no_more() -> None:
    assert HOSTS.trouble({"type": "http", "method": "GET", "headers": []})
    twice = [(b"host", b"localhost"), (b"host", b"evil.example")]
    assert HOSTS.trouble({"type": "http", "method": "GET", "headers": twice})
