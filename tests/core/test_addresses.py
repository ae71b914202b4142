"""Addresses are put into their one right form, or refused with it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.addresses import api_address, is_loopback, listen_address, server_address, web_address


def said(validator: Any, value: Any) -> str:
    with pytest.raises(ValueError, match=r".") as refusal:
        validator(value)
    return str(refusal.value)


def answer(validator: Any, value: Any) -> tuple[str, str]:
    """The sentence of a refusal and nothing, or nothing and the address."""
    try:
        return "", validator(value)
    except ValueError as refusal:
        return str(refusal), ""


@pytest.mark.parametrize(
    "written",
    [
        "https://social.example.org",
        "https://social.example.org/",
        "social.example.org",
        "  https://social.example.org ",
        "https://social.example.org/@bot",
        "https://social.example.org/@bot/",
        "https://social.example.org/api/v1",
        "https://social.example.org/api/v2/",
        "https://social.example.org/web/home",
        "https://Social.Example.org",
        "HTTPS://social.example.org",
    ],
)
def test_every_way_to_name_a_server_gives_its_address(written: str) -> None:
    assert server_address(written) == "https://social.example.org"


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("http://social.example.org", "https://social.example.org"),
        ("http://social.example.org/api/v1", "https://social.example.org"),
        ("@bot@social.example.org", "https://social.example.org"),
        ("https://bot:secret@social.example.org", "https://social.example.org"),
        ("https://social.example.org/terms", "https://social.example.org"),
        ("https://social.example.org/?page=2", "https://social.example.org"),
        ("ftp://social.example.org", "https://social.example.org"),
        ("http://127.evil.example", "https://127.evil.example"),
        ("mastodon", "https://mastodon.social"),
        ("https://", "https://mastodon.social"),
        ("https://so cial.example.org", "https://cial.example.org"),
        ("https://social.example.org:99999", "https://social.example.org"),
        (8000, "in quotes"),
        ("", "write one"),
        (None, "write one"),
    ],
)
def test_what_is_no_server_is_refused_with_the_right_form(written: Any, right: str) -> None:
    assert right in said(server_address, written)


def test_a_password_in_an_address_is_never_repeated() -> None:
    for validator in (server_address, web_address, api_address):
        assert "hunter2" not in said(validator, "https://bot:hunter2@social.example.org/p")


@pytest.mark.parametrize("written", ["http://127.0.0.1:3000", "http://localhost:3000", "http://[::1]:3000"])
def test_http_is_for_this_computer_only(written: str) -> None:
    for validator in (server_address, web_address, api_address):
        assert validator(written) == written
    assert is_loopback(written)


@pytest.mark.parametrize(
    "written",
    [
        "https://example.org",
        "https://example.org/petition?a=b#c",
        "https://münchen.example/straße",
        "https://example.org:8443/p",
        "https://example.org/ñ/%20",
    ],
)
def test_a_web_address_is_kept_as_it_is(written: str) -> None:
    assert web_address(f" {written} ") == written


@pytest.mark.parametrize(
    "written",
    [
        "example.org",
        "https://example",
        "https://exam ple.org",
        "https://example.org/\u200bp",
        "https://example.org\\p",
        "https://example.org:0",
        "https://example.org:port",
        "https://[::1",
        "http://example.org",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "//example.org",
        "https://.example.org",
        "",
        5,
        None,
        {"en": "https://example.org"},
    ],
)
def test_other_web_addresses_are_refused(written: Any) -> None:
    assert "\n" not in said(web_address, written)


@pytest.mark.parametrize(
    ("written", "right"),
    [("https://api.x.com/2", "https://api.x.com"), ("https://api.x.com/2/", "https://api.x.com")],
)
def test_the_version_of_xs_api_is_not_part_of_its_address(written: str, right: str) -> None:
    assert said(api_address, written).endswith(f"write it as {right}")
    assert api_address(f"{right}/") == right


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1", "https://127.9.9.9:1", "http://localhost", "http://[::1]:1"]
)
def test_loopback_is_this_computer(url: str) -> None:
    assert is_loopback(url)


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "https://example.org",
        "http://127.evil.example",
        "http://localhost.example.org",
        "http://10.0.0.1",
        "http://[::1",
    ],
)
def test_nothing_else_is(url: str | None) -> None:
    assert not is_loopback(url)


@pytest.mark.parametrize("written", ["127.0.0.1:8080", "localhost:0", "[::1]:65535", "0.0.0.0:80"])
def test_a_place_to_listen_is_a_host_and_a_port(written: str) -> None:
    assert listen_address(written) == written


@pytest.mark.parametrize(
    "written", ["8080", 8080, ":8080", "127.0.0.1", "127.0.0.1:65536", "http://127.0.0.1:80", None, "a:٣"]
)
def test_other_places_are_refused_with_the_right_form(written: Any) -> None:
    assert '"127.0.0.1:8080"' in said(listen_address, written)


PIECES = st.lists(
    st.sampled_from(
        [
            "http",
            "https",
            "://",
            "a.b",
            "@",
            ":",
            "/",
            "[",
            "]",
            "::1",
            "127.0.0.1",
            "\\",
            "?",
            "#",
            ".",
            " ",
            "ñ",
            "%",
        ]
    ),
    max_size=8,
).map("".join)


@given(st.sampled_from([web_address, server_address, api_address, listen_address]), PIECES)
def test_no_address_raises_anything_but_a_sentence_and_none_goes_out_unencrypted(
    validator: Any, text: str
) -> None:
    refused, kept = answer(validator, text)
    assert "\n" not in refused
    if not refused:
        assert kept.startswith("https://") or is_loopback(kept) or validator is listen_address
        assert urlsplit(kept).username is None
