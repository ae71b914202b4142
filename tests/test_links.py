"""A dead link holds the posts that carry it and no other, asks a person, and lifts itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot import config
from bot.app import Bot
from bot.core.links import Link
from bot.core.model import Event, State
from bot.sandbox import Fault, Sandbox
from bot.store import open_store
from tests.given import account, at, book, message
from tests.scripted import down
from tests.test_campaign import HOUR, MINUTE, NINE, START, World, world

__all__ = ["world"]
PETITION = {"url": "https://petition.site/p"}
STORY = "https://story.site/ana"
MESSAGES = [message("m0", "story", link=STORY), message("m1"), message("m2")]


class HandPages:
    """Every page is there, but for those in `answers`."""

    def __init__(self) -> None:
        self.answers: dict[str, int | str] = {}
        self.asked: list[str] = []

    def status(self, url: str) -> int | str:
        self.asked.append(url)
        return self.answers.get(url, 200)


def looked(here: World, pages: HandPages, times: int = 1) -> None:
    """Look so often, as soon as it is time again."""
    for _ in range(times):
        here.campaign.look_at_links(pages)
        here.clock.forward(10 * MINUTE)


def dead(here: World, *urls: str) -> HandPages:
    pages = HandPages()
    pages.answers = dict.fromkeys(urls, 404)
    looked(here, pages, 2)
    return pages


def texts(here: World) -> list[str]:
    return [text.split("\n")[0] for text in here.networks["mastodon"].texts()]


def test_a_dead_story_link_holds_its_story_and_the_others_go_out(world) -> None:
    here = world(*MESSAGES, petition=PETITION)
    dead(here, STORY)
    here.go(at("2026-12-02 19:00"), step=HOUR)
    assert "The text of m0." not in texts(here)
    assert len(texts(here)) == 4


def test_the_preview_says_what_waits_and_why(world) -> None:
    here = world(*MESSAGES, petition=PETITION)
    dead(here, STORY)
    first = next(here.campaign.preview(START, NINE + HOUR))
    assert first.post
    assert first.post.message_id == "m1"
    assert f"m0 waits: its link {STORY} answers 404 since 2026-12-01 08:00 UTC" in first.why


def test_a_dead_petition_holds_all_and_says_so_in_what_was_missed(world) -> None:
    here = world(*MESSAGES, petition=PETITION)
    dead(here, PETITION["url"])
    here.go(NINE + MINUTE)
    [row] = here.store.history()
    assert (row.state, texts(here)) == (State.MISSED, [])
    assert "https://petition.site/p answers 404" in row.reason


def test_a_person_is_asked_once_and_the_overview_shows_it(world) -> None:
    here = world(*MESSAGES, petition=PETITION)
    pages = dead(here, STORY)
    looked(here, pages, 30)
    [asked] = here.said("asks")
    assert asked.text.startswith(f"{STORY} answers 404 since ")
    assert here.campaign.overview().asks == (asked.text,)


def test_it_lifts_itself_when_the_page_answers_again(world) -> None:
    here = world(*MESSAGES, petition=PETITION)
    pages = dead(here, STORY)
    pages.answers.clear()
    here.clock.forward(3 * HOUR)
    looked(here, pages)
    assert [event.text for event in here.said("mended")] == [f"{STORY} answers again: its posts go out"]
    assert here.campaign.overview().asks == ()
    assert next(here.campaign.preview(here.clock.now(), here.clock.now() + 24 * HOUR)).post.message_id == "m0"


def test_an_edit_that_takes_the_link_out_lifts_it_too(world) -> None:
    here = world(*MESSAGES, petition=PETITION)
    pages = dead(here, STORY)
    edited = [message("m0", "story", link="https://story.site/anna"), *MESSAGES[1:]]
    here.campaign.adopt(book(*edited, settings=here.campaign.book.settings), {})
    assert next(here.campaign.preview(START, NINE + HOUR)).post.message_id == "m0"
    looked(here, pages)
    assert here.campaign.overview().asks == ()
    assert STORY not in [link.url for link in here.store.links()]


def test_one_bad_look_holds_nothing(world) -> None:
    here = world(*MESSAGES, petition=PETITION)
    pages = HandPages()
    pages.answers = {STORY: 404, PETITION["url"]: "no answer"}
    looked(here, pages)
    pages.answers.clear()
    here.go(NINE + MINUTE)
    assert texts(here) == ["The text of m0."]
    assert here.campaign.overview().asks == ()


def test_a_link_is_asked_every_few_hours_and_only_where_a_post_of_the_next_day_carries_it(world) -> None:
    later = message("later", link="https://story.site/later", not_before="2027-01-01")
    here = world(*MESSAGES, later, petition=PETITION)
    pages = HandPages()
    looked(here, pages, 17)
    assert sorted(pages.asked) == [PETITION["url"], STORY]
    looked(here, pages, 2)
    assert pages.asked.count(STORY) == 2


def test_at_no_more_than_a_few_is_looked_by_one_who_is_in_a_hurry(world) -> None:
    here = world(*MESSAGES, petition=PETITION)
    pages = HandPages()
    assert len(here.campaign.look_at_links(pages, 1)) == 1
    here.campaign.look_at_links(pages, 1)
    assert sorted(pages.asked) == [PETITION["url"], STORY]


def test_what_is_due_already_waits_for_its_link_within_its_grace(world) -> None:
    here = world(*MESSAGES, petition=PETITION)
    here.networks["mastodon"].will(down())
    here.go(NINE)
    pages = HandPages()
    pages.answers = {STORY: 404}
    here.campaign.look_at_links(pages)
    here.clock.forward(10 * MINUTE)
    here.campaign.look_at_links(pages)
    here.go(NINE + 20 * MINUTE)
    assert texts(here) == []
    assert "waits: its link" in here.store.history()[0].reason
    here.campaign.look_at_links(HandPages(), at_once=True)
    here.go(NINE + 29 * MINUTE)
    assert texts(here) == ["The text of m0."]


def test_a_milestone_waits_for_its_link_up_to_a_day(world) -> None:
    template = message("t", "milestone", text="{milestone} have signed!")
    here = world(template, petition=PETITION | {"milestones": {"thresholds": [1000]}})
    here.store.note_link(Link(PETITION["url"], START, bad=2, why="answers 404", gone=True, since=START))
    here.campaign.tick()
    for number in (990, 1001):
        here.counter.number = number
        here.clock.forward(5 * MINUTE)
        here.campaign.watch()
        here.tick()
    here.go(here.clock.now() + 6 * HOUR, step=HOUR)
    assert texts(here) == []
    here.store.note_link(Link(PETITION["url"], here.clock.now()))
    here.go(here.clock.now() + HOUR)
    assert texts(here) == ["1,000 have signed!"]


def test_a_fixed_date_waits_for_its_link_up_to_a_day(world) -> None:
    here = world(message("f", text="On this day.", post_at="2026-12-01 09:00"), petition=PETITION)
    dead(here, PETITION["url"])
    here.store.note_link(Link(PETITION["url"], START, bad=2, why="answers 404", gone=True, since=START))
    here.go(NINE + 5 * HOUR, step=HOUR)
    assert texts(here) == []
    here.store.note_link(Link(PETITION["url"], here.clock.now()))
    here.go(here.clock.now() + HOUR)
    assert texts(here) == ["On this day."]


def test_a_dead_link_survives_a_restart(world) -> None:
    here = world(*MESSAGES, petition=PETITION)
    dead(here, STORY)
    here.start(here.campaign.book.living())
    here.go(NINE + MINUTE)
    assert texts(here) == ["The text of m1."]


def test_by_hand_it_is_refused_with_the_reason(world) -> None:
    here = world(*MESSAGES, petition=PETITION)
    dead(here, STORY)
    assert here.campaign.post("m0") == [f"m0 waits: its link {STORY} answers 404 since 2026-12-01 08:00 UTC"]


def test_an_account_that_posts_without_links_goes_on(world) -> None:
    here = world(*MESSAGES, petition=PETITION, accounts=[account(links="never")])
    dead(here, PETITION["url"], STORY)
    here.go(NINE + MINUTE)
    assert texts(here) == ["The text of m0."]


# --- through real requests ---------------------------------------------------------------------------

CONFIG = """
campaign: {{name: Test, timezone: UTC}}
petition: {{url: "{petition}/petitions/1"}}
accounts:
  - {{id: dry, network: dry, schedule: {{every: 1h}}}}
"""
QUEUE = "messages:\n- {id: one, kind: call, text: Sign it.}\n"


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox.start(x=False, mastodon=False) as started:
        yield started


def test_a_petition_page_that_is_gone_is_found_out_by_the_bot_itself(tmp_path: Path, box: Sandbox) -> None:
    (tmp_path / "config.yaml").write_text(CONFIG.format(petition=box.petition.url))
    (tmp_path / "messages.yaml").write_text(QUEUE)
    told: list[Event] = []
    with closing(open_store(f"sqlite:///{tmp_path}/state.db")) as store:
        bot = Bot(config.load(tmp_path / "config.yaml", {}), store, {}, told.append)
        bot.look_at_links()
        assert box.petition.calls("page") == 1
        box.petition.fault("page", Fault.S404, times=9)
        for _ in range(2):
            old = store.links()[0]
            store.note_link(Link(old.url, START, old.bad, old.why, old.gone, old.since))
            bot.look_at_links()
        [ask] = bot.campaign.overview().asks
        assert ask.startswith(f"{box.petition.url}/petitions/1 answers 404 since ")
        assert bot.campaign.overview().next is None
    assert [event.what for event in told] == ["asks"]


def test_a_bot_that_must_ask_nobody_asks_nobody(tmp_path: Path, box: Sandbox) -> None:
    """The demo: its files name real pages."""
    (tmp_path / "config.yaml").write_text(CONFIG.format(petition=box.petition.url))
    (tmp_path / "messages.yaml").write_text(QUEUE)
    with closing(open_store("sqlite://")) as store:
        Bot(config.load(tmp_path / "config.yaml", {}), store, {}, links=False).look_at_links()
    assert box.petition.calls("page") == 0
