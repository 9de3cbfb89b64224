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


def microscope_on(data: Path, rig: Rig, free_bytes: int = 10**11) -> Microscope:
    """A microscope whose disk has so much room while nothing is in the trash, and none else."""

    def usage(folder: Path) -> Usage:
        return Usage(10**12, 0, 0 if any((data / "images" / ".trash").glob("*.json")) else free_bytes)

    nosepiece = Nosepiece(data, rig.optics, rig.live_size, lambda: rig.camera.state.info, rig.magnify)
    control = Control(People(), rig.stage.stop, lambda state: None)
    album = Album(Gallery(data / "images"))
    return Microscope(rig, album, nosepiece, Places(data), control, Disk(data, lambda state: None, usage))


def test_on_a_full_disk_deleted_pictures_give_way_to_a_new_one(tmp_path: Path, rig: Rig) -> None:
    async def main() -> None:
        microscope = microscope_on(tmp_path, rig)
        old = saved(tmp_path / "images")
        await microscope.album.delete([old.id])
        record = await microscope.still("jpeg")
        assert (await microscope.album.page(0, 10)).images == [record]
        assert await microscope.album.trashed() == []
        full = microscope_on(tmp_path, rig, RESERVE_BYTES)
        with pytest.raises(StorageFull):
            await full.still("jpeg")
        await full.album.delete([record.id])
        with pytest.raises(StorageFull):
            await full.still("jpeg")

    run_async(main())
