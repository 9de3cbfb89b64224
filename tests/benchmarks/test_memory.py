"""scripts.benchmarks.scenarios.memory: what is said of what it measured"""

from typing import Any

import pytest

from scripts.benchmarks import verdicts


def figures(*minutes_mb: float) -> dict[str, Any]:
    return {"before_bytes": 90e6, "minutes_bytes": [1e6 * mb for mb in minutes_mb], "viewers": 16}


@pytest.mark.parametrize(
    ("minutes_mb", "held"),
    [
        ((97, 102, 105, 106, 106.5), [True, True]),
        ((97, 102, 105, 108, 111), [True, False]),  # it goes on growing
        ((125, 126, 127, 127, 127), [False, True]),
    ],
)
def test_memory_that_grows_on_and_memory_that_is_much_are_missed(
    minutes_mb: tuple[float, ...], held: list[bool]
) -> None:
    assert [verdict.held for verdict in verdicts.on_memory(figures(*minutes_mb))] == held
