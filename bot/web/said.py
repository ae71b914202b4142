"""The first line of everything, in the language of the page. In English it is core.overview's sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core.figures import written
from bot.core.overview import NETWORKS, Overview, opening
from bot.web.language import _
from bot.web.times import clock


@dataclass(frozen=True, slots=True)
class Sentence:
    """The first line of everything; `quoted` is the post's opening in it, quotation marks included."""

    before: str
    quoted: str
    after: str

    @classmethod
    def of(cls, overview: Overview) -> Sentence:
        whole = f"{_coming(overview)} {_signed(overview)}"
        found = re.search("“.*”", whole)
        start, end = found.span() if found else (len(whole), len(whole))
        return cls(whole[:start], whole[start:end], whole[end:])


def _coming(overview: Overview) -> str:
    """The same as core.overview.sentence, in the language of the page."""
    planned = overview.next
    if overview.paused:
        return _("Nothing goes out: %(why)s.", why=pause(overview.paused))
    if planned is None or planned.post is None:
        stopped = sum(1 for each in overview.accounts if each.held or each.paused)
        if stopped and stopped == len(overview.accounts):
            return _("Nothing goes out: every account stands still, and each says why.")
        return _("Nothing is planned for the coming week.")
    return _(
        "Next, “%(opening)s” goes out on %(network)s %(when)s.",
        opening=opening(planned.post.words),
        network=network_name(planned.post.network),
        when=clock(planned.slot.due, overview.zone, overview.at),
    )


def _signed(overview: Overview) -> str:
    number, milestone = overview.signatures, overview.next_milestone
    if number is None:
        return _("The signatures have not been counted yet.")
    count = written(number, overview.language)
    if milestone is None:
        return _("%(count)s people have signed.", count=count)
    return _(
        "%(count)s people have signed, %(to_go)s to go to %(milestone)s.",
        count=count,
        to_go=written(milestone - number, overview.language),
        milestone=written(milestone, overview.language),
    )


def pause(reason: str) -> str:
    """`paused`, `paused until 2026-12-10 18:00 UTC`, in the language of the page."""
    until = reason.removeprefix("paused until ")
    if until != reason:
        return _("paused until %(until)s", until=until)
    return _("paused") if reason == "paused" else reason


def network_name(network: str) -> str:
    """As it is called in a sentence."""
    return _("the terminal") if network == "dry" else NETWORKS.get(network, network)
