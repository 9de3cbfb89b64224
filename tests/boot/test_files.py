"""The card's files by the judgement of those who read them."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.boot.conftest import new_card
from tests.boot.system import System
from tests.card.conftest import flash, prepare

UNITS = (
    "eyepiece-setup.service",
    "eyepiece.service",
    "eyepiece-network.service",
    "eyepiece-network.timer",
    "eyepiece-watch.service",
    "eyepiece-watch.timer",
)


def card_without_wifi(folder: Path) -> Path:
    """A card with the least that can be said."""
    folder.mkdir()
    flash(folder)
    assert prepare(folder, "--country", "DE").returncode == 0
    return folder


@pytest.mark.parametrize("make", [new_card, card_without_wifi])
def test_cloud_init_finds_its_files_right(booted: System, tmp_path: Path, make: object) -> None:
    assert callable(make)
    card = make(tmp_path / "card")
    for name, schema in (("user-data", "cloud-config"), ("network-config", "network-config")):
        booted.path(f"tmp/{name}").write_bytes((card / name).read_bytes())
        done = booted.run("cloud-init", "schema", "--schema-type", schema, "--config-file", f"/tmp/{name}")
        assert done.returncode == 0, done.stdout + done.stderr
        assert f"Valid schema /tmp/{name}" in done.stdout


def test_the_schema_check_can_fail(booted: System) -> None:
    booted.path("tmp/bad").write_text("#cloud-config\nbootcmd: yes please\n")
    assert booted.run("cloud-init", "schema", "--config-file", "/tmp/bad").returncode != 0


def test_netplan_makes_a_profile_of_the_network(booted: System) -> None:
    target = booted.path("etc/netplan/50-cloud-init.yaml")
    target.write_bytes(booted.path("boot/firmware/network-config").read_bytes())
    target.chmod(0o600)
    booted.run("netplan", "generate")
    profiles = booted.path("run/NetworkManager/system-connections").glob("netplan-wlan0-*")
    text = "".join(path.read_text() for path in profiles)
    assert 'ssid=Room "7"' in text
    assert "key-mgmt=wpa-psk" in text


def test_network_manager_reads_the_hotspots_profile(booted: System) -> None:
    profile = "etc/NetworkManager/system-connections/eyepiece-hotspot.nmconnection"
    assert booted.path(profile).stat().st_mode & 0o777 == 0o600
    done = booted.run(
        "bash", "-c", f"/usr/bin/nmcli --offline connection modify connection.autoconnect no < /{profile}"
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    for line in ("mode=ap", "key-mgmt=wpa-psk", "method=shared", "pmf=1", "autoconnect=false"):
        assert line in lines


def test_systemd_finds_the_units_right(booted: System) -> None:
    done = booted.run("systemd-analyze", "verify", *(f"/etc/systemd/system/{unit}" for unit in UNITS))
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_systemd_takes_the_watchdogs_settings(booted: System) -> None:
    done = booted.run("systemd-analyze", "cat-config", "systemd/system.conf")
    assert "\nRuntimeWatchdogSec=15s\n" in done.stdout


def test_avahi_is_told_where_the_page_is(booted: System) -> None:
    service = ET.parse(booted.path("etc/avahi/services/eyepiece.service")).find("service")
    assert service is not None
    assert (service.findtext("type"), service.findtext("port")) == ("_http._tcp", "8000")


def test_udev_finds_the_rules_right(booted: System) -> None:
    done = booted.run("udevadm", "verify", "--resolve-names=early", "/etc/udev/rules.d/60-eyepiece.rules")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Success: 1" in done.stdout
