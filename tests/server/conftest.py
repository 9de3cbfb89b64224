"""One simulated microscope for the tests of a file."""

from collections.abc import Iterator

import httpx
import pytest

from tests.conftest import PATIENCE_S, wait_until
from tests.serving import Served, serving


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("served") / "data") as served:
        yield served


@pytest.fixture
def http(served: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.url, timeout=PATIENCE_S) as client:
        yield client


@pytest.fixture
def at_rest(http: httpx.Client) -> None:
    """Each test begins with the stage at the origin, the lamp and camera as they start."""
    http.post("/api/stage/stop")
    wait_until(lambda: http.get("/api/stage").json()["status"] == "ready", "the stage's rest")
    http.post("/api/stage/move", json={"x_um": 0, "y_um": 0, "z_um": 0}).raise_for_status()
    http.put("/api/light", json={"brightness": 0.5}).raise_for_status()
    http.post("/api/camera/reset").raise_for_status()
