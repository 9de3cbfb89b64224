"""A browser of each engine on a real server."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.conftest import PATIENCE_S
from tests.engines.engine import Engine
from tests.engines.firefox import Firefox
from tests.engines.tablet import Tablet
from tests.engines.webkit import WebKit
from tests.serving import Served, free_port, serving

_WIDTH, _HEIGHT = 1024, 768
_ENGINES: dict[str, Callable[[Path, int, int], Engine]] = {"firefox": Firefox, "webkit": WebKit}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("engines") / "data", "--simulate", port=free_port()) as served:
        yield served


@pytest.fixture(scope="module", params=_ENGINES)
def browser(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    home = tmp_path_factory.mktemp("browser") / request.param
    with closing(_ENGINES[request.param](home, _WIDTH, _HEIGHT)) as browser:
        yield browser


@pytest.fixture
def http(served: Served) -> Iterator[httpx.Client]:
    """The same server, past the page; the stage starts from the middle."""
    with httpx.Client(base_url=served.url, timeout=PATIENCE_S) as client:
        client.post("/api/stage/move", json={"x_um": 0, "y_um": 0, "z_um": 0}).raise_for_status()
        yield client


@pytest.fixture
def tablet(browser: Engine, served: Served, http: httpx.Client) -> Iterator[Tablet]:
    """The page, connected; it must not complain."""
    tablet = Tablet(browser)
    browser.open(f"{served.url}/")
    tablet.wait_for("^Connected$")
    yield tablet
    assert tablet.complaints() == []
