"""One definition of the future: what goes out in each slot of all accounts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.core.model import Ledger, Past, Planned, Use
from bot.core.plan import Book, agenda, plan
from tests.given import NOON, account, at, book, message, settings

DAY = timedelta(days=1)


def planned(
    given: Book, ledger: Ledger = Ledger(), days: float = 1, signatures: int | None = None
) -> list[Planned]:
    start = at("2026-12-01 00:00")
    return list(plan(given, ledger, agenda(given, start, start + days * DAY), given.figures(signatures)))


def ids(rows: list[Planned]) -> list[str | None]:
    return [row.post.message_id if row.post else None for row in rows]


def test_the_slots_of_all_accounts_come_in_order_of_time_and_then_of_the_accounts():
    given = book(message("m"), settings=settings(account("b"), account("a")))
    keys = [row.slot.key for row in planned(given)]
    assert keys == [f"{each}/2026-12-01/{time}" for time in ("09:00", "18:00") for each in ("b", "a")]


def test_a_slot_that_has_a_row_is_not_planned_again():
    given = book(message("m"))
    rows = planned(given, Ledger(keys=frozenset({"mastodon/2026-12-01/09:00"})))
    assert [row.slot.key for row in rows] == ["mastodon/2026-12-01/18:00"]


def test_planning_goes_on_from_what_was_posted():
    past = Past(turns=1, uses={"m0": Use({"en": 1}, 0, NOON - 2 * DAY)})
    rows = planned(book(message("m0"), message("m1")), Ledger({"mastodon": past}))
    assert ids(rows) == ["m1", "m0"]


def test_a_plan_in_two_halves_is_the_plan_in_one():
    given = book(*(message(f"m{n}", weight=1 + n % 2) for n in range(5)))
    whole = planned(given, days=4)
    half = whole[: len(whole) // 2]
    uses: dict[str, Use] = {}
    for row in half:
        assert row.post
        before = uses.get(row.post.message_id)
        uses[row.post.message_id] = Use(
            {"en": (before.times["en"] if before else 0) + 1}, row.turn or 0, row.slot.due
        )
    ledger = Ledger({"mastodon": Past(len(half), uses)}, keys=frozenset(row.slot.key for row in half))
    assert planned(given, ledger, days=4) == whole[len(half) :]


def test_a_fixed_date_goes_out_beside_the_rotation_and_uses_no_turn():
    rows = planned(book(message("f", post_at="2026-12-01 10:00"), message("m0"), message("m1")))
    assert ids(rows) == ["m0", "f", "m1"]
    assert [row.turn for row in rows] == [0, None, 1]
    assert rows[1].slot.key == "mastodon/post_at/f"


def test_a_fixed_date_is_in_the_campaigns_zone():
    given = settings(campaign={"timezone": "America/Chicago"})
    rows = planned(book(message("f", post_at="2026-12-01 10:00"), settings=given))
    assert next(row.slot.due for row in rows if row.post) == at("2026-12-01 16:00")


@pytest.mark.parametrize("fields", [{"draft": True}, {"expires": "2026-11-30"}])
def test_a_fixed_date_that_may_not_go_out_is_shown_with_the_reason(fields: dict[str, Any]):
    rows = planned(book(message("f", post_at="2026-12-01 10:00", **fields)))
    assert ids(rows) == [None, None, None]
    assert "f has a fixed date, but may not go out" in rows[1].why


def test_a_slot_without_anything_to_say_names_the_reason():
    given = settings(rotation={"mix": ["story"]})
    assert (
        planned(book(message("m"), settings=given))[0].why
        == "nothing to post: no story may go out at this time"
    )


def two_x(**fields: Any) -> Any:
    given = {"network": "x", "schedule": {"at": ["09:00"]}, **fields}
    return settings(account("x1", **given), account("x2", **given))


def test_two_x_accounts_never_say_the_same_within_a_day():
    rows = planned(book(*(message(f"m{n}") for n in range(4)), settings=two_x()), days=4)
    said: list[tuple[str, str, Any]] = []
    for row in rows:
        assert row.post
        for words, who, when in said:
            if who != row.post.account and row.slot.due - when < DAY:
                assert words != row.post.words
        said.append((row.post.words, row.post.account, row.slot.due))


def test_what_another_x_account_said_before_the_plan_counts_as_well():
    ledger = Ledger(recent_words=(("x", "The text of m0.", "x2", at("2026-11-30 12:00")),))
    rows = planned(book(message("m0"), message("m1"), settings=two_x()), ledger)
    assert ids(rows)[0] == "m1"


def test_accounts_of_other_networks_may_say_the_same():
    given = settings(account("a"), account("b"))
    assert ids(planned(book(message("m"), settings=given))) == ["m"] * 4


def test_a_budget_in_posts_leaves_the_rest_of_the_day_out():
    given = settings(account(budget={"posts_per_day": 1}))
    rows = planned(book(message("m0"), message("m1"), settings=given), days=2)
    assert ids(rows) == ["m0", None, "m1", None]
    assert rows[1].why == "budget: 1 posts a day are used up"


def test_a_budget_in_money_is_a_hard_stop_and_uses_no_turn():
    given = settings(account("x", network="x", budget={"usd_per_month": 0.5}))
    rows = planned(book(message("m0"), message("m1"), settings=given), days=2)
    assert ids(rows) == ["m0", "m1", None, None]
    assert rows[2].why == "budget: this post costs $0.20, and $0.10 of $0.50 are left this month"


def test_money_spent_before_counts_and_a_new_month_starts_afresh():
    given = settings(account("x", network="x", schedule={"at": ["09:00"]}, budget={"usd_per_month": 0.5}))
    ledger = Ledger({"x": Past(spent={"2026-12": 500_000})})
    rows = planned(book(message("m"), settings=given), ledger, days=32)
    assert ids(rows) == [None] * 31 + ["m"]


def test_a_message_that_is_too_long_for_an_account_goes_out_on_the_others():
    long = message("long", text="word " * 80)
    given = settings(account("x", network="x"), account("mastodon"))
    rows = planned(book(long, message("short"), settings=given))
    assert ids(rows) == ["short", "long", "short", "short"]


def test_figures_wait_for_a_reading():
    given = book(message("f", text="{signatures} people have signed."), message("m"))
    assert ids(planned(given)) == ["m", "m"]
    with_reading = planned(given, signatures=1234)
    assert ids(with_reading) == ["f", "m"]
    assert with_reading[0].post
    assert with_reading[0].post.words == "1,234 people have signed."


def test_a_message_with_an_error_of_its_own_does_not_go_out():
    given = book(message("bad"), message("good"))
    barred = Book(given.settings, given.queue, barred=frozenset({"bad"}))
    assert ids(planned(barred)) == ["good", "good"]
