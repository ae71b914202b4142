"""What needs a person: each thing once, under a key that is the same as long as it is the same thing.

Pure: how all stands is handed in. Here is decided what is open, how it is said, when it is said again after
nobody could be reached, and what a day's digest holds. It tells nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.budget import month, over_budget, prices
from bot.core.delivery import needs_person
from bot.core.links import Link, ask
from bot.core.model import MICRO_USD, Delivery
from bot.core.settings import Account, AlertRules, Settings, Subject

AN_HOUR, A_WHILE = timedelta(hours=1), timedelta(minutes=2)
FIRST_RETRY, LONGEST_RETRY = timedelta(minutes=1), timedelta(hours=1)

OVER = timedelta(minutes=3)
"""What nobody has found open for so long is over: of several replicas one alone may see it."""

FRESH = timedelta(seconds=30)
"""What was not found open within this is not told any more."""

DIGEST = "digest/"
"""How the keys of digests begin."""


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that only a person can mend. It is told when it has stood for `wait`."""

    subject: Subject
    key: str
    words: str
    wait: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Alert:
    """A need as one addressee (`name`) is told of it. `sent_at` None: not told yet, and not tried before
    `next_at`; `seen_at` is when it was last found open."""

    key: str
    name: str
    words: str
    since: datetime
    seen_at: datetime
    next_at: datetime
    attempts: int = 0
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """All that bears on it. `held`: reasons by account; `doubtful`: deliveries of unknown fate; `asks`: what
    the count and the petition ask; `spent`: micro-dollars of this month by account; `uncounted`, `clock`
    and `files` say what is wrong there (empty: nothing)."""

    settings: Settings
    now: datetime
    held: Mapping[str, str]
    doubtful: Sequence[Delivery] = ()
    asks: Sequence[str] = ()
    links: Sequence[Link] = ()
    spent: Mapping[str, int] | None = None
    uncounted: str = ""
    clock: str = ""
    files: str = ""


# --- what is open ------------------------------------------------------------------------------


def needs(standing: Standing) -> tuple[Need, ...]:
    """Everything that is open, the most pressing first."""
    return (*_machine(standing), *_accounts(standing), *_petition(standing))


def wanted(found: Iterable[Need], rules: AlertRules) -> tuple[Need, ...]:
    """Those of which people want to be told."""
    return tuple(need for need in found if not rules.about or need.subject in rules.about)


def unusable(sentence: str) -> Need:
    """The state cannot be used: many such troubles end by themselves within minutes."""
    return Need("state", "state", f"{sentence}. Nothing is posted before that.", A_WHILE)


def _machine(standing: Standing) -> Iterator[Need]:
    if standing.clock:
        yield Need("clock", "clock", f"{_capital(standing.clock)}. Set it, best by NTP.")
    if standing.files:
        yield Need("files", f"files/{_bare(standing.files)}", f"{standing.files}", A_WHILE)


def _accounts(standing: Standing) -> Iterator[Need]:
    for account_id, reason in standing.held.items():
        yield Need("held", f"held/{account_id}/{_bare(reason)}", _held(account_id, reason))
    for row in standing.doubtful:
        if needs_person(row):
            yield Need("posts", f"post/{row.id}", _doubtful(row))
    for account in standing.settings.accounts:
        if words := _used_up(account, (standing.spent or {}).get(account.id, 0), standing.now):
            yield Need("budget", f"budget/{account.id}/{month(standing.now)}", words)


def _held(account_id: str, reason: str) -> str:
    then = f" When that is mended: petition-bot resume --account {account_id}"
    return f"{account_id} posts nothing: {reason}.{'' if 'petition-bot resume' in reason else then}"


def _doubtful(row: Delivery) -> str:
    what = f"{row.account}: {row.message_id or 'a repost'} of {row.slot:%Y-%m-%d %H:%M} UTC"
    say = f"petition-bot resolve {row.id} posted (or not-posted)"
    return f"{what} may be out or not ({row.reason}). Look at the account, then say which: {say}"


def _used_up(account: Account, spent: int, now: datetime) -> str:
    """Whether the account's usual post does not fit into what is left of this month."""
    usual = prices(account).post if account.links.mode == "never" else prices(account).with_url
    if account.budget.usd_per_month is None or not over_budget(account.budget, usual, spent, -1):
        return ""
    limit = round(account.budget.usd_per_month * MICRO_USD) / MICRO_USD
    until = f"{(now.astimezone(UTC).replace(day=1) + timedelta(days=32)).replace(day=1):%Y-%m-%d} (UTC)"
    return (
        f"{account.id} has used up its budget of ${limit:g} for {month(now)}: what costs more than is left "
        f"is not posted until {until}. To post more, raise budget.usd_per_month in config.yaml."
    )


def _petition(standing: Standing) -> Iterator[Need]:
    for sentence in standing.asks:
        subject: Subject = "count" if sentence.startswith("The count ") else "petition"
        yield Need(subject, f"{subject}/{_bare(sentence)}", sentence)
    if standing.uncounted:
        yield Need("count", "count/never", f"The count cannot be read: {standing.uncounted}.", AN_HOUR)
    for link in standing.links:
        if link.dead:
            yield Need("links", f"link/{link.url}", ask(link))


def _bare(sentence: str) -> str:
    """The same for the same thing, whatever its figures are today."""
    return re.sub(r"\d+", "#", sentence)


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


# --- once a day ----------------------------------------------------------------------------------


def digest(
    known: Iterable[Alert], found: Iterable[Need], rules: AlertRules, zone: str, now: datetime
) -> Need | None:
    """What was open at today's time of the digest and is open still; None before that, or if nothing is."""
    if rules.digest is None:
        return None
    local = now.astimezone(ZoneInfo(zone))
    told_at = datetime.combine(local.date(), rules.digest, ZoneInfo(zone))
    since = {alert.key: alert.since for alert in known}
    still = [need for need in found if need.key in since and since[need.key] < told_at]
    if now < told_at or not still:
        return None
    lines = [f"- since {since[need.key]:%Y-%m-%d %H:%M} UTC: {need.words}" for need in still]
    return Need("state", f"{DIGEST}{local.date()}", "\n".join(["Still open:", *lines]))


# --- how it is told ------------------------------------------------------------------------------


def retry_at(attempts: int, now: datetime) -> datetime:
    """When an addressee that could not be reached `attempts` times is tried again."""
    return now + min(FIRST_RETRY * (1 << min(attempts - 1, 10)), LONGEST_RETRY)


def letter(alerts: Sequence[Alert], campaign: str) -> tuple[str, str]:
    """Title and text of one message that tells all of these."""
    digests = [alert for alert in alerts if alert.key.startswith(DIGEST)]
    news = [alert for alert in alerts if alert not in digests]
    things = "something needs" if len(news) == 1 else f"{len(news)} things need"
    title = f"{campaign}: {f'{things} you' if news else 'what is still open'}"
    lines = [f"- {alert.words}" if len(news) > 1 else alert.words for alert in news]
    return title, "\n\n".join([*lines, *(alert.words for alert in digests)])
