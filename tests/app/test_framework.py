"""app.framework: the seed's public names, used as the seed uses them."""

import asyncio
import json
import logging
import socket
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import socketio
import uvicorn
from fastapi import FastAPI

from app import framework
from hw.types import Frame
from tests.conftest import PATIENCE_S, wait_until

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(autouse=True)
def fresh_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As in a process that has just begun."""
    framework.shared_bridge.cache_clear()
    framework.shared_sockets.cache_clear()
    yield
    framework.shared_bridge.cache_clear()
    framework.shared_sockets.cache_clear()


@pytest.mark.parametrize("name", ["run_uvicorn", "start_websocket_server"])
def test_deprecated_functions_do_nothing_but_say_so(name: str) -> None:
    threads = threading.active_count()
    with pytest.warns(DeprecationWarning, match=rf"{name}\(\) does nothing: Socket.IO"):
        getattr(framework, name)()
    assert threading.active_count() == threads


def test_emission_before_the_loop_is_shared_warns(caplog: pytest.LogCaptureFixture) -> None:
    framework.shared_bridge().emit_signal("early", 1)
    assert caplog.messages == ["Event loop not available for signal emission"]


def test_signals_and_frames_from_any_thread_reach_a_client_of_the_mounted_app(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    app = FastAPI()
    app.mount("/socket.io", framework.get_socket_app())
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, ws="websockets-sansio"))
    signals: list[object] = []
    frames: list[Any] = []
    states: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with asyncio.Runner() as runner:
                framework.set_shared_event_loop(runner.get_loop())
                runner.run(server.serve(sockets=[listener]))
                framework.set_shared_event_loop(None)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        wait_until(lambda: server.started)
        client = socketio.Client(reconnection=False)
        client.on("signal", lambda text: signals.append(json.loads(text)))
        client.on("frame", frames.append)
        client.on("state", states.append)
        client.connect(f"http://127.0.0.1:{listener.getsockname()[1]}", transports=["websocket"])
        wait_until(lambda: states)  # from then on it is offered frames

        def camera_thread() -> None:
            framework.shared_bridge().emit_signal("sigImage", np.float32(0.5), [1, 2])
            framework.shared_bridge().emit_frame("live", Frame(1, b"\xff\xd8jpeg", 8, 8, 1.0, None, None, None, 0.0))

        emitter = threading.Thread(target=camera_thread, name="Thread-16")
        emitter.start()
        emitter.join()
        wait_until(lambda: signals and frames)
        client.disconnect()
        client.wait()
        server.should_exit = True
        thread.join(PATIENCE_S)
    assert signals == [{"name": "sigImage", "args": {"p0": 0.5, "p1": [1, 2]}}]
    metadata, jpeg = frames[0]
    assert (metadata["frame_id"], jpeg) == (1, b"\xff\xd8jpeg")
    assert caplog.messages == []
