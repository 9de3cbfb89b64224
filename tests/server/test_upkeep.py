"""Backup, restore and restart over HTTP."""

import io
import json
import re
import zipfile
from pathlib import Path

import httpx

from app.archive import MAX_ARCHIVE_BYTES
from tests.conftest import PATIENCE_S
from tests.serving import Served, free_port, serving


def test_a_microscope_moves_to_another_card(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    rig = '[light]\ndriver = "simulated"\n[stage]\ndriver = "simulated"\n' + "".join(
        f"[stage.{axis}]\num_per_step = 1\nmin_um = -500\nmax_um = 500\nmax_speed_um_per_s = 1000\n" for axis in "xyz"
    )
    (first / "microscope.toml").write_text(rig)
    (first / "camera.json").write_text("x" * 300_000)  # more than a message may be that is no backup
    with serving(first, "--log-level", "info") as served:
        httpx.post(f"{served.url}/api/stage/move", json={"x_um": 7}, timeout=PATIENCE_S).raise_for_status()
        httpx.post(f"{served.url}/api/stage/stop").raise_for_status()
        backup = httpx.get(f"{served.url}/api/backup")
        disposition = backup.headers["content-disposition"]
        assert re.fullmatch(r'attachment; filename="eyepiece-127\.0\.0\.1-\d{4}-\d\d-\d\d\.zip"', disposition)
        assert backup.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(backup.content)) as archive:
        assert set(archive.namelist()) == {
            "manifest.json",
            "data/microscope.toml",
            "data/camera.json",
            "data/position-simulated.json",
        }

    with serving(second, "--log-level", "info", port=free_port()) as served:
        answer = httpx.post(f"{served.url}/api/restore", content=backup.content, timeout=PATIENCE_S)
        assert answer.status_code == 202
        told = answer.json()
        assert told["restart_needed"] is True
        assert {file["name"]: file["change"] for file in told["files"]} == {
            "microscope.toml": "new",
            "camera.json": "new",
            "position-simulated.json": "kept",
        }
        assert httpx.get(f"{served.url}/api/state").json()["server"]["simulated"] == ["camera", "stage", "light"]
        served.restart()
        assert httpx.get(f"{served.url}/api/state").json()["server"]["simulated"] == ["stage", "light"]
        assert "Restored from the backup of" in served.log
    assert (second / "microscope.toml").read_text() == rig
    assert (second / "camera.json").read_text() == "x" * 300_000
    assert zipfile.is_zipfile(second / told["kept_aside"])
    assert json.loads((second / "position-simulated.json").read_text())["x_um"] == 0


def test_refusals_name_what_is_wrong(served: Served, http: httpx.Client) -> None:
    before = sorted(served.data.rglob("*"))
    answer = http.post("/api/restore", content=b"junk")
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:eyepiece:invalid-request")
    assert "not a backup" in answer.json()["detail"]
    answer = http.post("/api/restore", content=http.get("/api/backup").content[:-40])
    assert answer.status_code == 422
    foreign = {"Origin": "http://elsewhere.example"}
    for path in ("restore", "restart"):
        assert http.post(f"/api/{path}", content=b"", headers=foreign).status_code == 403
    assert sorted(served.data.rglob("*")) == before


def test_only_a_restore_may_be_large(http: httpx.Client) -> None:
    assert http.post("/api/restore", content=bytes(200_000)).status_code == 422
    assert http.post("/api/restore", content=bytes(MAX_ARCHIVE_BYTES + 1)).status_code == 413
    assert http.post("/api/stage/move", content=bytes(200_000)).status_code == 413
