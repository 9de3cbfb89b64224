"""scripts.verify.inside, where libcamera is."""

from types import ModuleType

from scripts.verify import inside


def test_cameras_are_told_with_their_controls(virtual: ModuleType) -> None:
    said = inside.cameras()
    assert said.startswith("0: imx219-virtual (Virtual0), modes ")
    assert "FrameDurationLimits" in said
