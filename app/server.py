"""The one server: FastAPI with Socket.IO mounted on it, on a loop that its thread makes and owns."""

import asyncio
import gc
import logging
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any

import uvicorn
import uvloop
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app import __version__
from app.access import Access
from app.backup import Backups
from app.beat import until_beat_s
from app.bridge import Bridge
from app.certificate import Certificate
from app.doorman import Doorman
from app.figures import Figures
from app.gate import Gate, security_headers
from app.health import LoopWatch
from app.hosts import Hosts
from app.lookout import looking_out
from app.metrics import Metrics
from app.microscope import Microscope
from app.problems import answer_problems
from app.routes.about import about_routes
from app.routes.access import access_routes
from app.routes.camera import camera_routes
from app.routes.control import control_routes
from app.routes.figures import figure_routes
from app.routes.frames import frame_routes
from app.routes.images import image_routes
from app.routes.light import light_routes
from app.routes.optics import optics_routes
from app.routes.page import serve_page
from app.routes.places import place_routes
from app.routes.simulation import simulation_routes
from app.routes.stage import stage_routes
from app.routes.state import state_routes
from app.routes.upkeep import upkeep_routes
from app.sockets import MAX_MESSAGE_BYTES, Sockets
from app.tls import TlsDoor
from app.wire import HttpDoor, WebSocketDoor
from app.wire_check import wire_trouble

log = logging.getLogger(__name__)

_GRACE_S = 1
_DATE_S = 1.0
"""How often the header ``Date`` is made anew."""
_COLLECT_AFTER = 10_000
"""Objects made before the garbage collector looks for garbage: acknowledgements make many, and next to none of it."""
SWITCH_INTERVAL_S = 0.0005
"""How long a thread may compute in Python while the event loop waits; shorter brings nothing more (scripts/bench)."""


def create_app(
    microscope: Microscope,
    sockets: Sockets,
    figures: Figures,
    metrics: Metrics,
    backups: Backups,
    restart: Callable[[], None],
    access: Access,
    hosts: Hosts,
    secure: bool = False,
) -> ASGIApp:
    """All faces of the microscope in one ASGI application, behind the gate.

    ``hosts`` are its own names; ``secure`` says that it is served by HTTPS.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await _ask_once(app)
        async with (
            figures.sampling(),
            microscope.album.tending(),
            looking_out(microscope.control, microscope.disk),
        ):
            yield

    app = FastAPI(
        title="Eyepiece",
        version=__version__,
        max_body_size=MAX_MESSAGE_BYTES,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    answer_problems(app)
    app.include_router(access_routes(access))
    app.include_router(state_routes(microscope, access))
    app.include_router(camera_routes(microscope))
    app.include_router(stage_routes(microscope))
    app.include_router(light_routes(microscope))
    app.include_router(control_routes(microscope.control))
    app.include_router(optics_routes(microscope.nosepiece, microscope.control))
    app.include_router(place_routes(microscope))
    app.include_router(image_routes(microscope.album))
    app.include_router(frame_routes(sockets.stream, microscope.rig.camera))
    app.include_router(figure_routes(figures, metrics))
    app.include_router(upkeep_routes(backups, restart))
    app.include_router(about_routes())

    if microscope.rig.world is not None:
        app.include_router(simulation_routes(microscope.rig.world))

    @app.get("/openapi.json", include_in_schema=False)
    def describe() -> JSONResponse:
        # On a thread: to make it, once, takes longer than the loop may be kept.
        return JSONResponse(app.openapi())

    app.router.routes.append(_BothEndings("/socket.io", app=sockets.asgi))
    pages = serve_page(app)
    # Around all of it: what FastAPI answers by itself, a body too large or a bug, is an answer as others are.
    return Gate(app, access, hosts, security_headers(pages, secure))


async def _ask_once(app: FastAPI) -> None:
    """Ask for what is not there: the first request has FastAPI build much, and no viewer is to wait for that."""

    async def send(message: Message) -> None:
        pass

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    how = {"type": "http", "http_version": "1.1", "scheme": "http", "method": "GET", "headers": []}
    what = {"root_path": "", "path": "/nothing", "raw_path": b"/nothing", "query_string": b""}
    await app({**how, **what}, receive, send)


class _BothEndings(Mount):
    """A mount that serves its path with and without the trailing slash."""

    def matches(self, scope: Scope) -> Any:
        return super().matches(self._slashed(scope))

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await super().handle(self._slashed(scope), receive, send)

    def _slashed(self, scope: Scope) -> Scope:
        if scope["type"] in ("http", "websocket") and scope["path"] == self.path:
            return {**scope, "path": f"{self.path}/"}
        return scope


class _Server(uvicorn.Server):
    def __init__(self, on_serving: Callable[[], None], config: uvicorn.Config) -> None:
        super().__init__(config)
        self._on_serving = on_serving
        self._ending = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_serving()

    async def main_loop(self) -> None:
        # uvicorn's own wakes ten times a second to see whether it is to end.
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                async with asyncio.timeout(until_beat_s(_DATE_S)):
                    await self._ending.wait()

    def end(self) -> None:
        self.should_exit = True
        self._ending.set()


class ServerThread(threading.Thread):
    """Runs the server. The event loop is made, run and closed here; others reach it through the bridge alone."""

    def __init__(
        self,
        app: ASGIApp,
        sockets: Sockets,
        bridge: Bridge,
        watch: LoopWatch,
        listener: socket.socket,
        on_death: Callable[[], None],
        certificate: Certificate | None = None,
    ) -> None:
        """``on_death`` is called from the thread when the server ended without having been closed.

        With a ``certificate`` it serves HTTPS, and nothing else.
        """
        super().__init__(name="server", daemon=True)
        self._on_death = on_death
        self._closing = False
        self._sockets = sockets
        self._bridge = bridge
        self._watch = watch
        self._listener = listener
        self._loop: asyncio.AbstractEventLoop | None = None
        self._serving = threading.Event()
        self._doorman = Doorman()
        self._tls = certificate.context() if certificate else None
        self._server = _Server(
            self._begin_serving,
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                http=self._secured(type("_GuardedHttp", (HttpDoor,), {"doorman": self._doorman})),
                ws=type("_GuardedWebSocket", (WebSocketDoor,), {"doorman": self._doorman}),
                # JPEG does not shrink; trying costs ten times the sending.
                ws_per_message_deflate=False,
                ws_max_size=MAX_MESSAGE_BYTES,
                timeout_graceful_shutdown=_GRACE_S,
                server_header=False,
            ),
        )

    def wait_until_serving(self, timeout_s: float) -> bool:
        """Wait for the first request to be possible; False when the thread ended or took too long."""
        self._serving.wait(timeout_s)
        return self.is_alive() and self._server.started

    def close(self) -> None:
        """Have the server say goodbye to its viewers and end; join the thread to wait for that."""
        self._closing = True
        if self._loop is not None and not self._loop.is_closed():
            asyncio.run_coroutine_threadsafe(self._say_goodbye(), self._loop)

    def run(self) -> None:
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        try:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                self._loop = runner.get_loop()
                self._bridge.set_loop(self._loop)
                try:
                    runner.run(self._serve())
                finally:
                    self._bridge.set_loop(None)
                    self._watch.close()
                    self._watch.join(_GRACE_S)
        finally:
            self._serving.set()
            if not self._closing:
                self._on_death()

    def _begin_serving(self) -> None:
        # Not watched before: what a start makes once may take long, and nobody waits for the loop yet.
        self._watch.start(asyncio.get_running_loop().call_soon_threadsafe, threading.get_ident())
        self._serving.set()

    def _secured(self, protocol: Callable[..., asyncio.Protocol]) -> Any:
        """What makes this protocol for a connection; by HTTPS once they have shaken hands."""
        context = self._tls
        if context is None:
            return protocol
        return lambda **options: TlsDoor(partial(protocol, **options), context, self._doorman)

    async def _serve(self) -> None:
        if trouble := await wire_trouble():
            log.error("Frames take the ordinary, slower way, because the short one does not fit: %s", trouble)
            log.error("Nor is anybody turned away who asks too slowly or too often, nor an answer under way ended")
            self._server.config.http = self._secured(HttpToolsProtocol)
            self._server.config.ws = "websockets-sansio"
        _settle_garbage()
        await self._server.serve(sockets=[self._listener])

    async def _say_goodbye(self) -> None:
        # Endless answers first: the server waits for the end of every one.
        self._sockets.stream.close()
        self._doorman.close()
        try:
            await self._sockets.close()
        finally:
            self._server.end()


def _settle_garbage() -> None:
    """Have the collector look no more at what was made until now, and less often at what comes."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER)
