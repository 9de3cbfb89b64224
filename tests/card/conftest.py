"""A boot partition as a card has it after flashing, and the command that prepares it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

CONFIG = "# For more options\ndtparam=audio=on\ncamera_auto_detect=1\n\n[cm4]\notg_mode=1\n\n[all]\n"
CMDLINE = "console=serial0,115200 console=tty1 root=PARTUUID=3f606ee6-02 rootfstype=ext4 fsck.repair=yes rootwait\n"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIL9+8lWa5xxsO50xMWrHhF9YM6wZ7cPplq87XR4CzMRv owner@desk"
PASSWORD = "correct horse battery"
ROOT = Path(__file__).resolve().parents[2]

Prepare = Callable[..., subprocess.CompletedProcess[str]]


def flash(folder: Path) -> None:
    """The files of a flashed card that matter here."""
    (folder / "config.txt").write_text(CONFIG)
    (folder / "cmdline.txt").write_text(CMDLINE)
    (folder / "meta-data").write_text("instance_id: rpios-image\n")
    (folder / "user-data").write_text("#cloud-config\n")
    (folder / "network-config").write_text("")


def prepare(*arguments: object, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run scripts/prepare-card as its user does, with nobody at a terminal."""
    command = [sys.executable, "-m", "scripts.card", *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False, cwd=ROOT)


def contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file in a folder, with the time of its last change."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


@pytest.fixture
def card(tmp_path: Path) -> Path:
    """A mounted boot partition."""
    folder = tmp_path / "bootfs"
    folder.mkdir()
    flash(folder)
    return folder


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A public key's file."""
    path = tmp_path / "id_ed25519.pub"
    path.write_text(KEY + "\n")
    return path
