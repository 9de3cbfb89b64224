"""app.places"""

from pathlib import Path

import pytest
from pydantic import ValidationError

from app.places import MAX_PLACES, Place, Places, Spot
from hw.errors import InvalidRequest, NotFound
from tests.conftest import run_async

SPOT = Spot(x_um=1, y_um=-2, z_um=3)


def test_places_are_kept_by_name_and_outlive_a_restart(tmp_path: Path) -> None:
    places = Places(tmp_path)
    told: list[tuple[Place, ...]] = []
    places.changed = told.append

    async def work() -> None:
        b = await places.add("  b ", SPOT)
        a = await places.add("A", Spot(z_um=5))
        assert places.all == (a, b)
        assert await places.change(b.id, "0", None) == Place(id=b.id, name="0", position=SPOT)
        assert (await places.change(b.id, None, Spot(x_um=7))).name == "0"
        await places.delete(a.id)

    run_async(work())
    (only,) = Places(tmp_path).all
    assert (only.name, only.position.target()) == ("0", {"x": 7})
    assert len(told) == 5
    assert told[-1] == places.all == (only,)


def test_no_two_places_have_one_name(tmp_path: Path) -> None:
    places = Places(tmp_path)
    edge = run_async(places.add("Edge", SPOT))
    other = run_async(places.add("Other", SPOT))
    with pytest.raises(InvalidRequest, match="a place Edge already"):
        run_async(places.add("EDGE", SPOT))
    with pytest.raises(InvalidRequest, match="a place Edge already"):
        run_async(places.change(other.id, "edge", None))
    assert run_async(places.change(edge.id, "EDGE", None)).name == "EDGE"


def test_there_are_only_so_many(tmp_path: Path) -> None:
    places = Places(tmp_path)
    some = [Place(id=f"{n:08x}", name=f"no {n:03d}", position=SPOT) for n in range(MAX_PLACES)]
    run_async(places._keep(tuple(some)))
    with pytest.raises(InvalidRequest, match="200 places already"):
        run_async(places.add("one more", SPOT))
    assert Places(tmp_path).all == tuple(some)


def test_a_place_that_there_is_not(tmp_path: Path) -> None:
    places = Places(tmp_path)
    with pytest.raises(NotFound, match="no place '0'"):
        run_async(places.delete("0"))
    with pytest.raises(NotFound, match="no place '0'"):
        run_async(places.change("0", "a", None))


@pytest.mark.parametrize("wrong", [{}, {"x_um": None}, {"x_um": float("nan")}, {"x_um": 1e10}, {"a_um": 1}])
def test_a_spot_that_is_none(wrong: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Spot(**wrong)


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b'{"places": [{"id": "x", "name": "a", "position": {"x_um": 1}}]}',
        b'{"places": [{"id": "00000000", "name": "a", "position": {}}]}',
        b'{"places": [{"id": "00000000", "name": "a", "position": {"x_um": 1}},'
        b' {"id": "00000000", "name": "b", "position": {"x_um": 1}}]}',
    ],
)
def test_a_file_without_sense_is_kept_aside(tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "places.json").write_bytes(content)
    assert Places(tmp_path).all == ()
    assert (tmp_path / "places.json.broken").read_bytes() == content
    assert "places.json makes no sense" in caplog.text


def test_a_disk_that_takes_nothing_leaves_all_as_it_was(tmp_path: Path) -> None:
    places = Places(tmp_path / "gone")
    with pytest.raises(OSError, match="gone"):
        run_async(places.add("a", SPOT))
    assert places.all == ()
