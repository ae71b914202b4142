"""Rules on the whole queue: what never has its turn, what stands there twice, what runs out.

It plans nothing: when each message comes is rotation.py's and plan.py's business.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from bot.core.lint.passages import Desk, Entry, Finding, Passage, error, warning
from bot.core.rotation import carried, spoken
from bot.core.slots import next_slot, slots
from bot.core.text import normalized
from bot.core.written import ROTATING, Account, Message, window

# --- one message -----------------------------------------------------------------------------


def facts_have_a_source(entry: Entry, desk: Desk) -> Iterator[Finding]:
    missing = [name for name in ("source", "as_of") if not getattr(entry.message, name)]
    if entry.message.kind == "fact" and missing:
        yield entry.warning(
            (),
            "no-source",
            f"is a fact without {' and '.join(missing)}: say where it comes from, and of which day that is",
        )


def has_text(entry: Entry, desk: Desk) -> Iterator[Finding]:
    if not entry.message.text:
        yield entry.error(("text",), "empty", "has no text: write one, or delete the message")
    for key, layer in entry.message.per.items():
        if "text" in layer.model_fields_set and not layer.text:
            yield entry.error(
                ("per", key, "text"),
                "empty",
                f"has an empty text for {key}: write one, or name the other accounts in accounts",
            )


def never_goes_out(entry: Entry, desk: Desk) -> Iterator[Finding]:
    message = entry.message
    reason = None if message.draft else _unspoken(message, desk) or _uncalled(message, desk)
    if reason:
        yield entry.warning((), "never", f"never goes out: {reason}")


def _unspoken(message: Message, desk: Desk) -> str | None:
    settings = desk.settings
    accounts = desk.carriers(message)
    if any(spoken(message.on(account), account, settings) for account in accounts) or not accounts:
        return None
    written = ", ".join(message.languages(desk.default))
    heard = ", ".join(dict.fromkeys(each for account in accounts for each in settings.languages(account)))
    return f"it is written in {written}, and its accounts speak {heard}; add a text for them"


def _uncalled(message: Message, desk: Desk) -> str | None:
    mix, petition = desk.settings.rotation.mix, desk.settings.petition
    rules = petition.milestones
    if message.kind in ROTATING:
        if message.post_at or not mix or message.kind in mix:
            return None
        return f"rotation.mix does not name {message.kind}; add it there, or give the message a post_at"
    if message.kind == "milestone" and not (rules.thresholds or rules.then_every or petition.goal):
        return "petition.milestones has no thresholds; add some"
    if message.kind == "progress" and not rules.progress_every:
        return "petition.milestones has no progress_every; add it"
    return None


# --- all messages ----------------------------------------------------------------------------


def same_texts(desk: Desk) -> Iterator[Finding]:
    """Equal to a reader: X refuses the second, and followers of the others see it twice."""
    first: dict[tuple[str, str], list[Passage]] = {}
    for passage in desk.passages:
        words = " ".join(normalized(passage.text).split())
        earlier = first.setdefault((passage.language, words), []) if words else []
        twin = next((each for each in earlier if _meet(each, passage)), None)
        earlier.append(passage)
        if twin and twin.message is passage.message:
            what = f"is the same text as {twin.where}: delete one of the two, or say it in other words"
            yield passage.warning("same-variant", what)
        elif twin:
            why = "X would refuse the second" if "x" in passage.networks else "followers would see it twice"
            what = f"is the same text as {twin.where}, and {why}: say it in other words, or delete one"
            yield passage.warning("same-text", what)


def _meet(a: Passage, b: Passage) -> bool:
    """Would one account say both?"""
    return any(account in b.accounts for account in a.accounts)


def mix_has_messages(desk: Desk) -> Iterator[Finding]:
    """A kind of the mix that no message has."""
    there = {each.kind for each in desk.queue.messages if not each.draft and not each.post_at}
    mix = desk.settings.rotation.mix
    for kind in dict.fromkeys(mix):
        at = ("rotation", "mix", mix.index(kind))
        if kind not in ROTATING:
            yield error(at, "mix-kind", f"rotation.mix names {kind}, which never rotates: take it out")
        elif kind not in there:
            yield warning(
                at,
                "mix-empty",
                f"rotation.mix names {kind}, and no message of that kind comes in turn, so the next kind "
                "takes its place: write one, or take it out",
            )


def milestones_have_templates(desk: Desk) -> Iterator[Finding]:
    """Thresholds are announced by templates: each account needs one in each of its languages."""
    settings, rules = desk.settings, desk.settings.petition.milestones
    wanted = {"milestone": bool(rules.thresholds or rules.then_every), "progress": bool(rules.progress_every)}
    for kind in (kind for kind, asked in wanted.items() if asked):
        templates = [message for message in desk.queue.messages if message.kind == kind]
        missing: dict[str, list[str]] = {}
        for account in settings.accounts:
            mine = [m for m in templates if carried(m, account, settings)]
            heard = {each for m in mine for each in spoken(m.on(account), account, settings)}
            for language in settings.languages(account):
                if language not in heard:
                    missing.setdefault(language, []).append(account.id)
        for language, accounts in missing.items():
            yield warning(
                ("petition", "milestones"),
                f"no-{kind}-template",
                f"no message of kind {kind} is written in {language} for {', '.join(accounts)}: add one, "
                "or nothing is announced there in that language",
            )


def round_outlasts_cooldown(desk: Desk) -> Iterator[Finding]:
    """An account that has said everything before the first message may come back falls silent."""
    cooldown = desk.settings.rotation.cooldown
    dry = [a for a in desk.settings.accounts if cooldown and _runs_dry(a, desk)]
    if dry:
        yield warning(
            ("rotation", "cooldown"),
            "runs-dry",
            f"the cooldown is longer than {', '.join(account.id for account in dry)} takes to post every "
            "message, and then falls silent: shorten it, write more messages or post less often",
        )


def _runs_dry(account: Account, desk: Desk) -> bool:
    """Does the slot after the last message come before the first one has rested?"""
    settings = desk.settings
    first = next_slot(account, settings, desk.now)
    messages = sum(1 for message in desk.queue.messages if _rotates(message, account, desk))
    if first is None or not messages:
        return False
    before = slots(account, settings, first.due, first.due + settings.rotation.cooldown)
    return sum(1 for _ in islice(before, messages + 1)) > messages


def _rotates(message: Message, account: Account, desk: Desk) -> bool:
    if message.kind not in ROTATING or message.post_at or not carried(message, account, desk.settings):
        return False
    settings = desk.settings
    mix, (_, ends) = settings.rotation.mix, window(message, desk.zone, settings.petition.closes)
    return (not mix or message.kind in mix) and (ends is None or ends > desk.now)
