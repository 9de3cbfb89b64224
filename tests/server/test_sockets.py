"""The Socket.IO face of a real server, with the real clients."""

import json
import signal
import subprocess
import sys
import threading
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.conftest import PATIENCE_S, wait_until
from tests.server.viewers import Viewer, viewing
from tests.serving import ROOT, Served

FRAMES = 300
NODE_CLIENT = Path(__file__).with_name("client.mjs")


def check_ids(ids: list[int]) -> None:
    assert all(later > earlier for earlier, later in pairwise(ids)), "frames went back in time"


# What the plain client does by itself on a loaded machine: see tests/server/viewers.py.
@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::pytest.PytestUnhandledThreadExceptionWarning"
)
@pytest.mark.parametrize(
    ("transports", "path"),
    [(["websocket"], "/socket.io"), (["polling"], "/socket.io/"), (["polling", "websocket"], "socket.io")],
)
def test_plain_python_client_receives_and_acknowledges(served: Served, transports: list[str], path: str) -> None:
    with viewing(served, plain=True, transports=transports, socketio_path=path) as viewer:
        viewer.wait_for(30)
        ids = [metadata["frame_id"] for metadata in viewer.frames]
        assert len(set(ids)) == len(ids)
        assert viewer.jpegs_are_whole
        assert viewer.client.transport() == transports[-1]


@pytest.mark.parametrize("transports", [["websocket"], ["polling"], ["polling", "websocket"]])
def test_frames_come_whole_and_in_order(served: Served, transports: list[str]) -> None:
    with viewing(served, transports=transports) as viewer:
        viewer.wait_for(FRAMES if transports == ["websocket"] else 30)
        check_ids([metadata["frame_id"] for metadata in viewer.frames])
        assert viewer.jpegs_are_whole
        assert viewer.client.transport() == transports[-1]


@pytest.mark.parametrize(
    ("transports", "path"),
    [(["websocket"], "/socket.io"), (["polling"], "/socket.io/"), (["polling", "websocket"], "/socket.io/")],
)
def test_javascript_client_receives_and_acknowledges(served: Served, transports: list[str], path: str) -> None:
    command = [
        "node",
        str(NODE_CLIENT),
        served.url,
        path,
        str(FRAMES if "websocket" in transports else 30),
        *transports,
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=4 * PATIENCE_S, check=False)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    check_ids(seen["ids"])
    assert seen["jpeg"]
    assert seen["transport"] == transports[-1]
    assert seen["state"]["server"]["simulated"] == ["camera", "stage", "light"]


@pytest.mark.parametrize("url", ["/socket.io?EIO=4&transport=polling", "/socket.io/?EIO=4&transport=polling"])
def test_mounted_with_and_without_the_trailing_slash(http: httpx.Client, url: str) -> None:
    answer = http.get(url)
    assert answer.status_code == 200
    assert answer.text.startswith('0{"sid":')


def test_metadata_names_all_that_the_wire_promises(served: Served) -> None:
    with viewing(served) as viewer:
        viewer.wait_for(5)
    first, last = viewer.frames[0], viewer.frames[-1]
    assert set(last) >= {
        "frame_id", "width", "height", "captured_at", "exposure_us", "gain", "position", "dropped", "fps",
    }  # fmt: skip
    assert (first["width"], first["height"]) == (1280, 720)
    assert last["position"] == viewer.state["stage"]["position"]  # type: ignore[index]
    assert last["captured_at"] > first["captured_at"]


def test_state_comes_first_then_changes_as_signals(served: Served, http: httpx.Client) -> None:
    with viewing(served) as viewer:
        wait_until(lambda: viewer.state)
        http.post("/api/stage/move", json={"x_um": 10, "relative": True}).raise_for_status()
        http.put("/api/light", json={"brightness": 0.4}).raise_for_status()
        http.patch("/api/camera", json={"exposure_us": 9000}).raise_for_status()

        def last(name: str) -> Any:
            return next((s["args"]["p0"] for s in reversed(viewer.signals) if s["name"] == name), None)

        position = http.get("/api/stage").json()["position"]
        wait_until(lambda: last("position_changed") == position)
        wait_until(lambda: (last("light_changed") or {}).get("brightness") == 0.4)
        wait_until(lambda: (last("camera_changed") or {}).get("settings", {}).get("exposure_us") == 9000)
        wait_until(lambda: (last("stage_changed") or {}).get("status") == "ready")
        assert last("stage_changed")["position"] == position


def test_unacknowledged_frames_stop_at_the_window_and_resume_after_the_threshold(served: Served) -> None:
    with viewing(served) as viewer:
        viewer.wait_for(3)
        viewer.acks = False
        heard = len(viewer.frames) - 1

        def gap() -> bool:  # after the window is full a frame comes after the threshold alone
            steps = pairwise(viewer.frames[heard:])
            return any(
                later["frame_id"] > earlier["frame_id"] + 5 and later["dropped"] > earlier["dropped"] + 5
                for earlier, later in steps
            )

        wait_until(gap)
        viewer.acks = True
        viewer.client.emit("frame_ack")
        viewer.wait_for(20)
    wait_until(lambda: "due to client backpressure" in served.log)
    wait_until(lambda: "no acknowledgement, made ready again" in served.log)


@pytest.mark.parametrize(
    "junk",
    [
        lambda _: "junk",
        lambda _: -1,
        lambda _: [1, 2, 3],
        lambda _: {"frame_id": "one"},
        lambda _: {"frame_id": -5},
        lambda _: {"frame_id": 10**30},
        lambda _: {"frame_id": True},
        lambda _: {"frame_id": None},
        lambda _: {"painted_at": 1.0},
        lambda _: b"\x00\xff",
        lambda _: ("many", "arguments", {"frame_id": 1}),
        lambda _: {"a": {"b": {"c": [[]] * 100}}},
    ],
)
def test_junk_acks_harm_nobody_else_and_not_for_ever(served: Served, junk: Any) -> None:
    with viewing(served, junk) as bad, viewing(served) as good:
        wait_until(lambda: len(bad.frames) >= 2)
        good.wait_for(20)
        assert len(bad.frames) < len(good.frames)
        bad._ack = lambda metadata: {"frame_id": metadata["frame_id"], "painted_at": 0}
        bad.client.emit("frame_ack", {})
        bad.wait_for(5)


def test_unknown_events_and_streams_are_refused_or_ignored(served: Served) -> None:
    with viewing(served) as viewer:
        for event, payload in (
            ("no_such_event", {"a": 1}),
            ("frame", "mine"),
            ("signal", "forged"),
            ("connect", 1),
            ("disconnect", "x"),
        ):
            viewer.client.emit(event, payload)
        for stream in ("infrared", 7, None, {"a": 1}, ["live"]):
            answer = viewer.client.call("subscribe", stream, timeout=int(PATIENCE_S))
            assert answer["ok"] is (stream is None)
            assert stream is None or answer["allowed"] == ["live"]
        for stream in ("infrared", 7):
            answer = viewer.client.call("unsubscribe", stream, timeout=int(PATIENCE_S))
            assert (answer["ok"], answer["allowed"]) == (False, ["live"])
        viewer.wait_for(20)
        assert all(s["name"] != "forged" for s in viewer.signals)


def test_unsubscribed_viewer_gets_no_frames_until_it_subscribes(served: Served) -> None:
    with viewing(served) as viewer, viewing(served) as other:
        viewer.wait_for(3)
        assert viewer.client.call("unsubscribe", timeout=int(PATIENCE_S)) == {"ok": True}
        seen = len(viewer.frames)  # the answer came after all that was sent before it
        other.wait_for(10)
        assert len(viewer.frames) == seen
        assert viewer.client.call("subscribe", "live", timeout=int(PATIENCE_S)) == {"ok": True}
        viewer.wait_for(5)


def test_oversized_message_ends_its_own_connection_alone(served: Served) -> None:
    with viewing(served) as good:
        bad = Viewer(served.url, transports=["websocket"])
        bad.wait_for(1)
        bad.client.emit("frame_ack", "x" * 1_000_000)
        wait_until(lambda: not bad.client.connected, "the end of the connection")
        bad.end()
        good.wait_for(20)


def test_vanishing_viewers_are_forgotten(served: Served, http: httpx.Client) -> None:
    with viewing(served) as good:
        gone = served.log.count("gone:")
        processes = [
            subprocess.Popen([sys.executable, "-c", OTHER_PROCESS, served.url], stdout=subprocess.PIPE, cwd=ROOT)
            for _ in range(3)
        ]
        for process in processes:
            assert process.stdout is not None
            assert int(process.stdout.readline()) > 0
            process.kill()
            process.wait()
            process.stdout.close()
        wait_until(lambda: served.log.count("gone:") >= gone + 3)
        good.wait_for(20)


def test_viewer_that_takes_no_signals_is_spared_and_gets_the_state_at_the_end(http: httpx.Client) -> None:
    opened = http.get("/socket.io/", params={"EIO": 4, "transport": "polling"}).text
    query = {"EIO": 4, "transport": "polling", "sid": json.loads(opened[1:])["sid"]}
    http.post("/socket.io/", params=query, content="40")
    for n in range(150):  # nobody asks for them
        http.put("/api/light", json={"brightness": 0.001 * n}).raise_for_status()
    last = http.get("/api/light").json()
    signals, state = 0, None
    while state is None or state["light"] != last:
        for packet in http.get("/socket.io/", params=query).text.split("\x1e"):
            signals += packet.startswith('42["signal"')
            if packet.startswith('42["state"'):
                state = json.loads(json.loads(packet[2:])[1])
    assert 0 < signals <= 64
    http.post("/socket.io/", params=query, content="1")


@pytest.mark.timeout(180)
def test_suspended_viewer_costs_nothing_and_recovers(served: Served) -> None:
    """Two viewers; one is stopped like a sleeping tablet for 20 seconds."""
    command = [sys.executable, "-c", OTHER_PROCESS, served.url]
    sleeper = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, bufsize=1, cwd=ROOT)
    assert sleeper.stdout is not None
    server = psutil.Process(served.process.pid)
    with viewing(served) as other:
        assert int(sleeper.stdout.readline()) > 0
        other.wait_for(60)
        started = other.frames[-1]
        sleeper.send_signal(signal.SIGSTOP)
        memory = [server.memory_info().rss]
        for _ in range(4):
            threading.Event().wait(5.0)  # the suspension itself: twenty seconds are what is tested
            memory.append(server.memory_info().rss)
        ended = other.frames[-1]
        sleeper.send_signal(signal.SIGCONT)
        # Beyond what it may still find in its socket.
        while int(sleeper.stdout.readline()) < ended["frame_id"] + 60:
            pass
    sleeper.kill()
    sleeper.wait()
    sleeper.stdout.close()
    assert max(memory[1:]) - memory[0] < 8e6, f"the server's memory grew: {memory}"
    # Every frame of those twenty seconds went to the other one, but for what a busy machine costs.
    sent = sum(started["frame_id"] < metadata["frame_id"] <= ended["frame_id"] for metadata in other.frames)
    assert sent >= 0.8 * (ended["frame_id"] - started["frame_id"])


OTHER_PROCESS = """
import sys
from tests.server.viewers import BareViewer
viewer = BareViewer(sys.argv[1])
while True:
    number = viewer.read_frame()["frame_id"]
    viewer.say(f'42["frame_ack",{{"frame_id":{number}}}]')
    print(number, flush=True)
"""


def test_nothing_went_wrong_inside(served: Served) -> None:
    assert "Traceback" not in served.log
    assert "ERROR" not in served.log
