"""A look at the page, and what a test wants to know of it."""

import base64
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Browser, Locator, Page, WebSocket, expect

from tests.conftest import PATIENCE_S, wait_until

expect.set_options(timeout=1000 * PATIENCE_S)

_REFUSED = re.compile(r"Failed to load resource: .* status of (401|403|409|422|429)")
"""How the browser reports a refusal, which is an answer like any other."""

_PIXELS = """canvas => {
  // Read from a copy: a canvas that is read becomes slow to paint.
  const copy = new OffscreenCanvas(canvas.width, canvas.height);
  const context = copy.getContext('2d', { willReadFrequently: true });
  context.drawImage(canvas, 0, 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  let text = '';
  for (let i = 0; i < data.length; i += 8192) text += String.fromCharCode(...data.subarray(i, i + 8192));
  return [canvas.width, canvas.height, btoa(text)];
}"""


class Visit:
    """One page in a browser of its own."""

    socket: WebSocket
    """The newest."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        """Whatever the page did that it must not do."""
        self.failed_requests: list[str] = []
        page.set_default_timeout(1000 * PATIENCE_S)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: self._hear(message.type, message.text))
        page.on("request", lambda request: self._check_host(request.url))
        page.on("requestfailed", lambda request: self.failed_requests.append(f"{request.url}: {request.failure}"))
        page.on("websocket", self._connected)

    def button(self, name: str) -> Locator:
        """The button of that name."""
        return self.page.get_by_role("button", name=name, exact=True)

    def slider(self, name: str) -> Locator:
        """The slider of that name."""
        return self.page.get_by_role("slider", name=name, exact=True)

    def axis(self, name: str) -> Locator:
        """The figure of an axis."""
        return self.page.locator(f"position-readout #{name}")

    def choose_step(self, group: str, um: int) -> None:
        """Choose how far a jog goes."""
        self.page.get_by_role("group", name=group).get_by_role("button", name=str(um), exact=True).click()

    def expect_stop(self) -> AbstractContextManager[object]:
        """The stop that is said by the socket within a ``with`` block."""
        return self.socket.expect_event("framesent", lambda sent: isinstance(sent, str) and '["stop"' in sent)

    def frame_id(self) -> int:
        """The number of the frame on the canvas, 0 before the first."""
        number: int = self.page.locator("live-view").evaluate("view => view.painter?.shown?.frame_id ?? 0")
        return number

    def wait_until_connected(self) -> None:
        """Wait until the page says so, and all of it is there; where it does not, tell what is known of why."""
        try:
            expect(self.page.get_by_text("Connected", exact=True)).to_be_visible()
        except AssertionError as error:
            seen = self.page.locator("body").inner_text()
            raise AssertionError(f"{error}\nseen: {seen!r}\n{self.errors}\n{self.failed_requests}") from None
        expect(self.page.locator("control-dock .panels[aria-busy=true]")).to_have_count(0)

    def wait_for_frames(self, count: int) -> None:
        """Wait until the canvas shows a frame that many later."""
        before = self.frame_id()
        wait_until(lambda: self.frame_id() >= before + count, f"{count} frames")

    def picture(self) -> NDArray[np.uint8]:
        """What is on the canvas, of shape (720, 1280, 3): a browser too busy for that is sent half of it each way."""
        width, height, data = self.page.locator("live-view canvas.front").evaluate(_PIXELS)
        pixels = np.frombuffer(base64.b64decode(data), np.uint8).reshape(height, width, 4)[..., :3]
        return pixels.repeat(1280 // width, axis=0).repeat(1280 // width, axis=1)

    def move_slider(self, name: str, place: float) -> None:
        """Put a slider to a place from 0 to 1, with the mouse."""
        self.slider(name).scroll_into_view_if_needed()
        box = self.slider(name).bounding_box()
        assert box
        self.page.mouse.click(box["x"] + 8 + place * (box["width"] - 16), box["y"] + box["height"] / 2)

    def hide(self, hidden: bool) -> None:
        """Make the page believe that its tab is hidden, or seen again."""
        self.page.evaluate(
            """hidden => {
              Object.defineProperty(document, 'hidden', { configurable: true, value: hidden });
              document.dispatchEvent(new Event('visibilitychange'));
            }""",
            hidden,
        )

    def _hear(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not _REFUSED.search(text):
            self.errors.append(text)

    def _connected(self, socket: WebSocket) -> None:
        self._check_host(socket.url)
        self.socket = socket

    def _check_host(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme != "blob" and parts.hostname != "127.0.0.1":
            self.errors.append(f"a request to another host: {url}")


@contextmanager
def visit(browser: Browser, url: str, script: str = "", **context_options: Any) -> Iterator[Visit]:
    """Open the page for the time of a ``with`` block and wait for its first frame; ``script`` runs before its own."""
    context = browser.new_context(**{"viewport": {"width": 1024, "height": 768}, **context_options})
    try:
        if script:
            context.add_init_script(script)
        eyepiece = Visit(context.new_page())
        eyepiece.page.goto(url)
        # A container's network that comes up beside it makes the browser drop what it was loading.
        while any("ERR_NETWORK_CHANGED" in request for request in eyepiece.failed_requests):
            eyepiece.failed_requests.clear()
            eyepiece.errors.clear()
            eyepiece.page.reload()
        eyepiece.wait_until_connected()
        yield eyepiece
    finally:
        context.close()
