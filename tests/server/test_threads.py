"""The seed's table of thread ownership: each resource is touched by its owner thread alone."""

import asyncio
import inspect
import socket
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import socketio
import uvloop

from app.access import open_access
from app.appliance import assemble
from app.backup import RIG, Backups
from app.bridge import Bridge
from app.microscope import Microscope
from app.sockets import Sockets
from app.storage import Gallery
from app.stream import FrameStream
from app.wire import WebSocketDoor
from hw.config import SIMULATED_RIG
from hw.rig import Rig, build_rig
from tests.conftest import PATIENCE_S, wait_until
from tests.server.viewers import Viewer

Touched = dict[str, set[str]]


@pytest.fixture
def touched(monkeypatch: pytest.MonkeyPatch) -> Touched:
    """Names of the threads that touch each resource, noted at the resource itself."""
    touched: Touched = defaultdict(set)

    def note(owner: Any, name: str, resource: str) -> None:
        original = getattr(owner, name)

        def noting(*arguments: Any, **options: Any) -> Any:
            touched[resource].add(threading.current_thread().name)
            return original(*arguments, **options)

        async def noting_async(*arguments: Any, **options: Any) -> Any:
            return await noting(*arguments, **options)

        monkeypatch.setattr(owner, name, noting_async if inspect.iscoroutinefunction(original) else noting)

    note(uvloop, "new_event_loop", "event loop")
    note(asyncio.Runner, "run", "event loop")
    note(Sockets, "broadcast", "socket.io server")
    note(Sockets, "_connect", "socket.io server")
    note(Sockets, "_frame_ack", "socket.io server")
    note(Sockets, "_disconnect", "socket.io server")
    note(Microscope, "state", "fastapi app")
    note(Microscope, "set_light", "fastapi app")
    note(FrameStream, "publish", "viewer state")
    note(socketio.AsyncServer, "emit", "websocket send")
    note(Bridge, "emit_frame", "emission of frames")
    return touched


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return build_rig(SIMULATED_RIG, tmp_path)


@pytest.fixture
def url(touched: Touched, rig: Rig, tmp_path: Path) -> Iterator[str]:
    for worker, driver in (
        (rig.camera, rig.camera._driver),
        (rig.stage, rig.stage._driver),
        (rig.light, rig.light.lamps[0].driver),
    ):
        _watch_driver(worker.name, driver, touched)
    with _serving(rig, tmp_path) as url:
        yield url


@contextmanager
def _serving(rig: Rig, folder: Path) -> Iterator[str]:
    bridge, sockets = Bridge(), Sockets(FrameStream(), state=dict)
    bridge.on_frame = lambda stream, frame: sockets.stream.publish(frame)
    bridge.on_signal = sockets.broadcast
    deaths: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        gallery, backups = Gallery(folder / "images"), Backups(folder, folder / RIG)
        server = assemble(
            rig,
            folder,
            gallery,
            backups,
            bridge,
            sockets,
            listener,
            open_access(folder, required=False),
            lambda: deaths.append("server"),
            lambda: deaths.append("restart"),
        )
        server.start()
        assert server.wait_until_serving(PATIENCE_S)
        rig.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        rig.close()
        assert rig.join(PATIENCE_S) == []
        server.close()
        server.join(PATIENCE_S)
    assert not server.is_alive()
    assert deaths == []


def _watch_driver(name: str, driver: Any, touched: Touched) -> None:
    # A stage may be steered and halted from any thread.
    motions = ("begin_line", "begin_jog", "progress", "release", "at_switch")
    for method in ("open", "close", "frame", "still", "apply", "set_brightness", *motions):
        if hasattr(driver, method):
            original = getattr(driver, method)

            def noting(*arguments: Any, original: Any = original, **options: Any) -> Any:
                touched[f"{name} device"].add(threading.current_thread().name)
                return original(*arguments, **options)

            setattr(driver, method, noting)


def test_each_resource_is_touched_by_its_owner_alone(url: str, rig: Rig, touched: Touched) -> None:
    viewer = Viewer(url, transports=["websocket"])
    viewer.wait_for(10)
    with httpx.Client(base_url=url, timeout=PATIENCE_S) as http:
        http.post("/api/stage/move", json={"x_um": 20}).raise_for_status()
        http.post("/api/camera/still").raise_for_status()
        http.put("/api/light", json={"brightness": 0.3}).raise_for_status()
        http.get("/api/state").raise_for_status()
    wait_until(lambda: "position_changed" in [signal["name"] for signal in viewer.signals])
    viewer.end()
    wait_until(lambda: "server" in touched["socket.io server"])
    assert dict(touched) == {
        "event loop": {"server"},
        "socket.io server": {"server"},
        "fastapi app": {"server"},
        "viewer state": {"server"},
        "websocket send": {"server"},
        "emission of frames": {"camera"},
        "camera device": {"camera"},
        "stage device": {"stage"},
        "light device": {"light"},
    }


def test_main_thread_touches_nothing(url: str, touched: Touched) -> None:
    with httpx.Client(base_url=url, timeout=PATIENCE_S) as http:
        http.get("/snapshot.jpg").raise_for_status()
    assert "MainThread" not in set().union(*touched.values())


@pytest.mark.parametrize(
    ("fits", "transports"), [(True, ["websocket"]), (True, ["polling", "websocket"]), (False, ["websocket"])]
)
def test_frames_come_by_either_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: Any, fits: bool, transports: list[str]
) -> None:
    """Where the libraries do not fit the short way, the ordinary one serves, and the log says so."""
    if not fits:
        monkeypatch.setattr("app.wire._ACK", b"something else")
    short: list[int] = []
    write = WebSocketDoor.write
    monkeypatch.setattr(WebSocketDoor, "write", lambda self, messages: (short.append(1), write(self, messages)))
    with _serving(build_rig(SIMULATED_RIG, tmp_path), tmp_path) as url:
        short.clear()  # the check at the start tries it, too
        viewer = Viewer(url, transports=transports)
        viewer.wait_for(30)
        if fits:
            wait_until(lambda: len(short) > 20)
        viewer.end()
        seen = [metadata["frame_id"] for metadata in viewer.frames]
        part = httpx.stream("GET", f"{url}/stream.mjpg", timeout=PATIENCE_S)
        with part as answer:
            assert next(answer.iter_bytes()).startswith(b"--frame\r\n")
    assert seen == sorted(set(seen))
    assert bool(short) is fits
    assert ("the ordinary, slower way" in caplog.text) is not fits
