"""Going to coordinates, to a spot on the map, to named places; what is refused; objectives."""

import re
from concurrent.futures import ThreadPoolExecutor

import httpx
from playwright.sync_api import expect

from tests.conftest import wait_until
from tests.page.tablet import Tablet, moving, place

_MINUS = "\u2212"


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
    expect(page.get_by_role("listitem").filter(has_text="There is Gland already")).to_be_visible()
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
    wait_until(lambda: page.evaluate("document.activeElement.localName") == "eye-piece", "the focus kept")


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
