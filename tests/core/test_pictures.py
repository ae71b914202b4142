"""What may go out together, and how large pictures become smaller."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import Picture
from bot.core.pictures import Attempt, Look, Unusable, attempts, files, megabytes, mislabelled, unfit
from bot.core.text import LIMITS
from tests.given import book, message

MB = 1_000_000
STILL = Look("PNG", 400, 200, 1, 30 * MB)


def gif(size: int) -> Look:
    return Look("GIF", 400, 200, 4, size)


def said(network: str, *looks: Look | Unusable) -> str | None:
    named = {f"{number}.gif": look for number, look in enumerate(looks)}
    return unfit([Picture(file, "alt") for file in named], named, LIMITS[network])


@pytest.mark.parametrize(
    ("network", "looks", "why"),
    [
        ("x", [STILL] * 4, None),
        ("x", [STILL] * 5, "5 pictures, and 4 are taken"),
        ("x", [gif(8 * MB)], None),
        ("x", [gif(15 * MB + 1)], "of 15 MB, and 15 MB are taken"),
        ("x", [gif(20 * MB)], "of 20 MB, and 15 MB are taken"),
        ("x", [gif(MB), STILL], "must stand alone"),
        ("mastodon", [gif(MB), STILL], None),
        ("mastodon", [gif(17 * MB)], "of 17 MB, and 16 MB are taken"),
        ("bluesky", [STILL], None),
        ("bluesky", [gif(MB // 2)], "would stand still there"),
        ("x", [STILL, Unusable("1.gif is not there")], "cannot be used: 1.gif is not there"),
    ],
)
def test_what_a_network_does_not_take_is_said(network: str, looks: list[Look | Unusable], why: str | None):
    found = said(network, *looks)
    assert found is None if why is None else why in (found or "")


def test_one_picture_twice_is_a_slip():
    twice = [Picture("a.png", "A tent"), Picture("b.png", "B"), Picture("a.png", "The tent")]
    assert unfit(twice, {}, LIMITS["x"]) == "has a.png twice: take one of them out"


def test_what_nobody_has_looked_at_is_trusted():
    assert unfit([Picture("a.gif", "alt")], {}, LIMITS["bluesky"]) is None


@pytest.mark.parametrize(
    ("file", "kind", "right"),
    [
        ("a.jpg", "JPEG", None),
        ("a.JPEG", "JPEG", None),
        ("a.png", "PNG", None),
        ("a", "GIF", None),
        ("media/a.jpg", "PNG", "media/a.png"),
        ("a.heic", "JPEG", "a.jpg"),
        ("a.b.png", "WebP", "a.b.webp"),
    ],
)
def test_a_name_that_says_something_else_is_set_right(file: str, kind: str, right: str | None):
    found = mislabelled(file, kind)
    assert found is None if right is None else found and found.endswith(f"name it {right}")


def test_every_picture_of_the_queue_is_looked_at_once():
    twice = {"media": [{"file": "a.png"}], "per": {"x": {"media": [{"file": "b.png"}, {"file": "a.png"}]}}}
    given_book = book(message("m", **twice), message("n", media=[{"file": "c.png"}, {"file": "a.png"}]))
    assert files(given_book.queue) == ["a.png", "c.png", "b.png"]


@pytest.mark.parametrize(
    ("size", "shown"), [(8 * MB, "8 MB"), (976_562, "0.977 MB"), (15_728_640, "15.7 MB")]
)
def test_sizes_are_said_in_megabytes(size: int, shown: str):
    assert megabytes(size) == shown


looks = st.builds(
    Look,
    kind=st.sampled_from(["JPEG", "PNG", "GIF", "WebP"]),
    width=st.integers(1, 20_000),
    height=st.integers(1, 20_000),
    frames=st.just(1),
    size=st.just(1),
    opaque=st.booleans(),
)


@given(looks, st.one_of(st.none(), st.integers(10_000, 50_000_000)))
def test_attempts_begin_with_the_whole_and_end(look: Look, pixels: int | None):
    tried = list(attempts(look, replace(LIMITS["x"], picture_pixels=pixels)))
    first = tried[0]
    if pixels is None or look.width * look.height <= pixels:
        assert (first.width, first.height) == (look.width, look.height)
    assert all(
        each.width * each.height <= max(pixels or 10**9, max(look.width, look.height)) for each in tried
    )
    assert all(later.width <= each.width and later.height <= each.height for each, later in pairwise(tried))
    assert len(tried) < 80


@given(looks)
def test_what_is_seen_through_never_becomes_a_jpeg(look: Look):
    if look.kind != "JPEG" and not look.opaque:
        assert all(each.kind == "PNG" for each in attempts(look, LIMITS["x"]))


def test_words_on_a_card_are_drawn_sharp_as_long_as_there_is_room():
    tried = attempts(STILL, LIMITS["x"])
    assert next(tried) == Attempt("PNG", 400, 200)
    assert next(tried) == Attempt("JPEG", 400, 200, 90)
    assert next(tried) == Attempt("JPEG", 400, 200, 80)
    assert next(tried) == Attempt("JPEG", 320, 160, 90)
