"""The history as organizers see it: all of it is found, and who may approves takes back and settles."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from bot.core.model import Change, Deferred, Outcome, Picture, State
from bot.files.source import BOM
from bot.office.past import LEAF
from bot.ports import Store
from bot.store import open_store
from tests.scripted import HandClock, Scripted
from tests.web.given import NOW, a_post
from tests.web.pages import Element
from tests.web.past import HOUR, MINUTE, REFUSED, UNCLEAR, happened
from tests.web.test_injection import PAYLOADS
from tests.web.visitor import Visitor, a_user


@pytest.fixture
def store() -> Iterator[Store]:
    with closing(open_store("sqlite://")) as opened:
        yield opened


def listed(store: Store, address: str = "/history") -> list[Element]:
    return Visitor.of(store).page(address).one("ol", class_="past").find("li")


# --- what is shown ------------------------------------------------------------------------------


def test_a_post_says_when_where_what_and_what_it_cost(store: Store):
    happened(store)
    (row,) = listed(store)
    for words in ("Posted", "X", "2026-12-01 10:00 CST", "Fact · en", "People wait.", "$0.20", "1 attempt"):
        assert words in row.text, words
    assert row.one("a", class_="see").attributes["href"] == "https://social.example.org/@stopmpp/1"


def test_every_part_of_a_thread_is_there_and_every_picture_in_words(store: Store):
    pictures = (Picture("media/a.png", "Tents by a bridge"), Picture("media/b.png", ""))
    happened(store, post=a_post(parts=("First.", "Second."), pictures=pictures))
    (row,) = listed(store)
    assert [each.text for each in row.find("p", class_="post")] == ["First.", "Second."]
    assert "Part 2 of 2" in row.text
    assert "Tents by a bridge" in row.text
    assert "media/b.png, without a description" in row.text


def test_what_did_not_go_out_says_why_and_costs_nothing(store: Store):
    happened(store, REFUSED)
    (row,) = listed(store)
    assert "Refused" in row.text
    assert "X says that the text was posted before." in row.text
    assert "$" not in row.text
    assert row.find("a", class_="see") == []


def test_a_time_is_that_of_the_account(store: Store):
    happened(store, post=a_post(account="gone"), slot=NOW)
    assert "10:59" not in listed(store)[0].text
    assert "2026-12-01 11:00 CST" in listed(store)[0].text, "a minute later, where the campaign is"


def test_the_newest_comes_first(store: Store):
    for hours in (3, 1, 2):
        happened(store, post=a_post(parts=(f"{hours} hours ago",)), slot=NOW - hours * HOUR)
    said = [each.one("p", class_="post").text for each in listed(store)]
    assert said == ["1 hours ago", "2 hours ago", "3 hours ago"]


def test_nothing_yet_is_said(store: Store):
    assert "Nothing has gone out yet." in Visitor.of(store).page("/history").main


@pytest.mark.parametrize("payload", PAYLOADS)
def test_whatever_was_posted_is_shown_as_text(store: Store, payload: str):
    post = a_post(parts=(payload, "two"), message_id=payload, pictures=(Picture("a.png", payload),))
    row = happened(store, Change(State.REFUSED, payload), post)
    visitor = Visitor.of(store)
    for address in ("/history", f"/history/{row.id}", f"/history/{row.id}/take-back"):
        page = visitor.page(address)
        assert page.find("script") == []
        assert " ".join(payload.split()) in " ".join(page.root.exact.split())
    page = visitor.page("/history?" + "&".join(f"{each}={payload}" for each in ("account", "message")))
    assert page.find("script") == []


# --- what is sought -----------------------------------------------------------------------------


@pytest.fixture
def four(store: Store) -> Store:
    happened(store, slot=NOW - 4 * HOUR)
    happened(store, post=a_post(account="mastodon", network="mastodon"), slot=NOW - timedelta(days=2))
    happened(store, REFUSED, slot=NOW - 3 * HOUR)
    happened(store, post=a_post(message_id="tents", kind="story"), slot=NOW - timedelta(days=4))
    return store


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", [3, 1, 2, 4]),
        ("account=mastodon", [2]),
        ("state=refused", [3]),
        ("message=tents", [4]),
        ("kind=story", [4]),
        ("since=2026-11-29", [3, 1, 2]),
        ("until=2026-11-29", [2, 4]),
        ("since=2026-11-28&until=2026-11-29", [2]),
        ("state=posted&account=x&kind=fact", [1]),
        ("state=nonsense", [3, 1, 2, 4]),
        ("account=nobody", []),
    ],
)
def test_the_list_has_what_fits_all_choices(four: Store, query: str, ids: list[int]):
    found = Visitor.of(four).page(f"/history?{query}").find("li")
    links = [link.attributes["href"] for each in found for link in each.find("a")]
    assert [int(each.rsplit("/", 1)[1]) for each in links if each.startswith("/history/")] == ids


def test_a_day_is_the_campaigns_from_midnight_to_midnight(store: Store):
    """In Chicago 2026-11-30 ends at 06:00 UTC."""
    happened(store, slot=NOW.replace(hour=5, minute=59))
    happened(store, slot=NOW.replace(hour=6, minute=0, second=0))
    assert len(listed(store, "/history?since=2026-12-01")) == 1
    assert len(listed(store, "/history?until=2026-11-30")) == 1


def test_what_was_chosen_stays_chosen(four: Store):
    page = Visitor.of(four).page("/history?account=gone&state=refused&since=2026-11-01")
    chosen = [each.text for each in page.find("option") if "selected" in each.attributes]
    assert chosen == ["gone", "Refused"]
    assert page.part("since").attributes["value"] == "2026-11-01"


@pytest.mark.parametrize("given", ["yesterday", "2026-02-30", "9999-99-99", "0000-01-01"])
def test_a_day_that_cannot_be_read_is_said_and_left_out(four: Store, given: str):
    page = Visitor.of(four).page(f"/history?since={given}&state=refused")
    assert f"{given} is not a day" in page.main
    assert len(page.one("ol", class_="past").find("li")) == 1


@pytest.mark.parametrize("given", ["9999-12-31", "0001-01-01"])
def test_the_ends_of_the_calendar_are_days(four: Store, given: str):
    assert len(listed(four, f"/history?until={given}")) == (4 if given > "2" else 1)


# --- page after page ----------------------------------------------------------------------------


def test_pages_lead_to_each_other_and_keep_what_was_chosen(store: Store):
    for age in range(LEAF + 1):
        happened(store, slot=NOW - age * MINUTE)
    visitor = Visitor.of(store)
    first = visitor.page("/history?state=posted")
    older = first.one("a", rel="next").attributes["href"]
    assert "state=posted" in older
    assert first.find("a", rel="prev") == []
    second = visitor.page(older)
    assert len(second.one("ol", class_="past").find("li")) == 1
    assert second.find("a", rel="next") == []
    back = visitor.page(second.one("a", rel="prev").attributes["href"])
    assert back.one("ol", class_="past").text == first.one("ol", class_="past").text


@pytest.mark.parametrize("query", ["older=abc", "older=99", "newer=-1", f"older={10**30}", "older=٣"])
def test_a_place_that_is_none_is_the_first_page(four: Store, query: str):
    assert len(listed(four, f"/history?{query}")) == 4


# --- one delivery -------------------------------------------------------------------------------


def test_one_delivery_has_a_page_with_all_that_is_known(store: Store):
    link = "https://petition.example.org/p?utm_source=x&utm_medium=social&utm_campaign=stop"
    row = happened(store, post=a_post(parts=(f"People wait. {link}",)))
    page = Visitor.of(store).page(f"/history/{row.id}")
    assert link in page.main, "nothing of a link is cut here"
    for words in (row.key, "Planned for", "2026-12-01 09:59 CST", "$0.20", "what-mpp-means"):
        assert words in page.main


@pytest.mark.parametrize("number", ["0", "99", str(2**31), str(10**30), "x"])
def test_a_delivery_that_is_not_there_is_no_page(store: Store, number: str):
    assert Visitor.of(store).get(f"/history/{number}").status_code == 404


# --- taken back ---------------------------------------------------------------------------------


class Stubborn(Scripted):
    """Deletes nothing."""

    def delete(self, remote_id: str) -> Outcome | None:
        return Deferred("it is down <b>today</b>")


def with_network(store: Store, kind: type[Scripted] = Scripted) -> tuple[Visitor, Scripted]:
    network = kind(HandClock(NOW), "x")
    a_user(store, "ana")
    a_user(store, "ben", "editor")
    return Visitor.of(store, "ana", networks={"x": network}), network


def test_taking_back_asks_first_and_then_says_what_it_did(store: Store):
    visitor, _network = with_network(store)
    row = happened(store)
    page = visitor.page(f"/history/{row.id}")
    (asks,) = (each for each in page.find("a") if each.text == "Take it back …")
    asked = visitor.page(asks.attributes["href"])
    assert "now and for good" in asked.main
    assert store.delivery(row.id) == row
    done = visitor.post(asked.one("form", class_="asked").attributes["action"])
    assert (done.status_code, done.headers["Location"]) == (303, f"/history/{row.id}")
    after = visitor.page(f"/history/{row.id}")
    assert "nothing of it stands there any more" in after.one("p", class_="notice").text
    assert "ana take back" in after.main
    assert [each for each in after.find("a") if each.text == "Take it back …"] == []
    assert visitor.get(f"/history/{row.id}/take-back").status_code == 302


def test_what_could_not_be_deleted_is_said(store: Store):
    visitor, _network = with_network(store, Stubborn)
    row = happened(store)
    visitor.post(f"/history/{row.id}/take-back")
    page = visitor.page(f"/history/{row.id}")
    assert "still stands: it is down <b>today</b>." in page.one("p", class_="notice").text
    assert page.find("b") == []


def test_an_editor_sees_the_history_and_takes_nothing_back(store: Store):
    with_network(store)
    row = happened(store, UNCLEAR)
    other = happened(store, slot=NOW - 2 * HOUR)
    visitor = Visitor.of(store, "ben")
    assert visitor.page("/history").find("form", class_="fates") == []
    assert "Take it back" not in visitor.page(f"/history/{other.id}").main
    for address in (f"/history/{other.id}/take-back", f"/resolve/{row.id}"):
        assert visitor.post(address, {"fate": "posted"}).status_code == 403
    assert (store.delivery(row.id), store.delivery(other.id)) == (row, other)


# --- settled ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("button", "state", "said"),
    [
        ("It is there", State.POSTED, "It counts as posted."),
        ("It is not there", State.MISSED, "It counts as not posted."),
    ],
)
def test_an_unclear_one_is_settled_by_a_button(store: Store, button: str, state: State, said: str):
    row = happened(store, UNCLEAR)
    visitor = Visitor.of(store)
    form = visitor.page("/history").one("form", class_="fates")
    (pressed,) = (each for each in form.find("button") if each.text.startswith(f"{button} ("))
    given = {each.attributes["name"]: each.attributes["value"] for each in (form.find("input")[-1], pressed)}
    answer = visitor.post(form.attributes["action"], given)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/history")
    after = store.delivery(row.id)
    assert after
    assert after.state is state
    assert said in visitor.page("/history").one("p", class_="notice").text
    assert visitor.page("/history").find("form", class_="fates") == []


def test_who_comes_second_is_told_so_and_changes_nothing(store: Store):
    row = happened(store, UNCLEAR)
    visitor = Visitor.of(store)
    visitor.post(f"/resolve/{row.id}", {"fate": "posted"})
    settled = store.delivery(row.id)
    visitor.post(f"/resolve/{row.id}", {"fate": "not-posted"})
    assert store.delivery(row.id) == settled
    assert "somebody was quicker" in visitor.page("/history").main


@pytest.mark.parametrize("fate", ["", "perhaps"])
def test_an_answer_that_is_none_changes_nothing(store: Store, fate: str):
    row = happened(store, UNCLEAR)
    Visitor.of(store).post(f"/resolve/{row.id}", {"fate": fate})
    assert store.delivery(row.id) == row


# --- as a table ---------------------------------------------------------------------------------


def sheet(store: Store, query: str = "") -> list[dict[str, str]]:
    answer = Visitor.of(store).get(f"/history.csv?{query}")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="history.csv"'
    assert answer.data.startswith(BOM)
    return list(csv.DictReader(io.StringIO(answer.data.removeprefix(BOM).decode(), newline="")))


def test_the_table_has_the_whole_list_with_every_field(store: Store):
    post = a_post(parts=("One,\n“two”", "Three"), pictures=(Picture("a.png", "Tents"),))
    happened(store, post=post)
    (row,) = sheet(store)
    assert row["text"] == "One,\n“two”\n\n---\n\nThree"
    assert row["slot"] == "2026-12-01T09:59:48-06:00"
    assert (row["account"], row["network"], row["state"], row["cost_usd"]) == ("x", "x", "posted", "0.2")
    assert (row["pictures"], row["attempts"], row["message_id"]) == ("Tents", "1", "what-mpp-means")


def test_the_table_has_what_was_chosen_and_all_of_it(store: Store):
    for age in range(2 * LEAF):
        happened(store, REFUSED if age % 2 else None, slot=NOW - age * MINUTE)
    assert len(sheet(store)) == 2 * LEAF
    assert {each["state"] for each in sheet(store, "state=refused")} == {"refused"}
    assert sheet(store, "account=nobody") == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "'="])
def test_nothing_in_the_table_runs_in_a_spreadsheet(store: Store, start: str):
    happened(store, Change(State.REFUSED, f"{start}1+1"), a_post(parts=(f"{start}cmd|'/c calc'!A0",)))
    (row,) = sheet(store)
    assert row["text"].startswith(f"'{start}")
    assert row["reason"].startswith(f"'{start}")


# --- in Spanish ---------------------------------------------------------------------------------


def test_the_history_speaks_spanish(store: Store):
    happened(store, UNCLEAR)
    page = Visitor.of(store)
    page.client.set_cookie("lang", "es")
    text = page.page("/history").main
    for words in ("Lo que se publicó y lo que no", "Incierto", "1 intento", "Está ahí", "Dato · en"):
        assert words in text
