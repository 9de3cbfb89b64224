"""The dashboard: words, graphs and figures on why a picture stutters."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Route, expect

from tests.conftest import wait_until
from tests.page.visit import Visit, visit
from tests.server.viewers import viewing
from tests.serving import Served, serving

_SCREENS = [(1024, 768), (390, 844), (1920, 1080)]
_SLOW_DECODER = """
const decode = window.createImageBitmap.bind(window);
window.createImageBitmap = async (blob) => {
  const bitmap = await decode(blob);
  await new Promise((resolve) => setTimeout(resolve, 400));
  return bitmap;
};
window.Worker = class extends Worker {
  constructor(url, options) {
    if (String(url).includes('decode-worker')) throw new Error('none here');
    super(url, options);
  }
};
"""
"""On the page's own thread: a worker would be quicker, once it has come up."""
_LINE_PIXELS = """canvas => {
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
  let count = 0;
  for (let i = 0; i < data.length; i += 4) count += data[i + 3] > 200 && data[i + 2] > 180 && data[i] < 160;
  return count;
}"""
"""How many pixels have the colour of a graph's first line."""


@pytest.fixture
def dashboard(browser: Browser, served: Served) -> Iterator[Visit]:
    """The dashboard of a server that nobody else watches."""
    with visit(browser, f"{served.url}/dashboard") as dashboard:
        yield dashboard
        assert dashboard.errors == []


def _graph(dashboard: Visit, title: str) -> Locator:
    return dashboard.page.locator("time-graph").filter(has=dashboard.page.get_by_role("heading", name=title))


def _findings(dashboard: Visit) -> Locator:
    return dashboard.page.get_by_role("region", name="Findings")


def _figure(row: Locator, title: str) -> str:
    """What a viewer's row says under a title."""
    return row.get_by_role("cell").filter(has_text=title).inner_text().removeprefix(title).strip()


def _time(row: Locator, title: str) -> str | None:
    """The same where it is a time, else ``None``."""
    figure = _figure(row, title)
    return figure if re.fullmatch(r"[\d.]+ m?s", figure) else None


def _has_a_line(graph: Locator) -> bool:
    return bool(graph.locator("canvas").evaluate(_LINE_PIXELS) > 10)


@contextmanager
def _telling(dashboard: Visit, change: Callable[[dict[str, Any]], None]) -> Iterator[None]:
    """Have the server's figures changed on their way to the dashboard."""

    def answer(route: Route) -> None:
        figures = route.fetch().json()
        change(figures)
        route.fulfill(json=figures)

    dashboard.page.route("**/api/figures*", answer)
    yield
    dashboard.page.unroute_all(behavior="wait")


def _finding(severity: str, text: str, about: str = "network", viewer: str | None = None) -> dict[str, Any]:
    return {"about": about, "code": text, "viewer": viewer, "severity": severity, "text": text}


def test_a_viewer_is_shown_with_its_figures(browser: Browser, served: Served, dashboard: Visit) -> None:
    row = dashboard.page.get_by_role("row").filter(has_text="This tablet")
    expect(dashboard.page.get_by_text("Nobody watches right now.", exact=True)).to_be_visible()
    with visit(browser, served.url) as eyepiece:
        eyepiece.wait_for_frames(30)
        expect(row).to_contain_text("127.0.0.1 · Chrome on Linux · WebSocket")
        for title in ("Ack time", "Network", "Painting", "Latency"):
            wait_until(partial(_time, row, title), title)
        wait_until(lambda: float(_figure(row, "Frames").removesuffix(" fps")) > 1, "its frame rate")
        assert re.fullmatch(r"\d+ of \d+", _figure(row, "In flight"))
        assert re.fullmatch(r"\d+ kB/s|[\d.]+ MB/s", _figure(row, "Link"))
    expect(row).to_have_count(0)


def test_the_latency_told_is_that_of_one_clock(browser: Browser, served: Served, dashboard: Visit) -> None:
    """A tablet whose clock is an hour wrong is no later than another: it goes by the server's."""
    wrong = "const now = Date.now; Date.now = () => now() + 3600e3;"
    context = browser.new_context()
    context.add_init_script(wrong)
    context.new_page().goto(served.url)
    row = dashboard.page.get_by_role("row").filter(has_text="This tablet")
    latency = wait_until(partial(_time, row, "Latency"), "its latency")
    assert latency.endswith(" ms") or float(latency.removesuffix(" s")) < 10
    context.close()


def test_graphs_are_drawn_and_say_their_figures(dashboard: Visit) -> None:
    expect(dashboard.page.locator("time-graph")).to_have_count(8)
    for title in ("Camera", "Event loop lag", "CPU", "Memory"):
        graph = _graph(dashboard, title)
        wait_until(partial(_has_a_line, graph), f"the line of {title}")
        expect(graph.get_by_role("img")).to_have_attribute("aria-label", re.compile(r"last 60 seconds: \w+: \d"))
        expect(graph.locator("b")).to_have_text([re.compile(r"^\d")] * (2 if title == "CPU" else 1))
    dashboard.button("10 min").click()
    expect(_graph(dashboard, "Memory").get_by_role("img")).to_have_attribute(
        "aria-label", re.compile("last 10 minutes")
    )
    expect(dashboard.button("10 min")).to_have_attribute("aria-pressed", "true")


def test_devices_are_shown_by_their_threads(dashboard: Visit) -> None:
    threads = dashboard.page.get_by_label("Device threads")
    for name in ("Camera", "Stage", "Lamp"):
        expect(threads.locator(f"dt:text-is('{name}') + dd")).to_have_text(re.compile("ready|busy"))

    def kill(figures: dict[str, Any]) -> None:
        figures["now"]["devices"]["stage"]["alive"] = False
        figures["now"]["board"].update(temperature_c=81.3, throttled=["throttled"])

    with _telling(dashboard, kill):
        expect(threads.locator("dt:text-is('Stage') + dd")).to_have_text("thread has ended")
        expect(dashboard.page.get_by_label("Camera and board")).to_contain_text("81.3 °C")
        expect(dashboard.page.get_by_label("The way of a picture").get_by_text("81 °C")).to_be_visible()


def test_all_well_is_said_calmly(dashboard: Visit) -> None:
    with _telling(dashboard, lambda figures: figures.update(findings=[])):
        expect(_findings(dashboard)).to_contain_text("Everything runs well.")
        expect(_findings(dashboard)).to_contain_text("Nobody watches right now.")


def test_findings_are_told_the_worst_first_and_marked_on_the_way(dashboard: Visit) -> None:
    findings = [_finding("warning", "The link is narrow."), _finding("error", "The camera is silent.", "camera")]
    with _telling(dashboard, lambda figures: figures.update(findings=findings)):
        expect(_findings(dashboard).get_by_role("paragraph")).to_have_text(
            ["The camera is silent.", "The link is narrow."]
        )
        parts = dashboard.page.get_by_label("The way of a picture").get_by_role("listitem")
        expect(parts.filter(has_text="Camera")).to_contain_text("fault")
        expect(parts.filter(has_text="Network")).to_contain_text("check")
        expect(parts.filter(has_text="Encoder")).not_to_contain_text(re.compile("check|fault"))


def test_a_finding_is_read_out_once_though_its_figures_change(dashboard: Visit) -> None:
    polls = 0

    def count(figures: dict[str, Any]) -> None:
        nonlocal polls
        polls += 1
        figures["findings"] = [{**_finding("warning", f"It takes {polls} MB/s."), "code": "narrow-link"}]

    with _telling(dashboard, count):
        expect(_findings(dashboard)).to_contain_text(re.compile(r"It takes (?!1 )\d+ MB/s."))
        expect(dashboard.page.locator("finding-list [aria-live]")).to_have_text("Network: It takes 1 MB/s.")


def test_a_viewer_that_acknowledges_late_is_told_in_words(served: Served, dashboard: Visit) -> None:
    leaving = threading.Event()

    def acknowledge(metadata: dict[str, Any]) -> dict[str, Any]:
        leaving.wait(1.0)
        return {"frame_id": metadata["frame_id"]}

    # Two prompt ones beside it: where most are late, as on a busy machine, it is the server that is named.
    with viewing(served), viewing(served), viewing(served, acknowledge, transports=["websocket"]):
        told = re.compile(r"Its connection takes [\d.]+ MB/s and the picture needs")
        expect(_findings(dashboard)).to_contain_text(told)
        leaving.set()
    expect(_findings(dashboard)).not_to_contain_text("Its connection takes")


def test_a_viewer_that_never_acknowledges_is_told_in_words(served: Served, dashboard: Visit) -> None:
    told = "It never acknowledges a picture, and so got 2 and gets no more until it does."
    with viewing(served, lambda metadata: {"frame_id": 0}, transports=["websocket"]) as viewer:
        viewer.wait_for(2)
        expect(_findings(dashboard)).to_contain_text(told)
    expect(_findings(dashboard)).not_to_contain_text("It never acknowledges")


def test_a_tablet_that_decodes_slowly_is_told_in_words(browser: Browser, served: Served, dashboard: Visit) -> None:
    context = browser.new_context()
    context.add_init_script(_SLOW_DECODER)
    context.new_page().goto(served.url)
    findings = _findings(dashboard)
    expect(findings).to_contain_text("Tablet, this tablet")
    expect(findings).to_contain_text("the tablet is too busy")
    context.close()
    expect(findings).not_to_contain_text("the tablet is too busy")


def test_it_comes_back_with_its_server(browser: Browser, tmp_path: Path) -> None:
    with serving(tmp_path / "first") as served:
        port = urlsplit(served.url).port
        assert port
        with visit(browser, f"{served.url}/dashboard") as dashboard:
            assert served.stop() == 0
            expect(_findings(dashboard)).to_contain_text("The microscope cannot be reached.")
            expect(dashboard.page.get_by_text("Reconnecting…", exact=True)).to_be_visible()
            with serving(tmp_path / "next", port=port):
                expect(dashboard.page.get_by_text("Connected", exact=True)).to_be_visible()
                expect(_findings(dashboard)).not_to_contain_text("cannot be reached")


def test_the_microscope_leads_to_it_and_it_leads_back(eyepiece: Visit) -> None:
    eyepiece.page.get_by_role("link", name="Dashboard").click()
    expect(eyepiece.page.get_by_role("heading", name="Dashboard")).to_be_visible()
    eyepiece.page.get_by_role("link", name="Microscope").click()
    eyepiece.wait_until_connected()
    eyepiece.wait_for_frames(1)


def _boxes(dashboard: Visit) -> list[Any]:
    return [
        dashboard.page.locator(name).first.bounding_box() for name in ("picture-path", "time-graph", "machine-state")
    ]


@pytest.mark.parametrize(("width", "height"), _SCREENS)
def test_nothing_scrolls_sideways_or_jumps(browser: Browser, served: Served, width: int, height: int) -> None:
    with (
        visit(browser, f"{served.url}/dashboard", viewport={"width": width, "height": height}) as dashboard,
        visit(browser, served.url, user_agent="An-endless-name" * 13),
    ):
        page = dashboard.page
        expect(page.get_by_role("row").filter(has_text="WebSocket")).to_be_visible()
        with _telling(dashboard, lambda figures: figures.update(findings=[])):
            expect(_findings(dashboard)).to_contain_text("Everything runs well.")
            calm = _boxes(dashboard)
        many = [_finding("error", f"{n}. {'Many words. ' * 20}", viewer="somebody") for n in range(30)]
        with _telling(dashboard, lambda figures: figures.update(findings=many)):
            expect(_findings(dashboard)).to_contain_text("29. Many words.")
            assert _boxes(dashboard) == calm
            assert page.evaluate("document.documentElement.scrollWidth") == width
        for control in page.locator("button, a").all():
            box = control.bounding_box()
            assert box
            assert box["height"] >= 44
        assert dashboard.errors == []
