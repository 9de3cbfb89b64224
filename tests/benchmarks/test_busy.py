import numpy as np
import pytest

from scripts.benchmarks.servers.busy import HEIGHT, WIDTH, focus_measure, route, scene, shift


@pytest.mark.parametrize(("down", "right"), [(0, 0), (5, 40), (300, 7)])
def test_the_scans_shift_is_found(down: int, right: int) -> None:
    picture = scene(1)
    assert shift(np.roll(picture, (down, right), axis=(0, 1)), picture) == (down, right)


def test_a_blurred_picture_is_less_in_focus() -> None:
    picture = scene(1)
    blurred = (picture.astype(np.uint16) + np.roll(picture, 1, axis=1) + np.roll(picture, 1, axis=0)) // 3
    assert focus_measure(blurred.astype(np.uint8)) < focus_measure(picture)


def test_the_pictures_differ_and_have_the_cameras_size() -> None:
    one, other = scene(1), scene(2)
    assert one.shape == other.shape == (HEIGHT, WIDTH)
    assert not np.array_equal(one, other)


def test_the_route_visits_each_tile_once_by_short_ways() -> None:
    way = route([(float(x), 0.0) for x in (0, 3, 1, 2)])
    assert way == [(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (3.0, 0.0)]
