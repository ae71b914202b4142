"""What is wrong, doubtful or in vain in what people wrote, said before it goes out.

One rule is one small function in a table below. A rule changes nothing, opens no file and no link,
and reads no clock: the same files, limits and time give the same findings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from bot.core.lint import cards, dates, lengths, pictures, reach, rounds, setup, threads, wording
from bot.core.lint.passages import Desk, Entry, Finding, Passage
from bot.core.model import Limits
from bot.core.pictures import Looks
from bot.core.written import Queue, Settings

__all__ = ["Finding", "lint"]

PassageRule = Callable[[Passage, Desk], Iterator[Finding]]
MessageRule = Callable[[Entry, Desk], Iterator[Finding]]
DeskRule = Callable[[Desk], Iterator[Finding]]

ON_SIGNS: tuple[tuple[re.Pattern[str], tuple[PassageRule, ...]], ...] = (
    (re.compile(r"^\s*$|" + wording.ODD.pattern), (wording.empty,)),
    (wording.ODD, (wording.damaged, wording.surrogate, wording.bidi, wording.invisible)),
    (re.compile("[ÃÂâðÐÑØÙÚÛ×]"), (wording.double_encoded,)),
    (re.compile("[&<]"), (wording.html,)),
)
"""On every passage that the pattern finds something in, also on alt texts."""

ON_LETTERS: tuple[tuple[re.Pattern[str], tuple[PassageRule, ...]], ...] = (
    *ON_SIGNS,
    (re.compile(r"\{"), (wording.unknown_fields, wording.fields_without_value, wording.plural_forms)),
    (re.compile("[@＠]"), (reach.mentioned,)),
)
"""The same for what is filled in and posted: most texts are clean, and pass quickly."""

ON_LINKS: tuple[tuple[re.Pattern[str], tuple[PassageRule, ...]], ...] = (
    (re.compile("://"), (reach.cut_links, reach.links_twice)),
    (re.compile(r"[.。．｡]\S"), (reach.accidental_links,)),
    (re.compile(r"\$[A-Za-z]"), (reach.cashtags,)),
)
ON_TEXTS = (*ON_LINKS, (re.compile(""), (lengths.too_long,)))
"""On the texts of posts alone."""

ON_MESSAGES: tuple[MessageRule, ...] = (
    rounds.has_text,
    rounds.facts_have_a_source,
    rounds.never_goes_out,
    dates.ended,
    dates.closing_is_known,
    dates.never_open,
    dates.past,
    dates.in_quiet_hours,
    dates.templates_have_no_date,
    reach.own_links,
    threads.languages,
    threads.variants,
    pictures.usable,
    pictures.fitting,
    pictures.alt_texts,
    pictures.content_warnings,
    cards.drawable,
)

ON_THE_WHOLE: tuple[DeskRule, ...] = (
    rounds.same_texts,
    rounds.mix_has_messages,
    rounds.milestones_have_templates,
    rounds.round_outlasts_cooldown,
    reach.petition_links,
    setup.thresholds_rise,
    setup.closed,
    setup.schedules_have_slots,
    cards.share_address,
    cards.public_port,
)


def lint(
    settings: Settings,
    queue: Queue,
    limits: Mapping[str, Limits],
    now: datetime,
    looks: Looks = MappingProxyType({}),
    *,
    whole: bool = True,
) -> list[Finding]:
    """All findings on both files, in the order of their places; `whole` False: without lengths and what
    concerns all messages together, which keep no message from going out everywhere.

    `limits`: account id -> what its server takes; a missing one is the network's default. `now` is
    aware UTC. `looks`: what is in the pictures; one that nobody looked at is taken on trust.
    """
    desk = Desk(settings, queue, limits, now, looks)
    return sorted(_findings(desk, whole))


def _findings(desk: Desk, whole: bool) -> Iterator[Finding]:
    for passage in (*desk.passages, *desk.warnings):
        yield from _matching(ON_LETTERS, passage, desk)
    for passage in desk.passages:
        yield from _matching(ON_TEXTS if whole else ON_LINKS, passage, desk)
    for passage in desk.alts:
        yield from _matching(ON_SIGNS, passage, desk)
    for place, message in enumerate(desk.queue.messages):
        entry = Entry(("messages", place), message)
        for message_rule in ON_MESSAGES:
            yield from message_rule(entry, desk)
    for desk_rule in ON_THE_WHOLE if whole else ():
        yield from desk_rule(desk)


def _matching(
    table: tuple[tuple[re.Pattern[str], tuple[PassageRule, ...]], ...], passage: Passage, desk: Desk
) -> Iterator[Finding]:
    for pattern, rules in table:
        if pattern.search(passage.text):
            for rule in rules:
                yield from rule(passage, desk)
