import os
import threading
import time

from scripts.benchmarks.machine import Usage, cpu_s, describe, memory_bytes, threads_cpu_s
from tests.conftest import wait_until


def test_the_cpu_time_of_a_process_counts_all_its_threads() -> None:
    before = cpu_s(os.getpid())
    enough = threading.Event()
    worker = threading.Thread(target=lambda: [sum(range(1000)) for _ in iter(enough.is_set, True)])
    worker.start()
    wait_until(lambda: cpu_s(os.getpid()) - before > 0.05, "50 ms of work")
    threads = threads_cpu_s(os.getpid())
    enough.set()
    worker.join()
    assert worker.native_id in threads
    assert threads[worker.native_id] > 0


def test_the_memory_of_a_process_grows_with_what_it_holds() -> None:
    before = memory_bytes(os.getpid())
    held = bytearray(b"x" * 50_000_000)
    assert memory_bytes(os.getpid()) - before > 40_000_000
    assert len(held) == 50_000_000


def test_the_others_share_is_one() -> None:
    usage, began = Usage(), time.monotonic()
    # Whatever it is by then: below that, the ticks in which the machine's time is counted are most of it.
    wait_until(lambda: time.monotonic() - began > 0.3)
    assert 0 <= usage.foreign() <= 1


def test_a_machine_has_cores_and_versions() -> None:
    found = describe()
    assert found["cores"] >= 1
    assert "uvicorn" in found["packages"]
