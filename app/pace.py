"""How much one viewer can take, learnt from its own acknowledgements: frames in flight, rate, size.

The window follows Swift (Kumar et al., "Swift: Delay is Simple and Effective for Congestion Control in the
Datacenter", SIGCOMM 2020), with a frame as its packet: as long as acknowledgements come about as soon as they do when
a frame travels alone, the window grows (additively); when they come later than that by more than a frame's period, and
by more than that varies, frames queue somewhere, and the window shrinks in proportion to the excess, once a round
trip. Frames leave no closer than ``round trip / window``. How soon an acknowledgement can come is learnt anew every ten
seconds from a frame that travels alone, as BBR does (Cardwell et al., ACM Queue 14(5), 2016).

So the window widens where distance delays acknowledgements, and does not where a narrow link does: there a wider one
would make frames older and not more.
"""

import math
from typing import Literal

from hw.types import Size

MIN_WINDOW = 1.0
MAX_WINDOW = 8.0
START_WINDOW = 2.0
"""Two in flight hide a link's delay and keep its queue short."""

_GROWTH = 0.25
"""Frames a round trip. Where one is too many, the queue that this makes is to be noticed before it is long."""
_GROWTH_WITH_ROOM = 1.0
_SHRINKAGE = 0.8
_MAX_SHRINK = 0.5
_DELAY_MARGIN = 0.25
_DEVIATIONS = 3.0
"""What a frame that travels alone may vary by: an unsteady link is not a full one."""
_BASE_AGE_S = 10.0
_SMOOTHING = 0.125
_MAX_GAP_S = 5.0
_EMPTYING_S = 0.25
_MAX_PERIOD_S = 0.5


class Pace:
    """The window and the rate of one viewer. Times are those of one monotonic clock, in seconds."""

    def __init__(self) -> None:
        self.window = START_WINDOW
        self.gap_s = 0.0
        """Smoothed time from one acknowledgement to the next."""
        self._base_s = math.inf
        self._base_deviation_s = 0.0
        self._alone_due_at = math.inf
        self._round_trip_s = self._last_round_trip_s = 0.0
        self._sent_at = -math.inf
        self._acked_at = -math.inf
        self._shrunk_at = -math.inf
        self._held_back = False
        self._queues = False
        """Whether a frame that was not alone came later for it, at the last look: the link is the narrow place."""

    @property
    def frames(self) -> int:
        """Frames that may be in flight."""
        return max(2, math.floor(self.window))

    def hindrance(self, in_flight: int, now: float, period_s: float) -> Literal["window", "rate"] | None:
        """What keeps the next frame from leaving while ``in_flight`` others are: ``"window"``, ``"rate"`` or nothing.

        One that nothing is in flight before may always leave. ``period_s`` is the time between two frames of the
        camera.
        """
        if now > self._alone_due_at:
            return "window"
        if in_flight >= self.frames:
            self._held_back = True
            return "window"
        if self._queues and (in_flight >= START_WINDOW or now == self._acked_at):
            # With the next picture instead of now: that one is newer, and a signal finds a shorter queue before it.
            self._held_back = True
            return "rate"
        # The latest round trip counts where it is shorter: one long silence is not to be felt in the frames after it.
        if now - self._sent_at < min(self._round_trip_s, self._last_round_trip_s) / self.window:
            self._held_back = True
            return "rate"
        return None

    def patience_s(self, now: float) -> float:
        """How old a frame in flight may be, in seconds, before its acknowledgement is lost for certain.

        While nothing is sent so that one can travel alone, what was sent before has to come back; one that
        acknowledges "the oldest" would else carry a lost one along for ever.
        """
        return _EMPTYING_S + 2 * self._round_trip_s if now > self._alone_due_at else math.inf

    def sent(self, now: float, alone: bool) -> None:
        """A frame left; ``alone``: none was in flight before it."""
        self._sent_at = now
        if alone and now > self._alone_due_at:
            self._alone_due_at = now + _BASE_AGE_S

    def acknowledged(self, round_trip_s: float, alone: bool, now: float, period_s: float) -> None:
        """A frame that left ``round_trip_s`` ago was acknowledged; ``alone``: none was in flight as it left."""
        period_s = min(period_s, _MAX_PERIOD_S)
        if self._acked_at > -math.inf:
            self.gap_s += (min(now - self._acked_at, _MAX_GAP_S) - self.gap_s) * (_SMOOTHING if self.gap_s else 1.0)
        self._acked_at = now
        self._last_round_trip_s = round_trip_s
        self._round_trip_s += (round_trip_s - self._round_trip_s) * (_SMOOTHING if self._round_trip_s else 1.0)
        # One that was not alone and yet as quick travelled beside the others and not behind them: there is room.
        beside = not alone and round_trip_s <= self._base_s + period_s / 4
        if alone:
            self._alone_due_at = now + _BASE_AGE_S
        else:
            self._queues = not beside
        if alone or round_trip_s < self._base_s:
            self._learn_base(round_trip_s)
        held_back, self._held_back = self._held_back, False
        late_s = round_trip_s - self._base_s
        if late_s > period_s:
            late_s -= max(period_s, _DELAY_MARGIN * self._base_s, _DEVIATIONS * self._base_deviation_s)
            if late_s > 0:
                self._shrink(late_s / round_trip_s, now)
                return
        if held_back:
            growth = _GROWTH_WITH_ROOM if beside else _GROWTH
            self.window = min(MAX_WINDOW, self.window + growth / self.window)

    def _shrink(self, excess: float, now: float) -> None:
        """Shrink the window by the share of the round trip that is too much, once a round trip."""
        if now - self._shrunk_at > self._round_trip_s:
            self.window = max(MIN_WINDOW, self.window * max(_MAX_SHRINK, 1 - _SHRINKAGE * excess))
            self._shrunk_at = now

    def restart(self, now: float) -> None:
        """Frames have another size from now on: how soon they can be acknowledged is to be learnt anew."""
        self._base_s, self._alone_due_at = math.inf, now
        self._queues = False
        self.window = START_WINDOW
        self.gap_s = 0.0
        self._acked_at = -math.inf

    def _learn_base(self, round_trip_s: float) -> None:
        if self._base_s == math.inf:
            self._base_s, self._base_deviation_s = round_trip_s, 0.0
            return
        error_s = round_trip_s - self._base_s
        self._base_deviation_s += (abs(error_s) - self._base_deviation_s) * _SMOOTHING
        self._base_s += error_s * _SMOOTHING


_SLOW = 2.0
_SLOW_FOR_S = 2.0
_FINE = 1.2
_JUDGE_AFTER_S = 3.0
_HELPED = 0.7
_TRY_AGAIN_S = 10.0
_TRY_AGAIN_MAX_S = 160.0
_NO_HELP_S = 120.0


class SizeChoice:
    """Which size one viewer gets: reduced when its link cannot carry half of the frames in full, and that helps.

    The full size is tried again after 10 s of easy going, then after 20, 40, … 160 s while that fails. Where the
    reduced size brings no more frames (a viewer that is slow by itself), the full one comes back for two minutes.
    """

    def __init__(self) -> None:
        self.size = Size.FULL
        self._since = -math.inf
        self._slow_since: float | None = None
        self._easy_since: float | None = None
        self._full_gap = 0.0
        """Time between two acknowledgements at full size, when that was given up, in frame periods of then."""
        self._reducible_at = -math.inf
        self._try_again_s = _TRY_AGAIN_S

    def consider(self, gap_s: float, period_s: float, now: float) -> bool:
        """Think again after an acknowledgement, given the time between two of them; True when the size changed."""
        if not period_s:
            return False  # the camera has only just begun
        before = self.size
        if before is Size.FULL:
            self._consider_reducing(gap_s, period_s, now)
        else:
            self._consider_full(gap_s, period_s, now)
        if self.size is before:
            return False
        self._since = now
        self.look_afresh()
        return True

    def look_afresh(self) -> None:
        """What was slow or easy until now does not count: other frames come from here on."""
        self._slow_since = self._easy_since = None

    def _consider_reducing(self, gap_s: float, period_s: float, now: float) -> None:
        if gap_s <= _SLOW * period_s:
            self._slow_since = None
            if now - self._since > _TRY_AGAIN_MAX_S:
                self._try_again_s = _TRY_AGAIN_S
        elif self._slow_since is None:
            self._slow_since = now
        elif now - self._slow_since > _SLOW_FOR_S and now >= self._reducible_at:
            self._full_gap = gap_s / period_s
            self.size = Size.REDUCED

    def _consider_full(self, gap_s: float, period_s: float, now: float) -> None:
        if gap_s > _FINE * period_s:
            self._easy_since = None
            if now - self._since > _JUDGE_AFTER_S and gap_s / period_s > _HELPED * self._full_gap:
                self._reducible_at = now + _NO_HELP_S
                self.size = Size.FULL
        elif self._easy_since is None:
            self._easy_since = now
        elif now - self._easy_since > self._try_again_s:
            self._try_again_s = min(2 * self._try_again_s, _TRY_AGAIN_MAX_S)
            self.size = Size.FULL
