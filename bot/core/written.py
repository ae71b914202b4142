"""What people write, frozen: messages.yaml as a `Queue` of `Message`; config.yaml is in settings.py.

One definition parses, documents, makes the JSON Schema for editors and is used by the program. It refuses
what it does not know; where in the file a problem stands is bot/files' business.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, WithJsonSchema

from bot.core.addresses import LOOPBACK, Url, host_of, is_loopback
from bot.core.cards import CARD
from bot.core.closing import AtOrDay, ToClosing
from bot.core.petition import CounterInfo, MilestoneRules, Petition
from bot.core.scalars import (
    LANGUAGE_CODE,
    At,
    Day,
    Flag,
    MessageId,
    Moment,
    Words,
    Written,
    did_you_mean,
    language_code,
    whole,
)
from bot.core.settings import (
    Account,
    CampaignInfo,
    DeliveryRules,
    Kind,
    NetworkName,
    Rotation,
    Schedule,
    Settings,
    Web,
)
from bot.core.terms import Budget, Links, PriceList, Threads

__all__ = [
    "DAYS",
    "LOOPBACK",
    "ROTATING",
    "Account",
    "Budget",
    "CampaignInfo",
    "CounterInfo",
    "DeliveryRules",
    "Kind",
    "Links",
    "LocalText",
    "Media",
    "Message",
    "MilestoneRules",
    "Moment",
    "NetworkName",
    "Override",
    "Petition",
    "PriceList",
    "Queue",
    "Rotation",
    "Schedule",
    "Settings",
    "Texts",
    "Threads",
    "ToClosing",
    "Variants",
    "Web",
    "bound",
    "did_you_mean",
    "host_of",
    "in_language",
    "is_loopback",
    "texts",
    "window",
]

NEVER = datetime(9000, 1, 1, tzinfo=UTC)
ROTATING: tuple[Kind, ...] = ("fact", "story", "call", "update")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# --- texts -----------------------------------------------------------------------------------

Variants = tuple[str, ...]
Texts = Mapping[str, Variants]
"""Variants per language; the key "" holds the text that names no language."""


def texts(value: Any) -> Any:
    """A text, a list of variants, or one of either per language -> {language: (variant, …)}."""
    if isinstance(value, Mapping):
        return {language: _variants(each) for language, each in value.items()}
    return {"": _variants(value)}


def _variants(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return tuple(value) or (None,)
    return (value,)


def spoken_language(value: Any) -> str:
    """The key of a text: a language, or "" for the one that texts without a language have."""
    return "" if value == "" else language_code(value)


_text_schema = {"type": "string", "minLength": 1}
_variants_schema = {"anyOf": [_text_schema, {"type": "array", "items": _text_schema, "minItems": 1}]}
_texts_schema = {
    "anyOf": [
        *_variants_schema["anyOf"],
        {
            "type": "object",
            "propertyNames": {"pattern": LANGUAGE_CODE},
            "additionalProperties": _variants_schema,
            "minProperties": 1,
        },
    ]
}
LocalText = Annotated[
    Mapping[Annotated[str, BeforeValidator(spoken_language)], tuple[Words, ...]],
    BeforeValidator(texts),
    WithJsonSchema(_texts_schema),
]
Weight = Annotated[int, Field(ge=1, le=100), BeforeValidator(whole)]


class Media(Written):
    """A picture and what it shows, in words."""

    file: Words = Field(description="Path, relative to this file's folder")
    alt: LocalText = Field(
        default_factory=dict, description="What the picture shows, for those who cannot see it"
    )


class _OrCard:
    """`media: card` is a list of one picture, which is drawn from the text."""

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        return {"anyOf": [{"enum": [CARD]}, handler(core)]}


Pictures = Annotated[
    tuple[Media, ...],
    BeforeValidator(lambda value: (Media(file=CARD),) if value == CARD else value),
    _OrCard(),
]


class Override(Written):
    """Other values of a message for one network or one account."""

    text: LocalText | None = None
    link: Url | None = None
    media: Pictures | None = None
    thread: tuple[LocalText, ...] | None = None
    content_warning: LocalText | None = None


class Message(Written):
    """One entry of messages.yaml. `id` is its identity: editing the text never posts it again."""

    id: MessageId = Field(description="Its identity: change the text, and it is still the same message")
    kind: Kind = Field(
        description="fact, story, call and update rotate; milestone and progress are templates"
    )
    text: LocalText = Field(description="A text, a list of variants, or one of either per language")
    source: Url | None = Field(None, description="Where a fact comes from")
    as_of: Day | None = Field(None, description="The day on which the source said so")
    review_by: Day | None = Field(None, description="Last day it goes out before somebody looks at it again")
    link: Url | None = Field(None, description="The story's own link")
    media: Pictures = Field((), description="Pictures; or card: one that is drawn from the text")
    thread: tuple[LocalText, ...] = Field((), description="Second part, third part, …")
    content_warning: LocalText | None = Field(None, description="Shown before the text, where a network can")
    weight: Weight = Field(1, description="2: twice as often as others of its kind")
    not_before: AtOrDay | None = Field(
        None, description="First day (or the moment) it goes out; closes - 7d counts from petition.closes"
    )
    expires: AtOrDay | None = Field(
        None, description="Last day (or the moment) it goes out; closes - 1d counts from petition.closes"
    )
    post_at: At | None = Field(None, description="A fixed day and time instead of the rotation")
    draft: Flag = Field(False, description="true: not posted until somebody clears it")
    accounts: tuple[Words, ...] = Field((), description="Only on these accounts; empty: on all")
    per: Mapping[Words, Override] = Field(
        default_factory=dict, description="Other values for one network, or for one account (which wins)"
    )

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


def window(
    message: Message, zone: str, closes: date | None = None
) -> tuple[datetime | None, datetime | None]:
    """From when until when (exclusive, UTC) a message may go out, by not_before, expires and review_by;
    a call also ends with the petition, on the day `closes`.

    A bare day counts from its first to its last local moment in the campaign's zone.
    """
    starts = bound(message.not_before, zone, closes, end=False)
    last_days = [message.expires, message.review_by, closes if message.kind == "call" else None]
    ends = [bound(value, zone, closes, end=True) for value in last_days]
    known = [end for end in ends if end is not None]
    return starts, min(known) if known else None


def bound(
    value: Moment | date | ToClosing | None, zone: str, closes: date | None, *, end: bool
) -> datetime | None:
    """The instant at which a day begins, or (`end`) is over; a moment is what it is. What counts from a
    closing day that is not known never comes."""
    if value is None:
        return None
    if isinstance(value, Moment):
        return value.utc(zone)
    if isinstance(value, ToClosing):
        if closes is None:
            return NEVER
        value = value.on(closes)
    midnight = datetime.combine(value + timedelta(days=1 if end else 0), time(), ZoneInfo(zone))
    return midnight.astimezone(UTC)
