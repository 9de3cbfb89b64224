"""Moving the stage from the page."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import numpy as np
import pytest
from playwright.sync_api import expect

from tests.conftest import wait_until
from tests.page.visit import Visit

_MINUS = "\u2212"


def at_rest(http: httpx.Client) -> dict[str, float]:
    """The stage's position once it stands."""

    def rest() -> dict[str, float] | None:
        state = http.get("/api/stage").json()
        return state["position"] if state["status"] == "ready" else None

    position: dict[str, float] = wait_until(rest, "rest")
    return position


def wait_for(http: httpx.Client, axis: str, um: float) -> None:
    wait_until(lambda: at_rest(http)[axis] == um, f"{axis} = {um}")


@pytest.mark.parametrize(
    ("button", "axis", "um"),
    [
        ("Right", "x", 100),
        ("Left", "x", -100),
        ("Down", "y", 100),
        ("Up", "y", -100),
        ("Focus up", "z", 10),
        ("Focus down", "z", -10),
    ],
)
def test_a_press_is_one_jog(eyepiece: Visit, http: httpx.Client, button: str, axis: str, um: float) -> None:
    eyepiece.button(button).click()
    wait_for(http, f"{axis}_um", um)
    expect(eyepiece.axis(axis)).to_have_text(f"{_MINUS if um < 0 else ' '}{abs(um)}.0")
    assert sum(map(abs, at_rest(http).values())) == abs(um)


def test_the_step_is_chosen(eyepiece: Visit, http: httpx.Client) -> None:
    eyepiece.choose_step("Move by", 10)
    eyepiece.choose_step("Focus by", 1)
    eyepiece.button("Right").click()
    eyepiece.button("Focus up").click()
    wait_until(lambda: at_rest(http) == {"x_um": 10, "y_um": 0, "z_um": 1}, "the chosen steps")


def test_the_right_button_moves_the_view_to_the_right(eyepiece: Visit, http: httpx.Client) -> None:
    """What was in the picture's middle is then left of it, by 25 um at 0.25 um per pixel."""
    eyepiece.wait_for_frames(5)
    before = eyepiece.picture()[200:500].mean(axis=(0, 2))
    http.post("/api/stage/move", json={"x_um": 25}).raise_for_status()
    eyepiece.wait_for_frames(30)
    after = eyepiece.picture()[200:500].mean(axis=(0, 2))

    def mismatch(shift_px: int) -> float:
        return float(np.abs(before[400 + shift_px : 880 + shift_px] - after[400:880]).sum())

    assert abs(min(range(-200, 201), key=mismatch) - 100) < 40


def test_holding_goes_on_and_releasing_stops(eyepiece: Visit, http: httpx.Client) -> None:
    eyepiece.button("Right").hover()
    eyepiece.page.mouse.down()
    wait_until(lambda: http.get("/api/stage").json()["position"]["x_um"] > 250, "more than two steps")
    with eyepiece.expect_stop():
        # Beyond the button: the press ends wherever the pointer is let go.
        eyepiece.page.mouse.move(300, 300)
        eyepiece.page.mouse.up()
    stopped = at_rest(http)
    eyepiece.wait_for_frames(30)
    assert at_rest(http) == stopped


def test_a_short_press_does_not_stop_its_own_jog(eyepiece: Visit, http: httpx.Client) -> None:
    stops: list[str | bytes] = []
    eyepiece.socket.on("framesent", lambda sent: stops.append(sent) if '["stop"' in str(sent) else None)
    eyepiece.choose_step("Move by", 1000)
    eyepiece.button("Right").click()
    wait_for(http, "x_um", 1000)
    assert stops == []


def test_the_stop_button_ends_a_long_move(eyepiece: Visit, http: httpx.Client) -> None:
    with ThreadPoolExecutor(1) as pool:
        move = pool.submit(http.post, "/api/stage/move", json={"x_um": 9000})
        expect(eyepiece.page.get_by_text("moving", exact=True)).to_be_visible()
        eyepiece.button("Stop").click()
        answer = move.result()
    assert answer.status_code == 409
    assert at_rest(http)["x_um"] < 9000


def test_escape_stops_too(eyepiece: Visit, http: httpx.Client) -> None:
    with ThreadPoolExecutor(1) as pool:
        move = pool.submit(http.post, "/api/stage/move", json={"x_um": 9000})
        expect(eyepiece.page.get_by_text("moving", exact=True)).to_be_visible()
        eyepiece.page.keyboard.press("Escape")
        answer = move.result()
    assert answer.status_code == 409


def test_a_hidden_page_lets_go(eyepiece: Visit, http: httpx.Client) -> None:
    eyepiece.button("Right").hover()
    eyepiece.page.mouse.down()
    wait_until(lambda: http.get("/api/stage").json()["position"]["x_um"] > 250, "more than two steps")
    with eyepiece.page.expect_response("**/api/stage/stop"):
        eyepiece.hide(True)
    eyepiece.hide(False)
    eyepiece.page.mouse.up()
    stopped = at_rest(http)
    eyepiece.wait_for_frames(30)
    assert at_rest(http) == stopped


def test_keys_jog(eyepiece: Visit, http: httpx.Client) -> None:
    for key in ("ArrowRight", "ArrowRight", "ArrowUp", "PageDown"):
        eyepiece.page.keyboard.press(key)
        at_rest(http)
    wait_until(lambda: at_rest(http) == {"x_um": 200, "y_um": -100, "z_um": -10}, "the keys' place")


def test_a_held_key_goes_on_until_it_is_let_go(eyepiece: Visit, http: httpx.Client) -> None:
    eyepiece.page.keyboard.down("Numpad2")
    wait_until(lambda: http.get("/api/stage").json()["position"]["y_um"] > 250, "more than two steps")
    with eyepiece.expect_stop():
        # As it is let go it is a 2, no arrow.
        eyepiece.page.keyboard.down("Shift")
        eyepiece.page.keyboard.up("Numpad2")
    eyepiece.page.keyboard.up("Shift")


def test_arrow_keys_on_a_slider_leave_the_stage_alone(eyepiece: Visit, http: httpx.Client) -> None:
    eyepiece.slider("Brightness").focus()
    eyepiece.page.keyboard.press("ArrowRight")
    wait_until(lambda: http.get("/api/light").json()["brightness"] > 0.5, "more light")
    assert at_rest(http)["x_um"] == 0


def test_a_button_works_from_the_keyboard(eyepiece: Visit, http: httpx.Client) -> None:
    eyepiece.button("Left").focus()
    eyepiece.page.keyboard.press("Enter")
    wait_for(http, "x_um", -100)


def test_homing_asks_first_and_can_be_stopped(eyepiece: Visit, http: httpx.Client) -> None:
    eyepiece.button("Home").click()
    dialog = eyepiece.page.get_by_role("dialog")
    expect(eyepiece.button("Stop")).to_be_enabled()
    eyepiece.button("Stop").click(trial=True)  # nothing may lie over it
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    assert at_rest(http) == {"x_um": 0, "y_um": 0, "z_um": 0}

    eyepiece.button("Home").click()
    dialog.get_by_role("button", name="Home").click()
    wait_until(lambda: http.get("/api/stage").json()["position"]["z_um"] < -10, "the way to the switch")
    eyepiece.button("Stop").click()
    expect(eyepiece.page.get_by_text("the motion was ended by a stop")).to_be_visible()


def test_the_position_is_read_out_at_rest(eyepiece: Visit) -> None:
    eyepiece.button("Right").click()
    expect(eyepiece.page.locator("position-readout [aria-live]")).to_have_text("x 100.0, y 0.0, z 0.0 micrometres")
