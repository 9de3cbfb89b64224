"""Objectives and named places on a real server: over HTTP, and as viewers are told."""

import io
import json
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image
from PIL.ExifTags import Base

from tests.conftest import wait_until
from tests.server.viewers import viewing
from tests.serving import Served


@pytest.fixture(autouse=True)
def as_at_first(http: httpx.Client) -> None:
    """Each test begins at the origin, with the 10x in place, and no place named."""
    http.patch("/api/optics", json={"objective": "10x"}).raise_for_status()
    http.post("/api/stage/move", json={"x_um": 0, "y_um": 0, "z_um": 0}).raise_for_status()
    for place in http.get("/api/places").json():
        http.delete(f"/api/places/{place['id']}").raise_for_status()


def told(viewer: Any, name: str) -> list[Any]:
    """What a viewer heard under a signal's name."""
    return [signal["args"]["p0"] for signal in viewer.signals if signal["name"] == name]


def refusal(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    details: dict[str, Any] = answer.json()
    return details


def live_picture(http: httpx.Client) -> np.ndarray[Any, np.dtype[np.float64]]:
    picture = Image.open(io.BytesIO(http.get("/snapshot.jpg").content)).convert("L")
    return np.asarray(picture.resize((320, 180), Image.Resampling.BOX), dtype=float)


def test_picture_steps_and_stills_follow_the_objective(http: httpx.Client, served: Served) -> None:
    whole = live_picture(http)
    with viewing(served) as viewer:
        state = http.patch("/api/optics", json={"objective": "20x"}).json()
        wait_until(lambda: told(viewer, "optics_changed") == [state], "the news")
        twenty = next(each for each in state["objectives"] if each["id"] == state["objective"])
        assert twenty["steps_um"]["xy"] == [0.5, 5, 50, 500]
        assert http.get("/api/state").json()["optics"] == state == http.get("/api/optics").json()
    middle = Image.fromarray(whole[45:135, 80:240]).resize((320, 180), Image.Resampling.BICUBIC)

    def likeness() -> float:
        return float(np.corrcoef(np.asarray(middle).ravel(), live_picture(http).ravel())[0, 1])

    wait_until(lambda: likeness() > 0.8, "the middle of the field, twice as large")
    record = http.post("/api/camera/still").json()
    exif = Image.open(io.BytesIO(http.get(record["url"]).content)).getexif()
    facts = json.loads(exif[Base.ImageDescription])
    assert facts["objective"] == "20x"
    assert facts["um_per_px"] == pytest.approx(record["um_per_px"], abs=1e-6)
    assert record["um_per_px"] == twenty["um_per_px"]
    assert record["um_per_px"] == pytest.approx(0.125 * 1280 / 3280, rel=1e-5)
    assert 10_000 / float(exif[Base.XResolution]) == pytest.approx(record["um_per_px"], rel=1e-4)


def test_an_objective_of_ones_own(http: httpx.Client) -> None:
    answer = http.post("/api/optics/objectives", json={"name": "60x oil", "magnification": 60})
    assert (answer.status_code, answer.headers["location"]) == (201, "/api/optics/objectives/60x-oil")
    path = answer.headers["location"]
    assert http.patch(path, json={"um_per_px": 0.02, "numerical_aperture": 1.3}).json()["um_per_px"] == 0.02
    assert http.patch(path, json={"numerical_aperture": None}).json()["numerical_aperture"] is None
    http.patch("/api/optics", json={"objective": "60x-oil"}).raise_for_status()
    assert "in place" in refusal(http.delete(path), 422)["detail"]
    assert http.post("/api/camera/still").json()["um_per_px"] == 0.02
    http.patch("/api/optics", json={"objective": "10x"}).raise_for_status()
    assert http.delete(path).status_code == 204
    assert refusal(http.delete(path), 404)["allowed"] == ["4x", "10x", "20x", "40x"]


@pytest.mark.parametrize(
    ("method", "path", "body", "words"),
    [
        ("POST", "/api/optics/objectives", {"name": "a"}, "body.magnification: Field required"),
        ("POST", "/api/optics/objectives", {"name": " ", "magnification": 1}, "body.name: "),
        ("POST", "/api/optics/objectives", {"name": "4X", "magnification": 4}, "an objective 4x already"),
        ("PATCH", "/api/optics/objectives/4x", {"magnification": 0}, "greater than or equal to 0.1"),
        ("PATCH", "/api/optics/objectives/4x", {"name": None}, "body.name: "),
        ("PATCH", "/api/optics/objectives/4x", {"id": "5x"}, "body.id: Extra inputs"),
        ("PATCH", "/api/optics", {"objective": 10}, "body.objective: "),
        ("POST", "/api/places", {}, "body.name: Field required"),
        ("POST", "/api/places", {"name": "a", "position": {}}, "at least one of x_um, y_um and z_um"),
        ("POST", "/api/places", {"name": "a", "position": {"x_um": "here"}}, "body.position.x_um: "),
    ],
)
def test_what_cannot_be_is_refused(http: httpx.Client, method: str, path: str, body: Any, words: str) -> None:
    before = http.get("/api/state").json()
    assert words in refusal(http.request(method, path, json=body), 422)["detail"]
    after = http.get("/api/state").json()
    assert (after["optics"], after["places"]) == (before["optics"], before["places"])


def test_places_are_named_gone_to_renamed_and_deleted(http: httpx.Client, served: Served) -> None:
    http.post("/api/stage/move", json={"x_um": 30, "z_um": 2}).raise_for_status()
    with viewing(served) as viewer:
        here = http.post("/api/places", json={"name": "Gland"}).json()
        assert here["position"] == {"x_um": 30, "y_um": 0, "z_um": 2}
        there = http.post("/api/places", json={"name": "edge", "position": {"y_um": -20}}).json()
        assert http.get("/api/places").json() == [there, here]
        wait_until(lambda: told(viewer, "places_changed")[-1:] == [[there, here]], "the news")
    assert http.post(f"/api/places/{there['id']}/go").json() == {"x_um": 30, "y_um": -20, "z_um": 2}
    assert http.post(f"/api/places/{here['id']}/go").json() == here["position"]
    renamed = http.patch(f"/api/places/{here['id']}", json={"name": "Crypt"}).json()
    assert renamed == {**here, "name": "Crypt"} == http.get("/api/state").json()["places"][0]
    assert "a place edge already" in refusal(http.post("/api/places", json={"name": "Edge"}), 422)["detail"]
    assert http.delete(f"/api/places/{here['id']}").status_code == 204
    refusal(http.post(f"/api/places/{here['id']}/go"), 404)


def test_a_place_beyond_the_limits_is_not_gone_to(http: httpx.Client) -> None:
    place = http.post("/api/places", json={"name": "far", "position": {"x_um": 20_000}}).json()
    details = refusal(http.post(f"/api/places/{place['id']}/go"), 422)
    assert (details["axis"], details["maximum_um"]) == ("x", 10_000)
    assert http.get("/api/stage").json()["position"]["x_um"] == 0
