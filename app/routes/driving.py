"""Who sends a request, and whether it may drive: what every route that drives depends on."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Header, Request

from app.access import IDENTITY
from app.control import Control
from app.people import Person
from app.roles import ANYBODY

Caller = Callable[..., Coroutine[Any, Any, Person]]


def caller_of(control: Control) -> Caller:
    """A dependency: who sends the request."""

    async def caller(request: Request, x_viewer: Annotated[str | None, Header()] = None) -> Person:
        """``X-Viewer`` is the Socket.IO id of the page that sends it; a program has none."""
        address = request.client.host if request.client else ""
        return control.people.calling(x_viewer, address, request.scope.get(IDENTITY) or ANYBODY)

    return caller


def drives(control: Control) -> Any:
    """A dependency for a route that drives: 409 where somebody else does, 403 where the caller never may.

    A program that hangs up meanwhile is gone, and so ends its motion.
    """

    async def driving(request: Request, person: Annotated[Person, Depends(caller_of(control))]) -> AsyncIterator[None]:
        with control.driving(person) as who:
            watch = None if person.connected else asyncio.create_task(_until_hung_up(request), name="hung up?")
            if watch is not None:
                watch.add_done_callback(lambda done: None if done.cancelled() else control.hung_up(who))
            try:
                yield
            finally:
                if watch is not None:
                    # uvicorn says http.disconnect after each answer, too. It has none of that heard here: from the
                    # answer's last byte to this line the loop takes no turn, so that the watch ends before it wakes.
                    watch.cancel()

    return Depends(driving)


async def _until_hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
