"""Faults of pictures, on every network, through the whole bot: no post goes out without its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.plan import Book
from bot.sandbox import Fault, Sandbox
from tests.faults.test_posts import SLOW
from tests.faults.town import HOUR, MINUTE, NETWORKS, NINE, OTHER, Town, loopback
from tests.files.drawings import encoded, photo, plain, put
from tests.given import book, message, settings

LATER = [
    *(Fault.RESET_BEFORE, Fault.RESET_AFTER, Fault.TIMEOUT_BEFORE, Fault.TIMEOUT_AFTER, Fault.EMPTY_201),
    *(Fault.HTML_200_AFTER, Fault.REDIRECT_302, Fault.S404, Fault.S429_BARE, Fault.S503_HTML_BEFORE),
    *(Fault.S500_AFTER, Fault.REFUSED),
]
AT_WORK = ("x", "mastodon")


def given(box: Sandbox) -> Book:
    media = [{"file": "tents.jpg", "alt": "Tents by a bridge"}, {"file": "water.png", "alt": "Water"}]
    return book(message("m", text="Look.", media=media), settings=settings(*loopback(box)))


@pytest.fixture
def pictured(town, box: Sandbox, tmp_path: Path):
    def make(hurried: str = "") -> Town:
        put(tmp_path, "tents.jpg", photo())
        put(tmp_path, "water.png", encoded(plain()))
        return town(given(box), hurried)

    return make


def shown(here: Town, network: str) -> None:
    """One post, with both pictures and what they show."""
    [row] = here.rows(network)
    [post] = here.standing(network)
    assert (row.state, row.remote_ids, row.reason) == ("posted", (post.id,), "")
    assert post.alts == ("Tents by a bridge", "Water")


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("fault", LATER, ids=str)
def test_an_upload_that_fails_delays_the_post_and_nothing_else(pictured, network: str, fault: Fault) -> None:
    here = pictured(network if fault in SLOW else "")
    here.site(network).settings.refused = 60.0
    here.site(network).fault("media", fault)
    here.go(NINE)
    here.site(network).clear()
    assert here.standing(network) == []
    here.go(NINE + 25 * MINUTE)
    shown(here, network)
    assert here.said(network) == ["due"]
    shown(here, OTHER[network])


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("fault", [Fault.S413, Fault.S422], ids=str)
def test_a_picture_that_is_not_taken_ends_the_post(pictured, network: str, fault: Fault) -> None:
    here = pictured()
    here.site(network).fault("media", fault)
    here.go(NINE + HOUR)
    [row] = here.rows(network)
    assert row.state == "refused"
    assert "tents.jpg" in row.reason
    assert here.site(network).calls("create") == 0
    shown(here, OTHER[network])


@pytest.mark.parametrize("network", AT_WORK)
def test_a_picture_that_is_never_ready_is_uploaded_once_and_the_post_is_missed(
    pictured, network: str
) -> None:
    here = pictured()
    here.site(network).fault("media", Fault.MEDIA_202_FOREVER)
    here.go(NINE + 2 * HOUR)
    [row] = here.rows(network)
    assert row.state == "missed"
    assert "still at work on tents.jpg" in row.reason
    assert here.site(network).calls("media") == 2
    assert here.site(network).calls("create") == 0
    assert here.said(network) == ["due", "missed"]
    shown(here, OTHER[network])


@pytest.mark.parametrize("network", AT_WORK)
def test_a_post_that_lost_its_pictures_is_reported_and_not_sent_again(pictured, network: str) -> None:
    here = pictured()
    here.site(network).fault("create", Fault.MEDIA_LOST)
    here.go(NINE + 2 * HOUR)
    [row] = here.rows(network)
    [post] = here.standing(network)
    assert (row.state, row.remote_ids, post.media_ids) == ("posted", (post.id,), ())
    assert "without its pictures" in row.reason
    [told] = [event for event in here.events if event.what == "trouble"]
    assert (told.account, told.text) == (network, f"m: {row.reason}")
    shown(here, OTHER[network])


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("fault", [Fault.S504_AFTER, Fault.RESET_AFTER, Fault.S504_BEFORE], ids=str)
def test_a_post_of_unknown_fate_is_found_with_its_pictures_or_sent_with_them(
    pictured, network: str, fault: Fault
) -> None:
    here = pictured()
    here.site(network).fault("create", fault)
    here.go(NINE + 25 * MINUTE)
    shown(here, network)
    assert here.said(network) == ["unconfirmed"]
    shown(here, OTHER[network])


def test_x_posts_nothing_without_the_alt_text(pictured) -> None:
    here = pictured()
    here.site("x").fault("alt", Fault.S503_HTML_BEFORE, times=2)
    here.go(NINE + 25 * MINUTE)
    shown(here, "x")
    assert here.site("x").calls("media") == 2
    assert here.said("x") == ["due"]


@pytest.mark.parametrize("content", [None, b"", b"words"], ids=["gone", "empty", "no picture"])
def test_a_file_that_went_bad_since_it_was_checked_stops_the_post(
    pictured, tmp_path: Path, content: bytes | None
) -> None:
    here = pictured()
    (tmp_path / "water.png").unlink()
    if content is not None:
        put(tmp_path, "water.png", content)
    here.go(NINE + HOUR)
    for network in NETWORKS:
        [row] = here.rows(network)
        assert row.state == "refused"
        assert "water.png" in row.reason
        assert "nothing was posted" in row.reason
        assert here.site(network).calls("media") == here.site(network).calls("create") == 0
        assert here.said(network) == ["refused"]


def test_what_goes_out_tells_no_place(pictured) -> None:
    here = pictured()
    here.go(NINE)
    for network in NETWORKS:
        [post] = here.standing(network)
        for media in post.media_ids:
            data = here.site(network).shelf.get(media).data
            assert not any(sign in data for sign in (b"Exif", b"telephone", b"shelter"))
