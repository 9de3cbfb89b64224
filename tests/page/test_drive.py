"""Driving the stage with fingers, the wheel and a gamepad, and every way to lose hold of it."""

import os
import signal
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.conftest import wait_until
from tests.page.conftest import CHROMIUM, FLAGS
from tests.page.tablet import Tablet, moving, place, stage
from tests.page.touches import Fingers
from tests.page.visit import Visit, visit
from tests.serving import Served


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
    with tablet.expect_stop():
        # Elsewhere on the page: the stick keeps the finger.
        tablet.touch("Move", 100, 100)
        moving(http, "y_um", 20)
        tablet.touch("End")
    stays(tablet, http)


def let_capture_go(tablet: Tablet) -> None:
    tablet.stick.evaluate("dish => dish.releasePointerCapture(window.lastPointer)")
    tablet.touch("Move", *tablet.spot(tablet.stick, 0.9, 0.5))  # with which the browser says so


def happen(tablet: Tablet, *events: str) -> None:
    tablet.page.evaluate("events => events.forEach((event) => window.dispatchEvent(new Event(event)))", events)


def switch_face(tablet: Tablet) -> None:
    tablet.page.get_by_role("button", name="Map", exact=True).press("Enter")
    tablet.touch("Cancel")


def take_away(tablet: Tablet) -> None:
    tablet.stick.evaluate("dish => dish.getRootNode().host.remove()")
    tablet.touch("Cancel")
    tablet.show("Map")  # which makes another


@pytest.mark.parametrize(
    "loss",
    [
        lambda tablet: tablet.touch("Cancel"),
        lambda tablet: tablet.hide(True),
        lambda tablet: happen(tablet, "blur"),
        lambda tablet: happen(tablet, "pagehide", "pageshow"),
        let_capture_go,
        switch_face,
        take_away,
    ],
    ids=["cancel", "hidden", "blur", "pagehide", "capture lost", "another face", "taken away"],
)
def test_a_finger_that_is_lost_stops_and_does_not_go_on(
    request: pytest.FixtureRequest, tablet: Tablet, http: httpx.Client, loss: Callable[[Tablet], None]
) -> None:
    tablet.stick.evaluate("dish => dish.addEventListener('pointerdown', e => (window.lastPointer = e.pointerId))")
    hold_stick(tablet, http)
    left = request.node.callspec.id in ("hidden", "pagehide")
    # What is left may hear no answer.
    with tablet.page.expect_response("**/api/stage/stop") if left else tablet.expect_stop():
        loss(tablet)
    stopped = place(http)
    tablet.hide(False)
    tablet.show("Move")
    tablet.touch("Start", *tablet.spot(tablet.stick, 0.9, 0.5))
    tablet.touch("End")
    assert abs(place(http)["x_um"] - stopped["x_um"]) < 100


def test_stop_is_obeyed_as_it_is_touched_by_a_second_finger_that_rests(tablet: Tablet, http: httpx.Client) -> None:
    fingers = Fingers(tablet.page)
    hand, other = tablet.spot(tablet.stick, 0.95, 0.5), tablet.spot(tablet.button("Stop"), 0.5, 0.5)
    fingers.down(hand)
    moving(http)
    fingers.down(hand, other)
    stays(tablet, http)
    assert place(http)["x_um"] < 5000, "not at its limit"
    fingers.up()


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
    with tablet.expect_stop():
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
    with tablet.expect_stop():
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
    with tablet.expect_stop():
        tablet.gamepad(pressed=(1,))
    page.evaluate("window.pad = null")
    tablet.wait_for_frames(3)
    # One that comes back with its stick pushed moves nothing either.
    left = place(http)
    tablet.gamepad(axes=(1, 0, 0, 0))
    page.evaluate("window.dispatchEvent(new Event('gamepadconnected'))")
    tablet.wait_for_looks()
    assert place(http) == left
    page.evaluate("window.pad = null")
    tablet.wait_for_frames(3)
    looks = page.evaluate("window.looks")
    tablet.wait_for_frames(5)
    assert page.evaluate("window.looks") == looks


@pytest.fixture(scope="module")
def other(browser: Browser, served: Served) -> Iterator[Visit]:
    """Somebody else at the microscope."""
    with visit(browser, served.url) as other:
        yield other


def hold_arrow(tablet: Tablet, http: httpx.Client) -> None:
    tablet.touch("Start", *tablet.spot(tablet.button("Right"), 0.5, 0.5))
    moving(http, um=150)  # the first step alone is 100


def hold_key(tablet: Tablet, http: httpx.Client) -> None:
    tablet.page.keyboard.down("ArrowRight")
    moving(http, um=150)


def hold_wheel(tablet: Tablet, http: httpx.Client) -> None:
    turn_wheel(tablet, "Start", 0.5)
    turn_wheel(tablet, "Move", 0.0)
    moving(http, "z_um", 5)


def turn_wheel(tablet: Tablet, kind: str, down: float) -> None:
    tablet.touch(kind, *tablet.spot(tablet.slider("Focus"), 0.5, down))


def lose_window(tablet: Tablet, other: Visit, http: httpx.Client) -> None:
    happen(tablet, "blur")


def lose_sight(tablet: Tablet, other: Visit, http: httpx.Client) -> None:
    tablet.hide(True)
    place(http)
    tablet.hide(False)


def lose_control(tablet: Tablet, other: Visit, http: httpx.Client) -> None:
    heir = other.page.locator("eye-piece").evaluate("page => page.state.local.control.viewer")
    give = "(page, to) => page.microscope.act({ type: 'control-give', to })"
    tablet.page.locator("eye-piece").evaluate(give, heir)
    wait_until(lambda: http.get("/api/control").json()["driver"]["id"] == heir, "the other's turn")
    expect(tablet.button("Right")).to_be_disabled()
    stays(tablet, http)
    other.button("Release").click()
    expect(tablet.button("Right")).to_be_enabled()


@pytest.mark.parametrize("lose", [lose_window, lose_sight, lose_control])
@pytest.mark.parametrize("hold", [hold_arrow, hold_key, hold_wheel])
def test_what_is_held_is_let_go_and_does_not_go_on(
    tablet: Tablet,
    other: Visit,
    http: httpx.Client,
    hold: Callable[[Tablet, httpx.Client], None],
    lose: Callable[[Tablet, Visit, httpx.Client], None],
) -> None:
    hold(tablet, http)
    lose(tablet, other, http)
    stopped = place(http)
    if hold is hold_wheel:
        turn_wheel(tablet, "Move", 1.0)
    tablet.wait_for_frames(8)
    assert place(http) == stopped
    if hold is hold_key:
        tablet.page.keyboard.up("ArrowRight")
    else:
        tablet.touch("End")
