"""hw.nodes: the kernel's refusals themselves are seen in a container, by scripts/test-image."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hw.nodes import camera_trouble, gpio_trouble

Refuse = Callable[[str, int], None]


@pytest.fixture
def refuse(monkeypatch: pytest.MonkeyPatch) -> Refuse:
    """Have the opening of files of one name fail as the kernel would."""
    real = os.open
    refused: dict[str, int] = {}

    def opening(path: Any, flags: int, *mode: int) -> int:
        if number := refused.get(Path(path).name):
            raise OSError(number, os.strerror(number))
        return real(path, flags, *mode)

    monkeypatch.setattr(os, "open", opening)
    return refused.__setitem__


def make(dev: Path, *names: str) -> None:
    for name in names:
        (dev / name).parent.mkdir(parents=True, exist_ok=True)
        (dev / name).touch()


def test_a_board_without_any_node_says_what_is_missing(tmp_path: Path) -> None:
    assert camera_trouble(tmp_path).startswith(f"there is no {tmp_path}/media*: no camera is connected")
    assert str(gpio_trouble(tmp_path)).startswith(f"there is no {tmp_path}/gpiochip*: this is no Raspberry Pi")
    make(tmp_path, "media0")
    assert camera_trouble(tmp_path).startswith(f"there is no {tmp_path}/dma_heap/*")


def test_nodes_that_can_be_opened_are_not_the_trouble(tmp_path: Path) -> None:
    make(tmp_path, "media0", "media1", "dma_heap/linux", "gpiochip0")
    assert "so no sensor answers" in camera_trouble(tmp_path)
    assert gpio_trouble(tmp_path) is None


def test_a_node_that_the_container_may_not_open_asks_for_a_new_env(tmp_path: Path, refuse: Refuse) -> None:
    make(tmp_path, "media0", "media1")
    refuse("media1", errno.EPERM)
    trouble = camera_trouble(tmp_path)
    assert trouble.startswith(f"{tmp_path}/media1 (major number 0) may not be opened")
    assert "scripts/write-env" in trouble


def test_a_node_of_another_group_names_the_group(tmp_path: Path, refuse: Refuse) -> None:
    make(tmp_path, "gpiochip0")
    refuse("gpiochip0", errno.EACCES)
    assert f"gpiochip0 is for group {tmp_path.stat().st_gid} alone" in str(gpio_trouble(tmp_path))


def test_any_other_refusal_is_told_as_it_is(tmp_path: Path, refuse: Refuse) -> None:
    make(tmp_path, "gpiochip0")
    refuse("gpiochip0", errno.ENXIO)
    assert gpio_trouble(tmp_path) == f"{tmp_path}/gpiochip0 cannot be opened: {os.strerror(errno.ENXIO)}"
