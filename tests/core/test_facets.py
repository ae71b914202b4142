"""Texts as Bluesky wants them: what stands where, counted in bytes, and nothing of a link is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.facets import Facet, spelled, whole
from bot.core.model import Limits
from bot.core.text import LIMITS, length, normalized, short

PETITION = "https://www.example.org/2019/11/20/you-can-help/?utm_source=bluesky&utm_content=a-fact"
PIECES = [
    "Niños",
    "🏳️‍🌈",
    "#StopMPP",
    "#Educación",
    "@somebody.example.org",
    PETITION,
    "https://a.org/x",
    "(",
    ")",
    "\n",
]
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=12).map(" ".join).map(normalized)


def places(text: str) -> list[tuple[str, str, str]]:
    """(kind, value, the bytes it stands on) of each facet."""
    made = spelled(text)
    shown = made.text.encode()
    return [(each.kind, each.value, shown[each.start : each.end].decode()) for each in made.facets]


def links(text: str) -> list[tuple[int, int, str]]:
    return [(each.start, each.end, each.value) for each in spelled(text).facets if each.kind == "link"]


def test_a_long_link_stands_there_in_short_and_leads_to_the_whole() -> None:
    assert spelled(f"Firma: {PETITION}") == spelled(f"Firma: {PETITION}")
    assert spelled(f"¡Firma!\n{PETITION}").text == "¡Firma!\nwww.example.org/2019/11/20/yo…"
    assert places(f"¡Firma!\n{PETITION}") == [("link", PETITION, "www.example.org/2019/11/20/yo…")]


@pytest.mark.parametrize(
    ("link", "seen"),
    [
        ("https://a.org/x", "a.org/x"),
        ("https://a.org", "a.org"),
        ("https://example.org:8443/p", "example.org:8443/p"),
        ("https://example.org/" + "a" * 18, "example.org/" + "a" * 18),
        ("https://example.org/" + "a" * 19, "example.org/" + "a" * 17 + "…"),
        ("https://example.org?" + "a" * 19, "example.org?" + "a" * 17 + "…"),
        (f"https://{'a' * 40}.org/xyz", f"{'a' * 40}.org/…"),
        (f"https://{'a' * 40}.org", f"{'a' * 40}.org"),
    ],
)
def test_the_host_of_a_link_is_never_shortened(link: str, seen: str) -> None:
    """The app of Bluesky asks readers to beware where the text names another host than the link."""
    assert short(link) == seen
    assert length(link, LIMITS["bluesky"]) == len(seen)


def test_places_are_counted_in_bytes() -> None:
    assert spelled("Ñ #Ñandú").facets == (Facet(3, 11, "tag", "Ñandú"),)
    assert places("🏳️‍🌈 #Sí y @ella.example.org, https://a.org/ñ.") == [
        ("tag", "Sí", "#Sí"),
        ("mention", "ella.example.org", "@ella.example.org"),
        ("link", "https://a.org/ñ", "a.org/ñ"),
    ]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("https://a.org/#tag", ["link"]),
        ("https://a.org/@user.example.org", ["link"]),
        ("mail user@example.org", []),
        ("example.org and 50 #1", []),
        ("(https://a.org/x)", ["link"]),
        ("＃日本語", ["tag"]),
    ],
)
def test_what_stands_in_a_link_is_a_link_alone(text: str, kinds: list[str]) -> None:
    assert [kind for kind, _, _ in places(text)] == kinds


@given(texts)
def test_whoever_follows_the_links_has_the_text_that_was_written(text: str) -> None:
    made = spelled(text)
    assert whole(made.text, links(text)) == text


@given(texts)
def test_facets_follow_each_other_and_lie_within_the_text(text: str) -> None:
    made = spelled(text)
    ends = [0, *(place for each in made.facets for place in (each.start, each.end)), len(made.text.encode())]
    assert ends == sorted(ends)


@given(texts)
def test_what_is_counted_is_what_is_seen(text: str) -> None:
    assert length(text, LIMITS["bluesky"]) == length(spelled(text).text, Limits(300, "graphemes", None))


@pytest.mark.parametrize(
    "odd",
    [
        [(1, 5, "https://b.org")],  # in the middle of ñ
        [(0, 99, "https://b.org")],
        [(5, 3, "https://b.org")],
        [(-3, 2, "https://b.org")],
        [(0, 2, "https://b.org"), (1, 3, "https://c.org"), (0, 1, "https://d.org")],
    ],
)
def test_what_others_write_beside_a_text_does_no_harm(odd: list[tuple[int, int, str]]) -> None:
    assert whole("ñ a.org", odd).endswith("a.org")
