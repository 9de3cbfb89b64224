"""What the soak has done so far."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    """Counts of everybody's doings, and what went wrong."""

    counts: Counter[str] = field(default_factory=Counter)
    steady_frames: int = 0
    """Frames that the viewers got who look all the time."""
    troubles: list[str] = field(default_factory=list)
    """What should never be: answers of 500 and above, files that are not whole."""

    def trouble(self, what: str) -> None:
        """Note something that should never be."""
        self.troubles.append(what)
