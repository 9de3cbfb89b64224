"""Stills from the page."""

import io
from pathlib import Path

import httpx
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.page.visit import Visit


@pytest.fixture(autouse=True)
def no_stills(http: httpx.Client) -> None:
    for image in http.get("/api/images").json():
        http.delete(image["url"]).raise_for_status()


def test_a_still_appears_and_its_link_downloads_it(eyepiece: Visit) -> None:
    eyepiece.button("Take a still").click()
    link = eyepiece.page.locator("capture-panel a")
    expect(link.get_by_role("img")).to_have_js_property("complete", True)
    assert link.get_by_role("img").evaluate("image => image.naturalWidth") > 0
    with eyepiece.page.expect_download() as download:
        link.click()
    path = Path(download.value.path())
    assert download.value.suggested_filename.endswith(".jpg")
    with Image.open(io.BytesIO(path.read_bytes())) as image:
        assert (image.format, image.size) == ("JPEG", (3280, 2464))


def test_a_tiff_is_a_link_without_a_picture(eyepiece: Visit) -> None:
    eyepiece.button("TIFF").click()
    eyepiece.button("Take a still").click()
    link = eyepiece.page.locator("capture-panel a")
    expect(link).to_contain_text("TIFF")
    expect(link.get_by_role("img")).to_have_count(0)
    with eyepiece.page.expect_download() as download:
        link.click()
    with Image.open(download.value.path()) as image:
        assert (image.format, image.size) == ("TIFF", (3280, 2464))


def test_the_last_stills_are_there_after_a_reload(eyepiece: Visit, http: httpx.Client) -> None:
    taken = [http.post("/api/camera/still", json={"format": "jpeg"}).json()["url"] for _ in range(5)]
    eyepiece.page.reload()
    links = eyepiece.page.locator("capture-panel a")
    expect(links).to_have_count(4)
    assert [link.get_attribute("href") for link in links.all()] == taken[:0:-1]
