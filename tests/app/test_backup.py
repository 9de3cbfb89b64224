"""app.backup"""

import io
import json
import zipfile
from pathlib import Path

import pytest

from app.archive import unpack
from app.backup import Backups, FileChange
from app.objectives import ObjectiveFacts
from app.optics import Nosepiece
from app.places import Places, Spot
from hw.config import Optics
from hw.errors import InvalidRequest
from tests.conftest import run_async

LIGHT = '[light]\ndriver = "simulated"\n'
DIM = LIGHT + "initial = 0.1\n"
HERE = {"x_um": 10.0, "y_um": 0.0, "z_um": 0.0, "moving": False}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with one of each."""
    folder = tmp_path / "data"
    files = {
        "microscope.toml": LIGHT,
        "camera.json": '{"gain": 2}',
        "calibration/10x.json": '{"um_per_px": 0.25}',
        "position.json": json.dumps(HERE),
        "images/20260101-000000-000-abcdef.jpg": "a picture",
        "benchmarks/run.json": "{}",
        "backups/before-20260101-000000.zip": "an earlier one",
        "server.log": "said",
        ".position.json.x8": "half written",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def backups_of(folder: Path) -> Backups:
    return Backups(folder, folder / "microscope.toml")


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def fresh(tmp_path: Path) -> Path:
    """The data folder of another card."""
    folder = tmp_path / "fresh"
    (folder / "images").mkdir(parents=True)
    return folder


def test_a_backup_holds_all_but_pictures_measurements_backups_and_logs(data: Path) -> None:
    archive = unpack(backups_of(data).make())
    assert {name: content.decode() for name, content in archive.contents.items()} == {
        "microscope.toml": LIGHT,
        "camera.json": '{"gain": 2}',
        "calibration/10x.json": '{"um_per_px": 0.25}',
        "position.json": json.dumps(HERE),
    }


def test_the_rig_file_is_the_one_in_use_wherever_it_is(data: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "boot.toml"
    elsewhere.write_text(DIM)
    assert unpack(Backups(data, elsewhere).make()).contents["microscope.toml"] == DIM.encode()


def test_a_microscope_without_anything_has_an_empty_backup(tmp_path: Path) -> None:
    assert unpack(backups_of(fresh(tmp_path)).make()).contents == {}


def test_objectives_and_places_come_back(data: Path, tmp_path: Path) -> None:
    def nosepiece(folder: Path) -> Nosepiece:
        return Nosepiece(folder, Optics(), None, lambda: None, None)

    async def tell() -> None:
        await nosepiece(data).add(ObjectiveFacts(name="40x", magnification=40, um_per_px=0.05))
        await Places(data).add("Gland", Spot(x_um=30))

    run_async(tell())
    other = backups_of(fresh(tmp_path))
    other.accept(backups_of(data).make())
    other.carry_out()
    folder = tmp_path / "fresh"
    assert nosepiece(folder).state == nosepiece(data).state
    assert Places(folder).all == Places(data).all != ()


def test_another_card_becomes_the_same_microscope(data: Path, tmp_path: Path) -> None:
    other = fresh(tmp_path)
    restore = backups_of(other).accept(backups_of(data).make())
    assert restore.restart_needed
    assert {file.change for file in restore.files} == {"new"}
    assert set(snapshot(other)) == {"backups/to-restore.zip"}  # until it is started anew
    backups_of(other).carry_out()
    kept = unpack(backups_of(data).make()).contents
    after = snapshot(other)
    assert after.pop(str(restore.kept_aside))
    # Where that stage stands, nobody knows.
    assert json.loads(after.pop("position.json")) == {**HERE, "moving": True}
    assert after == {name: content for name, content in kept.items() if name != "position.json"}


def test_what_is_replaced_is_kept_and_can_be_restored_itself(data: Path) -> None:
    backups = backups_of(data)
    earlier = backups.make()
    (data / "microscope.toml").write_text(DIM)
    (data / "camera.json").write_text('{"gain": 4}')
    (data / "calibration" / "40x.json").write_text("{}")
    later = {**HERE, "x_um": 77.0}
    (data / "position.json").write_text(json.dumps(later))
    before = snapshot(data)

    restore = backups.accept(earlier)
    assert {(file.name, file.change) for file in restore.files} == {
        ("microscope.toml", "changed"),
        ("camera.json", "changed"),
        ("calibration/10x.json", "same"),
        ("position.json", "kept"),
    }
    backups.carry_out()
    assert (data / "microscope.toml").read_text() == LIGHT
    assert (data / "camera.json").read_text() == '{"gain": 2}'
    # What the backup does not know stays, and the stage knows best where it stands.
    assert (data / "calibration" / "40x.json").exists()
    assert json.loads((data / "position.json").read_text()) == later

    assert restore.kept_aside is not None
    backups.accept((data / restore.kept_aside).read_bytes())
    backups.carry_out()
    after = snapshot(data)
    assert {name: content for name, content in after.items() if not name.startswith("backups/")} == {
        name: content for name, content in before.items() if not name.startswith("backups/")
    }


def test_a_start_without_a_restore_does_nothing(data: Path) -> None:
    before = snapshot(data)
    backups_of(data).carry_out()
    assert snapshot(data) == before


def test_what_is_as_in_the_backup_needs_no_restart(data: Path) -> None:
    before = snapshot(data)
    restore = backups_of(data).accept(backups_of(data).make())
    assert not restore.restart_needed
    assert restore.kept_aside is None
    assert FileChange("camera.json", "same") in restore.files
    assert snapshot(data) == before


def test_a_restore_that_was_cut_off_is_carried_on(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backups = backups_of(data)
    earlier = backups.make()
    (data / "microscope.toml").write_text(DIM)
    (data / "camera.json").write_text('{"gain": 4}')
    restore = backups.accept(earlier)

    class PowerCut(BaseException):
        pass

    def cut_off(path: Path, content: bytes) -> None:
        path.write_bytes(content)
        if path.name == "microscope.toml":
            raise PowerCut

    with monkeypatch.context() as patch:
        patch.setattr("app.backup.write_whole", cut_off)
        with pytest.raises(PowerCut):
            backups.carry_out()
    assert (data / "camera.json").read_text() == '{"gain": 4}'
    backups_of(data).carry_out()
    assert (data / "camera.json").read_text() == '{"gain": 2}'
    kept = unpack((data / str(restore.kept_aside)).read_bytes()).contents
    assert kept["microscope.toml"] == DIM.encode()  # and not what was half restored
    assert not (data / "backups" / "to-restore.zip").exists()


def test_a_disk_that_fails_is_said_and_the_next_start_tries_again(
    data: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    backups = backups_of(data)
    earlier = backups.make()
    (data / "camera.json").write_text('{"gain": 4}')
    backups.accept(earlier)

    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("app.backup.write_whole", full)
        backups.carry_out()
    assert "No space left on device" in caplog.text
    assert (data / "camera.json").read_text() == '{"gain": 4}'
    backups.carry_out()
    assert (data / "camera.json").read_text() == '{"gain": 2}'


def test_a_waiting_restore_that_went_bad_is_laid_aside(data: Path, caplog: pytest.LogCaptureFixture) -> None:
    (data / "backups" / "to-restore.zip").write_bytes(b"rot")
    before = snapshot(data)
    backups_of(data).carry_out()
    assert "is not restored: not a backup" in caplog.text
    after = snapshot(data)
    assert after.pop("backups/refused.zip") == before.pop("backups/to-restore.zip")
    assert after == before


def test_a_rig_file_that_would_be_refused_changes_nothing(data: Path, tmp_path: Path) -> None:
    wrong = fresh(tmp_path)
    (wrong / "microscope.toml").write_text('[light]\ndriver = "pwm"\npinn = 18\n')
    (wrong / "camera.json").write_text('{"gain": 8}')
    before = snapshot(data)
    with pytest.raises(InvalidRequest) as error:
        backups_of(data).accept(backups_of(wrong).make())
    assert "the backup's rig file is wrong: microscope.toml:1: light.pin: Field required" in str(error.value)
    assert [mistake.line for mistake in error.value.extra["mistakes"]] == [1, 3]
    assert snapshot(data) == before


def test_a_rig_file_that_cannot_be_replaced_is_said_before_anything_changes(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backups = backups_of(data)
    earlier = backups.make()
    (data / "microscope.toml").write_text(DIM)
    before = snapshot(data)

    def mounted(path: Path, content: bytes) -> None:
        raise OSError(16, "Device or resource busy")

    with monkeypatch.context() as patch:
        patch.setattr("app.backup.write_whole", mounted)
        with pytest.raises(InvalidRequest, match=r"cannot be replaced from here \(Device or resource busy\)"):
            backups.accept(earlier)
    assert snapshot(data) == before


@pytest.mark.parametrize(("there", "named"), [("calibration", "calibration"), ("camera.json/x", "camera.json")])
def test_what_is_in_the_place_of_a_file_is_said(data: Path, tmp_path: Path, there: str, named: str) -> None:
    other = fresh(tmp_path)
    (other / there).parent.mkdir(exist_ok=True)
    (other / there).write_text("{}")
    earlier = backups_of(other).make()
    before = snapshot(data)
    with pytest.raises(InvalidRequest, match=f"{there} cannot be put in the data folder: .*/{named} is in its place"):
        backups_of(data).accept(earlier)
    assert snapshot(data) == before


def test_a_full_disk_is_said_before_anything_changes(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    earlier = backups_of(data).make()
    (data / "camera.json").write_text("{}")
    before = snapshot(data)
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 100}))
    with pytest.raises(OSError, match="too full"):
        backups_of(data).accept(earlier)
    assert snapshot(data) == before


def test_a_zip_of_something_else_is_refused(data: Path) -> None:
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("holiday.jpg", b"...")
    before = snapshot(data)
    with pytest.raises(InvalidRequest, match=r"has no manifest\.json"):
        backups_of(data).accept(other.getvalue())
    assert snapshot(data) == before
