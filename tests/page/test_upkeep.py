"""A rig file that is wrong, and backup and restore, as a user meets them."""

import os
import zipfile
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, FilePayload, expect

from tests.conftest import PATIENCE_S, wait_until
from tests.page.visit import Visit, visit
from tests.serving import Served, free_port, serving

_WRONG = """[light]
driver = "pwm"
pinn = 18

[stage]
driver = "laser"
"""
_GOOD = '[light]\ndriver = "simulated"\n'


def _look(eyepiece: Visit, name: str) -> None:
    """Leave a picture for whoever wants to look (``EYEPIECE_SCREENSHOTS``: a folder)."""
    if folder := os.environ.get("EYEPIECE_SCREENSHOTS"):
        (Path(folder) / f"{name}.png").write_bytes(eyepiece.page.screenshot())


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1024, 768)])
def test_mistakes_of_the_rig_file_are_shown_until_it_is_corrected(
    browser: Browser, tmp_path: Path, width: int, height: int
) -> None:
    rig = tmp_path / "microscope.toml"
    rig.write_text(_WRONG)
    view = {"width": width, "height": height}
    with (
        serving(tmp_path, "--log-level", "info", port=free_port()) as served,
        visit(browser, served.url, viewport=view) as eyepiece,
    ):
        card = eyepiece.page.get_by_role("alert", name="The rig file is wrong")
        expect(card).to_contain_text("The rig file is wrong: nothing is driven")
        for line, text in (
            (1, "light.pin: Field required"),
            (3, "light.pinn: unknown key"),
            (6, "stage.driver: must be one of"),
        ):
            expect(card.get_by_role("listitem").filter(has_text=text)).to_contain_text(f"{rig}:{line}")
        again = card.get_by_role("button", name="Restart and read it again")
        for part in (card.get_by_role("heading"), again, eyepiece.button("Stop")):
            expect(part).to_be_in_viewport(ratio=1)
        expect(eyepiece.page.get_by_text("not driven").first).to_be_visible()
        for name in ("Right", "Home"):
            expect(eyepiece.button(name)).to_be_disabled()
        _look(eyepiece, f"rig-{width}")
        rig.write_text(_GOOD)
        again.click()
        expect(card).to_have_count(0)
        eyepiece.wait_until_connected()
        expect(eyepiece.page.get_by_text("Simulated microscope: light.")).to_be_visible()
        eyepiece.errors[:] = [error for error in eyepiece.errors if "ERR_CONNECTION" not in error]
        assert eyepiece.errors == []


def test_a_backup_is_downloaded_and_restored(browser: Browser, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    rig, calibration = data / "microscope.toml", data / "calibration.json"
    rig.write_text(_GOOD)
    calibration.write_text('{"10x": 1}')
    with (
        serving(data, "--log-level", "info", port=free_port()) as served,
        visit(browser, served.url, viewport={"width": 390, "height": 844}) as eyepiece,
    ):
        page = eyepiece.page
        page.get_by_role("link", name="Settings").click()
        with page.expect_download() as download:
            page.get_by_role("link", name="Download a backup").click()
        assert download.value.suggested_filename.startswith("eyepiece-127.0.0.1-")
        backup = _file(download.value.suggested_filename, Path(download.value.path()).read_bytes())
        with zipfile.ZipFile(download.value.path()) as archive:
            names = set(archive.namelist())
        assert names == {
            "manifest.json",
            "data/microscope.toml",
            "data/calibration.json",
        }

        rig.write_text(_GOOD + "initial = 0.25\n")
        calibration.write_text('{"10x": 2}')
        chooser = page.get_by_label("Restore from a backup…")
        chooser.set_input_files(backup)
        _look(eyepiece, "restore-390")
        eyepiece.button("Cancel").click()
        assert not (data / "backups").exists()
        chooser.set_input_files(backup)
        _restore(eyepiece, served)
        expect(
            page.get_by_role("status").filter(has_text="Restored: microscope.toml, calibration.json.")
        ).to_be_visible()
        assert calibration.read_text() == '{"10x": 1}'
        eyepiece.wait_until_connected()
        page.get_by_role("link", name="Eyepiece").click()
        eyepiece.button("Lamp panel").click()
        expect(eyepiece.slider("Brightness")).to_have_attribute("aria-valuetext", "50 %")
        _look(eyepiece, "restored-390")


def _file(name: str, content: bytes) -> FilePayload:
    """A file to choose. (From a path, Playwright would read it on a thread that it keeps.)"""
    return {"name": name, "mimeType": "application/zip", "buffer": content}


def _restore(eyepiece: Visit, served: Served) -> None:
    """Press the button, and wait until the server has started anew."""
    state = f"{served.url}/api/state"
    started_at = httpx.get(state).json()["server"]["started_at"]
    eyepiece.button("Restore and restart").click()

    def is_new() -> bool:
        try:
            return bool(httpx.get(state, timeout=PATIENCE_S).json()["server"]["started_at"] > started_at)
        except httpx.TransportError:
            return False

    wait_until(is_new, "the new start")


def test_what_is_no_backup_is_refused_in_words(eyepiece: Visit) -> None:
    eyepiece.page.get_by_role("link", name="Settings").click()
    eyepiece.page.get_by_label("Restore from a backup…").set_input_files(_file("photo.zip", b"no zip at all"))
    eyepiece.button("Restore and restart").click()
    told = eyepiece.page.get_by_role("status").filter(has_text="no backup of Eyepiece, or a damaged one")
    expect(told).to_be_visible()
    expect(eyepiece.page.get_by_text("Connected", exact=True)).to_be_visible()
    _look(eyepiece, "refused-1024")
    eyepiece.page.get_by_role("link", name="Eyepiece").click()
    expect(told).to_be_hidden()
