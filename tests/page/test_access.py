"""The way in, and what people of each role see; and that the page does nothing that its own policy forbids."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.app.albums import TINY_JPEG, write_many
from tests.page.visit import Visit
from tests.server.people import console_link, console_pin
from tests.serving import Served, serving

PICTURES = 250


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data = tmp_path_factory.mktemp("paired") / "data"
    # More than a page of the list: the oldest is not there by chance.
    write_many(data / "images", PICTURES, TINY_JPEG)
    with serving(data, "--simulate", "--log-level", "info", auth=True) as served:
        yield served


@contextmanager
def looking(browser: Browser, address: str, **options: Any) -> Iterator[Visit]:
    """Somebody who opens an address; the page may do nothing that its policy forbids."""
    context = browser.new_context(**{"viewport": {"width": 1024, "height": 768}, **options})
    context.add_init_script(
        "window.forbidden = [];"
        "document.addEventListener('securitypolicyviolation',"
        " (event) => forbidden.push(event.violatedDirective + event.blockedURI));"
    )
    try:
        visit = Visit(context.new_page())
        visit.page.goto(address)
        yield visit
        assert visit.page.evaluate("window.forbidden") == []
        assert visit.errors == []
    finally:
        context.close()


def opens_a_picture(browser: Browser, served: Served, pin: str) -> None:
    """Somebody who follows a link to a picture, and has to pair first, sees that picture then."""
    oldest = min(path.stem for path in (served.data / "images").glob("*.jpg"))
    with looking(browser, f"{served.url}/#/gallery/{oldest}") as eve:
        expect(eve.page.get_by_role("heading", name="Pair with the microscope")).to_be_visible()
        eve.page.get_by_label("PIN", exact=True).fill(pin)
        expect(eve.page.locator("message-list li")).to_have_count(0)
        eve.button("Pair").click()
        expect(eve.page.get_by_text(f"{PICTURES} / {PICTURES}")).to_be_visible()


def test_from_the_consoles_pin_to_a_class_that_looks(browser: Browser, served: Served) -> None:
    pin = console_pin(served)
    with looking(browser, served.url) as ada:
        expect(ada.page.get_by_role("heading", name="Pair with the microscope")).to_be_visible()
        pair = ada.button("Pair")
        expect(pair).to_be_disabled()
        # What is typed with a blank, or more than digits, is understood.
        field = ada.page.get_by_label("PIN", exact=True)
        field.press_sequentially(f"{(int(pin) + 1) % 10**8:08d}x")
        pair.click()
        expect(ada.page.locator("pair-view").get_by_role("alert")).to_contain_text("This PIN is not valid")
        field.fill(f"{pin[:4]} {pin[4:]}")
        ada.page.get_by_label("Name of this device").fill("Ada's tablet")
        pair.click()
        ada.wait_until_connected()
        ada.wait_for_frames(2)
        expect(ada.button("Right")).to_be_enabled()
        # The focus goes on to the controls, without a ring around half of the screen.
        panels = ada.page.locator("control-dock .panels")
        expect(panels).to_be_focused()
        expect(panels).to_have_css("outline-style", "none")
        ada.page.keyboard.press("Tab")
        expect(ada.page.get_by_role("combobox", name="Objective")).to_be_focused()

        # An invitation, and one who opens its link.
        ada.page.get_by_role("link", name="Settings").click()
        expect(ada.page.get_by_text("You are Ada's tablet, owner.")).to_be_visible()
        ada.page.get_by_role("group", name="Role").first.get_by_role("button", name="viewer").click()
        ada.button("Up to 40 devices").click()
        ada.button("Make an invitation").click()
        link = ada.page.locator(".link").inner_text()
        assert re.fullmatch(rf"{served.url}/#/pair/[\w-]+", link)
        code = ada.page.get_by_role("img", name="QR code of")
        assert code.evaluate("image => image.complete && image.naturalWidth > 100")
        opens_a_picture(browser, served, ada.page.locator(".invitation .secret").inner_text())
        with looking(browser, link, viewport={"width": 412, "height": 732}) as bob:
            bob.wait_until_connected()
            bob.wait_for_frames(1)
            assert bob.page.url == f"{served.url}/#/", "the code is not in the history"
            expect(bob.page.get_by_text("view only").first).to_be_visible()
            expect(bob.button("Right")).to_be_disabled()
            expect(bob.button("Stop")).to_be_enabled()
            bob.page.goto(f"{served.url}/#/settings")
            expect(bob.page.get_by_text("Owners alone see and change this.")).to_have_count(2)  # objectives, upkeep
            expect(bob.button("Make an invitation")).to_have_count(0)
            bob.page.goto(f"{served.url}/#/")
            # Promoted, he drives; sent away, he has to pair.
            ada.page.reload()
            ada.page.get_by_label("Role of viewer").select_option("operator")
            expect(bob.button("Right")).to_be_enabled()
            ada.button("End viewer").click()
            ada.page.get_by_role("dialog").get_by_role("button", name="End").click()
            expect(bob.page.get_by_role("heading", name="Pair with the microscope")).to_be_visible()

        # Tokens are shown once.
        ada.page.get_by_label("What it is for").fill("scan")
        ada.button("Make a token").click()
        expect(ada.page.get_by_text(re.compile(r"^eyp_[\w-]{43}$"))).to_be_visible()
        ada.button("Hide").click()
        expect(ada.page.get_by_text(re.compile("^eyp_"))).to_have_count(0)
        expect(ada.page.get_by_text("scan")).to_be_visible()
        for path in ("/#/gallery", "/#/about", "/dashboard", "/docs"):
            ada.page.goto(f"{served.url}{path}")
            ada.page.wait_for_load_state("networkidle" if path == "/docs" else "load")
            assert ada.page.evaluate("window.forbidden") == []
        expect(ada.page.get_by_role("link", name="/api/stage/move", exact=True)).to_be_visible()


def test_a_used_link_says_so(browser: Browser, served: Served) -> None:
    with looking(browser, console_link(served)[0]) as late:
        expect(late.page.locator("pair-view").get_by_role("alert")).to_contain_text("This link is not valid")
        assert late.page.url == f"{served.url}/#/"
