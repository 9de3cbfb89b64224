"""Lines with noise, boards that restart, fall silent or go away: never a wrong position."""

import random
import re

import pytest

from hw.errors import DeviceError, DeviceTimeout
from tests.conftest import wait_until
from tests.serial.boards import halved, lost, misread, noisy
from tests.serial.rigs import FAST, GENTLE, Rig

_GO = {"FarSangaboard": "mr ", "FarUc2": '"speed"'}


def _started(rig: Rig) -> int:
    """How many moves the board has heard of."""
    return sum(_GO[type(rig.board).__name__] in line for line in rig.board.heard)


@pytest.mark.parametrize("seed", range(2))
def test_noise_never_makes_a_wrong_position(rig: Rig, seed: int) -> None:
    dice = random.Random(seed)

    def wrong_digit(answer: bytes) -> bytes:
        at = dice.choice([at for at, byte in enumerate(answer) if chr(byte).isdigit()] or [0])
        return answer[:at] + str(dice.randrange(10)).encode() + answer[at + 1 :]

    in_a_row = 0

    def maybe(answer: bytes) -> bytes:
        nonlocal in_a_row
        rig.board.spoil.append(maybe)
        in_a_row = in_a_row + 1 if dice.random() < 0.2 and in_a_row < 2 else 0
        return dice.choice([noisy, halved, lost, wrong_digit])(answer) if in_a_row else answer

    rig.board.spoil.append(maybe)
    place = 0
    for steps in (200, -60, 150):
        rig.motors.begin_line({"x": steps}, FAST)
        while not (progress := rig.motors.progress(0.02)).ending:
            assert min(0, steps) - 20 <= progress.made["x"] <= max(0, steps) + 20
        assert progress.made == {"x": steps}
        place += steps
        assert rig.travelled() == {"x": place, "y": 0, "z": 0}


@pytest.mark.parametrize("spoiler", [noisy, halved, lost, misread])
def test_a_spoilt_answer_is_asked_for_again(rig: Rig, spoiler: object) -> None:
    rig.motors.begin_line({"x": 300, "y": 20}, GENTLE)
    rig.progress_until(50)
    rig.board.spoil = [spoiler, spoiler]  # type: ignore[list-item]
    rig.assert_true(rig.ended())
    assert rig.travelled()["x"] == 300


def test_echoes_are_no_answers(rig: Rig) -> None:
    rig.board.echoes = True
    rig.assert_true(rig.line({"x": 150, "z": -20}))
    assert rig.travelled()["x"] == 150


def test_a_move_that_got_lost_is_sent_again(rig: Rig) -> None:
    rig.board.deaf_to = [_GO[type(rig.board).__name__]]
    assert rig.line({"x": 120}).made == {"x": 120}
    assert rig.travelled()["x"] == 120
    assert _started(rig) == 2


def test_a_move_whose_answer_got_lost_is_not_made_twice(rig: Rig) -> None:
    def but_the_move(answer: bytes) -> bytes:
        if _started(rig):
            return lost(answer)
        rig.board.spoil.append(but_the_move)
        return answer

    rig.board.spoil.append(but_the_move)
    assert rig.line({"x": 90}).made == {"x": 90}
    assert rig.travelled()["x"] == 90
    assert rig.board.spoil == []


def test_silence_is_a_timeout(rig: Rig) -> None:
    rig.motors.begin_line({"x": 400}, GENTLE)
    rig.progress_until(50)
    rig.board.silent = True
    with pytest.raises(DeviceTimeout, match="does not answer"):
        rig.ended()
    rig.motors.close()
    rig.board.silent = False
    rig.motors.open()
    assert rig.line({"x": 7}).made == {"x": 7}


@pytest.mark.parametrize("banner", [True, False])
def test_a_board_that_restarts_in_motion_is_a_failure(rig: Rig, banner: bool) -> None:
    rig.motors.begin_line({"x": 1000, "y": -400}, GENTLE)
    rig.progress_until(300)
    rig.board.restart(banner)
    with pytest.raises(DeviceError, match="restarted"):
        rig.ended()
    rig.motors.close()
    rig.motors.open()
    assert rig.line({"x": 7}).made == {"x": 7}


def test_a_board_that_restarts_at_rest_is_a_failure(rig: Rig) -> None:
    rig.line({"x": 100})
    rig.board.restart(banner=False)
    with pytest.raises(DeviceError, match=re.escape("from x 100, y 0, z 0 to x 0, y 0, z 0 at rest")):
        rig.line({"x": 50})


def test_a_board_that_stops_short_is_a_failure(rig: Rig) -> None:
    rig.motors.begin_line({"x": 2000}, GENTLE)
    rig.progress_until(200)
    rig.board.stop()
    with pytest.raises(DeviceError, match=r"stands still at x \d+, y 0, z 0, short of x 2000"):
        rig.ended()


def test_a_board_that_is_unplugged_is_a_failure_and_may_come_back(rig: Rig) -> None:
    rig.motors.begin_line({"x": 3000}, GENTLE)
    rig.progress_until(100)
    rig.board.unplug()
    with pytest.raises(DeviceError, match="unplugged"):
        rig.ended()
    rig.motors.close()
    with pytest.raises(DeviceError, match="cannot be opened"):
        rig.motors.open()
    rig.motors.close()
    rig.board.forget()
    rig.board.plug()
    rig.motors.open()
    assert rig.line({"x": 11}).made == {"x": 11}
    assert rig.travelled()["x"] == 11


def test_a_board_that_starts_when_it_is_opened_is_waited_for(rig: Rig) -> None:
    rig.motors.close()
    rig.board.starts_s = 1.0
    rig.board.restart()
    rig.board.heard.clear()
    rig.motors.open()
    wait_until(lambda: len(rig.board.heard) > 1)
    assert rig.line({"x": 5}).made == {"x": 5}


def test_a_board_that_never_answers_is_told(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    rig.motors.close()
    for driver in ("sangaboard", "uc2"):
        monkeypatch.setattr(f"hw.drivers.serial.{driver}._START_S", 0.5)
    rig.board.silent = True
    with pytest.raises(DeviceTimeout, match=f"no .* answers on {rig.board.path}"):
        rig.motors.open()
