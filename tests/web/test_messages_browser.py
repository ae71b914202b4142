"""The form of a message in a real Chromium: what is typed is counted while it is typed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.web import create_app, serve
from tests.office.desk import Desk
from tests.web.chromium import DESKTOP, PHONE, Tab, chromium

pytestmark = pytest.mark.browser

SMALLEST = (320, 640)


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with chromium(tmp_path_factory.mktemp("profile")) as tab:
        yield tab


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def url(desk: Desk) -> Iterator[str]:
    with closing(serve(create_app(desk.office), "127.0.0.1:0")) as server:
        yield server.url


def type_into(tab: Tab, field: str, words: str) -> None:
    tab.run(f"""{{
        const field = document.getElementById({field!r});
        field.value = {words!r};
        field.dispatchEvent(new Event("input", {{bubbles: true}}));
    }}""")


def told(tab: Tab, id: str) -> str:
    return str(tab.run(f"(document.getElementById({id!r}) || {{}}).textContent || ''"))


@pytest.mark.parametrize("path", ["/messages", "/messages/new", "/message/tents", "/message/sign/delete"])
@pytest.mark.parametrize("size", [SMALLEST, PHONE, DESKTOP])
def test_the_pages_fit(tab: Tab, url: str, path: str, size: tuple[int, int]):
    tab.open(url + path, size)
    assert tab.run("document.documentElement.scrollWidth <= innerWidth")
    assert tab.complaints == []


def test_what_is_typed_is_counted_and_nothing_is_saved(tab: Tab, url: str, desk: Desk):
    before = desk.print()
    tab.open(f"{url}/message/tents")
    type_into(tab, "text.en.0", "They wait. " * 30)
    tab.wait(lambda: "too many" in told(tab, "counts"))
    assert "shorten it by" in told(tab, "text.en.0-wrong")
    assert tab.run("document.getElementById('text.en.0').getAttribute('aria-invalid')") == "true"
    assert "They wait. They wait." in told(tab, "looks")
    type_into(tab, "text.en.0", "They wait.")
    tab.wait(lambda: "too many" not in told(tab, "counts"))
    assert told(tab, "text.en.0-wrong") == ""
    assert tab.run("document.getElementById('text.en.0').getAttribute('aria-invalid')") is None
    assert (desk.print(), tab.complaints) == (before, [])


def test_the_field_that_somebody_types_into_keeps_the_focus(tab: Tab, url: str):
    tab.open(f"{url}/message/tents")
    tab.run("document.getElementById('text.en.0').focus()")
    type_into(tab, "text.en.0", "With @somebody")
    tab.wait(lambda: "would notify" in told(tab, "text.en.0-wrong"))
    assert tab.run("document.activeElement.id") == "text.en.0"


def test_what_was_typed_last_is_what_is_shown(tab: Tab, url: str):
    tab.open(f"{url}/message/tents")
    for words in ("One", "One and two", "One and two and three"):
        type_into(tab, "text.en.0", words)
    tab.wait(lambda: "One and two and three" in told(tab, "looks"))


def test_what_is_wrong_without_a_field_stands_above_the_posts(tab: Tab, url: str):
    tab.open(f"{url}/message/tents")
    type_into(tab, "source", "")
    tab.wait(lambda: "without source" in told(tab, "looks"))
