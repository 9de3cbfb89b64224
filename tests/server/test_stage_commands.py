"""Emergency stops, jogs that end with their viewer, and homing by eye, on a real server."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.conftest import PATIENCE_S, wait_until
from tests.server.viewers import viewing
from tests.serving import Served


def stage_of(http: httpx.Client) -> dict[str, Any]:
    state: dict[str, Any] = http.get("/api/stage").json()
    return state


@pytest.fixture(autouse=True)
def at_origin(http: httpx.Client) -> Iterator[None]:
    """Each test begins with the stage at the origin, and leaves it with a position that is trusted."""
    wait_until(lambda: stage_of(http)["status"] == "ready", "the stage's rest")
    http.post("/api/stage/move", json={"x_um": 0, "y_um": 0, "z_um": 0}).raise_for_status()
    yield
    wait_until(lambda: stage_of(http)["status"] == "ready", "the stage's rest")
    http.post("/api/stage/set-position", json=stage_of(http)["position"]).raise_for_status()


@pytest.mark.parametrize("way", ["request", "event"])
def test_an_emergency_stop_leaves_doubt_until_the_position_is_set(http: httpx.Client, served: Served, way: str) -> None:
    with ThreadPoolExecutor(1) as pool, viewing(served) as viewer:
        move = {"x_um": 9000}
        answer = pool.submit(httpx.post, f"{served.url}/api/stage/move", json=move, timeout=PATIENCE_S)
        # Past its ramp: it cannot stop at once without losing steps.
        wait_until(lambda: stage_of(http)["position"]["x_um"] > 300, "full speed")
        if way == "request":
            assert http.post("/api/stage/emergency-stop").json()["x_um"] > 0
        else:
            assert viewer.client.call("emergency_stop", timeout=PATIENCE_S) == {"ok": True}
        details = answer.result().json()
    assert details["detail"] == "the motion was ended by an emergency stop"
    state = wait_until(lambda: (now := stage_of(http))["status"] == "ready" and now)
    assert state["position_trusted"] is False
    assert [state["axes"][axis]["position_trusted"] for axis in "xyz"] == [False, True, True]
    here = state["position"]
    assert http.post("/api/stage/set-position", json={"x_um": here["x_um"]}).json() == here
    assert stage_of(http)["position_trusted"] is True


@pytest.mark.parametrize("body", [{}, {"x_um": "middle"}, {"x_um": 20_000}, {"w_um": 1}, {"x_um": None}])
def test_a_position_that_cannot_be_is_refused(http: httpx.Client, body: dict[str, Any]) -> None:
    answer = http.post("/api/stage/set-position", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert stage_of(http)["position"]["x_um"] == 0


def test_a_jog_by_event_goes_and_is_answered(http: httpx.Client, served: Served) -> None:
    with viewing(served) as viewer:
        told = viewer.client.call("jog", {"x_um": 40, "z_um": -3}, timeout=PATIENCE_S)
        assert told == {"ok": True, "target": {"x_um": 40, "y_um": 0, "z_um": -3}}
        wait_until(lambda: stage_of(http)["position"] == {"x_um": 40, "y_um": 0, "z_um": -3})


@pytest.mark.parametrize(
    ("argument", "told"),
    [
        (None, "a jog is an object"),
        ([1], "a jog is an object"),
        ({"w_um": 1}, "a jog is an object"),
        ({"x_um": "far"}, "x_um must be a number"),
        ({"x_um": True}, "x_um must be a number"),
        ({"x_um": 1e300}, "x_um must be a number"),
        ({}, "name at least one axis"),
        ({"x_um": 0.01}, "less than one step"),
    ],
)
def test_a_jog_that_makes_no_sense_is_refused(http: httpx.Client, served: Served, argument: Any, told: str) -> None:
    with viewing(served) as viewer:
        answer = viewer.client.call("jog", argument, timeout=PATIENCE_S)
    assert answer["ok"] is False
    assert told in answer["error"]
    assert answer["code"] == "invalid-request"
    assert stage_of(http)["position"]["x_um"] == 0


@pytest.mark.parametrize("its_own", [True, False])
def test_a_jog_ends_with_its_viewer_and_with_no_other(http: httpx.Client, served: Served, its_own: bool) -> None:
    with viewing(served) as other:
        with viewing(served) as viewer:
            pusher = viewer if its_own else other
            assert pusher.client.call("jog", {"x_um": 5000}, timeout=PATIENCE_S)["ok"] is True
            wait_until(lambda: stage_of(http)["position"]["x_um"] > 100, "the jog")
        wait_until(lambda: stage_of(http)["status"] == "ready", "its end")
        assert (stage_of(http)["position"]["x_um"] < 5000) is its_own
    assert stage_of(http)["position_trusted"] is True
