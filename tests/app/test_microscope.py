"""app.microscope: where what a user asks for meets the disk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.album import Album
from app.control import Control
from app.disk import RESERVE_BYTES, Disk, Usage
from app.microscope import Microscope
from app.optics import Nosepiece
from app.people import People
from app.places import Places
from app.storage import Gallery
from hw.config import SIMULATED_RIG
from hw.errors import StorageFull
from hw.rig import Rig, build_rig
from tests.app.albums import saved
from tests.conftest import PATIENCE_S, run_async, wait_until


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """A simulated one whose camera runs."""
    rig = build_rig(SIMULATED_RIG, tmp_path)
    rig.start()
    wait_until(lambda: rig.camera.captured, "the camera's start")
    yield rig
    rig.close()
    assert not rig.join(PATIENCE_S)


def microscope_on(data: Path, rig: Rig, missing_bytes: int) -> Microscope:
    """A microscope whose disk lacks so much room for a picture while two are in the trash."""

    def usage(folder: Path) -> Usage:
        trashed = len(list((data / "images" / ".trash").glob("*.json")))
        return Usage(10**12, 0, RESERVE_BYTES + 8_000_000 - (missing_bytes if trashed > 1 else 0))

    nosepiece = Nosepiece(data, rig.optics, rig.live_size, lambda: rig.camera.state.info, rig.magnify)
    control = Control(People(), rig.stage.stop, lambda state: None)
    album = Album(Gallery(data / "images"))
    return Microscope(rig, album, nosepiece, Places(data), control, Disk(data, lambda state: None, usage))


def test_on_a_full_disk_deleted_pictures_give_way_to_a_new_one_as_far_as_that_takes(tmp_path: Path, rig: Rig) -> None:
    async def main() -> None:
        images = tmp_path / "images"
        full = microscope_on(tmp_path, rig, missing_bytes=1_000_000)
        first, second = saved(images, 1_700_000_000.0), saved(images, 1_600_000_000.0)
        for each in (first, second):
            await full.album.delete([each.id])
        with pytest.raises(StorageFull):
            await full.still("jpeg")
        assert await full.album.trashed() == [first, second], "they would not have been enough"
        microscope = microscope_on(tmp_path, rig, missing_bytes=1)
        microscope.album = full.album
        record = await microscope.still("jpeg")
        assert (await microscope.album.page(0, 10)).images == [record]
        assert await microscope.album.trashed() == [second]

    run_async(main())


def test_a_disk_that_cannot_be_looked_at_is_not_a_full_one(tmp_path: Path, rig: Rig) -> None:
    def lost(folder: Path) -> Usage:
        raise OSError("Input/output error")

    async def main() -> None:
        microscope = microscope_on(tmp_path, rig, missing_bytes=0)
        microscope.disk = Disk(tmp_path, lambda state: None, lost)
        old = saved(tmp_path / "images")
        await microscope.album.delete([old.id])
        with pytest.raises(OSError, match="cannot be looked at"):
            await microscope.still("jpeg")
        assert await microscope.album.trashed() == [old]

    run_async(main())
