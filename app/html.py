"""The HTML pages, filled in with where their modules are, so that a browser fetches all of them at once."""

import json
import posixpath
import re
from collections.abc import Iterator

from app.assets import Assets

_LIBRARIES = {
    "lit": "vendor/lit-3.3.3/index.js",
    "lit-html": "vendor/lit-html-3.3.3/lit-html.js",
    "lit-html/": "vendor/lit-html-3.3.3/",
    "lit-element/": "vendor/lit-element-4.2.2/",
    "@lit/reactive-element": "vendor/reactive-element-2.1.2/reactive-element.js",
    "socket.io-client": "vendor/socket.io-client-4.8.4/socket.io.esm.min.js",
    "uplot": "vendor/uplot-1.6.32/uPlot.esm.js",
}
_IMPORT = re.compile(r"""(?:^|[;}])\s*(?:import|export)\s*(?:[\w$*{}\s,]+?\bfrom\s*)?["']([^"']+)["']""", re.MULTILINE)
_WORDS = re.compile(r"\bawait learn\('(\w+)'\)")
"""What a module waits for besides (``text.js``): a catalogue, in a language that only the reader decides."""
_ENTRY = re.compile(r'<script type="module"(?: async)? src="%BASE%/([^"]+)"')
_LATER = re.compile("%PRELOADS ([^%]+)%")
"""The modules that this one adds to those that the page begins with."""
_UNCACHED = ("vendor/swagger-ui", "service-worker.js")
_LANGUAGE = "en"


class Pages:
    """The pages of some assets."""

    def __init__(self, assets: Assets) -> None:
        self._assets = assets
        self.import_map = json.dumps({"imports": {name: f"{assets.base}/{at}" for name, at in _LIBRARIES.items()}})
        """What is inline in every page: a browser takes an import map from nowhere else."""
        self.languages = sorted({name.split("/")[1] for name in assets.names if name.startswith("text/")})
        self._texts = {name: self._fill(name) for name in assets.names if "/" not in name and name.endswith(".html")}

    @property
    def all(self) -> list[bytes]:
        """Every page as it is served in one of the languages."""
        return [self.render(name, _LANGUAGE) for name in self._texts]

    def render(self, name: str, language: str) -> bytes:
        """A page for a reader of ``language``, one of ``languages``."""
        return self._texts[name].replace("%LANGUAGE%", language).encode()

    def etag(self, language: str) -> str:
        """What changes whenever a page would be another."""
        return f'"{self._assets.version}-{language}"'

    def choose_language(self, accepted: str) -> str:
        """The first language of an ``Accept-Language`` header that there is, as a browser's own list has it."""
        wanted = (part.split(";")[0].split("-")[0].strip().lower() for part in accepted.split(","))
        return next((language for language in wanted if language in self.languages), _LANGUAGE)

    def service_worker(self) -> bytes:
        """The script that keeps the page's files in the browser, with what it has to keep."""
        files = [f"{self._assets.base}/{name}" for name in self._assets.names if _is_shell(name)]
        kept = json.dumps({"version": self._assets.version, "base": self._assets.base, "files": files})
        return f"const SHELL = {kept};\n{self._assets.text('service-worker.js')}".encode()

    def _fill(self, name: str) -> str:
        text = self._assets.text(name)
        first = self.modules(*_ENTRY.findall(text))
        if first:
            text = text.replace("%PRELOADS%", self._preloads(first))
        for later in _LATER.findall(text):
            added = [module for module in self.modules(later) if module not in first]
            text = text.replace(f"%PRELOADS {later}%", self._preloads(added))
        return text.replace("%IMPORTS%", self.import_map).replace("%BASE%", self._assets.base)

    def _preloads(self, modules: list[str]) -> str:
        return "\n    ".join(f'<link rel="modulepreload" href="{self._assets.base}/{module}">' for module in modules)

    def modules(self, *entries: str) -> list[str]:
        """Modules and all that they import at once, directly or not, with the words in ``%LANGUAGE%``."""
        found = list(entries)
        for name in found:  # it grows meanwhile
            found += [other for other in self._imports(name) if other not in found]
        return found

    def _imports(self, name: str) -> Iterator[str]:
        if name.startswith("text/"):
            return
        text = self._assets.text(name)
        for wanted in dict.fromkeys(_IMPORT.findall(text)):
            if wanted.startswith("."):
                yield posixpath.normpath(posixpath.join(posixpath.dirname(name), wanted))
            elif wanted in _LIBRARIES:
                yield _LIBRARIES[wanted]
            else:
                folder, _, rest = wanted.partition("/")
                yield f"{_LIBRARIES[f'{folder}/']}{rest}"
        for part in _WORDS.findall(text):
            yield f"text/%LANGUAGE%/{part}.js"


def _is_shell(name: str) -> bool:
    return name.endswith((".js", ".css", ".svg")) and not name.startswith(_UNCACHED)
