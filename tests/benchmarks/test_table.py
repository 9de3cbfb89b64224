import math

import pytest

from scripts.benchmarks.table import table, three_digits


def test_words_stand_to_the_left_and_numbers_to_the_right() -> None:
    assert table(("name", "n"), [["a", 1], ["longer", 100]]).splitlines() == [
        "name      n",
        "------  ---",
        "a         1",
        "longer  100",
    ]


def test_what_is_not_known_is_a_dash() -> None:
    assert table(("name", "n"), [["a", None], ["b", math.nan]]).splitlines()[2:] == ["a     -", "b     -"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.01234, "0.0123"),
        (1.234, "1.23"),
        (12.34, "12.3"),
        (123.4, "123"),
        (1234.0, "1234"),
        (0, "0"),
        (-2.5, "-2.50"),
    ],
)
def test_three_digits_are_enough(value: float, text: str) -> None:
    assert three_digits(value) == text
