"""The HTTP face of a real server on the simulated rig."""

import io
import threading
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.conftest import PATIENCE_S, wait_until
from tests.server.answers import brightness, problem
from tests.serving import Served

pytestmark = pytest.mark.usefixtures("at_rest")


def test_health(http: httpx.Client) -> None:
    answer = http.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "threads": {"camera": True, "stage": True, "light": True}}


def test_state_has_everything(http: httpx.Client) -> None:
    state = http.get("/api/state").json()
    assert state["server"]["simulated"] == ["camera", "stage", "light"]
    assert state["camera"]["info"]["stream_width"] == 1280
    assert state["stage"]["axes"]["x"]["limits_um"] == {"minimum": -10_000, "maximum": 10_000}
    assert state["stage"]["position"] == {"x_um": 0, "y_um": 0, "z_um": 0}
    light = {"on": True, "brightness": 0.5}
    channels = [{"id": "lamp", "name": "Lamp", "colour": "#ffffff", **light}]
    assert state["light"].pop("revision") > 0
    well: dict[str, Any] = {"status": "ready", "fault": None, "fault_facts": {}}
    assert state["light"] == {**well, "channels": channels, "simulated": True, **light}
    assert state["optics"]["objective"] == "10x"
    assert state["places"] == []


def test_openapi_lists_every_route_and_no_get_changes_anything(http: httpx.Client) -> None:
    assert http.get("/docs").status_code == 200
    paths = http.get("/openapi.json").json()["paths"]
    methods = {path: sorted(operations) for path, operations in paths.items()}
    assert methods == {
        "/healthz": ["get"],
        "/api/state": ["get"],
        "/api/camera": ["get", "patch"],
        "/api/camera/reset": ["post"],
        "/api/camera/white-balance": ["post"],
        "/api/camera/autofocus": ["post"],
        "/api/camera/still": ["post"],
        "/api/stage": ["get"],
        "/api/stage/move": ["post"],
        "/api/stage/jog": ["post"],
        "/api/stage/stop": ["post"],
        "/api/stage/emergency-stop": ["post"],
        "/api/stage/home": ["post"],
        "/api/stage/set-position": ["post"],
        "/api/light": ["get", "patch", "put"],
        "/api/optics": ["get", "patch"],
        "/api/optics/objectives": ["post"],
        "/api/optics/objectives/{objective_id}": ["delete", "patch"],
        "/api/places": ["get", "post"],
        "/api/places/{place_id}": ["delete", "patch"],
        "/api/places/{place_id}/go": ["post"],
        "/api/images": ["get"],
        "/api/images/ids": ["get"],
        "/api/images/trash": ["delete", "get"],
        "/api/images/delete": ["post"],
        "/api/images/restore": ["post"],
        "/api/images/zips": ["post"],
        "/api/images/zips/{token}": ["get"],
        "/api/images/{image_id}": ["delete", "get", "patch"],
        "/api/images/{image_id}/download": ["get"],
        "/api/images/{image_id}/thumbnail": ["get"],
        "/api/images/{image_id}/preview": ["get"],
        "/api/images/{image_id}/facts": ["get"],
        "/api/images/{image_id}/restore": ["post"],
        "/snapshot.jpg": ["get"],
        "/stream.mjpg": ["get"],
        "/metrics": ["get"],
        "/api/figures": ["get"],
        "/api/about": ["get"],
        "/api/backup": ["get"],
        "/api/restore": ["post"],
        "/api/restart": ["post"],
        "/api/control": ["get"],
        "/api/control/ask": ["post"],
        "/api/control/release": ["post"],
        "/api/control/give": ["post"],
        "/api/simulation": ["get"],
        "/api/simulation/faults": ["post"],
        "/api/access": ["get"],
        "/api/access/pair": ["post"],
        "/api/access/leave": ["post"],
        "/api/access/people": ["get"],
        "/api/access/people/{session_id}": ["delete", "patch"],
        "/api/access/guests": ["get", "put"],
        "/api/access/invitations": ["get", "post"],
        "/api/access/invitations/{invitation_id}": ["delete"],
        "/api/access/tokens": ["get", "post"],
        "/api/access/tokens/{token_id}": ["delete"],
    }


def test_move_answers_with_the_final_position(http: httpx.Client) -> None:
    assert http.post("/api/stage/move", json={"x_um": 25.0, "z_um": -3.0}).json() == {"x_um": 25, "y_um": 0, "z_um": -3}
    moved = http.post("/api/stage/move", json={"x_um": -5, "relative": True}).json()
    assert moved == {"x_um": 20, "y_um": 0, "z_um": -3}
    assert http.get("/api/stage").json()["position"] == moved


def test_move_out_of_limits_names_them_and_moves_nothing(http: httpx.Client) -> None:
    details = problem(http.post("/api/stage/move", json={"x_um": 10, "y_um": 20_000}), 422, "out-of-limits")
    assert (details["axis"], details["minimum_um"], details["maximum_um"]) == ("y", -10_000, 10_000)
    assert http.get("/api/stage").json()["position"] == {"x_um": 0, "y_um": 0, "z_um": 0}


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        '{"x": 1}',
        '{"x_um": "far"}',
        '{"x_um": NaN}',
        '{"x_um": 1e999}',
        "[]",
        "x_um=1",
        '{"x_um": 1, "relative": 2.5}',
    ],
)
def test_move_with_bad_bodies(http: httpx.Client, body: str) -> None:
    answer = http.post("/api/stage/move", content=body, headers={"content-type": "application/json"})
    problem(answer, 422, "invalid-request")
    assert http.get("/api/stage").json()["position"]["x_um"] == 0


def test_busy_stage_refuses_but_stops_and_the_rest_goes_on(http: httpx.Client, served: Served) -> None:
    answers: list[httpx.Response] = []
    mover = threading.Thread(
        target=lambda: answers.append(
            httpx.post(f"{served.url}/api/stage/move", json={"x_um": 9000}, timeout=PATIENCE_S)
        )
    )
    mover.start()
    wait_until(lambda: http.get("/api/stage").json()["status"] == "busy", "the move's start")
    problem(http.post("/api/stage/move", json={"x_um": 1}), 409, "device-busy")
    problem(http.post("/api/stage/home"), 409, "device-busy")
    problem(http.post("/api/stage/jog", json={"x_um": 1}), 409, "device-busy")
    for _ in range(5):  # none of these waits for the 4.5 s that the move takes
        assert http.get("/snapshot.jpg").status_code == 200
        assert http.put("/api/light", json={"brightness": 0.5}).status_code == 200
    assert not answers
    stopped_at = http.post("/api/stage/stop").json()["x_um"]
    mover.join(PATIENCE_S)
    details = problem(answers[0], 409, "device-stopped")
    assert 0 < stopped_at <= details["position"]["x_um"] < 9000
    assert http.get("/api/stage").json()["position"] == details["position"]


def test_jog_goes_and_ends_by_itself(http: httpx.Client) -> None:
    answer = http.post("/api/stage/jog", json={"x_um": 50, "y_um": -20})
    assert answer.status_code == 202
    assert answer.json() == {"target": {"x_um": 50, "y_um": -20, "z_um": 0}}
    wait_until(lambda: http.get("/api/stage").json()["position"] == {"x_um": 50, "y_um": -20, "z_um": 0})


def test_jog_against_the_limit(http: httpx.Client) -> None:
    http.post("/api/stage/move", json={"z_um": 1000}).raise_for_status()
    details = problem(http.post("/api/stage/jog", json={"z_um": 5}), 422, "out-of-limits")
    assert details["limits_um"] == {"z": [-1000, 1000]}


def test_home_sets_the_position_at_the_switch(http: httpx.Client) -> None:
    assert http.post("/api/stage/home", json={"axes": ["z"]}).json()["z_um"] == -1000
    problem(http.post("/api/stage/home", json={"axes": ["w"]}), 422, "invalid-request")
    problem(http.post("/api/stage/home", json={"axes": []}), 422, "invalid-request")


def test_light(http: httpx.Client) -> None:
    bright = brightness(http)
    assert http.put("/api/light", json={"brightness": 0.1}).json()["brightness"] == 0.1
    dim = brightness(http)
    assert http.put("/api/light", json={"brightness": 0.1, "on": False}).json()["on"] is False
    wait_until(lambda: brightness(http) < 0.5 * dim < 0.5 * bright, "darkness")
    for bad in ({}, {"brightness": 2}, {"brightness": -0.1}, {"brightness": "full"}, {"brightness": 1, "color": 1}):
        problem(http.put("/api/light", json=bad), 422, "invalid-request")
    assert http.get("/api/light").json()["brightness"] == 0.1


def test_light_channels(http: httpx.Client) -> None:
    def patch(change: dict[str, Any]) -> Any:
        return http.patch("/api/light", json=change).raise_for_status().json()

    assert patch({"channels": {"lamp": {"brightness": 0.25}}})["brightness"] == 0.25
    assert patch({"on": False})["channels"][0]["on"] is False
    assert patch({})["on"] is False
    assert patch({"on": True})["channels"][0]["brightness"] == 0.25
    told = problem(http.patch("/api/light", json={"channels": {"laser": {"on": True}}}), 422, "invalid-request")
    assert told["allowed"] == ["lamp"]
    for bad in ({"channels": {"lamp": {"brightness": 2}}}, {"channels": {"lamp": {"red": 1}}}, {"brightness": 1}):
        problem(http.patch("/api/light", json=bad), 422, "invalid-request")
    assert http.get("/api/light").json()["brightness"] == 0.25


@pytest.mark.parametrize("image_format", ["jpeg", "png", "tiff"])
def test_still_is_stored_listed_served_and_deleted(http: httpx.Client, image_format: str) -> None:
    http.post("/api/stage/move", json={"x_um": 30}).raise_for_status()
    answer = http.post("/api/camera/still", json={"format": image_format})
    assert answer.status_code == 201
    record = answer.json()
    assert answer.headers["location"] == record["url"]
    assert record["position"]["x_um"] == 30
    assert (record["width"], record["height"]) == (3280, 2464)
    assert http.get("/api/images").json()["images"][0] == record
    picture = http.get(record["url"])
    assert picture.headers["content-type"] == f"image/{image_format}"
    assert len(picture.content) == record["size_bytes"]
    opened = Image.open(io.BytesIO(picture.content))
    assert opened.format == image_format.upper()
    assert opened.size == (3280, 2464)
    assert http.delete(record["url"]).status_code == 200
    problem(http.get(record["url"]), 404, "not-found")
    problem(http.delete(record["url"]), 404, "not-found")
    assert record not in http.get("/api/images").json()["images"]


def test_still_without_a_body_is_a_jpeg_and_an_unknown_format_is_refused(http: httpx.Client) -> None:
    assert http.post("/api/camera/still").json()["media_type"] == "image/jpeg"
    details = problem(http.post("/api/camera/still", json={"format": "bmp"}), 422, "invalid-request")
    assert "'jpeg', 'png', 'tiff' or 'dng'" in details["detail"]


def test_a_still_with_an_overlay_has_an_annotated_copy(http: httpx.Client) -> None:
    overlay = {"scale_bar": True, "measurements": [{"kind": "ruler", "points": [{"x_um": 0, "y_um": 0}] * 2}]}
    record = http.post("/api/camera/still", json={"overlay": overlay}).json()
    assert record["annotates"] is None
    [copy] = [image for image in http.get("/api/images").json()["images"] if image["annotates"] == record["id"]]
    size, copied = (Image.open(io.BytesIO(http.get(image["url"]).content)).size for image in (record, copy))
    assert size == copied
    wrong = http.post("/api/camera/still", json={"overlay": {"measurements": [{"kind": "circle"}]}})
    assert "'ruler', 'angle'" in problem(wrong, 422, "invalid-request")["detail"]


@pytest.mark.parametrize(
    "path", ["/api/images/..%2fposition", "/api/images/%00", "/api/nothing", "/page/../__main__.py"]
)
def test_no_such_thing(http: httpx.Client, path: str) -> None:
    answer = http.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("origin", ["http://elsewhere.example", "null", "http://127.0.0.1:1", "http://["])
def test_pages_from_elsewhere_cannot_drive(http: httpx.Client, origin: str) -> None:
    headers = {"origin": origin, "content-type": "text/plain"}
    problem(http.post("/api/stage/home", headers=headers), 403, "foreign")
    problem(http.post("/api/camera/still", headers=headers), 403, "foreign")
    assert http.get("/api/stage").json()["position"]["z_um"] == 0
    own = str(http.base_url).rstrip("/")
    assert http.post("/api/stage/stop", headers={"origin": own}).status_code == 200


def test_oversized_body_is_refused(http: httpx.Client) -> None:
    body = b'{"x_um": 1' + b" " * 1_000_000 + b"}"
    answer = http.post("/api/stage/move", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.text) == (413, "Content Too Large")


def test_snapshot_is_never_older_than_its_request(http: httpx.Client) -> None:
    for brightness_asked in (0.05, 0.5) * 3:
        http.put("/api/light", json={"brightness": brightness_asked}).raise_for_status()
        grey = brightness(http)
        assert (grey > 120) is (brightness_asked > 0.1), grey


def test_page_files_are_asked_for_again_and_not_sent_again(http: httpx.Client) -> None:
    for path in ("/", "/page/store.js"):
        first = http.get(path)
        assert first.headers["cache-control"] == "no-cache"
        again = http.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_wrong_method(http: httpx.Client) -> None:
    answer = http.get("/api/stage/stop")
    assert answer.status_code == 405
    assert answer.headers["content-type"] == "application/problem+json"
