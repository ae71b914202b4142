"""Links, mentions and cashtags, as each network would make them of a text."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.findings import MASTODON, X, codes, message, the

ELSEWHERE = {**MASTODON, "id": "m2", "server": "https://other.example.net"}


# --- links -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Firma en https://example.org/p.",
        "(https://example.org/p)",
        "Mira (en https://example.org/p).",
        "Firma:https://example.org/p",
        "https://example.org/a_(b)",
        'Dijo "https://example.org/p", y más',
        "[aquí](https://example.org/p)",
        "<https://example.org/p>",
        "https://example.org/?a=1&b=2#c ¡ya!",
        "¿Ya firmó? https://example.org/p!",
        "https://example.org/p-",
        "HTTPS://Example.org/P",
        "No link at all: http and https.",
    ],
)
def test_a_mark_of_the_sentence_is_no_part_of_a_link(text: str) -> None:
    assert codes(message(text)) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "https://example.org/p()",
            "https://example.org/p(), but x and mastodon would link https://example.org/p:",
        ),
        ("https://example.org/p) dice", "the link https://example.org/p), but x and mastodon"),
        ("https://example.org/p»sigue", "the link https://example.org/p»sigue, but x would link"),
        ("https://example.org/p… ya", "but mastodon would link https://example.org/p…:"),
        ("«https://example.org/p»", "but mastodon would link https://example.org/p»:"),
        ("https://example.org/p。", "but mastodon would link https://example.org/p。:"),
        ("Firmahttps://example.org/p", "but x and mastodon would link nothing:"),
        ("https://example.org/日本語", "but x would link https://example.org/:"),
    ],
)
def test_a_link_that_a_network_ends_elsewhere_is_named(text: str, said: str) -> None:
    found = the("cut-link", message(text))
    assert found.severity == "warning"
    assert said in found.message


def test_a_link_is_read_as_the_networks_of_its_text_read_it() -> None:
    assert codes(message({"es": "«https://example.org/p»"}), accounts=[{**X, "language": "es"}]) == []


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (
            "https://example.org/p!",
            "x and mastodon would link https://example.org/p: write odd characters in it as %XX",
        ),
        ("https://example.org/日本語", "x would link https://example.org/:"),
        ("https://example.invalidending/p", "x and mastodon would link nothing:"),
    ],
)
def test_a_link_that_the_bot_adds_must_be_read_whole(url: str, said: str) -> None:
    story = the("cut-link", message(kind="story", link=url))
    assert (story.loc, story.severity) == (("messages", 0, "link"), "warning")
    assert said in story.message
    petition = the("cut-link", message(), petition={"url": {"en": url, "es": "https://example.org/"}})
    assert (petition.file, petition.loc) == ("config", ("petition", "url", "en"))
    assert said in petition.message


@pytest.mark.parametrize(
    "url",
    [
        "https://www.example.org/2019/11/20/you-can-help/",
        "https://example.org",
        "https://example.org/p_(b)?a=1&b=2#c",
        "https://ñandú.es/é",
        "http://127.0.0.1:8000/p!",
    ],
)
def test_an_ordinary_link_is_read_whole(url: str) -> None:
    params = {"utm_source": "{network}", "utm_content": "{message} »"}
    config: dict[str, Any] = {"petition": {"url": url}, "campaign": {"link_params": params}}
    assert codes(message(kind="story", link=url), **config) == []


@pytest.mark.parametrize("text", ["Sign: https://example.org/library.", "(https://example.org/story) is why"])
def test_a_link_that_the_bot_adds_need_not_stand_in_the_text(text: str) -> None:
    found = the("link-twice", message(text, kind="story", link="https://example.org/story"))
    assert found.severity == "warning"
    assert "which the bot adds below: leave it out" in found.message
    assert codes(message("See https://example.org/library/more")) == []


@pytest.mark.parametrize(
    "word",
    ["final.No", "recorte.Es", "fin.La", "fin.Si", "fin.De", "fin.Me", "fin.Se", "fin.Su", "policy.It"],
)
def test_a_missing_space_that_makes_a_link_on_x_is_named(word: str) -> None:
    found = the("accidental-link", message(f"Hasta el {word} pares"))
    assert found.severity == "warning"
    assert f"has {word}, and X would link that" in found.message
    assert "a space after the full stop" in found.message


@pytest.mark.parametrize(
    "word", ["fin.Ya", "fin.El", "fin.Que", "fin.Un", "1.000", "U.S.", "a.m.", "informe.pdf", "end...Next"]
)
def test_a_missing_space_that_makes_no_link_is_left_alone(word: str) -> None:
    assert codes(message(f"Hasta el {word} pares")) == []


def test_all_accidental_links_of_a_text_stand_in_one_sentence() -> None:
    assert (
        "has fin.La and final.No, and X"
        in the("accidental-link", message("El fin.La final.No fin.La")).message
    )


def test_mastodon_makes_no_accidental_links() -> None:
    assert codes(message("Hasta el final.No"), accounts=[MASTODON]) == []


# --- people ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Pedimos a @Ministerio algo", "@Ministerio on x, @Ministerio@social.example.org on mastodon"),
        (".@nombre", "@nombre on x, @nombre@social.example.org on mastodon"),
        ("A @nombre@other.example", "@nombre@other.example on mastodon"),
        ("@uno y @dos", "@uno on x, @dos on x, @uno@social.example.org on mastodon, @dos@social"),
    ],
)
def test_who_would_be_notified_is_listed_by_network(text: str, people: str) -> None:
    found = the("mention", message(text))
    assert found.severity == "error"
    assert f"would notify {people}" in found.message


@pytest.mark.parametrize(
    "text", ["info@example.org", "at 5 @ noon", "@", "https://example.org/@nombre", "a@b"]
)
def test_an_at_sign_alone_is_no_mention(text: str) -> None:
    assert "mention" not in codes(message(text))


@pytest.mark.parametrize(
    ("allowed", "left"),
    [
        (["@Ministerio"], None),
        (["ministerio"], None),
        (["Ministerio@social.example.org"], "@Ministerio on x:"),
        (["someone"], "@Ministerio on x, @Ministerio@social.example.org on mastodon:"),
    ],
)
def test_only_listed_people_may_be_mentioned(allowed: list[str], left: str | None) -> None:
    campaign: dict[str, Any] = {"allow_mentions": allowed}
    given = message("A @Ministerio")
    if left is None:
        assert codes(given, campaign=campaign) == []
    else:
        assert left in the("mention", given, campaign=campaign).message


def test_the_same_name_is_somebody_else_on_each_server() -> None:
    said = the("mention", message("A @ana"), accounts=[MASTODON, ELSEWHERE]).message
    assert "@ana@social.example.org on mastodon, @ana@other.example.net on mastodon" in said


def test_a_mention_in_a_content_warning_counts() -> None:
    assert "mention" in codes(message(content_warning={"en": "about @ana", "es": "sobre ana"}))


def test_nobody_is_notified_by_an_account_that_only_prints() -> None:
    dry = {"id": "dry", "network": "dry", "schedule": {"at": ["09:00"]}}
    assert codes(message("A @ana"), accounts=[dry]) == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [("$AAPL and $TSLA", True), ("$AAPL, again $AAPL", False), ("$5, US$ and $AAPL", False), ("$a$b", False)],
)
def test_x_takes_one_cashtag(text: str, wrong: bool) -> None:
    assert codes(message(text)) == (["cashtags"] if wrong else [])
    assert codes(message(text), accounts=[MASTODON]) == []
