"""The memory that the stage thread and the motion process share."""

import mmap
import os

from hw.types import AXES, AxisName

_HALTED, _ENDED = len(AXES), len(AXES) + 1
_WORDS = len(AXES) + 2


class Words:
    """Eight-byte words, each with one writer, which the processor reads and writes whole.

    The motion process counts the signed steps that each axis has ever made. The other side writes which motion is to
    come to rest, and which to end at once: motions are numbered from 1, and an order holds for all up to its number.
    The counts outlive the process that made them.
    """

    def __init__(self, descriptor: int | None = None) -> None:
        """Those behind a file descriptor, or new ones, all zero."""
        if descriptor is None:
            descriptor = os.memfd_create("eyepiece-motion")
            os.ftruncate(descriptor, _WORDS * 8)
        self.descriptor = descriptor
        self._memory = mmap.mmap(descriptor, _WORDS * 8)
        self._words = memoryview(self._memory).cast("q")

    def made(self, axis: AxisName) -> int:
        """The signed steps that an axis has made."""
        return self._words[AXES.index(axis)]

    def count(self, axis: AxisName, direction: int) -> None:
        """Count a step that was made."""
        self._words[AXES.index(axis)] += direction

    @property
    def halted(self) -> int:
        """The last motion that is to come to rest."""
        return self._words[_HALTED]

    @halted.setter
    def halted(self, number: int) -> None:
        self._words[_HALTED] = number

    @property
    def ended(self) -> int:
        """The last motion that is to end at once."""
        return self._words[_ENDED]

    @ended.setter
    def ended(self, number: int) -> None:
        self._words[_ENDED] = number
