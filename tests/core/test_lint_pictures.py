"""Pictures are there, fit and say what they show; threads are whole; warnings are never lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.core.model import Limits
from bot.core.pictures import Look, Unusable
from tests.core.findings import MASTODON, X, check, codes, message, the

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
        ("{signatures} tents of media/tents.jpg", "alt-figure"),
        ("A sign in media/tents.jpg: {milestone|one|many}", "alt-figure"),
    ],
)
def test_a_picture_without_words_is_an_error(alt: Any, code: str) -> None:
    found = the(code, picture(alt), accounts=[X])
    assert found.severity == "error"
    assert found.loc[:4] == ("messages", 0, "media", 0)
    assert "media/tents.jpg" in found.message or code == "alt-figure"


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


def test_who_only_wants_alt_texts_is_warned_and_never_in_silence() -> None:
    wanted = {"campaign": {"alt_text": "wanted"}, "accounts": [X]}
    for alt in (None, "tents.jpg", {"es": "Carpas"}):
        (found,) = [each for each in check(picture(alt), **wanted) if each.code.startswith("alt-")]
        assert found.severity == "warning"
    assert the("alt-too-long", picture("a" * 1001), **wanted).severity == "error"


@pytest.mark.parametrize("blank", ["", "   ", "\u00a0", "\u200b"])
def test_blank_space_is_no_alt_text(blank: str) -> None:
    try:
        found = codes(picture(blank), accounts=[X])
    except ValueError:  # refused where the file is read
        return
    assert "alt-missing" in found or "invisible" in found


# --- the pictures themselves -----------------------------------------------------------------

STILL = Look("PNG", 400, 200, 1, 30_000_000)
DANCE = Look("GIF", 400, 200, 4, 8_000_000)
GONE = Unusable("media/tents.jpg is not there")


def looked(look: Look | Unusable) -> dict[str, Look | Unusable]:
    return {"media/tents.jpg": look}


def test_a_picture_that_cannot_be_used_is_an_error_at_its_place() -> None:
    found = the("picture", picture(), looks=looked(GONE))
    assert (found.loc, found.severity) == (("messages", 0, "media", 0, "file"), "error")
    assert found.message == "message one has a picture that cannot be used: media/tents.jpg is not there"
    assert "picture-unfit" not in codes(picture(), looks=looked(GONE))


def test_a_large_still_picture_is_made_smaller_and_no_error() -> None:
    assert codes(picture({"en": "A", "es": "B"}), looks=looked(STILL)) == []


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (8_000_000, None),
        (15_500_000, "has the animated media/tents.jpg of 15.5 MB, and 15 MB are taken"),
    ],
)
def test_an_animation_that_one_network_does_not_take_is_said_of_it_alone(size: int, said: str | None) -> None:
    found = [
        each
        for each in check(picture({"en": "A", "es": "B"}), looks=looked(replace(DANCE, size=size)))
        if each.code == "picture-unfit"
    ]
    assert len(found) == (1 if said else 0)
    assert all(said in each.message and "(on x)" in each.message for each in found if said)


def test_more_pictures_than_a_server_takes_are_an_error() -> None:
    media = [{"file": f"{number}.png", "alt": "Tents"} for number in range(5)]
    found = the("picture-unfit", message(media=media), accounts=[X, EN])
    assert "has 5 pictures, and 4 are taken: leave some out (on x, m)" in found.message


def test_a_picture_for_one_account_is_held_to_what_that_one_takes() -> None:
    media = [{"file": "media/tents.jpg", "alt": "A dance"}]
    large = replace(DANCE, size=15_500_000)
    assert codes(message(per={"m": {"media": media}}), accounts=[X, EN], looks=looked(large)) == []


# --- threads ---------------------------------------------------------------------------------


def test_a_part_too_long_is_said_of_that_part() -> None:
    found = the("too-long", message(thread=["Short.", "x" * 300]), accounts=[X])
    assert found.loc == ("messages", 0, "thread", 1)
    assert found.message.startswith("message one (en, part 3) takes ")
    assert "of 280 on x (with all that is added): shorten it by" in found.message


def test_the_numbers_of_parts_count() -> None:
    part = "x" * 277
    assert "too-long" not in codes(message(thread=[part, "End."]), accounts=[X])
    found = the("too-long", message(thread=[part, "End."]), accounts=[X], threads={"numbering": "{n}/{of}"})
    assert "shorten it by 1" in found.message


def test_a_part_that_is_missing_in_a_language_is_an_error() -> None:
    given = message({"en": "A.", "es": "B."}, thread=[{"en": "More.", "es": "Más."}, {"en": "End."}])
    found = the("thread-language", given)
    assert (found.loc, found.severity) == (("messages", 0, "thread", 1), "error")
    assert "has no part 3 of its thread in es" in found.message
    assert "thread-language" not in codes(given, accounts=[X])


def test_parts_that_turn_otherwise_than_the_first_are_warned_about() -> None:
    found = the("thread-variants", message(["A.", "B."], thread=[["C.", "D.", "E."]]), accounts=[X])
    assert "has 3 texts for part 2 and 2 for the first part" in found.message
    for thread in (["C."], [["C.", "D."]]):
        assert "thread-variants" not in codes(message(["A.", "B."], thread=thread), accounts=[X])


def test_the_words_of_a_thread_are_looked_at_like_all_others() -> None:
    given = message(per={"x": {"thread": ["See end.Next", "Ask @somebody", "Caf\u00c3\u00a9"]}})
    found = {each.code: each.loc for each in check(given, accounts=[X])}
    at = ("messages", 0, "per", "x", "thread")
    assert found["accidental-link"] == (*at, 0)
    assert found["mention"] == (*at, 1)
    assert found["double-encoding"] == (*at, 2)


def test_the_same_words_twice_in_a_thread_are_noticed() -> None:
    assert "same-variant" in codes(message("Sign.", thread=["Sign."]), accounts=[X])


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
