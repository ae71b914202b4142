"""Words out of HTML, as servers write it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.text import same
from bot.networks.markup import text_of
from bot.sandbox.toots import content

LINK = (
    '<a href="https://example.org/a?b=1&amp;c=2" target="_blank" rel="nofollow noopener" translate="no">'
    '<span class="invisible">https://</span><span class="ellipsis">example.org/a</span>'
    '<span class="invisible">?b=1&amp;c=2</span></a>'
)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Words</p>", "Words"),
        ("Words", "Words"),
        ("", ""),
        ("<p>one<br>two<br />three<br/>four</p>", "one\ntwo\nthree\nfour"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<p>R&amp;D &lt; all &#39;x&#39; &quot;y&quot;</p>", "R&D < all 'x' \"y\""),
        ("<p>as written: &amp;amp;</p>", "as written: &amp;"),
        (f"<p>Sign {LINK} now</p>", "Sign https://example.org/a?b=1&c=2 now"),
        ('<p><a href="https://s.example/tags/x" class="mention hashtag">#<span>X</span></a></p>', "#X"),
        ('<span><a href="https://s.example/@a" class="u-url mention">@<span>a</span></a></span> hi', "@a hi"),
        ('<p><a href="https://example.org/whole">example.org/wh…</a></p>', "https://example.org/whole"),
        ("<p><a>no address</a></p>", "no address"),
        ("<p>a</p><ul><li>one</li><li>two</li></ul>", "a\n\none\ntwo"),
        ("<p>unclosed <a href='https://example.org/x'>link", "unclosed link"),
        ("</a></p>stray", "stray"),
        ("<p>emoji 🏳️‍🌈 and ñ</p>", "emoji 🏳️‍🌈 and ñ"),
        ("<script>alert(1)</script>", "alert(1)"),
    ],
)
def test_html_gives_its_words(markup: str, text: str) -> None:
    assert text_of(markup) == text


WORDS = st.lists(
    st.sampled_from(
        ["Sign", "<b>", "&amp;", "#Tag", "https://example.org/a?b=c&d", "R&D", "\n", "\n\n", "“x”", "🏳️‍🌈"]
    ),
    min_size=1,
    max_size=12,
)


@given(WORDS)
def test_a_text_shown_as_html_is_found_again(words: list[str]) -> None:
    text = " ".join(words)
    assert same(text_of(content(text, "https://social.example")), text)


@given(st.text(max_size=200))
def test_no_markup_makes_it_fail(markup: str) -> None:
    assert isinstance(text_of(markup), str)
