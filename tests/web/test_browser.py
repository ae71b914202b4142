"""The pages in a real Chromium: they fit, can be read, and renew themselves without disturbing anybody.

Collected only where Chromium is found (see conftest.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.core.overview import Overview
from bot.web import Card, Column, Server, create_app, serve
from tests.web.chromium import DESKTOP, PHONE, Tab, chromium
from tests.web.given import (
    NOW,
    a_delivery,
    a_full_overview,
    a_post,
    an_account,
    an_office,
    an_overview,
    full_timelines,
    planned,
)
from tests.web.test_injection import PAYLOADS, bad_column, bad_overview

pytestmark = pytest.mark.browser

PAGES = ("/", "/demo", "/calendar", "/history", "/petition", "/people", "/people/log")
"""What can be shown without the two files of a campaign."""

UNBROKEN = "https://petition.example.org/" + "averylongpath" * 30 + "?" + "x" * 200
SMALLEST = (320, 640)
"""Of WCAG 2.2's rule 1.4.10, Reflow."""


class Stage:
    """What the served pages show; a test may change it while a browser looks."""

    def __init__(self) -> None:
        self.overview: Overview = an_overview()
        self.columns: list[Column] = []

    def serve(self, refresh: float | None = None) -> Server:
        return serve(
            create_app(an_office(lambda: self.overview), lambda: self.columns, refresh), "127.0.0.1:0"
        )


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with chromium(tmp_path_factory.mktemp("profile")) as tab:
        yield tab


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def full(stage: Stage) -> Iterator[str]:
    """The address of the shipped campaign's pages."""
    stage.overview, stage.columns = a_full_overview(), full_timelines()
    with closing(stage.serve(refresh=60)) as server:
        yield server.url


@pytest.fixture
def live(stage: Stage) -> Iterator[str]:
    """The address of pages that renew themselves several times a second."""
    with closing(stage.serve(refresh=0.1)) as server:
        yield server.url


# --- it fits ------------------------------------------------------------------------------------

WIDER = "[document.documentElement.scrollWidth, innerWidth]"


def overflows(tab: Tab) -> bool:
    wide, window = tab.run(WIDER)
    return bool(wide > window)


@pytest.mark.parametrize("size", [SMALLEST, (360, 740), PHONE, (768, 1024), DESKTOP])
@pytest.mark.parametrize("path", [*PAGES, "/nowhere"])
def test_no_page_is_wider_than_its_window(tab: Tab, full: str, path: str, size: tuple[int, int]):
    tab.open(full + path, size)
    assert not overflows(tab)
    assert tab.complaints == [] or path == "/nowhere"


@pytest.mark.parametrize("text", [UNBROKEN, "W" * 400, f"#{'Tag' * 100}", "無" * 280])
def test_nothing_unbroken_makes_a_page_wider_than_a_phone(tab: Tab, stage: Stage, live: str, text: str):
    post = a_post(parts=(text,), words=text)
    row = a_delivery(post=post, reason=text)
    held = an_account("x", next=planned(post), held=text)
    stage.overview = an_overview(campaign=text, accounts=(held,), needs_person=(row,), recent=(row,))
    stage.columns = [Column("mastodon", text, text, [Card(text, NOW)])]
    for path in ("/", "/demo"):
        tab.open(live + path, SMALLEST)
        assert not overflows(tab)


def test_timelines_stand_side_by_side_and_on_a_phone_one_below_the_other(tab: Tab, full: str):
    tops = "[...document.querySelectorAll('.timeline')].map(each => each.getBoundingClientRect().top)"
    tab.open(full + "/demo", DESKTOP)
    assert len(set(tab.run(tops))) == 1
    tab.open(full + "/demo", PHONE)
    upper, middle, lower = tab.run(tops)
    assert upper < middle < lower


# --- it can be read and used --------------------------------------------------------------------

FAINT = """
(() => {
  const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const colour = parse(getComputedStyle(each).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || element.closest("script, [hidden]")) continue;
    const [one, other] = [parse(getComputedStyle(element).color), behind(element)].map(light);
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (contrast < 4.5) faint.push([contrast.toFixed(2), walker.currentNode.data.trim().slice(0, 40)]);
  }
  return faint;
})()
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", [*PAGES, "/nowhere"])
def test_every_text_stands_out_from_what_is_behind_it(tab: Tab, full: str, path: str, scheme: str):
    """WCAG 2.2, 1.4.3: 4.5 to 1."""
    tab.open(full + path, DESKTOP, scheme)
    assert tab.run(FAINT) == []


def test_light_and_dark_differ(tab: Tab, full: str):
    colours = set()
    for scheme in ("light", "dark"):
        tab.open(full, DESKTOP, scheme)
        colours.add(tab.run("getComputedStyle(document.body).backgroundColor"))
    assert len(colours) == 2


SMALL = """
[...document.querySelectorAll("header a, nav a, button")].map((each) => each.getBoundingClientRect())
  .filter((box) => box.width && (box.width < 24 || box.height < 24)).length
"""


@pytest.mark.parametrize("path", PAGES)
def test_everything_to_press_is_large_enough_for_a_finger(tab: Tab, full: str, path: str):
    """WCAG 2.2, 2.5.8: 24 by 24."""
    tab.open(full + path, PHONE)
    assert tab.run(SMALL) == 0


@pytest.mark.parametrize("path", PAGES)
def test_headings_go_down_one_step_at_a_time_and_landmarks_are_there(tab: Tab, full: str, path: str):
    tab.open(full + path)
    levels = tab.run(
        "[...document.querySelectorAll('h1, h2, h3, h4')].map(each => Number(each.localName[1]))"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert tab.run("['header', 'nav', 'main', 'footer'].every(each => document.querySelector(each))")


def test_the_keyboard_finds_the_content_first_and_sees_where_it_is(tab: Tab, full: str):
    tab.open(full)
    tab.press("Tab")
    assert tab.run("document.activeElement.textContent") == "Skip to the content"
    assert tab.run("document.activeElement.getBoundingClientRect().top") >= 0
    assert tab.run("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    pages = tab.run("[...document.querySelectorAll('.top nav a')].map(each => each.textContent)")
    names = []
    for _ in range(len(pages) + 2):
        tab.press("Tab")
        names.append(tab.run("document.activeElement.textContent.trim()"))
    assert names == ["petition-bot", *pages, "Pause\u00a0updates"]
    assert pages[0] == "Now"


def test_nothing_moves_for_those_who_want_it_still(tab: Tab, full: str):
    """The browser of these tests asks for reduced motion."""
    tab.open(full + "/demo")
    tab.run("document.querySelector('.timeline li').classList.add('new')")
    assert tab.run("getComputedStyle(document.querySelector('.timeline li.new')).animationName") == "none"


@pytest.mark.parametrize("payload", PAYLOADS[::4])
def test_nothing_that_is_injected_runs(tab: Tab, stage: Stage, live: str, payload: str):
    stage.overview, stage.columns = an_overview(**bad_overview(payload)), [bad_column(payload)]
    for path in ("/", "/demo"):
        tab.open(live + path)
        tab.run("window.alert = () => { window.ran = true; }")
        tab.wait(lambda: bool(tab.run("performance.getEntriesByType('resource').length > 3")))
        assert tab.run("window.ran") is None
        assert tab.complaints == []


# --- it renews itself ---------------------------------------------------------------------------

POSTS = "[...document.querySelectorAll('.timeline .post')].map(each => each.textContent)"


def post(text: str, age: float) -> Card:
    return Card(text, NOW - timedelta(seconds=age))


def timeline(*posts: Card) -> list[Column]:
    return [Column("x", "Stop MPP", "@StopMPP", posts)]


def shows(tab: Tab, script: str, value: object) -> None:
    tab.wait(lambda: bool(tab.run(script) == value))


def test_a_new_post_arrives_without_reloading_and_the_others_stay(tab: Tab, stage: Stage, live: str):
    stage.columns = timeline(post("first", 9))
    tab.open(live + "/demo")
    tab.run("document.querySelector('.timeline li').dataset.mark = 'same'")
    stage.columns = timeline(post("first", 9), post("second", 1))
    shows(tab, POSTS, ["second", "first"])
    classes = "[...document.querySelectorAll('.timeline li')].map(each => each.className)"
    assert tab.run(classes) == ["new", ""]
    assert tab.run("document.querySelectorAll('.timeline li')[1].dataset.mark") == "same"
    stage.columns = timeline(post("second", 1))
    shows(tab, POSTS, ["second"])


def test_the_first_post_takes_the_place_of_the_words_that_stood_there(tab: Tab, stage: Stage, live: str):
    stage.columns = timeline()
    tab.open(live + "/demo")
    stage.columns = timeline(post("first", 1))
    shows(tab, POSTS, ["first"])
    assert tab.run("document.querySelectorAll('.timeline .empty').length") == 0


def test_the_sentence_changes_in_its_place_so_that_it_is_read_aloud(tab: Tab, stage: Stage, live: str):
    tab.open(live)
    tab.run("window.before = document.querySelector('h1')")
    stage.overview = replace(stage.overview, signatures=4999)
    shows(tab, "document.querySelector('h1').textContent.includes('4,999')", True)
    assert tab.run("window.before === document.querySelector('h1')")
    assert tab.run("document.querySelector('progress').value") == 4999


def test_a_question_comes_up_and_goes_away_by_itself(tab: Tab, stage: Stage, live: str):
    asked = "document.querySelectorAll('#person article').length"
    tab.open(live)
    stage.overview = replace(stage.overview, needs_person=(a_delivery(),))
    shows(tab, asked, 1)
    stage.overview = replace(stage.overview, needs_person=())
    shows(tab, asked, 0)


@pytest.mark.parametrize(
    "use",
    [
        "document.querySelector('#accounts .post a').focus()",
        "getSelection().selectAllChildren(document.querySelector('#accounts .post'))",
    ],
)
def test_what_somebody_uses_is_left_alone_until_it_is_not_used(tab: Tab, stage: Stage, live: str, use: str):
    text = "document.querySelector('#accounts .post').textContent"
    before = a_post().parts[0]
    tab.open(live)
    tab.run(use)
    stage.overview = replace(
        stage.overview, signatures=4000, accounts=(an_account(next=planned(a_post(parts=("New words.",)))),)
    )
    shows(tab, "document.querySelector('.number').textContent", "4,000")
    assert tab.run(text) == before
    tab.run("document.activeElement.blur(); getSelection().removeAllRanges()")
    shows(tab, text, "New words.")


def test_updates_can_be_paused_and_go_on(tab: Tab, stage: Stage, live: str):
    number = "document.querySelector('.number').textContent"
    asked = "performance.getEntriesByType('resource').filter(each => each.initiatorType === 'fetch').length"
    tab.open(live)
    tab.wait(lambda: tab.run(asked) > 1)
    tab.run("document.querySelector('[data-pause]').click()")
    assert tab.run("document.querySelector('[data-pause]').ariaPressed") == "true"
    tab.run("new Promise(done => setTimeout(done, 300))")
    at_rest = tab.run(asked)
    stage.overview = replace(stage.overview, signatures=4000)
    tab.run("new Promise(done => setTimeout(done, 300))")
    assert (tab.run(asked), tab.run(number)) == (at_rest, "1,234")
    tab.run("document.querySelector('[data-pause]').click()")
    shows(tab, number, "4,000")


def test_a_bot_that_was_stopped_is_missed_and_what_it_said_stays(tab: Tab, stage: Stage):
    lost = "document.querySelector('[data-lost]').hidden"
    with closing(stage.serve(refresh=0.1)) as server:
        tab.open(server.url)
        assert tab.run(lost) is True
    shows(tab, lost, False)
    assert tab.run("document.querySelector('.number').textContent") == "1,234"


def test_without_refresh_nothing_is_asked_again(tab: Tab, stage: Stage):
    with closing(stage.serve()) as server:
        tab.open(server.url)
        assert tab.run("document.scripts.length") == 0
        assert tab.run("document.querySelectorAll('[data-pause]').length") == 0
