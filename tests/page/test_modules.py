"""What of the page can be checked without a browser; its modules' own tests are in tests/js."""

import hashlib
import re
import subprocess

from tests.serving import ROOT

_VENDOR = ROOT / "app" / "page" / "vendor"


def test_types_of_the_page() -> None:
    """As its comments tell them; the libraries' are those of their npm packages."""
    tsc = ["node", "tests/node_modules/typescript/bin/tsc", "-p", "tests/tsconfig.json"]
    run = subprocess.run(tsc, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_vendored_files_are_those_that_were_published() -> None:
    listed = re.findall(r"^\| (\S+/\S+) \| ([0-9a-f]{64}) \|$", (_VENDOR / "README.md").read_text(), re.MULTILINE)
    found = {str(path.relative_to(_VENDOR)) for path in _VENDOR.rglob("*") if path.is_file()}
    assert found == {name for name, _ in listed} | {"README.md"}
    for name, digest in listed:
        assert hashlib.sha256((_VENDOR / name).read_bytes()).hexdigest() == digest, name


def test_every_vendored_library_has_its_licence() -> None:
    for folder in _VENDOR.iterdir():
        assert not folder.is_dir() or "opyright" in (folder / "LICENSE").read_text()
