"""The interactive documentation."""

from playwright.sync_api import Browser, expect

from tests.page.visit import Visit
from tests.serving import Served


def test_docs_show_the_interface_without_any_other_host(browser: Browser, served: Served) -> None:
    context = browser.new_context()
    docs = Visit(context.new_page())
    docs.page.goto(f"{served.url}/docs")
    for path in ("/api/stage/move", "/snapshot.jpg", "/healthz"):
        expect(docs.page.get_by_role("link", name=path, exact=True)).to_be_visible()
    context.close()
    assert docs.errors == []
