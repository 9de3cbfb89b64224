"""A real browser on a real server."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.conftest import PATIENCE_S, wait_until
from tests.page.tablet import Tablet, as_it_begins, in_hand
from tests.page.visit import Visit, visit
from tests.serving import Served, serving

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# Not for the whole session: while it runs, Playwright's loop is taken for running in every test of this thread.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("page") / "data") as served:
        yield served


@pytest.fixture
def http(served: Served) -> Iterator[httpx.Client]:
    """The same server, past the page; it starts from the middle of the slide with its first light."""
    with httpx.Client(base_url=served.url, timeout=PATIENCE_S) as client:
        # What the test before has set in motion may have to come to its end.
        wait_until(lambda: client.post("/api/stage/move", json={"x_um": 0, "y_um": 0, "z_um": 0}).is_success)
        client.put("/api/light", json={"on": True, "brightness": 0.5}).raise_for_status()
        settings = {"exposure_us": 10_000, "gain": 1.0, "auto_exposure": False}
        client.patch("/api/camera", json=settings).raise_for_status()
        yield client


@pytest.fixture
def eyepiece(browser: Browser, served: Served, http: httpx.Client) -> Iterator[Visit]:
    """The page, connected and showing frames; it must stay without errors and without foreign requests."""
    with visit(browser, served.url) as eyepiece:
        yield eyepiece
        assert eyepiece.errors == []


@pytest.fixture(scope="module")
def held(browser: Browser, served: Served) -> Iterator[Tablet]:
    """One tablet for all tests of a file."""
    with in_hand(browser, served.url) as tablet:
        yield tablet


@pytest.fixture
def tablet(held: Tablet, http: httpx.Client) -> Tablet:
    """That tablet, as each test begins."""
    return as_it_begins(held, http)
