"""Which of the machine's GPIO chips has the lines of the 40-pin header."""

import fcntl
import os
import struct
from contextlib import suppress

_LABELS = ("pinctrl-rp1", "pinctrl-bcm2711", "pinctrl-bcm2835")
"""Of the chips that have it: on a Pi 5, a Pi 4, and the older ones."""
_GET_CHIPINFO = 0x8044B401
"""GPIO_GET_CHIPINFO_IOCTL of linux/gpio.h: name[32], label[32], a count."""
_CHIPS = 16


def header_chip() -> int | None:
    """The number n of its ``/dev/gpiochip<n>``; ``None`` where no chip that can be opened has such a label.

    gpiozero goes by the board's revision and takes 0, or 4 on a Pi 5 that has one; kernels and add-on boards have
    numbered them otherwise.
    """
    for number in range(_CHIPS):
        with suppress(OSError):
            if _label(number) in _LABELS:
                return number
    return None


def _label(number: int) -> str:
    descriptor = os.open(f"/dev/gpiochip{number}", os.O_RDWR | os.O_CLOEXEC)
    try:
        answer = fcntl.ioctl(descriptor, _GET_CHIPINFO, bytes(68))
    finally:
        os.close(descriptor)
    _, label, _ = struct.unpack("32s32sI", answer)
    return str(label.split(b"\0")[0].decode())
