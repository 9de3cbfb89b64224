"""Camera and lamp in the hand: finding focus, clipping, sliders that do not quarrel, lamps of several colours."""

import re
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from playwright.sync_api import Browser, Locator, expect

from tests.conftest import PATIENCE_S, wait_until
from tests.page.visit import Visit, visit
from tests.serving import serving

_LAMPS = """
[camera]
driver = "simulated"
[light]
driver = "simulated"
[light.channels.white]
initial = 0.5
[light.channels.far-red]
name = "Far red"
colour = "#ff0000"
"""
_MARKED = """canvas => {
  // Read from a copy: a canvas that is read becomes slow to paint.
  const copy = new OffscreenCanvas(canvas.width, canvas.height);
  const context = copy.getContext('2d', { willReadFrequently: true });
  context.drawImage(canvas, 0, 0);
  return context.getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean);
}"""


def _settings(http: httpx.Client) -> Any:
    return http.get("/api/camera").json()["settings"]


def _seen(panel: Locator) -> Locator:
    panel.scroll_into_view_if_needed()
    return panel


def test_focus_is_found_by_watching_the_graph(eyepiece: Visit, http: httpx.Client) -> None:
    page = eyepiece.page
    graph = _seen(page.locator("focus-graph"))
    part = graph.get_by_role("meter")
    expect(part).to_have_text("100 %")
    for z_um in (-60, -30, 30):
        http.post("/api/stage/move", json={"z_um": z_um}).raise_for_status()
        eyepiece.wait_for_frames(3)
    expect(part).to_have_text(re.compile(r"^[1-4]?\d %$"))
    eyepiece.button("To the sharpest").click()
    expect(graph.get_by_role("status")).to_have_text("In focus.")
    wait_until(lambda: abs(http.get("/api/state").json()["stage"]["position"]["z_um"]) < 3, "the specimen's focus")
    expect(part).to_have_text(re.compile(r"^(9[7-9]|100) %$"))


def test_what_is_clipped_is_counted_and_marked(eyepiece: Visit, http: httpx.Client) -> None:
    histogram = _seen(eyepiece.page.locator("histogram-graph")).get_by_role("img")
    expect(histogram).to_have_accessible_name("Histogram of the brightness: black 0 %, blown out 0 %")
    mark = eyepiece.button("Mark clipped")
    mark.click()
    expect(mark).to_have_attribute("aria-pressed", "true")
    canvas = eyepiece.page.locator("clipping-overlay canvas")
    wait_until(lambda: not canvas.evaluate(_MARKED), "a picture without marks")
    http.patch("/api/camera", json={"exposure_us": 100_000}).raise_for_status()
    expect(histogram).to_have_accessible_name(re.compile(r"black 0 %, blown out [3-9]\d %$"))
    wait_until(lambda: canvas.evaluate(_MARKED), "marks")
    http.patch("/api/light", json={"on": False}).raise_for_status()
    expect(histogram).to_have_accessible_name(re.compile(r"black (9\d|100) %, blown out 0 %$"))
    mark.click()
    expect(canvas).to_have_count(0)


def test_a_thumb_that_is_held_stays_and_then_shows_what_is_in_force(eyepiece: Visit, http: httpx.Client) -> None:
    page = eyepiece.page
    box = _seen(eyepiece.slider("Gain")).bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 9, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, y, steps=5)
    figure = page.get_by_label("Gain, figure")
    held = figure.input_value()
    wait_until(lambda: abs(_settings(http)["gain"] - float(held[:-1])) < 0.1, "the gain under the thumb")
    http.patch("/api/camera", json={"gain": 2, "exposure_us": 3000}).raise_for_status()
    expect(page.get_by_label("Exposure, figure")).to_have_value("3.00 ms")
    expect(figure).to_have_value(held)
    page.mouse.up()
    expect(figure).to_have_value("2.0\u00d7")


def test_exposure_halts_at_thirds_of_a_stop(eyepiece: Visit, http: httpx.Client) -> None:
    slider, figure = _seen(eyepiece.slider("Exposure")), eyepiece.page.get_by_label("Exposure, figure")
    for key, shown in (("ArrowRight", "12.5 ms"), ("PageDown", "6.40 ms"), ("ArrowLeft", "5.00 ms")):
        slider.press(key)
        expect(figure).to_have_value(shown)
    wait_until(lambda: _settings(http)["exposure_us"] == 5000, "the exposure")
    eyepiece.move_slider("Exposure", 0.31)
    expect(figure).to_have_value(re.compile(r"^(640|800) µs$"))


def test_a_viewer_chooses_what_it_is_sent(eyepiece: Visit) -> None:
    page = eyepiece.page
    eyepiece.button("More: colour and frame rate").click()
    sizes = _seen(page.get_by_role("group", name="Sent to this screen"))
    for name, shown in (("Half", "640 \u00d7 360"), ("Full", "1280 \u00d7 720")):
        sizes.get_by_role("button", name=name).click()
        expect(page.locator("camera-panel .shown")).to_contain_text(shown)
    for name in ("960 \u00d7 540", "1280 \u00d7 720"):
        eyepiece.button(name).click()
        expect(page.locator("camera-panel .shown")).to_contain_text(name)


def test_lamps_of_several_colours(browser: Browser, tmp_path: Path) -> None:
    rig = tmp_path / "microscope.toml"
    rig.write_text(_LAMPS)
    with serving(tmp_path / "data", "--config", str(rig)) as served, visit(browser, served.url) as eyepiece:

        def colours() -> Any:
            return eyepiece.picture().reshape(-1, 3).mean(axis=0)

        def lamps() -> list[Any]:
            state = httpx.get(f"{served.url}/api/light", timeout=PATIENCE_S).json()
            return [(lamp["on"], lamp["brightness"]) for lamp in state["channels"]]

        eyepiece.wait_for_frames(1)
        red, figure = eyepiece.button("Lamp Far red"), eyepiece.page.get_by_label("Far red, figure")
        expect(red).to_have_attribute("aria-pressed", "false")
        figure.fill("40")
        figure.press("Enter")
        red.click()
        eyepiece.button("Lamp White").click()
        wait_until(lambda: lamps() == [(False, 0.5), (True, 0.4)], "red alone")
        wait_until(lambda: colours()[0] > 3 * np.max(colours()[1:]), "a red picture")
        eyepiece.button("All lamps: On").click()
        wait_until(lambda: colours().max() < 10, "the dark")
        assert lamps() == [(False, 0.5), (False, 0.4)]
        eyepiece.button("All lamps: Off").click()
        wait_until(lambda: lamps() == [(False, 0.5), (True, 0.4)], "what was lit before")
        assert eyepiece.errors == []
