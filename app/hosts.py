"""Under which names the microscope may be asked for: a page elsewhere cannot make its own name lead here."""

import ipaddress
import re
import socket
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from starlette.types import Scope

_NOT_SENT = 9
"""A port that nothing is sent to: the kernel only says by which address it would leave."""


class Hosts:
    """The names that are the microscope's own.

    Any address is: one that is asked for by number was not led here by a name (DNS rebinding), and from inside of a
    container the machine's addresses cannot be seen.
    """

    def __init__(self, extra: Iterable[str] = ()) -> None:
        """``extra``: names beside the machine's own, ``eyepiece`` and ``localhost``. Raises ``UnicodeError``."""
        machine = socket.gethostname().partition(".")[0].lower()
        self.extra = tuple(as_sent(name) for name in extra if name.strip())
        self._names = {"localhost", machine, *self.extra}
        # avahi numbers those that come second.
        stems = {machine, "eyepiece", *(name[: -len(".local")] for name in self.extra if name.endswith(".local"))}
        self._mdns = re.compile(rf"(?:{'|'.join(sorted(map(re.escape, stems)))})(?:-\d{{1,3}})?\.local")

    def own(self, authority: str) -> bool:
        """Whether a ``Host`` header, with or without its port, names the microscope."""
        name = _name(authority)
        if name is None:
            return False
        return name in self._names or bool(self._mdns.fullmatch(name)) or _is_address(name)

    def trouble(self, scope: Scope) -> str | None:
        """What is wrong with where a request claims to come from and go to; ``None`` where nothing is."""
        told = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        if len(told) != 1 or not self.own(told[0]):
            return f"{', '.join(told)[:100] or 'nothing'} is no name of this microscope (--allow-host adds one)"
        headers = dict(scope["headers"])
        if (origin := headers.get(b"origin")) is not None:
            own = is_own_origin(origin.decode("latin-1"), told[0])
            return None if own else f"{origin.decode('latin-1')[:200]} is not the microscope's own page"
        if headers.get(b"sec-fetch-site") in (b"cross-site", b"same-site") and not _is_link(scope, headers):
            return "another site's page asks for this"
        return None


def as_sent(name: str) -> str:
    """A host's name as browsers send it and certificates have it: ASCII (IDNA). Raises ``UnicodeError``."""
    return name.strip().lower().rstrip(".").encode("idna").decode()


def own_address() -> str | None:
    """The address by which this machine is in its network; ``None`` without one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", _NOT_SENT))
        except OSError:
            return None
        address: str = probe.getsockname()[0]
        return address


def _name(authority: str) -> str | None:
    try:
        parts = urlsplit(f"//{authority}")
        _ = parts.port  # raises where it is none
    except ValueError:
        return None
    if parts.path or parts.query or parts.fragment or parts.username is not None or not parts.hostname:
        return None
    return parts.hostname.rstrip(".")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return True


def is_own_origin(origin: str, host: str) -> bool:
    """Whether a page of that origin came from the host that it asks now."""
    scheme, separator, authority = origin.partition("://")
    return bool(separator) and scheme in ("http", "https") and authority.lower() == host.lower()


def _is_link(scope: Scope, headers: Mapping[bytes, bytes]) -> bool:
    """Whether somebody followed a link, or typed the address."""
    return scope.get("method") in ("GET", "HEAD") and headers.get(b"sec-fetch-mode") == b"navigate"
