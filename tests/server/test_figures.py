"""How the microscope fares, as the real server tells it."""

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.app.test_metrics import COUNTERS, GAUGES, HISTOGRAMS
from tests.conftest import wait_until
from tests.server.viewers import viewing
from tests.serving import Served


def figures(http: httpx.Client, since: float = 0.0) -> dict[str, Any]:
    answer = http.get("/api/figures", params={"since": since})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


@contextmanager
def viewer(served: Served, paints_after_s: float) -> Iterator[None]:
    """Somebody who wants the full size, acknowledges each frame, and says that it took so long to paint it."""

    def acknowledgement(metadata: dict[str, Any]) -> dict[str, Any]:
        now = time.time()
        return {"frame_id": metadata["frame_id"], "received_at": now, "painted_at": now + paints_after_s}

    with viewing(served, acknowledgement, transports=["websocket"]) as viewer:
        viewer.want_full_size()
        yield


def test_figures_of_a_server_at_rest(http: httpx.Client) -> None:
    def ready() -> Any:
        told = figures(http)
        statuses = [device["status"] for device in told["now"]["devices"].values()]
        return told if statuses == ["ready"] * 3 and told["history"]["at"] else None

    told = wait_until(ready)
    assert told["interval_s"] == 1.0
    now = told["now"]
    assert abs(now["at"] - time.time()) < 60
    assert now["server"]["memory_bytes"] > 20_000_000
    assert 0 <= now["server"]["loop_lag_ms"]["p50"] <= now["server"]["loop_lag_ms"]["max"]
    assert now["camera"]["status"] == "ready"
    assert now["devices"] == {name: {"alive": True, "status": "ready"} for name in ("camera", "stage", "light")}
    assert {"temperature_c", "throttled"} <= set(now["board"])
    assert now["viewers"] == []
    assert set(told["history"]) == {
        "at", "camera_fps", "encode_ms", "loop_lag_ms", "cpu_percent", "machine_cpu_percent", "memory_bytes",
        "sent_fps", "dropped_fps", "viewers", "latency_ms", "ack_ms", "temperature_c",
    }  # fmt: skip


def test_history_goes_on_from_where_the_asker_was(http: httpx.Client) -> None:
    first = wait_until(lambda: figures(http)["history"]["at"])
    later = wait_until(lambda: figures(http, since=first[-1])["history"]["at"])
    assert later[0] > first[-1]
    assert figures(http, since=later[-1] + 3600)["history"]["at"] == []


@pytest.mark.parametrize("since", ["yesterday", "nan", "inf", ""])
def test_bad_since(http: httpx.Client, since: str) -> None:
    answer = http.get("/api/figures", params={"since": since})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert "since" in answer.json()["detail"]


def test_a_viewer_that_paints_late_is_told_so(served: Served, http: httpx.Client) -> None:
    def about_the_viewer() -> Any:
        told = figures(http)
        return [told for finding in told["findings"] if finding["code"] == "paints-late"]

    with viewer(served, paints_after_s=0.4):
        told = wait_until(about_the_viewer)[0]
        [watcher] = told["now"]["viewers"]
        [finding] = [finding for finding in told["findings"] if finding["code"] == "paints-late"]
        assert watcher["you"]
        assert [watcher["kind"], watcher["size"]] == ["websocket", "full"]
        assert watcher["paint_ms"] == pytest.approx(400, abs=1)
        assert [finding["about"], finding["viewer"], finding["severity"]] == ["viewer", watcher["id"], "warning"]
        assert told["now"]["camera"]["encode_ms"] > 0
        assert told["now"]["camera"]["frame_bytes"] > 1000
    wait_until(lambda: not figures(http)["now"]["viewers"])


def test_metrics_under_their_names(served: Served, http: httpx.Client) -> None:
    def read() -> dict[str, float]:
        """Each metric's sum over all labels."""
        answer = http.get("/metrics")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/plain; version=")
        found: dict[str, float] = defaultdict(float)
        for family in text_string_to_metric_families(answer.text):
            for sample in family.samples:
                found[sample.name] += sample.value
        return found

    with viewer(served, paints_after_s=0.01):
        wait_until(lambda: read()["eyepiece_frames_acknowledged_total"])
        found = wait_until(lambda: (found := read())["eyepiece_loop_lag_seconds_count"] > 1 and found)
    on_the_board = {"eyepiece_board_temperature_celsius", "eyepiece_board_throttled"}
    assert {*COUNTERS.split(), *GAUGES.split()} - on_the_board <= set(found)
    assert {f"{name}_count" for name in HISTOGRAMS.split()} <= set(found)
    for name in ("captured", "encoded", "sent", "acknowledged"):
        assert found[f"eyepiece_frames_{name}_total"] > 0
    assert found["eyepiece_viewer_window"] >= 1
    assert found["process_resident_memory_bytes"] > 20_000_000
