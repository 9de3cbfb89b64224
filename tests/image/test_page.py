"""The page of the running container (its port: ``EYEPIECE_PORT``), which looks through libcamera's virtual camera.

Run by scripts/test-image. The screenshot goes to ``EYEPIECE_SCREENSHOT``.
"""

import os
from typing import Any

import numpy as np
from playwright.sync_api import sync_playwright

from tests.conftest import wait_until
from tests.page.conftest import CHROMIUM, FLAGS
from tests.page.visit import visit
from tests.picamera.specimen import HEIGHT, LABELS, WIDTH


def test_the_page_shows_what_the_real_picamera2_took() -> None:
    url = f"http://127.0.0.1:{os.environ['EYEPIECE_PORT']}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with visit(browser, url, viewport={"width": 1280, "height": 800}) as eyepiece:
            wait_until(lambda: eyepiece.frame_id() > 0, "the first frame")
            eyepiece.wait_for_frames(30)
            picture = eyepiece.picture()
            assert picture.shape == (HEIGHT, WIDTH, 3)
            for (bottom, right), colour in LABELS.items():
                seen: Any = picture[HEIGHT - 60 if bottom else 60, WIDTH - 60 if right else 60]
                assert np.abs(seen.astype(int) - colour).max() <= 8, f"{seen} is not {colour}"
            eyepiece.page.screenshot(path=os.environ["EYEPIECE_SCREENSHOT"])
        browser.close()
