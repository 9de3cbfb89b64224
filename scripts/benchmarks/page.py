"""The page for minutes in a real browser on the simulated microscope, on one machine with it.

Chromium paints 30 pictures of 1280 x 720 a second. After each minute the heap is measured, once what can be thrown away
is thrown away. Tasks of the main thread over 50 ms, which the browser calls long, count from the second minute
on: the first has the page's start in it.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Page, sync_playwright

from scripts.benchmarks import machine
from scripts.benchmarks.table import Cell, table
from tests.serving import serving

_CHROMIUM = "/usr/bin/chromium"
_HEAD = ("minute", "painted per s", "heap, MB", "DOM nodes", "listeners", "tasks over 50 ms", "longest, ms")
_MOST_GROWTH_MB = 1.0
_WATCH = """() => {
  const seen = (window.pageSoak = { painted: 0, long: 0, longestMs: 0 });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      seen.long += 1;
      seen.longestMs = Math.max(seen.longestMs, duration);
    }
  }).observe({ type: 'longtask' });
  const view = document.querySelector('eye-piece').shadowRoot.querySelector('live-view');
  view.addEventListener('frame-done', ({ detail }) => (seen.painted += detail.paintedMs !== undefined));
}"""
_TAKE = """() => {
  const { painted, long, longestMs } = window.pageSoak;
  Object.assign(window.pageSoak, { painted: 0, long: 0, longestMs: 0 });
  return [painted, long, longestMs];
}"""


def measure(page: Page, devtools: CDPSession, minutes: int, minute_s: float = 60) -> list[list[Cell]]:
    """Watch a page that shows the live picture; returns a row for each minute, as ``_HEAD`` names them."""
    page.evaluate(_WATCH)
    rows: list[list[Cell]] = []
    for minute in range(1, minutes + 1):
        page.wait_for_timeout(1000 * minute_s)
        painted, long, longest_ms = page.evaluate(_TAKE)
        rows.append([minute, painted / minute_s, *memory(devtools), long, round(longest_ms)])
        page.evaluate(_TAKE)  # collecting garbage is a long task of this measurement's own
    return rows


def memory(devtools: CDPSession) -> tuple[float, int, int]:
    """Megabytes of the heap with its buffers, DOM nodes and listeners, without what is only not yet thrown away."""
    for _ in range(2):
        devtools.send("HeapProfiler.collectGarbage")
    heap = devtools.send("Runtime.getHeapUsage")
    counted = devtools.send("Memory.getDOMCounters")
    heap_mb = round((heap["usedSize"] + heap["backingStorageSize"]) / 1e6, 2)
    return heap_mb, counted["nodes"], counted["jsEventListeners"]


def verdicts(rows: list[list[Cell]]) -> dict[str, bool]:
    """What is asked for, and whether it was so: from the second minute on."""
    settled: list[Any] = rows[1:] or rows
    growth_mb = settled[-1][2] - settled[0][2]
    return {
        f"no task of the main thread over 50 ms: {sum(row[5] for row in settled)}": all(row[5] == 0 for row in settled),
        f"the heap is flat: {growth_mb:+.2f} MB": growth_mb < _MOST_GROWTH_MB,
    }


def main(arguments: list[str] | None = None) -> int:
    """Measure and tell; exit code 1 where it was not as it should be."""
    parser = argparse.ArgumentParser(prog="scripts/page-soak", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--minutes", type=int, default=5, help="how long to watch (5)")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "data") as served, sync_playwright() as play:
        flags = ["--no-sandbox", "--disable-gpu"]
        browser = play.chromium.launch(executable_path=_CHROMIUM, args=flags)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(served.url)
        page.get_by_text("Connected", exact=True).wait_for()
        rows = measure(page, page.context.new_cdp_session(page), options.minutes)
        browser.close()
    told = machine.describe()
    print(f"{told['cpu']}, {told['cores']} cores\n\n{table(_HEAD, rows)}\n")
    judged = verdicts(rows)
    for text, good in judged.items():
        print(f"{'ok' if good else 'MISSED':8}{text}")
    return 0 if all(judged.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
