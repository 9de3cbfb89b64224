"""Errors as answers: the one place where they become HTTP problem details (RFC 9457)."""

import http
import logging
import math
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from app.access import NotPaired, RoleTooLow
from app.encoding import to_json
from app.pairing import TooManyTries, WrongPin
from app.register import LastOwner
from hw.errors import (
    ControlHeld,
    DeviceAbsent,
    DeviceBusy,
    DeviceError,
    DeviceStopped,
    DeviceTimeout,
    EyepieceError,
    Forbidden,
    InvalidRequest,
    NotFocused,
    NotFound,
    NotStored,
    OutOfLimits,
    Refused,
    StorageFull,
)
from hw.findings import facts_of

log = logging.getLogger(__name__)

_STATUS: dict[type[EyepieceError], tuple[int, str]] = {
    OutOfLimits: (422, "out-of-limits"),
    InvalidRequest: (422, "invalid-request"),
    NotFound: (404, "not-found"),
    LastOwner: (409, "last-owner"),
    NotPaired: (401, "not-paired"),
    RoleTooLow: (403, "role"),
    TooManyTries: (429, "too-many-tries"),
    WrongPin: (403, "wrong-pin"),
    ControlHeld: (409, "control-held"),
    Forbidden: (403, "forbidden"),
    StorageFull: (507, "storage-full"),
    NotStored: (507, "not-stored"),
    Refused: (409, "refused"),
    DeviceAbsent: (409, "device-absent"),
    DeviceBusy: (409, "device-busy"),
    DeviceStopped: (409, "device-stopped"),
    NotFocused: (409, "not-focused"),
    DeviceTimeout: (504, "device-timeout"),
    DeviceError: (503, "device-fault"),
}


class ProblemResponse(JSONResponse):
    """A problem details answer."""

    media_type = "application/problem+json"

    def render(self, content: Any) -> bytes:
        return to_json(content).encode()


def problem(status: int, kind: str, detail: str, **extra: Any) -> ProblemResponse:
    """An answer that names what is wrong; ``extra`` says what is allowed."""
    content = {"type": f"urn:eyepiece:{kind}", "title": http.HTTPStatus(status).phrase, "status": status}
    return ProblemResponse({**content, "detail": detail, **extra}, status)


def code_of(error: EyepieceError) -> str:
    """What an error's kind is called, for programs."""
    return _kind(error)[1]


def _kind(error: EyepieceError) -> tuple[int, str]:
    return next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), (500, "error"))


def answer_problems(app: FastAPI) -> None:
    """Have the app answer every error with problem details."""

    @app.exception_handler(EyepieceError)
    async def refused(request: Request, error: EyepieceError) -> ProblemResponse:
        status, kind = _kind(error)
        answer = problem(status, kind, str(error), **error.extra)
        if isinstance(error, TooManyTries):
            answer.headers["Retry-After"] = str(math.ceil(error.extra["wait_s"]))
        return answer

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> ProblemResponse:
        errors = [
            {"where": list(e["loc"]), "what": e["msg"], **facts_of(e, ".".join(map(str, e["loc"][1:] or e["loc"])))}
            for e in error.errors()
        ]
        told = "; ".join(f"{'.'.join(map(str, e['where']))}: {e['what']}" for e in errors)
        return problem(422, "invalid-request", told, errors=errors)

    @app.exception_handler(HTTPException)
    async def http_error(request: Request, error: HTTPException) -> ProblemResponse:
        answer = problem(error.status_code, "http", str(error.detail), path=request.url.path)
        answer.headers.update(error.headers or {})
        return answer

    @app.exception_handler(Exception)
    async def bug(request: Request, error: Exception) -> ProblemResponse:
        return problem(500, "error", "something went wrong inside; the server's log says what")

    @app.exception_handler(OSError)
    async def disk(request: Request, error: OSError) -> ProblemResponse:
        log.error("%s %s: %s", request.method, request.url.path, error)
        return problem(507, "storage", f"the file could not be read or written: {error.strerror or error}")
