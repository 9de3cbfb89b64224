"""app.pace, in viewers behind simulated links"""

import random
from collections.abc import Callable
from itertools import pairwise

import pytest

from app.pace import MAX_WINDOW, SizeChoice
from hw.types import Size
from tests.app.links import SIZES_BYTES, LinkedViewer

MB = 1e6


def test_near_viewer_gets_every_frame_at_once() -> None:
    linked = LinkedViewer(lambda now: 100 * MB).run(60)
    assert len(linked.arrivals) >= 60 * 30 - 1
    assert linked.latency_s(60)[1] < 0.005
    assert linked.most_in_flight == 1


@pytest.mark.parametrize("delay_s", [0.05, 0.1])
def test_window_widens_where_distance_delays_the_acks(delay_s: float) -> None:
    linked = LinkedViewer(lambda now: 100 * MB, delay_s=delay_s).run(60)
    assert linked.rate(30) > 28.5
    assert linked.latency_s(30)[1] < delay_s + 0.01
    assert 2 * delay_s * 30 <= linked.most_in_flight <= MAX_WINDOW


@pytest.mark.parametrize("delay_s", [0.002, 0.02])
def test_narrow_link_shows_motion_without_a_growing_delay(delay_s: float) -> None:
    linked = LinkedViewer(lambda now: 1 * MB, delay_s=delay_s).run(10)
    early = linked.latency_s(10)
    linked.run(590)
    late = linked.latency_s(100)
    assert early[1] < 0.5
    assert late[1] < 0.5
    assert late[0] < early[0] + 0.02
    assert linked.rate(100) > 25
    assert linked.most_in_flight <= 3


def test_narrow_link_is_used_whole_by_one_who_wants_the_full_size() -> None:
    linked = LinkedViewer(lambda now: 1 * MB)
    linked.viewer.ask_size(Size.FULL)
    linked.run(60)
    assert {arrival.size for arrival in linked.arrivals} == {Size.FULL}
    assert linked.rate(30) > 9.0  # of 10 that the link takes
    median_s, greatest_s = linked.latency_s(30)
    assert median_s < 0.2
    assert greatest_s < 0.5


def test_signal_finds_less_than_two_frames_before_it_on_a_narrow_link() -> None:
    linked = LinkedViewer(lambda now: 1 * MB, delay_s=0.001)
    linked.viewer.ask_size(Size.FULL)
    linked.run(2)
    frame_s = SIZES_BYTES[Size.FULL] / MB
    found_s = sorted(linked.run(0.017).queued_s for _ in range(3000))
    assert found_s[int(0.99 * len(found_s))] < 1.8 * frame_s
    assert found_s[-1] < 2.0 * frame_s


@pytest.mark.parametrize("bytes_per_s", [50_000, 30_000])
def test_very_narrow_link_gets_small_frames_one_after_the_other(bytes_per_s: float) -> None:
    linked = LinkedViewer(lambda now: bytes_per_s).run(300)
    frame_s = SIZES_BYTES[Size.REDUCED] / bytes_per_s
    assert linked.rate(100) > 0.8 / frame_s
    assert linked.latency_s(100)[1] < 3.5 * frame_s
    assert linked.viewer.junk_acks == 0
    assert linked.viewer.acks_lost < 10


def test_round_trip_of_seconds_is_no_loss() -> None:
    linked = LinkedViewer(lambda now: 100 * MB, delay_s=1.1).run(300)
    assert linked.viewer.junk_acks == 0
    assert linked.viewer.acks_lost < 10


def test_lost_ack_is_hardly_felt_where_the_oldest_is_acknowledged() -> None:
    linked = LinkedViewer(lambda now: 20 * MB, delay_s=0.005, names_frames=False).run(6)
    linked.acks = False
    linked.run(0.034)
    linked.acks = True
    linked.run(30)
    gaps = [later.at - earlier.at for earlier, later in pairwise(linked.lately(30))]
    assert linked.viewer.acks_lost == 1
    assert max(gaps) < 0.4


def test_reduced_size_on_a_narrow_link_and_the_full_one_again_after_it() -> None:
    linked = LinkedViewer(lambda now: 0.6 * MB if 20 < now < 40 else 20 * MB).run(20)
    assert {arrival.size for arrival in linked.arrivals} == {Size.FULL}
    linked.run(15)
    assert {arrival.size for arrival in linked.lately(10)} == {Size.REDUCED}
    linked.run(65)
    assert {arrival.size for arrival in linked.lately(20)} == {Size.FULL}


def test_small_frames_teach_nothing_of_large_ones_on_a_far_link() -> None:
    linked = LinkedViewer(lambda now: 0.5 * MB if now < 20 else 5 * MB, delay_s=0.03).run(20)
    assert linked.viewer.size is Size.REDUCED
    while linked.viewer.size is Size.REDUCED:
        linked.run(0.1)
    linked.run(15)
    assert linked.viewer.size is Size.FULL
    assert linked.rate(10) > 28, "the window follows the full size's own round trip"


def test_full_size_is_tried_less_and_less_often_where_it_does_not_fit() -> None:
    linked = LinkedViewer(lambda now: 1 * MB).run(1000)
    changes = [
        later.at
        for earlier, later in pairwise(linked.arrivals)
        if (earlier.size, later.size) == (Size.REDUCED, Size.FULL)
    ]
    waits = [later - earlier for earlier, later in pairwise(changes)]
    assert 3 <= len(changes) <= 12
    assert waits == sorted(waits) or max(waits) - waits[-1] < 10
    assert waits[-1] > 150


def test_size_is_not_reduced_where_that_brings_no_more_frames() -> None:
    slow_by_itself = LinkedViewer(lambda now: 50 * MB, work_s=lambda: 0.1).run(60)
    reduced = [arrival for arrival in slow_by_itself.arrivals if arrival.size is Size.REDUCED]
    assert len(reduced) < 60
    assert slow_by_itself.arrivals[-1].size is Size.FULL
    assert slow_by_itself.rate(30) > 9


def test_unsteady_viewer_misses_few_frames() -> None:
    chance = random.Random(7)
    linked = LinkedViewer(lambda now: 10 * MB, work_s=lambda: chance.choice([0.003] * 9 + [0.06])).run(60)
    assert linked.rate(50) > 28


@pytest.mark.parametrize(
    ("jitter_s", "fps"),
    [
        (lambda chance: chance.uniform(0, 0.05), 27.0),
        (lambda chance: chance.uniform(0, 0.1), 16.0),
        (lambda chance: 0.1 if chance.random() < 0.3 else 0.0, 20.0),
    ],
)
def test_unsteady_link_is_not_taken_for_a_full_one(jitter_s: Callable[[random.Random], float], fps: float) -> None:
    """Three frames always in flight would bring 30, 22 and 23 frames/s."""
    chance = random.Random(3)
    linked = LinkedViewer(lambda now: 20 * MB, jitter_s=lambda: jitter_s(chance)).run(60)
    assert linked.rate(50) > fps


@pytest.mark.parametrize("fps", [1.0, 5.0, 10.0])
def test_slow_camera_is_followed_frame_by_frame(fps: float) -> None:
    linked = LinkedViewer(lambda now: 1.2 * MB, fps=fps).run(100)
    assert linked.rate(50) == pytest.approx(fps, rel=0.03)
    assert {arrival.size for arrival in linked.arrivals} == {Size.FULL}


def test_frames_never_go_back_in_time_nor_come_twice_as_sizes_change() -> None:
    linked = LinkedViewer(lambda now: 0.5 * MB if int(now / 20) % 2 else 50 * MB).run(300)
    ids = [arrival.frame_id for arrival in linked.arrivals]
    assert len({arrival.size for arrival in linked.arrivals}) == 2
    assert ids == sorted(set(ids))


def test_long_silence_is_not_felt_after_it() -> None:
    asleep = LinkedViewer(lambda now: 20 * MB)
    asleep.work_s = lambda: 20.0 if 10 < asleep.now < 10.05 else 0.001
    asleep.run(31)
    assert asleep.rate(0.9) * 0.9 >= 24
    assert asleep.arrivals[-1].size is Size.FULL


def test_size_is_judged_by_the_camera_of_the_moment() -> None:
    choice = SizeChoice()
    for tenth in range(30):
        choice.consider(gap_s=0.1, period_s=1 / 30, now=tenth / 10)
    assert choice.size is Size.REDUCED
    for tenth in range(30, 100):  # a busy machine takes nine a second, and eight of them come
        choice.consider(gap_s=1 / 7, period_s=1 / 9, now=tenth / 10)
    assert choice.size is Size.REDUCED


def test_size_is_judged_anew_after_another_was_asked_for() -> None:
    choice = SizeChoice()
    choice.consider(gap_s=1.0, period_s=1 / 30, now=0.0)
    choice.look_afresh()
    assert not choice.consider(gap_s=1.0, period_s=1 / 30, now=600.0)
    assert choice.consider(gap_s=1.0, period_s=1 / 30, now=603.0)


def test_camera_that_has_only_just_begun_reduces_nothing() -> None:
    choice = SizeChoice()
    assert not any(choice.consider(gap_s=5.0, period_s=0.0, now=float(now)) for now in range(100))
    assert choice.size is Size.FULL
