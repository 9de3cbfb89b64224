"""What every test stands on: nothing may outlive it."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes is the machine's affair.
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")

T = TypeVar("T")

PATIENCE_S = 30.0
"""How long a condition may take on a loaded machine before a test gives up on it."""


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """Fail a test that leaves a thread running."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + PATIENCE_S
    for thread in set(threading.enumerate()) - before:
        thread.join(max(0.0, deadline - time.monotonic()))
        assert not thread.is_alive(), f"the test left the thread {thread.name!r} running"


def run_async(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on a loop of its own; a task that it leaves behind fails the test."""

    async def checked() -> T:
        result = await main
        left = asyncio.all_tasks() - {asyncio.current_task()}
        assert not left, f"tasks were left running: {left}"
        return result

    return asyncio.run(checked())


def wait_until(condition: Callable[[], Any], what: str = "the condition") -> Any:
    """Wait for something to become true, at most ``PATIENCE_S``; returns it."""
    deadline = time.monotonic() + PATIENCE_S
    tick = threading.Event()
    while not (value := condition()):
        assert time.monotonic() < deadline, f"{what} did not come true within {PATIENCE_S:g} s"
        tick.wait(0.005)
    return value
