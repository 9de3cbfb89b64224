"""The focus score: on pictures made for it, and on the simulated slide, whose focus is known."""

import numpy as np
import pytest
from PIL import Image, ImageFilter

from hw.config import SIMULATED_RIG, Optics, SimulatedCamera
from hw.drivers.simulated.camera import SimulatedCameraDriver
from hw.drivers.simulated.world import World, focus_um
from hw.sharpness import focus_score
from hw.types import CameraSettings, Plane

RNG = np.random.default_rng(7)


def score(y: Plane) -> float:
    """The score of a picture that has one."""
    found = focus_score(y)
    assert found is not None
    return found


def blurred(plane: Plane, sigma: float) -> Plane:
    return np.asarray(Image.fromarray(plane).filter(ImageFilter.GaussianBlur(sigma)))


def specks() -> Plane:
    grain = np.repeat(np.repeat(RNG.integers(60, 200, (120, 160), dtype=np.uint8), 4, 0), 4, 1)
    return blurred(grain, 1)


@pytest.mark.parametrize("turned", [False, True])
def test_lines_of_either_direction_count(turned: bool) -> None:
    lines = np.full((240, 320), 200, np.uint8)
    lines[:, ::16] = lines[:, 1::16] = 40
    sharp, soft = (plane.T if turned else plane for plane in (lines, blurred(lines, 4)))
    assert score(sharp) > 3 * score(soft) > 0


def test_light_is_not_taken_for_focus() -> None:
    scene = specks().astype(float)
    scores = [score((scene * light).astype(np.uint8)) for light in (0.3, 0.6, 1.0, 1.2)]
    assert max(scores) < 1.05 * min(scores)


def test_noise_is_not_taken_for_detail() -> None:
    noise = RNG.normal(0, 12, (720, 1280))
    blank = np.clip(120 + noise, 0, 255).astype(np.uint8)
    faint = np.clip(120 + 4 * np.sin(np.arange(1280) / 4) + noise, 0, 255).astype(np.uint8)
    assert score(blank) < 0.5 * score(faint)


def test_in_the_dark_and_on_a_handful_of_pixels_there_is_none() -> None:
    assert focus_score(RNG.integers(0, 8, (240, 320), dtype=np.uint8)) is None
    assert focus_score(np.full((6, 400), 200, np.uint8)) is None


def test_padded_rows_are_looked_at_where_they_lie() -> None:
    scene = specks()
    padded = np.full((scene.shape[0], scene.shape[1] + 64), 255, np.uint8)
    padded[:, : scene.shape[1]] = scene
    assert score(padded[:, : scene.shape[1]]) == score(scene)


@pytest.mark.parametrize("place", [(0.0, 0.0), (-1500.0, 2500.0)])
def test_it_grows_towards_the_slides_focus_from_far_away(place: tuple[float, float]) -> None:
    world = World(*place)
    assert isinstance(SIMULATED_RIG.camera, SimulatedCamera)
    camera = SimulatedCameraDriver(SIMULATED_RIG.camera, Optics(), world)
    camera.open()
    camera.apply(CameraSettings(fps=120, exposure_us=8000))

    def at(defocus_um: float) -> float:
        world.z_um = focus_um(*place) + defocus_um
        with camera.frame(5) as planes:
            return score(planes.y)

    for side in (-1, 1):
        scores = [at(side * distance) for distance in (300, 200, 140, 100, 70, 50, 30, 20, 10, 5, 2, 1, 0)]
        assert scores == sorted(scores)
        assert scores[-1] > 1.01 * scores[-2]
        assert scores[-1] > 20 * scores[0]
