"""Driving the stage with fingers, keys and a gamepad; the map, named places and objectives."""

import os
import re
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, CDPSession, Locator, expect

from tests.conftest import wait_until
from tests.page.conftest import CHROMIUM, FLAGS
from tests.page.visit import Visit, visit
from tests.serving import Served

_MINUS = "\u2212"
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


@pytest.fixture(scope="module")
def held(browser: Browser, served: Served) -> Iterator[Tablet]:
    """One tablet for all tests here."""
    options = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}
    with visit(browser, served.url, script=_SPIED, **options) as visited:
        tablet = Tablet(visited.page)
        tablet.touch_session = visited.page.context.new_cdp_session(visited.page)
        yield tablet
        assert tablet.errors == []


@pytest.fixture
def tablet(held: Tablet, http: httpx.Client) -> Tablet:
    """The tablet, as each test begins: stage at rest at the origin, seen through the 10x."""
    http.patch("/api/optics", json={"objective": "10x"}).raise_for_status()
    for place in http.get("/api/places").json():
        http.delete(f"/api/places/{place['id']}").raise_for_status()
    if held.page.url.split("#")[-1] not in ("", "/", held.page.url):
        held.page.evaluate("location.hash = '#/'")
    held.show("Move")
    return held


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


def stays(tablet: Tablet, http: httpx.Client) -> None:
    """The stage comes to rest, and is there some frames later."""
    stopped = place(http)
    tablet.wait_for_frames(8)
    assert place(http) == stopped


def hold_stick(tablet: Tablet, http: httpx.Client) -> None:
    """Push the stick to the right until the stage goes."""
    tablet.touch("Start", *tablet.spot(tablet.stick, 0.7, 0.5))
    tablet.touch("Move", *tablet.spot(tablet.stick, 0.95, 0.5))
    moving(http)


def test_a_finger_on_the_stick_drives_until_it_is_lifted(tablet: Tablet, http: httpx.Client) -> None:
    hold_stick(tablet, http)
    assert stage(http)["position"]["y_um"] == 0
    with tablet.page.expect_response("**/api/stage/stop"):
        # Elsewhere on the page: the stick keeps the finger.
        tablet.touch("Move", 100, 100)
        moving(http, "y_um", 20)
        tablet.touch("End")
    stays(tablet, http)


def let_capture_go(tablet: Tablet) -> None:
    tablet.stick.evaluate("dish => dish.releasePointerCapture(window.lastPointer)")
    tablet.touch("Move", *tablet.spot(tablet.stick, 0.9, 0.5))  # with which the browser says so


@pytest.mark.parametrize(
    "loss",
    [
        lambda tablet: tablet.touch("Cancel"),
        lambda tablet: tablet.hide(True),
        lambda tablet: tablet.page.evaluate("window.dispatchEvent(new Event('blur'))"),
        lambda tablet: tablet.page.evaluate("window.dispatchEvent(new Event('pagehide'))"),
        let_capture_go,
    ],
    ids=["cancel", "hidden", "blur", "pagehide", "capture lost"],
)
def test_a_finger_that_is_lost_stops_and_does_not_go_on(
    tablet: Tablet, http: httpx.Client, loss: Callable[[Tablet], None]
) -> None:
    tablet.stick.evaluate("dish => dish.addEventListener('pointerdown', e => (window.lastPointer = e.pointerId))")
    hold_stick(tablet, http)
    with tablet.page.expect_response("**/api/stage/stop"):
        loss(tablet)
    stopped = place(http)
    tablet.hide(False)
    tablet.touch("Start", *tablet.spot(tablet.stick, 0.9, 0.5))
    tablet.touch("End")
    assert abs(place(http)["x_um"] - stopped["x_um"]) < 100


def test_a_lost_connection_stops_and_what_comes_back_does_not_go_on(tablet: Tablet, http: httpx.Client) -> None:
    hold_stick(tablet, http)
    tablet.page.evaluate("window.sockets.at(-1).close()")
    place(http)
    tablet.wait_until_connected()
    tablet.wait_for_frames(2)
    # So the browser calls what was sent as the connection went.
    tablet.errors[:] = [error for error in tablet.errors if "already in CLOSING or CLOSED state" not in error]
    stopped = place(http)
    tablet.touch("Move", *tablet.spot(tablet.stick, 0.99, 0.5))
    tablet.wait_for_frames(8)
    assert place(http) == stopped
    tablet.touch("End")
    hold_stick(tablet, http)
    tablet.touch("End")
    stays(tablet, http)


def test_a_tablet_that_dies_stops_the_stage(browser: Browser, served: Served, http: httpx.Client) -> None:
    """Nothing of the page is left to let go: the server notices."""
    http.post("/api/control/release").raise_for_status()  # which another tablet here may hold
    own = browser.browser_type.launch(executable_path=CHROMIUM, args=FLAGS)
    eyepiece = Tablet(own.new_page())
    eyepiece.page.goto(served.url)
    eyepiece.wait_for_frames(1)
    expect(eyepiece.button("Right")).to_be_enabled()
    eyepiece.page.mouse.move(*eyepiece.spot(eyepiece.stick, 0.95, 0.5))
    eyepiece.page.mouse.down()
    moving(http)
    processes = own.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    for process in processes:
        os.kill(process["id"], signal.SIGKILL)
    stopped = place(http)
    own.close()
    assert place(http) == stopped


def test_the_wheel_turns_the_focus_by_finger_mouse_and_keys(tablet: Tablet, http: httpx.Client) -> None:
    wheel = tablet.slider("Focus")
    tablet.touch("Start", *tablet.spot(wheel, 0.5, 0.8))
    tablet.touch("Move", *tablet.spot(wheel, 0.5, 0.2))
    moving(http, "z_um", 10)
    with tablet.page.expect_response("**/api/stage/stop"):
        tablet.touch("End")
    risen = place(http)["z_um"]
    assert 10 < risen < 100
    wheel.hover()
    tablet.page.mouse.wheel(0, 100)
    wait_until(lambda: place(http)["z_um"] == pytest.approx(risen - 10, abs=0.11), "a notch down")
    wheel.focus()
    tablet.page.keyboard.press("ArrowUp")
    wait_until(lambda: place(http)["z_um"] == pytest.approx(risen, abs=0.11), "a step up")
    assert (place(http)["x_um"], place(http)["y_um"]) == (0, 0)
    expect(wheel).to_have_attribute("aria-valuetext", f"{place(http)['z_um']:.1f} µm")


def test_a_gamepad_drives_and_is_looked_at_only_while_it_is_there(tablet: Tablet, http: httpx.Client) -> None:
    page = tablet.page
    looks = page.evaluate("window.looks")
    tablet.wait_for_frames(5)
    assert page.evaluate("window.looks") == looks
    tablet.gamepad(axes=(1, 0, 0, 0))
    page.evaluate("window.dispatchEvent(new Event('gamepadconnected'))")
    tablet.wait_for_looks()
    # It was pushed as it came: nothing moves before it was at rest.
    assert place(http)["x_um"] == 0
    tablet.gamepad(axes=(0.1, -0.1, 0, 0))
    tablet.wait_for_looks()
    tablet.gamepad(axes=(1, 0, 0, -0.8))
    moving(http)
    moving(http, "z_um", 3)
    with page.expect_response("**/api/stage/stop"):
        tablet.gamepad(axes=(0.05, 0, 0, 0))
    stays(tablet, http)
    assert place(http)["z_um"] > 0
    before = place(http)["y_um"]
    tablet.gamepad(pressed=(13,))
    wait_until(lambda: place(http)["y_um"] == before + 100, "one step down")
    tablet.gamepad()
    tablet.wait_for_looks()
    tablet.gamepad(axes=(-1, 0, 0, 0))
    moving(http, "x_um", 60)
    with page.expect_response("**/api/stage/stop"):
        tablet.gamepad(pressed=(1,))
    page.evaluate("window.pad = null")
    tablet.wait_for_frames(3)
    looks = page.evaluate("window.looks")
    tablet.wait_for_frames(5)
    assert page.evaluate("window.looks") == looks


def test_coordinates_are_gone_to_and_those_that_cannot_be_are_explained(tablet: Tablet, http: httpx.Client) -> None:
    tablet.show("Map")
    page = tablet.page
    page.get_by_label("x in µm").fill(f"{_MINUS}1500,5")
    page.get_by_label("z in µm").fill("0,02mm")
    tablet.button("Go").click()
    wait_until(lambda: place(http) == {"x_um": -1500.5, "y_um": 0, "z_um": 20}, "the place")
    page.get_by_label("Unit").select_option("mm")
    expect(page.get_by_label("x in mm")).to_have_value(f"{_MINUS}1.5005")
    page.get_by_label("x in mm").fill("11")
    page.get_by_label("y in mm").fill("north")
    page.get_by_label("y in mm").press("Enter")
    expect(page.locator("go-to").get_by_role("alert")).to_have_text(f"x must be {_MINUS}10 to 10 mm. y is no number.")
    expect(page.get_by_label("x in mm")).to_be_focused()
    assert place(http)["x_um"] == -1500.5
    tablet.button("Fill in position").click()
    expect(page.get_by_label("z in mm")).to_have_value("0.02")
    expect(page.locator("go-to").get_by_role("alert")).to_have_text("")
    page.get_by_label("Unit").select_option("µm")


def test_a_tap_on_the_map_goes_there_and_says_so(tablet: Tablet, http: httpx.Client) -> None:
    tablet.show("Map")
    plan = tablet.page.get_by_role("img", name="Map of the stage")
    x, y = tablet.spot(plan, 0.75, 0.5)
    tablet.page.touchscreen.tap(x, y)
    expect(plan).to_have_accessible_name(re.compile("It goes to x "))
    expect(plan.locator(".target")).to_be_visible()
    wait_until(lambda: 3000 < place(http)["x_um"] < 7000, "the place")
    expect(plan.locator(".target")).to_have_count(0)
    assert abs(place(http)["y_um"]) < 200
    assert len((plan.locator(".trail").get_attribute("points") or "").split()) > 5


def test_places_are_added_gone_to_renamed_and_taken_back(tablet: Tablet, http: httpx.Client) -> None:
    http.post("/api/stage/move", json={"x_um": 30, "y_um": -20, "z_um": 2}).raise_for_status()
    tablet.show("Places")
    page = tablet.page
    tablet.button("Add here").click()
    expect(tablet.button("Go to Place 1")).to_contain_text(f"x 30 y {_MINUS}20 z 2", use_inner_text=True)
    page.get_by_label("Name of the new place").fill("Gland")
    page.keyboard.press("Enter")
    expect(tablet.button("Go to Gland")).to_be_visible()
    tablet.button("Rename Place 1").click()
    page.get_by_label("New name of Place 1").fill("gland")
    page.keyboard.press("Enter")
    expect(page.get_by_role("listitem").filter(has_text="there is a place Gland already")).to_be_visible()
    tablet.button("Dismiss").click()
    tablet.button("Rename Place 1").click()
    page.get_by_label("New name of Place 1").fill("Crypt")
    page.keyboard.press("Enter")
    expect(tablet.button("Go to Crypt")).to_be_visible()
    http.post("/api/stage/move", json={"x_um": 0, "y_um": 0, "z_um": 0}).raise_for_status()
    tablet.button("Go to Crypt").click()
    wait_until(lambda: place(http) == {"x_um": 30, "y_um": -20, "z_um": 2}, "the place")
    tablet.button("Delete Crypt").click()
    expect(page.get_by_text("Crypt is deleted.")).to_be_visible()
    expect(tablet.button("Go to Crypt")).to_have_count(0)
    tablet.button("Undo").click()
    expect(tablet.button("Go to Crypt")).to_contain_text("x 30")
    expect(page.get_by_text("Crypt is deleted.")).to_have_count(0)


def test_what_is_refused_is_explained_beside_the_control(tablet: Tablet, http: httpx.Client) -> None:
    told = tablet.page.locator("stage-notice").get_by_role("alert").locator("span")
    http.post("/api/stage/move", json={"x_um": 10_000}).raise_for_status()
    tablet.button("Right").click()
    expect(told).to_have_text("The stage is at its limit, x = 10000 µm: it can only go the other way.")
    tablet.show("Map")
    expect(tablet.page.locator("stage-map .reached")).to_have_count(1)
    tablet.show("Move")
    tablet.button("Left").click()
    expect(told).to_have_count(0)
    with ThreadPoolExecutor(1) as pool:
        place(http)
        move = pool.submit(http.post, "/api/stage/move", json={"x_um": -9000})
        expect(tablet.page.get_by_text("moving", exact=True)).to_be_visible()
        tablet.button("Focus up").click()
        expect(told).to_contain_text("The stage is moving already.")
        tablet.button("Stop").click()
        assert move.result().status_code == 409
    tablet.page.locator("stage-notice").get_by_role("button", name="Dismiss").click()
    expect(told).to_have_count(0)


def test_nothing_is_gone_to_before_an_uncertain_position_is_mended(tablet: Tablet, http: httpx.Client) -> None:
    with ThreadPoolExecutor(1) as pool:
        move = pool.submit(http.post, "/api/stage/move", json={"x_um": 9000})
        moving(http, "x_um", 300)
        http.post("/api/stage/emergency-stop").raise_for_status()
        move.result()
    doubtful = place(http)
    notice = tablet.page.locator("stage-notice")
    expect(notice).to_contain_text("The position along x is uncertain.")
    tablet.show("Map")
    tablet.page.get_by_label("x in µm").fill("0")
    tablet.button("Go").click()
    expect(notice.get_by_role("alert")).to_contain_text("Home the stage first.")
    assert place(http) == doubtful
    tablet.button("Home it").click()
    tablet.page.get_by_role("dialog").get_by_role("button", name="Home").click()
    moving(http, "z_um", 20)  # to its switch, before x
    tablet.button("Stop").click()
    expect(notice.get_by_role("alert")).to_contain_text("The motion was ended by a stop.")
    place(http)
    http.post("/api/stage/set-position", json={"x_um": doubtful["x_um"]}).raise_for_status()
    expect(notice).not_to_contain_text("uncertain")


def test_a_refusal_is_seen_with_the_panel_closed_too(tablet: Tablet, http: httpx.Client) -> None:
    http.post("/api/stage/move", json={"z_um": 1000}).raise_for_status()
    panel = tablet.page.get_by_role("button", name="Stage", exact=False).first
    panel.click()
    expect(tablet.stick).to_be_hidden()
    tablet.page.keyboard.press("PageUp")
    message = tablet.page.get_by_role("listitem").filter(has_text="The stage is at its limit, z = 1000 µm")
    expect(message).to_be_visible()
    message.get_by_role("button", name="Dismiss").click()
    panel.click()
    expect(tablet.stick).to_be_visible()


def test_the_objective_brings_its_steps(tablet: Tablet, http: httpx.Client) -> None:
    page = tablet.page
    page.get_by_label("Objective").select_option("40x")
    group = page.get_by_role("group", name="Move by")
    expect(group).to_contain_text("0.5 2 20 200", use_inner_text=True)
    tablet.button("Right").click()
    wait_until(lambda: place(http)["x_um"] == 20, "a step of the 40x")
    assert http.get("/api/optics").json()["objective"] == "40x"
    http.patch("/api/optics", json={"objective": "4x"}).raise_for_status()
    expect(page.get_by_label("Objective")).to_have_value("4x")
    expect(group).to_contain_text("2 20 200 2000", use_inner_text=True)


def test_objectives_are_told_in_the_settings(tablet: Tablet, http: httpx.Client) -> None:
    page = tablet.page
    page.evaluate("location.hash = '#/settings'")
    settings = page.locator("objective-settings")
    settings.locator("summary", has_text="Add objective").click()
    new = settings.locator("#new")
    new.get_by_label("Name").fill("63x oil")
    new.get_by_label("Magnification").fill("0")
    new.get_by_role("button", name="Add objective").click()
    expect(new.get_by_role("alert")).to_have_text("Magnification: not a number, or not an allowed one.")
    new.get_by_label("Magnification").fill("63")
    new.get_by_label("Numerical aperture").fill("1,4")
    new.get_by_label("Focus steps").fill("0,1; 1")
    new.get_by_label("Steps, µm", exact=True).fill("0,5; 5")
    new.get_by_role("button", name="Add objective").click()
    summary = settings.locator("summary", has_text="63x oil")
    summary.click()
    stored = http.get("/api/optics").json()["objectives"][-1]
    assert (stored["numerical_aperture"], stored["steps_um"]) == (1.4, {"xy": [0.5, 5], "z": [0.1, 1]})
    one = settings.locator("details", has_text="63x oil")
    one.get_by_label("µm per sensor pixel").fill("0.02")
    one.get_by_role("button", name="Save").click()
    expect(summary).to_contain_text("0.02 µm per sensor pixel")
    changed = http.get("/api/optics").json()["objectives"][-1]
    assert changed == {**stored, "um_per_px": 0.02}
    one.get_by_role("button", name="Remove").click()
    expect(summary).to_have_count(0)
