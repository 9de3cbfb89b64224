"""app.optics, app.objectives"""

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.objectives import MAX_OBJECTIVES, KeptObjective, ObjectiveFacts, fitting_steps, magnification_of
from app.optics import Nosepiece, OpticsState
from hw.config import Optics
from hw.errors import InvalidRequest, NotFound
from hw.types import CameraInfo
from tests.conftest import run_async

INFO = CameraInfo(
    model="imx219", simulated=False, sensor_width=3280, sensor_height=2464, stream_width=640, stream_height=360
)
LIVE_SIZE = (1280, 720)
"""As in the rig file, whatever the stream is now."""


def real(data: Path, rig: Optics | None = None, info: CameraInfo | None = INFO) -> Nosepiece:
    return Nosepiece(data, rig or Optics(), LIVE_SIZE, lambda: info, None)


def simulated(data: Path, magnify: Callable[[float], None] = lambda times: None) -> Nosepiece:
    return Nosepiece(data, Optics(), LIVE_SIZE, lambda: INFO, magnify)


def facts(name: str = "40x oil", **more: Any) -> ObjectiveFacts:
    return ObjectiveFacts(**{"name": name, "magnification": 40.0, **more})


def test_it_begins_with_what_the_rig_file_names(tmp_path: Path) -> None:
    (ten,) = real(tmp_path).state.objectives
    assert (ten.id, ten.name, ten.magnification, ten.numerical_aperture) == ("10x", "10x", 10, 0.25)
    # From a pixel of the live picture to one of the sensor.
    assert ten.um_per_px == pytest.approx(0.25 * 1280 / 3280, rel=1e-5)
    assert not (tmp_path / "optics.json").exists()


@pytest.mark.parametrize(
    ("name", "shown", "times"),
    [("Plan 20x/0.4", "Plan 20x/0.4", 20), ("X 2,5", "X 2,5", 2.5), ("oil", "oil", 10), (" \n", "objective", 10)],
)
def test_the_rig_files_name_tells_the_magnification(tmp_path: Path, name: str, shown: str, times: float) -> None:
    (only,) = real(tmp_path, Optics(objective=name)).state.objectives
    assert (only.name, only.magnification) == (shown, times)
    assert only.um_per_px is not None


def test_a_simulation_has_the_usual_ones_and_they_are_as_good_as_their_names(tmp_path: Path) -> None:
    state = simulated(tmp_path).state
    assert [objective.name for objective in state.objectives] == ["4x", "10x", "20x", "40x"]
    assert state.objective == "10x"
    sizes = [objective.um_per_px or 0 for objective in state.objectives]
    assert [sizes[1] / size for size in sizes] == pytest.approx([0.4, 1, 2, 4], rel=1e-4)


def test_the_one_in_place_is_put_before_the_simulated_camera(tmp_path: Path) -> None:
    magnified: list[float] = []
    nosepiece = simulated(tmp_path, magnified.append)
    run_async(nosepiece.choose("40x"))
    assert magnified == [1.0, 4.0]
    assert nosepiece.in_place.name == "40x"
    again: list[float] = []
    assert simulated(tmp_path, again.append).in_place.name == "40x"
    assert again == [4.0]


def test_without_a_camera_no_size_is_known_and_its_coming_is_told(tmp_path: Path) -> None:
    told: list[OpticsState] = []
    infos: list[CameraInfo | None] = [None]
    nosepiece = Nosepiece(tmp_path, Optics(), LIVE_SIZE, lambda: infos[-1], None)
    nosepiece.changed = told.append
    nosepiece.tell()
    assert nosepiece.in_place.um_per_px is None
    infos.append(INFO)
    nosepiece.tell()
    nosepiece.tell()
    assert [state.objectives[0].um_per_px is None for state in told] == [True, False]


def test_objectives_are_added_changed_and_removed_and_outlive_a_restart(tmp_path: Path) -> None:
    nosepiece = real(tmp_path)
    told: list[OpticsState] = []
    nosepiece.changed = told.append

    async def work() -> None:
        oil = await nosepiece.add(facts(numerical_aperture=1.3))
        assert (oil.id, oil.um_per_px) == ("40x-oil", None)
        oil = await nosepiece.change(oil.id, {"um_per_px": 0.08, "name": "Oil"})
        assert (oil.id, oil.name, oil.um_per_px, oil.numerical_aperture) == ("40x-oil", "Oil", 0.08, 1.3)
        await nosepiece.choose(oil.id)
        await nosepiece.remove("10x")

    run_async(work())
    assert [objective.name for objective in nosepiece.state.objectives] == ["Oil"]
    assert len(told) == 4
    assert told[-1] == nosepiece.state == real(tmp_path).state


def test_the_rig_files_size_holds_until_another_was_measured(tmp_path: Path) -> None:
    run_async(real(tmp_path).add(facts()))
    other = Optics(um_per_px=0.5)
    assert real(tmp_path, other).in_place.um_per_px == pytest.approx(0.5 * 1280 / 3280, rel=1e-5)
    run_async(real(tmp_path).change("10x", {"um_per_px": 0.1}))
    assert real(tmp_path, other).in_place.um_per_px == 0.1
    run_async(real(tmp_path).change("10x", {"um_per_px": None}))
    assert real(tmp_path, other).in_place.um_per_px == pytest.approx(0.5 * 1280 / 3280, rel=1e-5)
    # Another of which the rig file does not speak is not guessed at.
    assert real(tmp_path, other).state.objectives[1].um_per_px is None


def test_what_cannot_be_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    nosepiece = real(tmp_path)
    run_async(nosepiece.add(facts("20x")))
    before = nosepiece.state
    kept = (tmp_path / "optics.json").read_bytes()
    for work, error, words in (
        (lambda: nosepiece.remove("10x"), InvalidRequest, "10x is in place: choose another"),
        (lambda: nosepiece.remove("100x"), NotFound, "no objective '100x'"),
        (lambda: nosepiece.choose("100x"), NotFound, "no objective '100x'"),
        (lambda: nosepiece.change("100x", {}), NotFound, "no objective '100x'"),
        (lambda: nosepiece.add(facts("20X")), InvalidRequest, "an objective 20x already"),
        (lambda: nosepiece.change("20x", {"name": "10x"}), InvalidRequest, "an objective 10x already"),
    ):
        with pytest.raises(error, match=words):
            run_async(work())
    assert nosepiece.state == before
    assert (tmp_path / "optics.json").read_bytes() == kept
    run_async(nosepiece.change("20x", {"name": "20X"}))  # its own name in other letters


def test_there_are_only_so_many(tmp_path: Path) -> None:
    nosepiece = real(tmp_path)

    async def fill() -> None:
        for n in range(MAX_OBJECTIVES - 1):
            await nosepiece.add(facts(f"no {n}" if n % 2 else f"no-{n - 1}!?"))

    run_async(fill())
    assert len({objective.id for objective in nosepiece.state.objectives}) == MAX_OBJECTIVES
    with pytest.raises(InvalidRequest, match="24 objectives already"):
        run_async(nosepiece.add(facts("one more")))


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "  "},
        {"name": "a\nb"},
        {"name": "n" * 41},
        {"magnification": 0},
        {"magnification": float("nan")},
        {"numerical_aperture": 2},
        {"um_per_px": 0},
        {"um_per_px": float("inf")},
        {"colour": "red"},
        {"steps_um": {"xy": [], "z": [1]}},
        {"steps_um": {"xy": [10, 1], "z": [1]}},
        {"steps_um": {"xy": [1, 1], "z": [1]}},
        {"steps_um": {"xy": [1], "z": [-1]}},
    ],
)
def test_facts_that_cannot_be(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        facts(**wrong)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b'{"objectives": [], "objective": "10x"}',
        b'{"objectives": [{"id": "a", "name": "a", "magnification": 1}], "objective": "b"}',
        b'{"objectives": [{"id": "a", "name": "a", "magnification": NaN}], "objective": "a"}',
        b'{"objectives": [{"id": "a", "name": "a", "magnification": 1}, {"id": "b", "name": "A", "magnification": 1}],'
        b' "objective": "a"}',
    ],
)
def test_a_file_without_sense_is_kept_aside(tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "optics.json").write_bytes(content)
    assert real(tmp_path).in_place.name == "10x"
    assert (tmp_path / "optics.json.broken").read_bytes() == content
    assert not (tmp_path / "optics.json").exists()
    assert "optics.json makes no sense" in caplog.text


def test_a_disk_that_takes_nothing_leaves_all_as_it_was(tmp_path: Path) -> None:
    nosepiece = real(tmp_path / "gone")
    with pytest.raises(OSError, match="gone"):
        run_async(nosepiece.add(facts()))
    assert len(nosepiece.state.objectives) == 1


def test_a_file_that_cannot_be_read_is_left_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "optics.json").mkdir()
    with caplog.at_level(logging.ERROR):
        assert real(tmp_path).in_place.name == "10x"
    assert "cannot be read" in caplog.text
    assert (tmp_path / "optics.json").is_dir()


@pytest.mark.parametrize(
    ("times", "aperture", "xy", "z"),
    [
        (10.0, 0.25, (1, 10, 100, 1000), (1, 10, 100)),
        (4.0, 0.1, (2, 20, 200, 2000), (5, 50, 500)),
        (40.0, 0.65, (0.2, 2, 20, 200), (0.1, 1, 10)),
        (100.0, 1.25, (0.1, 1, 10, 100), (0.05, 0.5, 5)),
        (10.0, None, (1, 10, 100, 1000), (1, 10, 100)),
    ],
)
def test_steps_suit_the_objective(times: float, aperture: float | None, xy: tuple[float], z: tuple[float]) -> None:
    steps = fitting_steps(KeptObjective(id="a", name="a", magnification=times, numerical_aperture=aperture))
    assert (steps.xy, steps.z) == (xy, z)


def test_own_steps_stand(tmp_path: Path) -> None:
    own = {"xy": [3, 7], "z": [0.5]}
    nosepiece = real(tmp_path)
    run_async(nosepiece.change("10x", {"steps_um": own}))
    assert nosepiece.in_place.steps_um.xy == (3, 7)
    assert json.loads((tmp_path / "optics.json").read_text())["objectives"][0]["steps_um"] == own


@given(st.floats(0.1, 1000), st.floats(0.01, 1.7) | st.none())
def test_every_objective_has_steps(times: float, aperture: float | None) -> None:
    steps = fitting_steps(KeptObjective(id="a", name="a", magnification=times, numerical_aperture=aperture))
    assert steps.xy == tuple(sorted(steps.xy))


@given(st.text(max_size=60))
def test_any_name_has_some_magnification(name: str) -> None:
    assert 0.1 <= magnification_of(name) <= 1000


def test_another_size_of_the_stream_is_no_other_size_of_the_sensors_pixels(tmp_path: Path) -> None:
    bigger = replace(INFO, stream_width=1640, stream_height=1232)
    assert real(tmp_path, info=bigger).state == real(tmp_path).state
