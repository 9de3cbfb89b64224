"""One driver at a time, on a real server: by events, by requests, by programs, and for those who vanish."""

import http.client as http_client
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from tests.conftest import PATIENCE_S, wait_until
from tests.server.viewers import BareViewer, Viewer, viewing
from tests.serving import Served


def control_of(http: httpx.Client) -> dict[str, Any]:
    state: dict[str, Any] = http.get("/api/state").json()["control"]
    return state


def driver_of(http: httpx.Client) -> str | None:
    driver = control_of(http)["driver"]
    return str(driver["id"]) if driver else None


def stage_of(http: httpx.Client) -> dict[str, Any]:
    state: dict[str, Any] = http.get("/api/stage").json()
    return state


def call(viewer: Viewer, event: str, argument: Any = None) -> dict[str, Any]:
    answer: dict[str, Any] = viewer.client.call(event, argument, timeout=PATIENCE_S)
    return answer


@contextmanager
def page_of(served: Served, viewer: Viewer) -> Iterator[httpx.Client]:
    """What sends a viewer's requests."""
    headers = {"X-Viewer": viewer.client.get_sid()}
    with httpx.Client(base_url=served.url, timeout=PATIENCE_S, headers=headers) as page:
        yield page


@contextmanager
def elsewhere(served: Served) -> Iterator[httpx.Client]:
    """A program on another machine."""
    with httpx.Client(
        base_url=served.url, timeout=PATIENCE_S, transport=httpx.HTTPTransport(local_address="127.0.0.2")
    ) as program:
        yield program


@pytest.fixture(autouse=True)
def nobody_drives(http: httpx.Client, served: Served) -> Iterator[None]:
    yield
    with elsewhere(served) as program:
        program.post("/api/control/release").raise_for_status()
    http.post("/api/control/release").raise_for_status()
    wait_until(lambda: driver_of(http) is None, "the lease's end")
    wait_until(lambda: stage_of(http)["status"] == "ready", "the stage's rest")


DRIVING = [
    ("POST", "/api/stage/move", {"x_um": 1}),
    ("POST", "/api/stage/jog", {"x_um": 1}),
    ("POST", "/api/stage/home", {}),
    ("POST", "/api/stage/set-position", {"x_um": 0}),
    ("PUT", "/api/light", {"brightness": 0.5}),
    ("PATCH", "/api/camera", {"zoom": {"x": 0, "y": 0, "size": 1}}),
    ("POST", "/api/camera/reset", None),
    ("POST", "/api/camera/white-balance", None),
    ("POST", "/api/camera/autofocus", None),
]


def test_what_drives_is_refused_to_all_but_the_driver_and_a_stop_to_nobody(http: httpx.Client, served: Served) -> None:
    with viewing(served) as ada, viewing(served) as bob, page_of(served, ada) as hers, page_of(served, bob) as his:
        hers.post("/api/stage/jog", json={"x_um": 5}).raise_for_status()
        assert driver_of(http) == ada.client.get_sid()
        with elsewhere(served) as program:
            for caller in (his, program):
                for method, path, body in DRIVING:
                    answer = caller.request(method, path, json=body)
                    assert (answer.status_code, answer.json()["type"]) == (409, "urn:eyepiece:control-held"), path
                    assert "drives: ask for control" in answer.json()["detail"]
                    assert answer.json()["driver"]["id"] == ada.client.get_sid()
                for stop in ("stop", "emergency-stop"):
                    assert caller.post(f"/api/stage/{stop}").status_code == 200
        refused = call(bob, "jog", {"x_um": 1})
        assert refused["ok"] is False
        assert refused["driver"]["id"] == ada.client.get_sid()
        assert call(bob, "stop") == call(bob, "emergency_stop") == {"ok": True}
        assert hers.patch("/api/camera", json={"gain": 1}).status_code == 200


def test_another_stops_the_driver_in_motion(http: httpx.Client, served: Served) -> None:
    with viewing(served) as ada, viewing(served) as bob, page_of(served, ada) as hers, ThreadPoolExecutor(1) as pool:
        moving = pool.submit(hers.post, "/api/stage/move", json={"x_um": 9000})
        wait_until(lambda: stage_of(http)["position"]["x_um"] > 100, "the motion")
        assert call(bob, "stop") == {"ok": True}
        assert moving.result(PATIENCE_S).json()["type"] == "urn:eyepiece:device-stopped"
        assert driver_of(http) == ada.client.get_sid()


def test_control_is_asked_for_given_and_released_and_everybody_is_told(http: httpx.Client, served: Served) -> None:
    with viewing(served) as ada, viewing(served) as bob:
        one, two = ada.client.get_sid(), bob.client.get_sid()
        assert call(ada, "ask_control") == {"ok": True, "driving": True}
        assert call(bob, "ask_control") == {"ok": True, "driving": False}
        assert [somebody["id"] for somebody in control_of(http)["waiting"]] == [two]
        assert call(bob, "give_control", {"id": two})["ok"] is False
        assert call(ada, "give_control", {"id": two}) == {"ok": True}
        assert driver_of(http) == two
        assert call(bob, "release_control") == {"ok": True}
        assert driver_of(http) is None

        def told() -> list[str | None]:
            states = [signal["args"]["p0"] for signal in ada.signals if signal["name"] == "control_changed"]
            return [state["driver"] and state["driver"]["id"] for state in states]

        wait_until(lambda: told() and told()[-1] is None, "the news of the release")
        assert [one, two] == [driver for n, driver in enumerate(told()) if driver and driver not in told()[:n]]
        assert ada.state is not None
        assert ada.state["control"] == {"driver": None, "since": None, "waiting": [], "present": 1}


@pytest.mark.parametrize("argument", [None, [], "x", {"id": 5}, {"id": "nobody"}])
def test_control_given_to_nobody_is_refused(served: Served, argument: Any) -> None:
    with viewing(served) as ada:
        assert call(ada, "ask_control")["driving"] is True
        assert call(ada, "give_control", argument)["ok"] is False
        assert call(ada, "jog", {"x_um": 1})["ok"] is True


def test_a_driver_that_vanishes_stops_its_move_and_the_next_in_the_row_drives(
    http: httpx.Client, served: Served
) -> None:
    with viewing(served) as bob, ThreadPoolExecutor(1) as pool:
        with viewing(served) as ada, page_of(served, ada) as hers:
            http.post("/api/stage/move", json={"x_um": 0}).raise_for_status()
            moving = pool.submit(hers.post, "/api/stage/move", json={"x_um": 9000})
            wait_until(lambda: stage_of(http)["position"]["x_um"] > 100, "the motion")
            assert call(bob, "ask_control")["driving"] is False
            ada.client.disconnect()
            assert moving.result(PATIENCE_S).status_code == 409
        wait_until(lambda: driver_of(http) == bob.client.get_sid(), "the next driver")
        assert 0 < stage_of(http)["position"]["x_um"] < 9000


def test_a_dead_connection_stops_the_motion_before_it_is_given_up(http: httpx.Client, served: Served) -> None:
    silent = BareViewer(served.url)
    try:
        silent.say('420["jog",{"y_um":-9000}]')
        silent.read_until("430")
        # It reads no more, and answers no ping: as a tablet that was carried out of the room.
        wait_until(lambda: driver_of(http) is None, "the end of its lease")
        assert len(http.get("/api/figures").json()["now"]["viewers"]) == 1  # its connection is still there
    finally:
        silent.end()


def test_a_program_that_hangs_up_stops_its_move(http: httpx.Client, served: Served) -> None:
    def x_um() -> float:
        return float(stage_of(http)["position"]["x_um"])

    before_um = x_um()
    target_um = -9000 if before_um > 0 else 9000
    program = http_client.HTTPConnection("127.0.0.1", httpx.URL(served.url).port, source_address=("127.0.0.2", 0))
    program.request("POST", "/api/stage/move", json.dumps({"x_um": target_um}), {"Content-Type": "application/json"})
    wait_until(lambda: x_um() != before_um, "the motion")
    program.close()
    wait_until(lambda: stage_of(http)["status"] == "ready", "the end of the motion")
    assert x_um() != target_um
    assert driver_of(http) is None


def test_a_viewer_that_is_not_there_sends_no_requests(http: httpx.Client, served: Served) -> None:
    with viewing(served) as ada, elsewhere(served) as program:
        for viewer in ("nobody", ada.client.get_sid()):  # hers is of another machine
            answer = program.post("/api/stage/jog", json={"x_um": 1}, headers={"X-Viewer": viewer})
            assert (answer.status_code, answer.json()["type"]) == (422, "urn:eyepiece:invalid-request")
    assert driver_of(http) is None
