"""What machines are told of the bot: a word, and figures that Prometheus can read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from bot.core.model import MICRO_USD, Event, State
from bot.core.vitals import BOUNDS, AccountVitals, Late, Vitals
from bot.lateness import Lateness
from bot.ports import StoreUnusable
from bot.web import create_app
from tests.given import NOON, delivery
from tests.web.given import an_office, an_overview

TOKEN = "canary-7f3a-token"
X = AccountVitals("x", "x", True, False, 4_215_000, 25 * MICRO_USD, {State.POSTED: 7, State.UNCONFIRMED: 1})
FREE = AccountVitals("mastodon", "mastodon", False, True, 0, None)
WELL = Vitals("", (X, FREE), 1, 2, 1234, 90.5, 3600.0, Late((1, *[0] * len(BOUNDS)), 0.05))


@dataclass
class Watch:
    """What a running bot would say."""

    word: str = ""
    figures: Vitals = field(default_factory=lambda: WELL)
    asked: int = 0

    def ill(self) -> str:
        return self.word

    def vitals(self) -> Vitals:
        self.asked += 1
        return self.figures


def page(watch: Watch, token: str | None = None) -> FlaskClient:
    return create_app(an_office(an_overview), watch=watch, token=token).test_client()


def metrics(watch: Watch) -> dict[str, float]:
    """Every sample, as `name{labels}`."""
    answer = page(watch).get("/metrics")
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain; version=")
    found = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}"] = sample.value
    return found


@pytest.mark.parametrize("word", ["state", "clock", "stuck", "starting"])
def test_a_bot_that_would_not_post_is_unhealthy_and_says_why_in_a_word(word: str):
    answer = page(Watch(word)).get("/healthz")
    assert (answer.status_code, answer.text) == (503, f"{word}\n")


def test_a_bot_that_posts_is_healthy():
    answer = page(Watch()).get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_prometheus_reads_every_figure():
    found = metrics(Watch())
    assert found["petition_bot_healthy{}"] == 1
    assert found["petition_bot_waiting_for_person{}"] == 1
    assert found["petition_bot_open_alerts{}"] == 2
    assert found["petition_bot_signatures{}"] == 1234
    assert found["petition_bot_count_age_seconds{}"] == 90.5
    assert found["petition_bot_next_slot_seconds{}"] == 3600
    assert found["petition_bot_held{account=x,network=x}"] == 1
    assert found["petition_bot_paused{account=mastodon,network=mastodon}"] == 1
    assert found["petition_bot_spent_usd{account=x,network=x}"] == 4.215
    assert found["petition_bot_budget_usd{account=x,network=x}"] == 25
    assert found["petition_bot_deliveries{account=x,network=x,state=posted}"] == 7
    assert found["petition_bot_deliveries{account=x,network=x,state=unconfirmed}"] == 1
    assert found["petition_bot_deliveries{account=mastodon,network=mastodon,state=posted}"] == 0


def test_what_is_not_known_is_left_out_and_not_zero():
    nothing = replace(WELL, signatures=None, count_age=None, next_slot=None, ill="state")
    found = metrics(Watch(figures=nothing))
    assert not any(
        name.startswith(("petition_bot_sig", "petition_bot_count", "petition_bot_next")) for name in found
    )
    assert "petition_bot_budget_usd{account=mastodon,network=mastodon}" not in found
    assert found["petition_bot_healthy{}"] == 0


def test_nothing_of_this_process_is_told():
    assert all(name.startswith("petition_bot_") for name in metrics(Watch()))


def test_lateness_is_a_histogram_whose_buckets_add_up():
    found = metrics(Watch(figures=replace(WELL, late=Late((2, 0, 1, *[0] * (len(BOUNDS) - 3), 4), 9000.0))))
    buckets = [
        found[f"petition_bot_lateness_seconds_bucket{{le={bound}}}"] for bound in (0.1, 0.25, 0.5, 1800.0)
    ]
    assert buckets == [2, 2, 3, 3]
    assert found["petition_bot_lateness_seconds_bucket{le=+Inf}"] == 7
    assert found["petition_bot_lateness_seconds_count{}"] == 7
    assert found["petition_bot_lateness_seconds_sum{}"] == 9000


# --- who may see it ------------------------------------------------------------------------------

ELSEWHERE = {"Host": "bot:8080", "X-Forwarded-For": "203.0.113.7"}


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN}", 200),
        (f"Bearer {TOKEN}x", 403),
        (f"Bearer {TOKEN[:-1]}", 403),
        (f"Basic {TOKEN}", 403),
        ("Bearer", 403),
        ("", 403),
        ("Bearer ñandú", 403),
    ],
)
def test_from_elsewhere_only_the_token_opens_the_figures(header: str, status: int):
    watch = Watch()
    answer = page(watch, TOKEN).get("/metrics", headers={**ELSEWHERE, "Authorization": header})
    assert answer.status_code == status
    assert watch.asked == (status == 200)


def test_the_token_opens_nothing_else():
    asked = {**ELSEWHERE, "Authorization": f"Bearer {TOKEN}"}
    site = page(Watch(), TOKEN)
    assert [site.get(path, headers=asked).status_code for path in ("/", "/healthz", "/metrics/")] == [403] * 3
    assert site.post("/metrics", headers=asked).status_code == 403


def test_without_a_token_nobody_elsewhere_is_answered_whatever_they_bring():
    for given in ("Bearer ", "Bearer None", "Bearer"):
        assert page(Watch()).get("/metrics", headers={**ELSEWHERE, "Authorization": given}).status_code == 403


def test_the_answer_is_hardened_like_every_other():
    answer = page(Watch(), TOKEN).get("/metrics", headers={**ELSEWHERE, "Authorization": f"Bearer {TOKEN}"})
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_figures_that_cannot_be_read_are_a_503_and_a_sentence():
    class Broken(Watch):
        def vitals(self) -> Vitals:
            raise StoreUnusable("the state has no room on its disk")

    answer = page(Broken()).get("/metrics")
    assert answer.status_code == 503
    assert "no room on its disk" in answer.text


# --- how late posts are ----------------------------------------------------------------------------


def heard(*events: Event) -> Late:
    lateness, told = Lateness(), list[Event]()
    tell: Callable[[Event], None] = lateness.hearing(told.append)
    for event in events:
        tell(event)
    assert told == list(events)
    return lateness.so_far()


def posted(seconds: float, **fields: object) -> Event:
    row = delivery(state=State.POSTED, slot=NOON, spoke_at=NOON + timedelta(seconds=seconds), **fields)
    return Event("posted", "", "mastodon", row)


def test_each_post_stands_in_the_bucket_of_its_lateness():
    late = heard(posted(0.1), posted(0.11), posted(7200), posted(-0.2))
    assert late.counts == (2, 1, *[0] * (len(BOUNDS) - 2), 1)
    assert late.total == pytest.approx(7200.21)


def test_reposts_and_what_was_not_posted_have_no_time_to_keep():
    missed = Event("missed", "late", "mastodon", delivery(state=State.MISSED))
    unspoken = posted(1, action="repost")
    late = heard(missed, unspoken, Event("reading", "1"), Event("posted", "", "x", delivery(spoke_at=None)))
    assert sum(late.counts) == 0
