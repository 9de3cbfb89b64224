"""hw.config"""

from pathlib import Path

import pytest

from hw.config import SIMULATED_RIG, Absent, RigConfig, StepDirStage
from hw.errors import ConfigError
from hw.rig_file import load_rig, parse_rig
from tests.serving import ROOT

GOOD = """
[stage]
driver = "stepdir"

[stage.x]
um_per_step = 0.3
min_um = -1000
max_um = 1000
max_speed_um_per_s = 800
step_pin = 5
dir_pin = 6

[light]
driver = "pwm"
pin = 18
"""


def load(tmp_path: Path, text: str) -> RigConfig:
    path = tmp_path / "microscope.toml"
    path.write_text(text)
    return load_rig(path)


def refusal(tmp_path: Path, text: str) -> str:
    with pytest.raises(ConfigError) as error:
        load(tmp_path, text)
    return str(error.value).replace(str(tmp_path) + "/", "")


def test_devices_that_are_not_named_are_absent(tmp_path: Path) -> None:
    rig = load(tmp_path, GOOD)
    assert isinstance(rig.camera, Absent)
    assert isinstance(rig.stage, StepDirStage)
    assert rig.stage.y is None


def test_empty_file_is_a_rig_without_devices(tmp_path: Path) -> None:
    assert load(tmp_path, "").camera.driver == "absent"


def test_simulated_rig_covers_twenty_millimetres() -> None:
    stage = SIMULATED_RIG.stage
    assert stage.driver == "simulated"
    assert all(axis.max_um - axis.min_um >= 20_000 for axis in (stage.x, stage.y))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            ("step_pin = 5", "step_pn = 5"),
            "microscope.toml:10: stage.x.step_pn: unknown key; allowed are acceleration_um_per_s2,",
        ),
        (("step_pin = 5", "step_pin = 40"), "microscope.toml:10: stage.x.step_pin: Input should be less than or equal"),
        (
            ("step_pin = 5", 'step_pin = "five"'),
            "microscope.toml:10: stage.x.step_pin: Input should be a valid integer",
        ),
        (("dir_pin = 6\n", ""), "microscope.toml:5: stage.x.dir_pin: Field required"),
        (
            ("dir_pin = 6", "dir_pin = 5"),
            "microscope.toml:11: stage.x.dir_pin: GPIO 5 is used already, by stage.x.step_pin",
        ),
        (("pin = 18", "pin = 6"), "microscope.toml:11: stage.x.dir_pin: GPIO 6 is used already, by light.pin"),
        (
            ("max_um = 1000", "max_um = -2000"),
            "microscope.toml:5: stage.x: min_um (-1000) must be below max_um (-2000)",
        ),
        (
            ("max_speed_um_per_s = 800", "max_speed_um_per_s = 9000"),
            "microscope.toml:5: stage.x: max_speed_um_per_s (9000) in steps of um_per_step (0.3) is 30000 steps/s; "
            "on pins at most 10000 are allowed",
        ),
        (('driver = "pwm"', 'driver = "laser"'), "microscope.toml:14: light.driver: must be one of 'simulated', 'pwm'"),
        (
            ('driver = "pwm"', ""),
            "microscope.toml:13: light.driver: must be one of 'simulated', 'pwm', 'pwm-channels', 'absent'",
        ),
        (
            ("[light]", "[lamp]"),
            "microscope.toml:13: lamp: unknown key; allowed are camera, faults, light, optics, stage",
        ),
        (("max_um = 1000", "max_um = nan"), "microscope.toml:8: stage.x.max_um: Input should be a finite number"),
    ],
)
def test_refusals_name_file_line_and_what_is_allowed(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    assert told in refusal(tmp_path, GOOD.replace(*change))


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    told = refusal(tmp_path, GOOD.replace("step_pin = 5", "step_pin = -1").replace("pin = 18", "pin = 99"))
    assert "stage.x.step_pin" in told
    assert "light.pin" in told


def test_every_pin_that_is_used_twice_is_told(tmp_path: Path) -> None:
    told = refusal(tmp_path, GOOD.replace("dir_pin = 6", "dir_pin = 5").replace("pin = 18", "pin = 5"))
    assert told.splitlines() == [
        "microscope.toml:10: stage.x.step_pin: GPIO 5 is used already, by light.pin",
        "microscope.toml:11: stage.x.dir_pin: GPIO 5 is used already, by light.pin",
    ]


def test_mistakes_are_facts_as_well(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        load(tmp_path, GOOD.replace("step_pin = 5", "step_pin = 40"))
    (mistake,) = error.value.mistakes
    assert (mistake.file, mistake.line) == (str(tmp_path / "microscope.toml"), 10)
    assert mistake.text.startswith("stage.x.step_pin: ")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"\n[stage\n", "microscope.toml:2: not valid TOML: "),
        (b"[stage]\n[light]\n[stage]\n", "microscope.toml:3: not valid TOML: "),
        (b'[optics]\n# open\nobjective = """10x\n\n', "microscope.toml:4: not valid TOML: "),
        (b"# 5 \xb5m\n", "microscope.toml:1: not UTF-8 text"),
        (b"[optics]\n# 5 \xb5m\n", "microscope.toml:2: not UTF-8 text"),
    ],
)
def test_what_is_no_toml_is_told_with_its_line(text: bytes, told: str) -> None:
    with pytest.raises(ConfigError) as error:
        parse_rig(text, "microscope.toml")
    assert str(error.value).startswith(told)


def test_a_file_from_a_windows_editor_is_read() -> None:
    text = GOOD.replace("\n", "\r\n")
    assert parse_rig(b"\xef\xbb\xbf" + text.encode(), "microscope.toml") == parse_rig(GOOD.encode(), "")
    with pytest.raises(ConfigError, match=r"microscope\.toml:10: stage\.x\.step_pin"):
        parse_rig(b"\xef\xbb\xbf" + text.replace("step_pin = 5", "step_pin = 40").encode(), "microscope.toml")


CHANNELS = """
[light]
driver = "pwm-channels"

[light.channels.white]
pin = 18
initial = 0.5

[light.channels.deep-red]
pin = 19
name = "Far red"
colour = "#C00010"
"""


def test_a_light_of_several_channels(tmp_path: Path) -> None:
    light = load(tmp_path, CHANNELS).light
    assert light.driver == "pwm-channels"
    assert list(light.channels) == ["white", "deep-red"]
    white, red = light.channels.values()
    assert (white.colour, white.initial, white.name) == ("#ffffff", 0.5, None)
    assert (red.colour, red.initial, red.name) == ("#c00010", 0, "Far red")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("pin = 19", "pin = 18"), "10: light.channels.deep-red.pin: GPIO 18 is used already, by light.channels.white"),
        (("pin = 19", "pin = 91"), "10: light.channels.deep-red.pin: Input should be less than or equal to 27"),
        (("pin = 19\n", ""), "9: light.channels.deep-red.pin: Field required"),
        (("pin = 19", "pni = 19"), "10: light.channels.deep-red.pni: unknown key; allowed are active_high, colour,"),
        (('"#C00010"', '"pink"'), '12: light.channels.deep-red.colour: must be "#rrggbb" or one of white, warm-white,'),
        (("deep-red", '"deep red"'), "9: light.channels.deep red: String should match pattern"),
    ],
)
def test_mistakes_in_channels_name_their_line(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    assert f"microscope.toml:{told}" in refusal(tmp_path, CHANNELS.replace(*change))


def test_a_light_without_a_channel_is_none(tmp_path: Path) -> None:
    told = refusal(tmp_path, '[light]\ndriver = "pwm-channels"\nchannels = {}\n')
    assert told == "microscope.toml:3: light.channels: Dictionary should have at least 1 item after validation, not 0"


def test_the_example_is_a_rig() -> None:
    rig = load_rig(ROOT / "firmware-config" / "microscope.toml")
    assert (rig.camera.driver, rig.stage.driver, rig.light.driver) == ("picamera2", "uln2003", "pwm")


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere.toml: cannot be read: No such file") as error:
        load_rig(tmp_path / "nowhere.toml")
    assert error.value.mistakes[0].line is None


def test_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    # What Docker makes of a file that it shall mount and that is not there.
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        load_rig(tmp_path)
