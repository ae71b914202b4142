"""What organizers do from the first minute, in a real Chromium, at the demo: two people, one message, three
timelines, and one entry of messages.yaml that is new.

Collected only where Chromium is (see conftest.py).
"""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Browser, Page, expect

from bot.core.model import Change, NewDelivery, Post, State
from bot.demo import demo, state_folder
from bot.store import open_store
from tests.web.browsing import browsing, sign_in, window
from tests.web.visitor import a_user

pytestmark = pytest.mark.browser

TOP = Path(__file__).parents[2]
WORDS = "A walk to the bridge with blankets, soup and a lawyer who listens 🙂."
TOO_MANY = f"{WORDS} {'And then we walk on. ' * 12}"
ALL = 3
"""Timelines."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as found:
        yield found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped files, and two people who may sign in: ana approves, ben edits."""
    for name in ("config.example.yaml", "messages.yaml"):
        shutil.copy(TOP / name, tmp_path / name)
    shutil.copytree(TOP / "media", tmp_path / "media")
    with closing(open_store(state(tmp_path))) as store:
        a_user(store, "ana")
        a_user(store, "ben", "editor")
    return tmp_path


def state(folder: Path) -> str:
    return f"sqlite:///{state_folder(folder / 'config.example.yaml').resolve()}/petition-bot.db"


@pytest.fixture
def url(folder: Path) -> Iterator[str]:
    said, stop, begun = list[str](), threading.Event(), threading.Event()

    def say(words: str) -> None:
        said.append(words)
        begun.set()

    running = threading.Thread(
        target=demo, args=(folder / "config.example.yaml", lambda event: None, say, stop)
    )
    running.start()
    assert begun.wait(30)
    yield next(word for word in said[0].split() if word.startswith("http"))
    stop.set()
    running.join(30)
    assert not running.is_alive()


def test_a_message_is_written_fixed_approved_and_seen_by_followers(browser: Browser, url: str, folder: Path):
    before = (folder / "messages.yaml").read_text("utf-8")
    with window(browser, url) as ben, window(browser, url) as ana:
        sign_in(ana)
        is_refused(ana)
        assert (folder / "messages.yaml").read_text("utf-8") == before
        sign_in(ben, "ben")
        write(ben)
        approve(ana)
        ana.get_by_role("link", name="Messages").first.click()
        ana.get_by_label("Words").fill("blankets")
        ana.get_by_role("button", name="Show").click()
        expect(ana.get_by_role("heading", name=re.compile("^1 "))).to_be_visible()
        post_now(ana)
        ana.goto("/demo")
        expect(ana.locator(".timeline").get_by_text(WORDS[:60])).to_have_count(ALL, timeout=20_000)
        ana.goto("/calendar?view=list")
        expect(ana.get_by_text(WORDS[:30]).first).to_be_visible()
    after = (folder / "messages.yaml").read_text("utf-8")
    assert after.startswith(before.rstrip("\n"))
    [new] = yaml.safe_load(after)["messages"][len(yaml.safe_load(before)["messages"]) :]
    assert new == {"id": new["id"], "kind": "call", "text": WORDS}


def is_refused(page: Page) -> None:
    """What is too long by an emoji does not go out: the page says by how much, and keeps what was typed."""
    page.goto("/messages/new")
    page.get_by_label("Kind").select_option("call")
    field = page.get_by_label("Text in English")
    field.fill("#StopMPP a")  # the tag is not added then
    count = page.get_by_text(re.compile(r"X \d+ of 280"))
    expect(count).to_be_visible()
    short = 280 - int(re.findall(r"\d+", count.inner_text())[0])
    full = "#StopMPP a" + "a" * short
    field.fill(full)
    expect(page.get_by_text("X 280 of 280")).to_be_visible()
    field.fill(full[:-1] + "🙂")
    expect(page.get_by_text("X 281 of 280")).to_be_visible()
    page.get_by_role("button", name="Save, to go out").click()
    expect(page.get_by_text(re.compile("281")).first).to_be_visible()
    expect(page.get_by_label("Text in English")).to_have_value(full[:-1] + "🙂")


def write(page: Page) -> None:
    """Too long at first, which the page says while it is typed; then as it shall be."""
    page.goto("/messages")
    page.get_by_role("link", name="Write a message").click()
    page.get_by_label("Kind").select_option("call")
    page.get_by_label("Text in English").fill(TOO_MANY)
    expect(page.get_by_text(re.compile(r"X 3\d\d of 280"))).to_be_visible()
    page.get_by_label("Text in English").fill(WORDS)
    expect(page.get_by_text(re.compile(r"X \d\d\d? of 280"))).to_be_visible()
    page.get_by_role("button", name="Save, to be approved").click()
    expect(page.get_by_text("This is a draft")).to_be_visible()


def approve(page: Page) -> None:
    """What waits for ana stands on the first page."""
    page.goto("/")
    page.get_by_role("link", name=re.compile("walk-to-the-bridge|a-walk")).first.click()
    page.get_by_role("button", name="Approve: let it go out").click()
    expect(page.get_by_text("This is a draft")).to_have_count(0)


def post_now(page: Page) -> None:
    page.get_by_role("link", name=re.compile("walk")).first.click()
    page.get_by_role("link", name="Post it now").click()
    page.get_by_role("button", name=re.compile("Post it on all of them now")).click()


def test_everything_is_paused_and_goes_on_and_what_is_unclear_is_settled(
    browser: Browser, url: str, folder: Path
):
    with window(browser, url) as page:
        sign_in(page)
        page.get_by_role("button", name="Pause everything").click()
        expect(page.get_by_text("Nothing goes out: paused").first).to_be_visible()
        page.get_by_role("button", name=re.compile("Go on")).first.click()
        expect(page.get_by_role("button", name="Pause everything")).to_be_visible()
        unclear(folder)
        page.goto("/")
        page.get_by_role("button", name="It is there").first.click()
        expect(page.get_by_role("button", name="It is there")).to_have_count(0)
    with closing(open_store(state(folder))) as store:
        settled = store.by_key("mastodon/unclear")
        assert settled
        assert settled.state is State.POSTED


def unclear(folder: Path) -> None:
    """A post of which only a person can tell what became of it."""
    soon = datetime.now(UTC) + timedelta(hours=1)
    post = Post("mastodon", "mastodon", "unclear", "fact", "en", ("Who knows?",), "Who knows?", 10, 500)
    new = NewDelivery("mastodon/unclear", "mastodon", soon, soon, state=State.UNCONFIRMED, post=post)
    with closing(open_store(state(folder))) as store:
        [row] = store.insert([new], {})
        store.settle(row, Change(State.UNCONFIRMED, "the network did not answer"))
