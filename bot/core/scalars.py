"""The single values people write: words, names, numbers, durations, times and days.

Each has one right form; a validator takes what a person wrote and gives the value, or raises ValueError
with a sentence that says what to write instead. Nothing here reads a file, a clock or the network.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

LANGUAGE_CODE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
UNITS = {"ms": "milliseconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class Written(BaseModel):
    """Something that people wrote: frozen, and it knows all its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


def quoted(value: Any) -> str:
    """A value as it is shown in a sentence: on one line, and not for ever."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "a map of keys"
    if isinstance(value, list | tuple):
        return "a list"
    text = value if len(str(value)) <= 60 else f"{str(value)[:57]}…"
    return repr(text) if isinstance(text, str) else str(text)


def named(word: str) -> str:
    """A name in a sentence: as it is when it is one word, else quoted."""
    return word if re.fullmatch(r"[\w.@#-]{1,60}", word) else quoted(word)


def did_you_mean(word: str, known: Iterable[Any]) -> str:
    """`; did you mean X?`, or nothing."""
    from difflib import get_close_matches

    lower = {str(name).lower(): str(name) for name in known}
    close = get_close_matches(word.lower(), lower, n=1, cutoff=0.6)
    return f"; did you mean {lower[close[0]]}?" if close else ""


def _empty(value: Any) -> None:
    if value is None or (isinstance(value, str) and not value.strip()):
        raise ValueError("the value is empty; write one, or take the key out")


# --- words -----------------------------------------------------------------------------------


def words(value: Any) -> str:
    """A text that says something."""
    if isinstance(value, Mapping):
        raise ValueError("a colon or braces made keys of this text; put the whole text in quotes")
    if isinstance(value, list | tuple):
        raise ValueError("a list stands where one text is wanted")
    if value is None or (isinstance(value, str) and not value.strip()):
        raise ValueError("the text is empty; write one")
    if not isinstance(value, str):
        raise ValueError(f'{quoted(value)} is not a text in YAML; put it in quotes: "{quoted(value)}"')
    return value


def flag(value: Any) -> bool:
    _empty(value)
    if isinstance(value, bool):
        return value
    meant = {"yes": "true", "y": "true", "on": "true", "no": "false", "n": "false", "off": "false"}
    hint = meant.get(str(value).lower(), "true or false")
    raise ValueError(f"{quoted(value)} is neither true nor false; write {hint}")


def language_code(value: Any) -> str:
    text = words(value)
    if not re.fullmatch(LANGUAGE_CODE, text):
        raise ValueError(f"{quoted(text)} is not the code of a language; write it as en, es or pt-BR")
    return text


def account_id(value: Any) -> str:
    text = words(value)
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,39}", text):
        raise ValueError(
            f"{quoted(text)} cannot be the id of an account; "
            "write small letters, digits, - and _, a letter first, such as x"
        )
    return text


def message_id(value: Any) -> str:
    text = words(value)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", text):
        raise ValueError(
            f"{quoted(text)} cannot be the id of a message; "
            "write letters without accents, digits, - and _, no spaces, such as children-16000"
        )
    return text


# --- numbers ---------------------------------------------------------------------------------


def whole(value: Any) -> int:
    _empty(value)
    if isinstance(value, bool) or not isinstance(value, int):
        digits = re.sub(r"\D", "", str(value)).lstrip("0")
        grouped = isinstance(value, str) and re.fullmatch(r"[\d.,' _\u00a0\u202f]+", value)
        hint = f"; write {digits}" if digits and grouped else ", such as 100000"
        raise ValueError(f"{quoted(value)} is not a plain whole number{hint}")
    return value


def number(value: Any) -> float:
    """25, 12.5: digits, and a point before at most two more."""
    _empty(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if not re.fullmatch(r"\d{1,9}(\.\d{1,2})?", str(value)):
        comma = re.fullmatch(r"(\d+),(\d{1,2})", str(value))
        hint = f"{comma[1]}.{comma[2]}" if comma else "25 or 12.50"
        raise ValueError(f"{quoted(value)} is not a plain number; write it as {hint}")
    return float(str(value))


# --- time ------------------------------------------------------------------------------------


def duration(value: Any) -> timedelta:
    _empty(value)
    if isinstance(value, timedelta):
        return value
    found = re.fullmatch(r"([0-9]{1,6})\s*(ms|[smhd])", str(value))
    if not found:
        raise ValueError(
            f"{quoted(value)} is not a duration; write a whole number and a unit, such as 30s, 15m, 4h or 7d"
        )
    return timedelta(**{UNITS[found[2]]: int(found[1])})


def time_of_day(value: Any) -> time:
    _empty(value)
    if isinstance(value, time):
        return value
    found = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?", str(value).strip())
    if not found or int(found[1]) > 23 or int(found[2]) > 59 or int(found[3] or 0) > 59:
        raise ValueError(f'{quoted(value)} is not a time of day; write it as "09:00"')
    return time(int(found[1]), int(found[2]), int(found[3] or 0))


def window(value: Any) -> Any:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise ValueError('two times are wanted, from and until; write them as ["23:00", "07:00"]')
    return value


def day(value: Any) -> date:
    _empty(value)
    if isinstance(value, date):
        return value
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", str(value).strip()):
            return date.fromisoformat(str(value).strip())
    except ValueError:
        raise ValueError(f"{quoted(value)} is not in the calendar; write a day such as 2027-02-01") from None
    raise ValueError(f"{quoted(value)} is not a day; write it as 2027-02-01")


def zone_name(value: Any) -> str:
    _empty(value)
    if str(value) not in zones():
        raise ValueError(
            f"{quoted(value)} is not a time zone of the tz database{did_you_mean(str(value), zones())}"
        )
    return str(value)


@cache
def zones() -> frozenset[str]:
    return frozenset(available_timezones())


class Moment(Written):
    """A moment as people write it: local to `zone` (None: the campaign's), or absolute."""

    at: datetime
    zone: str | None = None

    def utc(self, campaign_zone: str) -> datetime:
        at = self.at if self.at.tzinfo else self.at.replace(tzinfo=ZoneInfo(self.zone or campaign_zone))
        return at.astimezone(UTC)


_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T] *)([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)"
    r" *(Z|[+-][0-9]{2}:[0-9]{2})?(?: +([A-Za-z]\S*))?"
)


def moment(value: Any) -> Moment:
    """`2026-12-10 18:00`, with T, and with Z, an offset or the name of a zone behind it."""
    _empty(value)
    if isinstance(value, Moment):
        return value
    found = _MOMENT.fullmatch(str(value).strip())
    if not found or (found[3] and found[4]):
        raise ValueError(
            f"{quoted(value)} is not a day and time; write it as 2026-12-10 18:00, "
            "with the name of a zone behind it where it is not the campaign's"
        )
    zone = zone_name(found[4]) if found[4] else None
    at = datetime.combine(day(found[1]), time_of_day(found[2]))
    if found[3]:
        at = datetime.fromisoformat(f"{at.isoformat()}{found[3].replace('Z', '+00:00')}")
    return Moment(at=at, zone=zone)


def moment_or_day(value: Any) -> Moment | date:
    """The same, or a bare day, which stays one."""
    _empty(value)
    if isinstance(value, Moment | date):
        return value
    return moment(value) if ":" in str(value) else day(value)


# --- types -----------------------------------------------------------------------------------


def text_like(pattern: str, *examples: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": list(examples)})


Words = Annotated[str, BeforeValidator(words), WithJsonSchema({"type": "string", "minLength": 1})]
Flag = Annotated[bool, BeforeValidator(flag)]
Duration = Annotated[timedelta, BeforeValidator(duration), text_like(r"^\d{1,6}\s*(ms|[smhd])$", "15m", "4h")]
TimeOfDay = Annotated[time, BeforeValidator(time_of_day), text_like(r"^\d{1,2}:\d{2}(:\d{2})?$", "09:00")]
_time_schema = {"type": "string", "pattern": r"^\d{1,2}:\d{2}(:\d{2})?$", "examples": ["09:00"]}
Times = Annotated[
    tuple[TimeOfDay, ...],
    BeforeValidator(lambda value: (value,) if isinstance(value, str | int) else value),
    WithJsonSchema({"anyOf": [_time_schema, {"type": "array", "items": _time_schema}]}),
]
Window = Annotated[tuple[TimeOfDay, TimeOfDay], BeforeValidator(window)]
Whole = Annotated[int, Field(ge=0), BeforeValidator(whole)]
Positive = Annotated[int, Field(ge=1), BeforeValidator(whole)]
Dollars = Annotated[float, Field(ge=0, allow_inf_nan=False), BeforeValidator(number)]
Factor = Annotated[float, Field(gt=1, allow_inf_nan=False), BeforeValidator(number)]
Day = Annotated[date, BeforeValidator(day), text_like(r"^\d{4}-\d{2}-\d{2}$", "2027-02-01")]
ZoneName = Annotated[
    str, BeforeValidator(zone_name), WithJsonSchema({"type": "string", "examples": ["America/Chicago"]})
]
At = Annotated[
    Moment,
    BeforeValidator(moment),
    text_like(r"^\d{4}-\d{2}-\d{2}[ T] *\d{1,2}:\d{2}", "2026-12-10 18:00", "2026-12-10 18:00 Europe/Madrid"),
]
Language = Annotated[str, BeforeValidator(language_code), text_like(LANGUAGE_CODE, "en", "es", "pt-BR")]
AccountId = Annotated[
    str, BeforeValidator(account_id), text_like(r"^[a-z][a-z0-9_-]{0,39}$", "x", "mastodon")
]
MessageId = Annotated[
    str, BeforeValidator(message_id), text_like(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$", "children-16000")
]
