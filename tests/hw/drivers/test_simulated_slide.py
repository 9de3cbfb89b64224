"""The slide: the same for the same seed, seamless, bounded, and populated where it is first looked at."""

import numpy as np
import pytest

from hw.drivers.simulated.anatomy import lay_out
from hw.drivers.simulated.grid import TILE_PX
from hw.drivers.simulated.specimen import MAX_TILES, Slide
from hw.types import Plane

SEED = 1
CENTRE = (0, -640, -360, 1280, 720)


@pytest.fixture(scope="module")
def slide() -> Slide:
    """One slide for the tests that only read it."""
    return Slide(SEED)


def whole(planes: tuple[Plane, Plane, Plane]) -> bytes:
    """All three planes as bytes."""
    return b"".join(plane.tobytes() for plane in planes)


def test_the_same_seed_gives_the_same_bytes(slide: Slide) -> None:
    assert whole(slide.read(*CENTRE)) == whole(Slide(SEED).read(*CENTRE))


def test_another_seed_gives_another_slide(slide: Slide) -> None:
    ours, other = slide.read(*CENTRE)[0], Slide(SEED + 1).read(*CENTRE)[0]
    assert np.mean(ours != other) > 0.5


@pytest.mark.parametrize("level", [0, 1, 2])
def test_planes_have_the_asked_shapes(slide: Slide, level: int) -> None:
    y, u, v = slide.read(level, -300, 130, 322, 206)
    assert y.shape == (206, 322)
    assert u.shape == v.shape == (103, 161)


def test_what_is_read_does_not_depend_on_how_it_is_cut(slide: Slide) -> None:
    y, u, v = slide.read(0, -300, -200, 600, 400)
    part_y, part_u, part_v = slide.read(0, -100, -50, 320, 180)
    assert np.array_equal(y[150:330, 200:520], part_y)
    assert np.array_equal(u[75:165, 100:260], part_u)
    assert np.array_equal(v[75:165, 100:260], part_v)


@pytest.mark.parametrize("where", [(0, 0), (200, 3500), (48, 784), (1360, 304)])
def test_tiles_join_without_a_seam(slide: Slide, where: tuple[int, int]) -> None:
    """The step from one tile to the next is like any step inside a tile."""
    column = where[0] * 4 // TILE_PX * TILE_PX
    row = where[1] * 4 // TILE_PX * TILE_PX
    y = slide.read(0, column - 3 * TILE_PX, row - 3 * TILE_PX, 6 * TILE_PX, 6 * TILE_PX)[0].astype(int)
    for lines in (y, y.T):
        steps = np.abs(np.diff(lines, axis=0)).mean(axis=1)
        across = steps[TILE_PX - 1 :: TILE_PX]
        within = np.delete(steps, np.s_[TILE_PX - 1 :: TILE_PX])
        assert across.max() <= within.max() * 1.25 + 0.2


@pytest.mark.parametrize("seed", range(1, 6))
def test_the_origin_lies_in_the_mucosa_of_every_slide(seed: int) -> None:
    anatomy = lay_out(seed)
    at_origin = anatomy.at(anatomy.depth, np.zeros(1, np.float32), np.zeros(1, np.float32))
    assert 300 < at_origin[0] < 420


def test_the_first_view_is_rich(slide: Slide) -> None:
    y, _, _ = slide.read(*CENTRE)
    nuclei, pale = np.mean(y < 90), np.mean(y > 215)
    assert 0.05 < nuclei < 0.5
    assert 0.01 < pale < 0.4
    # Every part of the field has something to see.
    blocks = y.reshape(4, 180, 8, 160).std(axis=(1, 3))
    assert blocks.min() > 8


def test_levels_show_the_same_tissue_at_half_the_scale(slide: Slide) -> None:
    fine = slide.read(0, -512, -256, 1024, 512)[0].astype(float)
    coarse = slide.read(1, -256, -128, 512, 256)[0].astype(float)
    halved = fine.reshape(256, 2, 512, 2).mean(axis=(1, 3))
    assert np.corrcoef(halved.ravel(), coarse.ravel())[0, 1] > 0.8
    assert abs(halved.mean() - coarse.mean()) < 5


def test_the_pattern_does_not_repeat(slide: Slide) -> None:
    """No shift of a piece of tissue onto another place of it looks like the same piece."""
    y = slide.read(0, -4096, 5000, 8192, 1024)[0].astype(np.float32)
    piece = y[256:768, :512]
    spectrum = np.fft.rfft2(piece - piece.mean())
    for left in range(512, 8192 - 512, 512):
        other = y[256:768, left : left + 512]
        likeness = np.fft.irfft2(spectrum.conj() * np.fft.rfft2(other - other.mean()))
        assert likeness.max() / (piece.size * piece.std() * other.std()) < 0.6


def test_the_cache_is_bounded() -> None:
    slide = Slide(SEED)
    far = 40_000
    for row in range(MAX_TILES // 50 + 2):
        slide.read(0, far, far + row * TILE_PX, 50 * TILE_PX, TILE_PX)
        assert slide.tiles_held <= MAX_TILES
    assert slide.tiles_held == MAX_TILES


def test_the_cache_keeps_what_was_used_last() -> None:
    slide = Slide(SEED)
    painted = []
    paint = slide._painter.tile
    slide._painter.tile = lambda *key: (painted.append(key), paint(*key))[1]  # type: ignore[method-assign]
    slide.read(0, 0, 0, 2, 2)
    for column in range(MAX_TILES):
        slide.read(0, 40_000 + column * TILE_PX, 40_000, 2, 2)
        slide.read(0, 0, 0, 2, 2)
    assert painted.count((0, 0, 0)) == 1
