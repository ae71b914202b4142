"""The sandbox's Mastodon takes a text from a page, shows it, and posts it once somebody says so."""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request

import pytest

from bot.sandbox import VISITOR, Sandbox


def opened(box: Sandbox, **query: str) -> str:
    with urllib.request.urlopen(f"{box.mastodon.url}/share?{urllib.parse.urlencode(query)}") as answer:
        return answer.read().decode()


def confirmed(box: Sandbox, text: str) -> tuple[str, str]:
    data = urllib.parse.urlencode({"text": text}).encode()
    with urllib.request.urlopen(f"{box.mastodon.url}/share", data) as answer:
        return answer.url, answer.read().decode()


def test_opening_it_shows_the_text_and_posts_nothing(box: Sandbox):
    page = opened(box, text="Sign & share <b>", url="https://petition.example.org")
    assert "Sign &amp; share &lt;b&gt; https://petition.example.org" in page
    assert box.mastodon.posts() == ()


def test_saying_so_posts_it_as_the_visitor_and_leads_to_the_post(box: Sandbox):
    address, page = confirmed(box, "Sign.\r\n\r\nhttps://petition.example.org/p")
    (post,) = box.mastodon.posts()
    assert post.text == "Sign.\n\nhttps://petition.example.org/p"
    assert post.user_id == box.mastodon.accounts.add(VISITOR).id != box.mastodon.accounts.first.id
    assert address == f"{box.mastodon.url}/@{VISITOR}/{post.id}"
    assert "<p>Sign.</p>" in page


@pytest.mark.parametrize("text", ["", "  ", "a" * 501])
def test_what_a_server_does_not_take_is_not_posted(box: Sandbox, text: str):
    with pytest.raises(urllib.error.HTTPError, match="422"):
        confirmed(box, text)
    assert box.mastodon.posts() == ()
