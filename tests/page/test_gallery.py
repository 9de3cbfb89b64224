"""The gallery on a server with 5,000 pictures, and the capture panel."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, expect

from tests.app.albums import TINY_JPEG, write_many
from tests.conftest import PATIENCE_S, wait_until
from tests.page.visit import Visit, visit
from tests.serving import Served, serving

MANY = 5000
_HEARD = """() => {
  window.flights = [];
  const animate = Element.prototype.animate;
  Element.prototype.animate = function (frames, options) {
    window.flights.push(this.className || this.localName);
    return Reflect.apply(animate, this, [frames, options]);
  };
}"""
"""Has the page note what it moves."""
_SHARING = """
window.shared = [];
navigator.canShare = () => true;
navigator.share = async ({ files }) => { window.shared.push(...files); };
"""
"""A browser that shares, as those of tablets do."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data = tmp_path_factory.mktemp("gallery") / "data"
    write_many(data / "images", MANY, TINY_JPEG)
    with serving(data) as served:
        yield served


@pytest.fixture(scope="module")
def gallery(browser: Browser, served: Served) -> Iterator[Visit]:
    """One page for all of these tests, wide and with a mouse."""
    with visit(browser, served.url, accept_downloads=True) as gallery:
        yield gallery
        assert gallery.errors == []


@pytest.fixture
def api(served: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.url, timeout=PATIENCE_S) as client:
        yield client


@pytest.fixture(autouse=True)
def at_the_start(gallery: Visit) -> None:
    """Each test begins with all pictures, at the newest, none chosen."""
    gallery.page.goto(f"{gallery.page.url.split('#')[0]}#/")
    gallery.page.get_by_role("link", name="Gallery", exact=True).click()
    listbox(gallery).press("Escape")
    listbox(gallery).press("Home")
    expect(picture(gallery, 0)).to_be_visible()


def listbox(gallery: Visit) -> Locator:
    """The grid."""
    return gallery.page.get_by_role("listbox", name="Gallery")


def picture(gallery: Visit, place: int) -> Locator:
    """The cell of a place, where that is in the page; the newest has place 0."""
    return gallery.page.locator(f'[role=option][aria-posinset="{place + 1}"]')


def listed(api: httpx.Client, offset: int, limit: int = 1) -> list[dict[str, Any]]:
    """The facts of pictures."""
    images: list[dict[str, Any]] = api.get("/api/images", params={"offset": offset, "limit": limit}).json()["images"]
    return images


def total(api: httpx.Client) -> int:
    """How many pictures there are."""
    number: int = api.get("/api/images").json()["total"]
    return number


def test_a_grid_of_5000_has_few_cells_and_an_end(gallery: Visit, api: httpx.Client) -> None:
    count = total(api)
    expect(gallery.page.get_by_text(f"{count} pictures", exact=True)).to_be_visible()
    cells = gallery.page.get_by_role("option")
    expect(picture(gallery, 0).locator("img")).to_have_js_property("naturalWidth", 64)
    assert cells.count() < 100
    listbox(gallery).press("End")
    last = picture(gallery, count - 1)
    expect(last.locator("img")).to_have_js_property("naturalWidth", 64)
    expect(last).to_be_in_viewport()
    assert last.get_attribute("aria-setsize") == str(count)
    assert cells.count() < 100
    assert listbox(gallery).get_attribute("aria-activedescendant") == last.get_attribute("id")
    listbox(gallery).evaluate("list => list.scrollTo(0, list.scrollHeight / 2)")
    wait_until(lambda: cells.nth(5).locator("img").count(), "the pictures in the middle")
    assert cells.count() < 100


def test_pictures_are_chosen_downloaded_as_a_zip_deleted_and_brought_back(gallery: Visit, api: httpx.Client) -> None:
    page, count = gallery.page, total(api)
    listbox(gallery).press("Shift+ArrowRight")
    listbox(gallery).press("Shift+ArrowRight")
    expect(page.get_by_text("3 chosen")).to_be_visible()
    listbox(gallery).press("ArrowRight")
    listbox(gallery).press(" ")
    expect(page.get_by_text("4 chosen")).to_be_visible()
    assert picture(gallery, 3).get_attribute("aria-selected") == "true"
    names = [image["file_name"] for image in listed(api, 0, 4)]
    with page.expect_download() as download:
        gallery.button("Download as zip").click()
    assert download.value.suggested_filename.startswith("pictures-")
    with zipfile.ZipFile(download.value.path()) as archive:
        assert archive.namelist() == ["pictures.json", *names]
        assert json.loads(archive.read("pictures.json"))[0]["name"] == names[0]
        assert archive.testzip() is None
    gallery.button("Delete").click()
    expect(page.get_by_text("4 pictures deleted.")).to_be_visible()
    expect(listbox(gallery)).to_be_focused()
    expect(page.get_by_text(f"{count - 4} pictures", exact=True)).to_be_visible()
    assert total(api) == count - 4
    gallery.button("Undo").click()
    expect(page.get_by_text(f"{count} pictures", exact=True)).to_be_visible()
    expect(listbox(gallery)).to_be_focused()
    assert [image["file_name"] for image in listed(api, 0, 4)] == names


def test_all_are_chosen_by_a_key_and_none_by_another(gallery: Visit, api: httpx.Client) -> None:
    listbox(gallery).press("Control+a")
    expect(gallery.page.get_by_text(f"{total(api)} chosen")).to_be_visible()
    listbox(gallery).press("Escape")
    expect(gallery.page.get_by_text("chosen")).to_have_count(0)


def test_a_mouse_chooses_by_the_corner_and_a_row_with_shift(gallery: Visit) -> None:
    picture(gallery, 1).click(position={"x": 12, "y": 12})
    expect(gallery.page.get_by_text("1 chosen")).to_be_visible()
    picture(gallery, 5).click(modifiers=["Shift"])
    expect(gallery.page.get_by_text("5 chosen")).to_be_visible()
    picture(gallery, 3).click()
    expect(gallery.page.get_by_text("4 chosen")).to_be_visible()
    gallery.button("Choose none").click()
    expect(gallery.page.get_by_text("chosen")).to_have_count(0)


def test_a_picture_is_looked_at_named_noted_and_downloaded(gallery: Visit, api: httpx.Client) -> None:
    page = gallery.page
    (image,) = listed(api, 2)
    listbox(gallery).press("ArrowRight")
    listbox(gallery).press("ArrowRight")
    listbox(gallery).press("Enter")
    pane = page.locator("picture-pane img.there")
    expect(pane).to_be_visible()
    assert page.url.endswith(f"#/gallery/{image['id']}")
    gallery.button("Name, note and facts").click()
    for fact in ("64 \u00d7 48", "5.00 ms", "2.0\u00d7", "10x", "1.0; 2.0; 3.0 µm", image["file_name"]):
        expect(page.locator("picture-facts")).to_contain_text(fact)
    page.get_by_label("Name", exact=True).fill("Blütenstaub 1")
    page.get_by_label("Name", exact=True).press("Enter")
    page.get_by_label("Note", exact=True).fill("from the sill,\ndry")
    gallery.button("Next picture").click()
    expect(page.get_by_text("4 / ")).to_be_visible()
    wait_until(lambda: listed(api, 2)[0]["note"], "the note")
    assert (listed(api, 2)[0]["title"], listed(api, 2)[0]["note"]) == ("Blütenstaub 1", "from the sill,\ndry")
    assert page.get_by_label("Name", exact=True).input_value() == ""
    gallery.button("Previous picture").click()
    expect(page.get_by_role("heading", name="Blütenstaub 1")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "Blütenstaub 1.jpg"
    with Image.open(download.value.path()) as opened:
        assert opened.size == (64, 48)
    # Somebody else names it: it is seen here.
    api.patch(image["url"], json={"title": "Pollen", "note": ""}).raise_for_status()
    expect(page.get_by_role("heading", name="Pollen")).to_be_visible()
    api.patch(image["url"], json={"title": ""}).raise_for_status()
    gallery.button("Back to all pictures").click()
    expect(page.locator("picture-viewer")).to_have_count(0)
    expect(picture(gallery, 2)).to_be_in_viewport()


def test_a_picture_is_looked_at_closely(gallery: Visit) -> None:
    page = gallery.page
    picture(gallery, 0).click()
    pane = page.locator("picture-pane")
    whole = pane.locator("img.there")
    expect(whole).to_be_visible()

    def width() -> float:
        box = whole.bounding_box()
        assert box
        return box["width"]

    fitted = width()
    pane.hover(position={"x": 100, "y": 100})
    page.mouse.wheel(0, -600)
    wait_until(lambda: width() > 1.5 * fitted, "the wheel's zoom")
    page.keyboard.press("0")
    wait_until(lambda: width() == fitted, "the fitted picture")
    page.keyboard.press("+")
    wait_until(lambda: width() > 1.4 * fitted, "the key's zoom")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("2 / ")).to_be_visible()
    wait_until(lambda: width() == fitted, "the next picture, fitted")
    page.keyboard.press("Escape")
    expect(page.locator("picture-viewer")).to_have_count(0)


def test_a_picture_that_is_deleted_gives_way_to_the_next_and_comes_back(gallery: Visit, api: httpx.Client) -> None:
    page = gallery.page
    images = listed(api, 0, 3)
    picture(gallery, 1).click()
    expect(page.get_by_text("2 / ")).to_be_visible()
    page.keyboard.press("Delete")
    page.wait_for_url(f"**/gallery/{images[2]['id']}")
    gallery.button("Undo").click()
    expect(page.get_by_text("3 / ")).to_be_visible()
    assert listed(api, 0, 3) == images
    page.go_back()
    expect(page.locator("picture-viewer")).to_have_count(0)


def test_a_picture_that_moves_far_in_the_list_is_not_left(gallery: Visit, api: httpx.Client) -> None:
    page = gallery.page
    (image,) = listed(api, 2530)
    page.goto(f"{page.url.split('#')[0]}#/gallery/{image['id']}")
    expect(page.get_by_text("2531 / ")).to_be_visible()
    gallery.button("Name, note and facts").click()
    page.get_by_label("Note", exact=True).press_sequentially("half a wo")
    others = [other["id"] for other in listed(api, 300, 40)]  # of which nothing is on the screen
    api.post("/api/images/delete", json={"ids": others}).raise_for_status()
    expect(page.get_by_text("2491 / ")).to_be_visible()
    api.post("/api/images/restore", json={"ids": others}).raise_for_status()
    expect(page.get_by_text("2531 / ")).to_be_visible()
    assert page.url.endswith(image["id"])
    page.get_by_label("Note", exact=True).press_sequentially("rd")
    gallery.button("Back to all pictures").click()
    expect(page.locator("picture-viewer")).to_have_count(0)
    wait_until(lambda: listed(api, 2530)[0]["note"] == "half a word", "the note")


def test_an_address_of_a_picture_far_down_is_found_and_an_unknown_one_said(gallery: Visit, api: httpx.Client) -> None:
    page = gallery.page
    (image,) = listed(api, 2500)
    base = page.url.split("#")[0]
    page.goto(f"{base}#/gallery/{image['id']}")
    expect(page.get_by_text("2501 / ")).to_be_visible()
    # From one picture straight to another that is not there.
    with page.expect_response("**/api/images?around=**") as answer:
        page.goto(f"{base}#/gallery/20200101-000000-000-abcdef")
    assert answer.value.status == 404
    expect(page.get_by_text("This picture is not there (any more).")).to_be_visible()
    gallery.errors[:] = [error for error in gallery.errors if "status of 404" not in error]
    gallery.button("Back to all pictures").click()
    dismiss = gallery.button("Dismiss")
    while dismiss.count():
        dismiss.first.click()


def test_the_trash_is_emptied(gallery: Visit, api: httpx.Client) -> None:
    count = total(api)
    listbox(gallery).press("End")
    expect(picture(gallery, count - 1).locator("img")).to_have_js_property("naturalWidth", 64)
    listbox(gallery).press("Delete")
    expect(gallery.page.get_by_text("One deleted picture can be brought back")).to_be_visible()
    gallery.button("Delete for good").click()
    expect(gallery.page.get_by_text("can be brought back")).to_have_count(0)
    assert api.get("/api/images/trash").json() == []


def test_a_still_is_seen_to_fly_into_the_tray_and_leads_to_itself(gallery: Visit, api: httpx.Client) -> None:
    page = gallery.page
    page.get_by_role("link", name="Eyepiece").click()
    page.evaluate(_HEARD)
    gallery.button("TIFF").click()
    gallery.button("Take a still").click()
    expect(page.get_by_text("Stored.", exact=True)).to_be_visible()
    wait_until(lambda: page.evaluate("window.flights") == ["div", "flying"], "flash and flight")
    expect(page.locator(".flying")).to_have_count(0)
    (image,) = listed(api, 0)
    assert image["media_type"] == "image/tiff"
    newest = page.get_by_role("list", name="Last stills").get_by_role("link").first
    expect(newest.get_by_role("img")).to_have_js_property("naturalWidth", 320)
    newest.click()
    expect(page.locator("picture-pane img.there")).to_have_js_property("naturalWidth", 2048)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    with Image.open(Path(download.value.path())) as opened:
        assert (opened.format, opened.size) == ("TIFF", (3280, 2464))


def test_on_a_phone_without_motion_a_finger_chooses_and_turns_pictures(browser: Browser, served: Served) -> None:
    phone: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    with visit(browser, served.url, script=_SHARING, reduced_motion="reduce", **phone) as gallery:
        page = gallery.page
        page.evaluate(_HEARD)
        gallery.button("Capture panel").tap()
        gallery.button("Take a still").tap()
        expect(page.get_by_text("Stored.", exact=True)).to_be_visible()
        assert page.evaluate("window.flights") == []
        page.get_by_role("link", name="Gallery", exact=True).tap()
        expect(picture(gallery, 0).locator("img")).to_have_js_property("naturalWidth", 320)
        first = picture(gallery, 0)
        first.dispatch_event("pointerdown", {"pointerType": "touch", "isPrimary": True, "clientX": 50, "clientY": 200})
        expect(page.get_by_text("1 chosen")).to_be_visible()
        first.dispatch_event("pointerup", {"pointerType": "touch"})
        picture(gallery, 1).tap()
        expect(page.get_by_text("2 chosen")).to_be_visible()
        gallery.button("Choose none").tap()
        picture(gallery, 0).tap()
        expect(page.get_by_text("1 / ")).to_be_visible()
        pane = page.locator("picture-pane")
        for kind, x in (("down", 300), ("move", 200), ("move", 100), ("up", 100)):
            event = {"pointerType": "touch", "pointerId": 1, "clientX": x, "clientY": 300, "button": 0}
            pane.evaluate(
                """(pane, [kind, event]) => {
                  pane.setPointerCapture = () => {}; // there is no finger to capture
                  pane.dispatchEvent(new PointerEvent(`pointer${kind}`, event));
                }""",
                [kind, event],
            )
        expect(page.get_by_text("2 / ")).to_be_visible()
        gallery.button("Share").tap()
        wait_until(lambda: page.evaluate("window.shared.length"), "the picture that is shared")
        assert page.evaluate("window.shared.map(({ type, size }) => [type, size > 100])") == [["image/jpeg", True]]
        expect(gallery.button("Share")).to_be_enabled()
        assert gallery.errors == []
