"""The camera over HTTP, on the simulated rig."""

import io
import json
from typing import Any

import httpx
import pytest
from PIL import Image
from PIL.ExifTags import Base

from tests.conftest import wait_until
from tests.server.answers import brightness, problem

pytestmark = pytest.mark.usefixtures("at_rest")


def test_camera_settings(http: httpx.Client) -> None:
    bright = brightness(http)
    state = http.patch("/api/camera", json={"exposure_us": 2000}).json()
    assert state["settings"]["exposure_us"] == 2000
    assert state["settings"]["gain"] == 1.0
    wait_until(lambda: brightness(http) < 0.8 * bright, "the shorter exposure")
    small = len(http.get("/snapshot.jpg").content)
    http.patch("/api/camera", json={"jpeg_quality": 10}).raise_for_status()
    wait_until(lambda: len(http.get("/snapshot.jpg").content) < 0.6 * small, "the lower quality")


@pytest.mark.parametrize(
    "change",
    [
        {"exposure_us": 0},
        {"exposure_us": 500_000_000},
        {"gain": 1000},
        {"gain": -1},
        {"jpeg_quality": 101},
        {"iso": 100},
        [],
    ],
)
def test_refused_camera_settings_change_nothing(http: httpx.Client, change: Any) -> None:
    before = http.get("/api/camera").json()["settings"]
    problem(http.patch("/api/camera", json=change), 422, "invalid-request")
    assert http.get("/api/camera").json()["settings"] == before


def test_camera_settings_are_set_told_and_reset(http: httpx.Client) -> None:
    begun = http.get("/api/camera").json()["settings"]
    change = {"red_gain": 1.5, "blue_gain": 0.75, "fps": 12.5, "zoom": {"x": 0.25, "y": 0.1, "size": 0.5}}
    told = http.patch("/api/camera", json=change).json()["settings"]
    assert told == begun | change
    frame = http.get("/api/camera").json()
    assert frame["settings"] == told
    assert http.post("/api/camera/reset").json()["settings"] == begun


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"red_gain": 20}, "red_gain must be 0.1 to 8, not 20"),
        ({"fps": 1000}, "fps must be 1 to 120, not 1000"),
        ({"zoom": {"x": 0.7, "y": 0, "size": 0.5}}, "zoom.x must be 0 to 0.5, so that the region lies in the field"),
        ({"zoom": {"x": 0, "y": 0, "size": 0.001}}, "zoom.size must be 0.05 to 1, not 0.001"),
        ({"lens_dioptres": 2}, "lens_dioptres cannot be set: this camera has no lens that can be focused"),
        ({"zoom": {"x": 0, "y": 0}}, "body.zoom.size: Field required"),
        ({"zoom": {"x": 0, "y": 0, "size": 2}}, "less than or equal to 1"),
        ({"white": 1}, "body.white: Extra inputs are not permitted"),
        ({"red_gain": "1e999"}, "finite"),
    ],
)
def test_a_wrong_camera_setting_is_refused_with_what_is_allowed(
    http: httpx.Client, change: dict[str, Any], told: str
) -> None:
    begun = http.get("/api/camera").json()["settings"]
    assert told in problem(http.patch("/api/camera", json=change), 422, "invalid-request")["detail"]
    assert http.get("/api/camera").json()["settings"] == begun


def test_what_this_camera_has_not(http: httpx.Client) -> None:
    details = problem(http.post("/api/camera/still", json={"format": "dng"}), 422, "invalid-request")
    assert details["allowed"] == ["jpeg", "png", "tiff"]
    details = problem(http.post("/api/camera/autofocus"), 422, "invalid-request")
    assert "no lens that can focus by itself" in details["detail"]


def test_one_tap_white_balance(http: httpx.Client) -> None:
    http.patch("/api/camera", json={"red_gain": 2.0}).raise_for_status()
    told = http.post("/api/camera/white-balance").json()["settings"]
    assert told["red_gain"] < 1.6
    assert told["auto_white_balance"] is False
    http.put("/api/light", json={"brightness": 0}).raise_for_status()
    details = problem(http.post("/api/camera/white-balance"), 422, "invalid-request")
    assert "too dark" in details["detail"]
    assert http.get("/api/camera").json()["settings"] == told


def test_a_still_says_where_and_how_it_was_taken(http: httpx.Client) -> None:
    http.post("/api/stage/move", json={"x_um": 12}).raise_for_status()
    record = http.post("/api/camera/still").json()
    exif = Image.open(io.BytesIO(http.get(record["url"]).content)).getexif()
    told = json.loads(exif[Base.ImageDescription])
    assert told["position"]["x_um"] == record["position"]["x_um"] == 12
    assert told["um_per_px"] == pytest.approx(record["um_per_px"], abs=1e-6)
    assert record["um_per_px"] == pytest.approx(0.25 * 1280 / 3280, rel=1e-5)
    assert told["objective"] == "10x"
    assert exif[Base.Model] == "simulated"
