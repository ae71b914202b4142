"""One plain sentence for each of pydantic's errors: which value, what is wrong, what to write.

It knows the fields of the models and nothing of files; pydantic's own words never reach a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel

from bot.core.written import did_you_mean
from bot.files.document import Loc
from bot.files.source import UNSEEN, name

Error = Mapping[str, Any]
"""One entry of ValidationError.errors(): type, loc, msg, input, ctx."""


def sentence(error: Error, model: type[BaseModel], owner: str, rest: Loc) -> tuple[str, str]:
    """Code and sentence. `owner` names the entry (`message tents`; empty: the file), `rest` is the way
    from it to the value."""
    kind = str(error["type"])
    path = ".".join(str(step) for step in rest if isinstance(step, str) and step not in ("", "[key]"))
    above = ".".join(str(step) for step in rest[:-1] if isinstance(step, str))
    if kind == "extra_forbidden":
        return "unknown-key", f"{_subject(owner, above)}{_unknown(error, model)}"
    if kind == "missing":
        return "missing", f"{_subject(owner, above)}{rest[-1]} is missing; add it"
    code, said = _said(kind, error)
    return code, f"{_subject(owner, path)}{said}"


def _subject(owner: str, field: str) -> str:
    named = ", ".join(part for part in (owner, field) if part)
    return f"{named}: " if named else ""


def _unknown(error: Error, model: type[BaseModel]) -> str:
    word, known = error["loc"][-1], fields(model, error["loc"][:-1])
    guess = did_you_mean(str(word), known) or f"; what can stand here: {', '.join(sorted(known))}"
    return f"{shown(word)} is not a key that the bot knows{guess}"


def intended(error: Error, model: type[BaseModel]) -> Loc | None:
    """The way to the key that a misspelt one stands for."""
    if error["type"] != "extra_forbidden":
        return None
    loc = tuple(error["loc"])
    close = get_close_matches(str(loc[-1]).lower(), fields(model, loc[:-1]), n=1)
    return (*loc[:-1], close[0]) if close else None


def _said(kind: str, error: Error) -> tuple[str, str]:
    value, context = error["input"], error.get("ctx", {})
    if kind == "value_error":
        return "bad-value", str(context["error"])
    if value is None:
        return "empty", "the value is empty; write one, or take the key out"
    if kind == "literal_error":
        return "not-a-choice", _choice(value, str(context["expected"]))
    if kind in _LISTS:
        return "not-a-list", f"a list is wanted; write it as [{_inline(value)}]"
    if kind in _MAPS:
        return "not-a-map", f"{shown(value)} stands where keys and values are wanted"
    if kind.startswith("string"):
        return _text(kind, value)
    if kind.startswith("bool"):
        return "not-true-or-false", f"{shown(value)} is neither true nor false; write one of the two"
    if kind.startswith(("int", "float")):
        return "not-a-number", f"{shown(value)} is not a plain number; write digits, such as 25"
    limit = next((f"{word} {context[key]}" for key, word in _LIMITS.items() if key in context), None)
    if limit:
        return "out-of-range", f"{shown(value)} is out of range; it must be {limit}"
    return "bad-value", f"{shown(value)} cannot stand here"


_LISTS = ("tuple_type", "list_type", "set_type")
_MAPS = ("dict_type", "mapping_type", "model_type", "model_attributes_type", "is_instance_of")
_LIMITS = {
    "ge": "at least",
    "gt": "more than",
    "le": "at most",
    "lt": "less than",
    "min_length": "as long as",
    "max_length": "no longer than",
}


def _text(kind: str, value: Any) -> tuple[str, str]:
    if kind == "string_too_short":
        return "empty", "the text is empty; write one"
    if kind == "string_pattern_mismatch":
        return "bad-value", f"{shown(value)} has characters that cannot stand here"
    if isinstance(value, Mapping):
        return "text-became-map", "a colon made a key of this text; put the whole text in quotes"
    if isinstance(value, list):
        return "not-a-text", "a list stands where one text is wanted"
    return "not-a-text", f'{shown(value)} is not a text in YAML; put it in quotes: "{shown(value)}"'


def _choice(value: Any, expected: str) -> str:
    choices = [choice.strip("'") for choice in expected.replace(" or ", ", ").split(", ")]
    guess = did_you_mean(str(value), choices)
    return f"{shown(value)} is not one of {', '.join(choices)}{guess}"


def _inline(value: Any) -> str:
    return "…" if isinstance(value, Mapping) else shown(value)


def shown(value: Any) -> str:
    """A value as the person wrote it, short, with what cannot be seen made visible."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "a map of keys"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "a list"
    text = UNSEEN.sub(lambda found: f"<{name(found[0])}>", str(value))
    return text if len(text) <= 60 else f"{text[:57]}…"


def fields(model: type[BaseModel], loc: Loc) -> list[str]:
    """The keys that can stand at a place."""
    found: type[BaseModel] | None = model
    for step in loc:
        if found is not None and step in found.model_fields:
            found = _model_in(found.model_fields[str(step)].annotation)
    return list(found.model_fields) if found else []


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for part in get_args(annotation) if (model := _model_in(part))), None)
