"""app.framework: the seed's public names, used as the seed uses them."""

import asyncio
import logging
import socket
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import uvicorn
from fastapi import FastAPI

from app import framework
from hw.types import Frame
from tests.conftest import PATIENCE_S, wait_until
from tests.server.viewers import Viewer


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
    frames: list[Any] = []
    arrived = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with asyncio.Runner() as runner:
                framework.set_shared_event_loop(runner.get_loop())
                runner.run(server.serve(sockets=[listener]))
                framework.set_shared_event_loop(None)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        wait_until(lambda: server.started)
        viewer = Viewer(f"http://127.0.0.1:{listener.getsockname()[1]}", transports=["websocket"])
        viewer.client.on("frame", lambda payload: (frames.append(payload), arrived.set()))
        wait_until(lambda: viewer.state is not None)

        def camera_thread() -> None:
            framework.shared_bridge().emit_signal("sigImage", np.float32(0.5), [1, 2])
            for number in range(1, 1000):  # until it has come in between the state and its first frame
                frame = Frame(number, b"\xff\xd8jpeg", 8, 8, 1.0, None, None, None, 0.0)
                framework.shared_bridge().emit_frame("live", frame)
                if arrived.wait(PATIENCE_S / 1000):
                    break

        emitter = threading.Thread(target=camera_thread, name="Thread-16")
        emitter.start()
        emitter.join()
        wait_until(lambda: viewer.signals and frames)
        viewer.end()
        server.should_exit = True
        thread.join(PATIENCE_S)
    assert viewer.signals == [{"name": "sigImage", "args": {"p0": 0.5, "p1": [1, 2]}}]
    metadata, jpeg = frames[0]
    assert (metadata["width"], jpeg) == (8, b"\xff\xd8jpeg")
    assert caplog.messages == []
