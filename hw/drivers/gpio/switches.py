"""Limit switches without their bounces."""

from collections.abc import Callable

_SAMPLE_S = 0.001


class Switch:
    """A limit switch: pressed, or free, once its contact has read the same for ``debounce_s``.

    It is read at most every millisecond, so it may be asked as often as one likes.
    """

    def __init__(self, contact: Callable[[], bool], debounce_s: float, clock: Callable[[], float]) -> None:
        self._contact = contact
        self._debounce_s = debounce_s
        self._clock = clock
        self._pressed = contact()
        self._sampled_s = self._differs_since_s = clock()
        self._differs = False

    @property
    def settled(self) -> bool:
        """Whether the contact reads what it is believed to be."""
        return not self._differs

    def pressed(self, anew: bool = False) -> bool:
        """Whether it is pressed; ``anew`` reads the contact in any case."""
        now_s = self._clock()
        if anew or now_s >= self._sampled_s + min(_SAMPLE_S, self._debounce_s):
            self._sampled_s = now_s
            self._sample(now_s)
        return self._pressed

    def _sample(self, now_s: float) -> None:
        if self._contact() is self._pressed:
            self._differs = False
        elif not self._differs and self._debounce_s:
            self._differs, self._differs_since_s = True, now_s
        elif now_s >= self._differs_since_s + self._debounce_s or not self._debounce_s:
            self._differs, self._pressed = False, not self._pressed
