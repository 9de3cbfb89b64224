"""scripts/write-env on boards made of folders and, where it may make them, device nodes."""

import os
import stat
import subprocess
from pathlib import Path

import pytest

from tests.serving import ROOT

DEVICES = """Character devices:
  1 mem
 81 video4linux
236 media
252 dma_heap
254 gpiochip

Block devices:
  8 sd
240 media
"""
GROUP = "root:x:0:\ndialout:x:20:pi\nvideo:x:44:pi\ngpio:x:986:pi\n"


class Board:
    """A board's files, and the compose folder that the script writes to."""

    def __init__(self, folder: Path) -> None:
        self.root, self.compose = folder / "root", folder / "compose"
        self.write("proc/devices", DEVICES)
        self.write("etc/group", GROUP)
        self.write("etc/hostname", "lab-7\n")
        self.compose.mkdir()
        (self.compose / "compose.yaml").touch()
        self.env = self.compose / ".env"

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def node(self, name: str, major: int, gid: int, mode: int = 0o660) -> None:
        path = self.root / "dev" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        os.mknod(path, stat.S_IFCHR | mode, os.makedev(major, 0))
        path.chmod(mode)
        os.chown(path, 0, gid)

    def run(self, *options: str) -> subprocess.CompletedProcess[str]:
        command = [str(part) for part in (ROOT / "scripts/write-env", "--root", self.root, *options, self.compose)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def lines(self) -> list[str]:
        assert self.run().returncode == 0
        return self.env.read_text().splitlines()


@pytest.fixture
def board(tmp_path: Path) -> Board:
    return Board(tmp_path)


def test_numbers_come_from_the_kernels_list_and_groups_by_name(board: Board) -> None:
    assert {
        "VIDEO_GID=44",
        "GPIO_GID=986",
        "DIALOUT_GID=20",
        "MEDIA_MAJOR=236",
        "DMA_HEAP_MAJOR=252",
        "GPIOCHIP_MAJOR=254",
        "RT_PRIORITY=50",
        "MEMLOCK_BYTES=-1",
        "EYEPIECE_NAME=lab-7.local",
        'DEVICES=""',
    } <= set(board.lines())


def test_a_kind_that_the_kernel_does_not_have_gets_a_number_that_nothing_has(board: Board) -> None:
    board.write("proc/devices", "Character devices:\n  1 mem\n\nBlock devices:\n240 media\n")
    board.write("etc/group", "root:x:0:\n")
    lines = board.lines()
    assert {"MEDIA_MAJOR=512", "DMA_HEAP_MAJOR=513", "GPIOCHIP_MAJOR=514"} <= set(lines)
    (board.root / "etc/hostname").unlink()
    assert not any("EYEPIECE_NAME" in line for line in board.lines())
    assert not any("_GID" in line for line in lines)  # compose.yaml's own defaults


@pytest.mark.skipif(os.getuid() != 0, reason="only root makes device nodes")
def test_nodes_tell_their_own_numbers_and_are_listed(board: Board) -> None:
    board.node("media0", 237, 44)
    board.node("video0", 81, 44)
    board.node("dma_heap/linux", 251, 44)
    board.node("gpiochip0", 254, 986)
    board.node("ttyACM0", 166, 20)
    lines = board.lines()
    assert {"MEDIA_MAJOR=237", "DMA_HEAP_MAJOR=251", "GPIOCHIP_MAJOR=254"} <= set(lines)
    assert 'DEVICES="media0 video0 dma_heap/linux gpiochip0 ttyACM0"' in lines
    assert board.run().stderr.count("\n") == 1  # nothing to warn of


@pytest.mark.skipif(os.getuid() != 0, reason="only root makes device nodes")
def test_a_node_that_no_group_may_open_is_named(board: Board) -> None:
    board.node("dma_heap/linux", 252, 0, 0o600)
    board.node("gpiochip0", 254, 986, 0o640)
    said = board.run("--dry-run").stderr
    assert "/dev/dma_heap/linux (group 0, mode 600)" in said
    assert "/dev/gpiochip0 (group 986, mode 640)" in said


def test_foreign_lines_and_limits_of_ones_own_stay(board: Board) -> None:
    board.env.write_text("# mine\nCOMPOSE_PROJECT_NAME=scope\nGPIO_GID=1\nRT_PRIORITY=0\n\nLAST=1")
    board.env.chmod(0o640)
    lines = board.lines()
    assert lines[:4] == ["# mine", "COMPOSE_PROJECT_NAME=scope", "", "LAST=1"]
    assert "GPIO_GID=1" not in lines
    assert {"GPIO_GID=986", "RT_PRIORITY=0"} <= set(lines)
    assert board.env.stat().st_mode & 0o777 == 0o640


def test_a_second_run_changes_nothing(board: Board) -> None:
    board.env.write_text("MINE=1\n")
    before = board.lines(), board.env.stat().st_ino
    again = board.run()
    assert "up to date" in again.stderr
    assert (board.lines(), board.env.stat().st_ino) == before


def test_a_new_boot_changes_the_numbers_alone(board: Board) -> None:
    before = board.lines()
    board.write("proc/devices", DEVICES.replace("236 media", "240 media"))
    assert board.lines() == [line.replace("=236", "=240") for line in before]
    assert board.env.stat().st_mode & 0o777 == 0o644


def test_a_dry_run_prints_and_writes_nothing(board: Board) -> None:
    board.env.write_text("MINE=1\n")
    printed = board.run("--dry-run").stdout
    assert board.env.read_text() == "MINE=1\n"
    assert printed.splitlines() == board.lines()
    assert [path.name for path in sorted(board.compose.iterdir())] == [".env", "compose.yaml"]


def test_a_wrong_call_is_refused(board: Board) -> None:
    for option, said in {
        "--wet": "no option --wet; there are --dry-run",
        str(board.root): "one folder, not two",
    }.items():
        answer = board.run(option)
        assert (answer.returncode, board.env.exists()) == (2, False)
        assert said in answer.stderr
    (board.compose / "compose.yaml").unlink()
    answer = board.run()
    assert (answer.returncode, board.env.exists()) == (2, False)
    assert "holds no compose.yaml" in answer.stderr
