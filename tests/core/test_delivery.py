"""The promise "once": what may be claimed, what an answer means, how doubt ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from bot.core import delivery as rules
from bot.core import judgement
from bot.core.model import (
    Deferred,
    Delivery,
    Go,
    Post,
    Posted,
    Refused,
    Seen,
    Situation,
    State,
    Stop,
    Timeline,
    Unconfirmed,
    Unreadable,
    Wait,
)
from bot.core.written import DeliveryRules
from tests.given import an_account, at, delivery

RULES = DeliveryRules()
NINE = at("2026-12-01 09:00")
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
TEXT = "Read this.\n\nhttps://petition.example.org/p"


def post(*parts: str) -> Post:
    return Post("mastodon", "mastodon", "m", "fact", "en", parts or (TEXT,), "Read this.", 10, 500)


def situation(**fields: Any) -> Situation:
    nothing = {"paused": None, "held": None, "sending": False, "unconfirmed": 0, "last_spoke_at": None}
    return Situation(**(nothing | {"spent_this_month": 0, "posts_today": 0} | fields))


def claim(now=NINE, account=an_account(), cost: int = 0, **fields: Any):
    return rules.may_claim(delivery(state=State.DUE), cost, situation(**fields), account, now)


# --- claims ----------------------------------------------------------------------------------


def test_a_due_delivery_of_a_free_account_goes():
    assert isinstance(claim(), Go)


@pytest.mark.parametrize("late", [SECOND, 3 * timedelta(hours=1)])
def test_after_its_grace_a_delivery_is_missed_and_never_sent(late: timedelta):
    verdict = claim(at("2026-12-01 09:30") + late)
    assert isinstance(verdict, Stop)
    assert verdict.state is State.MISSED


def test_a_missed_delivery_says_what_kept_it():
    verdict = claim(at("2026-12-01 10:00"), paused="paused by ana")
    assert isinstance(verdict, Stop)
    assert "paused by ana" in verdict.reason


@pytest.mark.parametrize(
    "fields", [{"paused": "paused"}, {"held": "keys revoked"}, {"sending": True}, {"unconfirmed": 3}]
)
def test_a_standing_obstacle_keeps_it_due(fields: dict[str, Any]):
    assert isinstance(claim(**fields), Wait)


def test_one_or_two_posts_in_doubt_do_not_block_the_next():
    assert isinstance(claim(unconfirmed=2), Go)


def test_five_minutes_lie_between_two_posts_of_an_account():
    assert claim(last_spoke_at=NINE - 4 * MINUTE) == Wait("the least gap between two posts", NINE + MINUTE)
    assert isinstance(claim(last_spoke_at=NINE - 5 * MINUTE), Go)


def test_the_gap_is_waived_on_loopback():
    here = an_account(server="http://127.0.0.1:8000")
    assert isinstance(claim(account=here, last_spoke_at=NINE - SECOND), Go)


def test_what_the_budget_does_not_hold_is_missed():
    account = an_account(id="x", network="x", budget={"usd_per_month": 1})
    assert isinstance(claim(account=account, cost=200_000, spent_this_month=800_000), Go)
    verdict = claim(account=account, cost=200_000, spent_this_month=800_001)
    assert isinstance(verdict, Stop)
    assert verdict.state is State.MISSED


# --- answers ---------------------------------------------------------------------------------


def settled(outcome: Any, now=NINE + SECOND, **fields: Any):
    return rules.settle(delivery(post=post(), **fields), outcome, now, RULES)


def test_posted_is_final_with_id_and_address():
    change = settled(Posted("42", "https://social.example.org/@a/42"))
    assert (change.state, change.remote_ids, change.posted_at) == (State.POSTED, ("42",), NINE + SECOND)
    assert not change.release


def test_a_refused_post_is_final_and_costs_nothing():
    change = settled(Refused("too long"))
    assert (change.state, change.reason, change.release, change.hold) == (
        State.REFUSED,
        "too long",
        True,
        None,
    )


def test_a_refused_account_is_held_and_the_post_stays_due():
    change = settled(Refused("the keys were revoked", "account"))
    assert (change.state, change.hold, change.release) == (State.DUE, "the keys were revoked", True)


def test_a_deferred_post_is_tried_again_within_a_minute():
    change = settled(Deferred("connection refused"))
    assert change.state is State.DUE
    assert change.next_at is not None
    assert change.next_at - (NINE + SECOND) < MINUTE
    assert change.release


def test_the_networks_own_time_is_respected():
    until = NINE + 10 * MINUTE
    assert settled(Deferred("rate limit", until)).next_at == until


def test_a_reset_in_the_past_still_backs_off():
    change = settled(Deferred("rate limit", NINE - MINUTE))
    assert change.next_at is not None
    assert change.next_at > NINE + 10 * SECOND


def test_back_off_grows_and_is_bounded():
    waits = [rules.back_off(attempt, RULES) for attempt in range(1, 40)]
    assert waits == sorted(waits)
    assert waits[0] == 20 * SECOND
    assert waits[-1] == rules.LONGEST_BACK_OFF


def test_a_post_that_cannot_be_tried_again_within_its_grace_is_missed_with_the_reason():
    change = settled(Deferred("rate limit", NINE + timedelta(hours=1)))
    assert change.state is State.MISSED
    assert change.reason.startswith("rate limit")


def test_an_unknown_fate_is_looked_up_a_settle_time_after_we_spoke():
    change = settled(Unconfirmed("timed out"), now=NINE + 29 * SECOND)
    assert (change.state, change.next_at, change.doubts) == (State.UNCONFIRMED, NINE + MINUTE, 1)
    assert not change.release


def test_a_duplicate_is_no_success_for_a_fresh_post():
    assert settled(Unconfirmed("duplicate", duplicate=True)).state is State.REFUSED


def test_a_duplicate_after_a_doubtful_attempt_is_looked_up():
    assert settled(Unconfirmed("duplicate", duplicate=True), doubts=1).state is State.UNCONFIRMED


def test_a_part_of_a_thread_leaves_the_rest_due():
    thread = delivery(post=post("one", "two"))
    change = rules.settle(thread, Posted("1", "u"), NINE, RULES)
    assert (change.state, change.remote_ids, change.next_at) == (State.DUE, ("1",), NINE)
    second = replace(thread, remote_ids=("1",))
    assert rules.settle(second, Posted("2", "v"), NINE, RULES).state is State.POSTED


def test_what_holds_the_account_does_not_make_a_doubt_forgotten():
    """Else a text that stands after all would be refused as somebody else's."""
    assert settled(Refused("the keys were revoked", "account"), doubts=1).doubts == 1


@pytest.mark.parametrize(
    "outcome",
    [
        Refused("no"),
        Refused("no", "account"),
        Deferred("later"),
        Deferred("too late", NINE + timedelta(days=1)),
        Unconfirmed("duplicate", duplicate=True),
    ],
)
def test_money_of_a_thread_is_not_released_once_a_part_stands(outcome: Any):
    change = rules.settle(delivery(post=post("one", "two"), remote_ids=("1",)), outcome, NINE, RULES)
    assert not change.release


# --- start-up ----------------------------------------------------------------------------------


def test_what_was_claimed_but_not_spoken_is_due_again():
    change = rules.recovered(delivery(spoke_at=None), NINE, RULES)
    assert (change.state, change.release) == (State.DUE, True)


def test_money_of_a_thread_stays_reserved_through_a_crash():
    assert not rules.recovered(delivery(spoke_at=None, remote_ids=("1",)), NINE, RULES).release


def test_what_was_spoken_is_in_doubt_after_a_crash():
    change = rules.recovered(delivery(), NINE + timedelta(hours=2), RULES)
    assert (change.state, change.doubts) == (State.UNCONFIRMED, 1)


# --- doubt -------------------------------------------------------------------------------------


def seen(remote_id: str = "7", text: str = TEXT, when=NINE + SECOND, **fields: Any) -> Seen:
    return Seen(remote_id, text, when, **fields)


OLD = seen("1", "An older post.", NINE - timedelta(hours=4))


def looked(
    *posts: Seen, known=judgement.Known(), network="mastodon", complete=False, doubted=None, **fields: Any
):
    reading = Timeline("me", posts, complete, fields.pop("server_time", None))
    given = {"state": State.UNCONFIRMED, "post": post(), "reason": "timed out", "doubts": 1}
    doubted = doubted or delivery(**(given | fields))
    return judgement.judge(doubted, reading, known, network, NINE + 2 * MINUTE, RULES)


def test_a_post_that_stands_is_posted_under_its_id():
    change = looked(seen(url="u"), OLD)
    assert (change.state, change.remote_ids, change.remote_url) == (State.POSTED, ("7",), "u")


def test_white_space_that_a_network_changed_does_not_matter():
    assert looked(seen(text=TEXT.replace("\n\n", " ")), OLD).state is State.POSTED


def test_an_exact_text_that_differs_only_in_white_space_is_for_a_person():
    """It is too like ours to send it again, and a server that tells exactly would have told so."""
    change = looked(seen(text=TEXT.replace("\n\n", " "), exact=True), OLD)
    assert (change.state, change.next_at) == (State.UNCONFIRMED, None)


@pytest.mark.parametrize(
    "posts",
    [
        pytest.param([seen(when=NINE - MINUTE), OLD], id="the same text from before"),
        pytest.param([seen(repost_of="9"), OLD], id="a repost"),
        pytest.param([OLD], id="nothing new"),
    ],
)
def test_another_post_is_not_taken_for_it(posts: list[Seen]):
    change = looked(*posts)
    assert (change.state, change.absences) == (State.UNCONFIRMED, 1)


def test_what_an_earlier_attempt_of_unknown_fate_posted_late_is_found():
    """Not seen by five readings, then sent again, which X refuses as a duplicate: the first one stands."""
    again = {"doubts": 2, "slot": NINE - 3 * MINUTE, "spoke_at": NINE}
    doubted = delivery(state=State.UNCONFIRMED, post=post(), **again)
    assert looked(seen(when=NINE - 2 * MINUTE), OLD, network="x", doubted=doubted).state is State.POSTED
    once = replace(doubted, doubts=1)
    assert looked(seen(when=NINE - 2 * MINUTE), OLD, network="x", doubted=once).absences == 1


def test_a_post_that_another_delivery_owns_is_not_taken_for_it():
    assert looked(seen(), OLD, known=judgement.Known(owned={"7"})).absences == 1


def test_it_is_sent_again_only_after_two_good_readings():
    assert looked(OLD, absences=0).state is State.UNCONFIRMED
    again = looked(OLD, absences=1)
    assert (again.state, again.release, again.doubts) == (State.DUE, True, 1)


def test_what_does_not_arrive_time_and_again_is_sent_ever_more_rarely():
    """The first time at once: a server that swallows posts must not be filled up with them."""
    waits = [
        looked(OLD, absences=1, attempts=attempt, doubts=attempt).next_at - (NINE + 2 * MINUTE)
        for attempt in range(1, 5)
    ]
    assert waits == [0 * MINUTE, MINUTE, 3 * MINUTE, 9 * MINUTE]


def test_x_needs_five_since_its_timeline_lags():
    assert looked(OLD, network="x", absences=3).state is State.UNCONFIRMED
    assert looked(OLD, network="x", absences=4).state is State.DUE


@pytest.mark.parametrize(
    ("posts", "known"),
    [
        pytest.param([seen("2", "Later.", NINE + SECOND)], judgement.Known(), id="not back far enough"),
        pytest.param([OLD], judgement.Known(newest="5"), id="our newest post is missing"),
        pytest.param([], judgement.Known(newest="5"), id="nothing at all"),
    ],
)
def test_a_page_that_does_not_show_what_it_must_is_no_answer(posts: list[Seen], known: judgement.Known):
    change = looked(*posts, known=known)
    assert (change.state, change.absences, change.readings) == (State.UNCONFIRMED, 0, 1)


def test_an_empty_complete_timeline_is_a_good_reading():
    assert looked(complete=True).absences == 1


def test_the_servers_clock_counts():
    """A server ten minutes behind dates our post ten minutes early."""
    early = seen(when=NINE + SECOND - 10 * MINUTE)
    assert looked(early, OLD, server_time=NINE + 2 * MINUTE - 10 * MINUTE).state is State.POSTED


def test_a_near_match_is_for_a_person():
    change = looked(seen(text=TEXT + "?"), OLD)
    assert change.state is State.UNCONFIRMED
    assert change.next_at is None


def test_six_readings_without_an_answer_are_for_a_person():
    doubted = delivery(state=State.UNCONFIRMED, post=post(), readings=5)
    change = judgement.judge(doubted, Unreadable("503"), judgement.Known(), "mastodon", NINE + MINUTE, RULES)
    assert (change.state, change.next_at, change.readings) == (State.UNCONFIRMED, None, 6)


def test_a_good_reading_without_the_post_is_an_answer_too():
    """X needs five of them; a reading that fails in between must not be the last straw."""
    doubted = delivery(state=State.UNCONFIRMED, post=post(), readings=5, absences=4)
    change = judgement.judge(doubted, Unreadable("503"), judgement.Known(), "x", NINE + MINUTE, RULES)
    assert change.next_at == NINE + 5 * MINUTE
    assert (change.readings, change.absences) == (6, 4)


def test_a_day_without_an_answer_is_for_a_person():
    doubted = delivery(state=State.UNCONFIRMED, post=post())
    late = NINE + timedelta(hours=25)
    assert judgement.judge(doubted, Unreadable("503"), judgement.Known(), "x", late, RULES).next_at is None


def test_another_identity_holds_the_account_and_leaves_the_post_alone():
    change = looked(seen(), OLD, known=judgement.Known(user_id="somebody"))
    assert change.state is State.UNCONFIRMED
    assert change.hold is not None


@pytest.mark.parametrize(("reposted", "absences", "state"), [(True, 0, "posted"), (False, 1, "due")])
def test_a_repost_is_looked_up_on_the_post_itself(reposted: bool, absences: int, state: str):
    doubted = delivery(state=State.UNCONFIRMED, action="repost", target="k", absences=absences)
    change = judgement.judge_repost(doubted, reposted, "42", "mastodon", NINE + MINUTE, RULES)
    assert change.state == state
    assert change.remote_ids == (("repost:42",) if reposted else None)


@pytest.mark.parametrize(("posted", "state"), [(True, State.POSTED), (False, State.MISSED)])
def test_a_person_settles_it_and_nothing_is_sent(posted: bool, state: State):
    doubted = delivery(state=State.UNCONFIRMED, next_at=None)
    assert rules.needs_person(doubted)
    assert rules.resolved(doubted, posted=posted, now=NINE).state is state


# --- whatever happens ----------------------------------------------------------------------------

outcomes = st.one_of(
    st.builds(Posted, st.just("1"), st.none()),
    st.builds(Refused, st.just("no"), st.sampled_from(["post", "account"])),
    st.builds(Deferred, st.just("later"), st.none() | st.just(NINE + MINUTE)),
    st.builds(Unconfirmed, st.just("unknown"), st.booleans()),
)


@hypothesis_given(outcomes, st.integers(1, 9), st.integers(0, 3))
def test_only_a_certain_answer_ever_releases_money_or_ends_in_posted(
    outcome: Any, attempts: int, doubts: int
):
    before: Delivery = delivery(post=post(), attempts=attempts, doubts=doubts)
    change = rules.settle(before, outcome, NINE + SECOND, RULES)
    assert (change.state is State.POSTED) == isinstance(outcome, Posted)
    if isinstance(outcome, Posted):
        assert not change.release
    if change.state is State.UNCONFIRMED:
        assert not change.release
        assert change.next_at == NINE + MINUTE
