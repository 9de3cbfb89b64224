"""Who drives, as two pages see it."""

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.conftest import wait_until
from tests.page.visit import Visit, visit
from tests.serving import Served

PHONE = {"viewport": {"width": 390, "height": 844}, "user_agent": "Mozilla/5.0 (iPhone) Version/17.0 Mobile Safari"}


def badge(page: Visit) -> Locator:
    return page.page.get_by_role("group", name="Who drives")


def test_one_alone_notices_nothing(eyepiece: Visit, http: httpx.Client) -> None:
    eyepiece.button("Right").click()
    wait_until(lambda: http.get("/api/control").json()["driver"], "the lease")
    eyepiece.wait_for_frames(2)
    expect(badge(eyepiece)).to_have_count(0)
    expect(eyepiece.button("Right")).to_be_enabled()


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["tablet", "phone"])
def test_control_is_seen_asked_for_given_and_freed(
    browser: Browser, eyepiece: Visit, served: Served, http: httpx.Client, screen: dict[str, Any]
) -> None:
    with visit(browser, served.url, **screen) as other:
        expect(badge(other)).to_be_visible()
        eyepiece.button("Right").click()
        expect(badge(eyepiece)).to_contain_text("You drive")
        expect(badge(other)).to_contain_text(re.compile(r"Computer \d+ drives"))
        expect(other.button("Right")).to_be_disabled()
        expect(other.page.locator("stage-panel h2").first).to_contain_text(re.compile(r"Computer \d+ drives"))
        expect(other.button("Stop")).to_be_enabled()
        other.button("Ask for control").click()
        expect(badge(other)).to_contain_text("you are number 1 in the row")
        eyepiece.page.get_by_role("button", name=re.compile("^Give it to (Phone|Computer) ")).click()
        expect(badge(other)).to_contain_text("You drive")
        expect(eyepiece.button("Right")).to_be_disabled()
        other.button("Right").click()
        wait_until(lambda: http.get("/api/stage").json()["position"]["x_um"] == 200, "both jogs")
        other.button("Release").click()
        expect(badge(eyepiece)).to_contain_text("Nobody drives")
        expect(eyepiece.button("Right")).to_be_enabled()
        assert other.errors == []
    expect(badge(eyepiece)).to_have_count(0)


def test_a_full_disk_is_told_until_there_is_room(eyepiece: Visit, http: httpx.Client) -> None:
    http.post("/api/simulation/faults", json={"disk_full": True}).raise_for_status()
    try:
        eyepiece.button("Take a still").click()
        expect(eyepiece.page.get_by_text("The disk is full: no picture fits any more", exact=False)).to_be_visible()
        expect(eyepiece.page.get_by_text("0 MB are free", exact=False)).to_be_visible()
    finally:
        http.post("/api/simulation/faults", json={"disk_full": False}).raise_for_status()
    eyepiece.button("Take a still").click()
    expect(eyepiece.page.get_by_text("no picture fits any more", exact=False)).to_have_count(0)
    wait_until(lambda: http.get("/api/images").json()["total"], "the still, before the microscope ends")
    eyepiece.errors = [error for error in eyepiece.errors if "507" not in error]
