"""What followers may see: approved messages in their time, posts that everybody sees, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.core.board import Board, milestones, servers
from bot.core.model import State
from tests.given import account, at, message
from tests.share.given import NOW, SPEAKS_BOTH, X, a_board, a_post, a_reading, posted, some_settings, two


def ids(board: Board, language: str = "en") -> list[str]:
    edition = board.edition(language)
    return [offer.id for offer in edition.offers] if edition else []


def test_every_approved_message_is_offered_in_the_order_of_the_queue():
    assert ids(a_board(two("b"), two("a"), two("c", kind="call"))) == ["b", "a", "c"]


@pytest.mark.parametrize(
    "fields",
    [
        {"draft": True},
        {"not_before": "2026-12-02"},
        {"expires": "2026-11-30"},
        {"review_by": "2026-11-30"},
        {"post_at": "2026-12-24 18:00"},
        {"kind": "milestone", "text": "{milestone} people."},
        {"kind": "progress", "text": "{signatures} people."},
    ],
)
def test_what_is_not_for_the_public_now_is_not_there(fields: dict[str, Any]):
    board = a_board(two("shown"), two("private", **fields))
    assert ids(board) == ["shown"]
    assert "private" not in repr(board)


def test_what_is_for_private_accounts_alone_is_not_for_followers():
    quiet = account("quiet", visibility="private")
    written = some_settings(SPEAKS_BOTH, quiet)
    kept, said = two("kept", accounts=["quiet"]), two("said", accounts=["quiet", "mastodon"])
    assert ids(a_board(kept, said, settings=written)) == ["said"]


def test_a_fixed_date_is_shared_once_it_has_come():
    assert ids(a_board(two(post_at="2026-12-01 09:00"))) == ["tents"]


def test_what_check_bars_is_not_there():
    assert ids(a_board(two("shown"), two("private"), barred=frozenset({"private"}))) == ["shown"]


def test_calls_end_with_the_petition():
    written = some_settings(petition={"closes": "2026-11-30"})
    assert ids(a_board(two(), two("sign", kind="call"), settings=written)) == ["tents"]


def test_a_message_whose_link_leads_nowhere_is_not_shared():
    gone = "https://news.example.org/gone"
    assert ids(a_board(two(), two("story", kind="story", link=gone), dead={gone: "answers 404"})) == ["tents"]


def test_an_edition_for_each_language_in_which_there_is_something():
    board = a_board(two(), message("only", text={"en": "Only here."}))
    assert [edition.language for edition in board.editions] == ["en", "es"]
    assert (ids(board), ids(board, "es")) == (["tents", "only"], ["tents"])
    offers = {offer.id: offer.also for offer in board.editions[0].offers}
    assert offers == {"tents": ("en", "es"), "only": ("en",)}


def test_an_empty_queue_is_one_edition_with_nothing_to_share():
    (edition,) = a_board(message("later", draft=True)).editions
    assert (edition.language, edition.all, edition.count) == ("en", (), None)


# --- the count, milestones ----------------------------------------------------------------------


def test_the_count_is_written_as_each_language_writes_it():
    written = some_settings(petition={"milestones": {"thresholds": [50_000]}, "goal": 100_000})
    english, spanish = a_board(reading=a_reading(12_345), settings=written).editions
    assert english.count
    assert spanish.count
    assert (english.count.shown, spanish.count.shown) == ("12,345", "12.345")
    assert (english.count.milestone, english.count.to_go) == (50_000, "37,655")


def test_a_count_that_is_old_is_shown_and_said_by_no_message():
    said = two("counts", text="{signatures} people.")
    board = a_board(two(), said, reading=a_reading(at=NOW - timedelta(days=3)))
    assert ids(board) == ["tents"]
    assert board.editions[0].count


def test_of_milestones_passed_at_one_moment_the_highest_counts():
    later = NOW + timedelta(days=1)
    assert milestones({1000: NOW, 5000: NOW, 10_000: later}) == {5000: NOW, 10_000: later}


def test_a_milestone_is_offered_in_the_words_of_its_template():
    template = message("mark", "milestone", text={"en": "{milestone} people. Thank you."})
    (edition,) = a_board(template, passed={5000: NOW}).editions
    (mark,) = edition.milestones
    assert (mark.id, mark.words, mark.card.number) == ("milestone-5000", "5,000 people. Thank you.", "5,000")


def test_a_milestone_gives_way_to_a_message_of_that_name():
    template = message("mark", "milestone", text="{milestone} people.")
    board = a_board(template, two("milestone-5000"), passed={5000: NOW})
    assert board.editions[0].milestones == ()


# --- posts to boost -----------------------------------------------------------------------------


def boosts(*rows: Any, **fields: Any) -> list[str]:
    return [each.url for each in a_board(rows=rows, **fields).editions[0].boosts]


def test_the_latest_posts_come_first_in_the_edition_of_their_language():
    rows = [posted(2), posted(1), posted(3, language="es")]
    board = a_board(rows=rows)
    assert [each.url[-4:] for each in board.editions[0].boosts] == ["1001", "1002"]
    assert [each.url[-4:] for each in board.editions[1].boosts] == ["1003"]


@pytest.mark.parametrize(
    "fields",
    [
        {"state": State.UNCONFIRMED},
        {"state": State.REFUSED, "reason": "private"},
        {"state": State.DUE},
        {"action": "repost"},
        {"remote_ids": ()},
        {"remote_url": None},
        {"remote_url": "javascript:alert(1)"},
        {"remote_url": "http://elsewhere.example.org/1"},
        {"posted_at": None},
        {"account": "gone"},
        {"post": a_post(visibility="private")},
        {"post": a_post(visibility="unlisted")},
        {"post": None},
    ],
)
def test_a_post_that_not_everybody_can_see_is_not_shown(fields: dict[str, Any]):
    assert boosts(posted(1), posted(2, **fields)) == [posted(1).remote_url]


def test_nothing_of_an_account_that_posts_in_private():
    quiet = account("mastodon", languages=["en", "es"], visibility="private")
    assert boosts(posted(1), settings=some_settings(quiet, X)) == []


def test_x_is_asked_to_repost_by_the_posts_id_and_only_x():
    on_x = a_post(network="x", account="x")
    known = posted(1, account="x", post=on_x, remote_url="https://x.com/i/web/status/1001")
    elsewhere = posted(2, account="x", post=on_x, remote_url="http://127.0.0.1:9000/1")
    first, second, third = a_board(rows=[known, elsewhere, posted(3)]).editions[0].boosts
    assert first.repeat == "https://x.com/intent/retweet?tweet_id=1001"
    assert (second.repeat, third.repeat) == (None, None)


def test_reasons_costs_and_what_comes_next_are_nowhere_on_the_board():
    secret = "the key of the account was refused"
    rows = [
        posted(1, reason=secret),
        posted(2, state=State.REFUSED, reason=secret),
        posted(3, state=State.DUE, post=a_post(words="Embargoed words.")),
    ]
    said = repr(a_board(two(), rows=rows))
    assert secret not in said
    assert "Embargoed" not in said
    assert "200000" not in said


def test_servers_are_the_campaigns_own_and_the_largest_each_once():
    assert servers(some_settings(SPEAKS_BOTH)) == ("https://social.example.org", "https://mastodon.social")
    own = account("mastodon", server="https://mastodon.social")
    assert servers(some_settings(own, X)) == ("https://mastodon.social",)


# --- the feed -----------------------------------------------------------------------------------


def test_one_day_and_message_is_one_entry_whatever_the_networks():
    on_x = posted(2, account="x", post=a_post(words="Two thousand tents."))
    (entry,) = a_board(rows=[posted(1), on_x]).editions[0].entries
    assert (entry.words, entry.at, entry.url) == ("Two thousand tents.", on_x.posted_at, on_x.remote_url)


def test_another_day_is_another_entry_and_no_id_ever_changes():
    rows = [posted(1), posted(30)]
    before = [entry.id for entry in a_board(rows=rows).editions[0].entries]
    later = [posted(40, message_id="other"), *rows]
    after = [entry.id for entry in a_board(two(), two("other"), rows=later).editions[0].entries]
    assert len(set(before)) == 2
    assert set(before) < set(after)
    assert all(each.startswith("urn:uuid:") for each in after)


def test_languages_have_feeds_and_ids_of_their_own():
    board = a_board(rows=[posted(1), posted(1, language="es")])
    (one,), (other,) = (edition.entries for edition in board.editions)
    assert one.id != other.id
    assert board.editions[0].feed_id != board.editions[1].feed_id


def test_a_milestone_is_one_entry_that_leads_to_its_announcement():
    template = message("mark", "milestone", text="{milestone} people.")
    row = posted(1, kind="milestone", target="5000", message_id="mark")
    (entry,) = a_board(template, two(), passed={5000: at("2026-12-01 10:00")}, rows=[row]).editions[0].entries
    assert (entry.words, entry.url, entry.page) == ("5,000 people.", row.remote_url, "milestone-5000")
    assert entry.at == at("2026-12-01 10:00")


def test_the_newest_thirty_are_in_a_feed_the_newest_first():
    rows = [posted(number, message_id=f"m-{number}") for number in range(1, 50)]
    entries = a_board(rows=rows).editions[0].entries
    assert len(entries) == 30
    assert [entry.at for entry in entries] == sorted((entry.at for entry in entries), reverse=True)
