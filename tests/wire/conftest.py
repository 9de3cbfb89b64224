"""The made-up GPIO chip and its lines."""

from pathlib import Path

import pytest

from tests.wire.wire import Wire, compile_gpiochip


@pytest.fixture(scope="session")
def gpiochip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiled chip."""
    return compile_gpiochip(tmp_path_factory.mktemp("gpiochip"))


@pytest.fixture
def wire(tmp_path: Path, gpiochip: Path) -> Wire:
    """The lines of a chip of the test's own."""
    return Wire(tmp_path, gpiochip)
