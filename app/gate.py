"""What stands in front of every face: the names and origins that are let through, who asks, what every answer says."""

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import partial

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.access import IDENTITY, Access, NotPaired, RoleTooLow, needed_role
from app.hosts import Hosts
from app.problems import ProblemResponse, problem
from app.roles import Role
from app.wire import HttpDoor, door_of

_INLINE = re.compile(rb"<script[^>]*>(.*?)</script>", re.DOTALL)
_POLICY_VIOLATION = 1008


_DOCUMENTS = {"/", "/dashboard", "/docs"}
_WORKERS = "-worker.js"
"""By name, not by what an answer holds: one that says "not modified" alone renews the headers of what is kept."""
_FOR_ALL = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_INERT = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}
"""For what is no document: a browser that shows it by itself is to run nothing of it."""

Headers = list[tuple[bytes, bytes]]


def security_headers(pages: Iterable[bytes], secure: bool) -> tuple[Headers, Headers]:
    """What documents and workers have, and what all else: no other page may run, frame or read them, nor they it.

    ``pages`` is the HTML that is served. What is inline in them (an import map cannot be elsewhere) is allowed
    by its digest, and nothing else is. A page has a hundred files, which need not have all of it.
    """
    inline = sorted({_digest(text) for page in pages for text in _INLINE.findall(page) if text})
    policy = {
        "default-src": ["'none'"],
        "script-src": ["'self'", *inline],
        "style-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
    documents = _FOR_ALL | {
        "Content-Security-Policy": "; ".join(" ".join([name, *values]) for name, values in policy.items()),
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }
    if secure:
        # Without HTTPS browsers ignore it, and say so.
        documents["Cross-Origin-Opener-Policy"] = "same-origin"
    return _encoded(documents), _encoded(_FOR_ALL | _INERT)


def _encoded(headers: dict[str, str]) -> Headers:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


def _digest(script: bytes) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'"


class Gate:
    """The ASGI layer in front of the application."""

    def __init__(self, app: ASGIApp, access: Access, hosts: Hosts, headers: tuple[Headers, Headers]) -> None:
        """``headers``: those of documents and workers, and those of all else."""
        self._app = app
        self._access = access
        self._hosts = hosts
        self._of_documents, self._of_others = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket" and self._hosts.trouble(scope):
            await receive()
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
        else:
            if scope["type"] == "websocket":
                scope[IDENTITY] = self._access.identify(scope)
            await self._app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        runs = scope["path"] in _DOCUMENTS or scope["path"].endswith(_WORKERS)
        own = self._of_documents if runs else self._of_others

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message.get("headers", [])
                message["headers"] = [*headers, *own]
            await send(message)

        needed = needed_role(scope["method"], scope["path"])
        if (refusal := self._refusal(scope, needed)) is not None:
            await refusal(scope, receive, send_with_headers)
            return
        identity, door = scope[IDENTITY], door_of(scope)
        if needed is None or not isinstance(door, HttpDoor):
            await self._app(scope, receive, send_with_headers)
            return
        cut = partial(door.transport.abort)  # one for each request: a connection may have several
        self._access.begin(identity, needed, cut)
        try:
            await self._app(scope, receive, send_with_headers)
        finally:
            self._access.end(cut)

    def _refusal(self, scope: Scope, needed: Role | None) -> ProblemResponse | None:
        """The answer to one who may not; else the scope says who asks."""
        if trouble := self._hosts.trouble(scope):
            return problem(403, "foreign", trouble)
        identity = scope[IDENTITY] = self._access.identify(scope)
        try:
            if needed is not None:
                self._access.require(identity, needed)
        except NotPaired as error:
            refusal = problem(401, "not-paired", str(error), **error.extra)
            refusal.headers["WWW-Authenticate"] = "Bearer"
            return refusal
        except RoleTooLow as error:
            return problem(403, "role", str(error), **error.extra)
        return None
