"""scripts.verify.inside, where libcamera and Picamera2 are."""

from types import ModuleType

import pytest

from scripts.verify import inside

pytestmark = pytest.mark.filterwarnings("ignore:setDaemon:DeprecationWarning")


def test_cameras_are_told_with_their_controls(virtual: ModuleType) -> None:
    said = inside.cameras()
    assert said.startswith("0: imx219-virtual (Virtual0), modes ")
    assert "FrameDurationLimits" in said


def test_versions_are_those_that_were_imported(virtual: ModuleType) -> None:
    said = inside.libraries()
    assert said.startswith("libcamera v0.7")
    assert "picamera2 0.3." in said
    assert "lgpio 0.2." in said
