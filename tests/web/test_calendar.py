"""The calendar's pages: weeks, single slots, posting at once; and what is pressed on the first page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest

from bot.core.model import Change, Delivery, Go, State
from bot.core.overview import sentence
from bot.core.plan import Book
from bot.store import open_store
from bot.store.store import SqlStore
from bot.web import create_app
from bot.web.switches import did
from tests.given import account, book, message, settings
from tests.scripted import HandClock
from tests.web.given import NOW, OneOverview, a_delivery, an_account, an_office, an_overview, planned
from tests.web.pages import Element, Page
from tests.web.test_injection import PAYLOADS, harmless
from tests.web.visitor import Visitor, a_user

NEXT, LATER = "mastodon/2026-12-01/18:00", "mastodon/2026-12-02/09:00"
DAY = timedelta(days=1)


class Site:
    """Two accounts, four messages and a draft; ana approves, ben edits."""

    def __init__(self, store: SqlStore, given: Book | None = None) -> None:
        self.store, self.clock = store, HandClock(NOW)
        self.book = given or book(
            *(message(f"m{n}") for n in range(4)),
            message("d", draft=True),
            settings=settings(account("x", network="x"), account("mastodon")),
        )
        self.office: OneOverview = an_office(store=store, clock=self.clock, book=self.book)
        self.woken: list[int] = []
        self.office.wake = lambda: self.woken.append(1)
        self.app = create_app(self.office)
        self.office.campaign.plan()
        a_user(store, "ana")
        a_user(store, "ben", "editor")

    def visitor(self, name: str = "ana") -> Visitor:
        visitor = Visitor(self.app)
        visitor.sign_in(name)
        return visitor

    def coming(self) -> list[tuple[str, str | None]]:
        rows = self.office.campaign.preview(NOW, NOW + 2 * DAY)
        return [(row.slot.key, row.post.message_id if row.post else None) for row in rows]

    def unconfirmed(self) -> Delivery:
        (row,) = (each for each in self.office.campaign.post("m0", "x") if isinstance(each, Delivery))
        claimed = self.store.claim(row.id, None, NOW, (NOW, NOW + DAY), lambda _row, _situation: Go())
        assert isinstance(claimed, Delivery)
        self.store.spoke(row.id, NOW)
        (sending,) = self.store.sending()
        assert self.store.settle(sending, Change(State.UNCONFIRMED, "no answer", doubts=1))
        return row


@pytest.fixture
def site() -> Iterator[Site]:
    with closing(open_store("sqlite://")) as store:
        yield Site(store)


def said(page: Page) -> list[str]:
    return [each.text for each in page.find("p", class_="notice")]


def slots(page: Page) -> list[Element]:
    return page.find("li", class_="slot")


# --- weeks --------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", ["week", "list"])
def test_a_week_shows_time_account_text_language_length_price_and_why(site: Site, view: str):
    page = site.visitor().page(f"/calendar?view={view}")
    first = slots(page)[0].text
    assert first.startswith("18:00 X The text of m0.")
    assert "en · 40 of 280 · $0.20" in first
    assert "Next in the rotation; not posted here yet." in first


def test_every_slot_of_the_plan_is_in_its_week(site: Site):
    page = site.visitor().page("/calendar")
    rows = list(site.office.campaign.preview(NOW, NOW + 7 * DAY))
    week = [row for row in rows if row.slot.due < NOW.replace(day=7, hour=0, minute=0, second=0)]
    assert len(slots(page)) == len(week)
    assert page.one("h1").text == "30 November – 6 December 2026"


def test_weeks_are_paged_and_keep_view_and_account(site: Site):
    page = site.visitor().page("/calendar?week=2026-12-16&view=list&account=x")
    assert page.one("h1").text == "14 – 20 December 2026"
    hrefs = [each.attributes["href"] for each in page.one("nav", **{"aria-label": "Weeks"}).find("a")]
    assert hrefs == [
        "/calendar?week=2026-12-07&view=list&account=x",
        "/calendar?view=list&account=x",
        "/calendar?week=2026-12-21&view=list&account=x",
    ]
    assert {each.one("b").text for each in slots(page)} == {"X"}


@pytest.mark.parametrize(
    "query",
    ["week=nonsense", "week=9999-12-31", "week=0001-01-01", "view=<b>", "account=zz", "week=&account="],
)
def test_whatever_is_asked_for_is_some_week(site: Site, query: str):
    assert site.visitor().get(f"/calendar?{query}").status_code == 200


def test_a_week_that_is_past_shows_what_became_of_each_slot(site: Site):
    site.clock.to(NOW + timedelta(hours=2))
    site.office.campaign.plan()
    site.clock.to(NOW + 7 * DAY)
    page = site.visitor().page("/calendar?week=2026-12-01")
    assert [each.one("span", class_="state").text for each in slots(page)] == ["Not sent", "Not sent"]


def test_a_week_without_a_slot_says_so(site: Site):
    assert "No slot lies in this week." in site.visitor().page("/calendar?week=2026-11-20").main


def test_a_week_counts_what_it_will_cost(site: Site):
    page = site.visitor().page("/calendar?account=x&week=2026-12-07")
    assert "costs $2.80." in page.one("footer").text


# --- one slot -----------------------------------------------------------------------------------


def test_a_slot_is_left_out_and_left_to_the_rotation_again(site: Site):
    ben = site.visitor("ben")
    before = site.coming()
    assert ben.post(f"/calendar/skip/{NEXT}").headers["Location"] == f"/calendar/slot/{NEXT}"
    page = ben.page(f"/calendar/slot/{NEXT}")
    assert said(page) == [
        "Nothing goes out in this slot. The message that stood there comes at the next one."
    ]
    assert "Left out by ben." in page.main
    assert dict(site.coming())[NEXT] is None
    week = ben.page("/calendar?account=mastodon")
    assert slots(week)[0].text == "18:00 Mastodon Left out Nothing goes out Left out by ben."
    ben.post(f"/calendar/undo/{NEXT}")
    assert site.coming() == before


def test_a_message_is_put_into_a_slot(site: Site):
    ben = site.visitor("ben")
    page = ben.page(f"/calendar/slot/{NEXT}")
    ids = [each.attributes["value"] for each in page.one("form", class_="offers").find("input", type="radio")]
    assert ids == ["m0", "m1", "m2", "m3"]
    assert "d is a draft: clear it first." in page.one("ul", class_="unfit").text
    ben.post(f"/calendar/put/{NEXT}", {"message": "m3"})
    assert dict(site.coming())[NEXT] == "m3"
    assert "Chosen by ben." in ben.page(f"/calendar/slot/{NEXT}").main


@pytest.mark.parametrize("chosen", ["d", "", "nobody", "<script>"])
def test_what_may_not_go_out_is_refused_with_the_reason(site: Site, chosen: str):
    ana, before = site.visitor(), site.coming()
    ana.post(f"/calendar/put/{NEXT}", {"message": chosen})
    page = ana.page(f"/calendar/slot/{NEXT}")
    assert len(page.find("p", class_="trouble")) == 1
    assert site.coming() == before


def test_a_slot_that_is_over_has_no_buttons(site: Site):
    site.clock.to(NOW + timedelta(hours=2))
    site.office.campaign.plan()
    page = site.visitor().page(f"/calendar/slot/{NEXT}")
    assert page.one("main").find("form") == []
    assert "What became of it" in page.main


def test_there_is_no_page_for_what_is_no_slot(site: Site):
    for key in ("nothing", "mastodon/2026-12-01/10:00", "x/post_at/m0"):
        assert site.visitor().get(f"/calendar/slot/{key}").status_code == 404


# --- now ----------------------------------------------------------------------------------------


def test_before_something_is_posted_it_is_shown_with_its_price(site: Site):
    page = site.visitor().page("/post-now?message=m1")
    assert [each.text for each in page.find("h3")] == ["X", "Mastodon"]
    assert "Costs$0.20" in page.find("article")[0].text
    assert "Post it on all of them now, for $0.20" in page.main
    assert site.store.history() == []


def test_a_message_is_posted_now_on_one_account_or_on_all(site: Site):
    ana = site.visitor()
    assert ana.post("/post-now", {"message": "m1", "account": "x"}).status_code == 303
    assert [(row.account, row.message_id) for row in site.store.history()] == [("x", "m1")]
    assert said(ana.page("/")) == ["m1 goes out on x now."]
    ana.post("/post-now", {"message": "m2", "account": ""})
    assert {row.account for row in site.store.history() if row.message_id == "m2"} == {"x", "mastodon"}
    assert site.woken


def test_a_draft_is_not_offered_and_not_posted(site: Site):
    ana = site.visitor()
    values = [each.attributes["value"] for each in ana.page("/post-now").one("select").find("option")]
    assert values == ["", "m0", "m1", "m2", "m3"]
    ana.post("/post-now", {"message": "d"})
    assert site.store.history() == []
    assert len(ana.page("/").find("p", class_="trouble")) == 2


def test_an_editor_posts_nothing(site: Site):
    ben = site.visitor("ben")
    assert ben.get("/post-now").status_code == 403
    assert ben.post("/post-now", {"message": "m1"}).status_code == 403
    assert "Post something now" not in ben.page("/calendar").main
    assert site.store.history() == []


# --- what is pressed on the first page ----------------------------------------------------------


def test_an_editor_may_stop_everything_and_an_approver_lets_it_go_on(site: Site):
    ben, ana = site.visitor("ben"), site.visitor()
    ben.post("/pause")
    assert site.store.paused(NOW) == "paused"
    assert said(ben.page("/")) == ["Nothing goes out on any account."]
    assert "Go on" not in ben.page("/").part("switch").text
    assert ben.post("/resume").status_code == 403
    ana.post("/resume")
    assert site.store.paused(NOW) is None
    assert [(deed.who, deed.verb) for deed in reversed(site.store.deeds())] == [
        ("ben", "pause"),
        ("ana", "resume"),
    ]


def test_one_account_is_paused_until_a_day(site: Site):
    site.visitor().post("/pause", {"account": "x", "until": "2026-12-03"})
    assert site.store.paused(NOW, "x") == "paused until 2026-12-03 00:00 UTC"
    assert site.store.paused(NOW, "mastodon") is None


@pytest.mark.parametrize(
    "form", [{"until": "soon"}, {"until": "2026-01-01"}, {"account": "zz"}, {"until": "2026-02-30"}]
)
def test_a_pause_that_cannot_be_is_refused(site: Site, form: dict[str, Any]):
    ana = site.visitor()
    ana.post("/pause", form)
    assert site.store.paused(NOW) is None
    assert len(ana.page("/").find("p", class_="trouble")) == 1


@pytest.mark.parametrize(("fate", "state"), [("posted", State.POSTED), ("not-posted", State.MISSED)])
def test_a_post_in_doubt_is_settled_with_a_button(site: Site, fate: str, state: State):
    row, ana = site.unconfirmed(), site.visitor()
    assert "Was this posted on X?" in ana.page("/").part("person").text
    ana.post(f"/resolve/{row.id}", {"fate": fate})
    after = site.store.delivery(row.id)
    assert after
    assert after.state is state
    assert "Was this posted" not in ana.page("/").main


def test_a_post_is_settled_once_and_by_nothing_else(site: Site):
    row, ana = site.unconfirmed(), site.visitor()
    ana.post(f"/resolve/{row.id}", {"fate": "perhaps"})
    assert site.store.unconfirmed()
    for _ in range(2):
        ana.post(f"/resolve/{row.id}", {"fate": "posted"})
    assert said(ana.page("/"))[-1] == "There was nothing to settle any more: somebody was quicker."


def test_an_editor_sees_what_is_in_doubt_and_leaves_it_to_an_approver(site: Site):
    row, ben = site.unconfirmed(), site.visitor("ben")
    person = ben.page("/").part("person")
    assert person.find("form") == []
    assert "An approver says which." in person.text
    assert ben.post(f"/resolve/{row.id}", {"fate": "posted"}).status_code == 403


def test_a_held_account_goes_on_with_its_button(site: Site):
    site.store.hold("x", "the keys are worth nothing")
    ana = site.visitor()
    assert "Go on with X" in ana.page("/").part("person").text
    ana.post("/resume", {"account": "x"})
    assert site.store.account("x").held is None


def test_drafts_and_facts_to_look_at_again_lead_to_their_messages(site: Site):
    soon = book(
        message("d", draft=True), message("old", review_by="2026-11-01"), message("r", review_by="2026-12-05")
    )
    with closing(open_store("sqlite://")) as store:
        person = Site(store, soon).visitor().page("/").part("person")
    assert "old was to be looked at by 2026-11-01, and is not posted any more." in person.text
    assert "r is to be looked at by 2026-12-05; later it is not posted." in person.text
    assert "1 draft waits to be approved" in person.text
    hrefs = [each.attributes["href"] for each in person.find("a")]
    assert hrefs == ["/message/old", "/message/r", "/message/d"]


def test_many_drafts_are_a_few_and_a_way_to_all_of_them(site: Site):
    with closing(open_store("sqlite://")) as store:
        drafts = Site(store, book(*(message(f"d{n}", draft=True) for n in range(9))))
        person = drafts.visitor().page("/").part("person")
    assert "9 drafts wait to be approved" in person.text
    hrefs = [each.attributes["href"] for each in person.find("a")]
    assert hrefs == [*(f"/message/d{n}" for n in range(5)), "/messages?state=draft"]


def test_files_that_are_not_taken_up_are_shown_with_their_problem(site: Site):
    site.office.broken = lambda: "messages.yaml:3:1: error: no text <here>"
    person = site.visitor().page("/").part("person")
    assert "goes on with the last good ones messages.yaml:3:1: error: no text <here> Mend it" in person.text


def test_the_cost_of_the_month_to_come_is_that_of_the_plan(site: Site):
    page = site.visitor().page("/")
    assert page.part("coming").text == "$12.00"
    assert page.part("month").text == "$0.00"


# --- nothing is trusted ---------------------------------------------------------------------------


def test_words_names_and_reasons_reach_the_calendar_as_text(site: Site):
    media = [{"file": "media/a.png", "alt": '"><script>alert(1)</script>'}]
    messages = [
        message(f"m{n}", text=payload, media=media, draft=n % 2 == 1) for n, payload in enumerate(PAYLOADS)
    ]
    plain = [message(f"m{n}", text="Words.", media=media, draft=n % 2 == 1) for n in range(len(PAYLOADS))]
    with closing(open_store("sqlite://")) as one, closing(open_store("sqlite://")) as other:
        attacked, calm = Site(one, book(*messages)), Site(other, book(*plain))
        for each, name in ((attacked, "<b>Ana</b>"), (calm, "Ana")):
            each.office.calendar.put(name, NEXT, "m2")
            each.office.calendar.skip(name, LATER)
        visitors = attacked.visitor(), calm.visitor()
        for path in ("/calendar", "/calendar?view=list", f"/calendar/slot/{NEXT}", "/post-now?message=m4"):
            page, usual = (each.page(path) for each in visitors)
            harmless(page)
            for name in ("script", "style", "h1", "form", "img", "iframe", "svg", "b"):
                assert len(page.find(name)) == len(usual.find(name)), (path, name)


# --- Spanish ------------------------------------------------------------------------------------


SPANISH = {"Accept-Language": "es"}


def test_the_first_sentence_is_spanish_where_the_page_is():
    shown = an_overview(accounts=(an_account(next=planned()),))
    english = create_app(an_office(lambda: shown)).test_client().get("/").text
    spanish = create_app(an_office(lambda: shown)).test_client().get("/", headers=SPANISH).text
    assert Page(english).one("h1").text == sentence(shown)
    assert Page(spanish).one("h1").text == (
        "Lo próximo: “People wait.” sale en X hoy a las 12:59. "
        "Han firmado 1,234 personas; faltan 3,766 para llegar a 5,000."
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"paused": "paused"},
        {"paused": "paused until 2026-12-02 18:00 UTC"},
        {"accounts": (an_account("x", held="no keys"),)},
        {"accounts": (an_account("x", next=None),)},
        {"signatures": None},
        {"next_milestone": None},
        {"accounts": (an_account("dry", next=planned(due=NOW + DAY)),)},
        {"accounts": (an_account("x", next=planned(due=NOW + 5 * DAY)),)},
        {"accounts": (an_account("x", next=planned(due=NOW + timedelta(seconds=20))),)},
    ],
)
def test_in_english_the_first_line_is_that_of_status(fields: dict[str, Any]):
    shown = an_overview(**fields)
    assert Page(create_app(an_office(lambda: shown)).test_client().get("/").text).one("h1").text == sentence(
        shown
    )


def test_no_word_of_a_spanish_page_is_english(site: Site):
    visitor = site.visitor()
    for path in ("/", "/calendar", "/calendar?view=list", f"/calendar/slot/{NEXT}", "/post-now?message=m0"):
        page = Page(visitor.get(path, headers=SPANISH).text)
        words = f" {page.main} ".lower()
        for english in (" the next ", " nothing ", " today ", " why ", " costs ", " length ", " pause "):
            assert english not in words.replace("the text of", ""), (path, english)


def test_the_reason_of_a_slot_is_said_in_spanish(site: Site):
    site.office.calendar.skip("Ana", NEXT)
    visitor = site.visitor()
    for path in ("/calendar", f"/calendar/slot/{NEXT}"):
        assert "Lo saltó Ana." in Page(visitor.get(path, headers=SPANISH).text).main
    assert "Es lo siguiente en la rotación; todavía no se ha publicado aquí." in (
        Page(visitor.get(f"/calendar/slot/{LATER}", headers=SPANISH).text).main
    )


def test_the_state_of_a_delivery_is_said_in_spanish():
    shown = an_overview(recent=(a_delivery(),))
    page = Page(create_app(an_office(lambda: shown)).test_client().get("/", headers=SPANISH).text)
    assert page.part("recent").one("span", class_="state").text == "Publicado"


def test_a_deed_that_fails_says_why_and_goes_on_to_where_it_was_told(site: Site):
    from bot.office.people import NotSo

    def fails() -> None:
        raise NotSo("%(why)s", why="100% <b>wrong</b>")

    with site.app.test_request_context():
        answer = did(fails, "done", "/calendar")
        assert answer.headers["Location"] == "/calendar"
