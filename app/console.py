"""What the console tells the first owner: where to go, a PIN, and the same as a QR code."""

import segno

from app.pairing import PIN_DIGITS, Told

_HALVES = {(0, 0): "█", (0, 1): "▀", (1, 0): "▄", (1, 1): " "}
"""Two modules, one above the other, as light on a dark console."""


def invitation(address: str, told: Told) -> str:
    """The text, several lines."""
    link = f"{address}/#/pair/{told.code}"
    half = PIN_DIGITS // 2
    lines = [
        "To pair the first owner, open this on a tablet or scan it:",
        f"    {address}",
        f"    PIN: {told.pin[:half]} {told.pin[half:]}",
        f"    {link}",
        *qr_lines(link),
    ]
    return "\n".join(lines)


def qr_lines(link: str) -> list[str]:
    """A QR code in half blocks."""
    rows = [tuple(row) for row in segno.make(link, error="l", micro=False).matrix_iter(border=2)]
    if len(rows) % 2:
        rows.append((0,) * len(rows[0]))
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return ["".join(_HALVES[bool(above), bool(below)] for above, below in zip(*pair, strict=True)) for pair in pairs]
