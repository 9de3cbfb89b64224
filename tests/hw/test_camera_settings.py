"""What hw.camera makes of settings: kept, locked, balanced, refused; and of a camera that hangs."""

import errno
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hw.camera import Camera
from hw.camera_file import CameraFile
from hw.errors import DeviceStopped, InvalidRequest, NotStored
from hw.types import CameraSettings, Planes, Range, Shot, Status, Zoom
from tests.conftest import PATIENCE_S, wait_until
from tests.hw.fakes import FakeCamera

DEFAULTS = CameraSettings(auto_exposure=True, auto_white_balance=True)


class Microscope(FakeCamera):
    """A camera that has everything, on a blank field of a colour, with pictures that come by themselves.

    Its sensor rounds exposures down to lines of 19 us. What is automatic ends elsewhere than it is set.
    """

    field = (1.4, 1.0, 0.6)
    """The light's red, green and blue."""

    def __init__(self) -> None:
        super().__init__()
        self.info = replace(
            self.info,
            gain=Range(1, 16),
            auto_exposure=True,
            colour_gains=Range(0.2, 8),
            auto_white_balance=True,
            fps=Range(1, 60),
            zoom=Range(0.1, 1),
            lens_dioptres=Range(0, 10),
            autofocus=True,
        )
        self.applied: list[CameraSettings] = []
        self.blocked = threading.Event()
        self.blocks = False

    def shot(self) -> Shot:
        settings = self.settings
        found = (7777, 3.0) if settings.auto_exposure else (settings.exposure_us // 19 * 19, settings.gain)
        gains = (1.7, 2.1) if settings.auto_white_balance else (settings.red_gain, settings.blue_gain)
        return Shot(1000.0 + self.count / 25, time.monotonic(), *found, *gains, settings.zoom, settings.lens_dioptres)

    def frame(self, timeout_s: float) -> AbstractContextManager[Planes]:  # type: ignore[override]
        if self.blocks:
            assert self.blocked.wait(PATIENCE_S)
        self.trigger()
        return super().frame(timeout_s)

    def apply(self, settings: CameraSettings) -> CameraSettings:
        super().apply(settings)
        self.applied.append(settings)
        shot = self.shot()
        assert shot.exposure_us is not None
        return settings if settings.auto_exposure else replace(settings, exposure_us=shot.exposure_us)

    def picture(self) -> Planes:
        red, green, blue = self.field
        light = np.array([red * self.settings.red_gain, green, blue * self.settings.blue_gain]) * 0.4
        r, g, b = 255 * light.clip(0, 1) ** (1 / 2.2)
        y = 0.299 * r + 0.587 * g + 0.114 * b
        planes = [np.full(shape, round(value), np.uint8) for shape, value in (
            ((16, 32), y), ((8, 16), 128 + (b - y) / 1.772), ((8, 16), 128 + (r - y) / 1.402),
        )]  # fmt: skip
        return Planes(planes[0], planes[1], planes[2], self.shot())


@pytest.fixture
def driver() -> Microscope:
    return Microscope()


StartCamera = Callable[[], Camera]


@pytest.fixture
def start(driver: Microscope, tmp_path: Path) -> Iterator[StartCamera]:
    """Starts a camera thread on the driver; what it keeps lies in ``tmp_path``."""
    started = []

    def start() -> Camera:
        camera = Camera(driver, lambda: None, DEFAULTS, CameraFile(tmp_path))
        started.append(camera)
        camera.start()
        wait_until(lambda: camera.captured)
        return camera

    yield start
    driver.blocked.set()
    for camera in started:
        stop(camera)


def stop(camera: Camera) -> None:
    camera.close()
    assert camera.join(PATIENCE_S)


def test_settings_survive_a_restart_and_reset_forgets_them(start: StartCamera, driver: Microscope) -> None:
    camera = start()
    assert camera.state.settings == DEFAULTS
    change = {"auto_exposure": False, "exposure_us": 5000, "gain": 2.0, "zoom": Zoom(0.1, 0.1, 0.5), "jpeg_quality": 70}
    camera.change(**change).result(PATIENCE_S)
    stop(camera)

    camera = start()
    assert driver.settings == replace(DEFAULTS, **change)  # type: ignore[arg-type]
    assert camera.reset().result(PATIENCE_S).settings == DEFAULTS
    stop(camera)

    assert start().state.settings == DEFAULTS


def test_reset_is_as_near_to_the_defaults_as_the_camera_allows(start: StartCamera, driver: Microscope) -> None:
    driver.info = replace(driver.info, gain=Range(1.25, 16), auto_white_balance=False)
    camera = start()
    assert driver.settings.gain == 1.25
    camera.change(auto_exposure=False, gain=8.0).result(PATIENCE_S)
    camera.reset().result(PATIENCE_S)
    assert (driver.settings.gain, driver.settings.auto_exposure) == (1.25, True)
    assert driver.settings.auto_white_balance is False
    camera.autofocus().result(PATIENCE_S)
    assert driver.settings.gain == 1.25


def test_settings_are_stored_while_it_runs(start: StartCamera, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hw.camera._STORE_S", 0.0)
    start().change(jpeg_quality=33).result(PATIENCE_S)
    wait_until(lambda: CameraFile(tmp_path).load("fake"))
    assert CameraFile(tmp_path).load("fake") == replace(DEFAULTS, jpeg_quality=33)


def test_settings_that_the_disk_does_not_take_are_in_force_and_said_and_tried_again(
    start: StartCamera,
    driver: Microscope,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("hw.camera._STORE_S", 0.0)
    camera = start()
    with monkeypatch.context() as full:
        full.setattr("hw.camera_file.write_whole", no_space)
        camera.change(jpeg_quality=33).result(PATIENCE_S)
        wait_until(lambda: "could not be stored" in caplog.text)  # by the camera itself, which goes on
        with pytest.raises(NotStored):
            camera.keep()
        assert (camera.state.status, driver.settings.jpeg_quality) == (Status.READY, 33)
    camera.keep()
    assert CameraFile(tmp_path).load("fake") == replace(DEFAULTS, jpeg_quality=33)


def no_space(path: Path, data: bytes) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_stored_settings_are_held_within_what_the_camera_allows(
    start: StartCamera, driver: Microscope, tmp_path: Path
) -> None:
    CameraFile(tmp_path).store("fake", CameraSettings(exposure_us=1, gain=99, fps=500, zoom=Zoom(0.9, -1, 0.5)))
    start()
    assert driver.settings == CameraSettings(exposure_us=100, gain=16, fps=60, zoom=Zoom(0.5, 0.0, 0.5))


def test_an_exposure_that_the_sensor_rounds_does_not_creep(start: StartCamera, driver: Microscope) -> None:
    camera = start()
    told = camera.change(auto_exposure=False, exposure_us=5000).result(PATIENCE_S).settings
    assert told.exposure_us == 4997
    for quality in range(50, 60):
        assert camera.change(jpeg_quality=quality).result(PATIENCE_S).settings.exposure_us == 4997
    assert driver.settings.exposure_us == 5000


def test_an_automatic_that_is_switched_off_leaves_what_it_found(start: StartCamera, driver: Microscope) -> None:
    camera = start()
    camera.change(auto_exposure=False).result(PATIENCE_S)
    assert (driver.settings.exposure_us, driver.settings.gain) == (7777, 3.0)
    camera.change(auto_white_balance=False, blue_gain=1.5).result(PATIENCE_S)
    assert (driver.settings.red_gain, driver.settings.blue_gain) == (1.7, 1.5)


@pytest.mark.parametrize("name", ["exposure_us", "gain", "red_gain", "blue_gain"])
def test_a_value_by_hand_is_refused_while_it_is_automatic(start: StartCamera, name: str) -> None:
    automatic = "auto_exposure" if name in ("exposure_us", "gain") else "auto_white_balance"
    with pytest.raises(InvalidRequest, match=f"{name} cannot be set while {automatic} is on"):
        start().change(**{name: 2}).result(PATIENCE_S)


@pytest.mark.parametrize(
    ("name", "value", "lacks"),
    [
        ("gain", 2.0, "gain control"),
        ("red_gain", 2.0, "white balance"),
        ("auto_white_balance", True, "automatic white balance"),
        ("fps", 10.0, "choice of frame rate"),
        ("zoom", Zoom(0, 0, 0.5), "digital zoom"),
        ("lens_dioptres", 2.0, "lens that can be focused"),
    ],
)
def test_what_the_camera_lacks_is_said(
    start: StartCamera, driver: Microscope, name: str, value: object, lacks: str
) -> None:
    driver.info = FakeCamera().info
    camera = start()
    with pytest.raises(InvalidRequest, match=f"{name} cannot be set: this camera has no {lacks}"):
        camera.change(**{name: value}).result(PATIENCE_S)
    for call, what in ((camera.white_balance, "no white balance"), (camera.autofocus, "no lens")):
        with pytest.raises(InvalidRequest, match=what):
            call().result(PATIENCE_S)
    with pytest.raises(InvalidRequest, match="gives no raw pictures") as refused:
        camera.still(raw=True).result(PATIENCE_S)
    assert refused.value.extra == {"allowed": ["jpeg", "png", "tiff"]}


def test_one_tap_white_balance_makes_the_field_grey_and_stays(start: StartCamera, driver: Microscope) -> None:
    camera = start()
    settings = camera.white_balance().result(PATIENCE_S).settings
    assert not settings.auto_white_balance
    assert settings.red_gain * driver.field[0] == pytest.approx(1, abs=0.03)
    assert settings.blue_gain * driver.field[2] == pytest.approx(1, abs=0.03)
    assert camera.state.settings == settings
    assert settings.auto_exposure


@pytest.mark.parametrize(
    ("field", "told"),
    [((0.001, 0.001, 0.001), "too dark"), ((9, 9, 9), "too bright"), ((0.06, 2.2, 0.06), "no gains make this field")],
)
def test_white_balance_of_a_field_that_is_none_changes_nothing(
    start: StartCamera, driver: Microscope, field: tuple[float, float, float], told: str
) -> None:
    driver.field = field
    camera = start()
    with pytest.raises(InvalidRequest, match=told):
        camera.white_balance().result(PATIENCE_S)
    assert driver.settings == camera.state.settings == DEFAULTS


def test_autofocus_is_kept(start: StartCamera, driver: Microscope, tmp_path: Path) -> None:
    camera = start()
    assert camera.autofocus().result(PATIENCE_S).settings.lens_dioptres == 2.5
    assert driver.settings.lens_dioptres == 2.5
    stop(camera)
    assert CameraFile(tmp_path).load("fake") == replace(DEFAULTS, lens_dioptres=2.5)


def test_a_still_is_begun_after_it_is_asked_for(start: StartCamera, driver: Microscope) -> None:
    camera = start()
    before = time.monotonic()
    camera.still().result(PATIENCE_S)
    assert before <= driver.asked_stills[0][0] <= time.monotonic()


def test_a_thread_inside_its_driver_for_too_long_is_stuck(
    start: StartCamera, driver: Microscope, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Camera, "patience_s", 0.2)
    camera = start()
    driver.blocks = True
    wait_until(lambda: camera.stuck)
    monkeypatch.setattr(Camera, "patience_s", PATIENCE_S)
    driver.blocks = False
    driver.blocked.set()
    seen = camera.captured
    wait_until(lambda: camera.captured > seen)
    assert not camera.stuck


def test_a_camera_that_hangs_at_each_reopening_ends_the_thread_for_the_process_to_end(
    start: StartCamera, driver: Microscope, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hw.worker.REOPEN_S", 0.01)
    camera = start()
    died: list[str] = []
    camera.died.connect(died.append)
    driver.silent = True
    wait_until(lambda: not camera.alive)
    assert died == ["camera"]
    assert driver.opened == 3
    assert camera.state.status is Status.FAULT
    with pytest.raises(DeviceStopped):
        camera.change(jpeg_quality=5)


def test_a_camera_that_never_gave_a_picture_is_tried_for_ever(
    driver: Microscope, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process that is started afresh has a page and a stage, and no reason to end again."""
    monkeypatch.setattr("hw.worker.REOPEN_S", 0.01)
    driver.silent = True
    camera = Camera(driver, lambda: None, DEFAULTS)
    camera.start()
    wait_until(lambda: driver.opened > 6)
    driver.silent = False
    wait_until(lambda: camera.captured)
    stop(camera)
