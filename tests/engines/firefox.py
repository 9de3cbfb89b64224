"""Firefox, as Debian has it, by WebDriver BiDi."""

import json
import re
import subprocess
from base64 import b64decode
from pathlib import Path
from typing import Any

import websocket

from tests.conftest import PATIENCE_S, wait_until
from tests.engines.engine import Actions

_PREFERENCES = {
    # Nothing leaves the machine: whatever is not on the loopback is sent to a port where nobody is.
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "intl.accept_languages": "en",
    "intl.locale.requested": "en",
}
_LISTENS = re.compile(r"WebDriver BiDi listening on (ws://\S+)")


class Firefox:
    """A headless Firefox with a profile of its own."""

    def __init__(self, home: Path, width: int, height: int) -> None:
        profile = home / "profile"
        profile.mkdir(parents=True)
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in _PREFERENCES.items()]
        (profile / "user.js").write_text("\n".join(lines))
        log = home / "firefox.log"
        options = ["--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
        with log.open("wb") as output:
            self._process = subprocess.Popen(["firefox-esr", *options], stdout=output, stderr=output)
        self._number = 0
        self._complaints: list[str] = []
        self._socket: websocket.WebSocket | None = None
        try:
            self._connect(log, width, height)
        except BaseException:
            self.close()
            raise

    def _connect(self, log: Path, width: int, height: int) -> None:
        def address() -> str | None:
            assert self._process.poll() is None, f"Firefox ended:\n{log.read_text()}"
            found = _LISTENS.search(log.read_text())
            return found[1] if found else None

        url = wait_until(address, "Firefox's start")
        # Firefox sends away whoever comes from a web page, and that is whoever says an origin.
        self._socket = websocket.create_connection(f"{url}/session", timeout=PATIENCE_S, suppress_origin=True)
        self._ask("session.new", capabilities={})
        self._ask("session.subscribe", events=["log.entryAdded"])
        self._context = self._ask("browsingContext.getTree")["contexts"][0]["context"]
        self._ask("browsingContext.setViewport", context=self._context, viewport={"width": width, "height": height})

    def open(self, url: str) -> None:
        self._complaints.clear()
        self._ask("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def evaluate(self, expression: str) -> Any:
        told = self._ask(
            "script.evaluate",
            expression=f"(async () => JSON.stringify((await ({expression})) ?? null))()",
            target={"context": self._context},
            awaitPromise=True,
        )
        assert told["type"] == "success", told["exceptionDetails"]["text"]
        return json.loads(told["result"]["value"])

    def point(self, actions: Actions) -> None:
        pointer = {"type": "pointer", "id": "finger", "parameters": {"pointerType": "touch"}, "actions": actions}
        self._ask("input.performActions", context=self._context, actions=[pointer])

    def screenshot(self) -> bytes:
        return b64decode(self._ask("browsingContext.captureScreenshot", context=self._context)["data"])

    def complaints(self) -> list[str]:
        return self._complaints

    def close(self) -> None:
        if self._socket:
            self._socket.close()
        self._process.terminate()
        try:
            self._process.wait(PATIENCE_S)
        finally:
            self._process.kill()

    def _ask(self, method: str, **params: Any) -> Any:
        assert self._socket
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while True:
            told = json.loads(self._socket.recv())
            if told.get("method") == "log.entryAdded":
                entry = told["params"]
                if entry["level"] in ("error", "warn"):
                    self._complaints.append(entry["text"])
            elif told.get("id") == self._number:
                assert told["type"] == "success", f"{method}: {told}"
                return told["result"]
