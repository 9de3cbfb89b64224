"""app.album"""

import asyncio
import errno
import threading
from pathlib import Path
from typing import Any

import pytest

import app.album
import app.image_index
from app.album import KEPT_S, Album
from app.storage import Gallery
from hw.errors import DeviceBusy, NotFound
from tests.app.albums import listened, saved, still, write_many
from tests.conftest import PATIENCE_S, run_async


def album_of(folder: Path) -> Album:
    """The album of a folder."""
    return Album(Gallery(folder))


def files(folder: Path) -> list[str]:
    """All files below a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_picture_is_added_told_listed_and_has_its_thumbnail(tmp_path: Path) -> None:
    async def main() -> None:
        album = album_of(tmp_path)
        with listened(album) as told:
            old = await album.save(still(1000.0), "jpeg", 0.1, "10x")
            new = await album.save(still(2000.0), "png", 0.1, "10x")
            page = await album.page(0, 100)
        assert page.images == [new, old]
        assert (page.total, page.offset, page.revision, page.trashed) == (2, 0, 2, 0)
        counts = {"trashed": 0}
        assert told == [
            ("image_added", {"image": old, "place": 0, "total": 1, "revision": 1, **counts}),
            ("image_added", {"image": new, "place": 0, "total": 2, "revision": 2, **counts}),
        ]
        assert (await album.thumbnail(new.id)).read_bytes().startswith(b"\xff\xd8")
        assert (await album.file(new.id))[0] == new

    run_async(main())


def test_deleted_and_brought_back_at_its_place(tmp_path: Path) -> None:
    async def main() -> None:
        ids = [saved(tmp_path, at).id for at in (3000.0, 2000.0, 1000.0)]
        album = album_of(tmp_path)
        before = (await album.page(0, 10)).images
        with listened(album) as told:
            deletion = await album.delete([ids[1], "20200101-000000-000-abcdef", "../x", ids[1]])
            assert (deletion.deleted, deletion.missing) == ([ids[1]], ["20200101-000000-000-abcdef", "../x"])
            assert deletion.restorable_s == KEPT_S
            assert [image.id for image in (await album.page(0, 10)).images] == [ids[0], ids[2]]
            assert [image.id for image in await album.trashed()] == [ids[1]]
            with pytest.raises(NotFound):
                await album.file(ids[1])
            restoration = await album.restore([ids[1], "../x"])
            assert ([image.id for image in restoration.restored], restoration.missing) == ([ids[1]], ["../x"])
        assert (await album.page(0, 10)).images == before
        removed, added = told
        assert removed == ("image_removed", {"id": ids[1], "place": 1, "total": 2, "revision": 4, "trashed": 1})
        assert (added[0], added[1]["place"], added[1]["trashed"]) == ("image_added", 1, 0)

    run_async(main())


def test_the_trash_outlives_a_restart_and_is_emptied_when_asked_and_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        ids = [saved(tmp_path, at).id for at in (1000.0, 2000.0, 3000.0)]
        album = album_of(tmp_path)
        for image_id in ids:
            await album.thumbnail(image_id)
        await album.delete(ids)
        again = album_of(tmp_path)
        assert (await again.page(0, 1)).trashed == 3
        await again.restore(ids[:1])
        assert await again.empty_trash() == 2
        left = [f".thumbnails/{ids[0]}.jpg", f"{ids[0]}.jpg", f"{ids[0]}.json"]
        assert files(tmp_path) == left
        assert (await again.restore(ids[1:])).missing == ids[1:]

        monkeypatch.setattr(app.album, "KEPT_S", 0.0)
        monkeypatch.setattr(app.album, "_SWEEP_S", 0.01)
        emptied = asyncio.Event()
        again.on_change = lambda name, what: emptied.set() if name == "images_changed" else None
        await again.delete(ids[:1])
        async with again.tending():
            await asyncio.wait_for(emptied.wait(), PATIENCE_S)
        assert files(tmp_path) == []

    run_async(main())


def test_what_other_hands_do_in_the_folder_is_followed(tmp_path: Path) -> None:
    async def main() -> None:
        album = album_of(tmp_path)
        with listened(album) as told:
            record = saved(tmp_path)
            assert (await album.page(0, 10)).images == [record]
            (tmp_path / record.file_name).unlink()
            (tmp_path / f"{record.id}.json").unlink()
            assert (await album.page(0, 10)).total == 0
        assert [name for name, _ in told] == ["image_added", "image_removed"]

    run_async(main())


def test_what_was_saved_here_and_deleted_by_other_hands_is_gone(tmp_path: Path) -> None:
    async def main() -> None:
        album = album_of(tmp_path)
        record = await album.save(still(), "jpeg", 0.1, "")
        (tmp_path / f"{record.id}.json").unlink()
        assert (await album.page(0, 10)).total == 0

    run_async(main())


def test_facts_that_break_take_the_picture_from_the_list(tmp_path: Path) -> None:
    async def main() -> None:
        album, record = album_of(tmp_path), saved(tmp_path)
        assert (await album.page(0, 10)).total == 1
        facts = tmp_path / f"{record.id}.json"
        facts.rename(tmp_path / "aside")
        facts.write_text("{")
        assert (await album.page(0, 10)).total == 0

    run_async(main())


def test_many_changes_at_once_are_told_as_one(tmp_path: Path) -> None:
    async def main() -> None:
        ids = write_many(tmp_path, 100, b"jpeg")
        album = album_of(tmp_path)
        with listened(album) as told:
            assert (await album.page(0, 1)).total == 100
            await album.delete(ids[:50])
            await album.restore(ids[:40])
            await album.delete(ids[:2])
        assert [name for name, _ in told] == ["images_changed"] * 3 + ["image_removed"] * 2
        assert [what["total"] for _, what in told] == [100, 50, 90, 89, 88]
        assert [what["revision"] for _, what in told] == [1, 2, 3, 4, 5]

    run_async(main())


def test_a_title_and_a_note_are_told(tmp_path: Path) -> None:
    async def main() -> None:
        record = saved(tmp_path)
        album = album_of(tmp_path)
        await album.page(0, 1)
        with listened(album) as told:
            await asyncio.gather(album.describe(record.id, "Pollen", None), album.describe(record.id, None, "dry"))
            await album.describe(record.id, "Pollen", None)
        (kept,) = (await album.page(0, 1)).images
        assert (kept.title, kept.note) == ("Pollen", "dry")
        assert [(name, what["image"].title, what["image"].note) for name, what in told] == [
            ("image_changed", "Pollen", ""),
            ("image_changed", "Pollen", "dry"),
        ]
        assert (await album.facts(record.id))["note"] == "dry"

    run_async(main())


def test_on_a_full_disk_what_was_deleted_makes_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        album, old = album_of(tmp_path), saved(tmp_path)
        save = Gallery.save

        def full_until_emptied(self: Gallery, *arguments: Any) -> Any:
            if (tmp_path / ".trash" / old.file_name).exists():
                raise OSError(errno.ENOSPC, "No space left on device")
            return save(self, *arguments)

        await album.delete([old.id])
        monkeypatch.setattr(Gallery, "save", full_until_emptied)
        record = await album.save(still(), "jpeg", 0.1, "")
        assert (await album.page(0, 10)).images == [record]
        assert (await album.restore([old.id])).missing == [old.id]

        def full(self: Gallery, *arguments: Any) -> Any:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(Gallery, "save", full)
        with pytest.raises(OSError, match="No space"):
            await album.save(still(), "jpeg", 0.1, "")

    run_async(main())


def test_a_still_counts_without_its_thumbnail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    async def main() -> None:
        album = album_of(tmp_path)
        monkeypatch.setattr("app.thumbnails.write_whole", full)
        record = await album.save(still(), "jpeg", 0.1, "")
        assert (await album.page(0, 10)).images == [record]

    run_async(main())
    assert "No thumbnail is kept" in caplog.text


def test_one_small_picture_at_a_time_and_not_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        record = saved(tmp_path, image_format="tiff")
        album = album_of(tmp_path)
        drawing = most = 0
        gate = threading.Event()

        def draw(*_: Any) -> bytes:
            nonlocal drawing, most
            drawing += 1
            most = max(most, drawing)
            gate.wait(PATIENCE_S)
            drawing -= 1
            return b"jpeg"

        monkeypatch.setattr(app.album, "small_jpeg", draw)
        asked = [asyncio.create_task(album.preview(record.id)) for _ in range(100)]
        while sum(task.done() for task in asked) < 36:
            await asyncio.wait(asked, timeout=PATIENCE_S, return_when=asyncio.FIRST_COMPLETED)
            asked.sort(key=asyncio.Task.done)
        gate.set()
        drawn = await asyncio.gather(*asked, return_exceptions=True)
        assert most == 1
        refused = [answer for answer in drawn if isinstance(answer, DeviceBusy)]
        assert len(refused) == 36
        assert [answer for answer in drawn if answer not in refused] == [b"jpeg"] * 64
        assert await album.preview(record.id) == b"jpeg"

    run_async(main())


def test_a_zip_goes_on_with_what_is_deleted_meanwhile(tmp_path: Path) -> None:
    async def main() -> None:
        record = saved(tmp_path)
        album = album_of(tmp_path)
        ticket = album.tickets.issue(await album.chosen(None))
        _, stream = await album.zip(ticket.token)
        await album.delete([record.id])
        data = b"".join(stream)
        assert len(data) == len(stream)
        with pytest.raises(NotFound, match="there is no image"):
            await album.chosen([record.id])

    run_async(main())


def test_a_folder_that_cannot_be_read_is_said_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def main() -> None:
        album = album_of(tmp_path)
        saved(tmp_path)
        looks = 0
        seen = asyncio.Event()
        album.on_change = lambda name, what: seen.set()

        def look(*arguments: Any) -> Any:
            nonlocal looks
            looks += 1
            if looks == 1:
                raise OSError(errno.EIO, "Input/output error")
            return app.image_index.look(*arguments)

        monkeypatch.setattr(app.album, "look", look)
        monkeypatch.setattr(app.album, "_SWEEP_S", 0.01)
        async with album.tending():
            await asyncio.wait_for(seen.wait(), PATIENCE_S)

    run_async(main())
    assert "Input/output error" in caplog.text
