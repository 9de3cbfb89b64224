"""What this program is made of."""

import functools
import platform
import re
import sys
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution, packages_distributions

from app import __version__
from app.assets import page_assets

_VENDORED = re.compile(r"^## (\S+)@(\S+)\n+Licence: (.+)$", re.MULTILINE)
_LICENCE_CLASSIFIER = "License :: "
_LONGEST_LICENCE = 60
"""Some put the whole text of their licence where its name belongs."""


@dataclass(frozen=True)
class Library:
    """A library that is part of the program; ``where`` is ``server`` or ``page``."""

    name: str
    version: str
    licence: str
    where: str


@dataclass(frozen=True)
class About:
    """The program, what it runs on, and the libraries in it."""

    name: str
    version: str
    licence: str
    python: str
    system: str
    libraries: list[Library]


@functools.cache
def about() -> About:
    """What is known of the program; the libraries are those that are in use, by name."""
    return About(
        name="Eyepiece",
        version=__version__,
        licence="BSD-3-Clause",
        python=platform.python_version(),
        system=f"{platform.system()} {platform.release()} ({platform.machine()})",
        libraries=_server_libraries() + _page_libraries(),
    )


def _server_libraries() -> list[Library]:
    loaded = {name.partition(".")[0] for name in sys.modules}
    names = {name for module, names in packages_distributions().items() if module in loaded for name in names}
    found = [distribution(name) for name in sorted(names, key=str.lower)]
    return [Library(each.name, each.version, licence_of(each), "server") for each in found]


def licence_of(library: Distribution) -> str:
    """A licence's name as a Python package tells it, in the one or another of three places; empty where it does not."""
    metadata = library.metadata
    classified = [
        value.rpartition(" :: ")[2]
        for value in metadata.get_all("Classifier", [])
        if value.startswith(_LICENCE_CLASSIFIER)
    ]
    told = [*metadata.get_all("License-Expression", []), *metadata.get_all("License", []), ", ".join(classified)]
    return next((name for name in told if name and len(name) <= _LONGEST_LICENCE and "\n" not in name), "")


def _page_libraries() -> list[Library]:
    listed = (page_assets().folder / "vendor" / "README.md").read_text()
    return [Library(name, version, licence, "page") for name, version, licence in _VENDORED.findall(listed)]
