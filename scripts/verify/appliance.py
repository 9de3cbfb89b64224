"""The running appliance, over its own HTTP interface."""

import json
import ssl
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from scripts.verify.report import Failed

_ANY_CERTIFICATE = ssl._create_unverified_context()  # noqa: S323
_TIMEOUT_S = 60.0
"""A still takes seconds on the smallest board."""


class Appliance:
    """Requests to the appliance at ``url``; each raises ``Failed`` with what it complains of."""

    def __init__(self, url: str, token: str = "") -> None:
        """``token``: an operator's, where the appliance asks who one is."""
        self.url = url.rstrip("/")
        self._headers = {"Content-Type": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str) -> Any:
        """A JSON answer."""
        return json.loads(self.read(path))

    def read(self, path: str) -> bytes:
        """An answer as it is."""
        with self.open(path) as answer:
            return bytes(answer.read())

    def send(self, method: str, path: str, body: dict[str, Any] | None = None, timeout_s: float = _TIMEOUT_S) -> Any:
        """A request with a JSON body; ``None`` where the answer is empty."""
        with self.open(path, method, body, timeout_s) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def open(
        self, path: str, method: str = "GET", body: dict[str, Any] | None = None, timeout_s: float = _TIMEOUT_S
    ) -> Any:
        """The answer, for the caller to read and close."""
        data = None if body is None else json.dumps(body).encode()
        request = Request(self.url + path, data, self._headers, method=method)  # noqa: S310
        try:
            # The address is the user's own, and its certificate the device's.
            return urlopen(request, timeout=timeout_s, context=_ANY_CERTIFICATE)  # noqa: S310
        except HTTPError as error:
            raise Failed(f"{method} {path}: {_problem(error)}") from error
        except (URLError, OSError, ValueError) as error:
            raise Failed(f"{self.url} does not answer: {getattr(error, 'reason', error)}") from error

    def device(self, name: str) -> dict[str, Any]:
        """The state of a device that is real and works; raises ``Failed`` for any other."""
        state: dict[str, Any] = self.get("/api/state")
        if name in state["server"]["simulated"]:
            raise Failed("simulated: shows nothing of a Raspberry Pi")
        device: dict[str, Any] = state[name]
        if device["status"] not in ("ready", "busy"):
            raise Failed(f"{device['status']}: {device['fault'] or 'no reason given'}")
        return device


def _problem(error: HTTPError) -> str:
    text = error.read().decode(errors="replace")
    try:
        return str(json.loads(text)["detail"])
    except (ValueError, KeyError, TypeError):
        return f"{error.code} {error.reason}"
