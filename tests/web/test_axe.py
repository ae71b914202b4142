"""Pages are usable without a mouse, without eyes and on a phone, as far as axe-core can tell: WCAG 2.2.

Collected only where Chromium and axe-core are (see conftest.py).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.web.browsing import browsing, sign_in, window
from tests.web.chromium import DESKTOP, PHONE
from tests.web.lived import PAGES, lived

pytestmark = [pytest.mark.browser, pytest.mark.npm]

AXE = Path(os.environ.get("PETITION_BOT_AXE", "/nowhere"))
BAD = ("serious", "critical")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as found:
        yield found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with lived(tmp_path_factory.mktemp("lived")) as server:
        yield server.url


@pytest.fixture(scope="module", params=[(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[Page]:
    with window(browser, site, *request.param) as opened:
        sign_in(opened)
        yield opened


def found(page: Page) -> list[tuple[str, str]]:
    """What is bad, and where. Evaluated beside the page's own scripts, which its policy does not let in."""
    page.evaluate(AXE.read_text("utf-8"))
    ran: Any = page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)
    return [
        (f"{each['id']}: {each['help']}", node["html"][:200])
        for each in ran["violations"]
        if each["impact"] in BAD
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("name", PAGES)
def test_no_page_has_a_serious_violation(page: Page, name: str):
    answer = page.goto(PAGES[name])
    assert answer
    assert answer.status == (404 if name == "nothing" else 200)
    page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
    assert found(page) == []


def test_signing_in_has_none_either(browser: Browser, site: str):
    with window(browser, site) as page:
        page.goto("/sign-in")
        page.get_by_label("Name").fill("ana")
        page.get_by_label("Password").fill("wrong, and long enough")
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("alert").wait_for()
        assert found(page) == []


def test_a_violation_is_found(browser: Browser, site: str):
    """Else every page would pass."""
    with window(browser, site) as page:
        page.goto("/sign-in")
        page.evaluate("document.querySelector('label[for=name]').remove()")
        assert [each.partition(":")[0] for each, _where in found(page)] == ["label"]
