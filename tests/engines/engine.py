"""What the tests ask of a browser, whichever engine it has."""

from typing import Any, Protocol

Actions = list[dict[str, Any]]
"""Of one pointer, as W3C WebDriver and WebDriver BiDi both write them."""


class Engine(Protocol):
    """A browser with one window of a tablet's size."""

    def open(self, url: str) -> None:
        """Go to an address and wait until it has loaded."""

    def evaluate(self, expression: str) -> Any:
        """What a JavaScript expression, or the promise that it makes, comes to; it must fit into JSON."""

    def point(self, actions: Actions) -> None:
        """Have the pointer do something; what is pressed stays pressed."""

    def screenshot(self) -> bytes:
        """What is seen, as a PNG."""

    def complaints(self) -> list[str]:
        """The errors and warnings of the page since it was opened, as far as the engine tells of them."""

    def close(self) -> None:
        """End the browser."""
