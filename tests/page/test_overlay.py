"""What is drawn over the live picture, measured in it, and drawn into stills."""

import io
import math
import re
from collections.abc import Iterator
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, expect

from tests.conftest import wait_until
from tests.page.test_view import WHOLE, Look
from tests.page.touches import Fingers, Point
from tests.page.visit import Visit, visit
from tests.serving import Served


@pytest.fixture(scope="module")
def page_for_all(browser: Browser, served: Served) -> Iterator[Visit]:
    with visit(browser, served.url, has_touch=True) as eyepiece:
        yield eyepiece
        assert eyepiece.errors == []


@pytest.fixture
def look(page_for_all: Visit, http: httpx.Client) -> Iterator[Look]:
    look = Look(page_for_all, Fingers(page_for_all.page), http)
    page_for_all.wait_for_frames(1)
    page_for_all.page.keyboard.press("0")
    wait_until(lambda: look.keeper("region") == WHOLE and look.scale == 1, "the whole field")
    yield look
    while handles(look).count():
        handles(look).first.press("Delete")
    http.patch("/api/camera", json={"zoom": WHOLE}).raise_for_status()


def handles(look: Look) -> Locator:
    """The points of all measurements."""
    return look.visit.page.get_by_role("button", name=re.compile(r"point \d: "))


def middle(handle: Locator) -> Point:
    """Where a point is on the page."""
    box = handle.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def value(look: Look) -> float:
    """What the only measurement says, in micrometres or degrees."""
    told = look.visit.page.get_by_role("list", name="Measurements").locator("b").inner_text()
    number, unit = re.fullmatch(r"([\d.]+)( µm|°)", told).groups()  # type: ignore[union-attr]
    assert unit
    return float(number)


def measured(look: Look) -> float:
    """What the points of a ruler on the page are apart, in micrometres."""
    first, second = (middle(handles(look).nth(index)) for index in (0, 1))
    return look.um(math.dist(first, second))


def test_the_scale_bar_is_as_long_as_it_says(look: Look) -> None:
    layer = look.visit.page.locator("overlay-layer")
    for _ in range(2):
        told = layer.locator("text.bar").text_content() or ""
        px = layer.locator("path.bar").evaluate("bar => bar.getBBox().width")
        length = re.fullmatch(r"([125]0*) µm", told)
        assert length, told
        assert look.um(px) == pytest.approx(float(length[1]), rel=0.01)
        look.visit.page.keyboard.press("+")
    look.visit.button("Scale bar").click()
    expect(layer.locator(".bar")).to_have_count(0)
    look.visit.button("Scale bar").click()


def test_grid_and_crosshair_are_shown(look: Look) -> None:
    layer = look.visit.page.locator("overlay-layer")
    look.visit.button("Grid").click()
    expect(layer.get_by_text(re.compile("grid [125]0* µm"))).to_be_visible()
    look.visit.button("Crosshair").click()
    expect(layer.locator("path.thin")).to_have_count(2)
    look.visit.button("Grid").click()
    look.visit.button("Crosshair").click()
    expect(layer.locator("path.thin")).to_have_count(0)


def test_a_ruler_is_moved_by_mouse_finger_and_keys(look: Look) -> None:
    page = look.visit.page
    look.visit.button("Add a ruler").click()
    expect(handles(look)).to_have_count(2)
    assert value(look) == pytest.approx(measured(look), rel=0.02)
    end = handles(look).nth(1)
    x, y = middle(end)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 20, y + 60, steps=4)
    page.mouse.up()
    wait_until(lambda: middle(end) == pytest.approx((x - 20, y + 60), abs=1), "the end under the mouse")
    assert value(look) == pytest.approx(measured(look), rel=0.02)
    look.fingers.drag([(x - 20, y + 60)], [(x - 60, y + 20)])
    wait_until(lambda: middle(end) == pytest.approx((x - 60, y + 20), abs=1), "the end under the finger")
    assert value(look) == pytest.approx(measured(look), rel=0.02)
    before, stage = value(look), look.stage()
    end.press("ArrowLeft")
    end.press("Shift+ArrowLeft")
    wait_until(lambda: middle(end) == pytest.approx((x - 71, y + 20), abs=1), "the end by keys")
    assert value(look) < before
    assert look.stage() == stage
    # Its line moves all of it.
    first, second = middle(handles(look).nth(0)), middle(end)
    page.mouse.move((first[0] + second[0]) / 2, (first[1] + second[1]) / 2)
    page.mouse.down()
    page.mouse.move((first[0] + second[0]) / 2, (first[1] + second[1]) / 2 + 50, steps=3)
    page.mouse.up()
    wait_until(lambda: middle(end) == pytest.approx((second[0], second[1] + 50), abs=1), "the line")
    assert middle(handles(look).nth(0)) == pytest.approx((first[0], first[1] + 50), abs=1)
    end.press("Delete")
    expect(handles(look)).to_have_count(0)
    expect(page.locator("overlay-layer .rest")).to_be_focused()


def test_a_measurement_stays_on_the_specimen(look: Look) -> None:
    look.visit.button("Add a ruler").click()
    expect(handles(look)).to_have_count(2)
    told = value(look)
    before = middle(handles(look).nth(0))
    look.http.post("/api/stage/move", json={"x_um": 20, "y_um": -10}).raise_for_status()
    px = 1 / look.um(1)
    expected = (before[0] - 20 * px, before[1] + 10 * px)
    wait_until(lambda: middle(handles(look).nth(0)) == pytest.approx(expected, abs=2), "it to go with the specimen")
    x, y = look.at(0.5, 0.5)
    look.visit.page.mouse.move(x, y)
    look.visit.page.mouse.wheel(0, -900)
    wait_until(lambda: look.scale > 3, "the zoom")
    grown = (x + look.scale * (expected[0] - x), y + look.scale * (expected[1] - y))
    wait_until(lambda: middle(handles(look).nth(0)) == pytest.approx(grown, abs=3), "it to grow")
    look.wait_for_region()
    assert middle(handles(look).nth(0)) == pytest.approx(grown, abs=3)
    assert value(look) == told
    assert told == pytest.approx(measured(look), rel=0.02)


def test_several_measurements_are_listed_and_deleted(look: Look) -> None:
    look.visit.button("Add an angle").click()
    expect(handles(look)).to_have_count(3)
    corner = [middle(handles(look).nth(index)) for index in range(3)]
    arms = [math.atan2(y - corner[1][1], x - corner[1][0]) for x, y in (corner[0], corner[2])]
    assert value(look) == pytest.approx(math.degrees(abs(arms[0] - arms[1])), abs=0.3)
    look.visit.button("Add a ruler").click()
    expect(handles(look)).to_have_count(5)
    items = look.visit.page.get_by_role("list", name="Measurements").get_by_role("listitem")
    expect(items).to_have_count(2)
    items.get_by_role("button", name="Delete Angle 1").click()
    expect(items).to_have_count(1)
    expect(items.get_by_role("button", name="Delete Ruler 2")).to_be_focused()
    look.visit.button("Add a ruler").click()
    expect(items).to_have_count(2)
    before = [middle(handles(look).nth(index)) for index in range(4)]
    look.visit.page.reload()  # they are the tab's
    expect(items).to_have_count(2)
    expect(handles(look)).to_have_count(4)
    for index, point in enumerate(before):
        assert middle(handles(look).nth(index)) == pytest.approx(point, abs=1)
    look.visit.button("Delete all").click()
    expect(items).to_have_count(0)
    expect(look.visit.button("Scale bar")).to_be_focused()
    expect(handles(look)).to_have_count(0)


def without_scale(element: Locator, look: str) -> Any:
    """What an element shows through an objective that nobody has measured, until the next state comes.

    A simulated objective is as good as its name: there is none of that kind.
    """
    return element.evaluate(f"""async element => {{
      element.state = {{ ...element.state, optics: {{ objectives: [], objective: null }} }};
      await element.updateComplete;
      return {look};
    }}""")


def test_without_a_scale_nothing_is_measured_and_it_says_why(look: Look) -> None:
    page, stage = look.visit.page, look.stage()
    view = page.locator("live-view")
    centre = "[element.chart, element.centre({ x: element.clientWidth * 0.7, y: element.clientHeight / 2 })]"
    assert without_scale(view, centre)[0] is None
    expect(page.get_by_text("Nobody has measured how large a pixel is")).to_be_visible()
    assert look.stage() == stage
    panel = page.locator("measure-panel")
    usable = "[...element.renderRoot.querySelectorAll('button:enabled')].map((button) => button.innerText)"
    assert without_scale(panel, usable) == ["Crosshair"]
    assert "Lengths are unknown" in without_scale(panel, "element.renderRoot.querySelector('p')?.innerText")


def test_a_still_has_an_annotated_copy_when_asked(look: Look) -> None:
    look.visit.button("Add a ruler").click()
    expect(handles(look)).to_have_count(2)
    box = look.visit.page.get_by_role("checkbox", name="Save a copy of each still with this drawn in")
    box.check()
    with look.visit.page.expect_response("**/api/camera/still") as answer:
        look.visit.button("Take a still").click()
    record = answer.value.json()
    box.uncheck()
    [copy] = [image for image in look.http.get("/api/images").json()["images"] if image["annotates"] == record["id"]]
    plain, drawn = (
        np.asarray(Image.open(io.BytesIO(look.http.get(image["url"]).content)).convert("RGB"), np.int16)
        for image in (record, copy)
    )
    # The ruler lies across the middle, and the still shows the same place as the live picture.
    row = np.abs(drawn - plain).max(axis=2)[plain.shape[0] // 2]
    assert (row[1500:1780] > 40).mean() > 0.9
    assert (row[:100] > 40).mean() < 0.1
