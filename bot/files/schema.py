"""JSON Schemas of both files, for editors: what can stand where, explained while one types.

They are made from the models that read the files, say no more than these, and check no pairs of values.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from bot.core.scalars import UNITS
from bot.core.terms import Links
from bot.core.written import Queue, Settings

Name = Literal["config", "messages"]
MODELS: dict[Name, type[BaseModel]] = {"config": Settings, "messages": Queue}
TITLES: dict[Name, str] = {"config": "Settings of a campaign", "messages": "The queue of a campaign"}


def schema(name: Name | None = None) -> dict[str, Any]:
    """The schema of one file; without a name both, by name."""
    if name is None:
        return {each: schema(each) for each in MODELS}
    made = MODELS[name].model_json_schema(schema_generator=_Plain)
    about = {"$schema": GenerateJsonSchema.schema_dialect, "title": TITLES[name]}
    return {**about, **_tidy(made)}


def schema_text(name: Name) -> str:
    """The same as it stands in schema/ and as `petition-bot schema` prints it."""
    return json.dumps(schema(name), indent=2, ensure_ascii=False) + "\n"


def schema_line(name: Name) -> str:
    """The first line of a file that makes an editor use the schema beside it."""
    return f"# yaml-language-server: $schema=schema/{name}.schema.json"


class _Plain(GenerateJsonSchema):
    """Defaults as people write them."""

    def encode_default(self, dft: Any) -> Any:
        if isinstance(dft, timedelta):
            return _written(dft)
        if isinstance(dft, Links):
            return dft.mode
        return super().encode_default(dft) if isinstance(dft, str | int | float) else None


def _written(span: timedelta) -> str:
    """15m for a quarter of an hour."""
    seconds = int(span.total_seconds())
    for unit in reversed(UNITS):
        size = int(timedelta(**{UNITS[unit]: 1}).total_seconds())
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return "0s"


def _tidy(node: Any) -> Any:
    """Less the titles and defaults that say nothing."""
    if isinstance(node, list):
        return [_tidy(each) for each in node]
    if not isinstance(node, dict):
        return node
    kept = {}
    for key, value in node.items():
        if key == "properties":
            kept[key] = {name: _tidy(each) for name, each in value.items()}
        elif not (key == "title" and isinstance(value, str)) and not (key == "default" and value is None):
            kept[key] = _tidy(value)
    return kept
