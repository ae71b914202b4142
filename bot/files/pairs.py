"""Rules between values: two accounts, an account and its schedule, a message and the accounts.

Each value alone is right when a rule here looks at it; a rule measures no text and reads no clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time, timedelta
from itertools import pairwise
from urllib.parse import urlsplit

from bot.core.lint import Finding
from bot.core.lint.passages import error, warning
from bot.core.scalars import named, quoted
from bot.core.written import LOOPBACK, Account, Queue, Schedule, Settings, did_you_mean, is_loopback
from bot.files.document import Loc
from bot.files.secrets import REQUIRED, counter_variable, variable

NETWORKS = ("x", "mastodon", "bluesky", "dry")
PLACEHOLDERS = ("network", "account", "message", "language")
NEEDS: Mapping[str, tuple[str, ...]] = {"json": ("url", "path"), "page": ("select",)}
"""What a way to read the count cannot do without."""
ONLY_FOR: Mapping[str, tuple[str, ...]] = {"path": ("json",), "select": ("page",), "header": ("json",)}
STATE = re.compile(r"sqlite:///[^:?#]+|postgres(ql)?(\+psycopg)?://\S+")
STATE_FORMS = "write sqlite:///state/petition-bot.db, or postgresql+psycopg://host/name"
DAY = timedelta(days=1)


def of_settings(settings: Settings) -> Iterator[Finding]:
    """Everything that config.yaml alone can be wrong about."""
    yield from _campaign(settings)
    yield from _secret_names(settings)
    yield from _counter(settings)
    yield from _web(settings)
    yield from _state(settings)
    for at, account in enumerate(settings.accounts):
        loc = ("accounts", at)
        yield from _budget(account, loc)
        yield from _spacing(account, (*loc, "schedule"))
        yield from _quiet(account, settings, (*loc, "schedule", "at"))


def of_both(queue: Queue, accounts: Iterable[str]) -> Iterator[Finding]:
    """What messages say about accounts; `accounts` are the ids that stand in config.yaml."""
    known = list(accounts)
    for at, message in enumerate(queue.messages):
        for place, name in enumerate(message.accounts):
            if name not in known:
                yield _stranger(("messages", at, "accounts", place), message.id, name, known, "an account")
        for name in message.per:
            if name not in known and name not in NETWORKS:
                loc = ("messages", at, "per", name)
                yield _stranger(loc, message.id, name, [*known, *NETWORKS], "an account or a network")


def _stranger(loc: Loc, message: str, name: str, known: list[str], what: str) -> Finding:
    guess = did_you_mean(name, known) or f"; there are {', '.join(known)}"
    return error(
        loc, "unknown-account", f"message {message}: {named(name)} is not {what} of config.yaml{guess}"
    )


# --- the campaign ----------------------------------------------------------------------------


def _campaign(settings: Settings) -> Iterator[Finding]:
    for at, tag in enumerate(settings.campaign.hashtags):
        if not re.fullmatch(r"\w*[^\W\d_]\w*", tag):
            bare = re.sub(r"\W", "", tag)
            yield error(
                ("campaign", "hashtags", at),
                "bad-hashtag",
                f"{quoted(tag)} cannot be a hashtag; write one word without #, such as {bare or 'Sign'}",
            )
    for key, value in settings.campaign.link_params.items():
        for name in re.findall(r"\{([^{}]*)\}", value):
            if name not in PLACEHOLDERS:
                guess = did_you_mean(name, PLACEHOLDERS) or f"; there are {', '.join(PLACEHOLDERS)}"
                yield error(
                    ("campaign", "link_params", key),
                    "unknown-field",
                    f"campaign.link_params.{named(key)}: the bot has no value for {quoted(name)}{guess}",
                )


def _counter(settings: Settings) -> Iterator[Finding]:
    counter, loc = settings.petition.counter, ("petition", "counter")
    for name in NEEDS.get(counter.kind, ()):
        if not getattr(counter, name):
            what = f"petition.counter: kind {counter.kind} needs {name}; add it"
            yield error((*loc, "kind"), "missing", what)
    for name, kinds in ONLY_FOR.items():
        if getattr(counter, name) is not None and counter.kind not in kinds:
            what = f"petition.counter.{name} is for kind {' and '.join(kinds)}, not for {counter.kind}"
            yield warning((*loc, name), "no-effect", f"{what}; take it out")
    if counter.kind == "manual":
        return
    url = counter.url or settings.petition.address(settings.campaign.language, settings.campaign.language)
    if url.startswith("http:") and not is_loopback(url) and not counter.allow_private:
        what = "petition.counter.url is not encrypted; write it with https://"
        yield error((*loc, "url"), "not-encrypted", f"{what}, or set allow_private in your own network")
    if counter.kind == "action_network" and "/api/v2/petitions/" not in url:
        what = "petition.counter.url: Action Network gives the count at its API alone; write it as"
        yield error((*loc, "url"), "bad-value", f"{what} https://actionnetwork.org/api/v2/petitions/…")
    if counter.every < timedelta(minutes=1) and not is_loopback(url):
        yield error(
            (*loc, "every"),
            "too-often",
            "petition.counter.every: a site is asked once a minute at most; write 1m",
        )


def _web(settings: Settings) -> Iterator[Finding]:
    if _is_wide(settings) and settings.web.url is None:
        yield warning(
            ("web", "listen"),
            "no-address",
            "web.listen reaches other computers, which the pages answer only at their public address; "
            "add web.url, such as https://bot.example.org",
        )
    if settings.web.url and urlsplit(settings.web.url)[2:] not in (("", "", ""), ("/", "", "")):
        host = settings.web.url.split("/")[2]
        what = "web.url: the pages need a host of their own, and stand at its top"
        yield error(
            ("web", "url"), "bad-value", f"{what}; write it as {settings.web.url.split('/')[0]}//{host}"
        )


def unguarded(settings: Settings) -> Iterator[Finding]:
    """What is wrong while there are no users."""
    if _is_wide(settings):
        port = settings.web.listen.rpartition(":")[2]
        yield error(
            ("web", "listen"),
            "open-to-others",
            f'web.listen: while there are no users the page is for this computer; write "127.0.0.1:{port}", '
            "or add one first: petition-bot user add NAME --role approver",
        )


def _is_wide(settings: Settings) -> bool:
    """Whether web.listen reaches other computers."""
    host = settings.web.listen.rpartition(":")[0]
    return host not in LOOPBACK and not is_loopback(f"http://{host}")


def _state(settings: Settings) -> Iterator[Finding]:
    if re.match(r"[\w+]+://[^/@]*:[^/@]*@", settings.state):
        yield error(
            ("state",), "secret-in-config", "state: a password does not belong here; set DATABASE_URL in .env"
        )
    elif not STATE.fullmatch(settings.state):
        yield error(("state",), "bad-value", f"state: {STATE_FORMS}")


# --- accounts --------------------------------------------------------------------------------


def _secret_names(settings: Settings) -> Iterator[Finding]:
    header, taken = settings.petition.counter.secret_header, dict[str, str]()
    if header:
        name = counter_variable(header)
        taken = {name: "petition.counter", f"{name}_FILE": "petition.counter"}
    for at, account in enumerate(settings.accounts):
        names = [variable(account.id, field) for field in REQUIRED[account.network]]
        names += [f"{name}_FILE" for name in names]
        clash = next((name for name in names if taken.get(name, account.id) != account.id), None)
        if clash:
            yield error(
                ("accounts", at, "id"),
                "secret-collision",
                f"account {account.id}: its keys would be read from {clash}, as those of {taken[clash]}; "
                "give it another id",
            )
        taken.update(dict.fromkeys(names, account.id))


def _budget(account: Account, loc: Loc) -> Iterator[Finding]:
    for name in ("usd_per_month", "posts_per_day"):
        if getattr(account.budget, name) == 0:
            yield warning(
                (*loc, "budget", name),
                "nothing-goes-out",
                f"account {account.id}: budget.{name} 0 stops every post",
            )


def _spacing(account: Account, loc: Loc) -> Iterator[Finding]:
    schedule = account.schedule
    if len(set(schedule.at)) < len(schedule.at):
        yield warning(
            (*loc, "at"), "twice", f"account {account.id}: a time stands twice in schedule.at; keep one"
        )
    if schedule.every is not None and schedule.every < account.gap:
        yield error(
            (*loc, "every"),
            "too-close",
            f"account {account.id}: posts are at least 5m apart; write every: 5m or more",
        )
        return
    first, second = _closest(schedule)
    if second - first < account.gap:
        key = "at" if schedule.at else "cron" if schedule.cron else "every"
        yield error(
            (*loc, key),
            "too-close",
            f"account {account.id}: {first:%H:%M} and {second:%H:%M} are less than 5m apart; move one",
        )


def _closest(schedule: Schedule) -> tuple[datetime, datetime]:
    """The two posts of a day, or over midnight, that are least apart."""
    if schedule.every is not None:  # the steps of a day are even: what matters is its end
        begin, end = schedule.between or (time(), time.max)
        first = datetime.combine(datetime.min, begin)
        span = (datetime.combine(datetime.min, end) - first) % DAY or DAY - timedelta(seconds=1)
        return first + span // schedule.every * schedule.every, first + DAY
    moments = sorted(datetime.combine(datetime.min, each) for each in schedule.times)
    return min(pairwise([*moments, moments[0] + DAY]), key=lambda pair: pair[1] - pair[0])


def _quiet(account: Account, settings: Settings, loc: Loc) -> Iterator[Finding]:
    if settings.quiet_hours is None:
        return
    begin, end = settings.quiet_hours
    for place, each in enumerate(account.schedule.at):
        inside = begin <= each < end if begin <= end else each >= begin or each < end
        if inside:
            yield warning(
                (*loc, place),
                "in-quiet-hours",
                f"account {account.id}: {each:%H:%M} lies in the quiet hours and never posts; move it",
            )
