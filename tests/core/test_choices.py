"""What people decide for single slots: nothing goes out, or the message that they chose does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from bot.core.choices import slot_of
from bot.core.model import Choice, Ledger, Past, Planned, Post, State, Use
from bot.core.outbox import laid
from bot.core.plan import Book, agenda, offers, plan
from tests.given import NOON, account, at, book, message, settings

DAY = timedelta(days=1)
START = at("2026-12-01 00:00")
NINE, SIX = "mastodon/2026-12-01/09:00", "mastodon/2026-12-01/18:00"


def chosen(key: str, message_id: str | None) -> tuple[str, Choice]:
    return key, Choice(key, message_id, "Ana", NOON, START)


def planned(given: Book, *choices: tuple[str, Choice], days: float = 1, **ledger: Any) -> list[Planned]:
    start = Ledger(**ledger, choices=dict(choices))
    return list(plan(given, start, agenda(given, START, START + days * DAY), given.figures(None)))


def ids(rows: list[Planned]) -> list[str | None]:
    return [row.post.message_id if row.post else None for row in rows]


def a_book(**fields: Any) -> Book:
    return book(*(message(f"m{n}") for n in range(4)), settings=settings(**fields))


# --- left out -------------------------------------------------------------------------------------


def test_nothing_goes_out_in_a_slot_that_somebody_left_out_and_no_turn_is_used():
    rows = planned(a_book(), chosen(NINE, None), days=2)
    assert ids(rows) == [None, "m0", "m1", "m2"]
    assert [row.turn for row in rows] == [None, 0, 1, 2]
    assert rows[0].why == "left out by Ana"


def test_its_row_is_cancelled_and_not_missed():
    (row, *_) = planned(a_book(), chosen(NINE, None))
    new = laid(row, a_book().settings.delivery)
    assert (new.state, new.reason, new.message_id) == (State.CANCELLED, "left out by Ana", None)


def test_a_fixed_date_can_be_left_out_too():
    given = book(message("f", post_at="2026-12-01 10:00"), message("m"))
    rows = planned(given, chosen("mastodon/post_at/f", None))
    assert ids(rows) == ["m", None, "m"]
    assert laid(rows[1], given.settings.delivery).message_id == "f"


# --- chosen ---------------------------------------------------------------------------------------


def test_a_chosen_message_goes_out_there_and_does_not_come_again_next():
    rows = planned(a_book(), chosen(NINE, "m2"), days=3)
    assert ids(rows) == ["m2", "m0", "m1", "m3", "m2", "m0"]
    assert rows[0].why == "chosen by Ana"
    assert [row.turn for row in rows] == [0, 1, 2, 3, 4, 5]


def test_it_comes_before_its_cooldown_is_over_since_a_person_wants_it():
    given = a_book(rotation={"cooldown": "3d"})
    past = Past(turns=1, uses={"m0": Use({"en": 1}, 0, START - timedelta(hours=1))})
    assert ids(planned(given, chosen(NINE, "m0"), pasts={"mastodon": past})) == ["m0", "m1"]


def test_it_comes_in_the_words_that_were_used_least():
    given = book(message("m", text=["One.", "Two."]), message("n"))
    past = Past(turns=1, uses={"m": Use({"en": 1}, 0, START - DAY)})
    (row, _) = planned(given, chosen(NINE, "m"), pasts={"mastodon": past})
    assert row.post
    assert row.post.words == "Two."


def test_a_message_whose_time_begins_later_can_be_put_where_its_time_has_begun():
    given = book(message("m"), message("late", not_before="2026-12-01 12:00"), message("n"))
    assert ids(planned(given, chosen(SIX, "n"), days=2)) == ["m", "n", "late", "m"]
    assert ids(planned(given, chosen(SIX, "late"), days=2)) == ["m", "late", "n", "m"]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        pytest.param({"draft": True}, "m is a draft: clear it first", id="draft"),
        pytest.param({"expires": "2026-11-30"}, "m has expired or wants a review", id="expired"),
        pytest.param({"not_before": "2026-12-24"}, "m must not go out before", id="too early"),
        pytest.param({"accounts": ["elsewhere"]}, "m is not for mastodon", id="for others"),
        pytest.param({"text": "word " * 200}, "m is too long for mastodon: 1024 of 500", id="too long"),
        pytest.param({"kind": "milestone"}, "m is a template", id="template"),
        pytest.param({"post_at": "2026-12-05 10:00"}, "m has a date of its own", id="fixed"),
        pytest.param({"text": "{signatures} signed."}, "m ", id="no count yet"),
    ],
)
def test_what_may_not_go_out_is_not_replaced_in_silence(fields: dict[str, Any], why: str):
    given = book(message("m", **fields), message("other"))
    (row, after) = planned(given, chosen(NINE, "m"))
    assert row.post is None
    assert row.why.startswith(f"chosen by Ana, but {why}")
    new = laid(row, given.settings.delivery)
    assert (new.state, new.message_id, new.turn) == (State.MISSED, "m", None)
    assert after.turn == 0


def test_a_message_that_was_removed_says_so():
    (row, _) = planned(a_book(), chosen(NINE, "gone"))
    assert row.why == "chosen by Ana, but gone is no longer in messages.yaml"


def test_a_message_with_an_error_of_its_own_does_not_go_out_because_somebody_chose_it():
    given = a_book()
    barred = Book(given.settings, given.queue, barred=frozenset({"m2"}))
    assert planned(barred, chosen(NINE, "m2"))[0].why.startswith("chosen by Ana, but m2 has an error")


def test_a_dead_link_holds_it_as_any_other():
    given = a_book()
    dead = Book(given.settings, given.queue, dead={"https://petition.example.org/p": "answers 404"})
    why = planned(dead, chosen(NINE, "m2"))[0].why
    assert why.startswith("chosen by Ana, but m2 waits: its link ")


def test_a_budget_stops_it_and_uses_no_turn():
    given = settings(account("mastodon", budget={"posts_per_day": 1}))
    whole = book(*(message(f"m{n}") for n in range(3)), settings=given)
    rows = planned(whole, chosen(SIX, "m2"), days=2)
    assert ids(rows) == ["m0", None, "m1", None]
    assert rows[1].why == "chosen by Ana, but budget: 1 posts a day are used up"


def test_two_x_accounts_do_not_say_the_same_because_somebody_chose_it():
    x = {"network": "x", "schedule": {"at": ["09:00"]}}
    whole = book(message("a"), message("b"), settings=settings(account("x1", **x), account("x2", **x)))
    rows = planned(whole, chosen("x2/2026-12-01/09:00", "a"))
    assert ids(rows) == ["a", None]
    assert rows[1].why == "chosen by Ana, but another X account says the same within a day"


# --- what can be chosen ---------------------------------------------------------------------------


def test_what_is_offered_for_a_slot_is_what_would_go_out_there():
    given = book(
        message("m"),
        message("n", text="word " * 200),
        message("f", post_at="2026-12-05 10:00"),
        message("t", kind="milestone", text="Hooray."),
    )
    slot = next(agenda(given, START, START + DAY))
    found = {each.id: post for each, post in offers(given, Ledger(), slot, given.figures(None))}
    assert found.pop("n") == "n is too long for mastodon: 1024 of 500"
    assert set(found) == {"m"}
    assert isinstance(found["m"], Post)
    assert found["m"] == planned(given, chosen(slot.key, "m"))[0].post


# --- the key of a slot ----------------------------------------------------------------------------


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland", "America/Los_Angeles", "Europe/Madrid"])
def test_every_slot_is_found_by_its_key(zone: str):
    schedule = {"every": "5h", "between": ["10:00", "03:00"], "jitter": "9m"}
    given = book(
        message("f", post_at="2027-03-27 10:00"),
        settings=settings(account(schedule=schedule), account("a-b"), campaign={"timezone": zone}),
    )
    for start in (START, at("2027-03-26 00:00")):
        for slot in agenda(given, start, start + 4 * DAY):
            assert slot_of(given, slot.key) == slot


@pytest.mark.parametrize(
    "key",
    [
        "",
        "mastodon",
        "mastodon/",
        "mastodon/2026-12-01/10:00",
        "mastodon/2026-13-01/09:00",
        "mastodon/0001-01-01/09:00",
        "mastodon/9999-12-31/09:00:00",
        "mastodon/post_at/m",
        "mastodon/post_at/nobody",
        "x/2026-12-01/09:00",
        "mastodon/x/y/z",
    ],
)
def test_what_is_no_slot_is_none(key: str):
    assert slot_of(book(message("m")), key) is None


# --- the property ---------------------------------------------------------------------------------


@hypothesis_given(
    st.dictionaries(st.integers(0, 9), st.sampled_from([None, "m0", "m1", "m2", "m3", "gone"]), max_size=6),
    st.integers(1, 9),
    st.sampled_from([[], ["fact", "fact", "call"]]),
)
def test_a_plan_in_two_halves_is_the_plan_in_one_whatever_was_chosen(
    wanted: dict[int, str | None], cut: int, mix: list[str]
):
    kinds = ("fact", "call", "fact", "fact")
    given = book(
        *(message(f"m{n}", kind, weight=1 + n % 2) for n, kind in enumerate(kinds)),
        settings=settings(rotation={"mix": mix, "cooldown": "0s"}),
    )
    slots = list(agenda(given, START, START + 5 * DAY))
    choices = dict(chosen(slots[place].key, each) for place, each in wanted.items())
    whole = list(plan(given, Ledger(choices=choices), slots, given.figures(None)))
    past = {"mastodon": _after(whole[:cut])}
    keys = frozenset(slot.key for slot in slots[:cut])
    rest = plan(given, Ledger(past, keys=keys, choices=choices), slots, given.figures(None))
    assert list(rest) == whole[cut:]


def _after(rows: list[Planned]) -> Past:
    """What the ledger says once these went out."""
    uses: dict[str, Use] = {}
    for row in rows:
        if row.post and row.turn is not None:
            before = uses.get(row.post.message_id)
            times = (before.times["en"] if before else 0) + 1
            uses[row.post.message_id] = Use({"en": times}, row.turn, row.slot.due)
    return Past(max((use.last_turn for use in uses.values()), default=-1) + 1, uses)
