"""The pages speak English and Spanish: which one, and that no word is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po

from bot.store import open_store
from bot.web import language
from bot.web.language import WORDS, _, ngettext, plurals, translations
from tests.web.visitor import Visitor

HOUSE = Path(language.__file__).parent
SOURCES = sorted([*HOUSE.rglob("*.py"), *(HOUSE.parent / "office").rglob("*.py")])
TEMPLATES = sorted((HOUSE / "templates").rglob("*.html"))
KEYWORDS = {
    ".html": {**DEFAULT_KEYWORDS, "say": None},
    ".py": {**DEFAULT_KEYWORDS, "NotSo": None, "say": (2,)},
}
FIELD = re.compile(r"%\((\w+)\)[sd]")

Words = str | tuple[str, ...]


def said(file: Path) -> Iterator[tuple[str, Words]]:
    """What a file says to people in English, with where."""
    method = "jinja2.ext:babel_extract" if file.suffix == ".html" else "python"
    options = {"trimmed": "true", "silent": "false"}
    for line, words, _comments, _context in extract_from_file(
        method, file, KEYWORDS[file.suffix], options=options
    ):
        yield f"{file.name}:{line}", words


def everything() -> list[tuple[str, Words]]:
    return [each for file in (*SOURCES, *TEMPLATES) for each in said(file)]


def test_every_word_of_the_pages_is_there_in_spanish():
    known, forms = translations("es"), plurals("es")
    missing = [
        f"{where}: {words}"
        for where, words in everything()
        if (words not in known if isinstance(words, str) else words[0] not in forms)
    ]
    assert missing == []


def test_what_is_looked_for_is_found():
    """The test above is worth nothing where nothing is found."""
    texts = [words for _where, words in everything()]
    assert "Sign in" in texts
    assert "there is no user %(name)s; there are %(names)s" in texts
    assert any(isinstance(words, tuple) for words in texts)


@pytest.mark.parametrize("file", sorted(WORDS.rglob("*.po")), ids=lambda file: file.name)
def test_a_translation_fills_in_the_same_values(file: Path):
    with file.open("rb") as opened:
        catalog = read_po(opened, locale=file.parent.name, abort_invalid=True)
    wrong = []
    for each in catalog:
        if each.id and not isinstance(each.string, str):
            fields = {name for text in each.id for name in FIELD.findall(text)}
            wrong += [text for text in each.string if not set(FIELD.findall(text)) <= fields | {"n"}]
        elif each.id and sorted(FIELD.findall(each.string)) != sorted(FIELD.findall(str(each.id))):
            wrong.append(str(each.id))
    assert wrong == []


def test_no_translation_is_left_of_words_that_nobody_says():
    """Also words that a table holds, to be translated when they are shown, are said."""
    whole = "".join(file.read_text("utf-8") for file in (*SOURCES, *TEMPLATES))
    texts = {words if isinstance(words, str) else words[0] for _where, words in everything()}
    left = (set(translations("es")) | set(plurals("es"))) - texts
    assert sorted(each for each in left if f'"{each}"' not in whole) == []


def test_one_text_is_said_one_way_whatever_the_file():
    seen: dict[str, tuple[str, str]] = {}
    differ = []
    for file in sorted((WORDS / "es").glob("*.po")):
        with file.open("rb") as opened:
            for each in read_po(opened, locale="es"):
                if each.id and isinstance(each.id, str) and isinstance(each.string, str):
                    first = seen.setdefault(each.id, (file.name, each.string))
                    if first[1] != each.string:
                        differ.append((each.id, first[0], file.name))
    assert differ == []


# --- which language -----------------------------------------------------------------------------


@pytest.fixture
def visitor() -> Iterator[Visitor]:
    with closing(open_store("sqlite://")) as store:
        yield Visitor.of(store)


def speaks(visitor: Visitor, **headers: str) -> str:
    page = visitor.client.get("/people", headers=headers).text
    return re.findall('<html lang="(..)">', page)[0]


@pytest.mark.parametrize(
    ("wanted", "spoken"),
    [
        ("es", "es"),
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("en-US,en;q=0.9,es;q=0.8", "en"),
        ("de,es;q=0.5", "es"),
        ("de", "en"),
        ("*", "en"),
        (";;;", "en"),
        ("", "en"),
    ],
)
def test_a_page_speaks_as_the_browser_asks_else_as_the_campaign(visitor: Visitor, wanted: str, spoken: str):
    assert speaks(visitor, **{"Accept-Language": wanted}) == spoken


def test_what_is_chosen_on_the_page_counts_more_and_lasts(visitor: Visitor):
    answer = visitor.post("/language", {"language": "es", "next": "/people/log?who=ana"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/people/log?who=ana")
    (cookie,) = (each for each in answer.headers.getlist("Set-Cookie") if each.startswith("lang="))
    assert "Max-Age=31536000" in cookie
    assert "HttpOnly" in cookie
    assert speaks(visitor, **{"Accept-Language": "en"}) == "es"
    assert "Personas" in visitor.page("/people").one("nav").text


@pytest.mark.parametrize("wanted", ["de", "", "../../etc", "en; x"])
def test_a_language_that_is_not_spoken_changes_nothing(visitor: Visitor, wanted: str):
    visitor.post("/language", {"language": wanted})
    visitor.client.set_cookie("lang", wanted)
    assert speaks(visitor) == "en"


def test_the_footer_offers_the_other_language_under_its_own_name(visitor: Visitor):
    (button,) = visitor.page("/people").one("form", class_="languages").find("button")
    assert (button.text, button.attributes["lang"], button.attributes["value"]) == ("Español", "es", "es")


# --- the words ----------------------------------------------------------------------------------


def test_outside_a_page_it_is_english():
    assert _("Sign in") == "Sign in"
    assert _("%(name)s is here", name="Ana") == "Ana is here"


def test_a_percent_sign_is_text_where_nothing_is_filled_in():
    assert _("100%") == "100%"


@pytest.mark.parametrize(("n", "said"), [(0, "0 days"), (1, "1 day"), (2, "2 days")])
def test_one_is_one_and_all_else_is_many(n: int, said: str):
    assert ngettext("%(n)s day", "%(n)s days", n) == said


def test_what_is_filled_in_is_text_on_the_page(visitor: Visitor):
    visitor.post("/people/remove", {"name": "<b>x</b>"})
    assert "<b>x" not in visitor.page("/people").html


def bare(template: Path) -> list[str]:
    """Words that stand in a template as they are, and would in every language."""
    text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", template.read_text("utf-8"), flags=re.S)
    found = re.findall(r' (?:title|alt|aria-label|placeholder)="([^"]*)"', text)
    found += re.sub(r"<[^>]*>|[\w-]+=\"[^\"]*\"", "\n", text).split("\n")
    return [each for each in (unescape(each).strip() for each in found) if re.search(r"[^\W\d_]{2}", each)]


NAMES = {"petition-bot", "petition-bot check", "Mastodon", "social.example", "CSV", "RSS", "ALT", "article"}
"""What is called the same everywhere."""


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.name)
def test_no_template_speaks_english_by_itself(template: Path):
    assert set(bare(template)) <= NAMES
