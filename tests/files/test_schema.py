"""What editors are told about both files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bot.files import yaml
from bot.files.read import survey_queue, survey_settings
from bot.files.schema import MODELS, Name, schema, schema_line, schema_text

HOUSE = Path(__file__).parents[2]
SHIPPED: dict[Name, str] = {"config": "config.example.yaml", "messages": "messages.yaml"}
BOTH = pytest.mark.parametrize("name", list(SHIPPED))


def complaints(name: Name, data: Any) -> list[str]:
    return [error.message for error in Draft202012Validator(schema(name)).iter_errors(data)]


@BOTH
def test_the_committed_schema_is_the_one_of_the_models(name: Name) -> None:
    """Renew it with: petition-bot schema config > schema/config.schema.json"""
    assert (HOUSE / "schema" / f"{name}.schema.json").read_text("utf-8") == schema_text(name)


@BOTH
def test_the_shipped_file_holds_to_its_schema_and_names_it(name: Name) -> None:
    path = HOUSE / SHIPPED[name]
    assert complaints(name, yaml.load(path).data) == []
    assert path.read_text("utf-8").splitlines()[0] == schema_line(name)


@BOTH
def test_a_schema_is_a_schema(name: Name) -> None:
    Draft202012Validator.check_schema(schema(name))
    assert schema(name)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema()[name] == schema(name)
    json.loads(schema_text(name))


def keywords(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield key
            names = key in ("properties", "patternProperties", "$defs")
            for below in value.values() if names and isinstance(value, dict) else (value,):
                yield from keywords(below)
    elif isinstance(node, list):
        for each in node:
            yield from keywords(each)


VOCABULARY = """
additionalProperties anyOf default description enum examples exclusiveMinimum format items maximum minimum
minItems maxItems minLength minProperties oneOf pattern patternProperties prefixItems properties propertyNames
required title type
"""


@BOTH
def test_a_schema_has_no_word_that_editors_do_not_know(name: Name) -> None:
    known = {*VOCABULARY.split(), "$schema", "$defs", "$ref"}
    assert set(keywords(schema(name))) <= known | {"$defs", "$ref", "$schema"}


def test_every_key_of_a_message_is_explained() -> None:
    message = schema("messages")["$defs"]["Message"]
    assert [name for name, about in message["properties"].items() if not about.get("description")] == []


AGREED = [
    ("messages", {"messages": []}, True),
    ("messages", {"messages": [{"id": "a", "kind": "call", "text": "b"}]}, True),
    ("messages", {"messages": [{"id": "a", "kind": "call", "text": {"en": ["b", "c"]}}]}, True),
    (
        "messages",
        {"messages": [{"id": "a", "kind": "call", "text": "b", "post_at": "2026-12-10 18:00"}]},
        True,
    ),
    ("messages", {"messages": [{"id": "a", "kind": "call", "text": "b", "draft": "yes"}]}, False),
    ("messages", {"messages": [{"id": "a", "kind": "call", "text": ""}]}, False),
    ("messages", {"messages": [{"id": "a", "kind": "call", "text": 3}]}, False),
    ("messages", {"messages": [{"id": "a", "kind": "call", "text": {"English": "b"}}]}, False),
    ("messages", {"messages": [{"id": "a", "kind": "fakt", "text": "b"}]}, False),
    ("messages", {"messages": [{"id": "a", "kind": "fact", "texto": "b"}]}, False),
    ("messages", {"messages": [{"id": "a", "kind": "fact", "text": "b", "weight": 0}]}, False),
    ("messages", {"messages": [{"id": "a b", "kind": "fact", "text": "b"}]}, False),
    ("messages", {"messages": "a"}, False),
    ("messages", {"mesages": []}, False),
    ("config", {}, False),
    ("config", {"campaign": {"name": "T"}, "petition": {"url": "https://a.org"}, "accounts": []}, False),
]


@pytest.mark.parametrize(("name", "data", "fine"), AGREED)
def test_editor_and_bot_agree(name: Name, data: Any, fine: bool) -> None:
    survey = survey_settings if name == "config" else survey_queue
    problems = survey(yaml.parse(json.dumps(data).encode(), "f")).problems
    assert (complaints(name, data) == []) is fine
    assert (problems == []) is fine


@pytest.mark.parametrize("at", ["09:00", ["09:00", "9:30"]])
def test_one_time_need_not_be_a_list(at: Any) -> None:
    account = {"id": "x", "network": "x", "schedule": {"at": at}}
    data = {"campaign": {"name": "T"}, "petition": {"url": {"en": "https://a.org"}}, "accounts": [account]}
    assert complaints("config", data) == []
    assert survey_settings(yaml.parse(json.dumps(data).encode(), "f")).whole is not None


def test_defaults_are_written_as_people_write_them() -> None:
    text = schema_text("config")
    assert '"default": "15m"' in text
    assert '"default": "30m"' in text
    assert "PT" not in text
    assert set(MODELS) == set(SHIPPED)
