"""Which links a post carries, where they stand, and what the campaign's parameters make of them."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.fit import with_params
from bot.core.text import urls
from tests.core.fitting import PETITION, STORY, X, accounts, post, text, words

# --- links -----------------------------------------------------------------------------------


def test_a_post_ends_with_the_petitions_link_on_a_line_of_its_own() -> None:
    made = post({})
    assert made.parts == (f"Some words.\n\n{PETITION}",)
    assert made.link == PETITION
    assert made.words == "Some words."


def test_a_story_carries_its_own_link_before_the_petitions() -> None:
    made = post({"kind": "story", "link": STORY})
    assert made.parts == (f"Some words.\n\n{STORY}\n{PETITION}",)
    assert made.link == PETITION


def test_the_petitions_link_is_in_the_language_of_the_post() -> None:
    pages = {"en": PETITION, "es": "https://example.org/es"}
    message = {"text": {"en": "Sign.", "es": "Firma."}}
    assert text(message, petition=pages, language="es").endswith("Firma.\n\nhttps://example.org/es")
    assert text({"text": {"de": "Hallo."}}, petition=pages, language="de").endswith(PETITION)


@pytest.mark.parametrize(
    ("links", "kind", "turn", "carried"),
    [
        ("always", "fact", 1, [STORY, PETITION]),
        ("always", "call", None, [STORY, PETITION]),
        ("story", "story", 1, [STORY, PETITION]),
        ("story", "fact", 1, []),
        ("never", "story", 0, []),
        ("every 3 posts", "fact", 0, [STORY, PETITION]),
        ("every 3 posts", "fact", 1, [STORY]),
        ("every 3 posts", "story", 2, [STORY]),
        ("every 3 posts", "fact", 3, [STORY, PETITION]),
        ("every 3 posts", "fact", None, [STORY, PETITION]),
        ("every 1 posts", "fact", 7, [STORY, PETITION]),
    ],
)
def test_an_account_says_which_posts_carry_links(
    links: str, kind: str, turn: int | None, carried: list[str]
) -> None:
    made = post({"kind": kind, "link": STORY}, {**X, "links": links}, turn=turn)
    assert [span.text for span in urls(made.parts[0], "x")] == carried
    assert made.link == (carried[-1] if carried else None)
    assert made.cost == (200_000 if carried else 15_000)


def test_a_post_without_links_is_its_words() -> None:
    assert text({}, {**X, "links": "never"}) == "Some words."


def test_a_link_within_the_words_is_the_posts_link_where_none_is_added() -> None:
    made = post({"text": f"See {STORY}, and sign."}, {**X, "links": "never"})
    assert (made.link, made.cost) == (STORY, 200_000)


def test_where_links_are_for_stories_the_petitions_gives_way_to_a_long_story() -> None:
    account = {**X, "links": "story"}
    fits = post({"kind": "story", "link": STORY, "text": "a" * (280 - 2 - 23 - 1 - 23)}, account)
    assert (fits.link, fits.length) == (PETITION, 280)
    long = post({"kind": "story", "link": STORY, "text": "a" * (280 - 2 - 23 - 1 - 22)}, account)
    assert (long.link, long.length) == (STORY, 257)


def test_everywhere_else_no_link_is_dropped_however_long_the_text() -> None:
    made = post({"kind": "story", "link": STORY, "text": "a" * 300})
    assert made.parts[0].endswith(f"\n\n{STORY}\n{PETITION}")
    assert (made.length, made.limit) == (300 + 2 + 23 + 1 + 23, 280)


# --- link_params -----------------------------------------------------------------------------

PARAMS = {"utm_source": "{network}", "utm_content": "{message}"}


@pytest.mark.parametrize(
    ("url", "merged"),
    [
        ("https://e.org/p", "https://e.org/p?utm_source=x&utm_content=m"),
        ("https://e.org", "https://e.org?utm_source=x&utm_content=m"),
        ("https://e.org/p?a=1", "https://e.org/p?a=1&utm_source=x&utm_content=m"),
        ("https://e.org/p#sign", "https://e.org/p?utm_source=x&utm_content=m#sign"),
        ("https://e.org/p?a=1#/sign?b=2", "https://e.org/p?a=1&utm_source=x&utm_content=m#/sign?b=2"),
        ("https://e.org/p?utm_source=own", "https://e.org/p?utm_source=own&utm_content=m"),
        ("https://e.org/p?utm_source=", "https://e.org/p?utm_source=&utm_content=m"),
        ("https://e.org/p?utm_content=1&utm_source=2#f", "https://e.org/p?utm_content=1&utm_source=2#f"),
        ("https://e.org/p?", "https://e.org/p?utm_source=x&utm_content=m"),
        ("https://e.org/p?a=1&", "https://e.org/p?a=1&utm_source=x&utm_content=m"),
        ("https://e.org/p?a=%C3%B1+b&c", "https://e.org/p?a=%C3%B1+b&c&utm_source=x&utm_content=m"),
        ("https://e.org/p#", "https://e.org/p?utm_source=x&utm_content=m#"),
        ("https://e.org/{message}", "https://e.org/{message}?utm_source=x&utm_content=m"),
    ],
)
def test_parameters_join_the_query_and_change_nothing_else(url: str, merged: str) -> None:
    assert with_params(url, tuple(PARAMS.items()), ("x", "main", "en"), "m") == merged


def test_without_parameters_a_link_stays_to_the_letter() -> None:
    url = "https://e.org/p?#"
    assert with_params(url, (), ("x", "main", "en"), "m") == url


def test_placeholders_are_filled_in_plainly_and_quoted() -> None:
    params = {"a": "{network}-{account} {language}&é", "b{": "{message}/{message}", "c": "{other}{0}"}
    link = with_params("https://e.org/", tuple(params.items()), ("x", "main", "es"), "m.1")
    assert parse_qs(urlsplit(link).query) == {"a": ["x-main es&é"], "b{": ["m.1/m.1"], "c": ["{other}{0}"]}
    assert link.isascii()
    assert " " not in link


def test_only_the_petitions_link_gets_the_parameters_of_the_campaign() -> None:
    campaign = {"link_params": {"from": "{network}.{account}.{message}.{language}"}}
    made = text({"kind": "story", "link": STORY}, campaign=campaign)
    assert made.endswith(f"\n\n{STORY}\n{PETITION}?from=x.x.a-fact.en")


# --- properties ------------------------------------------------------------------------------


@given(words, accounts, st.lists(words, max_size=2), st.sampled_from(["always", "every 2 posts"]))
def test_no_link_is_ever_lost_cut_or_joined_with_words(
    words: str, account: Any, thread: list[str], links: str
) -> None:
    message = {"text": words, "thread": thread, "link": STORY}
    made = post(message, {**account, "links": links}, campaign={"link_params": {"m": "{message}"}})
    petition = f"{PETITION}?m=a-fact"
    assert made.parts[-1].endswith(f"\n\n{STORY}\n{petition}")
    assert [span.text for span in urls(made.parts[-1], account["network"])][-2:] == [STORY, petition]
