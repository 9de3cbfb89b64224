"""hw.board"""

from pathlib import Path

import pytest

from hw.board import Board, BoardState, Cause

PI_4 = "sys/devices/platform/soc/soc:firmware/get_throttled"
PI_5 = "sys/devices/platform/soc@107c000000/soc@107c000000:firmware/get_throttled"
ALL: tuple[Cause, ...] = ("under-voltage", "frequency-capped", "throttled", "temperature-limit")


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def thermal(zone: int, kind: str, millidegrees: str) -> dict[str, str]:
    folder = f"sys/class/thermal/thermal_zone{zone}"
    return {f"{folder}/type": f"{kind}\n", f"{folder}/temp": f"{millidegrees}\n"}


def hwmon(number: int, name: str, alarm: str) -> dict[str, str]:
    folder = f"sys/class/hwmon/hwmon{number}"
    return {f"{folder}/name": f"{name}\n", f"{folder}/in0_lcrit_alarm": f"{alarm}\n"}


def test_a_machine_that_is_no_raspberry_pi_tells_nothing(tmp_path: Path) -> None:
    write(tmp_path, {**thermal(0, "x86_pkg_temp", "55000"), **hwmon(0, "coretemp", "1")})
    assert Board(tmp_path).read() == BoardState()
    assert not Board(tmp_path).tells


def test_temperature_is_that_of_the_processor(tmp_path: Path) -> None:
    write(tmp_path, thermal(0, "rp1-thermal", "41000") | thermal(1, "cpu-thermal", "51234"))
    board = Board(tmp_path)
    assert board.tells
    assert board.read().temperature_c == 51.234
    write(tmp_path, thermal(1, "cpu-thermal", "-1500"))
    assert board.read().temperature_c == -1.5


@pytest.mark.parametrize("path", [PI_4, PI_5])
@pytest.mark.parametrize(
    ("word", "throttled"),
    [
        ("0", ()),
        ("1", ("under-voltage",)),
        ("2", ("frequency-capped",)),
        ("4", ("throttled",)),
        ("8", ("temperature-limit",)),
        ("50005", ("under-voltage", "throttled")),
        ("50000", ("under-voltage", "throttled")),  # it passed, between two looks of the kernel
        ("80008", ("temperature-limit",)),
        ("f000f", ALL),
        ("fff0", ()),  # bits without a meaning
    ],
)
def test_causes_of_throttling(tmp_path: Path, path: str, word: str, throttled: tuple[Cause, ...]) -> None:
    write(tmp_path, {path: f"{word}\n"})
    assert Board(tmp_path).read() == BoardState(None, ALL, throttled, throttled)


def test_what_has_passed_is_remembered(tmp_path: Path) -> None:
    write(tmp_path, {PI_4: "80008\n"})
    board = Board(tmp_path)
    board.read()
    write(tmp_path, {PI_4: "10001\n"})
    board.read()
    write(tmp_path, {PI_4: "0\n"})
    assert board.read() == BoardState(None, ALL, (), ("under-voltage", "temperature-limit"))


@pytest.mark.parametrize(("alarm", "throttled"), [("0", ()), ("1", ("under-voltage",))])
def test_without_that_file_the_voltage_monitor_speaks(tmp_path: Path, alarm: str, throttled: tuple[Cause, ...]) -> None:
    write(tmp_path, hwmon(0, "cpu_thermal", "1") | hwmon(3, "rpi_volt", alarm))
    assert Board(tmp_path).read() == BoardState(None, ("under-voltage",), throttled, throttled)


def test_what_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, thermal(0, "cpu-thermal", "hot") | {PI_4: "\n"} | hwmon(0, "rpi_volt", "1"))
    board = Board(tmp_path)
    assert board.read() == BoardState(None, ("under-voltage",), ("under-voltage",), ("under-voltage",))
    (tmp_path / "sys/class/thermal/thermal_zone0/temp").unlink()
    (tmp_path / "sys/class/hwmon/hwmon0/in0_lcrit_alarm").unlink()
    assert board.read() == BoardState(None, (), (), ("under-voltage",))


def test_the_machine_of_this_test_can_be_asked() -> None:
    state = Board().read()
    assert state.temperature_c is None or -40 < state.temperature_c < 130
    assert set(state.throttled) <= set(state.causes) <= set(ALL)
