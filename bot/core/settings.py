"""config.yaml as one frozen `Settings`: who speaks, for which petition, where, when and at what price.

One definition parses, documents, makes the JSON Schema for editors and is used by the program. It refuses
what it does not know; where in the file a problem stands is bot/files' business.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Annotated, Any, Literal

from cronsim import CronSim, CronSimError
from pydantic import (
    BeforeValidator,
    Field,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from bot.core.addresses import ApiUrl, Listen, Server, Url, is_loopback
from bot.core.cards import Colours
from bot.core.petition import Petition
from bot.core.scalars import (
    AccountId,
    Duration,
    Flag,
    Language,
    TimeOfDay,
    Times,
    Window,
    Words,
    Written,
    ZoneName,
    quoted,
    words,
)
from bot.core.terms import Budget, Links, PriceList, Threads, link_rule

Kind = Literal["fact", "story", "call", "update", "milestone", "progress"]
NetworkName = Literal["x", "mastodon", "bluesky", "dry"]


class CampaignInfo(Written):
    """Who speaks."""

    name: Words = Field(description="Name of the campaign, as people see it")
    timezone: ZoneName = Field(
        "UTC", description="Zone of the tz database in which all times of this file are meant"
    )
    language: Language = Field("en", description="Language of texts that name none")
    hashtags: tuple[Words, ...] = Field(
        (), description="Added to a post where they fit and are missing; without #"
    )
    allow_mentions: tuple[Words, ...] = Field((), description="Handles that texts may mention")
    alt_text: Literal["required", "wanted"] = Field(
        "required", description="Of pictures; wanted: one without it goes out, and check warns"
    )
    link_params: Mapping[Words, Words] = Field(
        default_factory=dict,
        description="Query of the petition's link; {network}, {account}, {message}, {language} are filled in",
    )


class Rotation(Written):
    """In which order messages come."""

    mix: tuple[Kind, ...] = Field((), description="Order of kinds; empty: all kinds in one round")
    cooldown: Duration = Field(
        timedelta(0), description="Least time before a message comes back on an account"
    )


class Schedule(Written):
    """When an account posts: exactly one of `at`, `every`, `cron`."""

    at: Times = Field((), description="Times of day, local to the account")
    every: Duration | None = Field(
        None, description="From the start of between, afresh each day; at most 24h"
    )
    cron: str | None = Field(None, description="minute hour day month weekday; 0 and 7 are Sunday")
    between: Window | None = Field(None, description="With every: from when until when")
    days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = Field(
        (), description="With at and every: only on these days"
    )
    jitter: Duration = Field(timedelta(0), description="Up to this much later, by chance")

    @field_validator("cron", mode="before")
    @classmethod
    def _cron_is_readable(cls, value: Any) -> Any:
        if value is None:
            return None
        why = "" if len(words(value).split()) == 5 else "it needs five fields"
        try:
            CronSim(value, datetime(2000, 1, 1))
        except CronSimError as problem:
            why = why or str(problem)
        if why:
            raise ValueError(
                f"{quoted(value)} is not a cron expression ({why}); "
                'write minute hour day month weekday, such as "0 9 * * 1-5"'
            )
        return value

    @model_validator(mode="after")
    def _exactly_one(self) -> Schedule:
        if sum((bool(self.at), self.every is not None, self.cron is not None)) != 1:
            raise ValueError("a schedule needs exactly one of at, every and cron")
        if self.every is not None and not timedelta(seconds=1) <= self.every <= timedelta(days=1):
            raise ValueError(
                "every is at least 1s and at most 24h; for rarer posts use at with days, or cron"
            )
        if self.every is not None and self.every % timedelta(seconds=1):
            raise ValueError("every is in whole seconds, such as 90s or 4h")
        if self.between and self.every is None:
            raise ValueError("between goes with every")
        if self.days and self.cron:
            raise ValueError("days goes with at and every; in cron the last field names the days")
        return self

    @property
    def times(self) -> set[time]:
        """The times of day of `at` or `cron`, on whatever day."""
        if self.cron is None:
            return set(self.at)
        cron = CronSim(self.cron, datetime(2000, 1, 1))
        return {time(hour, minute) for hour in cron.hours for minute in cron.minutes}


class Account(Written):
    """One profile on one network."""

    id: AccountId = Field(description="Its name in this file, in .env (upper case) and in listings")
    network: NetworkName = Field(description="x, mastodon, bluesky, or dry, which only prints")
    language: Language | None = Field(None, description="Default: the campaign's")
    languages: tuple[Language, ...] = Field((), description="Taken in turn, instead of language")
    timezone: ZoneName | None = Field(None, description="Default: the campaign's")
    links: Annotated[
        Links,
        BeforeValidator(link_rule),
        WithJsonSchema({"type": "string", "pattern": r"^(always|story|never|every \d+ posts?)$"}),
    ] = Field(
        Links(), description="Which posts carry the petition's link: always, story, never, every N posts"
    )
    schedule: Schedule
    budget: Budget = Budget()
    prices: PriceList = PriceList()
    server: Server | None = Field(
        None, description="Mastodon: the server's address. Bluesky: another server than bsky.social"
    )
    api_url: ApiUrl | None = Field(None, description="X: another host, such as a test server; without /2")
    visibility: Literal["public", "unlisted", "private"] | None = Field(
        None, description="Mastodon: who sees the posts"
    )

    @model_validator(mode="after")
    def _fits_its_network(self) -> Account:
        if self.language and self.languages:
            raise ValueError("language and languages exclude each other; keep one")
        if self.network == "mastodon" and not self.server:
            raise ValueError("a Mastodon account needs its server, such as server: https://mastodon.social")
        if self.api_url and self.network != "x":
            raise ValueError("api_url is for X; a Mastodon or Bluesky account has server")
        if self.server and self.network not in ("mastodon", "bluesky"):
            raise ValueError(f"server is for Mastodon and Bluesky, not for {self.network}")
        if self.visibility and self.network != "mastodon":
            raise ValueError("visibility is for Mastodon")
        return self

    @property
    def gap(self) -> timedelta:
        """Least time between two posts: five minutes, waived on loopback and for dry."""
        free = self.network == "dry" or is_loopback(self.server or self.api_url)
        return timedelta(0) if free else timedelta(minutes=5)


class DeliveryRules(Written):
    """How long to wait, and for what."""

    timeout: Duration = Field(timedelta(seconds=30), description="Total deadline of one request")
    settle: Duration = Field(
        timedelta(seconds=60), description="Wait before an unconfirmed post is looked up"
    )
    grace: Duration = Field(timedelta(minutes=30), description="How late a slot may still be posted")
    catch_up: Literal["skip", "latest", "all"] = Field(
        "latest", description="After downtime: post nothing, the latest, or all (spaced out)"
    )

    @model_validator(mode="after")
    def _settle_is_longer(self) -> DeliveryRules:
        if not self.timeout:
            raise ValueError("timeout must be more than 0s, such as 30s")
        if self.settle <= self.timeout:
            raise ValueError(
                "settle must be longer than timeout: a request must be over before it is looked up"
            )
        return self


Subject = Literal["held", "posts", "petition", "count", "links", "files", "clock", "budget", "state"]


class AlertRules(Written):
    """Who is told when something needs a person, and of what."""

    to: tuple[AccountId, ...] = Field(
        (), description="A name for each address; the address of team stands in .env as ALERT_TEAM_URL"
    )
    digest: TimeOfDay | None = Field(None, description="When, once a day, all that is still open is told")
    about: tuple[Subject, ...] = Field((), description="Only these; empty: whatever needs a person")

    @field_validator("to")
    @classmethod
    def _each_once(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if len({name.replace("-", "_") for name in names}) < len(names):
            raise ValueError("two names of alerts.to have the same variable in .env; name each address once")
        return names


class Web(Written):
    """The organizers' page."""

    listen: Listen = Field("127.0.0.1:8080", description="Host and port; port 0 takes a free one")
    url: Url | None = Field(
        None, description="Address at which people reach it, such as https://bot.example.org behind a proxy"
    )
    public_listen: Listen | None = Field(
        None, description="Host and port at which everybody may see the share page, and nothing else"
    )


class Share(Written):
    """The page where followers find something to share, and its cards."""

    url: Url | None = Field(
        None, description="Where followers find it, such as https://share.example.org/; links need it whole"
    )
    links: Literal["petition", "page"] = Field(
        "petition",
        description="Where what is shared leads to: the petition, or the message's own page, which unfolds "
        "with its picture",
    )
    colours: Colours = Field(Colours(), description="Of cards and of the page's head")

    @model_validator(mode="after")
    def _pages_have_an_address(self) -> Share:
        if self.links == "page" and self.url is None:
            raise ValueError("links: page needs url, the address of the share page; add it")
        return self


class Settings(Written):
    """config.yaml, whole."""

    campaign: CampaignInfo
    petition: Petition
    rotation: Rotation = Rotation()
    threads: Threads = Threads()
    accounts: tuple[Account, ...] = Field(min_length=1)
    quiet_hours: Window | None = Field(None, description="Nothing goes out from the first to the second time")
    delivery: DeliveryRules = DeliveryRules()
    state: Words = Field(
        "sqlite:///state/petition-bot.db", description="What the bot remembers; DATABASE_URL wins over it"
    )
    web: Web = Web()
    share: Share = Share()
    alerts: AlertRules = AlertRules()
    heartbeat: Flag = Field(
        False, description="true: while all is well, HEARTBEAT_URL (in .env) is asked once a minute"
    )

    def account(self, account_id: str) -> Account:
        return next(account for account in self.accounts if account.id == account_id)

    def zone(self, account: Account) -> str:
        return account.timezone or self.campaign.timezone

    def languages(self, account: Account) -> tuple[str, ...]:
        """The languages an account posts in, in turn."""
        return account.languages or (account.language or self.campaign.language,)
