"""The page on the screens that it is made for."""

import re

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.page.visit import visit
from tests.serving import Served

_TABLET, _PHONE, _DESKTOP = (1024, 768), (390, 844), (1920, 1080)
_CUT_OFF = """controls => controls.filter(control => {
  const box = control.getBoundingClientRect();
  return box.width && (box.left < 0 || box.right > innerWidth);
}).map(control => control.ariaLabel ?? control.textContent.trim())"""
_COVERED = """(parts) => {
  const shown = parts.filter(part => part.checkVisibility());
  const boxes = shown.map(part => part.getBoundingClientRect());
  const cover = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  return shown.flatMap((part, n) => shown.slice(0, n)
    .filter((other, m) => !other.contains(part) && cover(boxes[n], boxes[m]))
    .map(other => [other, part].map(({ localName, className }) => localName + ' ' + className)));
}"""


@pytest.mark.parametrize(("width", "height"), [_TABLET, _PHONE, _DESKTOP])
def test_nothing_is_cut_off_or_scrolls(browser: Browser, served: Served, width: int, height: int) -> None:
    with visit(browser, served.url, viewport={"width": width, "height": height}) as eyepiece:
        page = eyepiece.page
        eyepiece.wait_for_frames(1)
        for panel in ("Lamp", "Camera", "Capture", "Stage") if (width, height) == _PHONE else ("",):
            if panel:
                eyepiece.button(f"{panel} panel").click()
            assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [
                width,
                height,
            ]
            assert page.locator("a, button, input").evaluate_all(_CUT_OFF) == []
            for control in page.locator("page-header a, control-dock .tabs button").all():
                expect(control).to_be_in_viewport(ratio=1)
            panels = page.locator("control-dock .panels")
            assert panels.evaluate("box => box.scrollWidth - box.clientWidth") == 0
            expect(eyepiece.button("Stop")).to_be_in_viewport(ratio=1)
        view = page.locator("live-view").bounding_box()
        assert view
        assert view["width"] >= 0.6 * width
        assert view["height"] >= 0.3 * height
        assert eyepiece.errors == []


def test_nothing_over_the_picture_covers_anything(browser: Browser, served: Served) -> None:
    """Neither in long words nor under a notch: who drives, what is simulated, the zoom, the figures and the ways."""
    with visit(browser, served.url) as driver, visit(browser, served.url) as eyepiece:
        page = eyepiece.page
        page.evaluate("localStorage.setItem('eyepiece.language', 'de')")
        page.reload()
        driver.button("Right").click()
        badge = page.get_by_role("group", name="Wer steuert")
        badge.get_by_role("button").click()
        expect(badge).to_contain_text("Sie sind als Nummer 1 an der Reihe")
        eyepiece.wait_for_frames(1)
        devtools = page.context.new_cdp_session(page)
        over = page.locator(".zoom > *, .badge, .banner, .group, live-view .figures, stop-button button")
        for width, height, (top, right, bottom, left) in [
            (320, 640, (0, 0, 0, 0)),
            (*_PHONE, (47, 0, 34, 0)),
            (844, 390, (0, 47, 21, 47)),
            (*_TABLET, (0, 0, 0, 0)),
        ]:
            page.set_viewport_size({"width": width, "height": height})
            insets = {"top": top, "right": right, "bottom": bottom, "left": left}
            devtools.send("Emulation.setSafeAreaInsetsOverride", {"insets": insets})
            assert over.count() == 10
            assert over.evaluate_all(_COVERED) == [], (width, height)


@pytest.mark.parametrize(("width", "height"), [_TABLET, _PHONE])
def test_what_is_pressed_fits_a_finger(browser: Browser, served: Served, width: int, height: int) -> None:
    with visit(browser, served.url, viewport={"width": width, "height": height}) as eyepiece:
        for name in ("Right", "Left", "Up", "Down", "Focus up", "Focus down", "Home", "Stop"):
            box = eyepiece.button(name).bounding_box()
            assert box
            assert min(box["width"], box["height"]) >= 44, name


def test_a_finger_jogs(browser: Browser, served: Served, http: httpx.Client) -> None:
    with visit(browser, served.url, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True) as eyepiece:
        eyepiece.button("Left").tap()
        expect(eyepiece.axis("x")).to_have_text("\u2212100.0")
        assert eyepiece.errors == []


def test_nothing_moves_when_a_message_comes(browser: Browser, served: Served) -> None:
    with visit(browser, served.url) as eyepiece:
        before = eyepiece.button("Right").bounding_box()
        eyepiece.page.locator("eye-piece").evaluate(
            "page => page.microscope.act({ type: 'stage-home', axes: ['x', 'x', 'nowhere'] })"
        )
        expect(eyepiece.page.locator("stage-notice").get_by_role("button", name="Dismiss")).to_be_visible()
        assert eyepiece.button("Right").bounding_box() == before


def test_every_control_has_a_name(browser: Browser, served: Served) -> None:
    with visit(browser, served.url) as eyepiece:
        for role in ("button", "slider", "textbox"):
            every = eyepiece.page.get_by_role(role)
            named = eyepiece.page.get_by_role(role, name=re.compile(r"\w"))
            assert every.count() == named.count() > 0
