"""WebKit, the engine of iPads, in the small browser that comes with WebKitGTK, by W3C WebDriver."""

import os
import subprocess
from base64 import b64decode
from pathlib import Path
from typing import Any

import httpx

from tests.conftest import PATIENCE_S, wait_until
from tests.engines.engine import Actions
from tests.serving import free_port

_LISTEN = """(() => {
  const told = (window.complaints = []);
  addEventListener('error', ({ message }) => told.push(message));
  addEventListener('unhandledrejection', ({ reason }) => told.push(String(reason)));
  for (const level of ['error', 'warn']) {
    const write = console[level].bind(console);
    console[level] = (...words) => (told.push(words.join(' ')), write(...words));
  }
})()"""


class WebKit:
    """MiniBrowser on a display of its own."""

    def __init__(self, home: Path, width: int, height: int) -> None:
        home.mkdir(parents=True)
        self._log = home / "webkit.log"
        self._processes: list[subprocess.Popen[bytes]] = []
        self._session = ""
        self._http = httpx.Client(base_url=f"http://127.0.0.1:{free_port()}", timeout=2 * PATIENCE_S)
        try:
            self._start(home)
            self._session = self._begin()
            self._fit(width, height)
        except BaseException:
            self.close()
            raise

    def _start(self, home: Path) -> None:
        read, write = os.pipe()
        screen = ["-screen", "0", "1920x1200x24", "-nolisten", "tcp"]
        with self._log.open("ab") as output:
            display = ["Xvfb", "-displayfd", str(write), *screen]
            self._processes.append(subprocess.Popen(display, pass_fds=[write], stdout=output, stderr=output))
        os.close(write)
        with os.fdopen(read) as told:
            number = told.readline().strip()
        assert number, f"Xvfb did not start:\n{self._log.read_text()}"
        environment = os.environ | {
            "DISPLAY": f":{number}",
            "HOME": str(home),
            "XDG_RUNTIME_DIR": str(home),
            "LANG": "en_US.UTF-8",
            "GDK_BACKEND": "x11",
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "NO_AT_BRIDGE": "1",
        }
        driver = ["WebKitWebDriver", "--host=127.0.0.1", f"--port={self._http.base_url.port}"]
        with self._log.open("ab") as output:
            self._processes.append(subprocess.Popen(driver, env=environment, stdout=output, stderr=output))

    def _begin(self) -> str:
        def ready() -> bool:
            assert self._processes[-1].poll() is None, f"WebKitWebDriver ended:\n{self._log.read_text()}"
            try:
                return bool(self._http.get("/status").json()["value"]["ready"])
            except httpx.TransportError:
                return False

        wait_until(ready, "WebKitWebDriver's start")
        (browser,) = Path("/usr/lib").glob("*/webkit2gtk-4.1/MiniBrowser")
        options = {"binary": str(browser), "args": ["--automation"]}
        wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
        session: str = self._tell("/session", wanted)["sessionId"]
        return f"/session/{session}"

    def _fit(self, width: int, height: int) -> None:
        """Make the window as large as it takes for the page to have that size."""
        self._tell(f"{self._session}/window/rect", {"x": 0, "y": 0, "width": width, "height": height})
        inner_width, inner_height = self.evaluate("[innerWidth, innerHeight]")
        size = {"width": 2 * width - inner_width, "height": 2 * height - inner_height}
        self._tell(f"{self._session}/window/rect", {"x": 0, "y": 0, **size})

    def open(self, url: str) -> None:
        self._tell(f"{self._session}/url", {"url": url})
        self.evaluate(_LISTEN)  # WebDriver tells nothing of the console, and nothing can listen any earlier

    def evaluate(self, expression: str) -> Any:
        script = f"""const done = arguments[0];
            (async () => done([(await ({expression})) ?? null, '']))().catch((error) => done([null, String(error)]));"""
        value, error = self._tell(f"{self._session}/execute/async", {"script": script, "args": []})
        assert not error, error
        return value

    def point(self, actions: Actions) -> None:
        pointer = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": actions}
        self._tell(f"{self._session}/actions", {"actions": [pointer]})

    def screenshot(self) -> bytes:
        answer = self._http.get(f"{self._session}/screenshot").raise_for_status()
        return b64decode(answer.json()["value"])

    def complaints(self) -> list[str]:
        complaints: list[str] = self.evaluate("window.complaints")
        return complaints

    def close(self) -> None:
        try:
            if self._session:
                self._http.delete(self._session)
        finally:
            self._http.close()
            for process in reversed(self._processes):
                process.terminate()
            for process in self._processes:
                try:
                    process.wait(PATIENCE_S)
                finally:
                    process.kill()

    def _tell(self, path: str, body: Any) -> Any:
        answer = self._http.post(path, json=body)
        value = answer.json()["value"]
        assert answer.is_success, f"{path}: {value['error']}: {value['message']}"
        return value
