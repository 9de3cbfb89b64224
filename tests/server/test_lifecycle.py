"""Start and end of the real process."""

import ctypes
import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psutil
import pytest

from app import __version__
from tests.conftest import PATIENCE_S, wait_until
from tests.server.viewers import Viewer
from tests.serving import ROOT, Served, free_port, serving

STEPDIR_ON_NOTHING = """
[stage]
driver = "stepdir"

[stage.x]
um_per_step = 0.5
min_um = 0
max_um = 100
max_speed_um_per_s = 100
step_pin = 5
dir_pin = 6
"""


def run(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "app", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S, check=False)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ends_in_order_with_viewers_attached_and_a_move_under_way(tmp_path: Path, number: int) -> None:
    with serving(tmp_path) as served:
        viewer, polling = Viewer(served.url), Viewer(served.url, transports=["polling"])
        viewer.wait_for(5)
        answers: list[httpx.Response] = []
        mover = threading.Thread(
            target=lambda: answers.append(
                httpx.post(f"{served.url}/api/stage/move", json={"x_um": 9000}, timeout=PATIENCE_S)
            )
        )
        mover.start()
        stream = httpx.stream("GET", f"{served.url}/stream.mjpg", timeout=PATIENCE_S)
        with stream as mjpeg, ThreadPoolExecutor() as reader:
            # Read to its end, which has to come: a stream that is torn is an error.
            flowing = threading.Event()
            looking = reader.submit(lambda: [flowing.set() for _ in mjpeg.iter_bytes()])
            assert flowing.wait(PATIENCE_S)
            wait_until(lambda: httpx.get(f"{served.url}/api/stage").json()["position"]["x_um"] > 0)
            assert served.stop(number) == 0, served.log
            assert looking.result(PATIENCE_S)
        mover.join(PATIENCE_S)
        assert answers[0].status_code == 409
        viewer.end()
        polling.end()
    log = served.log
    for device in ("stage", "light", "camera"):
        assert f"{device}: closed" in log
    assert "Every thread has ended. Goodbye." in log
    assert "Traceback" not in log
    assert "ERROR" not in log
    stored = json.loads((tmp_path / "position-simulated.json").read_text())
    assert stored["x_um"] == answers[0].json()["position"]["x_um"]
    assert stored["moving"] is False


def test_position_survives_a_restart(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        httpx.post(f"{served.url}/api/stage/move", json={"x_um": 40, "z_um": 2}, timeout=PATIENCE_S).raise_for_status()
    with serving(tmp_path) as served:
        state = httpx.get(f"{served.url}/api/stage").json()
        assert state["position"] == {"x_um": 40, "y_um": 0, "z_um": 2}
        assert state["position_trusted"] is True


def test_position_after_a_power_cut_in_motion_is_not_trusted(tmp_path: Path) -> None:
    served = Served(tmp_path, "--simulate")
    try:
        served.wait_until_serving()
        jog = {"x_um": 9000}
        httpx.post(f"{served.url}/api/stage/jog", json=jog, timeout=PATIENCE_S).raise_for_status()
        wait_until(lambda: httpx.get(f"{served.url}/api/stage").json()["position"]["x_um"] > 0)
    finally:
        served.process.kill()
        served.process.wait()
    with serving(tmp_path) as again:
        assert httpx.get(f"{again.url}/api/stage").json()["position_trusted"] is False


def test_simulation_is_said_in_the_log(tmp_path: Path) -> None:
    with serving(tmp_path, "--log-level", "info") as served:
        assert f"No rig is configured ({tmp_path / 'microscope.toml'} does not exist)" in served.log
        assert "SIMULATED: camera, stage, light. No hardware is driven." in served.log
        assert served.url in served.log


def test_a_second_one_on_the_same_folder_is_refused_and_harms_nothing(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        half = tmp_path / ".position.json.abc.part"
        half.write_bytes(b"what the first is writing")
        second = run("--simulate", "--port", "0", "--data", str(tmp_path))
        assert second.returncode == 2
        assert f"another microscope runs on {tmp_path}" in second.stderr
        assert half.exists()
        assert httpx.get(f"{served.url}/healthz").status_code == 200


def test_a_signal_that_a_librarys_thread_takes_ends_it_in_order(tmp_path: Path) -> None:
    """The kernel gives it to any thread that does not block it, whenever the one that waits for it is elsewhere."""
    early = "import sys, threading; threading.Thread(target=threading.Event().wait, daemon=True).start(); "
    served = Served(tmp_path, "--simulate", program=("-c", early + "from app.__main__ import main; sys.exit(main())"))
    try:
        served.wait_until_serving()
        pid = served.process.pid
        tasks = {int(path.parent.name): path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/status")}
        takes = [task for task, status in tasks.items() if task != pid and re.search(r"\nSigBlk:\s+0+\n", status)]
        assert ctypes.CDLL(None).tgkill(pid, takes[0], signal.SIGTERM) == 0
        assert served.process.wait(PATIENCE_S) == 0, served.log
    finally:
        served.process.kill()
        served.process.wait()
    assert "Shutting down: SIGTERM" in served.log


def test_rig_in_the_data_folder_is_used_unless_simulation_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "microscope.toml").write_text('[light]\ndriver = "simulated"\n')
    with serving(tmp_path, "--log-level", "info") as served:
        assert httpx.get(f"{served.url}/api/state").json()["server"]["simulated"] == ["light"]
    with serving(tmp_path, "--simulate") as served:
        assert httpx.get(f"{served.url}/api/state").json()["server"]["simulated"] == ["camera", "stage", "light"]


def test_failing_device_is_shown_and_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "microscope.toml").write_text(STEPDIR_ON_NOTHING)
    with serving(tmp_path, "--log-level", "info") as served:
        stage = httpx.get(f"{served.url}/api/stage").json()
        assert stage["status"] == "fault"
        assert stage["simulated"] is False
        assert "GPIO" in stage["fault"]
        answer = httpx.post(f"{served.url}/api/stage/move", json={"x_um": 1})
        assert answer.status_code == 503
        assert answer.json()["type"] == "urn:eyepiece:device-fault"
        assert httpx.get(f"{served.url}/healthz").status_code == 200  # the thread lives and tries again


TWO_MISTAKES = STEPDIR_ON_NOTHING.replace("dir_pin", "direction_pin") + '[camera]\ndriver = "simulated"\nfps = 1000\n'


def test_wrong_rig_file_drives_nothing_and_is_told_with_its_lines(tmp_path: Path) -> None:
    rig = tmp_path / "rig.toml"
    rig.write_text(TWO_MISTAKES)
    with serving(tmp_path / "data", "--config", str(rig), "--log-level", "info") as served:
        state = httpx.get(f"{served.url}/api/state").json()
        errors = state["server"]["rig_errors"]
        assert [(error["file"], error["line"]) for error in errors] == [(str(rig), 5), (str(rig), 11), (str(rig), 14)]
        assert errors[1]["text"].startswith("stage.x.direction_pin: unknown key; allowed are")
        assert state["server"]["simulated"] == []
        for device in ("camera", "stage", "light"):
            assert state[device]["status"] == "absent"
            assert f"the rig file is wrong, so nothing is driven: {rig}:" in state[device]["fault"]
        assert state["stage"]["axes"] == {}
        for path, body in (
            ("stage/move", {"x_um": 1}),
            ("stage/jog", {"x_um": 1}),
            ("stage/home", {}),
            ("camera/still", {}),
        ):
            answer = httpx.post(f"{served.url}/api/{path}", json=body)
            assert (answer.status_code, answer.json()["type"]) == (409, "urn:eyepiece:device-absent")
            assert f"the rig file is wrong, so nothing is driven: {rig}:" in answer.json()["detail"]
        assert httpx.put(f"{served.url}/api/light", json={"brightness": 1}).status_code == 409
        health = httpx.get(f"{served.url}/healthz")  # a supervisor that starts it anew would mend nothing
        assert (health.status_code, health.json()["status"]) == (200, "rig-refused")
        for error in errors:
            assert f"{error['file']}:{error['line']}: {error['text']}" in served.log
        assert "NOTHING IS DRIVEN" in served.log
    assert not list((tmp_path / "data").glob("position*"))
    assert "Traceback" not in served.log


def test_corrected_rig_file_is_read_after_a_restart(tmp_path: Path) -> None:
    rig = tmp_path / "microscope.toml"
    rig.write_text("[lamp]\n")
    with serving(tmp_path, "--log-level", "info", port=free_port()) as served:
        assert httpx.get(f"{served.url}/api/state").json()["server"]["rig_errors"]
        rig.write_text('[light]\ndriver = "simulated"\n')
        served.restart()
        assert httpx.get(f"{served.url}/api/state").json()["server"]["rig_errors"] == []
        assert httpx.get(f"{served.url}/api/light").json()["status"] == "ready"
    assert "Every thread has ended. Goodbye." in served.log


def test_restart_ends_in_order_and_frees_everything(tmp_path: Path) -> None:
    with serving(tmp_path, port=free_port()) as served:
        process = psutil.Process(served.process.pid)
        jog = {"x_um": 5000}
        httpx.post(f"{served.url}/api/stage/jog", json=jog, timeout=PATIENCE_S).raise_for_status()
        wait_until(lambda: httpx.get(f"{served.url}/api/stage").json()["position"]["x_um"] > 0)
        served.restart()
        # The same process: what it had left open would still be.
        assert [c.status for c in process.net_connections("tcp")].count(psutil.CONN_LISTEN) == 1
        stage = httpx.get(f"{served.url}/api/stage").json()
        assert stage["position_trusted"] is True  # stored as it came to rest
        assert stage["position"]["x_um"] > 0


@pytest.mark.parametrize(("text", "code"), [("", 0), (TWO_MISTAKES, 2)])
def test_check_reads_the_rig_file_and_no_more(tmp_path: Path, text: str, code: int) -> None:
    rig = tmp_path / "rig.toml"
    rig.write_text(text)
    done = run("--check", "--config", str(rig), "--data", str(tmp_path / "data"))
    assert done.returncode == code
    assert not (tmp_path / "data").exists()
    assert (f"{rig}:11: stage.x.direction_pin: unknown key; allowed are" in done.stderr) == bool(code)
    assert "Traceback" not in done.stderr


def test_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("--host", "127.0.0.1", "--port", str(port), "--data", str(tmp_path))
    assert done.returncode == 2
    assert f"cannot listen on 127.0.0.1 port {port}: " in done.stderr
    assert "Traceback" not in done.stderr


def test_data_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run("--data", str(tmp_path / "file" / "data"), "--port", "0")
    assert done.returncode == 2
    assert "Not a directory" in done.stderr
    assert "Traceback" not in done.stderr


def test_pictures_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "images").touch()
    done = run("--data", str(tmp_path), "--port", "0")
    assert done.returncode == 2
    assert "File exists" in done.stderr
    assert "Traceback" not in done.stderr


def test_disk_that_fails_is_said_and_the_stage_goes_on(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as served:
        for entry in ("images", "position-simulated.json"):
            path = tmp_path / "data" / entry
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        # What cannot be written to, even by root.
        (tmp_path / "data" / "position-simulated.json").mkdir()
        move = {"x_um": 5, "relative": True}
        answer = httpx.post(f"{served.url}/api/stage/move", json=move, timeout=PATIENCE_S)
        assert answer.status_code == 200
        answer = httpx.post(f"{served.url}/api/camera/still", timeout=PATIENCE_S)
        assert answer.status_code == 507
        assert answer.json()["type"] == "urn:eyepiece:storage"
        assert served.process.poll() is None
        assert "the stage's position could not be stored" in served.log


HANGS = """
import sys, threading
import app.__main__ as main
from hw.camera import Camera
from hw.drivers.simulated.camera import SimulatedCameraDriver

class Hanging(SimulatedCameraDriver):
    def frame(self, timeout_s):
        if self._frame_number >= 5:
            Camera.patience_s = 2.0
            {how}
        return super().frame(timeout_s)
    def close(self):
        if self._frame_number >= 5:
            threading.Event().wait()

main._FROZEN_S = 8.0
sys.modules["hw.rig"].SimulatedCameraDriver = Hanging
sys.exit(main.main())
"""


def ends_by_itself(tmp_path: Path, how: str) -> tuple[int, str]:
    """The exit code and the log of a process whose camera comes to hang after some pictures."""
    served = Served(tmp_path, "--simulate", "--log-level", "info", program=("-c", HANGS.format(how=how)))
    try:
        return served.process.wait(PATIENCE_S), served.log
    finally:
        if served.process.poll() is None:
            served.process.kill()
            served.process.wait()


def test_camera_that_hangs_in_its_library_ends_the_process_for_the_supervisor_to_start_it_afresh(
    tmp_path: Path,
) -> None:
    code, log = ends_by_itself(tmp_path, "threading.Event().wait()")

    assert code == 70, log
    assert "The camera thread has not come back from its driver for 2 s" in log
    assert ", line 11 in frame" in log, "it says where"
    assert "Shutting down: the camera thread is stuck" in log
    assert "These threads do not end: camera" in log
    assert "stage: closed" in log


def test_library_that_keeps_the_interpreter_to_itself_ends_the_process(tmp_path: Path) -> None:
    code, log = ends_by_itself(tmp_path, "import ctypes; ctypes.PyDLL(None).pause()")

    assert code == 1, log
    assert "Timeout" in log
    assert ", line 11 in frame" in log


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--port", "70000"], "a port is a number from 0 (any free one) to 65535"),
        (["--port", "http"], "invalid"),
        (["--log-level", "loud"], "choose from"),
        (["--simulate", "--config", "x.toml"], "exclude each other"),
        (["--check", "--config", "/nowhere/rig.toml"], "/nowhere/rig.toml: cannot be read: No such file"),
        (["--nonsense"], "unrecognized arguments"),
    ],
)
def test_wrong_options(options: list[str], told: str) -> None:
    done = run(*options)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_help_and_version() -> None:
    told = run("--help").stdout
    for option in ("--simulate", "--config FILE", "--host", "--port", "--log-level", "--data", "--version"):
        assert option in told
    assert run("--version").stdout.strip() == __version__


def test_version_is_the_projects() -> None:
    assert f'version = "{__version__}"' in (ROOT / "pyproject.toml").read_text()


def test_damaged_settings_are_kept_aside_and_named_and_the_defaults_serve(tmp_path: Path) -> None:
    for name in ("camera-simulated.json", "position-simulated.json"):
        (tmp_path / name).write_text('{"gain": ')
    with serving(tmp_path, "--simulate") as served:

        def set_aside() -> list[str]:
            return [aside["name"] for aside in httpx.get(f"{served.url}/api/state").json()["storage"]["set_aside"]]

        both = ["camera-simulated.json.broken", "position-simulated.json.broken"]
        wait_until(lambda: set_aside() == both, "both set aside, each as its device starts")
        state = httpx.get(f"{served.url}/api/state").json()
        assert state["camera"]["settings"]["gain"] == 1
        assert state["stage"]["position_trusted"] is False
        assert "camera-simulated.json holds no settings of a camera" in served.log
        assert "kept as position-simulated.json.broken" in served.log
        httpx.patch(f"{served.url}/api/camera", json={"gain": 2}).raise_for_status()
    assert (tmp_path / "camera-simulated.json.broken").read_text() == '{"gain": '


def test_a_disk_that_fails_in_the_middle_of_a_picture_leaves_nothing_of_it(tmp_path: Path) -> None:
    with serving(tmp_path, "--simulate") as served:
        # No file may grow beyond that, as on a disk that fills up while it is written to.
        psutil.Process(served.process.pid).rlimit(psutil.RLIMIT_FSIZE, (100_000, 100_000))
        answer = httpx.post(f"{served.url}/api/camera/still", timeout=PATIENCE_S)
        assert (answer.status_code, answer.json()["type"]) == (507, "urn:eyepiece:storage")
        assert [path for path in (tmp_path / "images").rglob("*") if path.is_file()] == []
        httpx.patch(f"{served.url}/api/camera", json={"gain": 2}).raise_for_status()
        httpx.post(f"{served.url}/api/stage/move", json={"x_um": 5}, timeout=PATIENCE_S).raise_for_status()
    assert '"gain": 2' in (tmp_path / "camera-simulated.json").read_text()
