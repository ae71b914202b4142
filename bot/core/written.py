"""What people write, frozen: config.yaml is one `Settings`, messages.yaml a tuple of `Message`.

One definition parses, documents, makes the JSON Schema for editors and is used by the program.
It refuses what it does not know; where in the file a problem stands is bot/files' business.
Validators raise ValueError with a sentence that says what to write instead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    field_validator,
    model_validator,
)

Kind = Literal["fact", "story", "call", "update", "milestone", "progress"]
ROTATING: tuple[Kind, ...] = ("fact", "story", "call", "update")
NetworkName = Literal["x", "mastodon", "bluesky", "dry"]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")


class Written(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


# --- scalars ---------------------------------------------------------------------------------

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def duration(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value
    found = re.fullmatch(r"(\d+)\s*([smhd])", str(value))
    if not found:
        raise ValueError(
            f"{value!r} is not a duration; write a whole number and a unit, such as 30s, 15m, 4h or 7d"
        )
    return timedelta(**{UNITS[found[2]]: int(found[1])})


def time_of_day(value: Any) -> Any:
    if isinstance(value, time):
        return value
    found = re.fullmatch(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", str(value).strip())
    if not found or int(found[1]) > 23 or int(found[2]) > 59 or int(found[3] or 0) > 59:
        raise ValueError(f'{value!r} is not a time of day; write it as "09:00"')
    return time(int(found[1]), int(found[2]), int(found[3] or 0))


def whole(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int):
        digits = re.sub(r"\D", "", str(value))
        hint = f"; write {digits}" if digits and re.fullmatch(r"[\d.,' _\u00a0\u202f]+", str(value)) else ""
        raise ValueError(f"{value!r} is not a plain whole number{hint}")
    return value


def day(value: Any) -> Any:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"{value!r} is not a date; write it as 2027-02-01") from None


def zone_name(value: Any) -> str:
    if str(value) not in zones():
        raise ValueError(
            f"{value!r} is not a time zone of the tz database{did_you_mean(str(value), zones())}"
        )
    return str(value)


def zones() -> frozenset[str]:
    global _zones
    if not _zones:
        _zones = frozenset(available_timezones())
    return _zones


_zones: frozenset[str] = frozenset()


def did_you_mean(word: str, known: Any) -> str:
    """`; did you mean X?`, or nothing."""
    from difflib import get_close_matches

    lower = {str(name).lower(): str(name) for name in known}
    close = get_close_matches(word.lower(), lower, n=1, cutoff=0.6)
    return f"; did you mean {lower[close[0]]}?" if close else ""


class Moment(Written):
    """A moment as people write it: local to `zone` (None: the campaign's), or absolute."""

    at: datetime
    zone: str | None = None

    def utc(self, campaign_zone: str) -> datetime:
        at = self.at if self.at.tzinfo else self.at.replace(tzinfo=ZoneInfo(self.zone or campaign_zone))
        return at.astimezone(UTC)


def moment(value: Any) -> Any:
    """`2026-12-10 18:00`, with T, Z, an offset or the name of a zone; a bare date stays a date."""
    if isinstance(value, Moment | Mapping):
        return value
    text, _, zone = str(value).strip().partition(" ")
    if zone and not zone[0].isalpha():  # "2026-12-10 18:00[ Europe/Madrid]"
        clock, _, zone = zone.partition(" ")
        text = f"{text}T{clock}"
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{value!r} is not a date and time; write it as 2026-12-10 18:00") from None
    return Moment(at=at, zone=zone_name(zone) if zone else None)


def moment_or_day(value: Any) -> Any:
    if isinstance(value, Moment | date | Mapping):
        return value
    return day(value) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value).strip()) else moment(value)


def web_address(value: Any) -> Any:
    text = str(value)
    if not re.fullmatch(
        r"https?://[^\s/?#.]+(\.[^\s/?#.]+)+(:\d+)?([/?#]\S*)?|http://(localhost|\[::1\])(:\d+)?(/\S*)?", text
    ):
        raise ValueError(
            f"{text!r} is not a web address; write it whole, such as https://example.org/petition"
        )
    if text.startswith("http://") and not is_loopback(text):
        raise ValueError(f"{text!r} is not encrypted; write it with https://")
    return text


def host_of(url: str) -> str:
    from urllib.parse import urlsplit

    return urlsplit(url).hostname or ""


def is_loopback(url: str | None) -> bool:
    return bool(url) and (host_of(str(url)) in LOOPBACK or host_of(str(url)).startswith("127."))


def _schema(pattern: str, *examples: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": list(examples)})


Duration = Annotated[timedelta, BeforeValidator(duration), _schema(r"^\d+\s*[smhd]$", "15m", "4h")]
TimeOfDay = Annotated[time, BeforeValidator(time_of_day), _schema(r"^\d{1,2}:\d{2}(:\d{2})?$", "09:00")]
Whole = Annotated[int, BeforeValidator(whole), Field(ge=0)]
Day = Annotated[date, BeforeValidator(day), _schema(r"^\d{4}-\d{2}-\d{2}$", "2027-02-01")]
ZoneName = Annotated[str, BeforeValidator(zone_name)]
At = Annotated[Moment, BeforeValidator(moment), _schema(r"^\d{4}-\d{2}-\d{2}[ T]\d", "2026-12-10 18:00")]
AtOrDay = Annotated[
    Moment | date, BeforeValidator(moment_or_day), _schema(r"^\d{4}-\d{2}-\d{2}", "2027-02-01")
]
Url = Annotated[str, BeforeValidator(web_address), WithJsonSchema({"type": "string", "format": "uri"})]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", examples=["en", "es", "pt-BR"])]
Dollars = Annotated[float, Field(ge=0, allow_inf_nan=False)]


# --- config.yaml -----------------------------------------------------------------------------


class CampaignInfo(Written):
    """Who speaks."""

    name: str = Field(min_length=1)
    timezone: ZoneName = Field("UTC", description="IANA zone in which all times of this file are meant")
    language: Language = Field("en", description="Language of texts that name none")
    hashtags: tuple[str, ...] = Field((), description="Added where they fit and are missing")
    allow_mentions: tuple[str, ...] = Field((), description="Handles that texts may mention")
    link_params: Mapping[str, str] = Field(
        default_factory=dict,
        description="Query of the petition's link; {network}, {account}, {message}, {language} are filled in",
    )


class CounterInfo(Written):
    """How the signature count is read."""

    kind: Literal["json", "manual"] = "manual"
    url: Url | None = None
    path: str | None = Field(None, description="Dotted path of the number in the answer")
    every: Duration = timedelta(minutes=15)
    max_jump: Annotated[float, Field(gt=1)] = Field(
        10, description="Times the recent rate, before a second reading is wanted"
    )


class MilestoneRules(Written):
    thresholds: tuple[Whole, ...] = ()
    then_every: Whole | None = None
    repost_after: Duration | None = None
    progress_every: Duration | None = None


class Petition(Written):
    """What people are asked to sign."""

    url: Url | Mapping[Language, Url]
    goal: Whole | None = None
    closes: Day | None = Field(None, description="Last day; after it calls are held")
    counter: CounterInfo = CounterInfo()
    milestones: MilestoneRules = MilestoneRules()

    def address(self, language: str, default: str) -> str:
        """The petition's page for a language, else for the campaign's, else the first."""
        if isinstance(self.url, str):
            return self.url
        return self.url.get(language) or self.url.get(default) or next(iter(self.url.values()))


class Rotation(Written):
    mix: tuple[Kind, ...] = Field((), description="Order of kinds; empty: all kinds in one round")
    cooldown: Duration = Field(
        timedelta(0), description="Least time before a message comes back on an account"
    )


class Schedule(Written):
    """When an account posts: exactly one of `at`, `every`, `cron`."""

    at: tuple[TimeOfDay, ...] = ()
    every: Duration | None = None
    cron: str | None = None
    between: tuple[TimeOfDay, TimeOfDay] | None = None
    days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = ()
    jitter: Duration = timedelta(0)

    @field_validator("at", mode="before")
    @classmethod
    def _one_time_is_a_list(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @field_validator("cron")
    @classmethod
    def _cron_is_readable(cls, value: str | None) -> str | None:
        if value is not None:
            if len(value.split()) != 5:
                raise ValueError(
                    f'{value!r} needs five fields: minute hour day month weekday, such as "0 9 * * 1-5"'
                )
            try:
                CronSim(value, datetime(2000, 1, 1))
            except CronSimError as problem:
                raise ValueError(
                    f'{value!r} is not a cron expression ({problem}); such as "0 9 * * 1-5"'
                ) from None
        return value

    @model_validator(mode="after")
    def _exactly_one(self) -> Schedule:
        if sum((bool(self.at), self.every is not None, self.cron is not None)) != 1:
            raise ValueError("a schedule needs exactly one of at, every and cron")
        if self.every is not None and not timedelta(seconds=1) <= self.every <= timedelta(days=1):
            raise ValueError(
                "every is at least 1s and at most 24h; for rarer posts use at with days, or cron"
            )
        if self.between and self.every is None:
            raise ValueError("between goes with every")
        if self.days and self.cron:
            raise ValueError("days goes with at and every; in cron the last field names the days")
        return self


class Links(Written):
    """Which posts carry the petition's link."""

    mode: Literal["always", "story", "never", "every"] = "always"
    every: int = 1


def link_rule(value: Any) -> Any:
    if isinstance(value, Links | Mapping):
        return value
    if value in ("always", "story", "never"):
        return Links(mode=value)
    found = re.fullmatch(r"every (\d+) posts?", str(value))
    if not found or int(found[1]) < 1:
        raise ValueError(f"{value!r} is not one of always, story, never and every N posts")
    return Links(mode="every", every=int(found[1]))


class Budget(Written):
    usd_per_month: Dollars | None = None
    posts_per_day: Whole | None = None


class Account(Written):
    """One profile on one network."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
    network: NetworkName
    language: Language | None = None
    languages: tuple[Language, ...] = Field((), description="Taken in turn")
    timezone: ZoneName | None = Field(None, description="Default: the campaign's")
    links: Annotated[
        Links,
        BeforeValidator(link_rule),
        WithJsonSchema(
            {"type": "string", "pattern": r"^(always|story|never|every \d+ posts?)$", "default": "always"}
        ),
    ] = Links()
    schedule: Schedule
    budget: Budget = Budget()
    server: Url | None = Field(None, description="Mastodon, Bluesky: the server's address")
    api_url: Url | None = Field(None, description="X: another host, such as the sandbox")
    visibility: Literal["public", "unlisted", "private"] | None = None

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

    @cached_property
    def gap(self) -> timedelta:
        """Least time between two posts: five minutes, waived on loopback and for dry."""
        free = self.network == "dry" or is_loopback(self.server or self.api_url)
        return timedelta(0) if free else timedelta(minutes=5)


class DeliveryRules(Written):
    timeout: Duration = Field(timedelta(seconds=30), description="Total deadline of one request")
    settle: Duration = Field(
        timedelta(seconds=60), description="Wait before an unconfirmed post is looked up"
    )
    grace: Duration = Field(timedelta(minutes=30), description="How late a slot may still be posted")
    catch_up: Literal["skip", "latest", "all"] = "latest"

    @model_validator(mode="after")
    def _settle_is_longer(self) -> DeliveryRules:
        if self.settle <= self.timeout:
            raise ValueError(
                "settle must be longer than timeout: a request must be over before it is looked up"
            )
        return self


class Web(Written):
    listen: Annotated[str, Field(pattern=r"^\S+:\d{1,5}$")] = "127.0.0.1:8080"


class Settings(Written):
    """config.yaml, whole."""

    campaign: CampaignInfo
    petition: Petition
    rotation: Rotation = Rotation()
    accounts: tuple[Account, ...] = Field(min_length=1)
    quiet_hours: tuple[TimeOfDay, TimeOfDay] | None = None
    delivery: DeliveryRules = DeliveryRules()
    state: str = "sqlite:///state/petition-bot.db"
    web: Web = Web()

    def account(self, account_id: str) -> Account:
        return next(account for account in self.accounts if account.id == account_id)

    def zone(self, account: Account) -> str:
        return account.timezone or self.campaign.timezone

    def languages(self, account: Account) -> tuple[str, ...]:
        """The languages an account posts in, in turn."""
        return account.languages or (account.language or self.campaign.language,)


# --- messages.yaml ---------------------------------------------------------------------------

Variants = tuple[str, ...]
Texts = Mapping[str, Variants]
"""Variants per language; the key "" holds the text that names no language."""


def texts(value: Any) -> Any:
    """A text, a list of variants, or one of either per language -> {language: (variant, …)}."""
    if isinstance(value, Mapping):
        return {language: _variants(each) for language, each in value.items()}
    return {"": _variants(value)}


def _variants(value: Any) -> Any:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


_text_schema = {"type": "string", "minLength": 1}
_variants_schema = {"anyOf": [_text_schema, {"type": "array", "items": _text_schema, "minItems": 1}]}
_texts_schema = {
    "anyOf": [*_variants_schema["anyOf"], {"type": "object", "additionalProperties": _variants_schema}]
}
LocalText = Annotated[Mapping[str, tuple[str, ...]], BeforeValidator(texts), WithJsonSchema(_texts_schema)]


class Media(Written):
    """A picture and what it shows, in words."""

    file: str
    alt: LocalText = Field(default_factory=dict)


class Override(Written):
    """Other values of a message for one network or one account."""

    text: LocalText | None = None
    link: Url | None = None
    media: tuple[Media, ...] | None = None
    thread: tuple[LocalText, ...] | None = None
    content_warning: LocalText | None = None


class Message(Written):
    """One entry of messages.yaml. `id` is its identity: editing the text never posts it again."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
    kind: Kind
    text: LocalText
    source: Url | None = None
    as_of: Day | None = None
    review_by: Day | None = Field(None, description="Last day it goes out before somebody looks at it again")
    link: Url | None = Field(None, description="The story's own link")
    media: tuple[Media, ...] = ()
    thread: tuple[LocalText, ...] = ()
    content_warning: LocalText | None = None
    weight: Annotated[int, BeforeValidator(whole), Field(ge=1, le=100)] = 1
    not_before: AtOrDay | None = None
    expires: AtOrDay | None = Field(None, description="Last day (or the moment) it goes out")
    post_at: At | None = None
    draft: bool = False
    accounts: tuple[str, ...] = Field((), description="Only here; empty: everywhere")
    per: Mapping[str, Override] = Field(default_factory=dict)

    def on(self, account: Account) -> Message:
        """The message as one account has it: `per` its network, then `per` its id, laid over it."""
        layers = [self.per[name] for name in (account.network, account.id) if name in self.per]
        changes = {name: getattr(layer, name) for layer in layers for name in layer.model_fields_set}
        return self.model_copy(update=changes) if changes else self

    def languages(self, default: str) -> tuple[str, ...]:
        return tuple(language or default for language in self.text)

    def variants(self, language: str, default: str) -> Variants:
        """The texts in a language; empty where it has none."""
        return in_language(self.text, language, default)


def in_language(written: Texts | None, language: str, default: str) -> Variants:
    """The variants of a text in `language`; a text that names no language is in `default`."""
    if not written:
        return ()
    return written.get(language) or (written.get("", ()) if language == default else ())


class Queue(Written):
    """messages.yaml, whole."""

    messages: tuple[Message, ...] = ()


def window(message: Message, zone: str) -> tuple[datetime | None, datetime | None]:
    """From when until when (exclusive, UTC) a message may go out, by not_before, expires and review_by.

    A bare day counts from its first to its last local moment in the campaign's zone.
    """
    starts = _instant(message.not_before, zone, end=False)
    ends = [_instant(value, zone, end=True) for value in (message.expires, message.review_by)]
    known = [end for end in ends if end is not None]
    return starts, min(known) if known else None


def _instant(value: Moment | date | None, zone: str, *, end: bool) -> datetime | None:
    if value is None:
        return None
    if isinstance(value, Moment):
        return value.utc(zone)
    midnight = datetime.combine(value + timedelta(days=1 if end else 0), time(), ZoneInfo(zone))
    return midnight.astimezone(UTC)
