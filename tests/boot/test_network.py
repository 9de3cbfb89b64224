"""Hotspot and console, with NetworkManager's part played."""

from pathlib import Path

import pytest

from tests.boot.system import System

ETHERNET = "ethernet:connected:netplan-eth0\n"
ALONE = "wifi:disconnected:\nethernet:unavailable:\n"
OWN = "wifi:connected:eyepiece-hotspot\n"
UP, DOWN = "nmcli connection up eyepiece-hotspot", "nmcli connection down eyepiece-hotspot"


@pytest.fixture
def system(booted: System) -> System:
    """With a radio and nothing else yet."""
    since(booted, None)
    booted.path("stand-in/no-country").unlink(missing_ok=True)
    for name in ("avahi", "stations", "addresses"):
        booted.answer(name)
    booted.calls()
    return booted


def since(system: System, seconds: float | None) -> None:
    """Make it believe that it has been alone, or its own hotspot, for so long."""
    mark = system.path("run/eyepiece-alone")
    mark.unlink(missing_ok=True)
    if seconds is not None:
        uptime = float(Path("/proc/uptime").read_text().split()[0])
        mark.write_text(f"{uptime - seconds:.0f}\n")


def look(system: System, devices: str) -> list[str]:
    """One look of the timer's, by what NetworkManager shows; returns the calls."""
    system.answer("devices", devices)
    done = system.run("/usr/local/lib/eyepiece/network")
    assert done.returncode == 0, done.stdout + done.stderr
    return system.calls()


def test_the_hotspot_opens_when_nothing_is_in_reach_for_a_while(system: System) -> None:
    assert UP not in look(system, ALONE)
    since(system, 20)
    assert UP not in look(system, ALONE)
    since(system, 50)
    assert UP in look(system, ALONE)


@pytest.mark.parametrize(
    "devices",
    [
        "wifi:connected:School\n",
        ETHERNET + "wifi:disconnected:\n",
        "wifi:connecting (getting IP configuration):School\n",
    ],
)
def test_a_known_network_in_reach_needs_no_hotspot(system: System, devices: str) -> None:
    since(system, 500)
    assert UP not in look(system, devices)
    # And when it goes away, patience begins anew.
    assert UP not in look(system, ALONE)


def test_a_bridge_of_dockers_is_no_network_in_reach(system: System) -> None:
    since(system, 50)
    assert UP in look(system, ALONE + "bridge:connected (externally):docker0\n")


def test_the_hotspot_stays_open_for_guests(system: System) -> None:
    since(system, 5000)
    system.answer("stations", "Station 00:11:22:33:44:55 (on wlan0)\n")
    assert DOWN not in look(system, OWN)
    assert DOWN not in look(system, OWN + ETHERNET)


def test_without_guests_it_makes_way_for_a_known_network_now_and_then(system: System) -> None:
    since(system, 300)
    assert DOWN not in look(system, OWN)
    since(system, 700)
    assert DOWN in look(system, OWN)
    since(system, 50)
    assert UP in look(system, ALONE)


def test_it_closes_when_a_cable_is_plugged_in(system: System) -> None:
    since(system, 10)
    assert DOWN in look(system, OWN + ETHERNET)


def test_a_board_without_a_radio_opens_none(system: System) -> None:
    since(system, 500)
    assert UP not in look(system, "ethernet:unavailable:\n")


def test_a_hotspot_that_does_not_open_is_said(system: System) -> None:
    since(system, 50)
    system.answer("no-country")
    system.answer("devices", ALONE)
    done = system.run("/usr/local/lib/eyepiece/network")
    assert "the hotspot could not be opened" in done.stdout


def test_the_console_says_where_it_is(system: System) -> None:
    system.answer("avahi", '{"type":"s","data":["eyepiece-2.local"]}\n')
    system.answer(
        "addresses", "2: eth0    inet 192.168.1.7/24 scope global\n4: docker0 inet 172.17.0.1/16 scope global\n"
    )
    assert "agetty --reload" in look(system, ETHERNET)
    issue = system.path("run/issue.d/eyepiece.issue").read_text()
    assert "http://eyepiece-2.local:8000\n" in issue
    assert "http://192.168.1.7:8000\n" in issue
    assert "172.17" not in issue
    assert "password" not in issue, "its hotspot is not open"
    assert "http://192.168.1.7:8000" in system.console()
    # Nothing new: the console is left in peace.
    assert "agetty --reload" not in look(system, ETHERNET)
    assert system.console() == ""


def test_the_console_shows_the_pin_until_it_is_used(system: System) -> None:
    volume = system.path("var/lib/docker/volumes/eyepiece_data/_data/.access/console.txt")
    volume.parent.mkdir(parents=True)
    volume.write_text("PIN: 1234 5678\n")
    system.path("var/lib/eyepiece/data").write_text("/var/lib/docker/volumes/eyepiece_data/_data\n")
    look(system, ETHERNET)
    assert "PIN: 1234 5678" in system.console()
    volume.unlink()
    look(system, ETHERNET)
    assert "PIN" not in system.path("run/issue.d/eyepiece.issue").read_text()


def test_the_console_shows_the_hotspot_while_it_is_open(system: System) -> None:
    name, password = system.path("var/lib/eyepiece/hotspot").read_text().splitlines()
    look(system, OWN)
    issue = system.path("run/issue.d/eyepiece.issue").read_text()
    assert f"Its own Wi-Fi: {name}   password: {password}\n" in issue
