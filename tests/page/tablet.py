"""A tablet in the hand: fingers, a gamepad, a connection that can be cut; and where the stage went."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from playwright.sync_api import Browser, CDPSession, Locator

from tests.conftest import wait_until
from tests.page.visit import Visit, visit

_SPIED = """
window.sockets = [];
window.WebSocket = class extends WebSocket {
  constructor(...all) { super(...all); window.sockets.push(this); }
};
window.pad = null;
window.looks = 0;
navigator.getGamepads = () => { window.looks += 1; return [window.pad]; };
"""
"""Lets a test cut the connection, and hold a gamepad."""


class Tablet(Visit):
    """The page in the hand."""

    touch_session: CDPSession

    def touch(self, kind: str, x: float = 0, y: float = 0) -> None:
        """Put a finger down (``Start``), slide it (``Move``), lift it (``End``) or have it taken away (``Cancel``)."""
        points = [{"x": x, "y": y}] if kind in ("Start", "Move") else []
        self.touch_session.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})

    def spot(self, of: Locator, right: float, down: float) -> tuple[float, float]:
        """A spot of a control, in fractions of its size."""
        box = of.bounding_box()
        assert box
        return box["x"] + right * box["width"], box["y"] + down * box["height"]

    @property
    def stick(self) -> Locator:
        return self.page.locator("jog-stick .dish")

    def show(self, face: str) -> None:
        """Show one of the stage's faces."""
        self.page.get_by_role("group", name="Ways to move").get_by_role("button", name=face).click()

    def wait_for_looks(self) -> None:
        """Wait until the page has looked at the gamepad anew, whole looks long."""
        looks = self.page.evaluate("window.looks")
        wait_until(lambda: self.page.evaluate("window.looks") >= looks + 3, "looks at the gamepad")

    def gamepad(self, axes: tuple[float, ...] = (0, 0, 0, 0), pressed: tuple[int, ...] = ()) -> None:
        """Have a gamepad that says so."""
        self.page.evaluate(
            """([axes, pressed]) => {
              const buttons = Array.from({ length: 17 }, (_, n) => ({ pressed: pressed.includes(n) }));
              window.pad = { connected: true, mapping: 'standard', axes, buttons };
            }""",
            [axes, pressed],
        )


@contextmanager
def in_hand(browser: Browser, url: str) -> Iterator[Tablet]:
    """A tablet for the time of a ``with`` block; its page must stay without errors."""
    options: dict[str, Any] = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}
    with visit(browser, url, script=_SPIED, **options) as visited:
        tablet = Tablet(visited.page)
        tablet.socket = visited.socket
        tablet.touch_session = visited.page.context.new_cdp_session(visited.page)
        yield tablet
        assert tablet.errors == []


def as_it_begins(tablet: Tablet, http: httpx.Client) -> Tablet:
    """The tablet as each test begins: stage at rest at the origin, seen through the 10x."""
    http.patch("/api/optics", json={"objective": "10x"}).raise_for_status()
    for place in http.get("/api/places").json():
        http.delete(f"/api/places/{place['id']}").raise_for_status()
    if tablet.page.url.split("#")[-1] not in ("", "/", tablet.page.url):
        tablet.page.evaluate("location.hash = '#/'")
    tablet.show("Move")
    return tablet


def stage(http: httpx.Client) -> dict[str, Any]:
    state: dict[str, Any] = http.get("/api/stage").json()
    return state


def place(http: httpx.Client) -> dict[str, float]:
    """Where the stage came to rest."""
    wait_until(lambda: stage(http)["status"] == "ready", "rest")
    position: dict[str, float] = stage(http)["position"]
    return position


def moving(http: httpx.Client, axis: str = "x_um", um: float = 60) -> None:
    """Wait until the stage has gone farther than that."""
    wait_until(lambda: abs(stage(http)["position"][axis]) > um, f"more than {um} um along {axis}")
