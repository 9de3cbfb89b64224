import pytest

from scripts.benchmarks.profile import package_of, self_times, tables

STACKS = [
    "thread (11): server;run (app/server.py);write (app/wire.py) 30",
    "thread (11): server;run (app/server.py) 10",
    "thread (12): light;wait (threading.py) 40",
    "thread (13) 1",
]


def test_a_threads_cpu_time_is_shared_out_by_its_own_samples() -> None:
    spent_s = self_times(STACKS, {11: 2.0, 12: 0.1})
    assert spent_s == {
        ("server", "write (app/wire.py)"): pytest.approx(1.5),
        ("server", "run (app/server.py)"): pytest.approx(0.5),
        ("light", "wait (threading.py)"): pytest.approx(0.1),
    }


def test_the_shares_of_a_frame_add_up() -> None:
    by_thread, by_package, by_function = tables(self_times(STACKS, {11: 2.0, 12: 2.0}), frame_ms=0.4)
    assert by_thread.splitlines()[2].split() == ["server", "50.0%", "0.2000"]
    assert {line.split("  ")[0] for line in by_package.splitlines()[2:]} == {"app", "the standard library"}
    assert by_function.splitlines()[2].split() == ["light:", "wait", "(threading.py)", "50.0%", "0.2000"]


@pytest.mark.parametrize(
    ("frame", "package"),
    [
        ("WebSocketDoor.write (app/wire.py)", "app"),
        ("send (uvicorn/protocols/http.py:12)", "uvicorn"),
        ("Condition.wait (threading.py)", "the standard library"),
        ("epoll_wait", "epoll_wait"),
    ],
)
def test_a_function_belongs_to_its_package(frame: str, package: str) -> None:
    assert package_of(frame) == package
