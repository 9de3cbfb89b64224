"""app.health: what a loop's thread is in, in words."""

import inspect

from app.health import describe_callback
from tests.conftest import run_async


def test_describes_functions_up_to_the_callback() -> None:
    told: list[str] = []

    def inner() -> None:
        told.append(describe_callback(inspect.currentframe()))

    async def outer() -> None:
        inner()

    run_async(outer())
    functions = [part.rpartition(".")[2] for part in told[0].split(", called by ")]
    assert functions == ["inner", "outer", "checked"]
    assert told[0].startswith(f"app/test_health_places.py:{inner.__code__.co_firstlineno + 1} ")


def test_describes_only_the_innermost_of_many() -> None:
    def down(depth: int) -> str:
        return down(depth - 1) if depth else describe_callback(inspect.currentframe())

    assert down(20).count("down") == 6


def test_describes_no_callback_as_nothing() -> None:
    assert describe_callback(None) == ""
