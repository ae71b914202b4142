"""Pictures say what they show, warnings are never lost, and what is not carried yet is said."""

from __future__ import annotations

from typing import Any

import pytest

from bot.core.model import Limits
from tests.core.findings import MASTODON, X, check, codes, message, the

NOT_CARRIED = "which is not carried yet by this version, so this message does not go out"
EN = {**MASTODON, "languages": ["en"]}


def picture(alt: Any = "Tents beside a bridge", **given: Any) -> dict[str, Any]:
    media: dict[str, Any] = {"file": "media/tents.jpg"}
    return message(media=[{**media, "alt": alt} if alt is not None else media], **given)


def alt_codes(given: dict[str, Any], **config: Any) -> list[str]:
    return [code for code in codes(given, **config) if code.startswith("alt-")]


# --- alt texts -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("alt", "code"),
    [
        (None, "alt-missing"),
        ({"es": "Carpas"}, "alt-missing"),
        ("tents.jpg", "alt-file-name"),
        ("Tents.JPG", "alt-file-name"),
        ("media/tents.jpg", "alt-file-name"),
    ],
)
def test_a_picture_without_words_is_an_error(alt: Any, code: str) -> None:
    found = the(code, picture(alt), accounts=[X])
    assert found.severity == "error"
    assert found.loc[:4] == ("messages", 0, "media", 0)
    assert "media/tents.jpg" in found.message


def test_a_picture_with_words_is_right() -> None:
    assert alt_codes(picture(), accounts=[X]) == []
    assert alt_codes(picture({"en": "Tents", "es": "Carpas"}, text={"en": "A.", "es": "B."})) == []


def test_an_alt_text_is_wanted_in_each_language_of_the_post() -> None:
    found = the("alt-missing", picture({"en": "Tents beside a bridge"}, text={"en": "A.", "es": "B."}))
    assert "(es) has no alt text" in found.message
    assert (
        alt_codes(picture({"en": "Tents beside a bridge"}, text={"en": "A.", "es": "B."}), accounts=[X]) == []
    )


def test_the_name_a_camera_gave_is_no_alt_text() -> None:
    given = message(media=[{"file": "media/IMG_2034.jpg", "alt": "img_2034"}])
    assert "alt-file-name" in codes(given, accounts=[X])


@pytest.mark.parametrize(
    ("number", "takes"),
    [
        (1000, ""),
        (1001, "1001 characters for media/tents.jpg, and x takes 1000: shorten it by 1"),
        (1501, "x takes 1000, m takes 1500: shorten it by 501"),
        (10_001, "x takes 1000, m takes 1500: shorten it by 9001"),
    ],
)
def test_an_alt_text_over_the_limit_is_an_error_with_both_numbers(number: int, takes: str) -> None:
    given = picture("a" * number)
    assert alt_codes(given, accounts=[X, EN]) == (["alt-too-long"] if takes else [])
    if takes:
        assert takes in the("alt-too-long", given, accounts=[X, EN]).message


def test_a_server_may_take_longer_alt_texts() -> None:
    wide = {"m": Limits(500, "graphemes", 23, alt_length=10_000)}
    assert alt_codes(picture("a" * 10_000), accounts=[EN], limits=wide) == []
    assert alt_codes(picture("a" * 10_001), accounts=[EN], limits=wide) == ["alt-too-long"]


def test_an_alt_text_is_counted_in_composed_letters() -> None:
    assert alt_codes(picture("n\u0303" * 1000), accounts=[X]) == []


def test_a_picture_for_one_account_is_held_to_its_limit() -> None:
    media = [{"file": "a.png", "alt": "a" * 1200}]
    assert alt_codes(message(per={"m": {"media": media}}), accounts=[X, EN]) == []
    found = the("alt-too-long", message(per={"x": {"media": media}}), accounts=[X, EN])
    assert found.loc == ("messages", 0, "per", "x", "media", 0, "alt")


# --- not carried yet -------------------------------------------------------------------------


def test_a_thread_and_pictures_are_said_not_to_go_out() -> None:
    found = check(picture(thread=["Second part."]))
    said = {each.loc[2:]: each.message for each in found if each.code == "not-carried"}
    assert said[("thread",)] == f"message one has thread, {NOT_CARRIED}"
    assert said[("media",)] == f"message one has media, {NOT_CARRIED}"
    assert {each.severity for each in found if each.code == "not-carried"} == {"error"}


def test_what_one_account_alone_cannot_post_is_said_of_it() -> None:
    found = the("not-carried", message(per={"x": {"thread": ["Second part."]}}))
    assert found.loc == ("messages", 0, "per", "x", "thread")
    assert "has thread for x, which" in found.message


# --- content warnings ------------------------------------------------------------------------


def test_x_has_no_content_warning_and_check_says_where_it_goes() -> None:
    found = the("warning-as-line", message(content_warning="Violence"))
    assert (found.loc, found.severity) == (("messages", 0, "content_warning"), "warning")
    assert "on x it is the text's first line" in found.message
    assert codes(message(content_warning="Violence"), accounts=[EN]) == []


def test_a_content_warning_for_mastodon_alone_concerns_no_x() -> None:
    assert codes(message(per={"mastodon": {"content_warning": "Violence"}})) == []


def test_no_post_goes_out_without_its_warning_in_its_language() -> None:
    given = message({"en": "A.", "es": "B."}, content_warning={"en": "Violence"})
    found = the("warning-missing", given)
    assert found.severity == "error"
    assert "has no content warning in es, which m speaks" in found.message
    both = message({"en": "A.", "es": "B."}, content_warning={"en": "Violence", "es": "Violencia"})
    assert codes(both, accounts=[MASTODON]) == []
