"""When what is done once in a while is done: all at once, because waking a core up costs as much as sending a frame."""

import math
import time


def until_beat_s(period_s: float) -> float:
    """How long to sleep for the next common beat of all who have this period, or a multiple of it.

    Half a period at least and one and a half at most, so that it may be asked a little before a beat or after it.
    """
    now = time.monotonic()
    return (math.floor(now / period_s + 0.5) + 1) * period_s - now
