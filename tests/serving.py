"""The real server as a process of its own."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.conftest import PATIENCE_S, wait_until

ROOT = Path(__file__).resolve().parents[1]


class Served:
    """A running ``python -m app``; everybody may everything, but with ``auth``."""

    def __init__(
        self, data: Path, *options: str, port: int = 0, program: tuple[str, str] = ("-m", "app"), auth: bool = False
    ) -> None:
        self.auth = auth
        data.mkdir(parents=True, exist_ok=True)
        self.data = data
        self._log = data / "server.log"
        command = [sys.executable, *program, "--host", "127.0.0.1", "--port", str(port), "--data", str(data)]
        if not auth:
            command.append("--no-auth")
        with self._log.open("wb") as log:
            self.process = subprocess.Popen([*command, *options], cwd=ROOT, stderr=log)
        self.url = ""

    @property
    def log(self) -> str:
        """All that the server has said so far."""
        return self._log.read_text()

    def wait_until_serving(self) -> None:
        """Wait for the address that it serves on."""

        def address() -> str | None:
            assert self.process.poll() is None, f"the server ended:\n{self.log}"
            found = re.findall(r"is looking: (https?://\S+)", self.log)
            return found[-1] if found else None

        self.url = wait_until(address, "the server's start")
        if not self.auth:
            wait_until(self.ready, "every device's start")

    def ready(self) -> bool:
        """Whether no device is still starting."""
        state = self._state()
        return all(state[device]["status"] != "starting" for device in ("camera", "stage", "light"))

    def restart(self) -> None:
        """Have it start anew, and wait until it serves again."""
        started_at = self._state()["server"]["started_at"]
        httpx.post(f"{self.url}/api/restart").raise_for_status()
        self.wait_for_another_start(started_at)
        wait_until(self.ready, "every device's start")

    def wait_for_another_start(self, started_at: float, headers: dict[str, str] | None = None) -> None:
        """Wait until it serves in a life after the one that began then; ``headers`` say who asks."""

        def is_new() -> bool:
            assert self.process.poll() is None, f"the server ended:\n{self.log}"
            try:
                return bool(self._state(headers)["server"]["started_at"] > started_at)
            except httpx.TransportError:
                return False  # between its lives

        wait_until(is_new, "the new start")

    def _state(self, headers: dict[str, str] | None = None) -> Any:
        return httpx.get(f"{self.url}/api/state", headers=headers).json()

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and wait for the end; returns the exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)


def free_port() -> int:
    """A port for a server that has to keep it over a restart."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def serving(data: Path, *options: str, port: int = 0, auth: bool = False) -> Iterator[Served]:
    """A server for the time of a ``with`` block; it has to end cleanly."""
    served = Served(data, *(options or ("--simulate",)), port=port, auth=auth)
    try:
        served.wait_until_serving()
        yield served
        if served.process.poll() is None:
            assert served.stop() == 0, served.log
    finally:
        if served.process.poll() is None:
            served.process.kill()
            served.process.wait()
