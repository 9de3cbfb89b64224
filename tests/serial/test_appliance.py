"""The whole appliance on a Sangaboard at the far end of a terminal."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from tests.conftest import PATIENCE_S, wait_until
from tests.serial.boards import FarSangaboard
from tests.serving import serving

RIG = """
[stage]
driver = "sangaboard"
port = "{port}"

[stage.x]
um_per_step = 0.1
min_um = -100
max_um = 100
max_speed_um_per_s = 100

[stage.z]
um_per_step = 0.05
min_um = -50
max_um = 50
max_speed_um_per_s = 50
invert = true
"""


def test_a_sangaboard_is_moved_over_rest_unplugged_and_plugged_in(tmp_path: Path) -> None:
    board = FarSangaboard(tmp_path)
    (tmp_path / "microscope.toml").write_text(RIG.format(port=board.path))
    try:
        with serving(tmp_path / "data", "--config", str(tmp_path / "microscope.toml")) as served:

            def stage() -> dict[str, object]:
                state: dict[str, object] = httpx.get(f"{served.url}/api/state").json()["stage"]
                return state

            answer = httpx.post(f"{served.url}/api/stage/move", json={"x_um": 30, "z_um": -4}, timeout=PATIENCE_S)
            assert answer.status_code == 200, answer.text
            assert stage()["position"] == {"x_um": 30.0, "y_um": 0.0, "z_um": -4.0}
            assert board.counters() == {"x": 300, "y": 0, "z": 80}
            assert stage()["position_trusted"]
            wait_until(lambda: board.released, "the current's end")

            with ThreadPoolExecutor() as pool:
                moving = pool.submit(
                    httpx.post, f"{served.url}/api/stage/move", json={"x_um": -100}, timeout=PATIENCE_S
                )
                wait_until(lambda: board.counters()["x"] < 300, "the motion's begin")
                board.unplug()
                answer = moving.result()
            assert answer.status_code == 503, answer.text
            assert "unplugged" in answer.json()["detail"]
            assert stage()["status"] == "fault"

            board.restart(banner=False)
            board.plug()
            wait_until(lambda: stage()["status"] == "ready", "the stage's return")
            assert not stage()["position_trusted"], "it failed in a motion"
            answer = httpx.post(f"{served.url}/api/stage/move", json={"x_um": 40}, timeout=PATIENCE_S)
            assert answer.json()["x_um"] == 40, answer.text
            assert board.counters()["x"] == 100
    finally:
        board.unplug()
