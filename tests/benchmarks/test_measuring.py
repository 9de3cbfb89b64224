"""The bench on real servers, for moments: what it reports has to be so."""

import subprocess
from typing import Any

import pytest

from scripts.benchmarks.clients.plan import Group
from scripts.benchmarks.contestants import CONTESTANTS, EYEPIECE, SOCKETIO_PATH, Contestant
from scripts.benchmarks.processes import ChildFailed, Server, measure, python, serving, viewing
from scripts.benchmarks.scenarios.neighbours import fast, slow_link

FAST: dict[str, Any] = {"warmup_s": 0.1, "window_s": 0.5}
HERE = [contestant for contestant in CONTESTANTS if contestant.missing is None]


def groups_of(result: dict[str, Any]) -> dict[str, Any]:
    """What each group of viewers got."""
    groups: dict[str, Any] = result["groups"]
    return groups


@pytest.mark.parametrize("contestant", HERE, ids=lambda contestant: contestant.title)
def test_frames_of_each_server_arrive_in_order_and_cost_something(contestant: Contestant) -> None:
    with serving(contestant.command) as server:
        result = measure(server, [contestant.group(server.port, 2)], fps=60.0, hasty_warmup=True, **FAST)
    got = groups_of(result)["viewers"]
    assert got["frames"] > 0
    assert got["bytes"] == got["frames"] * 100_000
    assert got["disorder"] == 0
    assert got["latency_s"]["p50"] > 0
    assert result["server_cpu_s"] > 0


def test_unpaced_frames_are_made_as_viewers_take_them() -> None:
    floor = next(contestant for contestant in CONTESTANTS if contestant.floor)
    with serving(floor.command) as server:
        result = measure(server, [floor.group(server.port, 2)], fps=None, warmup_s=0.1, window_s=1.0)
    # Where nobody takes anything, a frame is made every 1/30 s.
    assert result["made"] > 40 * result["window_s"]


def test_difficult_viewers_behave_as_they_are_meant_to() -> None:
    def group(name: str, conduct: Any) -> Group:
        return Group(name, "socketio", server.port, 1, conduct, path=SOCKETIO_PATH, in_step=False)

    with serving(EYEPIECE) as server:
        difficult = [group("stalled", "stalls"), group("silent", "never-acks"), group("visitor", "comes-and-goes")]
        result = measure(server, [fast(server, 2), *difficult], fps=60.0, warmup_s=1.0, window_s=2.0)
    groups = groups_of(result)
    assert groups["stalled"]["frames"] == 0
    assert groups["silent"]["frames"] <= 2
    assert groups["visitor"]["visits"] >= 1
    assert groups["fast"]["frames"] > groups["silent"]["frames"]


def test_a_slow_link_is_one_and_signals_are_timed_on_it() -> None:
    with serving(EYEPIECE) as server, slow_link(server, 400_000) as port:
        viewer = Group("slow", "socketio", port, 1, path=SOCKETIO_PATH, full_size=True)
        result = measure(server, [viewer], fps=30.0, warmup_s=0.5, window_s=3.0, signals=True)
    slow = groups_of(result)["slow"]
    assert 0 < slow["bytes"] <= 1.3 * 400_000 * result["window_s"]
    assert slow["latency_s"]["p50"] > 0.1
    assert slow["signal_s"]["count"] > 0


def test_a_server_tells_its_loops_lag_and_its_drops() -> None:
    with serving(EYEPIECE) as server:
        measure(server, [fast(server, 1)], fps=30.0, lag_s=0.5, **FAST)
    assert server.told["loop_lags_s"]
    assert all(lag_s >= 0 for lag_s in server.told["loop_lags_s"])
    assert set(server.told["dropped"]) == {"loop", "window", "rate", "link"}


def test_stops_are_timed() -> None:
    with serving(EYEPIECE) as server, viewing(server, [fast(server, 1)], fps=60.0, warmup_s=0.1, window_s=60.0):
        command = python("scripts.benchmarks.commander", str(server.port), "3")
        told = subprocess.run(command, capture_output=True, check=True).stdout
    assert told.count(b",") == 5  # two lists of three


def test_a_server_that_does_not_start_is_an_error_with_its_last_words() -> None:
    with (
        pytest.raises(ChildFailed, match=r"No module named scripts\.benchmarks\.servers\.nothing"),
        serving(python("scripts.benchmarks.servers.nothing")),
    ):
        pytest.fail("there is no such server")


def test_viewers_that_cannot_get_in_are_an_error() -> None:
    with pytest.raises(ChildFailed, match="viewers"), serving(python("scripts.benchmarks.servers.floor")) as server:
        measure(Server(server.process, port=1), [fast(Server(server.process, port=1), 1)], fps=30.0, **FAST)
