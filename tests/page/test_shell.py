"""What holds the page together: its weight, its views, themes and languages, the keyboard, and coming back."""

import io
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.conftest import PATIENCE_S, wait_until
from tests.page.tablet import moving
from tests.page.visit import Visit, visit
from tests.serving import ROOT, Served, free_port, serving

_FIRST_LOAD_BYTES = 150_000
_FIRST_STAGE_BYTES = 90_000
_FIRST_FRAME_MS = 1000 * PATIENCE_S / 4
"""The goal is a second; this bound is for a machine that does much else."""
_WATCH = """
window.shifts = [];
new PerformanceObserver((list) => {
  window.shifts.push(...list.getEntries().filter((entry) => !entry.hadRecentInput).map(({ value }) => value));
}).observe({ type: 'layout-shift', buffered: true });
"""
_LOADED = """() => performance.getEntries().filter(({ entryType }) => ['navigation', 'resource'].includes(entryType))
  .filter(({ name }) => !name.includes('/socket.io/') && !name.includes('/api/'))
  .map(({ name, startTime, encodedBodySize }) => [name, startTime, encodedBodySize])"""
"""In their order; what is imported after it was fetched is there twice."""
_STAGES = """() => [document, document.querySelector('#second-stage').content].map((part) =>
  [...part.querySelectorAll('link[rel=modulepreload]')].map((link) =>
    new URL(link.getAttribute('href'), location).href))"""
_FOCUSED = """() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(at);
  return [at.ariaLabel ?? at.textContent.trim(), outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2];
}"""
_VIEWS = {"Gallery": "#/gallery", "Settings": "#/settings", "About": "#/about"}


def _link(eyepiece: Visit, name: str) -> Locator:
    return eyepiece.page.get_by_role("link", name=name, exact=True)


def _focused(page: Page) -> tuple[str, bool]:
    """What has the focus, and whether that can be seen."""
    name, is_shown = page.evaluate(_FOCUSED)
    return name, is_shown


def _wait_for_words(page: Page, catalogues: list[str]) -> None:
    """Wait until these and no other were fetched; a browser notes a file a moment after it used it."""
    fetched = "() => performance.getEntriesByType('resource').map(({ name }) => name)"

    def are_fetched() -> bool:
        found = (re.search(r"/text/(\w+/\w+)\.js$", name) for name in page.evaluate(fetched))
        return sorted({match[1] for match in found if match}) == catalogues

    wait_until(are_fetched, f"the fetch of {catalogues}")


def test_the_first_load_is_light_and_without_a_waterfall(browser: Browser, served: Served) -> None:
    context = browser.new_context(viewport={"width": 1024, "height": 768})
    eyepiece = Visit(context.new_page())
    page = eyepiece.page
    page.goto(served.url)
    eyepiece.wait_for_frames(1)
    first_frame_ms = page.evaluate("performance.now()")
    expect(eyepiece.button("Home")).to_be_visible()
    loaded = {name: (start_ms, size) for name, start_ms, size in reversed(page.evaluate(_LOADED))}
    first, second = page.evaluate(_STAGES)
    context.close()
    weight = sum(size for _, size in loaded.values())
    assert 20_000 < sum(loaded[name][1] for name in first) < _FIRST_STAGE_BYTES
    assert weight < _FIRST_LOAD_BYTES, loaded
    assert first_frame_ms < _FIRST_FRAME_MS
    modules = {name for name in loaded if name.endswith(".js") and not name.endswith(("/early.js", "-worker.js"))}
    assert modules == {*first, *second}, "what is imported is asked for at once, and nothing else"
    assert max(loaded[name][0] for name in first) < min(loaded[name][0] for name in second)
    assert eyepiece.errors == []


def test_picture_and_stop_come_first_and_the_rest_is_tried_until_it_is_there(
    browser: Browser, served: Served, http: httpx.Client
) -> None:
    context = browser.new_context(viewport={"width": 1024, "height": 768})
    eyepiece = Visit(context.new_page())
    page = eyepiece.page
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/stage-panel.js", hold)
    page.goto(served.url)
    eyepiece.wait_for_frames(5)
    dock, panel = page.locator("control-dock"), page.locator("stage-panel")
    room = dock.bounding_box()
    expect(panel).to_have_count(0)
    with ThreadPoolExecutor() as pool:
        going = pool.submit(http.post, "/api/stage/move", json={"x_um": 5000})
        moving(http)
        eyepiece.button("Stop").click()
        assert going.result().json()["type"] == "urn:eyepiece:device-stopped"

    late = page.get_by_role("alert").filter(has_text="could not be loaded yet")
    expect(late).to_have_count(0)
    held.pop().abort()
    expect(late.get_by_role("button", name="Reload the page")).to_be_visible()
    eyepiece.wait_for_frames(5)
    with eyepiece.expect_stop():
        page.keyboard.press("Escape")
    page.unroute("**/stage-panel.js")
    expect(eyepiece.button("Home")).to_be_visible()
    expect(late).to_have_count(0)
    assert dock.bounding_box() == room
    context.close()
    assert {*eyepiece.errors} <= {"Failed to load resource: net::ERR_FAILED"}


def test_nothing_jumps_from_the_first_paint_to_the_last_view(browser: Browser, served: Served) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    context.add_init_script(_WATCH)
    eyepiece = Visit(context.new_page())
    eyepiece.page.goto(served.url)
    eyepiece.wait_for_frames(10)
    for name in _VIEWS:
        _link(eyepiece, name).click()
        expect(eyepiece.page.get_by_role("heading", name=name, level=1)).to_be_visible()
    _link(eyepiece, "Eyepiece").click()
    eyepiece.wait_for_frames(10)
    shifts = eyepiece.page.evaluate("window.shifts")
    context.close()
    assert sum(shifts) < 0.02, shifts
    assert eyepiece.errors == []


@pytest.mark.parametrize(("width", "height"), [(320, 568), (568, 320), (2560, 1440)])
def test_every_view_fits_every_screen_with_the_stop_button(
    browser: Browser, served: Served, width: int, height: int
) -> None:
    with visit(browser, served.url, viewport={"width": width, "height": height}) as eyepiece:
        page = eyepiece.page
        for name in (None, *_VIEWS):
            if name:
                _link(eyepiece, name).click()
                expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
            expect(eyepiece.button("Stop")).to_be_in_viewport(ratio=1)
            eyepiece.button("Stop").click(trial=True)
            assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [
                width,
                height,
            ]
            wide = page.locator("main, control-dock .panels").evaluate_all(
                "boxes => boxes.map(box => box.scrollWidth - box.clientWidth)"
            )
            assert max(wide) <= 0, name
        assert eyepiece.errors == []


def test_another_view_takes_no_frames_and_keeps_the_connection(eyepiece: Visit, http: httpx.Client) -> None:
    eyepiece.wait_for_frames(1)
    sockets: list[str] = []
    eyepiece.page.on("websocket", lambda socket: sockets.append(socket.url))
    _link(eyepiece, "Settings").click()
    expect(eyepiece.page.locator("main")).to_be_focused()
    eyepiece.page.keyboard.press("ArrowRight")

    def nobody_watches() -> bool:
        viewers: list[Any] = http.get("/api/figures").json()["now"]["viewers"]
        return not viewers

    wait_until(nobody_watches, "the stream's end")
    assert http.get("/api/stage").json()["position"]["x_um"] == 0, "arrow keys are not the stage's here"
    with eyepiece.expect_stop():
        eyepiece.page.keyboard.press("Escape")
    eyepiece.page.go_back()
    expect(eyepiece.page.locator("control-dock .panels")).to_be_focused()
    eyepiece.wait_for_frames(5)
    assert sockets == []


def test_a_theme_is_kept_and_is_there_before_anything_is_painted(eyepiece: Visit) -> None:
    page = eyepiece.page
    page.goto(f"{page.url}#/settings")
    for name, theme in (("Light", "light"), ("Night", "night")):
        eyepiece.button(name).click()
        expect(eyepiece.button(name)).to_have_attribute("aria-pressed", "true")
        expect(page.locator(f"html[data-theme={theme}]")).to_have_count(1)
    ground = "getComputedStyle(document.body).backgroundColor"
    night = page.evaluate(ground)
    page.add_init_script(
        f"document.addEventListener('DOMContentLoaded', () => (window.firstGround = {ground}), {{ once: true }})"
    )
    page.reload()
    assert page.evaluate("window.firstGround") == night
    assert page.evaluate(f"document.querySelector('meta[name=theme-color]').content && {ground}") == night


def test_the_page_speaks_german_where_the_browser_does_and_english_when_told(browser: Browser, served: Served) -> None:
    context = browser.new_context(viewport={"width": 1024, "height": 768}, locale="de-DE")
    eyepiece = Visit(context.new_page())
    page = eyepiece.page
    page.goto(served.url)
    expect(page.get_by_text("Verbunden", exact=True)).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "de"
    page.goto(f"{served.url}/dashboard")
    expect(page.get_by_role("heading", name="Diagnose", level=1)).to_be_visible()
    expect(page.get_by_text("Im Verlauf")).to_be_visible()
    page.goto(f"{served.url}/#/settings")
    eyepiece.button("English").click()
    expect(page.get_by_role("heading", name="Settings", level=1)).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Settings", level=1)).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "en"
    expect(page.get_by_role("heading", name="Look")).to_be_visible()
    # The server only knew that the browser is German.
    _wait_for_words(page, ["de/page", "en/controls", "en/page", "en/settings"])
    page.goto(f"{served.url}/dashboard")
    expect(page.get_by_text("Over time")).to_be_visible()
    _wait_for_words(page, ["de/dashboard", "de/page", "en/dashboard", "en/page"])
    context.close()
    assert eyepiece.errors == []


def test_the_keyboard_reaches_everything_and_a_dialog_keeps_it(eyepiece: Visit, http: httpx.Client) -> None:
    page = eyepiece.page
    page.keyboard.press("Tab")
    assert _focused(page) == ("To the controls", True)
    page.keyboard.press("Enter")
    seen: list[str] = []
    while "Stop" not in seen:
        page.keyboard.press("Tab")
        name, is_shown = _focused(page)
        assert is_shown, f"the focus on {name} is not shown"
        assert len(seen) < 100, seen
        seen.append(name)
    assert {"Up", "Focus down", "Lamp: On", "Auto exposure", "Take a still", "Stage panel"} <= set(seen)

    eyepiece.button("Home").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    went = []
    for _ in range(4):
        went.append(_focused(page)[0])
        page.keyboard.press("Tab")
    assert went == ["Cancel", "Home"] * 2
    page.keyboard.press("ArrowRight")
    with eyepiece.expect_stop():
        page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert _focused(page)[0] == "Home"
    assert http.get("/api/stage").json()["position"]["x_um"] == 0

    # One that is open and hidden with its panel holds no keys.
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    eyepiece.button("Stage panel").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("Tab")
    assert _focused(page)[0] == "Lamp panel"
    page.keyboard.press("ArrowRight")
    wait_until(lambda: http.get("/api/stage").json()["position"]["x_um"] > 0, "the key's jog")

    # A panel that is opened comes into sight.
    eyepiece.button("Stage panel").click()
    measuring = eyepiece.button("Measure panel")
    while measuring.get_attribute("aria-expanded") == "true":
        measuring.click()
    page.locator("control-dock .panels").evaluate("panels => panels.scrollTo(0, 0)")
    measuring.click()
    expect(page.get_by_role("button", name="Add a ruler")).to_be_in_viewport()


def test_a_device_that_fails_says_what_to_do(browser: Browser, tmp_path: Path) -> None:
    rig = tmp_path / "rig.toml"
    port = "/dev/no-such-port"
    rig.write_text(f'[light]\ndriver = "simulated"\n[stage]\ndriver = "sangaboard"\nport = "{port}"\n')
    with serving(tmp_path / "data", "--config", str(rig)) as served, visit(browser, served.url) as eyepiece:
        card = eyepiece.page.get_by_role("region", name="The stage does not work")
        expect(card).to_contain_text("Check the plugs")
        expect(card).to_contain_text(port)
        card.get_by_role("button", name="Dismiss").click()
        expect(card).to_have_count(0)
        expect(eyepiece.page.get_by_text("fault", exact=True)).to_be_visible()
        assert eyepiece.errors == []


def test_what_it_is_made_of_is_told_with_licences(eyepiece: Visit) -> None:
    _link(eyepiece, "About").click()
    for library in ("fastapi", "lit", "socket.io-client"):
        row = eyepiece.page.get_by_role("row").filter(
            has=eyepiece.page.get_by_role("rowheader", name=library, exact=True)
        )
        expect(row).to_contain_text("MIT" if library != "lit" else "BSD-3-Clause")


def test_it_can_be_installed(eyepiece: Visit, http: httpx.Client) -> None:
    manifest = http.get("/page/manifest.webmanifest").json()
    for icon in manifest["icons"]:
        answer = http.get(icon["src"])
        assert answer.headers["content-type"] == icon["type"]
        if icon["type"] == "image/png":
            assert "x".join(map(str, Image.open(io.BytesIO(answer.content)).size)) == icon["sizes"]
    session = eyepiece.page.context.new_cdp_session(eyepiece.page)
    told = session.send("Page.getAppManifest")
    assert (told["errors"], manifest["start_url"]) == ([], "/")


class _Copy:
    """The program as it is in another version, served from a place of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("app", "hw"):
            shutil.copytree(
                ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "swagger*", "*.jpg")
            )
        (folder / "serve.py").write_text("import sys\nfrom app.__main__ import main\nsys.exit(main())\n")

    def change(self) -> None:
        with (self.folder / "app" / "page" / "tokens.css").open("a") as file:
            file.write("/* another version */\n")

    def serve(self, data: Path, port: int) -> Served:
        served = Served(data, port=port, program=(str(self.folder / "serve.py"), "--simulate"))
        served.wait_until_serving()
        return served


def _entry(page: Page) -> Locator:
    """What names the page's version in its address."""
    return page.locator("script[type=module]:not([async])")


def test_without_its_microscope_it_says_so_and_with_a_newer_one_it_is_new(browser: Browser, tmp_path: Path) -> None:
    copy = _Copy(tmp_path / "program")
    port = free_port()
    served = copy.serve(tmp_path / "first", port)
    context = browser.new_context(viewport={"width": 390, "height": 844})
    try:
        eyepiece = Visit(context.new_page())
        page = eyepiece.page
        page.goto(served.url)
        eyepiece.wait_for_frames(1)
        page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
        assert eyepiece.errors == []
        old = _entry(page).get_attribute("src") or ""
        assert old.startswith("/page/")
        assert served.stop() == 0
        expect(page.get_by_text("The connection is lost. Reconnecting…")).to_be_visible()
        page.reload()
        expect(page.get_by_text("Is it switched on, and is this device in its network?")).to_be_visible()
        expect(page.get_by_text("Not reachable", exact=True)).to_be_visible()
        expect(eyepiece.button("Stop")).to_be_enabled()
        expect(_entry(page)).to_have_attribute("src", old)
        kept = page.evaluate(
            "caches.keys().then(([name]) => caches.open(name)).then(cache => cache.keys())"
            ".then(requests => requests.map(({ url }) => new URL(url).pathname))"
        )
        assert all(path in ("/", "/dashboard") or path.startswith("/page/") for path in kept), kept

        copy.change()
        served = copy.serve(tmp_path / "next", port)
        expect(_entry(page)).not_to_have_attribute("src", old)
        eyepiece.wait_until_connected()
        eyepiece.wait_for_frames(1)
        assert served.stop() == 0
    finally:
        context.close()
        if served.process.poll() is None:
            served.process.kill()
            served.process.wait()
