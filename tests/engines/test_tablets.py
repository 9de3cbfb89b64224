"""Live picture, stage and stills in the engines of other tablets than Chromium's."""

import os
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import numpy as np
import pytest

from tests.conftest import wait_until
from tests.engines.tablet import Tablet
from tests.serving import Served


@pytest.fixture(autouse=True)
def look(tablet: Tablet, request: pytest.FixtureRequest) -> Iterator[None]:
    """Leave a picture of how each test ended for whoever wants to look (``EYEPIECE_SCREENSHOTS``: a folder)."""
    yield
    if folder := os.environ.get("EYEPIECE_SCREENSHOTS"):
        name = re.sub(r"\W+", "-", request.node.name).strip("-")
        (Path(folder) / f"{name}.png").write_bytes(tablet.engine.screenshot())


def _x_um(http: httpx.Client) -> float:
    x_um: float = http.get("/api/stage").json()["position"]["x_um"]
    return x_um


def _rest(http: httpx.Client) -> float:
    """Wait until the stage has stood for longer than a jog's steps are apart; returns where."""
    tick = threading.Event()

    def stands() -> bool:
        before = _x_um(http)
        tick.wait(1)
        return http.get("/api/stage").json()["status"] == "ready" and _x_um(http) == before

    wait_until(stands, "rest")
    return _x_um(http)


def test_frames_are_painted_and_follow_the_stage(tablet: Tablet, http: httpx.Client) -> None:
    wait_until(lambda: tablet.picture().std() > 10, "a picture")
    before = tablet.picture()
    http.post("/api/stage/move", json={"x_um": 400}).raise_for_status()
    wait_until(lambda: np.abs(tablet.picture() - before).mean() > 10, "the picture of another place")


def test_rate_and_latency_are_shown(tablet: Tablet) -> None:
    tablet.wait_for(r"^\s*[1-9]\d*\.\d fps\b")
    tablet.wait_for(r"age +\d+ ms")


def test_a_held_button_moves_the_stage_and_letting_go_stops_it(tablet: Tablet, http: httpx.Client) -> None:
    tablet.press("button", "Right")
    wait_until(lambda: _x_um(http) > 250, "more than two steps")
    tablet.let_go()
    assert _rest(http) < 5000  # where it goes on, it ends at the limit


def test_the_stop_button_ends_a_move_under_way(tablet: Tablet, http: httpx.Client) -> None:
    with ThreadPoolExecutor(1) as pool:
        move = pool.submit(http.post, "/api/stage/move", json={"x_um": 9000})
        tablet.wait_for("^moving$")
        tablet.tap("button", "Stop")
        assert move.result().status_code == 409
    assert _rest(http) < 9000


def test_a_still_is_taken_and_shown_in_the_gallery(tablet: Tablet, http: httpx.Client) -> None:
    before = tablet.pictures()
    tablet.tap("button", "Take a still")
    wait_until(lambda: any("/api/images/" in url for url in tablet.pictures() - before), "the still")
    tablet.tap("link", "Gallery")
    tablet.wait_for("^Gallery$")


def test_it_comes_back_after_a_restart_and_a_reload(tablet: Tablet, served: Served) -> None:
    tablet.excused = "/socket.io/"  # it cannot be reached for a while
    served.restart()
    tablet.wait_for("^Connected$")
    wait_until(lambda: tablet.picture().std() > 10, "a picture")
    tablet.engine.open(f"{served.url}/")
    wait_until(lambda: tablet.picture().std() > 10, "a picture")
