"""Tuning files and lens-shading tables for both kinds of Raspberry Pi."""

import json
from pathlib import Path
from typing import Any

import pytest

from hw.config import Picamera
from hw.drivers.picamera import driver as driver_module
from hw.drivers.picamera.driver import Picamera2Driver
from hw.drivers.picamera.tuning import PISP, VC4, Tuning, check_shading, flat_table, load_tuning, with_shading
from hw.errors import ConfigError, DeviceError

CELLS = {VC4: 192, PISP: 1024}
TARGET = {VC4: "bcm2835", PISP: "pisp"}


def tuning(board: str, cells: int | None = None) -> Tuning:
    """A small tuning file as libcamera has them."""
    table = [1.5] * (cells or CELLS[board])
    shading: dict[str, Any] = {
        "n_iter": 100,
        "luminance_strength": 0.7,
        "calibrations_Cr": [{"ct": 3000, "table": table}, {"ct": 5000, "table": table}],
        "calibrations_Cb": [{"ct": 3000, "table": table}],
        "luminance_lut": table,
    }
    return {"version": 2.0, "target": TARGET[board], "algorithms": [{"rpi.awb": {"bayes": 1}}, {"rpi.alsc": shading}]}


def write(path: Path, content: Tuning | str) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


@pytest.mark.parametrize("board", [VC4, PISP])
def test_a_flat_table_takes_the_place_of_all_shading(board: str) -> None:
    original = tuning(board)
    flat = flat_table(board)

    changed = with_shading(original, board, flat, flat, flat)

    shading = changed["algorithms"][1]["rpi.alsc"]
    assert shading["luminance_lut"] == shading["calibrations_Cr"][0]["table"] == [1.0] * CELLS[board]
    assert (len(shading["calibrations_Cr"]), shading["n_iter"], shading["luminance_strength"]) == (1, 0, 1.0)
    assert changed["algorithms"][0] == original["algorithms"][0]
    assert original == tuning(board), "the original is left as it was"
    check_shading(changed, board)


def test_a_measured_table_is_taken_as_it_is_also_where_there_was_none() -> None:
    bare = {"version": 2.0, "target": "pisp", "algorithms": [{"rpi.awb": {}}]}
    luminance, red, blue = ([1 + n / 1024 * k for n in range(1024)] for k in (1, 2, 3))

    shading = with_shading(bare, PISP, luminance, red, blue)["algorithms"][1]["rpi.alsc"]

    assert shading["luminance_lut"] == luminance
    assert shading["calibrations_Cr"][0]["table"] == red
    assert shading["calibrations_Cb"][0]["table"] == blue


@pytest.mark.parametrize(("board", "other"), [(VC4, PISP), (PISP, VC4)])
def test_a_table_of_the_other_boards_size_is_refused(board: str, other: str) -> None:
    good, wrong = flat_table(board), flat_table(other)
    with pytest.raises(ConfigError, match=rf"for red: has {CELLS[other]} values; it must have .* = {CELLS[board]} "):
        with_shading(tuning(board), board, good, wrong, good)


@pytest.mark.parametrize("gain", [0.0, -1.0, 100.0, float("nan"), "1"])
def test_a_table_of_what_are_no_gains_is_refused(gain: Any) -> None:
    flat = flat_table(VC4)
    with pytest.raises(ConfigError, match="for blue: every value must be a gain"):
        with_shading(tuning(VC4), VC4, flat, flat, [*flat[1:], gain])


def test_a_file_is_read_as_libcamera_reads_it(tmp_path: Path) -> None:
    text = json.dumps(tuning(VC4)).replace("]}]", ",]},]")
    assert load_tuning(write(tmp_path / "x.json", text), VC4) == tuning(VC4)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "is no tuning file"),
        ("[]", "is no tuning file"),
        ('{"target": "bcm2835"}', "is no tuning file"),
        (tuning(PISP), "made for 'pisp', and this board needs one for 'bcm2835'"),
        (tuning(VC4, 1024), r"luminance_lut: has 1024 values; it must have 16 x 12 = 192"),
    ],
)
def test_a_wrong_file_is_refused_and_named(tmp_path: Path, content: Tuning | str, told: str) -> None:
    path = write(tmp_path / "x.json", content)
    with pytest.raises(ConfigError, match=told) as refused:
        load_tuning(path, VC4)
    assert str(path) in str(refused.value)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Any]:
    """The tunings with which cameras were opened: an imx219 on a Raspberry Pi 5."""
    given: list[Any] = []

    def take(index: int, tuning: Any) -> None:
        given.append(tuning)
        raise DeviceError("enough")

    (tmp_path / PISP).mkdir()
    write(tmp_path / PISP / "imx219.json", tuning(PISP))
    monkeypatch.setattr("hw.drivers.picamera.tuning.FOLDER", tmp_path)
    monkeypatch.setattr(driver_module, "take", take)
    monkeypatch.setattr(driver_module, "model_of", lambda index: "imx219")
    monkeypatch.setattr(driver_module, "is_pisp", lambda: True)
    return given


def open_with(folder: Path, **fields: Any) -> str:
    with pytest.raises(DeviceError) as refused:
        Picamera2Driver(Picamera(driver="picamera2", **fields), folder).open()
    return str(refused.value)


def test_without_a_word_libcamera_chooses_by_sensor_and_board(given: list[Any], tmp_path: Path) -> None:
    open_with(tmp_path)
    assert given == [None]


def test_a_file_of_the_rigs_own_goes_before_libcameras(given: list[Any], tmp_path: Path) -> None:
    open_with(tmp_path, tuning="imx219.json")
    own = write(tmp_path / "imx219.json", tuning(PISP))
    open_with(tmp_path, tuning="imx219.json")
    assert given == [str(tmp_path / PISP / "imx219.json"), str(own)]


def test_flat_shading_is_made_of_the_sensors_own_file_for_the_board(given: list[Any], tmp_path: Path) -> None:
    open_with(tmp_path, flat_shading=True)
    flat = flat_table(PISP)
    assert given == [with_shading(tuning(PISP), PISP, flat, flat, flat)]


def test_a_file_for_the_other_board_is_the_cameras_fault_and_says_why(given: list[Any], tmp_path: Path) -> None:
    write(tmp_path / "mine.json", tuning(VC4))
    assert "mine.json: made for 'bcm2835'" in open_with(tmp_path, tuning="mine.json")
    assert "other.json: there is no such tuning file" in open_with(tmp_path, tuning="other.json")
    assert given == []
