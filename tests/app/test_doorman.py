"""How many connections there may be, and which one goes where there are too many."""

import asyncio
import resource
from typing import Any

import pytest

from app import doorman
from app.doorman import MAX_CONNECTIONS_EACH, MAX_STRANGERS, MAX_STRANGERS_EACH, Doorman, allowed_connections
from tests.conftest import PATIENCE_S, run_async


class Transport(asyncio.Transport):
    """A connection from somewhere, which can be aborted."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.ended = asyncio.Event()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return (self.address, 1) if name == "peername" else default

    def abort(self) -> None:
        self.ended.set()

    @property
    def aborted(self) -> bool:
        return self.ended.is_set()


def crowd(door: Doorman, count: int, address: str | None = None, asks: bool = False) -> list[Transport]:
    """So many connections, from one address or from as many."""
    transports = [Transport(address or f"10.0.{n // 250}.{n % 250}") for n in range(count)]
    for transport in transports:
        door.enter(transport)
        if asks:
            door.expect_nothing(transport)
    return transports


def aborted(transports: list[Transport]) -> list[int]:
    return [number for number, transport in enumerate(transports) if transport.aborted]


def on_a_loop(look: Any) -> None:
    async def main() -> None:
        door = Doorman(600)
        look(door)
        door.close()

    run_async(main())


def test_the_oldest_who_asked_nothing_goes_and_who_asked_stays() -> None:
    def look(door: Doorman) -> None:
        viewers = crowd(door, 100, asks=True)
        strangers = crowd(door, MAX_STRANGERS + 3)
        assert aborted(strangers) == [0, 1, 2]
        assert aborted(viewers) == []
        assert door.turned_away == 3

    on_a_loop(look)


def test_of_one_address_fewer_may_ask_nothing_and_others_do_not_pay_for_it() -> None:
    def look(door: Doorman) -> None:
        honest = crowd(door, 5)
        greedy = crowd(door, MAX_STRANGERS_EACH + 2, "10.9.9.9")
        assert aborted(greedy) == [0, 1]
        assert aborted(honest) == []

    on_a_loop(look)


def test_there_is_a_most_for_one_address_and_for_all() -> None:
    def look(door: Doorman) -> None:
        one = crowd(door, MAX_CONNECTIONS_EACH + 2, "10.9.9.9", asks=True)
        assert aborted(one) == [MAX_CONNECTIONS_EACH, MAX_CONNECTIONS_EACH + 1], "those that are there stay"
        others = crowd(door, 600 - MAX_CONNECTIONS_EACH + 1, asks=True)
        assert aborted(others) == [600 - MAX_CONNECTIONS_EACH]
        door.leave(one[0])
        assert not crowd(door, 1, "10.7.7.7")[0].aborted, "there is room again"

    on_a_loop(look)


def test_a_connection_that_is_left_twice_counts_once() -> None:
    def look(door: Doorman) -> None:
        (once,) = crowd(door, 1)
        for _ in range(2):
            door.leave(once)
        door.expect_headers(once)
        door.expect_body(once)
        door.expect_nothing(once)
        assert (dict(door._connections), door._addresses, door._headers, door._bodies) == ({}, {}, {}, {})

    on_a_loop(look)


def test_headers_and_bodies_that_take_too_long_end_their_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("HEADER_S", 0.05), ("BODY_S", 0.1), ("_LOOK_S", 0.01)):
        monkeypatch.setattr(doorman, name, value)

    async def main() -> None:
        door = Doorman(600)
        silent, sending, content = crowd(door, 3)
        door.expect_body(sending)
        door.expect_nothing(content)
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.gather(silent.ended.wait(), sending.ended.wait())
        assert not content.aborted
        door.close()

    run_async(main())


def test_the_limit_of_open_files_is_raised_and_kept_to(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = [(256, 4096)]
    monkeypatch.setattr(resource, "getrlimit", lambda which: limits[-1])
    monkeypatch.setattr(resource, "setrlimit", lambda which, pair: limits.append(pair))
    assert allowed_connections() == 1000
    assert limits[-1] == (1200, 4096)
    limits.append((256, 512))
    assert allowed_connections() == 312
    assert limits[-1] == (512, 512)
