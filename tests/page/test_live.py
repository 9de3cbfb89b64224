"""The live picture, and what shapes it."""

import re
from functools import partial
from typing import Any

import httpx
import numpy as np
from playwright.sync_api import WebSocket, expect

from hw.types import Status
from tests.conftest import wait_until
from tests.page.visit import Visit

_STREAM_WINDOW = 2
_FRAME_ID = re.compile(r'"frame_id":(\d+)')


def test_frames_are_painted_and_change(eyepiece: Visit) -> None:
    eyepiece.wait_for_frames(1)
    first = eyepiece.picture()
    assert first.shape == (720, 1280, 3)
    assert 20 < first.mean() < 240
    assert first.std() > 10
    wait_until(lambda: not np.array_equal(eyepiece.picture(), first), "another picture")


def test_every_frame_is_acknowledged(eyepiece: Visit) -> None:
    received, acknowledged = set[str](), set[str]()

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda message: received.update(_FRAME_ID.findall(str(message))))
        socket.on("framesent", lambda message: acknowledged.update(_FRAME_ID.findall(str(message))))

    eyepiece.page.on("websocket", listen)
    eyepiece.page.reload()
    wait_until(lambda: eyepiece.frame_id() and len(received) > 30 * _STREAM_WINDOW, "many frames")
    until_now = set(received)
    wait_until(lambda: eyepiece.frame_id() and until_now <= acknowledged, "their acknowledgements")


def test_rate_and_size_are_shown(eyepiece: Visit) -> None:
    expect(eyepiece.page.locator("live-view .figures")).to_contain_text(re.compile("1280 \u00d7 720|640 \u00d7 360"))
    expect(eyepiece.page.locator("live-view .figures")).to_contain_text(" fps")


def test_a_corrupt_picture_is_counted_and_does_not_stop_the_stream(eyepiece: Visit) -> None:
    figures = eyepiece.page.locator("live-view .figures")

    def counted() -> bool:
        # Again and again: one that is superseded before it could be decoded is only dropped.
        eyepiece.page.locator("live-view").evaluate(
            "view => view.offer({ ...view.painter.shown, frame_id: 0 }, new TextEncoder().encode('no JPEG').buffer)"
        )
        return "corrupt" in figures.inner_text()

    eyepiece.wait_for_frames(1)
    wait_until(counted, "the corrupt picture's count")
    eyepiece.wait_for_frames(5)


def test_a_hidden_page_takes_no_frames_and_comes_back(eyepiece: Visit, http: httpx.Client) -> None:
    eyepiece.wait_for_frames(1)
    offered = "view => view.offeredAt"
    view = eyepiece.page.locator("live-view")
    eyepiece.hide(True)
    expect(view.get_by_text("Waiting for the camera")).to_be_visible()

    def takes_none() -> bool:  # once what was on its way has come
        last = view.evaluate(offered)
        for _ in range(10):
            http.get("/snapshot.jpg").raise_for_status()
        return bool(view.evaluate(offered) == last)

    wait_until(takes_none, "frames to cease")
    eyepiece.hide(False)
    eyepiece.wait_for_frames(5)


def test_the_page_says_that_it_is_simulated(eyepiece: Visit) -> None:
    expect(
        eyepiece.page.get_by_text("Simulated microscope: camera, stage, light. No hardware is driven.")
    ).to_be_visible()


def test_brightness_slider_darkens_the_picture(eyepiece: Visit, http: httpx.Client) -> None:
    eyepiece.wait_for_frames(1)
    bright = eyepiece.picture().mean()
    eyepiece.move_slider("Brightness", 0.1)
    wait_until(lambda: eyepiece.picture().mean() < 0.7 * bright, "a darker picture")
    assert 0.05 < http.get("/api/light").json()["brightness"] < 0.15
    expect(eyepiece.page.get_by_label("Brightness, figure")).to_have_value("10 %")


def test_lamp_goes_off_and_on(eyepiece: Visit, http: httpx.Client) -> None:
    eyepiece.wait_for_frames(1)
    bright = eyepiece.picture().mean()
    eyepiece.button("Lamp: On").click()
    wait_until(lambda: eyepiece.picture().mean() < 0.3 * bright, "the dark")
    assert http.get("/api/light").json()["on"] is False
    expect(eyepiece.button("Lamp: Off")).to_have_attribute("aria-pressed", "false")
    eyepiece.button("Lamp: Off").click()
    wait_until(lambda: eyepiece.picture().mean() > 0.9 * bright, "the light")


def test_dragging_a_slider_ends_at_the_last_value(eyepiece: Visit, http: httpx.Client) -> None:
    slider = eyepiece.slider("Gain")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    eyepiece.page.mouse.move(box["x"] + 10, y)
    eyepiece.page.mouse.down()
    eyepiece.page.mouse.move(box["x"] + box["width"] - 1, y, steps=40)
    eyepiece.page.mouse.up()
    wait_until(lambda: http.get("/api/camera").json()["settings"]["gain"] == 16, "the full gain")
    expect(eyepiece.page.get_by_label("Gain, figure")).to_have_value("16.0\u00d7")


def _exposure_is(http: httpx.Client, exposure_us: int) -> bool:
    return bool(http.get("/api/camera").json()["settings"]["exposure_us"] == exposure_us)


def test_exposure_is_typed_with_a_unit(eyepiece: Visit, http: httpx.Client) -> None:
    figure = eyepiece.page.get_by_label("Exposure, figure")
    expect(figure).to_have_value("10.0 ms")
    for typed, exposure_us, shown in (("850 µs", 850, "850 µs"), ("2.5", 2500, "2.50 ms"), ("9 s", 200_000, "200 ms")):
        figure.fill(typed)
        figure.press("Enter")
        expect(figure).to_have_value(shown)
        wait_until(partial(_exposure_is, http, exposure_us), shown)
    figure.fill("bright")
    figure.press("Enter")
    expect(figure).to_have_value("200 ms")


def test_automatic_exposure_takes_the_sliders(eyepiece: Visit, http: httpx.Client) -> None:
    eyepiece.button("Auto exposure").click()
    expect(eyepiece.slider("Exposure")).to_be_disabled()
    wait_until(lambda: http.get("/api/camera").json()["settings"]["auto_exposure"], "the automatic")
    eyepiece.button("Auto exposure").click()
    expect(eyepiece.slider("Exposure")).to_be_enabled()


def test_colour_and_rate_are_set_and_reset(eyepiece: Visit, http: httpx.Client) -> None:
    def settings() -> dict[str, Any]:
        found: dict[str, Any] = http.get("/api/camera").json()["settings"]
        return found

    page = eyepiece.page
    eyepiece.button("More: colour and frame rate").click()
    figure = page.get_by_label("Red, figure")
    figure.fill("1.8")
    figure.press("Enter")
    wait_until(lambda: settings()["red_gain"] == 1.8, "the red gain")
    eyepiece.button("On this field").click()
    wait_until(lambda: settings()["red_gain"] < 1.5, "the balance")
    expect(figure).to_have_value(f"{settings()['red_gain']:.2f}\u00d7")
    eyepiece.button("Auto white balance").click()
    expect(eyepiece.slider("Blue")).to_be_disabled()
    wait_until(lambda: settings()["auto_white_balance"], "the automatic")
    rate = page.get_by_label("Rate, figure")
    rate.fill("12")
    rate.press("Enter")
    wait_until(lambda: settings()["fps"] == 12, "the rate")
    eyepiece.button("Reset the camera").click()
    wait_until(lambda: settings()["fps"] == 30, "the reset")
    expect(rate).to_have_value("30 /s")
    expect(eyepiece.slider("Blue")).to_be_enabled()
    assert eyepiece.errors == []


def test_another_viewers_change_is_shown(eyepiece: Visit, http: httpx.Client) -> None:
    http.put("/api/light", json={"on": True, "brightness": 0.25})
    expect(eyepiece.page.get_by_label("Brightness, figure")).to_have_value("25 %")
    http.patch("/api/camera", json={"gain": 4})
    expect(eyepiece.page.get_by_label("Gain, figure")).to_have_value("4.0\u00d7")


def test_device_status_words_are_those_of_the_server(eyepiece: Visit) -> None:
    words = eyepiece.page.evaluate("import('/page/text/en/page.js').then(words => Object.keys(words.default))")
    assert {f"status.{status.value}" for status in Status} <= set(words)
