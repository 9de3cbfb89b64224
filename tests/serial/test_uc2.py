"""hw.drivers.serial.uc2"""

import json
from pathlib import Path

import pytest

from hw.drivers.serial.uc2 import Uc2Board
from hw.errors import DeviceError
from hw.position import PositionFile
from hw.stage import Stage
from hw.types import Ending, Status
from tests.conftest import PATIENCE_S, wait_until
from tests.serial.boards import FarUc2
from tests.serial.rigs import FAST, GENTLE, Rig, uc2_config


def far(rig: Rig) -> FarUc2:
    assert isinstance(rig.board, FarUc2)
    return rig.board


def test_targets_are_absolute_and_at_the_pace_of_each_axis(uc2: Rig) -> None:
    uc2.line({"x": 30})
    far(uc2).heard.clear()
    uc2.line({"x": 100, "y": 50}, FAST)
    move = next(json.loads(line) for line in far(uc2).heard if "speed" in line)
    told = [
        {key: stepper[key] for key in ("stepperid", "position", "speed", "acceleration", "isabs")}
        for stepper in move["motor"]["steppers"]
    ]
    assert told == [
        {"stepperid": 1, "position": 130, "speed": 2000, "acceleration": 8000, "isabs": 1},
        {"stepperid": 2, "position": -50, "speed": 1000, "acceleration": 4000, "isabs": 1},
    ]


def test_a_halt_of_a_fast_axis_goes_down_its_ramp(uc2: Rig) -> None:
    uc2.motors.begin_line({"x": 4000, "y": -800}, FAST)
    before = uc2.progress_until(500).made["x"]
    uc2.motors.halt()
    uc2.motors.halt()
    progress = uc2.ended()
    uc2.assert_true(progress, Ending.HALTED)
    assert not progress.abrupt
    assert before + 150 < progress.made["x"] < 3500, "from 2000 steps/s it takes 250 steps"


def test_an_emergency_stop_cuts_a_halt_short(uc2: Rig) -> None:
    uc2.motors.begin_line({"x": 4500}, FAST.__class__(200, 2000, 1000))
    uc2.progress_until(1500)
    uc2.motors.halt()
    uc2.motors.progress(0.0)
    uc2.motors.halt(at_once=True)
    progress = uc2.ended()
    uc2.assert_true(progress, Ending.HALTED)
    assert progress.abrupt


def test_answers_may_lack_their_qid(uc2: Rig) -> None:
    far(uc2).has_qids = False
    assert uc2.motors.at_switch("x") is False
    assert uc2.line({"x": 25, "z": -5}).made == {"x": 25, "z": -5}


def test_a_refused_request_is_told(uc2: Rig) -> None:
    far(uc2).spoil = [lambda answer: b'++\n{"qid":-1,"success":-1}\n--\n'] * 5
    with pytest.raises(DeviceError, match=r"refuses /motor_get: .*-1"):
        uc2.line({"x": 10})


def test_the_switch_is_an_input(uc2: Rig) -> None:
    assert uc2.motors.at_switch("x") is False
    far(uc2).inputs[1] = 1
    assert uc2.motors.at_switch("x") is True
    assert uc2.motors.at_switch("y") is None


def test_a_pressed_switch_ends_a_motion_towards_it(uc2: Rig) -> None:
    far(uc2).switch = lambda at: at["x"] <= -200
    uc2.motors.begin_line({"x": -3000}, GENTLE)
    progress = uc2.ended()
    uc2.assert_true(progress, Ending.SWITCH)
    assert -2000 < progress.made["x"] <= -200
    assert uc2.line({"x": -10}).made == {"x": 0}, "and it does not go on"
    assert uc2.line({"x": 400}).ending is Ending.DONE
    assert uc2.line({"y": -20}).ending is Ending.DONE


def test_a_jog_with_an_axis_at_its_switch_can_be_halted(uc2: Rig) -> None:
    far(uc2).inputs[1] = 1
    uc2.motors.begin_jog({"x": -50, "y": 4000}, {"x": FAST, "y": FAST})
    uc2.progress_until(500, "y")
    uc2.motors.halt()
    progress = uc2.ended()
    uc2.assert_true(progress, Ending.HALTED)
    assert progress.made["x"] == 0
    assert progress.made["y"] < 3500


def test_a_switch_that_is_pressed_on_the_ramp_of_a_halt_ends_it(uc2: Rig) -> None:
    uc2.motors.begin_line({"x": -4500}, FAST.__class__(200, 2000, 1000))
    uc2.progress_until(1500)
    uc2.motors.halt()
    assert uc2.motors.progress(0.0).ending is None
    far(uc2).inputs[1] = 1
    progress = uc2.ended()
    assert progress.made["x"] == uc2.travelled()["x"]
    assert progress.abrupt


def test_a_line_goes_until_a_switch_reads_so(uc2: Rig) -> None:
    far(uc2).switch = lambda at: at["x"] <= -100
    uc2.motors.begin_line({"x": -3000}, GENTLE, until={"x": True})
    progress = uc2.ended()
    uc2.assert_true(progress)
    assert -2000 < progress.made["x"] <= -100
    uc2.motors.begin_line({"x": 3000}, GENTLE, until={"x": False})
    assert uc2.ended().ending is Ending.DONE
    assert -100 < uc2.travelled()["x"] < 1500
    uc2.motors.begin_line({"x": 3000}, GENTLE, until={"x": False})
    assert uc2.ended().made == {"x": 0}, "it does already"


def test_the_stage_homes_it(tmp_path: Path) -> None:
    board = FarUc2(tmp_path)
    board.switch = lambda at: at["x"] <= -300
    config = uc2_config(board)
    stage = Stage(Uc2Board(config), config.axes, PositionFile(tmp_path / "position.json"))
    stage.start()
    try:
        wait_until(lambda: stage.state.status is Status.READY)
        stage.home().result(PATIENCE_S)
        assert stage.position.x_um == -5000
        assert -300 < board.counters()["x"] < -250
        assert stage.move({"x": -4900}).result(PATIENCE_S).x_um == -4900
    finally:
        stage.close()
        assert stage.join(PATIENCE_S)
        board.unplug()
