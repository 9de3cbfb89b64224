"""scripts.benchmarks.servers.control"""

import asyncio
import random
import subprocess
import sys

import pytest

from scripts.benchmarks.servers import control
from tests.conftest import PATIENCE_S, run_async


def test_a_lag_probe_that_its_own_loop_stops_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """While it stops the probe the loop answers nothing; a thousand tries find the moment when that matters."""
    monkeypatch.setattr(control, "_PROBE_GAP_S", (0.0, 0.0001))
    chance = random.Random(5)

    async def probe() -> None:
        lag_probe = control.LagProbe(asyncio.get_running_loop())
        lag_probe.start()
        await asyncio.sleep(chance.uniform(0.0002, 0.001))
        assert all(0 <= lag_s < PATIENCE_S for lag_s in lag_probe.stop())

    async def probe_often() -> None:
        for _ in range(1000):
            await probe()

    run_async(probe_often())


def test_who_waits_for_the_end_heeds_no_command_before() -> None:
    code = "from scripts.benchmarks.servers.control import wait_for_the_end as wait; print(flush=True); wait()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == b"\n"
        process.stdin.write(b"fff")
        process.stdin.flush()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.3)
        process.stdin.close()
        assert process.wait(PATIENCE_S) == 0
