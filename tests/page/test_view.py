"""How the live picture is looked at: zoomed, panned, and brought to the middle."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, FloatRect, expect

from tests.conftest import wait_until
from tests.page.touches import Fingers, Point
from tests.page.visit import Visit, visit
from tests.serving import Served

WHOLE = {"x": 0, "y": 0, "size": 1}
STREAM_PX = 1280
UM_PER_PX = 0.25
"""Of the simulated microscope's stream."""


@dataclass
class Look:
    """The live view of one page, and the microscope behind it."""

    visit: Visit
    fingers: Fingers
    http: httpx.Client

    @property
    def box(self) -> FloatRect:
        """The picture's pane on the page."""
        box = self.visit.page.locator("live-view").bounding_box()
        assert box
        return box

    def at(self, across: float, down: float) -> Point:
        """A point of the pane, by fractions of its size, on the page."""
        box = self.box
        return box["x"] + across * box["width"], box["y"] + down * box["height"]

    def keeper(self, what: str) -> Any:
        """Something that the view keeps: its view, the camera's region."""
        return json.loads(
            self.visit.page.locator("live-view").evaluate(f"view => JSON.stringify(view.keeper.{what} ?? null)")
        )

    @property
    def scale(self) -> float:
        """How much larger than fitted the field is shown."""
        return float(self.keeper("view.scale"))

    def place(self, across: float, down: float) -> Point:
        """What place of the field is seen at a point of the pane."""
        view, pane = self.keeper("view"), self.keeper("pane")
        width = min(pane["width"], pane["height"] * pane["aspect"]) * view["scale"]
        x = view["x"] + (across - 0.5) * pane["width"] / width
        y = view["y"] + (down - 0.5) * pane["height"] / width * pane["aspect"]
        return x, y

    def um(self, px: float) -> float:
        """So many pixels of the page, on the specimen."""
        pane = self.keeper("pane")
        fitted: float = min(pane["width"], pane["height"] * pane["aspect"])
        return px * STREAM_PX * UM_PER_PX / (fitted * self.scale)

    def camera(self) -> Any:
        """What part of its field the camera shows."""
        return self.http.get("/api/camera").json()["settings"]["zoom"]

    def stage(self) -> Any:
        """Where the stage is."""
        return self.http.get("/api/stage").json()["position"]

    def wait_for_region(self) -> None:
        """Wait until pictures of a part of the field are painted, the one that the camera was told."""
        wait_until(lambda: self.keeper("region") == self.camera() != WHOLE, "pictures of the region")
        self.visit.wait_for_frames(2)

    def seen(self) -> NDArray[np.float64]:
        """The picture as it is on the screen, coarse and without noise, of shape (24, 32, 3)."""
        picture = Image.open(io.BytesIO(self.visit.page.screenshot(clip=self.middle())))
        return np.asarray(picture.convert("RGB").resize((32, 24), Image.Resampling.BOX), np.float64)

    def middle(self) -> FloatRect:
        """The part of the pane over which nothing lies."""
        box = self.box
        return {
            "x": box["x"] + 0.25 * box["width"],
            "y": box["y"] + 0.3 * box["height"],
            "width": box["width"] / 2,
            "height": 0.4 * box["height"],
        }


@pytest.fixture(scope="module")
def page_for_all(browser: Browser, served: Served) -> Iterator[Visit]:
    with visit(browser, served.url, has_touch=True) as eyepiece:
        yield eyepiece
        assert eyepiece.errors == []


@pytest.fixture
def look(page_for_all: Visit, http: httpx.Client) -> Iterator[Look]:
    http.patch("/api/camera", json={"zoom": WHOLE}).raise_for_status()
    look = Look(page_for_all, Fingers(page_for_all.page), http)
    page_for_all.page.keyboard.press("0")
    wait_until(lambda: look.keeper("region") == WHOLE and look.scale == 1, "the whole field")
    yield look
    http.patch("/api/camera", json={"zoom": WHOLE}).raise_for_status()


def test_pictures_are_decoded_off_the_main_thread(look: Look) -> None:
    view = look.visit.page.locator("live-view")
    wait_until(lambda: view.evaluate("view => view.decoder.place") == "worker", "the worker")
    look.visit.wait_for_frames(3)


def test_a_browser_without_workers_shows_pictures_all_the_same(browser: Browser, served: Served) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script("delete window.Worker")
    page.goto(served.url)
    plain = Visit(page)
    plain.wait_for_frames(3)
    assert page.locator("live-view").evaluate("view => view.decoder.place") == "page"
    context.close()


def test_the_wheel_zooms_around_the_pointer_and_the_camera_follows_without_a_jump(look: Look) -> None:
    page = look.visit.page
    place = look.place(0.6, 0.45)
    page.mouse.move(*look.at(0.6, 0.45))
    for _ in range(5):
        page.mouse.wheel(0, -200)
    wait_until(lambda: look.scale > 4, "the zoom")
    assert look.place(0.6, 0.45) == pytest.approx(place, abs=4e-3)
    blurred, view = look.seen(), look.keeper("view")
    wait_until(lambda: look.camera()["size"] < 0.6, "the camera's zoom")
    look.wait_for_region()
    assert look.keeper("view") == view
    # A picture that is larger by a hundredth, or shifted by it, is another one.
    assert np.abs(look.seen() - blurred).mean() < 3
    # What was seen before was the whole field's pixels, magnified; now there are more of them.
    assert look.visit.page.locator("live-view").evaluate("view => view.painter.shown.zoom.size") < 0.6


def test_pixels_of_another_region_differ(look: Look) -> None:
    """That pictures agree says something because pictures of other places do not."""
    before = look.seen()
    look.http.post("/api/stage/move", json={"x_um": 15}).raise_for_status()
    look.visit.wait_for_frames(3)
    assert np.abs(look.seen() - before).mean() > 6


def test_fingers_pinch_pan_and_fit(look: Look) -> None:
    x, y = look.at(0.5, 0.5)
    place = look.place(0.5, 0.5)
    look.fingers.drag([(x - 30, y), (x + 30, y)], [(x - 120, y), (x + 120, y)])
    wait_until(lambda: look.scale > 3, "the pinch")
    assert look.scale == pytest.approx(4, rel=0.15)
    assert look.place(0.5, 0.5) == pytest.approx(place, abs=0.02)
    look.wait_for_region()
    middle = look.place(0.5, 0.5)
    look.fingers.drag([(x, y)], [(x - 100, y - 40)])
    wait_until(lambda: look.place(0.5, 0.5)[0] > middle[0] + 0.02, "the pan")
    look.fingers.tap((x, y))
    look.fingers.tap((x + 2, y))
    wait_until(lambda: look.scale == 1, "the fit")
    wait_until(lambda: look.camera() == WHOLE, "the whole field")
    assert look.stage()["x_um"] == 0


def test_keys_and_buttons_zoom_and_fit(look: Look) -> None:
    keyboard = look.visit.page.keyboard
    keyboard.press("+")
    keyboard.press("+")
    wait_until(lambda: look.scale == pytest.approx(2.25), "two steps")
    keyboard.press("-")
    wait_until(lambda: look.scale == pytest.approx(1.5), "one step back")
    keyboard.press("0")
    wait_until(lambda: look.scale == 1, "the fit")
    look.visit.button("Zoom in (+)").click()
    wait_until(lambda: look.scale == pytest.approx(1.5), "a step")
    look.visit.button("Fit (0)").click()
    wait_until(lambda: look.scale == 1, "the fit")


def test_a_camera_that_others_zoomed_is_followed_and_said(look: Look) -> None:
    region = {"x": 0.25, "y": 0.5, "size": 0.25}
    look.http.patch("/api/camera", json={"zoom": region}).raise_for_status()
    wait_until(lambda: look.keeper("view") == {"x": 0.375, "y": 0.625, "scale": 4}, "the view to follow")
    look.visit.button("Show the whole field").click()
    wait_until(lambda: look.camera() == WHOLE, "the whole field")
    wait_until(lambda: look.scale == 1, "the fit")
    expect(look.visit.button("Show the whole field")).to_be_hidden()


def test_a_double_click_and_a_finger_that_rests_bring_a_point_to_the_middle(look: Look) -> None:
    page = look.visit.page
    box = look.box
    step_um = look.um(0.125 * box["width"])
    page.mouse.dblclick(*look.at(0.625, 0.5))
    wait_until(lambda: look.stage()["x_um"] == pytest.approx(step_um, abs=1.5), "the stage")
    before = look.stage()
    point = look.at(0.5, 0.55)
    look.fingers.down(point)
    down_um = look.um(0.05 * box["height"])
    wait_until(lambda: look.stage()["y_um"] == pytest.approx(before["y_um"] + down_um, abs=1.5), "the stage")
    look.fingers.up()
    assert look.stage()["x_um"] == pytest.approx(before["x_um"], abs=1.5)


def test_the_limits_hold_and_explain_themselves(look: Look) -> None:
    limit_um = look.http.get("/api/stage").json()["axes"]["x"]["limits_um"]["maximum"]
    look.http.post("/api/stage/move", json={"x_um": limit_um - 5}).raise_for_status()
    look.visit.wait_for_frames(3)
    look.visit.page.mouse.dblclick(*look.at(0.75, 0.5))
    wait_until(lambda: look.stage()["x_um"] == pytest.approx(limit_um, abs=0.5), "the limit")
    expect(look.visit.page.get_by_text("The stage goes as far as its limits allow.")).to_be_visible()
