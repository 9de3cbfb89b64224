"""The page's files: named by their contents, compressed once, and all of them asked for at once."""

import gzip
import importlib
import json
import re
from pathlib import Path

import pytest

from app.about import about
from app.assets import Assets, page_assets
from app.html import Pages
from app.routes.page import takes_gzip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {
        "index.html": '<script type="importmap">%IMPORTS%</script>%PRELOADS%<script type="module" src="%BASE%/a.js">'
        "<template>%PRELOADS later.js%</template>",
        "a.js": "import './text.js';\nimport './b.js';\n"
        "import {\n  x,\n} from './deep/c.js';\nconst later = () => import('./later.js');\n",
        "b.js": "/** @typedef {import('./typed.js').T} T */\nexport { y } from './a.js';\n",
        "deep/c.js": 'import{render as x}from"lit-html";import"../b.js";export{x};\n',
        "vendor/lit-html-3.3.3/lit-html.js": "export const render = 1;\n",
        "later.js": "import './b.js';\nimport './later-text.js';\n",
        "later-text.js": "import { learn } from './text.js';\n\nexport const t = await learn('later');\n",
        "text.js": "/** By `await learn('PART')`. */\nexport const t = await learn('page');\n",
        "typed.js": "",
        **{f"text/{language}/{part}.js": "" for language in ("en", "de") for part in ("page", "later")},
        "service-worker.js": "self.x = SHELL;\n",
        "notes.md": "for readers of the source",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_any_change_of_a_file_changes_the_version_and_a_note_does_not(folder: Path) -> None:
    before = Assets(folder).version
    (folder / "notes.md").write_text("another")
    assert Assets(folder).version == before
    (folder / "later.js").write_text("1;")
    assert Assets(folder).version != before


def test_a_file_is_found_for_good_below_its_version_and_for_now_without(folder: Path) -> None:
    assets = Assets(folder)
    asset, for_good = assets.find(f"{assets.version}/deep/c.js") or pytest.fail("not found")
    assert for_good
    assert gzip.decompress(asset.body(packed=True)) == asset.body(packed=False) == (folder / "deep/c.js").read_bytes()
    assert assets.find("deep/c.js") == (asset, False)
    for strange in ("", "deep", "../secret", "notes.md", "0123456789abcdef/deep/c.js", f"{assets.version}/../a.js"):
        assert assets.find(strange) is None, strange


def test_comments_stay_with_the_source_and_lines_keep_their_numbers(folder: Path) -> None:
    source = "/**\n * Why.\n */\nconst a = /** @type {any} */ (1);\n  // how\nconst b = '/** no */'; // kept\n"
    source += "/** @type {any} */ (a).b = 1;\n/** one */ const c = `//`; /** two */\n"
    (folder / "a.js").write_text(source)
    asset, _ = Assets(folder).find("a.js") or pytest.fail("not found")
    served = source.replace("/**\n * Why.\n */", "\n\n").replace("  // how", "")
    assert asset.body(packed=False).decode() == served


def test_a_page_asks_for_every_module_that_it_will_import_and_for_its_words(folder: Path) -> None:
    assets = Assets(folder)
    pages = Pages(assets)
    page, template = pages.render("index.html", "de").decode().split("<template>")
    asked = re.findall(rf'modulepreload" href="{assets.base}/([^"]+)"', page)
    assert asked == ["a.js", "text.js", "b.js", "deep/c.js", "text/de/page.js", "vendor/lit-html-3.3.3/lit-html.js"]
    later = re.findall(rf'modulepreload" href="{assets.base}/([^"]+)"', template)
    assert later == ["later.js", "later-text.js", "text/de/later.js"], "what is not there by then"
    assert [inline for each in pages.all for inline in re.findall(r">(.+?)</script>", each.decode())] == [
        pages.import_map
    ]
    imports = json.loads(pages.import_map)["imports"]
    assert imports["lit-html"] == f"{assets.base}/vendor/lit-html-3.3.3/lit-html.js"


def test_each_page_asks_for_the_words_that_it_says() -> None:
    pages = Pages(page_assets())
    for name, parts in {"index.html": {"page", "controls"}, "dashboard.html": {"page", "dashboard"}}.items():
        assert set(re.findall(r'/text/de/(\w+)\.js"', pages.render(name, "de").decode())) == parts


def test_the_service_worker_knows_all_that_it_has_to_keep(folder: Path) -> None:
    assets = Assets(folder)
    first, second = Pages(assets).service_worker().decode().splitlines()
    kept = json.loads(first.removeprefix("const SHELL = ").removesuffix(";"))
    assert (kept["version"], kept["base"], second) == (assets.version, assets.base, "self.x = SHELL;")
    names = {name.removeprefix(f"{assets.base}/") for name in kept["files"]}
    assert {"a.js", "later.js", "text/de/later.js"} <= names
    assert not names & {"service-worker.js", "index.html"}


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("de-DE,de;q=0.9,en;q=0.8", "de"), ("fr, de;q=0.5", "de"), ("en-US", "en"), ("", "en"), ("fr", "en")],
)
def test_the_first_language_that_there_is_counts(accepted: str, language: str) -> None:
    assert Pages(page_assets()).choose_language(accepted) == language


@pytest.mark.parametrize(
    ("accepted", "taken"),
    [
        ("gzip, deflate, br", True),
        ("GZIP;q=0.5", True),
        ("*", True),
        ("", False),
        ("br", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000, *", False),
        ("identity, *;q=0", False),
    ],
)
def test_gzip_is_sent_to_those_who_take_it(accepted: str, taken: bool) -> None:
    assert takes_gzip(accepted) is taken


def test_every_library_is_told_with_its_version_and_its_licence() -> None:
    names = ("fastapi", "numpy", "pydantic")
    for name in names:
        importlib.import_module(name)
    about.cache_clear()
    told = {(library.where, library.name.lower()): library for library in about().libraries}
    for name in names:
        assert told["server", name].version
        assert told["server", name].licence
    assert told["page", "lit"].licence == "BSD-3-Clause"
    assert {"socket.io-client", "uplot"} <= {library for where, library in told if where == "page"}
