"""Systems for the tests: with a card that was just put in, and after a first boot."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from tests.boot.system import WORK, System
from tests.card.conftest import PASSWORD, ROOT, flash, prepare


def new_card(folder: Path, *arguments: object) -> Path:
    """A card with Wi-Fi, a key, a rig file and an image."""
    folder.mkdir()
    flash(folder)
    key, image = folder.parent / "key.pub", folder.parent / "eyepiece-image.tar.zst"
    key.write_text("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIL9+8lWa5xxsO50xMWrHhF9YM6wZ7cPplq87XR4CzMRv owner\n")
    image.write_bytes(b"an image")
    done = prepare(
        folder, "--country", "DE", "--wifi", 'Room "7"', "--wifi-password-file", "-", "--ssh-key", key,
        "--rig", ROOT / "firmware-config" / "microscope.toml", "--camera", "imx219", "--image", image, *arguments,
        stdin=PASSWORD,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder


def unbooted(folder: Path) -> System:
    """A system with a card but without Docker and without Internet."""
    system = System(folder)
    system.take_card(new_card(folder / "bootfs"))
    system.forget_the_network()
    return system


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[System]:
    """A system for one test."""
    system = unbooted(tmp_path)
    yield system
    system.remove()


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A system for those tests that never get as far as Docker."""
    system = unbooted(tmp_path_factory.mktemp("bare"))
    yield system
    system.remove()


@pytest.fixture(scope="session")
def booted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A system after a first boot without Internet; its calls are still to be read."""
    system = unbooted(tmp_path_factory.mktemp("booted"))
    copytree(WORK / "debs", system.path("boot/firmware/eyepiece/debs"))
    done = system.boot()
    assert done.returncode == 0, done.stdout + done.stderr
    yield system
    system.remove()
