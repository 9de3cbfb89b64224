"""app.control: one driver at a time."""

import asyncio
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from starlette.types import Message

from app.control import IDLE_S, PROGRAM_IDLE_S, Control, ControlState
from app.people import People, Person
from app.roles import Identity, Role
from app.routes.driving import drives
from hw.errors import ControlHeld, Forbidden, InvalidRequest
from tests.conftest import run_async, wait_until


class Bench:
    """A lease with a clock of its own."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.stops = 0
        self.told: list[ControlState] = []
        self.silent: set[str] = set()
        self.people = People()
        self.control = Control(self.people, self._stop, self.told.append, self.silent.__contains__, lambda: self.now_s)

    def _stop(self) -> None:
        self.stops += 1

    def arrive(self, name: str, role: str = "operator", address: str | None = None) -> Person:
        person = self.people.arrive(name, address or f"at {name}", "", Identity("open", "", name, Role(role)))
        self.control.came()
        return person

    def program(self, address: str) -> Person:
        return self.people.calling(None, address)

    def drive(self, person: Person) -> None:
        with self.control.driving(person):
            pass

    @property
    def driver(self) -> str | None:
        driver = self.control.state.driver
        return driver.id if driver else None

    @property
    def waiting(self) -> list[str]:
        return [somebody.id for somebody in self.control.state.waiting]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_the_first_who_drives_has_it_and_others_are_told_who(bench: Bench) -> None:
    ada, bob = bench.arrive("ada"), bench.arrive("bob")
    bench.drive(ada)
    assert bench.driver == "ada"
    with pytest.raises(ControlHeld, match="ada drives") as refused:
        bench.drive(bob)
    assert refused.value.extra["driver"] == {"id": "ada", "name": "ada"}
    assert bench.driver == "ada"
    assert [state.driver and state.driver.name for state in bench.told] == [None, None, "ada"]  # nothing else changed


def test_who_asks_gets_it_when_it_is_released_in_the_order_of_asking(bench: Bench) -> None:
    ada, bob, eve = bench.arrive("ada"), bench.arrive("bob"), bench.arrive("eve")
    bench.drive(ada)
    assert [bench.control.ask(bob), bench.control.ask(eve), bench.control.ask(bob)] == [False, False, False]
    assert bench.waiting == ["bob", "eve"]
    bench.control.release(ada)
    assert (bench.driver, bench.waiting) == ("bob", ["eve"])
    bench.control.release(bob)
    bench.control.release(eve)
    assert (bench.driver, bench.waiting) == (None, [])


def test_one_who_waits_may_cease_to(bench: Bench) -> None:
    ada, bob = bench.arrive("ada"), bench.arrive("bob")
    bench.drive(ada)
    bench.control.ask(bob)
    bench.control.release(bob)
    assert (bench.driver, bench.waiting) == ("ada", [])


def test_an_idle_driver_gives_way_to_the_first_who_waits_and_an_active_one_does_not(bench: Bench) -> None:
    ada, bob, eve = bench.arrive("ada"), bench.arrive("bob"), bench.arrive("eve")
    bench.drive(ada)
    bench.control.ask(bob)
    bench.now_s = IDLE_S - 1
    bench.drive(ada)
    bench.now_s += IDLE_S - 1
    bench.control.look()
    assert bench.driver == "ada"
    bench.now_s += 2
    with pytest.raises(ControlHeld):
        bench.drive(eve)  # bob was first
    bench.control.look()
    assert (bench.driver, bench.waiting) == ("bob", [])


def test_an_idle_driver_keeps_it_until_somebody_else_drives(bench: Bench) -> None:
    ada, bob = bench.arrive("ada"), bench.arrive("bob")
    bench.drive(ada)
    bench.now_s = 10 * IDLE_S
    bench.control.look()
    assert bench.driver == "ada"
    bench.drive(bob)
    assert bench.driver == "bob"


def test_a_long_move_is_no_idleness(bench: Bench) -> None:
    ada, bob = bench.arrive("ada"), bench.arrive("bob")
    with bench.control.driving(ada):
        bench.control.ask(bob)
        bench.now_s = 10 * IDLE_S
        bench.control.look()
        assert bench.driver == "ada"
    bench.control.look()
    assert bench.driver == "ada"  # idle from the end of the move on
    bench.now_s += IDLE_S + 1
    bench.control.look()
    assert bench.driver == "bob"


def test_the_driver_may_give_it_to_whom_it_wants_and_nobody_else_may(bench: Bench) -> None:
    ada, bob, eve = bench.arrive("ada"), bench.arrive("bob"), bench.arrive("eve")
    bench.drive(ada)
    bench.control.ask(bob)
    bench.control.ask(eve)
    with pytest.raises(ControlHeld):
        bench.control.give(eve, "eve")
    bench.control.give(ada, "eve")
    assert (bench.driver, bench.waiting) == ("eve", ["bob"])
    with pytest.raises(InvalidRequest, match="no viewer 'nobody'"):
        bench.control.give(eve, "nobody")
    assert bench.driver == "eve"


@pytest.mark.parametrize("how", ["disconnects", "goes silent"])
def test_a_driver_that_vanishes_stops_the_motion_and_frees_the_lease(bench: Bench, how: str) -> None:
    ada, bob = bench.arrive("ada"), bench.arrive("bob")
    with bench.control.driving(ada):
        bench.control.ask(bob)
        if how == "disconnects":
            bench.people.leave("ada")
            bench.control.gone("ada")
        else:
            bench.silent.add("ada")
            bench.control.look()
        assert (bench.stops, bench.driver, bench.waiting) == (1, "bob", [])
    assert bench.driver == "bob"


def test_one_who_only_looked_stops_nothing_as_it_leaves(bench: Bench) -> None:
    ada, bob = bench.arrive("ada"), bench.arrive("bob")
    bench.drive(ada)
    bench.control.ask(bob)
    bench.people.leave("bob")
    bench.control.gone("bob")
    assert (bench.stops, bench.driver, bench.waiting) == (0, "ada", [])


@pytest.mark.parametrize("deed", ["drive", "ask", "be given"])
def test_a_viewer_by_role_never_drives(bench: Bench, deed: str) -> None:
    guest, ada = bench.arrive("guest", "viewer"), bench.arrive("ada")
    deeds: dict[str, Callable[[], object]] = {
        "drive": lambda: bench.drive(guest),
        "ask": lambda: bench.control.ask(guest),
        "be given": lambda: bench.control.give(ada, "guest"),
    }
    with pytest.raises(Forbidden, match="guest may look and stop, and not drive"):
        deeds[deed]()
    assert bench.driver is None


def test_an_owner_who_asks_need_not_wait_for_an_operator(bench: Bench) -> None:
    pupil, teacher = bench.arrive("pupil"), bench.arrive("teacher", "owner")
    other = bench.arrive("other", "owner")
    bench.drive(pupil)
    with pytest.raises(ControlHeld):
        bench.drive(teacher)  # never by accident
    assert bench.control.ask(teacher) is True
    assert bench.control.ask(other) is False  # they are equals
    assert bench.driver == "teacher"


def test_a_program_frees_the_lease_by_idling_and_cannot_wait(bench: Bench) -> None:
    ada, program = bench.arrive("ada", "owner"), bench.program("10.0.0.9")
    bench.drive(program)
    assert (bench.driver, bench.control.state.driver and bench.control.state.driver.hands) == (program.id, ())
    with pytest.raises(ControlHeld):
        bench.drive(ada)
    bench.now_s = PROGRAM_IDLE_S + 1
    bench.control.look()
    assert bench.driver is None
    bench.drive(ada)
    with pytest.raises(ControlHeld):
        bench.control.ask(program)
    assert bench.waiting == []


def test_a_program_and_the_viewer_beside_it_are_taken_for_one(bench: Bench) -> None:
    program = bench.program("10.0.0.9")
    bench.drive(program)
    ada = bench.arrive("ada", address="10.0.0.9")
    assert bench.control.state.driver is not None
    assert bench.control.state.driver.hands == ("ada",)  # her page is told that she may drive
    assert bench.told[-1] == bench.control.state
    bench.drive(ada)
    assert bench.driver == "ada"
    with bench.control.driving(program):
        assert bench.driver == "ada"  # in her name
    with pytest.raises(ControlHeld):
        bench.drive(bench.program("10.0.0.8"))


def test_where_access_is_asked_for_a_program_shares_with_its_own_session_alone(bench: Bench) -> None:
    address = "10.0.0.9"  # as all have behind one router
    hers, his = (Identity("token", token, "", Role.OPERATOR, maker) for token, maker in (("t1", "ada"), ("t2", "bob")))
    ada = bench.people.arrive("a", address, "", Identity("session", "ada", "Ada", Role.OPERATOR))
    bench.drive(ada)
    bench.drive(bench.people.calling(None, "10.0.0.8", hers))
    assert bench.driver == "a"
    with pytest.raises(ControlHeld):
        bench.drive(bench.people.calling(None, address, his))
    bench.control.release(ada)
    bench.drive(bench.people.calling(None, address, hers))
    assert bench.control.state.driver is not None
    assert bench.control.state.driver.hands == ("a",)


def test_a_program_that_hangs_up_beside_its_viewer_stops_the_motion_and_leaves_her_the_lease(bench: Bench) -> None:
    ada = bench.arrive("ada", address="10.0.0.9")
    bench.drive(ada)

    async def move_and_hang_up() -> None:
        app, moving, hung_up = FastAPI(), asyncio.Event(), asyncio.Event()

        @app.post("/move", dependencies=[drives(bench.control)])
        async def move() -> None:
            moving.set()
            await asyncio.to_thread(wait_until, lambda: bench.stops, "the stop")

        async def receive() -> Message:
            await (hung_up.wait() if moving.is_set() else moving.wait())
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            pass

        scope = {"type": "http", "method": "POST", "path": "/move", "headers": [], "query_string": b""}
        asked = asyncio.create_task(app({**scope, "client": ("10.0.0.9", 1)}, receive, send))
        await moving.wait()
        assert bench.stops == 0
        hung_up.set()
        await asked

    run_async(move_and_hang_up())
    assert (bench.stops, bench.driver) == (1, "ada")
    with bench.control.driving(bench.program("10.0.0.9")) as who:
        bench.control.release(ada)
        bench.control.hung_up(who)
    assert bench.stops == 1  # she drove no more


def test_a_program_that_hangs_up_after_its_viewer_took_over_stops_the_motion_all_the_same(bench: Bench) -> None:
    program = bench.program("10.0.0.9")
    with bench.control.driving(program) as who:
        ada = bench.arrive("ada", address="10.0.0.9")
        bench.drive(ada)
        bench.control.hung_up(who)
    assert (bench.stops, bench.driver) == (1, "ada")


def test_a_driver_that_is_promoted_or_renamed_drives_on_by_the_new_name(bench: Bench) -> None:
    ada, bob = bench.arrive("ada"), bench.arrive("bob")
    with bench.control.driving(ada):
        bench.control.ask(bob)
        since = bench.control.state.since
        for viewer, name, role in (("ada", "Ada L.", Role.OWNER), ("bob", "Bob the Second", Role.OWNER)):
            bench.people.arrive(viewer, f"at {viewer}", "", Identity("session", "", name, role))
            bench.control.came()
        bench.now_s = IDLE_S - 1
    told = bench.control.state
    assert told.driver is not None
    assert (told.driver.name, told.since, bench.stops) == ("Ada L.", since, 0)
    assert [somebody.name for somebody in told.waiting] == ["Bob the Second"]
    bench.now_s += IDLE_S - 1
    bench.control.look()
    assert bench.driver == "ada"  # the end of what she did counts
    renamed = bench.people.get("ada")
    assert renamed is not None
    bench.drive(renamed)
    assert bench.control.state.since == since
