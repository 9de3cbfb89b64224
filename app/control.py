"""One driver at a time: who may move the stage and change lamp and camera. A stop is everyone's. Runs on the loop."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from app.people import People, Person
from app.roles import Role
from hw.errors import ControlHeld, Forbidden, InvalidRequest

log = logging.getLogger(__name__)

IDLE_S = 30.0
"""A driver who has done nothing for so long gives way to whoever drives next, or has asked."""
PROGRAM_IDLE_S = 10.0
"""The same for a program, which has no connection whose end would tell that it is gone."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person as others are shown it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Driver(Somebody):
    """Who drives."""

    hands: tuple[str, ...]
    """The viewers that drive with it: itself; beside a program, those at the program's address."""


@dataclass(frozen=True, slots=True)
class ControlState:
    """Who drives, since when (wall clock, seconds), and who wants to, the first in the row first."""

    driver: Driver | None = None
    since: float | None = None
    waiting: tuple[Somebody, ...] = ()
    present: int = 0
    """How many viewers there are."""


class Control:
    """The lease of the microscope's controls.

    Whoever drives while nobody does gets it without asking. Others are refused until it is released, given on, or its
    holder is idle. A holder that vanishes stops the motion. A program and the viewers at its own address are taken for
    one: they share it.
    """

    def __init__(
        self,
        people: People,
        stop: Callable[[], object],
        tell: Callable[[ControlState], None],
        is_silent: Callable[[str], bool] = lambda viewer: False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``stop`` ends any motion, ``tell`` is given each new state, ``is_silent`` says whose connection is dead."""
        self.people = people
        self._stop = stop
        self._tell = tell
        self._is_silent = is_silent
        self._clock = clock
        self._driver: Person | None = None
        self._since: float | None = None
        self._active_s = 0.0
        self._acting: Counter[str] = Counter()
        """Requests under way, by who sent them: a long move is no idleness."""
        self._waiting: dict[str, Person] = {}
        self._told = ControlState()

    @property
    def state(self) -> ControlState:
        """What everybody is shown."""
        driver = self._driver
        shown = None
        if driver is not None:
            hands = [person for person in self.people.present if self._are_one(driver, person)]
            shown = Driver(driver.id, driver.name, tuple(person.id for person in hands))
        waiting = tuple(Somebody(person.id, person.name) for person in self._waiting.values())
        return ControlState(shown, self._since, waiting, self.people.count)

    @contextmanager
    def driving(self, person: Person) -> Iterator[Person]:
        """Have somebody drive for the time of a ``with`` block; gives in whose name, if it is a program.

        Raises ``ControlHeld`` or ``Forbidden``.
        """
        who = self._take(person)
        self._acting[who.id] += 1
        try:
            yield who
        finally:
            self._acting[who.id] -= 1
            self._acting += Counter()  # forgets those at nought
            if self._driver is not None and self._driver.id == who.id:
                self._active_s = self._clock()

    def ask(self, person: Person) -> bool:
        """Somebody wants to drive; returns whether it does now, else it waits in the row.

        An owner need not wait for somebody who is none. A program cannot wait: ``ControlHeld``.
        """
        self._check_role(person)
        driver = self._driver
        if driver is None or self._may_have(person) or (person.role is Role.OWNER and driver.role is not Role.OWNER):
            self._hand_to(person)
        elif driver != person and not person.connected:
            raise self._held(driver)
        elif driver != person:
            self._waiting.setdefault(person.id, person)
        self._say()
        return self._driver == person

    def release(self, person: Person) -> None:
        """Somebody wants to drive no more: the next in the row does."""
        self._waiting.pop(person.id, None)
        if self._driver is not None and self._are_one(self._driver, person):
            self._pass_on()
        self._say()

    def give(self, person: Person, viewer: str) -> None:
        """The driver lets another viewer drive. Raises ``ControlHeld``, or ``InvalidRequest`` where it is not there."""
        driver = self._driver
        if driver is not None and not self._are_one(driver, person):
            raise self._held(driver)
        heir = self.people.get(viewer)
        if heir is None:
            raise InvalidRequest(f"no viewer {viewer[:80]!r} is connected")
        self._check_role(heir)
        self._hand_to(heir)
        self._say()

    def came(self) -> None:
        """A viewer has connected, and may share what a program holds; or is another than before by role or name."""
        get = self.people.get
        self._driver = self._driver and (get(self._driver.id) or self._driver)
        self._waiting = {key: get(key) or person for key, person in self._waiting.items()}
        self._say()

    def gone(self, viewer: str) -> None:
        """Somebody has vanished: what it had set in motion stops, and another may drive."""
        self._waiting.pop(viewer, None)
        if self._driver is not None and self._driver.id == viewer:
            log.info("%s, who drove, is gone: any motion is stopped", self._driver.name)
            self._stop()
            self._pass_on()
        self._say()

    def hung_up(self, who: Person) -> None:
        """A program that drove in somebody's name has vanished: as ``gone``, but for a viewer, who is there still."""
        driver = self._driver
        if driver is not None and self._are_one(driver, who) and (driver.connected or driver.id != who.id):
            log.info("A program beside %s hung up: any motion is stopped", driver.name)
            self._stop()
        elif not who.connected:
            self.gone(who.id)

    def look(self) -> None:
        """See whether the driver is still there and awake; to be called about once a second."""
        driver = self._driver
        if driver is None:
            return
        if driver.connected and self._is_silent(driver.id):
            self.gone(driver.id)
        elif self._is_idle(driver) and (self._waiting or not driver.connected):
            if not driver.connected:
                self._stop()  # nobody may be there any more who would end what it began
            self._pass_on()
            self._say()

    def _take(self, person: Person) -> Person:
        """Let somebody drive; returns in whose name: a program beside the driver drives in the driver's."""
        self._check_role(person)
        driver = self._driver
        if driver is not None and not person.connected and self._are_one(driver, person):
            person = driver
        elif driver is not None and driver != person and not self._may_have(person):
            raise self._held(driver)
        self._hand_to(person)
        self._say()
        return person

    def _may_have(self, person: Person) -> bool:
        """Whether somebody may have it without its holder's leave."""
        driver = self._driver
        if driver is None or self._are_one(driver, person):
            return True
        return self._is_idle(driver) and next(iter(self._waiting), person.id) == person.id

    def _are_one(self, driver: Person, person: Person) -> bool:
        """Whether they share the lease: a program and what is of its session, or, where there are none, its address."""
        if driver.id == person.id or (driver.connected and person.connected):
            return driver.id == person.id
        return driver.session == person.session and bool(driver.session or driver.address == person.address)

    def _is_idle(self, driver: Person) -> bool:
        idle_s = IDLE_S if driver.connected else PROGRAM_IDLE_S
        return not self._acting[driver.id] and self._clock() - self._active_s > idle_s

    def _pass_on(self) -> None:
        self._driver = self._since = None
        if self._waiting:
            self._hand_to(next(iter(self._waiting.values())))

    def _hand_to(self, person: Person) -> None:
        self._waiting.pop(person.id, None)
        self._active_s = self._clock()
        if self._driver is None or self._driver.id != person.id:
            log.info("%s drives", person.name)
            self._since = time.time()
        self._driver = person

    def _check_role(self, person: Person) -> None:
        if person.role is Role.VIEWER:
            raise Forbidden(f"{person.name} may look and stop, and not drive", role=person.role)

    def _held(self, driver: Person) -> ControlHeld:
        return ControlHeld(
            f"{driver.name} drives: ask for control, and have it when it is released or idle",
            driver={"id": driver.id, "name": driver.name},
        )

    def _say(self) -> None:
        if self.state != self._told:
            self._told = self.state
            self._tell(self._told)
