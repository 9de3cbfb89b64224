"""hw.drivers.serial.sangaboard"""

import pytest

from hw.config import SangaboardAxis
from hw.errors import DeviceError
from hw.types import Ending
from tests.serial.boards import FarSangaboard
from tests.serial.rigs import AXIS, FAST, GENTLE, Rig


def far(rig: Rig) -> FarSangaboard:
    assert isinstance(rig.board, FarSangaboard)
    return rig.board


def test_moves_do_not_block_and_nothing_moves_at_first(sangaboard: Rig) -> None:
    assert not far(sangaboard).blocking
    assert not any("mr" in line for line in far(sangaboard).heard)


@pytest.mark.parametrize("version", ["Sangaboard Firmware v0.5", "OpenFlexure Motor Board v0.3"])
def test_a_firmware_that_cannot_be_stopped_is_refused(sangaboard: Rig, version: str) -> None:
    sangaboard.motors.close()
    far(sangaboard).version = version
    with pytest.raises(DeviceError, match=rf"{version} on .* cannot be stopped in motion: install firmware v1"):
        sangaboard.motors.open()


def test_something_else_is_told_by_what_it_says(sangaboard: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hw.drivers.serial.sangaboard._START_S", 0.3)
    sangaboard.motors.close()
    far(sangaboard).version = "Marlin 2.1"
    with pytest.raises(DeviceError, match=r"is no Sangaboard: it says 'Marlin 2\.1'"):
        sangaboard.motors.open()


def test_it_has_no_switches(sangaboard: Rig) -> None:
    assert sangaboard.motors.at_switch("x") is None


def test_the_pace_is_set_for_the_fastest_motor_and_no_oftener_than_needed(sangaboard: Rig) -> None:
    board = far(sangaboard)
    board.writes.clear()
    sangaboard.line({"x": 20}, GENTLE)
    assert board.writes == [], "1000 steps/s without a ramp is what it comes with"
    sangaboard.line({"x": 20, "y": 10}, FAST)
    assert board.writes == ["dt 500", "ramp_time 250000"]
    board.writes.clear()
    sangaboard.line({"x": -20}, FAST)
    sangaboard.motors.begin_jog({"x": 10, "y": 20}, {"x": FAST, "y": FAST})
    sangaboard.ended()
    assert board.writes == []
    sangaboard.line({"x": 20}, GENTLE)
    assert board.writes == ["dt 1000", "ramp_time 0"]


def test_no_axis_of_a_jog_is_faster_than_its_own_pace(sangaboard: Rig) -> None:
    sangaboard.motors.begin_jog({"x": 40, "y": 10}, {"x": FAST, "y": GENTLE})
    sangaboard.ended()
    assert far(sangaboard).delay_us == 500, "x makes 2000 steps/s, y a quarter of that"
    sangaboard.motors.begin_jog({"x": 40, "y": 40}, {"x": FAST, "y": GENTLE})
    sangaboard.ended()
    assert far(sangaboard).delay_us == 1000


def test_a_halt_of_a_fast_motion_has_no_ramp_and_says_so(sangaboard: Rig) -> None:
    sangaboard.motors.begin_line({"x": 4000}, FAST)
    sangaboard.progress_until(500)
    sangaboard.motors.halt()
    progress = sangaboard.ended()
    sangaboard.assert_true(progress, Ending.HALTED)
    assert progress.abrupt


def test_a_halt_before_it_got_fast_is_not_abrupt(sangaboard: Rig) -> None:
    pace = FAST.__class__(start_steps_per_s=200, top_steps_per_s=400, acceleration_steps_per_s2=50)
    sangaboard.motors.begin_line({"x": 4000}, pace)
    sangaboard.progress_until(10)
    sangaboard.motors.halt()
    progress = sangaboard.ended()
    sangaboard.assert_true(progress, Ending.HALTED)
    assert progress.made["x"] < 400
    assert not progress.abrupt


def test_at_rest_the_current_is_taken_off(sangaboard: Rig) -> None:
    sangaboard.line({"x": 10})
    assert not far(sangaboard).released
    sangaboard.motors.release()
    assert far(sangaboard).released


def test_it_is_left_without_current(sangaboard: Rig) -> None:
    sangaboard.line({"x": 10})
    sangaboard.motors.close()
    sangaboard.motors.open()
    assert far(sangaboard).released


def test_an_axis_goes_without_a_ramp_where_none_is_asked_for() -> None:
    assert SangaboardAxis(**AXIS).pace.start_steps_per_s == SangaboardAxis(**AXIS).pace.top_steps_per_s == 1000
    assert SangaboardAxis(**AXIS, start_speed_um_per_s=300).pace.start_steps_per_s == 300
