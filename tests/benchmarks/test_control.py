"""scripts.benchmarks.servers.control"""

import asyncio
import random

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
