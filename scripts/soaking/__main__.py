"""Soak the microscope, and say how it bore that."""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from scripts.benchmarks.verdicts import Verdict
from scripts.soaking.served import Footprint, Served
from scripts.soaking.tally import Tally
from scripts.soaking.verdicts import HEAD, Minute, as_table, errors_in, in_line, verdicts
from scripts.soaking.viewers import KINDS, coming_and_going, steady
from scripts.soaking.work import Operator

_STEADY = 2
_QUIET_S = 40.0
"""How long after the last visit those that vanished may still be held for alive."""


def main() -> int:
    """Run the soak; returns 0 where every verdict holds."""
    options = _parse()
    print(f"soak: {options.minutes:g} minutes, {options.viewers} viewers that come and go, seed {options.seed}")
    print(in_line(HEAD), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        served = Served(Path(folder))
        try:
            served.wait_until_ready()
            minutes, before, after, tally = asyncio.run(_soak(served, options))
        finally:
            code = served.stop()
        found = list(verdicts(minutes, before, after, tally, code, served.log, options.lag_ms))
        if options.log:
            options.log.write_text(served.log)
        for line in [*tally.troubles, *errors_in(served.log)][:20]:
            print("trouble:", line)
    print(f"\n{as_table(minutes)}\n\n{_told(found)}")
    print("visits:", ", ".join(f"{tally.counts[kind]} {kind}" for kind in sorted({k.__name__ for k in KINDS})))
    if options.json:
        result = {
            "options": {"minutes": options.minutes, "viewers": options.viewers, "seed": options.seed},
            "minutes": [asdict(minute) for minute in minutes],
            "before": asdict(before),
            "after": asdict(after),
            "counts": tally.counts,
            "troubles": tally.troubles,
            "verdicts": [verdict.as_dict() for verdict in found],
        }
        options.json.write_text(json.dumps(result, indent=1))
    return 0 if all(verdict.held for verdict in found) else 1


async def _soak(served: Served, options: argparse.Namespace) -> tuple[list[Minute], Footprint, Footprint, Tally]:
    rng, tally, stop = random.Random(options.seed), Tally(), asyncio.Event()
    operator = Operator(served, random.Random(rng.random()), tally)
    looking = [asyncio.create_task(steady(served.port, rng, tally)) for _ in range(_STEADY)]
    await asyncio.sleep(2)
    before = await asyncio.to_thread(served.footprint)
    visiting = [
        asyncio.create_task(coming_and_going(served.port, random.Random(rng.random()), tally, stop))
        for _ in range(options.viewers)
    ]
    working = asyncio.create_task(operator.work(stop))
    minutes = await _minutes(served, options.minutes, tally, working)
    stop.set()
    await asyncio.gather(working, *visiting)
    await asyncio.to_thread(operator.look_at_all)
    await _until_alone(served)
    after = await asyncio.to_thread(served.footprint)
    for task in looking:
        if task.done():
            tally.trouble(f"a steady viewer was sent away: {task.exception()!r}")
        task.cancel()
    await asyncio.gather(*looking, return_exceptions=True)
    return minutes, before, after, tally


async def _minutes(served: Served, count: float, tally: Tally, working: "asyncio.Task[None]") -> list[Minute]:
    """Take down each minute as it ends; the last may be a part of one."""
    found: list[Minute] = []
    began_s = last_s = time.monotonic()
    counts, frames, troubles = Counter(tally.counts), tally.steady_frames, len(tally.troubles)
    while last_s < began_s + 60 * count:
        until_s = min(began_s + 60 * (len(found) + 1), began_s + 60 * count)
        await asyncio.wait([working], timeout=max(0.1, until_s - time.monotonic()))
        if working.done():
            await working  # raises what ended it
        now_s = time.monotonic()
        figures = (await asyncio.to_thread(served.get, "/api/figures"))["now"]
        done = tally.counts - counts
        found.append(
            Minute(
                minute=round((now_s - began_s) / 60, 1),
                footprint=await asyncio.to_thread(served.footprint),
                viewers=len(figures["viewers"]),
                lag_p99_ms=figures["server"]["loop_lag_ms"]["p99"],
                lag_max_ms=figures["server"]["loop_lag_ms"]["max"],
                steady_fps=(tally.steady_frames - frames) / _STEADY / (now_s - last_s),
                moves=done["moves"],
                captures=done["captures"],
                refusals=done["refusals"],
                visits=sum(done[name] for name in {kind.__name__ for kind in KINDS}),
                troubles=len(tally.troubles) - troubles,
            )
        )
        print(in_line(found[-1].cells()), flush=True)
        last_s, counts, frames, troubles = now_s, Counter(tally.counts), tally.steady_frames, len(tally.troubles)
    return found


async def _until_alone(served: Served) -> None:
    """Wait until the server has forgotten all but the steady viewers, at most for as long as it holds the dead."""
    deadline_s = time.monotonic() + _QUIET_S
    while time.monotonic() < deadline_s:
        figures = await asyncio.to_thread(served.get, "/api/figures")
        if len(figures["now"]["viewers"]) <= _STEADY:
            return
        await asyncio.sleep(1)


def _told(found: list[Verdict]) -> str:
    lines = [f"{'ok  ' if v.held else 'MISS'}  {v.claim}: {v.figure:.4g} (at most {v.limit:.4g})" for v in found]
    return "\n".join(lines)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="soak", description="Use and misuse the simulated microscope for long; exit code 1 where it suffers."
    )
    parser.add_argument("--minutes", type=float, default=20.0, metavar="N", help="how long (default: %(default)g)")
    parser.add_argument("--viewers", type=int, default=8, help="that come and go at once (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6), help="of all choices")
    parser.add_argument(
        "--lag-ms", type=float, default=100.0, help="the loop's p99 that is allowed (default: %(default)g)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    parser.add_argument("--log", type=Path, metavar="FILE", help="keep the server's log there")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
