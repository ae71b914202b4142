"""In which language a page speaks: English, or what the .po files in words/ make of it. Babel reads them.

Messages of the campaign are not its business: they stand as they were written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from flask import Flask, current_app, g, has_request_context, redirect, request
from werkzeug.wrappers import Response as Answer

from bot.office import Office
from bot.web.rules import anyone, local

LANGUAGES = {"en": "English", "es": "Español"}
"""What the pages speak, each under its own name; English is what stands in the templates."""

WORDS = Path(__file__).parent / "words"
COOKIE = "lang"
A_YEAR = timedelta(days=365)


def _(message: str, **given: object) -> str:
    """`_("%(n)s people have signed", n=12)` in the language of the page. It makes no HTML."""
    known = translations(language()).get(message, message)
    return known % given if given else known


def ngettext(singular: str, plural: str, n: int, **given: object) -> str:
    """The singular for 1, else the plural; `%(n)s` is the number, unless it is given otherwise."""
    one, more = singular, plural
    both = plurals(language()).get(singular)
    if both:
        one, more = both
    return (one if n == 1 else more) % {"n": n, **given}


def language() -> str:
    """`en` or `es`; English where nobody asks for a page."""
    if not has_request_context():
        return "en"
    if "language" not in g:
        g.language = _chosen(current_app.config["CAMPAIGN_LANGUAGE"])
    known: str = g.language
    return known


def tongue(code: str) -> str:
    """What a language is called in that of the page; one that Babel does not know keeps its code."""
    try:
        name = Locale.parse(code, sep="-").get_display_name(language())
    except (ValueError, UnknownLocaleError):
        name = None
    return name or code


def _chosen(campaign: str) -> str:
    """What was chosen on the page, else what the browser asks for, else the campaign's."""
    fallback = campaign if campaign in LANGUAGES else "en"
    cookie = request.cookies.get(COOKIE)
    return cookie if cookie in LANGUAGES else request.accept_languages.best_match(LANGUAGES) or fallback


@cache
def translations(language: str) -> Mapping[str, str]:
    """What each English text is called; one that is missing stays English."""
    return {
        each.id: each.string
        for each in _entries(language)
        if isinstance(each.id, str) and isinstance(each.string, str) and each.id and each.string
    }


@cache
def plurals(language: str) -> Mapping[str, tuple[str, str]]:
    return {
        each.id[0]: (each.string[0], each.string[1])
        for each in _entries(language)
        if not isinstance(each.id, str) and isinstance(each.string, tuple) and all(each.string)
    }


def _entries(language: str) -> list[Message]:
    found: list[Message] = []
    for file in sorted((WORDS / language).glob("*.po")):
        with file.open("rb") as opened:
            found += [each for each in read_po(opened, locale=language) if not each.fuzzy]
    return found


def routes(app: Flask, office: Office) -> None:
    """`/language`, and the words that templates speak with."""
    app.config["CAMPAIGN_LANGUAGE"] = office.campaign.book.settings.campaign.language
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(_, ngettext)  # type: ignore[attr-defined]
    app.jinja_env.globals |= {"_": _, "ngettext": ngettext, "language": language, "languages": LANGUAGES}

    @app.post("/language")
    @anyone
    def speak() -> Answer:
        answer: Answer = redirect(local(request.form.get("next")), 303)
        wanted = request.form.get("language", "")
        if wanted in LANGUAGES:
            secure = app.session_interface.get_cookie_secure(app)
            answer.set_cookie(COOKIE, wanted, max_age=A_YEAR, secure=secure, httponly=True, samesite="Strict")
        return answer
