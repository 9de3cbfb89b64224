"""What scripts/page-soak makes of its minutes."""

from scripts.benchmarks.page import verdicts


def _minute(number: int, heap_mb: float, long: int = 0) -> list[str | float | int | None]:
    return [number, 30.0, heap_mb, 400, 90, long, 60 if long else 0]


def test_a_flat_heap_without_long_tasks_is_well() -> None:
    assert all(verdicts([_minute(1, 3.0), _minute(2, 4.0), _minute(3, 4.1)]).values())


def test_the_first_minute_has_the_start_in_it_and_does_not_count() -> None:
    assert all(verdicts([_minute(1, 1.0, long=2), _minute(2, 4.0), _minute(3, 4.0)]).values())


def test_growth_and_long_tasks_are_missed() -> None:
    assert list(verdicts([_minute(1, 3.0), _minute(2, 4.0), _minute(3, 6.0)]).values()) == [True, False]
    assert list(verdicts([_minute(1, 3.0), _minute(2, 4.0, long=1), _minute(3, 4.0)]).values()) == [False, True]
