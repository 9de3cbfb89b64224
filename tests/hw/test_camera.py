"""hw.camera on a camera that is triggered by hand."""

import io
import threading
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pytest
import simplejpeg
from PIL import Image

from hw.camera import Camera, _halved
from hw.errors import DeviceError, InvalidRequest
from hw.types import CameraSettings, Frame, Plane, Position, Size, Status
from tests.conftest import PATIENCE_S, wait_until
from tests.hw.fakes import FakeCamera

FULL = frozenset({Size.FULL})


@pytest.fixture
def driver() -> FakeCamera:
    return FakeCamera()


@pytest.fixture
def frames() -> list[Frame]:
    return []


@pytest.fixture
def camera(driver: FakeCamera, frames: list[Frame]) -> Iterator[Camera]:
    camera = Camera(driver, lambda: Position(1, 2, 3), CameraSettings())
    camera.frame_ready.connect(frames.append)
    camera.start()
    wait_until(lambda: camera.state.status is Status.READY)
    yield camera
    camera.close()
    driver.trigger()
    assert camera.join(PATIENCE_S)
    assert driver.lent == 0


def _are(frames: list[Frame], count: int) -> bool:
    return len(frames) == count


def trigger_twice(camera: Camera, driver: FakeCamera) -> None:
    before = camera.captured
    driver.trigger(2)
    wait_until(lambda: camera.captured == before + 2)


def test_nothing_is_encoded_for_nobody_and_each_size_once(
    camera: Camera, driver: FakeCamera, frames: list[Frame], monkeypatch: pytest.MonkeyPatch
) -> None:
    encoded: list[tuple[int, int]] = []
    encode = simplejpeg.encode_jpeg_yuv_planes

    def count(y: Plane, *planes: Plane, **options: Any) -> bytes:
        encoded.append((y.shape[1], y.shape[0]))
        jpeg: bytes = encode(y, *planes, **options)
        return jpeg

    monkeypatch.setattr(simplejpeg, "encode_jpeg_yuv_planes", count)
    driver.trigger(3)
    wait_until(lambda: camera.captured == 3)
    for wanted, made in ((FULL, 2), (frozenset(Size), 4), (frozenset({Size.REDUCED}), 2), (frozenset(), 0)):
        camera.watch(wanted)
        seen = len(frames)
        trigger_twice(camera, driver)
        wait_until(partial(_are, frames, seen + made))
    assert encoded == [(frame.width, frame.height) for frame in frames]
    assert encoded == [(32, 16)] * 2 + [(32, 16), (16, 8)] * 2 + [(16, 8)] * 2
    assert camera.encoded == {Size.FULL: 4, Size.REDUCED: 4}


def test_both_sizes_are_one_picture(camera: Camera, driver: FakeCamera, frames: list[Frame]) -> None:
    camera.watch(frozenset(Size))
    driver.trigger(1)
    wait_until(lambda: len(frames) == 2)
    full, reduced = frames
    assert (full.size, reduced.size) == (Size.FULL, Size.REDUCED)
    assert full.frame_id == reduced.frame_id
    assert full.captured_at == reduced.captured_at
    assert Image.open(io.BytesIO(reduced.jpeg)).size == (16, 8)
    assert 0 < reduced.encode_s < PATIENCE_S
    small = np.asarray(Image.open(io.BytesIO(full.jpeg)).convert("RGB").reduce(2), dtype=float)
    assert np.abs(np.asarray(Image.open(io.BytesIO(reduced.jpeg)).convert("RGB")) - small).mean() < 8


@pytest.mark.parametrize("shape", [(720, 1280), (721, 1281), (3, 3), (2, 2)])
def test_halved_plane_is_the_mean_of_four(shape: tuple[int, int]) -> None:
    padded = np.random.default_rng(3).integers(0, 256, (shape[0], shape[1] + 7), dtype=np.uint8)
    plane = padded[:, : shape[1]]
    height, width = shape[0] // 2, shape[1] // 2
    sums = plane[: 2 * height, : 2 * width].astype(int).reshape(height, 2, width, 2).sum((1, 3))
    halved = _halved(plane)
    assert halved.dtype == np.uint8
    assert np.array_equal(halved, (sums + 2) // 4)


def test_frames_carry_their_facts(camera: Camera, driver: FakeCamera, frames: list[Frame]) -> None:
    camera.watch(FULL)
    driver.trigger(5)
    wait_until(lambda: len(frames) == 5)
    last = frames[-1]
    assert [frame.frame_id for frame in frames] == [1, 2, 3, 4, 5]
    assert (last.width, last.height) == Image.open(io.BytesIO(last.jpeg)).size == (32, 16)
    assert last.position == Position(1, 2, 3)
    assert last.exposure_us == 10_000
    assert last.gain is None
    assert last.captured_at == 1000.2
    assert last.fps == pytest.approx(25)
    assert last.metadata()["focus_score"] == 0, "an even grey"


def test_settings_are_changed_and_told(camera: Camera, driver: FakeCamera) -> None:
    changed = camera.change(exposure_us=500, jpeg_quality=30)
    driver.trigger(2)
    assert changed.result(PATIENCE_S).settings.exposure_us == 500
    assert driver.settings.jpeg_quality == 30
    assert camera.state.settings.gain == 1.0


@pytest.mark.parametrize("quality", [0, 101])
def test_quality_out_of_range(camera: Camera, driver: FakeCamera, quality: int) -> None:
    changed = camera.change(jpeg_quality=quality)
    driver.trigger()
    with pytest.raises(InvalidRequest, match="jpeg_quality must be 1 to 100"):
        changed.result(PATIENCE_S)


def test_refused_setting_changes_nothing_and_the_stream_goes_on(
    camera: Camera, driver: FakeCamera, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(settings: object) -> None:
        raise InvalidRequest("too long")

    monkeypatch.setattr(driver, "apply", refuse)
    changed = camera.change(exposure_us=40_000)
    driver.trigger(3)
    with pytest.raises(InvalidRequest, match="too long"):
        changed.result(PATIENCE_S)
    assert camera.state.settings.exposure_us == 10_000
    assert camera.state.status is Status.READY


def test_still_has_the_stage_position(camera: Camera, driver: FakeCamera) -> None:
    still = camera.still()
    driver.trigger(1)
    image = still.result(PATIENCE_S)
    assert image.rgb.shape == (48, 64, 3)
    assert image.position == Position(1, 2, 3)


def test_silent_camera_is_a_fault_and_comes_back(
    camera: Camera, driver: FakeCamera, frames: list[Frame], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hw.worker.REOPEN_S", 0.02)
    camera.watch(FULL)
    driver.trigger(1)
    wait_until(lambda: frames)
    faults: list[str] = []
    camera.failed.connect(faults.append)
    driver.silent = True
    driver.trigger(1)
    wait_until(lambda: faults)
    assert faults[0] == "no picture came"
    driver.silent = False
    wait_until(lambda: camera.state.status is Status.READY)
    seen = len(frames)
    driver.trigger(1)
    wait_until(lambda: len(frames) > seen)
    assert frames[-1].frame_id > frames[0].frame_id


def test_broken_camera_fails_a_still(camera: Camera, driver: FakeCamera) -> None:
    still = camera.still()
    driver.broken = True
    driver.trigger(1)
    with pytest.raises(DeviceError, match="smoke"):
        still.result(PATIENCE_S)
    driver.broken = False


def test_device_and_signals_belong_to_the_camera_thread(camera: Camera, driver: FakeCamera) -> None:
    names: list[str] = []
    camera.frame_ready.connect(lambda _: names.append(threading.current_thread().name))
    camera.watch(FULL)
    driver.trigger(3)
    wait_until(lambda: len(names) == 3)
    assert set(names) == {"camera"}
    assert len(driver.touched_by) == 1
    assert threading.get_ident() not in driver.touched_by


@pytest.mark.parametrize(("asked_us", "set_us"), [(10_000, 10_000), (1, 100), (900_000, 50_000)])
def test_first_settings_are_the_nearest_that_the_camera_allows(driver: FakeCamera, asked_us: int, set_us: int) -> None:
    camera = Camera(driver, lambda: None, CameraSettings(exposure_us=asked_us, gain=0.5))
    camera.start()
    wait_until(lambda: camera.state.status is Status.READY)
    camera.close()
    driver.trigger()
    assert camera.join(PATIENCE_S)
    assert driver.settings.exposure_us == set_us
    assert driver.settings.gain == 0.5  # this camera has no such control
