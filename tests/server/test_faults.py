"""Faults on request, and the appliance's answer to each: the rows of the table in ARCHITECTURE.md, a test for each."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.conftest import PATIENCE_S, wait_until
from tests.server.viewers import viewing
from tests.serving import ROOT, Served, serving

RIG = """
[camera]
driver = "simulated"
width = 320
height = 240

[stage]
driver = "simulated"
""" + "".join(
    f"""
[stage.{axis}]
um_per_step = 0.5
min_um = -500
max_um = 500
max_speed_um_per_s = 2000
"""
    for axis in "xyz"
)


def started(folder: Path, rig: str = RIG, light: bool = True) -> Served:
    """A server that a fault may end."""
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    (data / "microscope.toml").write_text(rig + ('[light]\ndriver = "simulated"\n' if light else ""))
    return Served(data, "--log-level", "info")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data = tmp_path_factory.mktemp("faults") / "data"
    data.mkdir()
    (data / "microscope.toml").write_text(RIG + '[light]\ndriver = "simulated"\n')
    with serving(data, "--log-level", "info") as served:
        yield served


@pytest.fixture(autouse=True)
def mended(request: pytest.FixtureRequest) -> Iterator[None]:
    """Nothing is left broken by a test on the server that they share."""
    http = request.getfixturevalue("http") if "http" in request.fixturenames else None
    yield
    if http is not None:
        sound = {"clock_jump_s": 0, "frames_corrupt_fraction": 0, "lost_step_fraction": 0}
        broken = ("camera_unplugged", "stage_stalled", "stage_hangs", "stage_unplugged", "light_unplugged", "disk_full")
        inject(http, **sound, **dict.fromkeys(broken, False))
        wait_until(
            lambda: {status(http, device) for device in ("camera", "stage", "light")} == {"ready"}, "the mending"
        )


def inject(http: httpx.Client, **faults: Any) -> None:
    answer = http.post("/api/simulation/faults", json=faults)
    assert answer.status_code == 200, answer.text
    assert faults.items() <= answer.json().items()


def state_of(http: httpx.Client, section: str) -> dict[str, Any]:
    section_now: dict[str, Any] = http.get("/api/state").json()[section]
    return section_now


def status(http: httpx.Client, device: str) -> str:
    return str(state_of(http, device)["status"])


def await_fault(http: httpx.Client, device: str, told: str) -> None:
    """Wait until a device is shown as failed, with these words."""
    wait_until(lambda: told in (state_of(http, device)["fault"] or ""), f"the {device}'s fault: {told}")


def move(http: httpx.Client, **target: float) -> httpx.Response:
    return http.post("/api/stage/move", json=target)


def truth_of(http: httpx.Client) -> dict[str, float]:
    truth: dict[str, float] = http.get("/api/simulation").json()["truth"]
    return truth


def test_camera_silent(tmp_path: Path) -> None:
    served = started(tmp_path)
    try:
        served.wait_until_serving()
        with httpx.Client(base_url=served.url, timeout=PATIENCE_S) as http:
            inject(http, camera_silent=True)
            await_fault(http, "camera", "gave no picture within 2")
            assert move(http, x_um=20).status_code == 200
            assert http.post("/api/camera/still").status_code in (503, 504)
        assert served.process.wait(PATIENCE_S) == 70
        assert "opened again 2 times, and it hangs" in served.log
        assert "Shutting down: the camera thread died" in served.log
    finally:
        served.process.kill()
        served.process.wait()
    with serving(tmp_path / "data", "--log-level", "info") as again:
        assert httpx.get(f"{again.url}/api/stage").json()["position"]["x_um"] == 20
        assert httpx.get(f"{again.url}/snapshot.jpg", timeout=PATIENCE_S).status_code == 200


def test_frames_corrupt(http: httpx.Client, served: Served) -> None:
    with viewing(served) as viewer:
        inject(http, frames_corrupt_fraction=0.5)
        wait_until(lambda: "a picture came torn and is left out" in served.log)
        viewer.wait_for(5)
        assert {(frame["width"], frame["height"]) for frame in viewer.frames} <= {(320, 240), (160, 120)}
        assert viewer.jpegs_are_whole
        assert status(http, "camera") == "ready"
        inject(http, frames_corrupt_fraction=1)
        await_fault(http, "camera", "torn pictures alone, 30 in a row")
        inject(http, frames_corrupt_fraction=0)
        viewer.wait_for(2)
    assert "eyepiece_frames_torn_total" in http.get("/metrics").text


def test_camera_unplugged(http: httpx.Client, served: Served) -> None:
    with viewing(served) as viewer:
        viewer.wait_for(1)
        inject(http, camera_unplugged=True)
        await_fault(http, "camera", "the camera is unplugged")
        still = http.post("/api/camera/still")
        assert (still.status_code, still.json()["type"]) == (503, "urn:eyepiece:device-fault")
        assert move(http, x_um=0).status_code == 200
        inject(http, camera_unplugged=False)
        viewer.wait_for(2)


@pytest.mark.parametrize("device", ["camera", "stage", "light"])
def test_device_thread_dead(tmp_path: Path, device: str) -> None:
    served = started(tmp_path)
    try:
        served.wait_until_serving()
        with httpx.Client(base_url=served.url, timeout=PATIENCE_S) as http:
            inject(http, thread_dies=device)
            calls = {
                "camera": ("GET", "/api/camera", None),  # it works without being asked
                "stage": ("POST", "/api/stage/move", {"x_um": 5}),
                "light": ("PUT", "/api/light", {"brightness": 1}),
            }
            method, path, body = calls[device]
            with suppress(httpx.TransportError):  # it may be gone before it can answer
                assert http.request(method, path, json=body).status_code in (200, 500)
        assert served.process.wait(PATIENCE_S) == 70
    finally:
        served.process.kill()
        served.process.wait()
    assert f"{device}: the thread died" in served.log
    assert "something that nobody foresaw" in served.log
    assert f"Shutting down: the {device} thread died" in served.log
    assert "light: closed" in served.log  # the others end in order
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())
    assert compose["services"]["eyepiece"]["restart"] == "unless-stopped"


def test_stage_stalls(http: httpx.Client, served: Served) -> None:
    move(http, x_um=0).raise_for_status()
    inject(http, stage_stalled=True)
    before = truth_of(http)
    assert move(http, x_um=100).json()["x_um"] == 100  # nothing tells that it does not turn: the picture does
    assert truth_of(http) == before
    homing = http.post("/api/stage/home", json={"axes": ["x"]})
    assert homing.status_code == 503
    assert "its limit switch was not reached" in homing.json()["detail"]
    wait_until(lambda: "stage: x: its limit switch was not reached" in served.log, "the word of it")
    inject(http, stage_stalled=False)
    wait_until(lambda: status(http, "stage") == "ready", "the stage's reopening")
    assert state_of(http, "stage")["position_trusted"] is False
    http.post("/api/stage/home").raise_for_status()
    assert state_of(http, "stage")["position_trusted"] is True
    assert truth_of(http)["x_um"] == pytest.approx(state_of(http, "stage")["position"]["x_um"], abs=1)


def test_stage_hangs(http: httpx.Client, served: Served) -> None:
    with ThreadPoolExecutor(1) as pool:
        inject(http, stage_hangs=True)
        here = state_of(http, "stage")["position"]
        moving = pool.submit(move, http, x_um=here["x_um"] + 50)
        wait_until(lambda: status(http, "stage") == "busy", "the motion")
        assert http.post("/api/stage/emergency-stop").status_code == 200  # ends it even so
        assert moving.result().json()["type"] == "urn:eyepiece:device-stopped"
        left = move(http, x_um=here["x_um"] + 50)
    assert left.status_code == 504
    assert "the motors have made no step for" in left.json()["detail"]
    wait_until(lambda: "stage: the motors have made no step" in served.log, "the word of it")
    assert status(http, "camera") == "ready"
    inject(http, stage_hangs=False)
    wait_until(lambda: status(http, "stage") == "ready", "the stage's reopening")
    assert state_of(http, "stage")["position_trusted"] is False
    http.post("/api/stage/home").raise_for_status()


def test_stage_unplugged(http: httpx.Client) -> None:
    with ThreadPoolExecutor(1) as pool:
        move(http, x_um=-400).raise_for_status()
        inject(http, lost_step_fraction=0)
        moving = pool.submit(move, http, x_um=400)
        wait_until(lambda: state_of(http, "stage")["position"]["x_um"] > -400, "the motion")
        inject(http, stage_unplugged=True)
        assert moving.result().status_code == 503
    await_fault(http, "stage", "the stage is unplugged")
    inject(http, stage_unplugged=False)
    wait_until(lambda: status(http, "stage") == "ready", "the stage's reopening")
    assert state_of(http, "stage")["position_trusted"] is False
    http.post("/api/stage/home").raise_for_status()
    assert state_of(http, "stage")["position_trusted"] is True


def test_lost_steps(http: httpx.Client) -> None:
    http.post("/api/stage/home").raise_for_status()
    inject(http, lost_step_fraction=0.1)
    move(http, x_um=300).raise_for_status()
    inject(http, lost_step_fraction=0)
    assert truth_of(http)["x_um"] < 250  # where the picture is, not where the position says
    assert state_of(http, "stage")["position"]["x_um"] == 300
    http.post("/api/stage/home").raise_for_status()
    move(http, x_um=300).raise_for_status()
    assert truth_of(http)["x_um"] == pytest.approx(300, abs=1)


def test_lamp_unplugged(http: httpx.Client) -> None:
    inject(http, light_unplugged=True)
    answer = http.put("/api/light", json={"brightness": 0.7})
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:eyepiece:device-fault")
    await_fault(http, "light", "the lamp is unplugged")
    inject(http, light_unplugged=False)
    wait_until(lambda: status(http, "light") == "ready", "the lamp's reopening")
    assert http.put("/api/light", json={"brightness": 0.5}).json()["brightness"] == 0.5


def test_disk_full(http: httpx.Client, served: Served) -> None:
    with viewing(served) as viewer:
        before = {path.name for path in (served.data / "images").iterdir()}
        inject(http, disk_full=True)
        answer = http.post("/api/camera/still")
        assert (answer.status_code, answer.json()["type"]) == (507, "urn:eyepiece:storage-full")
        assert "the disk is full: 0 MB are free" in answer.json()["detail"]
        assert {path.name for path in (served.data / "images").iterdir()} == before

        def told() -> list[bool]:
            return [signal["args"]["p0"]["low"] for signal in viewer.signals if signal["name"] == "storage_changed"]

        wait_until(lambda: told() == [True], "the warning")
        assert state_of(http, "storage")["pictures_left"] == 0
        viewer.wait_for(2)
        assert move(http, x_um=1).status_code == 200
        assert http.patch("/api/camera", json={"gain": 2}).json()["settings"]["gain"] == 2
        assert '"gain": 2' in (served.data / "camera-simulated.json").read_text()  # from what is reserved
        inject(http, disk_full=False)
        assert http.post("/api/camera/still").status_code == 201
        assert state_of(http, "storage")["low"] is False


def test_clock_jumps(http: httpx.Client, served: Served) -> None:
    first = http.post("/api/camera/still").json()

    def painted(metadata: dict[str, Any]) -> dict[str, Any]:
        return {"frame_id": metadata["frame_id"], "received_at": time.time(), "painted_at": time.time()}

    with viewing(served, painted) as viewer:
        viewer.wait_for(2)
        for jump_s in (-400 * 86400, 400 * 86400):
            inject(http, clock_jump_s=jump_s)
            viewer.wait_for(10)
            assert 0 < viewer.frames[-1]["fps"] < 100
            wait_until(lambda: http.get("/api/figures").json()["now"]["camera"]["fps"] < 100)
            viewers = wait_until(lambda: http.get("/api/figures").json()["now"]["viewers"], "the viewer's figures")
            assert (viewers[0]["latency_ms"] or 0) < 60_000  # and not 400 days
            record = http.post("/api/camera/still").json()
            assert abs(record["captured_at"] - first["captured_at"] - jump_s) < 1000
            assert http.get(record["url"]).status_code == 200
            assert move(http, x_um=jump_s / 1e6).status_code == 200
    listed = [record["captured_at"] for record in http.get("/api/images").json()["images"]]
    assert listed == sorted(listed, reverse=True)


def test_faults_that_there_are_not_are_refused(http: httpx.Client) -> None:
    for wrong in (
        {"on_fire": True},
        {"lost_step_fraction": 2},
        {"thread_dies": "server"},
        {"disk_full": "a bit"},
    ):
        assert http.post("/api/simulation/faults", json=wrong).status_code == 422


def test_a_rig_file_may_have_faults_where_a_device_is_simulated(tmp_path: Path) -> None:
    served = started(tmp_path, RIG + "[faults]\ncamera_unplugged = true\n", light=False)
    try:
        served.wait_until_serving()
        with httpx.Client(base_url=served.url, timeout=PATIENCE_S) as http:
            await_fault(http, "camera", "simulated fault")
            inject(http, camera_unplugged=False)
            wait_until(lambda: status(http, "camera") == "ready", "the camera's mending")
    finally:
        assert served.stop() == 0


def test_the_table_has_a_row_for_each_test_and_a_test_for_each_row() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text()
    table = text.split("## Faults and answers", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| \*\*([a-z ]+)\*\*", table, re.MULTILINE)
    tests = [f"test_{row.replace(' ', '_')}" for row in rows]
    assert len(rows) == 11
    assert [name for name in tests if name not in globals()] == []
