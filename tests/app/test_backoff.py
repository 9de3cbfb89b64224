"""How long guesses have to wait: worse with each, per address and in total, and never for ever."""

import pytest

from app.backoff import EACH, TOTAL, Backoff, Pace


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def guess(backoff: Backoff, clock: Clock, address: str, times: int) -> None:
    """Guess wrong as soon as that counts."""
    for _ in range(times):
        clock.now += backoff.wait_s(address)
        assert backoff.wait_s(address) == 0
        backoff.charge(address)


def test_the_first_mistakes_are_free_then_each_doubles_the_wait_up_to_a_bound(clock: Clock) -> None:
    backoff = Backoff(EACH, Pace(10**9, 1, 1), clock)
    waits = []
    for _ in range(15):
        guess(backoff, clock, "10.0.0.1", 1)
        waits.append(backoff.wait_s("10.0.0.1"))
    assert waits == [0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300]


def test_other_addresses_do_not_wait_for_one(clock: Clock) -> None:
    backoff = Backoff(clock=clock)
    guess(backoff, clock, "10.0.0.1", 10)
    assert backoff.wait_s("10.0.0.1") > 0
    assert backoff.wait_s("10.0.0.2") == 0


def test_many_addresses_wait_together_and_no_longer_than_one_waits_patiently(clock: Clock) -> None:
    backoff = Backoff(clock=clock)
    for number in range(200):
        guess(backoff, clock, f"10.0.{number // 50}.{number % 50}", 1)
    assert backoff.wait_s("10.9.9.9") == TOTAL.most_s
    # A day of this is too little for eight digits by far.
    guesses_a_day = 24 * 3600 / TOTAL.most_s
    assert guesses_a_day / 10**8 < 1e-4


def test_patience_forgives_and_a_right_guess_at_once(clock: Clock) -> None:
    backoff = Backoff(clock=clock)
    guess(backoff, clock, "10.0.0.1", 8)
    clock.now += 8 * EACH.most_s
    assert backoff.wait_s("10.0.0.1") == 0
    guess(backoff, clock, "10.0.0.1", 3)
    assert backoff.wait_s("10.0.0.1") == 0, "it began anew"
    guess(backoff, clock, "10.0.0.1", 2)
    backoff.forgive("10.0.0.1")
    assert backoff.wait_s("10.0.0.1") == 0


def test_a_household_is_one_address_of_ipv6(clock: Clock) -> None:
    backoff = Backoff(clock=clock)
    guess(backoff, clock, "2001:db8:1:2::1", 5)
    assert backoff.wait_s("2001:db8:1:2:ffff::9") > 0
    assert backoff.wait_s("2001:db8:1:3::1") == 0
    guess(backoff, clock, "::ffff:10.0.0.7", 5)
    assert backoff.wait_s("10.0.0.7") > 0
    assert backoff.wait_s("unknown") == 0


def test_what_is_remembered_is_bounded(clock: Clock) -> None:
    backoff = Backoff(EACH, Pace(10**9, 1, 1), clock)
    guess(backoff, clock, "10.0.0.1", 6)
    for number in range(5000):
        backoff.charge(f"10.{number // 250}.1.{number % 250}")
    assert len(backoff._addresses) == 4096
    assert backoff.wait_s("10.0.0.1") == 0
