"""The page for everybody: by axe, by keyboard, by screen reader, by finger, and for who bears no motion."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import wait_until
from tests.page.visit import Visit, visit
from tests.server.people import console_pin, pair, somebody
from tests.serving import ROOT, Served, serving

_AXE = (ROOT / "tests" / "node_modules" / "axe-core" / "axe.min.js").read_text()
_WALK = (Path(__file__).parent / "walk.js").read_text()
_PHONE, _DESKTOP = (390, 844), (1920, 1080)
_TOUCH_PX = 44
_VIEWS = ("gallery", "settings", "about")
_ALL = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
_CONTRAST = {"type": "rule", "values": ["color-contrast"]}
_RUN = """async (only) => {
  const { violations } = await axe.run(document, { runOnly: only, resultTypes: ['violations'] });
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target}: ${node.failureSummary}`));
}"""


def _walk(page: Page, what: str) -> Any:
    return page.evaluate(f"{_WALK}.{what}")


def _axe(page: Page) -> list[str]:
    """What axe finds: against all of WCAG 2.2 AA in the first theme, and against the contrast of the others."""
    found = []
    for theme, rules in (("dark", _ALL), ("night", _CONTRAST), ("light", _CONTRAST)):
        page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        found += [f"{theme}: {violation}" for violation in page.evaluate(_RUN, rules)]
    return found


def _everywhere(page: Page, url: str, look: Callable[[Page], list[str]]) -> dict[str, list[str]]:
    """Look at every panel, the dialog, every view and the dashboard; returns what was found, by the place."""
    found = {}
    page.goto(f"{url}/#/")
    tabs = page.locator("control-dock .tabs button")
    found["at first"] = look(page)
    expect(page.locator("control-dock .panels[aria-busy=false]")).to_have_count(1)
    for tab in tabs.all():
        if tab.get_attribute("aria-expanded") != "true":
            tab.click()
        for more in page.locator("control-dock .panels [aria-expanded=false]:visible").all():
            more.click()
        found[f"panel {tab.get_attribute('aria-label')}"] = look(page)
    tabs.first.click()
    for view in _VIEWS:
        page.goto(f"{url}/#/{view}")
        expect(page.locator("main :is(h1, h2)").first).to_be_visible()
        found[view] = look(page)
    page.goto(f"{url}/dashboard")
    expect(page.get_by_role("heading").first).to_be_visible()
    found["dashboard"] = look(page)
    return {place: findings for place, findings in found.items() if findings}


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(("width", "height"), [_PHONE, _DESKTOP])
def test_axe_finds_nothing_in_any_view_and_theme(
    browser: Browser, served: Served, language: str, width: int, height: int
) -> None:
    # axe itself breaks the page's policy: it copies elements that carry styles.
    options: dict[str, Any] = {"viewport": {"width": width, "height": height}, "bypass_csp": True}
    with visit(browser, served.url, **options) as eyepiece:
        page = eyepiece.page
        page.context.add_init_script(_AXE)
        page.context.add_init_script(f"localStorage.setItem('eyepiece.language', '{language}')")
        page.reload()
        expect(page.locator(f"html[lang={language}]")).to_have_count(1)
        found = _everywhere(page, served.url, _axe)
        assert found == {}, json.dumps(found, indent=1)
        assert eyepiece.errors == []


def test_axe_finds_nothing_in_a_dialog_a_message_and_what_is_there_only_with_content(
    eyepiece: Visit, http: httpx.Client
) -> None:
    page = eyepiece.page
    page.context.add_init_script(_AXE)
    page.reload()
    http.post("/api/stage/move", json={"z_um": 1000}).raise_for_status()
    eyepiece.button("Focus up").click()
    expect(page.get_by_text("at its limit").first).to_be_visible()
    eyepiece.button("Home").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert _axe(page) == []

    page.keyboard.press("Escape")
    http.post("/api/places", json={"name": "Gland"}).raise_for_status()
    http.post("/api/camera/still", json={}).raise_for_status()
    faces = page.get_by_role("group", name="Ways to move")
    faces.get_by_role("button", name="Map").click()
    expect(page.locator("stage-map")).to_be_visible()
    found = {"map": _axe(page)}
    faces.get_by_role("button", name="Places").click()
    eyepiece.button("Rename Gland").click()
    found["places"] = _axe(page)
    page.get_by_role("link", name="Gallery", exact=True).click()
    page.get_by_role("listbox").press("Control+a")
    expect(page.get_by_text("1 chosen")).to_be_visible()
    found["gallery"] = _axe(page)
    page.get_by_role("listbox").press("Enter")
    eyepiece.button("Name, note and facts").click()
    expect(page.locator("picture-facts")).to_contain_text("simulated")
    found["viewer"] = _axe(page)
    assert not any(found.values()), json.dumps(found, indent=1)


def test_axe_finds_nothing_before_pairing_nor_in_what_owners_see_nor_in_a_fault(
    browser: Browser, tmp_path: Path
) -> None:
    rig = tmp_path / "rig.toml"
    rig.write_text('[light]\ndriver = "simulated"\n[stage]\ndriver = "sangaboard"\nport = "/dev/no-such-port"\n')
    with serving(tmp_path / "data", "--config", str(rig), auth=True) as served:
        context = browser.new_context(bypass_csp=True)
        context.add_init_script(_AXE)
        eyepiece = Visit(context.new_page())
        page = eyepiece.page
        page.goto(served.url)
        expect(page.get_by_role("heading", name="Pair with the microscope")).to_be_visible()
        found = {"pairing": _axe(page)}
        page.get_by_label("PIN", exact=True).fill(console_pin(served))
        eyepiece.button("Pair").click()
        expect(page.get_by_role("region", name="The stage does not work")).to_be_visible()
        found["fault"] = _axe(page)
        page.goto(f"{served.url}/#/settings")
        eyepiece.button("Make an invitation").click()
        expect(page.get_by_role("img", name="QR code of")).to_be_visible()
        with somebody(served) as bob:
            pair(bob, page.locator(".invitation .secret").inner_text(), "Bob")
        page.get_by_label("What it is for").fill("scan")
        eyepiece.button("Make a token").click()
        expect(eyepiece.button("End scan")).to_be_visible()
        found["people"] = _axe(page)
        page.evaluate("localStorage.setItem('eyepiece.language', 'de')")
        page.reload()
        expect(page.get_by_label("Rolle von Bob")).to_be_visible()
        found["people, German"] = _axe(page)
        page.goto(f"{served.url}/#/")
        expect(page.get_by_text("Der Anschluss von Sangaboard lässt sich nicht öffnen: ")).to_be_visible()
        found["fault, German"] = _axe(page)
        context.close()
    assert not any(found.values()), json.dumps(found, indent=1)


def test_axe_finds_nothing_where_the_rig_file_is_wrong(browser: Browser, tmp_path: Path) -> None:
    rig = tmp_path / "rig.toml"
    rig.write_text('[light]\ndriver = "pwm"\npin = 99\n[camera]\ndriver = "simulatd"\n')
    with (
        serving(tmp_path / "data", "--config", str(rig)) as served,
        visit(browser, served.url, bypass_csp=True) as eyepiece,
    ):
        page = eyepiece.page
        page.context.add_init_script(_AXE)
        page.evaluate("localStorage.setItem('eyepiece.language', 'de')")
        page.reload()
        errors = page.locator("rig-errors li")
        expect(errors.first).to_contain_text("light.pin: darf höchstens 27 sein")
        expect(errors.last).to_contain_text("camera.driver: muss eines von 'simulated', ")
        found = {}
        for width, height in (_PHONE, _DESKTOP):
            page.set_viewport_size({"width": width, "height": height})
            found[width] = _axe(page)
        assert not any(found.values()), json.dumps(found, indent=1)


def test_fingers_find_every_control(browser: Browser, served: Served) -> None:
    """44 pixels are what thumbs need; WCAG asks for 24."""
    width, height = _PHONE
    phone: dict[str, Any] = {"viewport": {"width": width, "height": height}, "has_touch": True, "is_mobile": True}
    with visit(browser, served.url, **phone) as eyepiece:
        found = _everywhere(eyepiece.page, served.url, lambda page: _walk(page, f"smallerThan({_TOUCH_PX})"))
        assert found == {}, json.dumps(found, indent=1)


def test_who_bears_no_motion_is_shown_none(browser: Browser, served: Served) -> None:
    with visit(browser, served.url, reduced_motion="reduce") as eyepiece:
        found = _everywhere(eyepiece.page, served.url, lambda page: _walk(page, "moving()"))
        assert found == {}, json.dumps(found, indent=1)


@pytest.mark.parametrize("view", ["", *_VIEWS])
def test_the_tab_key_comes_to_every_control_in_order(eyepiece: Visit, served: Served, view: str) -> None:
    page = eyepiece.page
    page.goto(f"{served.url}/#/{view}")
    page.reload()
    eyepiece.wait_until_connected()
    if not view:
        eyepiece.wait_for_frames(1)
    names = wait_until(lambda: _walk(page, "order()"), "controls")
    went: list[int] = []
    for _ in range(len(names) + 2):  # past the end, the browser itself has the focus once
        page.keyboard.press("Tab")
        if (at := _walk(page, "focus()")) is None:
            continue
        assert at["outlined"], f"the focus on {at['name']} cannot be seen"
        assert at["inside"], f"{at['name']} has the focus outside of the screen"
        went.append(at["number"])
    first = went[0]
    round_trip = [*range(first, len(names)), *range(first)]
    assert [names[n] for n in went[: len(names)]] == [names[n] for n in round_trip]


def test_errors_are_read_out(eyepiece: Visit, http: httpx.Client) -> None:
    http.post("/api/stage/move", json={"z_um": 1000}).raise_for_status()
    eyepiece.button("Focus up").click()
    wait_until(lambda: any("at its limit" in text for text in _walk(eyepiece.page, "live()")), "the reason")
