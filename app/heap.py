"""What the C library keeps of memory that was given back to it.

glibc maps what is large for itself alone and unmaps it when it is done with, but takes each such block as a sign that
the next one of its size had better stay: from the first still on those come from the heap of the thread that asks, and
a small object behind one keeps all of it (mallopt(3), "dynamic mmap threshold"). With a still's pixels being tens of
megabytes, on threads that change, that is the memory of a small board.
"""

import ctypes

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_LARGE_BYTES = 8 * 1024 * 1024
"""More than a live picture has in any form, so that those stay where they are; less than a still's pixels."""
_SPARE_BYTES = 4 * _LARGE_BYTES
"""What may lie free at a heap's end: what is needed again with each live picture."""


def return_what_is_large() -> None:
    """Have large blocks go back to the system at once, in all threads of this process.

    Does nothing where the C library is another one, which has no such habit.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)
        mallopt(_M_TRIM_THRESHOLD, _SPARE_BYTES)
