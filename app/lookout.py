"""What is looked after once in a while as long as the server runs."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from app.control import Control
from app.disk import Disk

log = logging.getLogger(__name__)

_CONTROL_S = 1.0
_DISK_ROUNDS = 5
"""The disk is looked at in each of so many rounds."""


@asynccontextmanager
async def looking_out(control: Control, disk: Disk) -> AsyncIterator[None]:
    """Look whether the driver is still there, and how full the disk is, for the time of the ``async with`` block."""
    task = asyncio.create_task(_look_regularly(control, disk), name="lookout")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _look_regularly(control: Control, disk: Disk) -> None:
    rounds = 0
    while True:
        await asyncio.sleep(_CONTROL_S)
        rounds += 1
        try:
            control.look()
            if rounds % _DISK_ROUNDS == 0:
                await asyncio.to_thread(disk.look)
        except Exception:
            log.exception("The lookout failed, and goes on")
