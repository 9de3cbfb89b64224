"""Servers that go, come back, or lack a device."""

from pathlib import Path
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import Browser, expect

from tests.conftest import wait_until
from tests.page.visit import visit
from tests.serving import serving


def test_the_page_comes_back_with_its_server(browser: Browser, tmp_path: Path) -> None:
    with serving(tmp_path / "first") as served:
        port = urlsplit(served.url).port
        assert port
        with visit(browser, served.url) as eyepiece:
            eyepiece.wait_for_frames(1)
            assert served.stop() == 0
            expect(eyepiece.page.get_by_text("Reconnecting…", exact=True)).to_be_visible()
            expect(eyepiece.button("Right")).to_be_disabled()
            expect(eyepiece.button("Stop")).to_be_enabled()
            with serving(tmp_path / "next", port=port):
                expect(eyepiece.page.get_by_text("Connected", exact=True)).to_be_visible()
                expect(eyepiece.button("Right")).to_be_enabled()
                eyepiece.wait_for_frames(5)


def test_after_a_power_cut_on_the_way_the_page_asks_to_home(browser: Browser, tmp_path: Path) -> None:
    with serving(tmp_path / "data") as served:
        httpx.post(f"{served.url}/api/stage/jog", json={"x_um": 9000}).raise_for_status()
        position = f"{served.url}/api/stage"
        wait_until(lambda: httpx.get(position).json()["position"]["x_um"] > 0, "the first step")
        served.process.kill()
        served.process.wait()
    with serving(tmp_path / "data") as served, visit(browser, served.url) as eyepiece:
        expect(eyepiece.page.get_by_text("position uncertain")).to_be_visible()
        expect(eyepiece.button("Home it")).to_be_enabled()
        assert eyepiece.errors == []


def test_absent_devices_are_shown_as_such(browser: Browser, tmp_path: Path) -> None:
    rig = tmp_path / "rig.toml"
    rig.write_text('[light]\ndriver = "simulated"\n')
    with serving(tmp_path / "data", "--config", str(rig)) as served, visit(browser, served.url) as eyepiece:
        expect(eyepiece.page.get_by_text("not installed")).to_have_count(2)
        expect(eyepiece.page.get_by_text("No camera is installed.")).to_be_visible()
        expect(eyepiece.page.get_by_text("Simulated microscope: light.")).to_be_visible()
        for name in ("Right", "Up", "Focus up", "Home", "Take a still"):
            expect(eyepiece.button(name)).to_be_disabled()
        expect(eyepiece.slider("Exposure")).to_be_disabled()
        expect(eyepiece.slider("Brightness")).to_be_enabled()
        assert eyepiece.errors == []
