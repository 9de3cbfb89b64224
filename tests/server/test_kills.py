"""SIGKILL at random points of captures, settings writes and moves: no completed file is lost, and no position."""

import logging
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.conftest import PATIENCE_S
from tests.serving import Served

log = logging.getLogger(__name__)

OPERATIONS = 500
MIN_KILLS = 6
# The whole of it with a smaller sensor: what is killed is the writing of files, and not the drawing of tissue.
QUICK = """
import sys
import hw.drivers.simulated.camera as camera
camera.SENSOR_WIDTH, camera.SENSOR_HEIGHT = 656, 492
from app.__main__ import main
sys.exit(main())
"""
RIG = """
[camera]
driver = "simulated"
width = 320
height = 240

[stage]
driver = "simulated"
""" + "".join(
    f"[stage.{axis}]\num_per_step = 0.5\nmin_um = -500\nmax_um = 500\nmax_speed_um_per_s = 5000\n" for axis in "xyz"
)


@dataclass
class Promised:
    """What the server has answered, and what it was asked for when it was killed."""

    pictures: dict[str, dict[str, Any]] = field(default_factory=dict)
    exposure_us: set[int] = field(default_factory=set)
    """The last that was acknowledged, and one that may have been on its way."""
    x_um: set[float] = field(default_factory=set)
    done: int = 0


def live(url: str, rng: random.Random, promised: Promised, killed: threading.Event, rests: bool) -> list[Any]:
    """Capture, set and move, all at once, until the server is killed."""

    def work(step: Callable[[httpx.Client], None], times: int) -> None:
        with httpx.Client(base_url=url, timeout=PATIENCE_S) as http:
            try:
                for _ in range(times):
                    if killed.is_set():
                        return
                    step(http)
                    promised.done += 1
            except httpx.TransportError:
                assert killed.wait(PATIENCE_S), "the server went away by itself"

    def capture(http: httpx.Client) -> None:
        record = http.post("/api/camera/still", json={"format": rng.choice(["jpeg", "png", "tiff"])})
        assert record.status_code == 201, record.text
        promised.pictures[record.json()["id"]] = record.json()

    def change(http: httpx.Client) -> None:
        wanted = rng.randint(1000, 100_000)
        promised.exposure_us.add(wanted)
        answer = http.patch("/api/camera", json={"exposure_us": wanted})
        assert answer.json()["settings"]["exposure_us"] == wanted, answer.text
        promised.exposure_us = {wanted}

    def move(http: httpx.Client) -> None:
        wanted = rng.randint(-800, 800) / 2
        promised.x_um.add(wanted)
        answer = http.post("/api/stage/move", json={"x_um": wanted})
        assert answer.json()["x_um"] == wanted, answer.text
        promised.x_um = {wanted}

    with ThreadPoolExecutor(4) as pool:
        steps = ((capture, OPERATIONS), (capture, OPERATIONS), (change, OPERATIONS), (move, 3 if rests else OPERATIONS))
        works = [pool.submit(work, step, times) for step, times in steps]
    return [finished.result() for finished in works]


def all_images(http: httpx.Client) -> Iterator[dict[str, Any]]:
    """Every picture's record, page by page."""
    offset = 0
    while images := http.get("/api/images", params={"offset": offset, "limit": 500}).json()["images"]:
        yield from images
        offset += len(images)


def check(http: httpx.Client, data: Path, promised: Promised, seen: set[str]) -> bool:
    """See that all that was promised is there after a kill; returns whether the position is trusted."""
    listed = {record["id"]: record for record in all_images(http)}
    assert promised.pictures.items() <= listed.items()
    for record in (record for image_id, record in listed.items() if image_id not in seen):
        path = data / "images" / record["file_name"]
        assert path.stat().st_size == record["size_bytes"]
        with Image.open(path) as picture:
            picture.load()
            assert picture.size == (record["width"], record["height"])
    seen.update(listed)
    state = http.get("/api/state").json()
    assert state["camera"]["settings"]["exposure_us"] in promised.exposure_us
    assert state["storage"]["set_aside"] == []
    assert not [path.name for path in data.rglob("*.part")]
    trusted = bool(state["stage"]["position_trusted"])
    if trusted:
        assert state["stage"]["position"]["x_um"] in promised.x_um
    return trusted


@pytest.mark.timeout(900)
def test_kills_at_random_lose_no_file_and_no_position(tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(10**9)
    log.warning("seed %d", seed)
    rng = random.Random(seed)
    (tmp_path / "microscope.toml").write_text(RIG)
    promised, seen, trusted = Promised(), set[str](), list[bool]()
    began_s = time.monotonic()
    while promised.done < OPERATIONS or len(trusted) < MIN_KILLS:
        served = Served(tmp_path, program=("-c", QUICK))
        try:
            served.wait_until_serving()
            with httpx.Client(base_url=served.url, timeout=PATIENCE_S) as http:
                if promised.done:
                    trusted.append(check(http, tmp_path, promised, seen))
                # What the stage believes is taken for true from here on.
                here = http.post("/api/stage/set-position", json=http.get("/api/stage").json()["position"]).json()
                promised.x_um = {here["x_um"]}
                promised.exposure_us = {http.get("/api/camera").json()["settings"]["exposure_us"]}
            rests, killed = rng.random() < 0.4, threading.Event()
            with ThreadPoolExecutor(1) as pool:
                living = pool.submit(live, served.url, rng, promised, killed, rests)
                killed.wait(rng.uniform(1.3, 2.5) if rests else rng.uniform(0.1, 2.5))
                killed.set()
                served.process.kill()
                living.result()
        finally:
            served.process.kill()
            served.process.wait()
    counts = (promised.done, len(promised.pictures), len(trusted), sum(trusted), time.monotonic() - began_s)
    log.warning("%d operations, %d pictures, %d kills looked into, the position sure after %d, %.0f s", *counts)
    assert len(promised.pictures) > OPERATIONS / 20
