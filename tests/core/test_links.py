"""Links, mentions and hashtags as each network finds them, and where it cuts them."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.text import hashtags, mentions, urls

NETWORKS = ("x", "mastodon", "bluesky", "dry")


def found(text: str, network: str) -> list[str]:
    spans = urls(text, network)
    assert all(text[span.start : span.end] == span.text for span in spans)
    return [span.text for span in spans]


# --- bare domains ----------------------------------------------------------------------------

LINKED_BY_X = [
    *("final.No", "recorte.Es", "policy.It", "fin.La", "fin.Si", "fin.De", "fin.Me", "fin.Se", "fin.Su"),
    *("barrio.hamburg", "Ejemplo.org", "leeme.md", "EJEMPLO.ORG", "example.co.uk", "ejemplo.中国", "fin.Um"),
    *("la-casa.org/firma", "example.org:8080/firma", "example.org/firma?a=1#b", "xn--caf-dma.com"),
]
LEFT_ALONE = [
    *("fin.Ya", "fin.El", "fin.Que", "fin.Un", "informe.pdf", "EE.UU.", "p.m.", "1.000", "v2.0"),
    *("fin...No", "final. No", "foto.jpg", "-final.No"),
]


@pytest.mark.parametrize("word", LINKED_BY_X)
def test_x_links_a_bare_domain_whose_ending_exists(word: str) -> None:
    (span,) = urls(f"Hasta el {word} y más", "x")
    assert (span.text, span.bare) == (word, True)


@pytest.mark.parametrize("word", LEFT_ALONE)
def test_x_leaves_alone_what_ends_in_no_domain(word: str) -> None:
    assert found(f"Hasta el {word} y más", "x") == []


@pytest.mark.parametrize("network", [network for network in NETWORKS if network != "x"])
@pytest.mark.parametrize("word", LINKED_BY_X)
def test_elsewhere_a_bare_domain_is_no_link(word: str, network: str) -> None:
    assert found(f"Hasta el {word} y más", network) == []


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("info@example.org", []),  # a mail address
        ("maria.info@example.org", []),
        ("@example.org", []),
        ("#example.org", []),
        ("$example.org", []),
        ("«example.org»", ["example.org"]),
        ("16,000.No", ["000.No"]),
        ("de16.No", ["de16.No"]),
        ("日本example.org日本", ["example.org"]),
        ("foo_bar.example.org", ["bar.example.org"]),
        ("foo_bar.org", []),
        ("example.org?a=1", ["example.org"]),
        ("a" * 64 + ".org", []),
        ("uno.Es,dos.No;tres.It", ["uno.Es", "dos.No", "tres.It"]),
        ("example.org.", ["example.org"]),
        ("example.org-", []),
    ],
)
def test_what_stands_around_a_bare_domain_decides(text: str, linked: list[str]) -> None:
    assert found(text, "x") == linked


# --- where a link is cut ---------------------------------------------------------------------

P = "https://example.org/p"
CUTS = [
    # what follows the link, what X takes of it, what Mastodon takes of it
    *(
        (mark, "", "")
        for mark in (".", ",", ";", ":", "!", "?", ")", "'", '"', "]", " ", "\n", ".)", "”"[:0])
    ),
    *((mark, "", mark) for mark in ("…", "»", "。", "”", "’", "日本")),
    ("Ya", "Ya", "Ya"),
    ("-", "-", "-"),
    ("/", "/", "/"),
    ("()", "", ""),
    ("(b)", "(b)", "(b)"),
    ("(b(c))", "(b(c))", "(b(c))"),
    ("ñ", "ñ", "ñ"),
    ("?a=1&b=2", "?a=1&b=2", "?a=1&b=2"),
    ("?a=1.", "?a=1", "?a=1"),
    ("#parte", "#parte", "#parte"),
    ("/@user", "/@user", "/@user"),
]


@pytest.mark.parametrize(("after", "on_x", "on_mastodon"), CUTS)
def test_a_link_is_cut_as_the_network_cuts_it(after: str, on_x: str, on_mastodon: str) -> None:
    assert found(f"Firma en {P}{after}", "x") == [P + on_x]
    assert found(f"Firma en {P}{after}", "bluesky") == [P + on_x]
    assert found(f"Firma en {P}{after}", "mastodon") == [P + on_mastodon]
    assert found(f"Firma en {P}{after}", "dry") == [P + on_mastodon]


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize(
    ("text", "linked"),
    [
        (f"({P})", [P]),
        (f"Firma:{P}", [P]),
        (f"«{P} »", [P]),
        (f"Firma{P}", []),
        (f"@{P}", []),
        (P.upper(), [P.upper()]),
        ("https://example.org", ["https://example.org"]),
        ("https://example.org.", ["https://example.org"]),
        ("https://example.org…", ["https://example.org"]),
        ("https://example.org:8080/p", ["https://example.org:8080/p"]),
        ("https://ejemplo.中国/p", ["https://ejemplo.中国/p"]),
        ("https://bücher.example.org", ["https://bücher.example.org"]),
        ("https://xn--bcher-kva.org", ["https://xn--bcher-kva.org"]),
        ("https://localhost/p", []),
        ("https://example.invalid-ending", []),
        ("https://", []),
        ("sin enlace.", []),
        ("", []),
        (f"{P} {P}\n{P}", [P, P, P]),
    ],
)
def test_a_link_with_a_scheme_is_a_link_everywhere(text: str, linked: list[str], network: str) -> None:
    assert found(text, network) == linked
    assert not any(span.bare for span in urls(text, network))


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("https://t.co/abc/more", ["https://t.co/abc"]),
        ("https://t.co/abc?a=1", ["https://t.co/abc?a=1"]),
        ("https://t.co/" + "a" * 41, []),
        ("https://xn--日本.com/p", []),
        ("https://" + "日" * 60 + ".com", []),
        ("\u200ehttps://example.org", ["https://example.org"]),
    ],
)
def test_x_has_rules_of_its_own_for_short_links_and_hosts(text: str, linked: list[str]) -> None:
    assert found(text, "x") == linked


@pytest.mark.parametrize("text", ["İstanbul final.No", "ẞß final.No İ"])
def test_a_letter_that_grows_in_lower_case_moves_no_link(text: str) -> None:
    assert found(text, "x") == ["final.No"]


@pytest.mark.parametrize(
    "word", ["a." * 10_000, "日." * 5_000, "a_b." * 3_000, "https://a.com/" + "(a" * 5_000]
)
@pytest.mark.parametrize("network", NETWORKS)
def test_a_word_without_end_is_searched_in_a_moment(word: str, network: str) -> None:
    assert len(found(word, network)) == (word.startswith("http"))


@given(st.text(alphabet="aA.No/:htps@#-_ñ日()«»…?=& \n🏽İ", max_size=60), st.sampled_from(NETWORKS))
def test_links_stand_in_order_and_never_overlap(text: str, network: str) -> None:
    spans = urls(text, network)
    assert found(text, network) == [span.text for span in spans]
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert all(span.bare is not span.text.lower().startswith("http") for span in spans if ":" in span.text)


# --- mentions --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "on_x", "on_mastodon", "on_bluesky"),
    [
        ("Pedimos a @Ministerio que responda", ("Ministerio",), ("Ministerio",), ()),
        ("info@example.org", (), (), ()),
        ("sola @ arroba", (), (), ()),
        ("@12", ("12",), ("12",), ()),  # both networks allow handles of digits
        (".@nombre", ("nombre",), ("nombre",), ()),
        ("(@nombre)", ("nombre",), ("nombre",), ()),
        ("@user@example.social", (), ("user@example.social",), ()),
        ("@user.example.org", ("user",), ("user.example.org",), ("user.example.org",)),
        ("@user.", ("user",), ("user",), ()),
        ("＠user", ("user",), (), ()),
        ("https://example.social/@user", (), (), ()),
        ("https://example.social/?a=@user", (), (), ()),
        ("@user/list", (), ("user",), ()),
        ("RT@user", ("user",), (), ()),
        ("@Educación", (), (), ()),
        ("@a y @b y @a", ("a", "b"), ("a", "b"), ()),
        ("@User_1", ("User_1",), ("User_1",), ()),
        ("sin arroba", (), (), ()),
        ("𝗙 @user", ("user",), ("user",), ()),
    ],
)
def test_those_are_named_whom_a_network_would_notify(
    text: str, on_x: tuple[str, ...], on_mastodon: tuple[str, ...], on_bluesky: tuple[str, ...]
) -> None:
    assert mentions(text, "x") == on_x
    assert mentions(text, "mastodon") == on_mastodon
    assert mentions(text, "dry") == on_mastodon
    assert mentions(text, "bluesky") == on_bluesky


# --- hashtags --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#StopMPP", ("StopMPP",)),
        ("#Educación.", ("Educación",)),
        (unicodedata.normalize("NFD", "#Educación ya"), ("Educación",)),
        ("(#uno) #dos, «#tres»", ("uno", "dos", "tres")),
        ("＃uno", ("uno",)),
        ("#2019", ()),
        ("#Nov2019", ("Nov2019",)),
        ("a#b", ()),
        ("&#38;", ()),
        ("# uno", ()),
        ("#️⃣ uno", ()),
        ("#uno#dos", ()),
        ("https://example.org/#parte", ()),
        ("example.org/#parte", ()),
        ("وقّع العريضة #حقوق", ("حقوق",)),
        ("חתמו עכשיו #זכויות", ("זכויות",)),
        ("#日本語", ("日本語",)),
        ("#snake_case y #l·l", ("snake_case", "l·l")),
        ("sin etiqueta", ()),
    ],
)
def test_a_hashtag_is_found_as_x_finds_it_in_any_script(text: str, tags: tuple[str, ...]) -> None:
    assert hashtags(text) == tags
