"""Fingers on a page: Playwright's own touchscreen has but one, and that only taps."""

from collections.abc import Sequence

from playwright.sync_api import Page

Point = tuple[float, float]


class Fingers:
    """Some fingers that touch a page together."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)

    def down(self, *points: Point) -> None:
        """Put fingers down at these points of the page."""
        self._send("touchStart", points)

    def move(self, *points: Point) -> None:
        """Have them there, all of those that are down."""
        self._send("touchMove", points)

    def up(self) -> None:
        """Lift them all."""
        self._send("touchEnd", ())

    def drag(self, before: Sequence[Point], after: Sequence[Point], steps: int = 8) -> None:
        """Move fingers from some points to others, evenly."""
        self.down(*before)
        for step in range(1, steps + 1):
            share = step / steps
            self.move(
                *(
                    (x + share * (to_x - x), y + share * (to_y - y))
                    for (x, y), (to_x, to_y) in zip(before, after, strict=True)
                )
            )
        self.up()

    def tap(self, point: Point) -> None:
        """Touch a point for a moment."""
        self.down(point)
        self.up()

    def _send(self, kind: str, points: Sequence[Point]) -> None:
        touches = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})
