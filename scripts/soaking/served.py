"""The microscope that is soaked: a process of its own, seen from outside."""

import json
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
_START_S = 120.0
_END_S = 30.0
_ANSWER_S = 60.0


@dataclass(frozen=True, slots=True)
class Footprint:
    """What a process holds."""

    memory_mb: float
    threads: int
    files: int


class Served:
    """A running ``python -m app`` with the simulated microscope."""

    def __init__(self, data: Path) -> None:
        self._log = data / "soak.log"
        command = [sys.executable, "-m", "app", "--simulate", "--host", "127.0.0.1", "--port", "0", "--data", str(data)]
        command.append("--no-auth")  # the pairing is not what is soaked
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, cwd=ROOT, stderr=log)
        self.port = 0

    @property
    def log(self) -> str:
        """All that it has said."""
        return self._log.read_text(errors="replace")

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def wait_until_ready(self) -> None:
        """Wait until every device works; raises ``TimeoutError``."""
        deadline_s = time.monotonic() + _START_S
        while time.monotonic() < deadline_s and self.alive:
            if found := re.findall(r"is looking: http://[^:]+:(\d+)", self.log):
                self.port = int(found[-1])
                state = self.get("/api/state")
                if all(state[device]["status"] == "ready" for device in ("camera", "stage", "light")):
                    return
            time.sleep(0.1)
        raise TimeoutError(f"the server did not start:\n{self.log}")

    def get(self, path: str) -> Any:
        """What a path answers, from JSON."""
        return json.loads(self.ask("GET", path)[1])

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        """Send a request; its status and answer. Raises ``OSError`` where the server cannot be reached."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} if data else {}
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", data=data, headers=headers, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=_ANSWER_S) as answer:  # noqa: S310
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def footprint(self) -> Footprint:
        """What the process holds now."""
        folder = Path(f"/proc/{self._process.pid}")
        status = (folder / "status").read_text()
        memory_kb, threads = (int(re.findall(rf"{key}:\s+(\d+)", status)[0]) for key in ("VmRSS", "Threads"))
        return Footprint(memory_kb / 1000, threads, sum(1 for _ in (folder / "fd").iterdir()))

    def stop(self) -> int:
        """End it in order; returns its exit code, -9 where it did not end."""
        self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()
