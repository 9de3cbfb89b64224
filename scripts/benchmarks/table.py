"""Figures as text."""

import math
from collections.abc import Sequence

Cell = str | float | int | None


def table(head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Rows under a head, in columns as wide as they have to be: words to the left, numbers to the right.

    A number comes as text where its digits matter; else it is shown with three of them. ``None`` is a dash.
    """
    texts = [[_text(cell) for cell in row] for row in rows]
    widths = [max(len(line[n]) for line in [list(head), *texts]) for n in range(len(head))]
    left = [all(isinstance(row[n], str) for row in rows) for n in range(len(head))]
    lines = [list(head), ["-" * width for width in widths], *texts]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if at_left else cell.rjust(width)
            for cell, width, at_left in zip(line, widths, left, strict=True)
        ).rstrip()
        for line in lines
    )


def _text(cell: Cell) -> str:
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return "-"
    if isinstance(cell, float):
        return three_digits(cell)
    return str(cell)


def three_digits(value: float) -> str:
    """With three significant digits and no exponent: 0.0123, 1.23, 12.3, 123, 1230."""
    if value == 0:
        return "0"
    decimals = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:.{min(decimals, 6)}f}"
