"""The simulated camera: its pace, its pictures of the world, its settings and its faults."""

import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from hw.config import Faults, Optics, SimulatedCamera
from hw.drivers.simulated.camera import SENSOR_HEIGHT, SENSOR_WIDTH, SimulatedCameraDriver
from hw.drivers.simulated.world import World, focus_um
from hw.errors import DeviceError, DeviceTimeout, InvalidRequest, NotFocused
from hw.types import CameraSettings, Planes, Zoom
from hw.white_balance import cast_of
from tests.conftest import PATIENCE_S

CONFIG = SimulatedCamera(driver="simulated", width=320, height=240, fps=100)


@pytest.fixture(scope="module")
def world() -> World:
    """The world of all tests here."""
    return World()


@pytest.fixture(scope="module")
def shared(world: World) -> SimulatedCameraDriver:
    """One camera for all tests here, as its slide takes a while to make."""
    return SimulatedCameraDriver(CONFIG, Optics(), world)


@pytest.fixture
def camera(shared: SimulatedCameraDriver, world: World) -> Iterator[SimulatedCameraDriver]:
    """The camera, open, with default settings, at the origin."""
    shared.open()
    shared.apply(CameraSettings(fps=CONFIG.fps))
    world.x_um = world.y_um = world.z_um = 0.0
    world.light = (0.5, 0.5, 0.5)
    world.faults = Faults()
    yield shared
    shared.close()


def look(camera: SimulatedCameraDriver) -> Planes:
    """The next picture, copied."""
    with camera.frame(PATIENCE_S) as planes:
        return planes


def sharpness(planes: Planes) -> float:
    """Energy of the differences between neighbours."""
    return float(np.mean(np.diff(planes.y.astype(float)) ** 2))


def test_it_tells_what_it_is(camera: SimulatedCameraDriver) -> None:
    info = camera.open()
    assert info.model == "simulated"
    assert info.simulated
    assert (info.stream_width, info.stream_height) == (320, 240)
    assert (info.sensor_width, info.sensor_height) == (SENSOR_WIDTH, SENSOR_HEIGHT)


def test_planes_are_yuv420(camera: SimulatedCameraDriver) -> None:
    planes = look(camera)
    assert planes.y.shape == (240, 320)
    assert planes.u.shape == planes.v.shape == (120, 160)
    assert {plane.dtype for plane in (planes.y, planes.u, planes.v)} == {np.dtype(np.uint8)}
    assert (planes.shot.exposure_us, planes.shot.gain) == (10_000, 1.0)


def test_the_tissue_is_pink_and_violet(camera: SimulatedCameraDriver) -> None:
    planes = look(camera)
    assert planes.u.mean() > 128
    assert planes.v.mean() > 135


def test_pictures_come_at_the_sensors_pace(camera: SimulatedCameraDriver) -> None:
    look(camera)
    start = time.monotonic()
    times = [look(camera).shot.captured_at for _ in range(30)]
    # Never faster, but for one picture that was due already; how much slower is the machine's affair.
    assert time.monotonic() - start >= 28 / CONFIG.fps
    assert times == sorted(times)


def test_a_late_caller_gets_no_burst(camera: SimulatedCameraDriver) -> None:
    look(camera)
    threading.Event().wait(20 / CONFIG.fps)
    start = time.monotonic()
    for _ in range(6):
        look(camera)
    assert time.monotonic() - start >= 4 / CONFIG.fps


def test_a_long_exposure_slows_the_stream(camera: SimulatedCameraDriver) -> None:
    camera.apply(CameraSettings(exposure_us=60_000))
    look(camera)
    start = time.monotonic()
    for _ in range(4):
        look(camera)
    # The first may have been due already, and the second sooner by as much; without the exposure all take 80 ms.
    assert time.monotonic() - start >= 0.115


def test_the_picture_follows_the_stage(camera: SimulatedCameraDriver, world: World) -> None:
    before = look(camera).y.astype(float)
    world.x_um = 20.0
    after = look(camera).y.astype(float)
    assert np.corrcoef(before[:, 80:].ravel(), after[:, :-80].ravel())[0, 1] > 0.95
    assert np.corrcoef(before.ravel(), after.ravel())[0, 1] < 0.7


def test_focus_follows_the_tilted_surface(camera: SimulatedCameraDriver, world: World) -> None:
    world.x_um = 900.0
    best = focus_um(900, 0)
    curve = {}
    for z in np.arange(best - 9, best + 9.1, 1.5):
        world.z_um = float(z)
        curve[float(z)] = sharpness(look(camera))
    assert abs(max(curve, key=lambda z: curve[z]) - best) <= 0.75


def test_a_dark_lamp_gives_a_dark_noisy_picture(camera: SimulatedCameraDriver, world: World) -> None:
    world.light = (0.0, 0.0, 0.0)
    one, other = look(camera), look(camera)
    assert one.y.mean() < 8
    assert (one.y != other.y).any()


@pytest.mark.parametrize("brightness", [0.1, 1.0])
def test_auto_exposure_converges(camera: SimulatedCameraDriver, world: World, brightness: float) -> None:
    world.light = (brightness, brightness, brightness)
    camera.apply(CameraSettings(auto_exposure=True))
    pictures = [look(camera) for _ in range(40)]
    bright = [float(np.percentile(planes.y, 95)) for planes in pictures]
    assert abs(bright[-1] - 225) < 8
    assert bright[-1] == pytest.approx(bright[-5], abs=2)
    # It takes several frames, as it does in a real camera.
    assert len({planes.shot.exposure_us for planes in pictures} | {planes.shot.gain for planes in pictures}) > 4


def test_auto_exposure_keeps_what_it_found(camera: SimulatedCameraDriver, world: World) -> None:
    world.light = (0.1, 0.1, 0.1)
    camera.apply(CameraSettings(auto_exposure=True))
    for _ in range(40):
        look(camera)
    found = camera.apply(CameraSettings(auto_exposure=True, jpeg_quality=60))
    assert found.jpeg_quality == 60
    assert found.exposure_us * found.gain > 20_000
    assert look(camera).shot.exposure_us == found.exposure_us


@pytest.mark.parametrize(
    "wrong",
    [
        CameraSettings(exposure_us=49),
        CameraSettings(exposure_us=200_001),
        CameraSettings(gain=0.9),
        CameraSettings(gain=16.1),
        CameraSettings(exposure_us=20_000, gain=float("nan")),
        CameraSettings(red_gain=9),
        CameraSettings(blue_gain=0.05),
        CameraSettings(fps=121),
        CameraSettings(zoom=Zoom(0, 0, 0.01)),
        CameraSettings(zoom=Zoom(0.6, 0, 0.5)),
        CameraSettings(zoom=Zoom(0, float("nan"), 0.5)),
    ],
)
def test_a_wrong_setting_changes_nothing(camera: SimulatedCameraDriver, wrong: CameraSettings) -> None:
    with pytest.raises(InvalidRequest) as caught:
        camera.apply(wrong)
    assert caught.value.extra.keys() >= {"minimum", "maximum"}
    assert look(camera).shot.exposure_us == 10_000


def test_colour_gains_act_on_the_colour(camera: SimulatedCameraDriver, world: World) -> None:
    world.light = (0.3, 0.3, 0.3)
    plain = cast_of(look(camera))
    camera.apply(CameraSettings(red_gain=1.5, blue_gain=0.5))
    planes = look(camera)
    cast = cast_of(planes)
    # As light goes: the tone curve makes a factor of 1.5 one of 1.2.
    assert cast.red / plain.red == pytest.approx(1.5 ** (1 / 2.2), rel=0.03)
    assert cast.green == pytest.approx(plain.green, rel=0.02)
    assert cast.blue / plain.blue == pytest.approx(0.5 ** (1 / 2.2), rel=0.05)
    assert (planes.shot.red_gain, planes.shot.blue_gain) == (1.5, 0.5)


def test_every_size_of_the_live_picture_shows_the_same_field(camera: SimulatedCameraDriver) -> None:
    def seen() -> Image.Image:
        return Image.fromarray(look(camera).y).resize((40, 30), Image.Resampling.BOX)

    whole = np.asarray(seen(), float)
    for height in (120, 180, 360):
        camera.apply(CameraSettings(fps=CONFIG.fps, stream_height=height))
        assert np.abs(np.asarray(seen(), float) - whole).mean() < 5
    still = camera.still(time.monotonic(), raw=False)
    assert still.rgb.shape == (SENSOR_HEIGHT, SENSOR_WIDTH, 3)
    small = np.asarray(Image.fromarray(still.rgb).convert("L").resize((40, 30), Image.Resampling.BOX), float)
    assert np.abs(small - whole).mean() < 3, "and a still is as ever"


def test_the_lamps_colour_tints_the_picture(camera: SimulatedCameraDriver, world: World) -> None:
    world.light = (0.3, 0.3, 0.3)
    plain = cast_of(look(camera))
    world.light = (0.3, 0.15, 0.06)
    warm = cast_of(look(camera))
    assert warm.red == pytest.approx(plain.red, rel=0.03)
    assert warm.green / plain.green == pytest.approx(0.5 ** (1 / 2.2), rel=0.03)
    assert warm.blue / plain.blue == pytest.approx(0.2 ** (1 / 2.2), rel=0.1)
    world.light = (0.0, 0.0, 0.4)
    blue = look(camera)
    assert np.median(blue.u) > 190, "a blue lamp makes a blue picture"
    assert np.median(blue.v) < 128


def test_automatic_white_balance_goes_for_grey_and_stops_when_it_is_off(camera: SimulatedCameraDriver) -> None:
    def cast() -> float:
        colour = cast_of(look(camera))
        return abs(colour.red - colour.green) + abs(colour.blue - colour.green)

    before = cast()
    camera.apply(CameraSettings(auto_white_balance=True))
    for _ in range(30):
        cast()
    assert cast() < min(6, before / 2)
    found = look(camera).shot
    assert found.red_gain is not None
    assert found.blue_gain is not None
    camera.apply(CameraSettings(red_gain=found.red_gain, blue_gain=found.blue_gain))
    assert {(look(camera).shot.red_gain, look(camera).shot.blue_gain) for _ in range(5)} == {
        (found.red_gain, found.blue_gain)
    }


def test_the_rate_is_the_one_that_is_set(camera: SimulatedCameraDriver) -> None:
    camera.apply(CameraSettings(fps=20))
    look(camera)
    start = time.monotonic()
    look(camera)
    look(camera)
    assert time.monotonic() - start >= 0.055  # one of them may have been due already


def test_zoom_shows_its_region_magnified(camera: SimulatedCameraDriver) -> None:
    whole = look(camera).y.astype(float)
    camera.apply(CameraSettings(zoom=Zoom(0.25, 0.5, 0.5)))
    planes = look(camera)
    assert planes.shot.zoom == Zoom(0.25, 0.5, 0.5)
    assert planes.y.shape == (240, 320)
    small = planes.y.astype(float).reshape(120, 2, 160, 2).mean((1, 3))
    assert np.corrcoef(small.ravel(), whole[120:, 80:240].ravel())[0, 1] > 0.95
    assert np.corrcoef(small.ravel(), whole[:120, 80:240].ravel())[0, 1] < 0.8
    assert camera.still(0, raw=False).shot.zoom == Zoom()


def test_a_stronger_objective_shows_the_middle_of_the_field_larger(camera: SimulatedCameraDriver, world: World) -> None:
    whole = look(camera).y.astype(float)
    world.magnify(2.0)
    try:
        small = look(camera).y.astype(float).reshape(120, 2, 160, 2).mean((1, 3))
    finally:
        world.magnify(1.0)
    assert np.corrcoef(small.ravel(), whole[60:180, 80:240].ravel())[0, 1] > 0.95
    assert np.corrcoef(look(camera).y.ravel(), whole.ravel())[0, 1] > 0.95


def test_a_still_is_taken_through_the_objective_in_place(camera: SimulatedCameraDriver, world: World) -> None:
    world.magnify(0.5)
    try:
        still = Image.fromarray(camera.still(0, raw=False).rgb).convert("L")
    finally:
        world.magnify(1.0)
    # The field of the live picture is then the middle half of the still's width.
    field = still.crop((820, 1232 - 615, 820 + 1640, 1232 + 615)).resize((320, 240), Image.Resampling.BOX)
    assert np.corrcoef(np.asarray(field, dtype=float).ravel(), look(camera).y.ravel())[0, 1] > 0.9


def test_zoom_shows_more_detail_for_as_long_as_the_sensor_has_pixels() -> None:
    camera = SimulatedCameraDriver(CONFIG, Optics(um_per_px=2.0), World())
    camera.open()
    still = np.asarray(Image.fromarray(camera.still(0, raw=False).rgb).convert("L"), dtype=float)

    def finest(size: float) -> float:
        """How much of the still's finest detail there is in the middle: the likeness of the differences."""
        camera.apply(CameraSettings(zoom=Zoom(0.5 - size / 2, 0.5 - size / 2, size)))
        zoomed = look(camera).y.astype(float)
        height, width = (round(side * size) for side in (240 * 3280 / 320, 3280))
        top, left = (2464 - height) // 2, (3280 - width) // 2
        truth = Image.fromarray(still[top : top + height, left : left + width])
        shown = Image.fromarray(zoomed).resize(truth.size, Image.Resampling.BICUBIC)
        change = [
            np.diff(np.asarray(picture, dtype=float)[:, width // 3 : width // 3 * 2]) for picture in (truth, shown)
        ]
        return float(np.corrcoef(change[0].ravel(), change[1].ravel())[0, 1])

    try:
        likeness = [finest(size) for size in (1.0, 0.4, 0.1)]
    finally:
        camera.close()
    assert likeness[0] < likeness[1] < likeness[2]


def test_it_says_that_it_has_no_raw_pictures_and_no_lens(camera: SimulatedCameraDriver) -> None:
    info = camera.open()
    assert info.still_formats == ("jpeg", "png", "tiff")
    assert (info.autofocus, info.lens_dioptres) == (False, None)
    with pytest.raises(InvalidRequest, match="no raw pictures"):
        camera.still(0, raw=True)
    with pytest.raises(NotFocused, match="no lens"):
        camera.autofocus()


def test_a_still_shows_the_streams_field_at_sensor_size(camera: SimulatedCameraDriver) -> None:
    stream = look(camera).y.astype(float)
    still = camera.still(0, raw=False)
    assert still.rgb.shape == (SENSOR_HEIGHT, SENSOR_WIDTH, 3)
    assert still.rgb.dtype == np.uint8
    # The stream is 4:3 within a row of the sensor, so its width is the sensor's.
    grey = still.rgb @ np.array([0.299, 0.587, 0.114])
    rows = (np.arange(240) - 119.5) * (SENSOR_WIDTH / 320) + SENSOR_HEIGHT / 2
    columns = (np.arange(320) + 0.5) * (SENSOR_WIDTH / 320)
    small = grey[np.ix_(rows.astype(int).clip(0, SENSOR_HEIGHT - 1), columns.astype(int))]
    assert np.corrcoef(small.ravel(), stream.ravel())[0, 1] > 0.9


def test_the_stream_goes_on_after_a_still(camera: SimulatedCameraDriver) -> None:
    before = look(camera).shot.captured_at
    still = camera.still(0, raw=False)
    assert before <= still.shot.captured_at <= look(camera).shot.captured_at


def test_a_silent_sensor_runs_into_the_timeout(camera: SimulatedCameraDriver, world: World) -> None:
    world.faults.camera_silent = True
    start = time.monotonic()
    with pytest.raises(DeviceTimeout), camera.frame(0.2):
        pass
    assert time.monotonic() - start >= 0.2
    with pytest.raises(DeviceTimeout):
        camera.still(0, raw=False)
    world.faults.camera_silent = False
    look(camera)


def test_a_picture_that_is_not_due_in_time_is_a_timeout(camera: SimulatedCameraDriver) -> None:
    camera.apply(CameraSettings(exposure_us=200_000))
    look(camera)

    def take_three() -> None:  # one or two may be due at once, when the machine was late
        for _ in range(3):
            with camera.frame(0.01):
                pass

    with pytest.raises(DeviceTimeout):
        take_three()


def test_an_unplugged_camera_fails_everywhere(camera: SimulatedCameraDriver, world: World) -> None:
    world.faults.camera_unplugged = True
    for use in (camera.open, lambda: camera.still(0, raw=False), lambda: look(camera)):
        with pytest.raises(DeviceError, match="unplugged"):
            use()
    world.faults.camera_unplugged = False
    camera.open()
    look(camera)


def test_a_closed_camera_gives_nothing_until_it_is_opened(camera: SimulatedCameraDriver) -> None:
    camera.close()
    camera.close()
    with pytest.raises(DeviceError, match="closed"):
        look(camera)
    with pytest.raises(DeviceError, match="closed"):
        camera.still(0, raw=False)
    camera.open()
    look(camera)


def test_closing_ends_a_waiting_frame(camera: SimulatedCameraDriver, world: World) -> None:
    world.faults.camera_silent = True
    caught: list[Exception] = []

    def wait() -> None:
        try:
            look(camera)
        except DeviceError as error:
            caught.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    camera.close()
    thread.join(PATIENCE_S / 2)
    assert not thread.is_alive()
    assert not isinstance(caught[0], DeviceTimeout)
