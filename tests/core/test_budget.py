"""What posts cost, and whether there is money for them: whole micro-dollars."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.budget import PRICES, dollars, month, over_budget, price, prices, reading_price
from bot.core.model import MICRO_USD, Picture
from bot.core.written import Account, Budget

LINK = "https://example.org/firma"


def an_account(network: str, **prices: float) -> Account:
    server = {"server": "https://social.example.org"} if network == "mastodon" else {}
    given = {"id": "a", "network": network, "schedule": {"at": ["09:00"]}, "prices": prices, **server}
    return Account.model_validate(given)


X = an_account("x")


@pytest.mark.parametrize(
    ("parts", "cost"),
    [
        (["sin enlace"], 15_000),
        ([f"con enlace {LINK}"], 200_000),
        ([f"{LINK} {LINK}"], 200_000),  # one price, however many links
        (["Hasta el final.No pares"], 200_000),  # X links it, and charges it
        (["informe.pdf"], 15_000),
        (["info@example.org"], 15_000),
        (["http://localhost/p"], 200_000),  # whatever begins like a URL may be charged as one
        (["uno", "dos", f"tres {LINK}"], 230_000),
        ([], 0),
    ],
)
def test_x_charges_each_part_and_much_more_for_one_with_a_link(parts: list[str], cost: int) -> None:
    assert price(X, parts) == cost


def test_x_charges_pictures_by_their_alt_texts() -> None:
    pictures = [Picture("a.jpg", "tents"), Picture("b.jpg", "a bridge"), Picture("c.jpg", "")]
    assert price(X, ["texto"], pictures) == 25_000


@pytest.mark.parametrize("network", ["mastodon", "bluesky", "dry"])
def test_elsewhere_posting_is_free(network: str) -> None:
    assert price(an_account(network), [LINK, "dos"], [Picture("a.jpg", "tents")]) == 0
    assert reading_price(an_account(network), 40) == 0


def test_a_look_at_the_own_timeline_is_charged_as_five_posts_at_least() -> None:
    assert [reading_price(X, posts) for posts in (0, 5, 25)] == [5_000, 5_000, 25_000]


def test_a_link_makes_a_post_thirteen_times_as_dear() -> None:
    assert PRICES["x"].with_url // PRICES["x"].post == 13


def test_a_repost_costs_something_too() -> None:
    assert prices(X).repost == 15_000
    assert prices(an_account("mastodon")).repost == 0


def test_prices_change_and_then_they_are_written_down() -> None:
    dearer = an_account("x", post=0.02, post_with_link=0.25, reading=0.0015, repost=0, alt_text=0)
    assert price(dearer, ["sin enlace", f"con {LINK}"], [Picture("a.jpg", "tents")]) == 270_000
    assert reading_price(dearer, 5) == 7_500
    assert prices(dearer).repost == 0
    assert price(an_account("x", post=0.02), [LINK]) == 200_000
    assert price(an_account("mastodon", post=0.001), ["words"]) == 1_000


@pytest.mark.parametrize("wrong", ["0,015", "$0.2", "-1", "1e-3", "0.0000001", True, ""])
def test_what_is_no_price_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match="prices"):
        an_account("x", post=wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("micro", "text"),
    [
        (0, "$0.00"),
        (200_000, "$0.20"),
        (15_000, "$0.015"),
        (5_000, "$0.005"),
        (1, "$0.000001"),
        (25 * MICRO_USD, "$25.00"),
        (1_234_567_800, "$1234.5678"),
        (-15_000, "-$0.015"),
    ],
)
def test_money_is_shown_exactly_and_with_two_decimals_at_least(micro: int, text: str) -> None:
    assert dollars(micro) == text


@given(st.integers(-(10**12), 10**12))
def test_what_is_shown_is_what_is_counted(micro: int) -> None:
    shown = dollars(micro).replace("$", "")
    whole, decimals = shown.lstrip("-").split(".")
    counted = int(whole) * MICRO_USD + int(decimals.ljust(6, "0"))
    assert (-counted if shown.startswith("-") else counted) == micro


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), "2026-12"),
        (datetime(2027, 1, 1, tzinfo=UTC), "2027-01"),
        (datetime(2026, 12, 31, 20, tzinfo=timezone(timedelta(hours=-6))), "2027-01"),
        (datetime(2027, 1, 1, 1, tzinfo=timezone(timedelta(hours=2))), "2026-12"),
    ],
)
def test_the_month_of_money_is_that_of_utc(at: datetime, shown: str) -> None:
    assert month(at) == shown


# --- what is left ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spent", "cost", "fits"),
    [(0, 200_000, True), (800_000, 200_000, True), (800_001, 200_000, False), (10**9, 0, True)],
)
def test_a_post_must_fit_into_what_is_left_this_month(spent: int, cost: int, fits: bool) -> None:
    assert (over_budget(Budget(usd_per_month=1), cost, spent, 0) is None) is fits


def test_the_sentence_names_cost_rest_and_limit() -> None:
    why = over_budget(Budget(usd_per_month=1), 200_000, 985_000, 0)
    assert why == "budget: this post costs $0.20, and $0.015 of $1.00 are left this month"


def test_what_is_overspent_leaves_nothing() -> None:
    assert "$0.00 of $1.00" in (over_budget(Budget(usd_per_month=1), 1, 2_000_000, 0) or "")


@pytest.mark.parametrize(("posts", "fits"), [(0, True), (2, True), (3, False), (4, False)])
def test_a_day_has_so_many_posts_and_no_more(posts: int, fits: bool) -> None:
    assert (over_budget(Budget(posts_per_day=3), 0, 0, posts) is None) is fits


def test_without_a_budget_everything_fits() -> None:
    assert over_budget(Budget(), 10**9, 10**9, 10**6) is None


def test_a_budget_of_nothing_lets_free_posts_through() -> None:
    assert over_budget(Budget(usd_per_month=0), 0, 0, 0) is None
    assert over_budget(Budget(usd_per_month=0), 15_000, 0, 0) is not None
