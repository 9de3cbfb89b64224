"""GPIO lines for the drivers' tests."""

from collections.abc import Iterator

import pytest

from tests.wire.mock_lines import MockLines, installed


@pytest.fixture
def lines() -> Iterator[MockLines]:
    """Mock lines, in place of gpiozero's default pin factory."""
    with installed(MockLines()) as mock:
        yield mock
