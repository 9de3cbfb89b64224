"""The bench's part ``whole`` on the virtual camera, for moments: what it reports has to be so."""

import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from scripts.benchmarks.scenarios.whole import EXAMPLE, EYEPIECE, EYEPIECE_MJPEG


def test_whole_programs_bring_the_same_pictures_to_viewers(virtual: ModuleType, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    command = [sys.executable, "-m", "scripts.benchmarks", "--only", "whole", "--quick", "--virtual-camera"]
    done = subprocess.run([*command, "--json", report], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows = {row["server"]: row for row in json.loads(report.read_text())["whole"]}
    assert set(rows) == {EXAMPLE, EYEPIECE, EYEPIECE_MJPEG}
    for row in rows.values():
        assert row["viewers"] == 2
        assert row["frames_per_s"] > 0
        assert row["cpu_ms_per_frame"] > 0
        assert row["server_cpu"] == pytest.approx(row["cpu_ms_per_frame"] * row["frames_per_s"] / 1000)
        assert 0.9 < row["frame_bytes"] / rows[EXAMPLE]["frame_bytes"] < 1.1
