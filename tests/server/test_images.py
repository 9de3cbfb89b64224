"""Stored pictures over HTTP, on a real server with many of them."""

import io
import json
import socket
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from PIL import Image

from tests.app.albums import TINY_JPEG, write_many
from tests.conftest import PATIENCE_S, wait_until
from tests.server.answers import problem
from tests.server.viewers import viewing
from tests.serving import Served, serving

MANY = 1500
UNKNOWN = "20200101-000000-000-abcdef"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data = tmp_path_factory.mktemp("album") / "data"
    write_many(data / "images", MANY, TINY_JPEG)
    with serving(data) as served:
        yield served


def page(http: httpx.Client, offset: int = 0, limit: int = 100) -> Any:
    """A part of the list."""
    return http.get("/api/images", params={"offset": offset, "limit": limit}).raise_for_status().json()


def test_the_list_comes_in_pages_the_newest_first(http: httpx.Client) -> None:
    first, second, last = page(http), page(http, 100), page(http, MANY - 3)
    assert (first["total"], len(first["images"]), first["offset"]) == (MANY, 100, 0)
    times = [image["captured_at"] for image in first["images"] + second["images"]]
    assert times == sorted(times, reverse=True)
    assert len(set(times)) == 200
    assert (last["offset"], len(last["images"])) == (MANY - 3, 3)
    assert page(http, MANY)["images"] == []
    around = http.get("/api/images", params={"around": second["images"][20]["id"], "limit": 10}).json()
    assert (around["offset"], around["images"]) == (115, second["images"][15:25])
    problem(http.get("/api/images", params={"around": UNKNOWN}), 404, "not-found")
    names = http.get("/api/images/ids", params={"offset": 98, "limit": 4}).json()["ids"]
    assert names == [image["id"] for image in (first["images"] + second["images"])[98:102]]
    assert len(http.get("/api/images/ids").json()["ids"]) == MANY
    for bad in ({"offset": -1}, {"limit": 0}, {"limit": 501}, {"offset": "x"}):
        problem(http.get("/api/images", params=bad), 422, "invalid-request")


def test_a_thumbnail_is_made_and_kept(http: httpx.Client, served: Served) -> None:
    image = page(http)["images"][7]
    answer = http.get(f"{image['url']}/thumbnail")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert "immutable" in answer.headers["cache-control"]
    assert Image.open(io.BytesIO(answer.content)).size == (64, 48)
    kept = served.data / "images" / ".thumbnails" / f"{image['id']}.jpg"
    assert kept.read_bytes() == answer.content
    for path in (f"/api/images/{UNKNOWN}/thumbnail", "/api/images/..%5cposition/thumbnail"):
        problem(http.get(path), 404, "not-found")


def test_a_damaged_picture_is_listed_and_says_that_it_cannot_be_shown(http: httpx.Client, served: Served) -> None:
    image = page(http)["images"][8]
    (served.data / "images" / image["file_name"]).write_bytes(b"no picture")
    details = problem(http.get(f"{image['url']}/thumbnail"), 404, "not-found")
    assert f"image {image['id']} cannot be shown" in details["detail"]


@pytest.mark.parametrize("image_format", ["jpeg", "tiff"])
def test_a_still_has_thumbnail_preview_and_facts(http: httpx.Client, image_format: str) -> None:
    record = http.post("/api/camera/still", json={"format": image_format}).raise_for_status().json()
    assert page(http)["images"][0] == record
    sizes = []
    for what in ("thumbnail", "preview"):
        small = Image.open(io.BytesIO(http.get(f"{record['url']}/{what}").raise_for_status().content))
        sizes.append((small.format, *small.size))
    assert sizes == [("JPEG", 320, 240), ("JPEG", 2048, 1538)]
    facts = http.get(f"{record['url']}/facts").json()
    assert facts["model"] == "simulated"
    assert facts["objective"]
    assert {"exposure_us", "gain", "um_per_px", "position", "width", "height", "size_bytes"} <= facts.keys()


def test_a_title_names_the_download_and_breaks_no_header(http: httpx.Client) -> None:
    url = page(http)["images"][3]["url"]
    for title, disposition in (
        ("Pollen", 'attachment; filename="Pollen.jpg"'),
        ("Blüte/花", "attachment; filename*=utf-8''Bl%C3%BCte-%E8%8A%B1.jpg"),
        ('x"; filename="evil.exe', "attachment; filename*=utf-8''x-%3B%20filename%3D-evil.exe.jpg"),
    ):
        assert http.patch(url, json={"title": title}).raise_for_status().json()["title"] == title
        answer = http.get(f"{url}/download")
        assert answer.headers["content-disposition"] == disposition
        assert answer.headers["cache-control"] == "private, no-cache"
    told = http.patch(url, json={"note": " one\r\ntwo\t\n"}).json()
    assert (told["title"], told["note"]) == ('x"; filename="evil.exe', "one\ntwo")
    assert http.patch(url, json={"title": "", "note": ""}).json()["title"] == ""


@pytest.mark.parametrize(
    "change",
    [
        b'{"title": "one\\nSet-Cookie: a=b"}',
        b'{"title": "\\u0000"}',
        b'{"title": "\\ud800"}',
        b'{"note": "\\u001b[31m"}',
        json.dumps({"title": "x" * 201}).encode(),
        json.dumps({"note": "x" * 10_001}).encode(),
        b'{"title": 5}',
        b'{"name": "x"}',
        b"[]",
    ],
)
def test_a_title_or_note_that_cannot_be_is_refused_and_changes_nothing(http: httpx.Client, change: bytes) -> None:
    before = page(http)["images"][4]
    answer = http.patch(before["url"], content=change, headers={"content-type": "application/json"})
    problem(answer, 422, "invalid-request")
    assert page(http)["images"][4] == before
    problem(http.patch(f"/api/images/{UNKNOWN}", json={"title": "x"}), 404, "not-found")


def test_delete_and_undo(http: httpx.Client) -> None:
    image = page(http)["images"][5]
    deletion = http.delete(image["url"]).raise_for_status().json()
    assert deletion == {"deleted": [image["id"]], "missing": [], "restorable_s": 1800}
    for answer in (http.get(image["url"]), http.delete(image["url"]), http.get(f"{image['url']}/facts")):
        problem(answer, 404, "not-found")
    assert image["id"] in [trashed["id"] for trashed in http.get("/api/images/trash").json()]
    assert http.post(f"{image['url']}/restore").raise_for_status().json() == image
    assert page(http)["images"][5] == image
    problem(http.post(f"{image['url']}/restore"), 404, "not-found")


def test_many_are_deleted_restored_and_destroyed_at_once(http: httpx.Client) -> None:
    ids = [image["id"] for image in page(http, 1000, 300)["images"]]
    before = page(http)["total"]
    answer = http.post("/api/images/delete", json={"ids": [*ids, UNKNOWN]}).raise_for_status().json()
    assert (len(answer["deleted"]), answer["missing"]) == (300, [UNKNOWN])
    assert (page(http)["total"], page(http)["trashed"]) == (before - 300, 300)
    restored = http.post("/api/images/restore", json={"ids": ids[:298]}).json()
    assert ([image["id"] for image in restored["restored"]], restored["missing"]) == (ids[:298], [])
    assert http.delete("/api/images/trash").json() == {"destroyed": 2}
    assert http.post("/api/images/restore", json={"ids": ids[298:]}).json()["missing"] == ids[298:]
    assert page(http)["total"] == before - 2
    refused: list[dict[str, Any]] = [{}, {"ids": []}, {"ids": "all"}, {"ids": [5]}, {"ids": ["x" * 81]}]
    for bad in refused:
        problem(http.post("/api/images/delete", json=bad), 422, "invalid-request")


def test_a_zip_of_some_and_of_all(http: httpx.Client) -> None:
    some = [image["id"] for image in page(http, 20, 3)["images"]]
    asked = http.post("/api/images/zips", json={"ids": some})
    assert asked.status_code == 201
    answer = http.get(asked.json()["url"])
    assert answer.headers["content-disposition"] == f'attachment; filename="{asked.json()["file_name"]}"'
    assert int(answer.headers["content-length"]) == len(answer.content)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.namelist() == ["pictures.json", *(f"{image_id}.jpg" for image_id in some)]
        assert archive.testzip() is None
    everything = http.post("/api/images/zips", json={"all": True}).json()
    assert everything["count"] == page(http)["total"]
    with zipfile.ZipFile(io.BytesIO(http.get(everything["url"]).content)) as archive:
        assert len(archive.namelist()) == everything["count"] + 1
    refused: list[dict[str, Any]] = [{}, {"ids": []}, {"all": False}, {"all": True, "ids": some}]
    for bad in refused:
        problem(http.post("/api/images/zips", json=bad), 422, "invalid-request")
    problem(http.post("/api/images/zips", json={"ids": [UNKNOWN]}), 404, "not-found")
    problem(http.get("/api/images/zips/never-asked-for"), 404, "not-found")


def test_a_reader_that_takes_nothing_holds_nobody_up_and_no_memory(http: httpx.Client, served: Served) -> None:
    """A zip of 600 MB that nobody reads costs what lies in the sockets."""
    pictures = page(http, 100, 3)["images"]
    for image in pictures:
        with (served.data / "images" / image["file_name"]).open("r+b") as file:
            file.truncate(200_000_000)
    url = http.post("/api/images/zips", json={"ids": [image["id"] for image in pictures]}).json()["url"]
    status = Path(f"/proc/{served.process.pid}/status")

    def resident_kb() -> int:
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmRSS"))

    before = resident_kb()
    where = urlsplit(served.url)
    with socket.create_connection((where.hostname, where.port), timeout=PATIENCE_S) as reader:
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        reader.sendall(f"GET {url} HTTP/1.1\r\nHost: {where.netloc}\r\n\r\n".encode())
        assert reader.recv(1000).startswith(b"HTTP/1.1 200")
        for _ in range(20):
            page(http)
        assert resident_kb() - before < 40_000
    for image in pictures:
        with (served.data / "images" / image["file_name"]).open("r+b") as file:
            file.truncate(image["size_bytes"])


def test_all_viewers_hear_of_each_change(http: httpx.Client, served: Served) -> None:
    with viewing(served) as viewer:

        def heard(name: str) -> list[Any]:
            return [signal["args"]["p0"] for signal in viewer.signals if signal["name"] == name]

        record = http.post("/api/camera/still").raise_for_status().json()
        http.patch(record["url"], json={"title": "Pollen"}).raise_for_status()
        http.delete(record["url"]).raise_for_status()
        wait_until(lambda: heard("image_removed"), "the signals")
        (added,), (changed,), (removed,) = map(heard, ("image_added", "image_changed", "image_removed"))
        assert (added["image"], added["place"]) == (record, 0)
        assert changed["image"]["title"] == "Pollen"
        assert (removed["id"], removed["place"], removed["total"]) == (record["id"], 0, added["total"] - 1)
        assert [told["revision"] - added["revision"] for told in (added, changed, removed)] == [0, 1, 2]
