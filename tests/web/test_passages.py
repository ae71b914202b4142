"""A text in pieces: nothing is lost, and only addresses of the web become links."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.passages import Passage, passages, web_link

PIECES = st.sampled_from(
    [
        "https://a.example.org/b?c=d",
        "#StopMPP",
        "end.Next",
        "\n\n",
        "<b>",
        "javascript:alert(1)",
        " ",
        "ñ",
        "x",
    ]
)


@given(
    st.lists(PIECES | st.text(max_size=5)).map("".join), st.sampled_from(["x", "mastodon", "bluesky", "dry"])
)
def test_the_pieces_are_the_text_and_only_the_web_is_linked(text: str, network: str):
    found = passages(text, network)
    assert "".join(each.text for each in found) == text
    assert all(each.href.startswith(("https://", "http://")) for each in found if each.href is not None)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("Plain.", [Passage("Plain.")]),
        ("#Go now", [Passage("#Go", tag=True), Passage(" now")]),
        (
            "Sign https://a.example.org/p#top!",
            [
                Passage("Sign "),
                Passage("https://a.example.org/p#top", "https://a.example.org/p#top"),
                Passage("!"),
            ],
        ),
        ("1 #2 3", [Passage("1 #2 3")]),
    ],
)
def test_links_and_hashtags_are_cut_out(text: str, found: list[Passage]):
    assert list(passages(text, "mastodon")) == found


def test_a_bare_domain_is_a_link_on_x_alone():
    """As followers would see it: two sentences without a blank between them lead somewhere."""
    text = "This is the end.Next comes hope."
    assert [each.href for each in passages(text, "x") if each.href] == ["https://end.Next"]
    assert list(passages(text, "mastodon")) == [Passage(text)]


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://a.example.org/p", "a.example.org/p"),
        ("http://www.example.org", "example.org"),
        ("https://a.example.org/123456789012345", "a.example.org/123456789012345"),
        ("https://a.example.org/1234567890123456", "a.example.org/1234567890123456"),
        ("https://a.example.org/12345678901234567", "a.example.org/1234567890123456…"),
    ],
)
def test_followers_see_thirty_characters_of_an_address(address: str, shown: str):
    assert Passage(address, address).short == shown


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "//evil.example.org",
        "https:",
        "https:///path",
        "file:///etc/passwd",
        "vbscript:x",
        " javascript:alert(1)",
        "http://[broken",
    ],
)
def test_nothing_but_an_address_of_the_web_is_a_link(address: str | None):
    assert web_link(address) is None


@pytest.mark.parametrize("address", ["https://a.example.org/b", "http://127.0.0.1:9000/i/1"])
def test_an_address_of_the_web_is_a_link(address: str):
    assert web_link(address) == address
