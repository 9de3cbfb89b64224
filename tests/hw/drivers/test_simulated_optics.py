"""Place, scale, focus and light: the picture against the truth of the world."""

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from hw.drivers.simulated.optics import Objective
from hw.drivers.simulated.sensor import Sensor
from hw.drivers.simulated.specimen import Slide
from hw.drivers.simulated.world import GAMMA, World, flat_field, focus_um
from hw.types import Plane

SIZE = (640, 360)
GLASS = (0.0, -9700.0)


@pytest.fixture(scope="module")
def slide() -> Slide:
    """One slide for all tests."""
    return Slide(1)


def shift_px(before: Plane, after: Plane) -> tuple[float, float]:
    """By how many pixels (x, y) the content moved, by phase correlation with a parabola through the peak."""
    window = np.hanning(before.shape[0])[:, None] * np.hanning(before.shape[1])
    one, two = (np.fft.fft2((picture - picture.mean()) * window) for picture in (before, after))
    cross = two * one.conj()
    surface = np.fft.ifft2(cross / np.sqrt(np.abs(cross) + 1e-9)).real
    row, column = np.unravel_index(np.argmax(surface), surface.shape)

    def refined(line: NDArray[np.float64], at: int) -> float:
        low, middle, high = line[at - 1], line[at], line[(at + 1) % len(line)]
        place = at + 0.5 * (low - high) / (low - 2 * middle + high)
        return float((place + len(line) / 2) % len(line) - len(line) / 2)

    return refined(surface[row], int(column)), refined(surface[:, column], int(row))


def sharpness(picture: Plane) -> float:
    """Energy of the differences between neighbours."""
    return float(np.mean(np.diff(picture.astype(float), axis=0)[:, 1:] ** 2 + np.diff(picture.astype(float))[1:] ** 2))


@pytest.mark.parametrize("um_per_px", [0.07, 0.25, 0.7])
@pytest.mark.parametrize("move_px", [(20.0, 0.0), (0.0, -13.0), (7.5, 4.25), (-11.3, 8.6)])
def test_a_stage_move_shifts_the_picture(slide: Slide, um_per_px: float, move_px: tuple[float, float]) -> None:
    objective = Objective(slide, um_per_px)
    before = objective.picture(100, 50, 0, *SIZE)[0]
    after = objective.picture(100 + move_px[0] * um_per_px, 50 + move_px[1] * um_per_px, 0, *SIZE)[0]
    shift = shift_px(before, after)
    assert shift == pytest.approx((-move_px[0], -move_px[1]), abs=0.25)


def test_colour_moves_with_brightness(slide: Slide) -> None:
    objective = Objective(slide, 0.25)
    before = objective.picture(100, 50, 0, *SIZE)
    after = objective.picture(110, 50, 0, *SIZE)
    assert shift_px(before[0], after[0])[0] == pytest.approx(-40, abs=0.25)
    assert shift_px(before[2], after[2])[0] == pytest.approx(-20, abs=0.25)


def test_a_finer_scale_shows_the_middle_of_the_field(slide: Slide) -> None:
    coarse = Objective(slide, 0.5).picture(0, 0, 0, *SIZE)[0].astype(float)
    fine = Objective(slide, 0.25).picture(0, 0, 0, *SIZE)[0].astype(float)
    middle = coarse[90:270, 160:480]
    halved = fine.reshape(180, 2, 320, 2).mean(axis=(1, 3))
    assert np.corrcoef(middle.ravel(), halved.ravel())[0, 1] > 0.8


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize("um_per_px", [0.07, 0.25, 0.7])
def test_sharpness_falls_with_defocus(slide: Slide, um_per_px: float, sign: int) -> None:
    objective = Objective(slide, um_per_px)
    depth_of_field = 4 * um_per_px**2 / 0.0625
    steps = np.array([0, 0.5, 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 12, 16, 24])
    curve = [sharpness(objective.picture(0, 0, sign * z * depth_of_field, *SIZE)[0]) for z in steps]
    assert all(near > far for near, far in pairwise(curve)), curve
    assert curve[-1] < 0.05 * curve[0]


def test_the_blur_has_no_jump(slide: Slide) -> None:
    """A sweep through focus changes the picture evenly, also where the blur is computed at a smaller size."""
    objective = Objective(slide, 0.25)
    sweep = [objective.picture(0, 0, z, *SIZE)[0].astype(float) for z in np.arange(0.5, 12, 0.25)]
    changes = np.array([np.abs(a - b).mean() for a, b in pairwise(sweep)])
    neighbours = np.maximum(np.roll(changes, 1), np.roll(changes, -1))
    assert (changes[1:-1] < 3 * neighbours[1:-1] + 0.3).all(), changes


def test_blurring_keeps_the_light(slide: Slide) -> None:
    objective = Objective(slide, 0.25)
    means = [objective.picture(0, 0, z, *SIZE)[0].mean() for z in (0, 2, 6, 15, 40)]
    assert np.ptp(means) < 4


@pytest.mark.parametrize("smear_um", [1.0, 5.0, 20.0])
def test_motion_smears_along_its_direction(slide: Slide, smear_um: float) -> None:
    objective = Objective(slide, 0.25)

    def contrast(picture: Plane) -> tuple[float, float]:
        values = picture.astype(float)
        return float(np.abs(np.diff(values, axis=1)).mean()), float(np.abs(np.diff(values, axis=0)).mean())

    still = contrast(objective.picture(0, 0, 0, *SIZE)[0])
    along_x = contrast(objective.picture(0, 0, 0, *SIZE, (smear_um, 0.0))[0])
    along_y = contrast(objective.picture(0, 0, 0, *SIZE, (0.0, smear_um))[0])
    assert along_x[0] / still[0] < 0.9 * along_x[1] / still[1]
    assert along_y[1] / still[1] < 0.9 * along_y[0] / still[0]


def test_fast_travel_shows_the_same_place(slide: Slide) -> None:
    objective = Objective(slide, 0.25)
    still = objective.picture(40, 30, 0, *SIZE)[0].astype(float)
    smeared = objective.picture(40, 30, 0, *SIZE, (20.0, 0.0))[0].astype(float)
    expected = np.mean([np.roll(still, shift, axis=1) for shift in range(-40, 41)], axis=0)
    assert np.corrcoef(expected[:, 48:-48].ravel(), smeared[:, 48:-48].ravel())[0, 1] > 0.88


def test_a_stage_that_stands_still_is_not_rendered_again(slide: Slide) -> None:
    objective = Objective(slide, 0.25)
    assert objective.picture(1, 2, 3, *SIZE)[0] is objective.picture(1, 2, 3, *SIZE)[0]
    assert objective.picture(1, 2, 3, *SIZE)[0] is not objective.picture(1, 2, 4, *SIZE)[0]


def test_the_surface_is_tilted_and_zero_at_the_origin() -> None:
    assert focus_um(0, 0) == 0
    corners = [focus_um(x, y) for x in (-10_000, 10_000) for y in (-10_000, 10_000)]
    assert 20 < np.ptp(corners) < 100
    world = World(x_um=5000, y_um=-3000, z_um=focus_um(5000, -3000))
    assert world.defocus_um == 0
    world.z_um += 7
    assert world.defocus_um == pytest.approx(7)


def test_blank_glass_shows_the_flat_field(slide: Slide) -> None:
    width, height = SIZE
    picture = Objective(slide, 0.25).picture(*GLASS, 0, width, height)
    sensor = Sensor(width, height, 1)
    mean = np.mean([sensor.expose(picture, 1, 1, n)[0] for n in range(24)], axis=0)
    truth = flat_field(width, height)
    assert truth.shape == (height, width)
    assert truth.max() == 1
    assert truth.min() < 0.9
    blocks = np.s_[: height // 40 * 40, : width // 40 * 40]

    def averaged(field: NDArray[np.float64]) -> NDArray[np.float64]:
        medians: NDArray[np.float64] = np.median(field[blocks].reshape(height // 40, 40, width // 40, 40), axis=(1, 3))
        return medians

    ratio = averaged(mean) / averaged(truth.astype(np.float64) ** (1 / GAMMA))
    assert np.ptp(ratio) < 0.02 * ratio.mean()


def test_the_default_picture_is_well_exposed(slide: Slide) -> None:
    picture = Objective(slide, 0.25).picture(*GLASS, 0, *SIZE)
    y, _, _ = Sensor(*SIZE, 1).expose(picture, 1, 1, 1)
    assert 225 <= np.median(y[160:200, 300:340]) <= 242


@pytest.mark.parametrize(("light", "gain"), [(0.1, 1.0), (0.5, 1.0), (0.25, 2.0), (0.05, 4.0)])
def test_brightness_follows_light_and_gain(slide: Slide, light: float, gain: float) -> None:
    picture = Objective(slide, 0.25).picture(0, 0, 0, *SIZE)
    sensor = Sensor(*SIZE, 1)
    full, part = (sensor.expose(picture, *how, 1)[0].mean() for how in ((1.0, 1.0), (light, gain)))
    dark = sensor.expose(picture, 0.0, 1.0, 1)[0].mean()
    assert (part - dark) / (full - dark) == pytest.approx((light * gain) ** (1 / GAMMA), rel=0.03)


def test_too_much_light_is_white_and_never_wraps(slide: Slide) -> None:
    picture = Objective(slide, 0.25).picture(0, 0, 0, *SIZE)
    sensor = Sensor(*SIZE, 1)
    before, _, _ = sensor.expose(picture, 1, 1, 1)
    for light in (2, 4, 8, 40, 1000):
        y, u, v = sensor.expose(picture, light, 1, 1)
        assert (y >= before).all()
        before = y
    assert y.min() == 255
    assert np.abs(u.astype(int) - 128).max() <= 1
    assert np.abs(v.astype(int) - 128).max() <= 1


def test_without_light_there_is_only_noise(slide: Slide) -> None:
    picture = Objective(slide, 0.25).picture(0, 0, 0, *SIZE)
    y, _, _ = Sensor(*SIZE, 1).expose(picture, 0, 1, 1)
    assert y.mean() < 8
    assert y.std() > 0.3


def test_noise_is_fresh_in_each_frame_and_grows_with_gain() -> None:
    neutral = np.full((180, 320), 128, np.uint8)
    grey = (np.full((360, 640), 120, np.uint8), neutral, neutral)
    sensor, twin = Sensor(*SIZE, 5), Sensor(*SIZE, 5)
    first, second = sensor.expose(grey, 1, 1, 1)[0], sensor.expose(grey, 1, 1, 2)[0]
    assert (first != second).mean() > 0.3
    assert np.array_equal(first, twin.expose(grey, 1, 1, 1)[0])
    spread = [sensor.expose(grey, 1 / gain, gain, 3)[0][150:210, 280:360].std() for gain in (1, 4, 16)]
    assert spread[0] < spread[1] < spread[2]
