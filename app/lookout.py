"""What is looked after once in a while as long as the server runs."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from app.beat import until_beat_s
from app.control import Control
from app.disk import Disk

log = logging.getLogger(__name__)

_CONTROL_S = 1.0
_DISK_S = 5.0


@asynccontextmanager
async def looking_out(control: Control, disk: Disk) -> AsyncIterator[None]:
    """Look whether the driver is still there, and how full the disk is, for the time of the ``async with`` block."""
    # Each by itself: a disk that does not answer must not leave the stage of a vanished driver moving.
    tasks = [
        asyncio.create_task(_regularly(_CONTROL_S, control.look), name="lookout for the driver"),
        asyncio.create_task(_regularly(_DISK_S, lambda: asyncio.to_thread(disk.look)), name="lookout for the disk"),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _regularly(period_s: float, look: Callable[[], Awaitable[None] | None]) -> None:
    while True:
        await asyncio.sleep(until_beat_s(period_s))
        try:
            if (looking := look()) is not None:
                await looking
        except Exception:
            log.exception("The lookout failed, and goes on")
