"""Limit switches that bounce, on a clock of the test's own."""

from dataclasses import dataclass, field

import pytest

from hw.drivers.gpio.switches import Switch


@dataclass
class Contact:
    """A switch of 5 ms, its contact and its clock."""

    closed: bool = False
    now_s: float = 0.0
    reads: int = 0
    switch: Switch = field(init=False)
    debounce_s: float = 0.005

    def __post_init__(self) -> None:
        self.switch = Switch(self.read, self.debounce_s, lambda: self.now_s)

    def read(self) -> bool:
        self.reads += 1
        return self.closed

    def after(self, seconds: float) -> bool:
        """What it says so much later, having been asked all the time."""
        end_s = self.now_s + seconds
        while self.now_s < end_s:
            self.now_s += 0.0001
            pressed = self.switch.pressed()
        return pressed


@pytest.mark.parametrize("resting", [False, True])
def test_a_contact_is_believed_once_it_has_stayed(resting: bool) -> None:
    contact = Contact(closed=resting)
    assert contact.after(0.02) is resting
    contact.closed = not resting
    assert contact.after(0.004) is resting
    assert not contact.switch.settled
    assert contact.after(0.003) is not resting
    assert contact.switch.settled


def test_bounces_and_noise_are_not_believed() -> None:
    contact = Contact()
    for _ in range(20):
        contact.closed = True
        assert contact.after(0.0035) is False
        contact.closed = False
        assert contact.after(0.0015) is False
    assert contact.switch.settled


def test_it_is_read_no_more_often_than_every_millisecond() -> None:
    contact = Contact()
    contact.after(0.1)
    assert contact.reads <= 102
    contact.reads = 0
    contact.switch.pressed(anew=True)
    assert contact.reads == 1


def test_without_debouncing_it_is_what_it_reads() -> None:
    contact = Contact(debounce_s=0.0)
    contact.closed = True
    assert contact.switch.pressed() is True
    contact.closed = False
    assert contact.switch.pressed() is False
