"""How the microscope may be reached, and by whom: opened at the start, and told on the console."""

import ipaddress
import logging
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from app import __version__
from app.access import FOLDER, Access, open_access
from app.certificate import Certificate, device_certificate
from app.console import invitation
from app.hosts import Hosts, own_address

log = logging.getLogger("eyepiece")

ANY_HOST = ("0.0.0.0", "::")  # noqa: S104 - an appliance serves its LAN


@dataclass(frozen=True, slots=True)
class Doors:
    """Who may come in, by which names, and whether by HTTPS."""

    access: Access
    hosts: Hosts
    certificate: Certificate | None

    def announce(self, listener: socket.socket) -> None:
        """Say where the microscope is, and how to get in."""
        host, port = listener.getsockname()[:2]
        unpaired = self.access.required and not self.access.register.has_owner
        try:
            # Before it is said that it looks: this takes a moment.
            text = self.new_pin(host, port) if unpaired else ""
        except OSError as error:
            text = f"No PIN could be kept, so that nobody can pair: {error}"
        here = self._url("localhost" if host in ANY_HOST else host, port)
        log.info("Eyepiece %s is looking: %s", __version__, here)
        if self.certificate:
            log.info("HTTPS certificate, SHA-256: %s", self.certificate.fingerprint)
        if unpaired:
            log.warning("Nobody has paired yet.\n%s", text)
        if not self.access.required:
            reach = "this machine" if ipaddress.ip_address(host.partition("%")[0]).is_loopback else "the network"
            log.warning("NO ACCESS CONTROL (--no-auth): everybody in %s may drive and change everything", reach)

    def new_pin(self, host: str, port: int) -> str:
        """A new PIN that pairs an owner, once: the text for the console. Raises ``OSError``.

        A microscope that runs meanwhile takes it, too: it reads it when somebody tries one.
        """
        if host in ANY_HOST:
            # Names that were told come first: from inside of a container the machine's address cannot be seen.
            host = next(iter(self.hosts.extra), None) or own_address() or socket.gethostname()
        return self.access.pairing.offer_on_console(partial(invitation, self._url(host, port)))

    def _url(self, host: str, port: int) -> str:
        host = f"[{host}]" if ":" in host else host
        return f"{'https' if self.certificate else 'http'}://{host}:{port}"


def open_doors(data: Path, *, required: bool, names: Iterable[str], https: bool) -> Doors:
    """The doors of the microscope whose data folder that is; ``names`` are those beside the machine's own.

    What it has no secret or certificate for is made. Raises ``OSError`` where the folder cannot be used.
    """
    hosts = Hosts(names)
    access = open_access(data, required)
    certificate = device_certificate(data / FOLDER, _certified(hosts)) if https else None
    return Doors(access, hosts, certificate)


def _certified(hosts: Hosts) -> list[str]:
    machine = socket.gethostname().partition(".")[0]
    names = ["localhost", machine, f"{machine}.local", "eyepiece.local", "127.0.0.1", *hosts.extra]
    address = own_address()
    return [*names, address] if address else names
