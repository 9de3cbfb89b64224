"""A card as an image file: the boot partition inside is written without being mounted."""

import hashlib
import struct
import subprocess
from pathlib import Path

import pytest

from tests.card.conftest import CONFIG, flash, prepare

MEBIBYTE = 1 << 20
OFFSET = 8 * MEBIBYTE


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A card's image: a master boot record, a FAT of 60 MB from 8 MB on, a Linux partition behind it."""
    fat = tmp_path / "fat"
    with fat.open("wb") as file:
        file.truncate(60 * MEBIBYTE)
    subprocess.run(["mkfs.vfat", "-F", "32", "-n", "bootfs", fat], check=True, capture_output=True)
    source = tmp_path / "files"
    source.mkdir()
    flash(source)
    subprocess.run(["mcopy", "-i", fat, *source.iterdir(), "::"], check=True)
    path = tmp_path / "card.img"
    with path.open("wb") as file:
        file.truncate(OFFSET + 64 * MEBIBYTE)
        for place, (kind, first, sectors) in enumerate([(0x0C, OFFSET // 512, 60 * 2048), (0x83, 68 * 2048, 4 * 2048)]):
            file.seek(446 + 16 * place)
            file.write(struct.pack("<4xB3xII", kind, first, sectors))
        file.seek(510)
        file.write(b"\x55\xaa")
        file.seek(OFFSET)
        file.write(fat.read_bytes())
    return path


def read(image: Path, name: str) -> str:
    """A file of the boot partition."""
    command = ["mtype", "-i", f"{image}@@{OFFSET}", f"::{name}"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def digest(path: Path) -> str:
    """All of it in one number."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_an_image_is_prepared_and_a_second_run_leaves_every_byte(image: Path, tmp_path: Path) -> None:
    archive, debs = tmp_path / "eyepiece.tar.gz", tmp_path / "debs"
    archive.write_bytes(bytes(range(256)) * 4096)
    debs.mkdir()
    (debs / "docker.io_26.1.5+dfsg1-9_arm64.deb").write_bytes(b"!<arch>")
    arguments = ("--country", "DE", "--camera", "imx708", "--image", archive, "--debs", debs)
    done = prepare(image, *arguments)
    assert done.returncode == 0, done.stderr
    assert "instance-id: eyepiece-" in read(image, "meta-data")
    assert "\ndtoverlay=imx708\n" in read(image, "config.txt")
    assert "first-boot" in read(image, "eyepiece/install")
    subprocess.run(["fsck.vfat", "-n", fat_of(image, tmp_path)], check=True, capture_output=True)

    before = digest(image)
    done = prepare(image, *arguments)
    assert "nothing was changed" in done.stdout, done.stderr
    assert digest(image) == before


def fat_of(image: Path, folder: Path) -> Path:
    """The boot partition alone."""
    path = folder / "checked"
    path.write_bytes(image.read_bytes()[OFFSET : OFFSET + 60 * MEBIBYTE])
    return path


def test_a_dry_run_and_a_refusal_leave_every_byte(image: Path, tmp_path: Path) -> None:
    before = digest(image)
    assert prepare(image, "--country", "DE", "--dry-run").returncode == 0
    too_large = tmp_path / "eyepiece.tar"
    with too_large.open("wb") as file:
        file.truncate(70 * MEBIBYTE)
    done = prepare(image, "--country", "DE", "--image", too_large)
    assert done.returncode == 2
    assert "MB free and" in done.stderr
    assert digest(image) == before
    assert read(image, "config.txt") == CONFIG


def test_a_device_that_is_mounted_is_refused(tmp_path: Path) -> None:
    disk, folder = tmp_path / "disk", tmp_path / "mounted"
    folder.mkdir()
    with disk.open("wb") as file:
        file.truncate(4 * MEBIBYTE)
    # Any file system will do: it is not looked into.
    subprocess.run(["mkfs.ext4", "-q", disk], check=True)
    attached = subprocess.run(["losetup", "--find", "--show", disk], check=True, capture_output=True, text=True)
    device = attached.stdout.strip()
    try:
        subprocess.run(["mount", device, folder], check=True)
        done = prepare(device, "--country", "DE")
        subprocess.run(["umount", folder], check=True)
    finally:
        subprocess.run(["losetup", "--detach", device], check=True)
    assert done.returncode == 2
    assert f"is mounted at {folder}" in done.stderr


def test_a_bare_partition_serves_too(image: Path, tmp_path: Path) -> None:
    fat = fat_of(image, tmp_path)
    assert prepare(fat, "--country", "DE").returncode == 0
    done = subprocess.run(["mtype", "-i", fat, "::user-data"], check=True, capture_output=True, text=True)
    assert "hostname: eyepiece" in done.stdout
