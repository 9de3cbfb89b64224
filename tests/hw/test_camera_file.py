"""hw.camera_file"""

import json
from pathlib import Path

import pytest

from hw.camera_file import CameraFile
from hw.errors import NotStored
from hw.types import CameraSettings, Zoom

SETTINGS = CameraSettings(exposure_us=1234, gain=2.5, red_gain=1.8, zoom=Zoom(0.1, 0.2, 0.5), lens_dioptres=3.5)


def test_settings_come_back_for_their_camera_alone(tmp_path: Path) -> None:
    CameraFile(tmp_path).store("imx219", SETTINGS)
    assert CameraFile(tmp_path).load("imx219") == SETTINGS
    assert CameraFile(tmp_path).load("imx477") is None
    assert [path.name for path in tmp_path.iterdir()] == ["camera-imx219.json"]


def test_a_file_of_an_earlier_version_leaves_the_rest_at_its_defaults(tmp_path: Path) -> None:
    (tmp_path / "camera-imx219.json").write_text('{"gain": 3.5}')
    assert CameraFile(tmp_path).load("imx219") == CameraSettings(gain=3.5)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"gain": "much"}', '{"gain": NaN}', '{"zoom": {"x": 1e999}}', '{"zoom": 1}', "\xff\xfe"]
)
def test_a_broken_file_is_kept_aside_and_named(tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "camera-imx219.json"
    path.write_bytes(text.encode("latin-1"))
    memory = CameraFile(tmp_path)

    assert memory.load("imx219") is None

    assert f"{path} holds no settings of a camera" in caplog.text
    assert (tmp_path / "camera-imx219.json.broken").read_bytes() == text.encode("latin-1")
    assert not path.exists()
    memory.store("imx219", SETTINGS)
    assert memory.load("imx219") == SETTINGS


def test_a_hostile_model_stays_in_the_folder(tmp_path: Path) -> None:
    CameraFile(tmp_path).store("../../etc/x y", SETTINGS)
    assert [path.name for path in tmp_path.iterdir()] == ["camera--etc-x-y.json"]


def test_a_disk_that_takes_no_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotStored, match="could not be stored and will not outlive a restart: No such file"):
        CameraFile(tmp_path / "gone").store("imx219", SETTINGS)


def test_a_power_cut_while_storing_leaves_the_old_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = CameraFile(tmp_path)
    memory.store("imx219", SETTINGS)

    def cut(descriptor: int) -> None:
        raise OSError("power")

    monkeypatch.setattr("os.fsync", cut)
    with pytest.raises(NotStored, match="power"):
        memory.store("imx219", CameraSettings())
    assert json.loads((tmp_path / "camera-imx219.json").read_text())["exposure_us"] == 1234
    assert len(list(tmp_path.iterdir())) == 1
