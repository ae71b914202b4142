"""Reads what a client sent: JSON, a form, or a form with files. Refuses only what it cannot read."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from bot.sandbox.wire import Request


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of a form."""

    name: str
    kind: str
    data: bytes


class Unreadable(Exception):
    """The body is not what its content type says."""


def fields(request: Request) -> dict[str, Any]:
    """Every field by name; `media_ids[]` becomes a list named `media_ids`, files become Uploads."""
    try:
        return _fields(request)
    except UnicodeDecodeError as error:
        raise Unreadable from error


def _fields(request: Request) -> dict[str, Any]:
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        return _json(request.body)
    if kind.startswith("multipart/form-data"):
        return _multipart(request.body, kind)
    return _form(request.body)


def _json(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError as error:
        raise Unreadable from error
    if not isinstance(value, dict):
        raise Unreadable
    return value


def _form(body: bytes) -> dict[str, Any]:
    pairs = parse_qs(body.decode(), keep_blank_values=True)
    return dict(_named(name, values) for name, values in pairs.items())


def _named(name: str, values: list[Any]) -> tuple[str, Any]:
    return (name[:-2], values) if name.endswith("[]") else (name, values[-1])


def _multipart(body: bytes, kind: str) -> dict[str, Any]:
    found = re.search(r'boundary="?([^";]+)"?', kind)
    if found is None:
        raise Unreadable
    gathered: dict[str, list[Any]] = {}
    for part in body.split(b"--" + found[1].encode())[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        _gather(gathered, head.decode(), content.removesuffix(b"\r\n"))
    return dict(_named(name, values) for name, values in gathered.items())


def _gather(gathered: dict[str, list[Any]], head: str, content: bytes) -> None:
    name = re.search(r'name="([^"]*)"', head)
    file = re.search(r'filename="([^"]*)"', head)
    kind = re.search(r"^content-type:\s*(\S+)", head, re.IGNORECASE | re.MULTILINE)
    if name is not None:
        told = kind[1] if kind else "application/octet-stream"
        value = Upload(file[1] if file else "", told, content) if file or kind else content.decode()
        gathered.setdefault(name[1], []).append(value)
