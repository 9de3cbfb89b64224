"""app.archive"""

import io
import json
import random
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest

from app import __version__
from app.archive import MAX_CONTENT_BYTES, belongs, pack, unpack
from hw.errors import InvalidRequest

CONTENTS = {"microscope.toml": b"[light]\n", "calibration/10x.json": b"{}", "Ölobjektiv 100x.json": b"[1]"}
TAKEN = datetime(2026, 11, 26, 10, 30, 15, 500_000, tzinfo=UTC)


def rewritten(packed: bytes, change: Any, extra: dict[str, bytes] | None = None) -> bytes:
    """The archive with its manifest changed, and more in it."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "manifest.json":
                manifest = json.loads(data)
                change(manifest)
                data = json.dumps(manifest).encode()
            new.writestr(name, data)
        for name, data in (extra or {}).items():
            new.writestr(name, data)
    return changed.getvalue()


def refusal(packed: bytes) -> str:
    with pytest.raises(InvalidRequest) as error:
        unpack(packed)
    return str(error.value)


def test_what_is_packed_comes_out_again() -> None:
    archive = unpack(pack(CONTENTS, TAKEN))
    assert archive.contents == CONTENTS
    assert archive.app_version == __version__
    assert archive.created_at == "2026-11-26T10:30:15+00:00"


def test_the_manifest_vouches_for_every_file() -> None:
    with zipfile.ZipFile(io.BytesIO(pack(CONTENTS, TAKEN))) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert (manifest["format"], manifest["format_version"]) == ("eyepiece-backup", 1)
    assert set(manifest["sha256"]) == set(CONTENTS)


@pytest.mark.parametrize(
    ("name", "held"),
    [
        ("microscope.toml", True),
        ("position.json", True),
        ("calibration/lens shading 10x.json", True),
        ("images/20260101-000000-000-abcdef.jpg", False),
        ("backups/before.zip", False),
        ("benchmarks/run.json", False),
        ("server.log", False),
        (".position.json.x8s7", False),
        ("calibration/.hidden", False),
        ("../etc/passwd", False),
        ("calibration/../../etc/passwd", False),
        ("/etc/passwd", False),
        ("calibration//10x", False),
        ("..\\windows", False),
        ("a\0b", False),
        ("a\nb", False),
        ("", False),
        ("a" * 201, False),
    ],
)
def test_what_a_backup_may_hold(name: str, held: bool) -> None:
    assert belongs(name) is held


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"format": "zip"}, "does not name the format 'eyepiece-backup'"),
        ({"format_version": 2}, f"format version 2; Eyepiece {__version__} reads 1"),
        ({"format_version": None}, "format version None"),
        ({"sha256": []}, "lacks app_version, created_at or sha256"),
        ({"created_at": 7}, "lacks app_version, created_at or sha256"),
        ({"sha256": {"microscope.toml": 5}}, "lacks app_version, created_at or sha256"),
        ({"sha256": {}}, "are not those that its manifest.json names"),
        ({"sha256": {"../../etc/cron.d/x": "0"}}, "'../../etc/cron.d/x' is no name"),
        ({"sha256": {"images/a.jpg": "0"}}, "'images/a.jpg' is no name"),
        ({"sha256": {"a": "0", "a/b/c": "0"}}, "'a/b/c' is no name"),
    ],
)
def test_manifests_that_are_refused(change: dict[str, Any], told: str) -> None:
    assert told in refusal(rewritten(pack(CONTENTS, TAKEN), lambda manifest: manifest.update(change)))


def test_wrong_checksum() -> None:
    def change(manifest: Any) -> None:
        manifest["sha256"]["microscope.toml"] = "0" * 64

    assert "microscope.toml has a wrong checksum" in refusal(rewritten(pack(CONTENTS, TAKEN), change))


def test_file_that_the_manifest_does_not_name() -> None:
    more = rewritten(pack(CONTENTS, TAKEN), lambda _: None, {"../../../root/.ssh/authorized_keys": b"ssh-rsa"})
    assert "are not those that its manifest.json names" in refusal(more)


def test_same_name_twice() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = rewritten(pack(CONTENTS, TAKEN), lambda _: None, {"data/microscope.toml": b"[camera]\n"})
    assert "are not those that its manifest.json names" in refusal(twice)


def test_bomb_is_refused_by_what_it_says_of_itself() -> None:
    bomb = rewritten(pack(CONTENTS, TAKEN), lambda _: None, {"data/bomb": bytes(MAX_CONTENT_BYTES)})
    assert len(bomb) < 100_000
    assert f"a backup holds {MAX_CONTENT_BYTES} at most" in refusal(bomb)


def test_bomb_that_lies_about_its_size_is_not_unpacked() -> None:
    bomb = bytearray(rewritten(pack({}, TAKEN), lambda m: m["sha256"].update(bomb="0"), {"data/bomb": bytes(10**7)}))
    size = (10**7).to_bytes(4, "little")
    for _ in range(bomb.count(size)):  # in the entry's own header and in the central one
        bomb[bomb.index(size) : bomb.index(size) + 4] = (100).to_bytes(4, "little")
    assert "damaged" in refusal(bytes(bomb))


def test_too_many_files() -> None:
    contents = {f"{n}.json": b"" for n in range(999)}
    assert unpack(pack(contents, TAKEN)).contents == contents
    with pytest.raises(InvalidRequest, match="1001 files; a backup holds 1000 at most"):
        pack({**contents, "more.json": b""}, TAKEN)


def test_encrypted_or_strangely_compressed() -> None:
    strange = io.BytesIO()
    with zipfile.ZipFile(strange, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("manifest.json", "{}")
    assert "compressed in an unknown way" in refusal(strange.getvalue())


@pytest.mark.parametrize("junk", [b"", b"PK\x05\x06" + bytes(18), b"no zip", pack(CONTENTS, TAKEN)[:-30]])
def test_junk_is_no_backup(junk: bytes) -> None:
    assert "not a backup" in refusal(junk)


def test_damage_anywhere_is_an_error_in_words_or_does_no_harm() -> None:
    whole = pack(CONTENTS, TAKEN)
    dice = random.Random(1)
    for _ in range(2000):
        damaged = bytearray(whole)
        for _ in range(dice.randint(1, 4)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        try:
            archive = unpack(bytes(damaged))
        except InvalidRequest:
            continue
        assert archive.contents == CONTENTS
