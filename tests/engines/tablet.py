"""The page in some browser, as a user meets it: by what is named, shown and touched."""

import io
import json
import re
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.conftest import wait_until
from tests.engines.engine import Engine

_CONTROLS = (Path(__file__).parent / "controls.js").read_text()


class Tablet:
    """The page of a microscope in a browser of some engine."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.excused = ""
        """What is in complaints that are as they should be; nothing to begin with."""

    def complaints(self) -> list[str]:
        """What this page has complained of and is not excused."""
        return [text for text in self.engine.complaints() if not (self.excused and self.excused in text)]

    def find(self, role: str, name: str) -> Any:
        """Wait until something of that role and name can be touched; returns where it is, in CSS pixels."""
        return wait_until(partial(self._ask, f"find({json.dumps(role)}, {json.dumps(name)})"), f"the {role} {name!r}")

    def press(self, role: str, name: str) -> None:
        """Put a finger on something and keep it there."""
        place = self.find(role, name)
        assert not place["disabled"], f"the {role} {name!r} is disabled"
        to = {"type": "pointerMove", "x": place["x"], "y": place["y"], "duration": 0}
        self.engine.point([to, {"type": "pointerDown", "button": 0}])

    def tap(self, role: str, name: str) -> None:
        """Touch something shortly."""
        self.press(role, name)
        self.let_go()

    def let_go(self) -> None:
        """Lift the finger."""
        self.engine.point([{"type": "pointerUp", "button": 0}])

    def wait_for(self, pattern: str) -> str:
        """Wait until a line of text is shown that matches; returns it."""

        def shown() -> str | None:
            return next((line for line in self.lines() if re.search(pattern, line)), None)

        found: str = wait_until(shown, f"the text {pattern!r}")
        return found

    def lines(self) -> list[str]:
        """Every text that is shown."""
        lines: list[str] = self._ask("lines()")
        return lines

    def pictures(self) -> set[str]:
        """The addresses of the images that have come and are shown."""
        return set(self._ask("pictures()"))

    def picture(self) -> NDArray[np.int16]:
        """The middle of the live picture, as the screen shows it; shape (height, width, 3)."""
        box = self.find("img", "Live picture")
        with Image.open(io.BytesIO(self.engine.screenshot())) as screen:
            seen = np.asarray(screen.convert("RGB"), np.int16)
        return seen[box["y"] - 60 : box["y"] + 60, box["x"] - 100 : box["x"] + 100]

    def _ask(self, what: str) -> Any:
        return self.engine.evaluate(f"{_CONTROLS}.{what}")
