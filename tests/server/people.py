"""People for the tests of access: somebody with the console's PIN, and those whom they let in."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from tests.conftest import PATIENCE_S, wait_until
from tests.serving import Served

_PIN = re.compile(r"PIN: (\d{4}) (\d{4})")
_LINK = re.compile(r"(http\S+/#/pair/(\S+))")


def console_pin(served: Served) -> str:
    """The PIN that the log told last."""
    pins = wait_until(lambda: _PIN.findall(served.log), "the PIN in the log")
    return "".join(pins[-1])


def console_link(served: Served) -> tuple[str, str]:
    """The link that the log told last, and its code."""
    links = wait_until(lambda: _LINK.findall(served.log), "the link in the log")
    link, code = links[-1]
    return link, code


@contextmanager
def somebody(served: Served, token: str | None = None, address: str | None = None) -> Iterator[httpx.Client]:
    """A browser that is not paired, or a script with a token; ``address`` is where it comes from."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    transport = httpx.HTTPTransport(local_address=address, verify=False)
    with httpx.Client(base_url=served.url, timeout=PATIENCE_S, headers=headers, transport=transport) as client:
        yield client


def pair(client: httpx.Client, secret: str, name: str = "") -> dict[str, Any]:
    """Let a browser in; from now on it has its cookie."""
    answer = client.post("/api/access/pair", json={"secret": secret, "name": name})
    assert answer.status_code == 200, answer.text
    me: dict[str, Any] = answer.json()
    return me


def invite(owner: httpx.Client, role: str, **wanted: Any) -> dict[str, Any]:
    """An invitation with its secrets."""
    answer = owner.post("/api/access/invitations", json={"role": role, **wanted})
    assert answer.status_code == 201, answer.text
    invitation: dict[str, Any] = answer.json()
    return invitation


def cookie_of(client: httpx.Client) -> dict[str, str]:
    """The header by which it is known."""
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in client.cookies.items())}
