"""hw.worker, seen through the light: the simplest of its kinds."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from hw.drivers.absent import AbsentCamera, AbsentLamp, AbsentMotors
from hw.errors import DeviceAbsent, DeviceBusy, DeviceError, DeviceStopped, InvalidRequest
from hw.light import Lamp, Light
from hw.protocols import LightDriver
from hw.types import CameraSettings, LightChannel, LightState, Pace, Status
from tests.conftest import PATIENCE_S, wait_until
from tests.hw.fakes import FakeLamp


@pytest.fixture(autouse=True)
def quick_reopening(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hw.worker.REOPEN_S", 0.02)


def started(driver: LightDriver, initial: float = 0.5) -> Light:
    light = Light([Lamp(driver, initial)])
    light.start()
    wait_until(lambda: light.state.status is not Status.STARTING)
    return light


def ended(light: Light) -> None:
    light.close()
    assert light.join(PATIENCE_S)


@pytest.fixture
def lamp() -> FakeLamp:
    return FakeLamp()


@pytest.fixture
def light(lamp: FakeLamp) -> Iterator[Light]:
    light = started(lamp)
    yield light
    ended(light)


def test_lit_when_open_dark_when_closed(lamp: FakeLamp) -> None:
    light = started(lamp, initial=0.25)
    assert (light.state.status, light.state.on, light.state.brightness) == (Status.READY, True, 0.25)
    assert lamp.brightness == 0.25
    ended(light)
    assert lamp.brightness == 0
    assert lamp.closed
    assert light.state.status is Status.STOPPED


def test_request_is_answered_with_the_new_state(light: Light, lamp: FakeLamp) -> None:
    changes: list[LightState] = []
    light.changed.connect(changes.append)
    channel = LightChannel("lamp", "Lamp", "#ffffff", on=True, brightness=0.75)
    lit = LightState(Status.READY, on=True, brightness=0.75, channels=(channel,))
    dark = replace(lit, on=False, channels=(replace(channel, on=False),))
    before = light.state.revision
    assert light.set(True, 0.75).result(PATIENCE_S) == replace(lit, revision=before + 1)
    assert light.set(False, 0.75).result(PATIENCE_S) == replace(dark, revision=before + 2)
    assert lamp.brightness == 0
    assert light.set(True, 0.75).result(PATIENCE_S).brightness == 0.75
    assert lamp.brightness == 0.75
    assert [change.on for change in changes] == [True, False, True]


@pytest.mark.parametrize("brightness", [-0.1, 1.1, float("nan")])
def test_refused_brightness(light: Light, lamp: FakeLamp, brightness: float) -> None:
    with pytest.raises(InvalidRequest, match="from 0 to 1"):
        light.set(True, brightness)
    assert lamp.brightness == 0.5


def test_signals_and_device_belong_to_the_worker_thread(light: Light, lamp: FakeLamp) -> None:
    names: list[str] = []
    light.changed.connect(lambda _: names.append(threading.current_thread().name))
    light.set(True, 1).result(PATIENCE_S)
    assert names == ["light"]
    assert len(lamp.touched_by) == 1
    assert threading.get_ident() not in lamp.touched_by


def test_failure_is_shown_and_the_device_opened_again(light: Light, lamp: FakeLamp) -> None:
    faults: list[str] = []
    light.failed.connect(faults.append)
    lamp.broken = True
    with pytest.raises(DeviceError, match="smoke"):
        light.set(True, 1).result(PATIENCE_S)
    wait_until(lambda: lamp.opened > 3)
    assert light.state.status is Status.FAULT
    assert light.state.fault == "smoke comes out of it"
    assert faults == ["smoke comes out of it"]  # once, not at each reopening
    assert light.alive
    lamp.broken = False
    wait_until(lambda: light.state.status is Status.READY)
    assert light.state.fault is None
    assert lamp.brightness == 0.5  # what was set before is set again


def test_device_that_cannot_even_be_closed_is_opened_again(light: Light, lamp: FakeLamp) -> None:
    def jammed() -> None:
        raise DeviceError("the lines could not be given back")

    lamp.close = jammed  # type: ignore[method-assign]
    lamp.broken = True
    with pytest.raises(DeviceError, match="smoke"):
        light.set(True, 1).result(PATIENCE_S)
    wait_until(lambda: lamp.opened > 2)
    lamp.broken = False
    wait_until(lambda: light.state.status is Status.READY)
    del lamp.close


def test_waiting_requests_are_answered_with_the_fault(light: Light, lamp: FakeLamp) -> None:
    hold, entered = threading.Event(), threading.Event()
    shine = lamp.set_brightness

    def slow(brightness: float) -> None:
        entered.set()
        assert hold.wait(PATIENCE_S)
        lamp.broken = True
        shine(brightness)

    lamp.set_brightness = slow  # type: ignore[method-assign]
    first = light.set(True, 1)
    assert entered.wait(PATIENCE_S)
    waiting = [light.set(True, 1) for _ in range(16)]
    with pytest.raises(DeviceBusy, match="16 requests"):
        light.set(True, 1)
    hold.set()
    for future in [first, *waiting]:
        with pytest.raises(DeviceError, match="smoke"):
            future.result(PATIENCE_S)


def test_shutdown_refuses_what_waits_and_what_comes(lamp: FakeLamp) -> None:
    light = started(lamp)
    hold, entered = threading.Event(), threading.Event()

    def slow(brightness: float) -> None:
        entered.set()
        assert hold.wait(PATIENCE_S)

    lamp.set_brightness = slow  # type: ignore[method-assign]
    first = light.set(True, 1)
    assert entered.wait(PATIENCE_S)
    waiting = light.set(True, 0.1)
    light.close()
    hold.set()
    assert first.result(PATIENCE_S).brightness == 1
    with pytest.raises(DeviceStopped, match="shut down"):
        waiting.result(PATIENCE_S)
    assert light.join(PATIENCE_S)
    with pytest.raises(DeviceStopped, match="shut down"):
        light.set(False, 0)


def test_a_bug_ends_the_thread_and_is_told(lamp: FakeLamp) -> None:
    light = started(lamp)
    died: list[str] = []
    light.died.connect(died.append)

    def bug(brightness: float) -> None:
        raise RuntimeError("no such thing")

    lamp.set_brightness = bug  # type: ignore[method-assign]
    with pytest.raises(RuntimeError):
        light.set(True, 1).result(PATIENCE_S)
    assert light.join(PATIENCE_S)
    assert died == ["light"]
    assert not light.alive
    assert light.state.status is Status.FAULT
    assert lamp.closed
    with pytest.raises((DeviceError, DeviceStopped)):
        light.set(True, 1)


def test_close_does_not_wait_for_a_reopening(lamp: FakeLamp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hw.worker.REOPEN_S", 1000.0)
    lamp.broken = True
    light = started(lamp)
    wait_until(lambda: light.state.status is Status.FAULT)
    ended(light)


def test_absent_device_says_so_and_stays_so() -> None:
    light = started(AbsentLamp())
    wait_until(lambda: light.state.status is Status.ABSENT)
    assert light.state.fault == "this microscope has no lamp; name one in the rig file"
    with pytest.raises(DeviceAbsent, match="no lamp"):
        light.set(True, 1)
    assert light.alive
    ended(light)


def test_absent_drivers_refuse_everything() -> None:
    camera, motors = AbsentCamera(), AbsentMotors()
    for call in (
        lambda: camera.frame(1.0),
        lambda: camera.still(0, raw=False),
        camera.autofocus,
        lambda: camera.apply(CameraSettings()),
        lambda: motors.begin_line({"x": 1}, Pace(1, 1, 1)),
        lambda: motors.begin_jog({"x": 1}, {"x": Pace(1, 1, 1)}),
        lambda: motors.progress(0.0),
    ):
        with pytest.raises(DeviceAbsent):
            call()
    assert motors.at_switch("x") is None
