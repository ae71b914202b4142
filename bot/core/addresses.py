"""The addresses people write: of pages, of servers, of the place where the bot's own page listens.

An address is put into its one right form or refused with it, so that no key ever goes out unencrypted and
no request is redirected. Nothing here opens one.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Annotated, Any
from urllib.parse import SplitResult, urlsplit

from pydantic import BeforeValidator, WithJsonSchema

from bot.core.scalars import quoted, text_like, words

LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")
_OTHER_PAGES = re.compile(r"/?|/@[^/]*/?|/api(/v[0-9])?/?|/(web|home|about)(/.*)?")


def web_address(value: Any) -> str:
    """A whole address of a page: https, or http where it is this computer."""
    text = any_address(value)
    if text.startswith("http:") and not is_loopback(text):
        raise ValueError(f"{quoted(text)} is not encrypted; write it with https://")
    return text


def any_address(value: Any) -> str:
    """The same, encrypted or not."""
    text = words(value).strip()
    split = _split(text)
    if split is None or not _is_host(split.hostname or "", split.scheme):
        raise ValueError(
            f"{quoted(text)} is not a web address; write it whole, such as https://example.org/petition"
        )
    if split.username is not None:
        raise ValueError(f"the address of {split.hostname} has a name or password in it; take it out")
    return text


def _split(text: str) -> SplitResult | None:
    """The parts of an http(s) address; None where it is none."""
    try:
        split = urlsplit(text)
        port = split.port
    except ValueError:
        return None
    fine = text.isprintable() and not re.search(r"\s", text) and split.netloc and port != 0
    return split if fine and split.scheme in ("http", "https") else None


def _is_host(host: str, scheme: str) -> bool:
    if scheme == "http" and host in LOOPBACK:
        return True
    return bool(re.fullmatch(r"[\w-]+(\.[\w-]+)+", host))


def server_address(value: Any) -> str:
    """`https://host` of a server, also from its bare name, its profile pages or its API's address."""
    text = words(value).strip()
    split = _split(text if "://" in text else f"https://{text}")
    if split is not None and split.username is not None:
        raise ValueError(
            f"the address of a server has no name or password; write it as https://{split.hostname}"
        )
    if split is None or not _is_host(split.hostname or "", split.scheme):
        name = re.search(r"[\w-]+(\.[\w-]+)+", text.rpartition("@")[2] or text)
        right = f"https://{name[0]}" if name else "https://mastodon.social"
        raise ValueError(f"{quoted(text)} is not the address of a server; write it as {right}")
    host = split.netloc.lower()
    if split.scheme == "http" and not is_loopback(text):
        raise ValueError(f"{quoted(text)} would send the key unencrypted; write it as https://{host}")
    if split.query or split.fragment or not _OTHER_PAGES.fullmatch(split.path):
        raise ValueError(f"{quoted(text)} names a page of the server; write it as {split.scheme}://{host}")
    return f"{split.scheme}://{host}"


def api_address(value: Any) -> str:
    """Where X's API stands, without the version that the bot adds itself."""
    text = web_address(value).rstrip("/")
    if re.search(r"/[0-9](\.[0-9])?$", text):
        raise ValueError(
            f"{quoted(text)} ends in a version, which the bot adds; write it as {text.rpartition('/')[0]}"
        )
    return text


def listen_address(value: Any) -> str:
    text = str(value).strip()
    found = re.fullmatch(r"([\w.-]+|\[[0-9a-fA-F:]+\]):([0-9]{1,5})", text)
    if not found or int(found[2]) > 65535:
        raise ValueError(f'{quoted(value)} is not a host and a port; write it as "127.0.0.1:8080"')
    return text


def host_of(url: str) -> str:
    return urlsplit(url).hostname or ""


def is_loopback(url: str | None) -> bool:
    """Whether an address stays on this computer."""
    try:
        host = host_of(url) if url else ""
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


Url = Annotated[str, BeforeValidator(web_address), WithJsonSchema({"type": "string", "format": "uri"})]
AnyUrl = Annotated[str, BeforeValidator(any_address), WithJsonSchema({"type": "string", "format": "uri"})]
Server = Annotated[
    str,
    BeforeValidator(server_address),
    WithJsonSchema({"type": "string", "minLength": 1, "examples": ["https://mastodon.social"]}),
]
ApiUrl = Annotated[str, BeforeValidator(api_address), WithJsonSchema({"type": "string", "format": "uri"})]
Listen = Annotated[str, BeforeValidator(listen_address), text_like(r":\d{1,5}$", "127.0.0.1:8080")]
