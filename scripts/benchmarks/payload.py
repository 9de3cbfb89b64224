"""Frames that say when they were made."""

import random
import struct
import time
from typing import NamedTuple

_SOI, _EOI = b"\xff\xd8", b"\xff\xd9"
_HEAD = struct.Struct(">2sHH8sIQd")
_COMMENT = 0xFFFE
_COMMENT_BYTES = _HEAD.size - 4
"""A JPEG segment's length counts itself, but neither its marker nor what is before."""
_MAGIC = b"eyepiece"

STAMP_BYTES = _HEAD.size
"""How much of a payload's beginning has to be read to know all about it."""


class Stamp(NamedTuple):
    """What a payload says of itself."""

    length: int
    """Its size in bytes."""
    number: int
    """Which frame it is, counted from 1 in the order of making."""
    made_at: float
    """When it was made: seconds of the machine's monotonic clock, which all its processes share."""


def read_stamp(head: bytes) -> Stamp:
    """What the first ``STAMP_BYTES`` of a payload say. Raises ``ValueError`` for anything else."""
    soi, marker, _, magic, length, number, made_at = _HEAD.unpack(head)
    if soi != _SOI or marker != _COMMENT or magic != _MAGIC:
        raise ValueError(f"no frame of the benchmark begins with {head!r}")
    return Stamp(length, number, made_at)


def stamped(jpeg: bytes, number: int, before: bytes = b"", behind: bytes = b"") -> bytes:
    """A JPEG file with a stamp of now in a comment segment, and what a server puts around it: one copy in all."""
    rest = memoryview(jpeg)[len(_SOI) :]
    head = _HEAD.pack(_SOI, _COMMENT, _COMMENT_BYTES, _MAGIC, STAMP_BYTES + len(rest), number, time.monotonic())
    return b"".join([before, head, rest, behind])


class Payload:
    """Makes frames of one size: the outline of a JPEG file, with noise in it."""

    def __init__(self, size_bytes: int) -> None:
        noise = random.Random(1).randbytes(size_bytes - STAMP_BYTES - len(_EOI))  # noqa: S311 - no secret
        self._outline = _SOI + noise + _EOI

    def make(self, number: int, before: bytes = b"", behind: bytes = b"") -> bytes:
        """One frame, made now, with what a server puts around it: one copy of its own in all."""
        return stamped(self._outline, number, before, behind)
