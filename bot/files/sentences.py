"""One plain sentence for each of pydantic's errors: which value, what is wrong, what to write.

It knows the fields of the models and nothing of files; pydantic's own words never reach a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel

from bot.core.scalars import did_you_mean, named, quoted
from bot.files.document import Loc

Error = Mapping[str, Any]
"""One entry of ValidationError.errors(): type, loc, msg, input, ctx."""


def sentence(error: Error, model: type[BaseModel], owner: str, rest: Loc) -> tuple[str, str]:
    """Code and sentence. `owner` names the entry (`message tents`; empty: the file), `rest` is the way
    from it to the value."""
    kind = str(error["type"])
    steps = [named(step) if isinstance(step, str) else "" for step in rest]
    path, above = ".".join(filter(None, steps)), ".".join(filter(None, steps[:-1]))
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
    return f"{quoted(word)} is not a key that the bot knows{guess}"


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
        return "not-a-list", f"a list is wanted; write it as [{value if isinstance(value, str) else '…'}]"
    if kind in _MAPS:
        return "not-a-map", f"{quoted(value)} stands where keys and values are wanted"
    if kind == "too_short":
        return "empty", "the list is empty; write at least one entry"
    limit = next((f"{word} {context[key]}" for key, word in _LIMITS.items() if key in context), None)
    if limit:
        return "out-of-range", f"{quoted(value)} is out of range; it must be {limit}"
    return "bad-value", f"{quoted(value)} cannot stand here"


_LISTS = ("tuple_type", "list_type")
_MAPS = ("dict_type", "mapping_type", "model_type")
_LIMITS = {
    "ge": "at least",
    "gt": "more than",
    "le": "at most",
}


def _choice(value: Any, expected: str) -> str:
    choices = [choice.strip("'") for choice in expected.replace(" or ", ", ").split(", ")]
    guess = did_you_mean(str(value), choices)
    return f"{quoted(value)} is not one of {', '.join(choices)}{guess}"


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
