"""A message as a form: an entry of messages.yaml becomes values of fields, and those an entry again.

A field that nobody touched keeps what stands in the file, to the letter, and so does what the form does not
know. It judges nothing: what is wrong with an entry, `check` says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.cards import CARD
from bot.core.scalars import LANGUAGE_CODE
from bot.core.written import Message
from bot.office.words import Entry

Values = Mapping[str, str]
"""What stands in the fields, by their names: `text.en.0`, `thread.1.es.0`, `account.x`."""

Said = dict[str, list[str]]
"""The texts of one field, in each language, none of them empty."""

LINES = ("id", "kind", "source", "as_of", "review_by", "link", "not_before", "expires", "post_at", "weight")
"""Fields of one line."""

LOCAL_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})")
BOX = re.compile(rf"\.({LANGUAGE_CODE[1:-1]})\.\d+")
MOST = 50
"""Texts of one field, parts of a thread, and pictures."""


class Unshowable(ValueError):
    """This entry does not fit into the form; it has to be mended in a text editor."""


@dataclass(frozen=True, slots=True)
class Tongues:
    """The languages that the form has fields for; a text that names none is in `default`."""

    default: str
    all: tuple[str, ...]

    @classmethod
    def of(cls, default: str, spoken: Iterable[str], *given: Values) -> Tongues:
        """The campaign's, those of its accounts, and those that stand in the fields."""
        found = [match[1] for values in given for name in values for match in [BOX.search(name)] if match]
        return cls(default, tuple(dict.fromkeys([default, *spoken, *found])))


# --- an entry becomes values --------------------------------------------------------------------


def filled(entry: Entry, default: str) -> dict[str, str]:
    """What stands in the fields for this entry. Raises Unshowable."""
    values = {name: _line(entry.get(name)) for name in LINES}
    for name in ("text", "content_warning"):
        values |= _boxes(name, entry.get(name), default)
    for part, texts in enumerate(_list(entry.get("thread"))):
        values |= _boxes(f"thread.{part}", texts, default)
    if entry.get("media") == CARD:
        values["card"] = "on"
    else:
        values |= _pictures(_list(entry.get("media")), default)
    for name, own in _map(entry.get("per")).items():
        values |= _boxes(f"per.{name}.text", _map(own).get("text"), default)
    return values | {f"account.{_line(each)}": "on" for each in _list(entry.get("accounts"))}


def _pictures(media: list[Any], default: str) -> Iterator[tuple[str, str]]:
    for place, each in enumerate(media):
        yield f"media.{place}.raw", json.dumps(_map(each), sort_keys=True)
        yield from _boxes(f"media.{place}.alt", _map(each).get("alt"), default).items()


def _boxes(prefix: str, raw: Any, default: str) -> dict[str, str]:
    rows = [(f"{prefix}.{tongue}", texts) for tongue, texts in _said(raw, default).items()]
    return {f"{name}.{at}": text for name, texts in rows for at, text in enumerate(texts)}


def _said(raw: Any, default: str) -> Said:
    if raw is None:
        return {}
    rows = raw.items() if isinstance(raw, dict) else [("", raw)]
    return {str(tongue or default): [_text(each) for each in _texts(value)] for tongue, value in rows}


def _texts(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Unshowable
    return clean(value)


def _line(value: Any) -> str:
    if isinstance(value, dict | list):
        raise Unshowable
    return "" if value is None else str(value)


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list | None):
        raise Unshowable
    return value or []


def _map(value: Any) -> dict[Any, Any]:
    if not isinstance(value, dict | None):
        raise Unshowable
    return value or {}


# --- values become an entry ---------------------------------------------------------------------


def entry_of(values: Values, old: Entry | None, tongues: Tongues) -> Entry:
    """The message that stands in the fields, in the place of `old`."""
    old = old or {}
    new: Entry = {name: _scalar(name, values, old.get(name)) for name in LINES}
    for name in ("text", "content_warning"):
        new[name] = local(_filled_in(name, values, tongues), old.get(name), tongues.default)
    new["thread"] = _thread(values, _plain_list(old.get("thread")), tongues)
    new["media"] = _media(values, old.get("media"), tongues)
    new["accounts"] = _accounts(values, old.get("accounts"))
    new["per"] = _per(values, old.get("per"), tongues)
    whole = {**old, **{key: value for key, value in new.items() if value is not None or old.get(key)}}
    order = [*Message.model_fields, *(key for key in whole if key not in Message.model_fields)]
    return {key: whole[key] for key in order if whole.get(key) is not None}


def local(said: Said, raw: Any, default: str) -> Any:
    """Texts as they are written: as `raw` where they say the same, one text where there is one language."""
    if said == _known(raw, default):
        return raw
    if not said:
        return None
    if not isinstance(raw, dict) and set(said) == {default}:
        return _one(said[default], raw)
    before = raw if isinstance(raw, dict) else {default: raw}
    order = dict.fromkeys([*(tongue or default for tongue in before), *said])
    return {tongue: _one(said[tongue], before.get(tongue)) for tongue in order if tongue in said}


def _one(texts: list[str], raw: Any) -> Any:
    """One text or a list; those that stand there already as they are."""
    there = [each for each in _texts(raw) if isinstance(each, str)]
    if [clean(each) for each in there] == texts:
        return raw
    kept = [next((each for each in there if clean(each) == text), text) for text in texts]
    return kept[0] if len(kept) == 1 else kept


def _known(raw: Any, default: str) -> Said | None:
    try:
        return _said(raw, default)
    except Unshowable:
        return None


def _filled_in(prefix: str, values: Values, tongues: Tongues) -> Said:
    found = {tongue: _numbered(f"{prefix}.{tongue}", values) for tongue in tongues.all}
    return {tongue: texts for tongue, texts in found.items() if texts}


def _numbered(prefix: str, values: Values) -> list[str]:
    return list(filter(None, (clean(values.get(f"{prefix}.{at}", "")) for at in range(MOST))))


def _scalar(name: str, values: Values, old: Any) -> Any:
    """What stands in a field of one line; as it is in the file where that says the same."""
    value = LOCAL_TIME.sub(r"\1 \2", values.get(name, "").strip())
    if old is not None and LOCAL_TIME.sub(r"\1 \2", str(old)) == value:
        return old
    return int(value) if name == "weight" and re.fullmatch("[1-9][0-9]{0,2}", value) else value or None


def _thread(values: Values, old: list[Any], tongues: Tongues) -> list[Any] | None:
    parts = [_filled_in(f"thread.{part}", values, tongues) for part in range(MOST)]
    raws = [*old, *[None] * MOST]
    written = [local(part, raw, tongues.default) for part, raw in zip(parts, raws, strict=False)]
    return [each for each in written if each is not None] or None


def _media(values: Values, old: Any, tongues: Tongues) -> Any:
    media = [_picture(place, values, tongues) for place in range(MOST) if f"media.{place}.raw" in values]
    kept = [each for each in media if each]
    if not kept and values.get("card"):
        return CARD
    return kept or None


def _picture(place: int, values: Values, tongues: Tongues) -> Entry | None:
    """The picture in that place, with its words; None where it is to be taken out."""
    try:
        raw = json.loads(values[f"media.{place}.raw"])
    except ValueError:
        raw = None
    if values.get(f"media.{place}.out") or not isinstance(raw, dict):
        return None
    alt = local(_filled_in(f"media.{place}.alt", values, tongues), raw.get("alt"), tongues.default)
    return {key: value for key, value in {**raw, "alt": alt}.items() if value is not None}


def _accounts(values: Values, old: Any) -> Any:
    wanted = [name.removeprefix("account.") for name in values if name.startswith("account.")]
    there = _plain_list(old)
    return old if there and set(there) == set(wanted) else wanted or None


def _per(values: Values, old: Any, tongues: Tongues) -> Any:
    """The values of single networks and accounts: their texts from the fields, the rest as it stands."""
    before = old if isinstance(old, dict) else {}
    names = [found[1] for name in values if (found := re.match(r"per\.(.+)\.text\.", name))]
    after = {name: _own(name, values, before.get(name), tongues) for name in dict.fromkeys([*before, *names])}
    return {name: own for name, own in after.items() if own} or None


def _own(name: str, values: Values, before: Any, tongues: Tongues) -> Any:
    if before is not None and not isinstance(before, dict):
        return before
    raw = before or {}
    text = local(_filled_in(f"per.{name}.text", values, tongues), raw.get("text"), tongues.default)
    return {key: value for key, value in {**raw, "text": text}.items() if value is not None}


def _plain_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def with_picture(values: dict[str, str], file: str) -> dict[str, str]:
    """The fields with one picture more, and with the words that were written for it."""
    place = next(at for at in range(MOST + 1) if f"media.{at}.raw" not in values)
    alt = {name: value for name, value in values.items() if name.startswith("picture.alt.")}
    rest = {name: value for name, value in values.items() if name not in alt}
    words = {name.replace("picture.alt", f"media.{place}.alt", 1): value for name, value in alt.items()}
    return {**rest, f"media.{place}.raw": json.dumps({"file": file}), **words}


def clean(text: str) -> str:
    """As it is compared: browsers send other line breaks, and blanks at the ends say nothing."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
