"""For machines that watch the bot: /healthz in a word, /metrics in figures. Home of prometheus_client.

It changes nothing. The figures name accounts and money, so they are for whoever may see the pages, and for
whoever has METRICS_TOKEN.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from itertools import accumulate
from typing import TYPE_CHECKING, Protocol

from flask import Flask, Response, request

from bot.core.model import MICRO_USD, State
from bot.core.vitals import BOUNDS, Late, Vitals
from bot.web.rules import anyone

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

PATH = "/metrics"


class Watched(Protocol):
    """Whoever watches over the bot."""

    def ill(self) -> str:
        """What is wrong, in a word; empty: nothing."""

    def vitals(self) -> Vitals: ...


def admit(app: Flask, watch: Watched, token: str | None) -> None:
    """Whoever has the token is answered from anywhere. To be called before the app has other rules."""

    @app.before_request
    def with_token() -> Response | None:
        return shown(watch.vitals()) if request.path == PATH and _knows(token) else None


def _knows(token: str | None) -> bool:
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    if token is None or kind.lower() != "bearer" or request.method not in ("GET", "HEAD"):
        return False
    return hmac.compare_digest(given.strip().encode(), token.encode())


def routes(app: Flask, watch: Watched | None) -> None:
    """`watch` None: the site answers, and nothing more is known."""

    @app.get("/healthz")
    @anyone
    def healthz() -> Response:
        ill = watch.ill() if watch else ""
        return Response(f"{ill or 'ok'}\n", 503 if ill else 200, mimetype="text/plain")

    if watch:

        @app.get(PATH)
        def metrics() -> Response:
            return shown(watch.vitals())


def shown(vitals: Vitals) -> Response:
    """In the text format of Prometheus, with a registry of its own: nothing of this process or of Python."""
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collected(vitals))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class _Collected:
    """What prometheus_client asks for the figures."""

    def __init__(self, vitals: Vitals) -> None:
        self._vitals = vitals

    def collect(self) -> Iterator[Metric]:
        yield from _whole(self._vitals)
        yield from _accounts(self._vitals)
        yield _lateness(self._vitals.late)


def _whole(vitals: Vitals) -> Iterator[Metric]:
    from prometheus_client.core import GaugeMetricFamily

    figures = {
        "healthy": ("1 while the bot would post what is due", float(not vitals.ill)),
        "waiting_for_person": ("Posts whose fate a person has to decide", vitals.waiting_for_person),
        "open_alerts": ("Things that people on call are told of and that are not over", vitals.open_alerts),
        "signatures": ("The newest count that could be believed", vitals.signatures),
        "count_age_seconds": ("How long ago it was read", vitals.count_age),
        "next_slot_seconds": ("How soon the next slot of any account is", vitals.next_slot),
    }
    for name, (about, value) in figures.items():
        if value is not None:
            yield GaugeMetricFamily(f"petition_bot_{name}", about, value)


def _accounts(vitals: Vitals) -> Iterator[Metric]:
    from prometheus_client.core import GaugeMetricFamily

    labels = ("account", "network")
    held = GaugeMetricFamily("petition_bot_held", "1 while the account waits for a person", labels=labels)
    paused = GaugeMetricFamily("petition_bot_paused", "1 while somebody has paused it", labels=labels)
    spent = GaugeMetricFamily("petition_bot_spent_usd", "Spent this month (UTC)", labels=labels)
    budget = GaugeMetricFamily("petition_bot_budget_usd", "What a month may cost", labels=labels)
    rows = GaugeMetricFamily(
        "petition_bot_deliveries", "Deliveries of all time by their state now", labels=(*labels, "state")
    )
    for each in vitals.accounts:
        whose = (each.id, each.network)
        held.add_metric(whose, each.held)
        paused.add_metric(whose, each.paused)
        spent.add_metric(whose, each.spent / MICRO_USD)
        if each.budget is not None:
            budget.add_metric(whose, each.budget / MICRO_USD)
        for state in State:
            rows.add_metric((*whose, state.value), each.deliveries.get(state, 0))
    yield from (held, paused, spent, budget, rows)


def _lateness(late: Late) -> Metric:
    from prometheus_client.core import HistogramMetricFamily

    bounds = [*map(str, BOUNDS), "+Inf"]
    about = "How long after its slot a post was sent, since this process began"
    found = HistogramMetricFamily("petition_bot_lateness_seconds", about)
    found.add_metric((), list(zip(bounds, accumulate(late.counts), strict=True)), late.total)
    return found
