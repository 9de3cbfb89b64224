"""The first boot, up to where the container would start."""

import json
import shutil

from tests.boot.system import WORK, System, in_order
from tests.card.conftest import ROOT

VOLUME = "var/lib/docker/volumes/eyepiece_data/_data"
UP = "docker compose up --detach --no-build --pull never"


def secrets(system: System) -> list[str]:
    """Name and password of the hotspot."""
    return system.path("var/lib/eyepiece/hotspot").read_text().splitlines()


def test_without_internet_the_card_brings_all(booted: System) -> None:
    assert booted.path("usr/sbin/dockerd").exists()
    assert booted.path("usr/libexec/docker/cli-plugins/docker-compose").exists()
    calls = booted.calls()
    assert in_order(
        calls,
        "rfkill unblock wifi",
        "systemctl --no-block start eyepiece-setup.service eyepiece-network.timer eyepiece-watch.timer",
        "nmcli connection load",
        "systemctl enable --now docker.service",
        "docker load --quiet --input /boot/firmware/eyepiece/image.tar.zst",
        "systemctl enable eyepiece.service",
        "systemctl --no-block restart eyepiece.service",
    )
    assert "docker compose build --quiet" not in calls
    wanted = booted.path("etc/systemd/system/multi-user.target.wants")
    units = {"eyepiece.service", "eyepiece-setup.service", "eyepiece-network.timer", "eyepiece-watch.timer"}
    assert units <= {path.name for path in wanted.iterdir()}
    assert booted.path("opt/eyepiece/compose.yaml").read_bytes() == (ROOT / "compose.yaml").read_bytes()
    daemon = json.loads(booted.path("etc/docker/daemon.json").read_text())
    assert daemon["log-opts"] == {"max-size": "5m", "max-file": "3"}


def test_a_file_on_the_card_has_a_new_pin_made_once(booted: System) -> None:
    asked = booted.path("boot/firmware/eyepiece/new-pin")
    asked.touch()
    assert booted.run("/usr/local/lib/eyepiece/start").returncode == 0
    assert in_order(booted.calls(), "docker compose run --rm --no-deps eyepiece --new-pin", UP)
    assert not asked.exists()
    assert booted.path("var/lib/eyepiece/data").read_text() == f"/{VOLUME}\n"


def test_a_second_boot_does_nothing_again(booted: System) -> None:
    booted.calls()
    before = secrets(booted)
    done = booted.boot()
    assert done.returncode == 0, done.stderr
    assert "installing" not in done.stdout
    assert not [call for call in booted.calls() if call.startswith(("docker load", "docker compose build"))]
    assert secrets(booted) == before


def test_a_card_that_was_prepared_anew_is_taken(booted: System) -> None:
    booted.path("opt/eyepiece/.env").write_text("GPIO_GID=999\n")
    booted.path("boot/firmware/eyepiece/image.tar.zst").write_bytes(b"a newer image")
    booted.path("boot/firmware/eyepiece/appliance.tar.gz").touch()
    booted.calls()
    assert booted.boot().returncode == 0
    assert [call for call in booted.calls() if call.startswith("docker load")]
    assert booted.path("opt/eyepiece/.env").read_text() == "GPIO_GID=999\n"


def test_the_hotspot_is_this_devices_alone(booted: System, bare: System) -> None:
    bare.boot()
    (name, password), (_, other) = secrets(booted), secrets(bare)
    assert name.startswith("eyepiece-")
    assert len(name) == len("eyepiece-") + 4
    assert len(password) == 12
    assert password.isalnum()
    assert password != other
    assert booted.path("var/lib/eyepiece/hotspot").stat().st_mode & 0o077 == 0
    note = booted.path("boot/firmware/eyepiece/hotspot.txt").read_text()
    assert name in note
    assert password in note


def test_without_internet_and_packages_it_says_so_and_has_its_hotspot(bare: System) -> None:
    done = bare.boot()
    assert done.returncode != 0
    assert "no Internet? Connect it, or put the packages on the card (eyepiece/debs)" in done.stderr
    assert "nmcli connection load" in "\n".join(bare.calls())


def test_power_cuts_cost_what_was_under_way(fresh: System) -> None:
    """While a package is being installed, while the archive is being unpacked, while the image is being loaded."""
    shutil.copytree(WORK / "debs", fresh.path("boot/firmware/eyepiece/debs"))
    deb = next(path.name for path in (WORK / "debs").glob("containerd_*"))
    assert fresh.run("dpkg", "--unpack", "--force-depends", f"/boot/firmware/eyepiece/debs/{deb}").returncode == 0
    fresh.path("opt/eyepiece.new").mkdir(parents=True)
    fresh.path("opt/eyepiece.old").mkdir()
    fresh.path("opt/eyepiece.old/.env").write_text("GPIO_GID=997\n")
    fresh.answer("cut-off-at-load")
    assert fresh.boot().returncode != 0
    assert not fresh.path("var/lib/eyepiece/image").exists()
    done = fresh.boot()
    assert done.returncode == 0, done.stdout + done.stderr
    assert fresh.run("dpkg", "--audit").stdout == ""
    assert len([call for call in fresh.calls() if call.startswith("docker load")]) == 2
    assert {path.name for path in fresh.path("opt").glob("eyepiece*")} == {"eyepiece"}
    assert fresh.path("opt/eyepiece/.env").read_text() == "GPIO_GID=997\n"


def test_with_internet_apt_brings_docker_and_the_image_is_built(fresh: System) -> None:
    for folder in ("etc/apt", "var/lib/apt"):
        shutil.copytree(WORK / "system" / folder, fresh.path(folder), dirs_exist_ok=True)
    # Fetched before: apt takes them from its cache.
    for deb in (WORK / "debs").iterdir():
        shutil.copy(deb, fresh.path("var/cache/apt/archives"))
    fresh.path("boot/firmware/eyepiece/image.tar.zst").unlink()
    done = fresh.boot()
    assert done.returncode != 0
    assert "the image could not be built: no Internet?" in done.stderr
    assert fresh.path("usr/sbin/dockerd").exists()
    assert list(fresh.path("var/cache/apt/archives").glob("docker.io_*.deb")), "the next one cannot have it from here"
    fresh.answer("internet")
    assert fresh.boot().returncode == 0
    assert in_order(fresh.calls(), "docker compose build", "docker compose build", "systemctl enable eyepiece.service")

    # Prepared anew, with other sources; and the Internet is gone.
    fresh.path("boot/firmware/eyepiece/appliance.tar.gz").write_bytes(
        fresh.path("boot/firmware/eyepiece/appliance.tar.gz").read_bytes() + b"\0"
    )
    fresh.path("stand-in/internet").unlink()
    done = fresh.boot()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "The one before goes on" in done.stdout
    fresh.answer("internet")
    assert fresh.boot().returncode == 0
    assert fresh.boot().returncode == 0
    assert len([call for call in fresh.calls() if call.startswith("docker compose build")]) == 2


def test_the_wizard_for_a_user_does_not_ask(bare: System) -> None:
    unit = bare.path("usr/lib/systemd/system/userconfig.service")
    unit.write_text("[Service]\nExecStart=true\n[Install]\nWantedBy=multi-user.target\n")
    bare.run("/usr/bin/systemctl", "enable", "userconfig.service").check_returncode()
    bare.run("bash", "/boot/firmware/eyepiece/install").check_returncode()
    assert bare.path("etc/systemd/system/userconfig.service").readlink().name == "null"
    assert bare.path("etc/systemd/system/getty.target.wants/getty@tty1.service").is_symlink()


def test_someones_own_docker_settings_stay(bare: System) -> None:
    bare.path("etc/docker").mkdir(exist_ok=True)
    bare.path("etc/docker/daemon.json").write_text('{"debug": true}\n')
    bare.run("bash", "/boot/firmware/eyepiece/install").check_returncode()
    assert bare.path("etc/docker/daemon.json").read_text() == '{"debug": true}\n'


def test_the_rig_file_goes_to_the_data_when_it_is_another(booted: System) -> None:
    rig, taken = booted.path("boot/firmware/microscope.toml"), booted.path(f"{VOLUME}/microscope.toml")
    booted.path("var/lib/eyepiece/rig").unlink(missing_ok=True)
    booted.calls()
    assert booted.run("/usr/local/lib/eyepiece/start").returncode == 0
    assert in_order(booted.calls(), "docker compose up --no-start", "docker compose stop", UP)
    assert taken.read_bytes() == rig.read_bytes()
    assert taken.stat().st_uid == 10001

    # Set on the page: the card's file, still the same, does not undo it.
    taken.write_text("# set on the page\n")
    assert booted.run("/usr/local/lib/eyepiece/start").returncode == 0
    assert "docker compose stop" not in booted.calls()
    assert taken.read_text() == "# set on the page\n"

    # Edited with Notepad, and wrong: the microscope is to say so, on its page.
    rig.write_bytes(b'\xef\xbb\xbf[camera]\r\ndriver = "none"\r\n')
    assert booted.run("/usr/local/lib/eyepiece/start").returncode == 0
    assert in_order(booted.calls(), "docker compose stop", UP)
    assert taken.read_bytes() == b'[camera]\r\ndriver = "none"\r\n'


def test_the_boards_numbers_are_written_before_the_start(booted: System) -> None:
    helper = booted.path("opt/eyepiece/scripts/write-env")
    helper.parent.mkdir(exist_ok=True)
    helper.write_text('#!/bin/sh\necho "write-env $*" >> /stand-in/calls\n')
    helper.chmod(0o755)
    booted.calls()
    assert booted.run("/usr/local/lib/eyepiece/start").returncode == 0
    assert in_order(booted.calls(), "write-env /opt/eyepiece", "docker compose up --no-start", UP)


def test_a_card_without_a_rig_file_starts_too(bare: System) -> None:
    bare.path("boot/firmware/microscope.toml").unlink()
    bare.run("bash", "/boot/firmware/eyepiece/install").check_returncode()
    bare.path("opt/eyepiece").mkdir(exist_ok=True)
    assert bare.run("/usr/local/lib/eyepiece/start").returncode == 0
    assert not bare.path(f"{VOLUME}/microscope.toml").exists()
