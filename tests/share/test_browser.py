"""The share page in a real Chromium: choose a message, share it, see the post; nothing asked of anybody else.

Collected only where Chromium is found (see conftest.py).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import pytest

from bot.core.model import Reading
from bot.sandbox import Sandbox
from bot.store import open_store
from bot.web import create_public_app, serve
from bot.web.share import Site, build
from tests.share.given import (
    a_board,
    a_reading,
    a_sharing,
    an_album,
    on_server,
    posted,
    shipped,
    text_of,
)
from tests.web.chromium import DESKTOP, PHONE, Tab, chromium
from tests.web.given import NOW
from tests.web.test_browser import FAINT, SMALLEST, overflows, shows

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with chromium(tmp_path_factory.mktemp("profile")) as tab:
        yield tab


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox.start() as box:
        yield box


class Quiet(SimpleHTTPRequestHandler):
    """Any static server."""

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def static(folder: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def running(box: Sandbox) -> Iterator[str]:
    """The shipped campaign's page as a running bot serves it to everybody."""
    store = open_store("sqlite://")
    store.add_reading(Reading(5321, "counter", NOW))
    store.cross([1000, 5000], NOW, [])
    sharing = a_sharing(on_server(shipped(), box.mastodon.url), store)
    with closing(serve(create_public_app(sharing), "127.0.0.1:0", anywhere=True)) as server:
        yield f"{server.url}/share/"


@pytest.fixture(scope="module")
def built(box: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same as a folder under a server of somebody else's."""
    folder = tmp_path_factory.mktemp("site")
    book = on_server(shipped(), box.mastodon.url)
    sharing = a_sharing(book)
    build(Site(sharing.board(), an_album(written=book.settings)), folder)
    with static(folder) as address:
        yield address


@pytest.fixture(params=["running", "built"])
def site(request: pytest.FixtureRequest) -> str:
    """Both ways to have it."""
    address: str = request.getfixturevalue(request.param)
    return address


OPENED = "!!document.querySelector('.opened .ways')"
ASKED = "performance.getEntriesByType('resource').map(each => each.name)"


def test_a_message_is_chosen_and_shared_on_mastodon_from_a_phone(tab: Tab, site: str, box: Sandbox):
    before = len(box.mastodon.posts())
    tab.open(site, PHONE)
    tab.run("document.querySelectorAll('#facts + ul .share')[2].click()")
    shows(tab, OPENED, True)
    tab.run("document.querySelector('.opened summary').click()")
    asked = tab.run(ASKED)
    tab.run("document.querySelector('.opened [data-server]').click()")
    shows(tab, "location.pathname", "/share")
    shows(tab, "document.title", "Share")
    assert all(each.startswith(site) for each in asked)
    assert len(box.mastodon.posts()) == before, "opening it posts nothing"
    text = tab.run("document.querySelector('textarea').value")
    tab.run("document.querySelector('button').click()")
    shows(tab, "document.title", "Post")
    post = box.mastodon.posts()[-1]
    assert len(box.mastodon.posts()) == before + 1
    assert post.text == text.strip()
    assert "utm_source=share" in post.text
    assert tab.run("document.body.innerText").startswith(post.text[:40])


def test_a_server_is_chosen_once_and_then_it_is_one_tap(tab: Tab, running: str, box: Sandbox):
    tab.open(running, PHONE)
    tab.run("localStorage.clear()")
    tab.open(f"{running}en/ages/", PHONE)
    tab.run("document.querySelector('summary').click()")
    tab.run(f"document.querySelector('[name=server]').value = '@me@{box.mastodon.url.partition('://')[2]}'")
    tab.run("document.querySelector('[name=server]').value = 'no server at all'")
    tab.run("document.querySelector('[data-any] button').click()")
    assert tab.run("document.querySelector('[name=server]').ariaInvalid") == "true"
    tab.run(f"document.querySelector('[name=server]').value = '{box.mastodon.url}'")
    tab.run("document.querySelector('[data-any] button').click()")
    shows(tab, "document.title", "Share")
    tab.open(f"{running}es/ages/", PHONE)
    assert tab.run("document.querySelector('.mastodon > a').textContent").startswith("Mastodon · 127.0.0.1")
    assert tab.run("document.cookie") == ""
    tab.run("document.querySelector('.mastodon > a').click()")
    shows(tab, "document.title", "Share")
    tab.open(running, PHONE)
    tab.run("localStorage.clear()")


@pytest.mark.parametrize("path", ["", "es/", "en/ages/", "es/milestone-5000/"])
def test_no_page_asks_another_host_for_anything(tab: Tab, running: str, path: str):
    tab.open(running + path, PHONE)
    tab.wait(lambda: tab.run("document.readyState") == "complete")
    asked = tab.run(ASKED)
    assert asked
    assert [each for each in asked if not each.startswith(running)] == []
    assert tab.complaints == []


def test_a_built_page_takes_the_count_that_lies_beside_it(tab: Tab, tmp_path: Path):
    early, late = (Site(a_board(reading=a_reading(each)), an_album()) for each in (1000, 1234))
    build(early, tmp_path)
    (tmp_path / "count.json").write_text(text_of(late, "count.json"), "utf-8")
    with static(tmp_path) as address:
        for path, said in (("", "1,234"), ("es/", "1234")):
            tab.open(address + path, PHONE)
            shows(tab, "document.querySelector('[data-count]').textContent", said)
    assert "1,000" in (tmp_path / "index.html").read_text("utf-8")


GIVEN = """
Object.defineProperty(navigator, "share", { value: async (given) => { window.given = given.text; } });
const clipboard = { writeText: async (text) => { window.copied = text; } };
Object.defineProperty(navigator, "clipboard", { value: clipboard });
"""


@pytest.fixture
def telephone(tab: Tab) -> Iterator[Tab]:
    """A browser with a sheet of its own, and something to paste from."""
    name = tab._ask("Page.addScriptToEvaluateOnNewDocument", source=GIVEN)["identifier"]
    yield tab
    tab._ask("Page.removeScriptToEvaluateOnNewDocument", identifier=name)


def test_the_telephones_own_sheet_is_given_the_whole_text_and_so_is_who_copies(telephone: Tab, running: str):
    telephone.open(f"{running}en/ages/", PHONE)
    whole = telephone.run("document.querySelector('textarea').value")
    telephone.run("document.querySelector('[data-sheet] button').click()")
    shows(telephone, "window.given", whole)
    telephone.run("document.querySelector('[data-copy] button').click()")
    shows(telephone, "window.copied", whole)
    assert telephone.run("document.querySelector('[data-copy] button').textContent") == "Copied"


def test_without_a_sheet_there_is_no_button_for_it(tab: Tab, running: str):
    tab.open(f"{running}en/ages/", PHONE)
    assert tab.run("document.querySelector('[data-sheet]').hidden") is True
    assert tab.run("document.querySelector('[data-copy]').hidden") is False


def test_a_post_is_boosted_at_the_readers_own_server(tab: Tab, tmp_path: Path):
    build(Site(a_board(rows=[posted(1)]), an_album()), tmp_path)
    with static(tmp_path) as address:
        tab.open(address, PHONE)
        boost = "document.querySelector('[data-boost]').href"
        assert tab.run(boost) == posted(1).remote_url
        tab.run("localStorage.setItem('mastodon-server', 'https://mine.example.net')")
        tab.open(address, PHONE)
        uri = quote(str(posted(1).remote_url), safe="")
        assert tab.run(boost) == f"https://mine.example.net/authorize_interaction?uri={uri}"


def test_without_javascript_everything_is_a_link(tab: Tab, running: str):
    tab._ask("Emulation.setScriptExecutionDisabled", value=True)
    try:
        tab.open(running, PHONE)
        links = "[...document.querySelectorAll('.shelf .share')].every(each => each.href.includes('/'))"
        assert tab.run(links)
        tab.open(f"{running}en/ages/", PHONE)
        assert tab.run("[...document.querySelectorAll('.ways a')].length") >= 9
        assert tab.run("document.querySelector('[data-any]').hidden") is False
        assert tab.run("document.querySelector('[data-copy]').hidden") is True
    finally:
        tab._ask("Emulation.setScriptExecutionDisabled", value=False)


# --- it fits, can be read and used --------------------------------------------------------------

PATHS = ["", "en/ages/", "es/milestone-5000/", "en/nothing/"]


@pytest.mark.parametrize("size", [SMALLEST, PHONE, (768, 1024), DESKTOP])
@pytest.mark.parametrize("path", PATHS)
def test_no_page_is_wider_than_its_window(tab: Tab, running: str, path: str, size: tuple[int, int]):
    tab.open(running + path, size)
    tab.run("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    assert not overflows(tab)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_every_text_stands_out_from_what_is_behind_it(tab: Tab, running: str, path: str, scheme: str):
    """WCAG 2.2, 1.4.3: 4.5 to 1."""
    tab.open(running + path, PHONE, scheme)
    tab.run("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    assert tab.run(FAINT) == []


SMALL = """
[...document.querySelectorAll("header a, .ways a, .share, button, summary, .sign, input:not([type=hidden])")]
  .map((each) => each.getBoundingClientRect())
  .filter((box) => box.width && (box.width < 44 || box.height < 40)).length
"""


@pytest.mark.parametrize("path", PATHS[:3])
def test_everything_to_press_is_large_enough_for_a_finger(tab: Tab, running: str, path: str):
    tab.open(running + path, PHONE)
    assert tab.run(SMALL) == 0


@pytest.mark.parametrize("path", PATHS[:3])
def test_headings_go_down_one_step_at_a_time_and_landmarks_are_there(tab: Tab, running: str, path: str):
    tab.open(running + path)
    levels = tab.run(
        "[...document.querySelectorAll('h1, h2, h3, h4')].map(each => Number(each.localName[1]))"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert tab.run("['header', 'nav', 'main', 'footer'].every(each => document.querySelector(each))")


def test_the_keyboard_finds_the_content_first_and_opens_what_there_is_to_share(tab: Tab, running: str):
    tab.open(running)
    tab.run("localStorage.clear()")
    tab.press("Tab")
    assert tab.run("document.activeElement.textContent") == "Skip to the content"
    tab.run("document.querySelector('.shelf .share').focus()")
    assert tab.run("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    tab.run("document.activeElement.click()")
    shows(tab, OPENED, True)
    shows(tab, "document.activeElement.localName", "summary")
    assert tab.run("document.querySelector('.shelf .share').ariaExpanded") == "true"
