"""The first page: what goes out next, what waits for a person, how it went."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.model import Picture, State
from bot.core.overview import sentence
from bot.web.now import Sentence, label, now_page, sentence_case
from tests.web.conftest import Show
from tests.web.given import NOW, a_delivery, a_full_overview, a_post, an_account, an_overview, planned
from tests.web.pages import Element


def hidden(part: Element) -> dict[str, str]:
    """What a form says besides what people choose, by name."""
    return {each.attributes["name"]: each.attributes["value"] for each in part.find("input", type="hidden")}


def test_the_first_heading_is_the_sentence(now: Show):
    assert now().one("h1").text == sentence(an_overview())


@pytest.mark.parametrize(
    ("words", "quoted"),
    [
        ("People wait.", "“People wait.”"),
        ("They said “no” to us.", "“They said “no” to us.”"),
    ],
)
def test_the_quoted_words_of_the_sentence_stand_out_whole(words: str, quoted: str):
    overview = an_overview(accounts=(an_account(next=planned(a_post(words=words))),))
    said = Sentence.of(overview)
    assert said.quoted == quoted
    assert said.before + said.quoted + said.after == sentence(overview)


def test_a_sentence_without_a_post_is_shown_whole():
    assert Sentence.of(an_overview(paused="paused")).before.startswith("Nothing goes out: paused.")


def test_the_sentence_is_read_aloud_when_it_changes(now: Show):
    assert now().one("h1").attributes["aria-live"] == "polite"


# --- the accounts -------------------------------------------------------------------------------


def test_an_account_shows_the_exact_text_of_its_next_post(now: Show):
    text = "They wait.\n\nTwo  blanks, and a link: https://petition.example.org/p?a=1&b=2 #StopMPP"
    page = now(accounts=(an_account(next=planned(a_post(parts=(text,)))),))
    assert page.part("accounts").one("p", class_="post").exact == text


def test_every_part_of_a_thread_is_shown(now: Show):
    page = now(accounts=(an_account(next=planned(a_post(parts=("One.", "Two.", "Three.")))),))
    assert [each.text for each in page.part("accounts").find("p", class_="post")] == [
        "One.",
        "Two.",
        "Three.",
    ]


def test_an_account_shows_length_of_limit_cost_month_and_why(now: Show):
    facts = [each.text for each in now().part("accounts").one("dl").find("div")]
    assert facts == [
        "Length45 of 280",
        "Costs$0.20",
        "This month$4.215",
        "Why this oneFact is number 1 of 5 in the mix; not posted here yet.",
    ]


def test_a_free_post_costs_nothing(now: Show):
    assert "CostsNothing" in now(accounts=(an_account(next=planned(a_post(cost=0))),)).main


def test_the_time_is_in_the_zone_of_the_campaign_and_from_now(now: Show):
    page = now(zone="Asia/Tokyo", accounts=(an_account(next=planned(due=NOW + timedelta(hours=2))),))
    assert page.part("accounts").one("time").text == "in 2 hours today at 03:59"


def test_the_text_of_a_post_is_marked_with_its_language(now: Show):
    page = now(accounts=(an_account(next=planned(a_post(language="es"))),))
    assert page.part("accounts").one("p", class_="post").attributes["lang"] == "es"


@pytest.mark.parametrize(
    ("network", "id", "shown"),
    [
        ("x", "x", "X"),
        ("x", "x-es", "X · x-es"),
        ("mastodon", "mastodon", "Mastodon"),
        ("dry", "try-out", "The terminal · try-out"),
    ],
)
def test_an_account_is_called_by_its_network(network: str, id: str, shown: str):
    assert label(network, id) == shown


def test_an_account_without_a_next_post_says_so_and_still_what_it_cost(now: Show):
    page = now(accounts=(an_account(next=None),))
    assert "Nothing is planned here for the coming week. This month$4.215" in page.part("accounts").text


def test_what_a_person_should_decide_is_shown_and_nothing_in_it_is_trusted(now: Show):
    page = now(asks=("https://petition.site/p?a=<b> answers 404: its posts are held.",))
    assert (
        page.part("person").one("p").text == "https://petition.site/p?a=<b> answers 404: its posts are held."
    )


def test_a_held_account_says_why_and_has_a_button_to_go_on(now: Show):
    page = now(accounts=(an_account("x", held="X does not know these keys"),))
    for part in ("person", "accounts"):
        assert "X does not know these keys." in page.part(part).text
    form = page.part("person").one("form")
    assert form.attributes == {"method": "post", "action": "/resume"}
    assert hidden(form)["account"] == "x"
    assert form.one("button").text == "Go on with X"
    assert "It would post" in page.part("accounts").text


def test_a_paused_account_says_so_and_has_a_button_that_ends_it(now: Show):
    page = now(accounts=(an_account("mastodon", paused="paused until 2026-12-02 18:00 UTC"),))
    stopped = page.part("accounts").one("p", class_="stopped").text
    assert stopped == "Paused until 2026-12-02 18:00 UTC. Nothing goes out here."
    assert page.part("accounts").one("button").text == "Go on with Mastodon"
    assert page.part("person").text == "", "somebody paused it on purpose"


def test_a_pause_of_everything_is_ended_for_everything(now: Show):
    page = now(paused="paused", accounts=(an_account("x", paused="paused"),))
    assert page.part("accounts").find("button") == []
    assert page.part("switch").text == "Paused. Go on with all accounts"
    assert hidden(page.part("switch"))["account"] == ""


def test_everything_can_be_paused_with_one_button(now: Show):
    form = now().part("switch").one("form")
    assert form.attributes["action"] == "/pause"
    assert form.one("button").text == "Pause everything"


def test_the_pictures_of_the_next_post_are_named_by_what_they_show(now: Show):
    shown = (Picture("a.png", "A bridge."), Picture("b.png", ""))
    page = now(accounts=(an_account(next=planned(a_post(pictures=shown))),))
    assert [each.text for each in page.part("accounts").find("figcaption")] == [
        "Picture A bridge.",
        "Picture b.png, without a description",
    ]


# --- what needs a person ------------------------------------------------------------------------


def in_doubt(**fields: object) -> dict[str, object]:
    row = {"state": State.UNCONFIRMED, "reason": "no answer within 30 s", "spoke_at": NOW, "posted_at": None}
    return {"needs_person": (a_delivery(**(row | fields)),)}


def test_nothing_needs_a_person_on_a_good_day(now: Show):
    assert now().part("person").text == ""


def test_a_delivery_in_doubt_is_asked_about_with_two_buttons(now: Show):
    asked = now(**in_doubt()).part("person")
    assert asked.one("h3").text == "Was this posted on X?"
    assert "No answer within 30 s." in asked.text
    assert asked.one("form").attributes["action"] == "/resolve/12"
    assert [(each.attributes["value"], each.text) for each in asked.find("button")] == [
        ("posted", "It is there (X, today at 10:59:48)"),
        ("not-posted", "It is not there (X, today at 10:59:48)"),
    ]


def test_a_delivery_in_doubt_shows_its_text_to_the_letter(now: Show):
    shown = now(**in_doubt()).part("person").one("p", class_="post")
    assert shown.exact == a_post().parts[0]


def test_a_repost_in_doubt_has_no_text_and_says_what_it_repeats(now: Show):
    page = now(**in_doubt(action="repost", post=None, message_id="thousand"))
    assert page.part("person").one("p", class_="post").text == "Repost of thousand"


# --- the count ----------------------------------------------------------------------------------


def test_the_bar_goes_to_the_next_milestone(now: Show):
    count = now(signatures=1234, next_milestone=5000).part("count")
    assert count.one("progress").attributes == {
        "max": "5000",
        "value": "1234",
        "aria-labelledby": "count-title",
    }
    assert count.text == "Signatures 1,234 1,234 3,766 to go next milestone: 5,000 The goal is 100,000."


def test_a_count_without_a_milestone_has_no_bar(now: Show):
    count = now(next_milestone=None, goal=None).part("count")
    assert count.find("progress") == []
    assert count.text == "Signatures 1,234"


def test_a_count_that_is_not_known_is_no_number(now: Show):
    assert now(signatures=None).part("count").text == "Signatures Not counted yet."


# --- how it went --------------------------------------------------------------------------------


@pytest.mark.parametrize("state", State)
def test_every_state_has_a_word(now: Show, state: State):
    row = now(recent=(a_delivery(state=state),)).part("recent").one("li")
    assert row.one("span", class_="state").text
    assert row.attributes["class"] == f"is-{state}"


def test_a_posted_delivery_links_to_the_real_post(now: Show):
    url = "https://social.example.org/@stopmpp/1155"
    row = now(recent=(a_delivery(remote_url=url),)).part("recent")
    link = row.one("a")
    assert link.attributes == {"class": "see", "href": url, "rel": "noopener noreferrer"}
    assert link.text == "See the post of today at 08:59 on X"


def test_a_refused_delivery_says_why(now: Show):
    row = now(recent=(a_delivery(state=State.REFUSED, reason="X said no"),)).part("recent")
    assert "Refused X 2 hours ago People wait. X said no." in row.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"post": a_post(words="one two " * 40)}, "one two one two"),
        ({"post": None}, "what-mpp-means"),
        ({"post": None, "message_id": None}, "no message"),
        ({"post": None, "action": "repost"}, "Repost of what-mpp-means"),
    ],
)
def test_a_delivery_says_its_opening_or_what_is_known_of_it(fields: dict[str, object], said: str):
    [row] = now_page(an_overview(recent=(a_delivery(**fields),))).recent
    assert row.opening.startswith(said)
    assert len(row.opening) < 120


def test_a_delivery_of_an_account_that_is_gone_is_still_shown(now: Show):
    assert "old-x" in now(recent=(a_delivery(account="old-x"),)).part("recent").text


def test_before_the_first_post_the_page_says_so(now: Show):
    assert now().part("recent").text == "Nothing has gone out yet."


def test_only_the_latest_deliveries_are_shown():
    rows = tuple(a_delivery(id=number) for number in range(20))
    assert [each.id for each in now_page(an_overview(recent=rows)).recent] == list(range(12))


@pytest.mark.parametrize(
    ("reason", "said"),
    [("", ""), (" ", ""), ("too late", "Too late."), ("Why?", "Why?"), ("X said …", "X said …")],
)
def test_a_reason_is_shown_as_a_sentence(reason: str, said: str):
    assert sentence_case(reason) == said


def test_the_month_of_all_accounts_is_summed(now: Show):
    page = now(accounts=(an_account("x"), an_account("mastodon", month_cost=1)))
    assert page.part("month").text == "$4.215001"


def test_the_shipped_campaign_can_be_shown():
    page = now_page(a_full_overview())
    assert len(page.questions) == 1
    assert {each.called for each in page.recent} == {"Posted", "Unclear", "Refused", "Not sent"}
