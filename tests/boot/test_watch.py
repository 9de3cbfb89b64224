"""The last resort against a hang, with Docker's part played."""

import pytest

from tests.boot.system import System

REBOOT = "systemctl reboot"


@pytest.fixture
def system(booted: System) -> System:
    """A microscope that is well."""
    see(booted, "healthy")
    booted.calls()
    return booted


def see(system: System, health: str, minutes: int = 1) -> list[str]:
    """So many looks at a container of this health (none where it is empty); returns the calls."""
    system.answer("container", "c0ffee\n" if health else "")
    system.answer("health", f"{health}\n")
    for _ in range(minutes):
        done = system.run("/usr/local/lib/eyepiece/watch")
        assert done.returncode == 0, done.stdout + done.stderr
    return system.calls()


def test_a_microscope_that_hangs_for_ten_minutes_has_the_board_boot_afresh(system: System) -> None:
    assert REBOOT not in see(system, "unhealthy", 9)
    assert REBOOT in see(system, "unhealthy")


@pytest.mark.parametrize("between", ["healthy", "starting", ""])
def test_what_comes_right_in_between_or_was_stopped_has_not_hung(system: System, between: str) -> None:
    see(system, "unhealthy", 9)
    assert REBOOT not in see(system, between)
    assert REBOOT not in see(system, "unhealthy", 9)


def test_a_camera_that_hangs_at_each_boot_does_not_have_it_boot_for_ever(system: System) -> None:
    system.path("var/lib/eyepiece/boots-for-hanging").write_text("3\n")
    assert REBOOT not in see(system, "unhealthy", 11)
    see(system, "healthy")
    assert REBOOT in see(system, "unhealthy", 10)
