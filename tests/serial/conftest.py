"""Drivers of both kinds, open, with a board at the far end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serial.rigs import Rig, sangaboard_rig, uc2_rig


@pytest.fixture(params=["sangaboard", "uc2"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    """A driver of each kind, open."""
    rig = sangaboard_rig(tmp_path) if request.param == "sangaboard" else uc2_rig(tmp_path)
    yield from _opened(rig)


@pytest.fixture
def sangaboard(tmp_path: Path) -> Iterator[Rig]:
    """A Sangaboard's driver, open."""
    yield from _opened(sangaboard_rig(tmp_path))


@pytest.fixture
def uc2(tmp_path: Path) -> Iterator[Rig]:
    """A UC2-ESP32's driver, open."""
    yield from _opened(uc2_rig(tmp_path))


def _opened(rig: Rig) -> Iterator[Rig]:
    try:
        rig.motors.open()
        yield rig
    finally:
        rig.board.silent = False
        rig.motors.close()
        rig.board.unplug()
