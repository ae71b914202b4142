"""The card of the petition's page: read once, shown where its link is, and never in the way of a post."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core.model import Post, Posted
from bot.http import Exchange, session
from bot.networks.bluesky import Bluesky
from bot.networks.cards import Card, Cards, kind_of, said
from bot.ports import Ready
from bot.sandbox import Fault
from tests.networks.conftest import Bench, network_of, ready
from tests.networks.recorder import Recorder, Reply
from tests.networks.test_pictures import TENTS

PNG = b"\x89PNG\r\n\x1a\n" + bytes(24)
HTML = {"Content-Type": "text/html; charset=utf-8"}
PAGE = """<!DOCTYPE html><html><head><title>Another title</title>
<meta property="og:title" content="Keep the library open &amp; warm">
<meta property="og:description" content="  Señales de la
 ciudad ">
<meta property="og:image" content="/tents.png">
</head><body><title>Not this one</title></body></html>"""
SEEN, IMAGE = ("GET", "/petition"), ("GET", "/tents.png")
PAGES = {SEEN: Reply(200, PAGE.encode(), HTML), IMAGE: Reply(200, PNG, {"Content-Type": "image/png"})}


@pytest.fixture
def site() -> Iterator[Recorder]:
    with Recorder(PAGES) as started:
        yield started


def showing(bench: Bench, site: Recorder, **more: Any) -> Bluesky:
    network = network_of("bluesky", bench.site, pages=(f"{site.url}/petition",), **more)
    assert isinstance(network, Bluesky)
    return network


def linking(site: Recorder, number: int = 0, path: str = "/petition") -> Ready:
    link = f"{site.url}{path}?utm_content=fact-{number}"
    return ready(f"Sign!\n\n{link}", link=link)


def shown(network: Bluesky, bench: Bench, post: Ready) -> dict[str, Any] | None:
    """Prepare and publish; the card that the post has."""
    assert isinstance(network.prepare(post.post), Ready)
    assert isinstance(network.publish(post, 0, "key", None), Posted)
    made = json.loads(bench.standing()[-1].record or "{}")
    return dict(made["embed"]["external"]) if "embed" in made else None


def test_a_post_with_the_petition_s_link_shows_its_card(on_bluesky: Bench, site: Recorder) -> None:
    post = linking(site, 7)
    card = shown(showing(on_bluesky, site), on_bluesky, post)
    assert card is not None
    thumb = card.pop("thumb")
    assert card == {
        "uri": f"{site.url}/petition?utm_content=fact-7",
        "title": "Keep the library open & warm",
        "description": "Señales de la ciudad",
    }
    assert (thumb["mimeType"], thumb["size"]) == ("image/png", len(PNG))
    kept = on_bluesky.site.shelf.get(thumb["ref"]["$link"])  # type: ignore[attr-defined]
    assert kept.data == PNG


def test_the_page_is_read_once_for_all_posts_of_a_day(on_bluesky: Bench, site: Recorder) -> None:
    ahead = [timedelta(0)]
    network = showing(on_bluesky, site, now=lambda: datetime.now(UTC) + ahead[0])
    for number in range(3):
        assert shown(network, on_bluesky, linking(site, number))
    assert [sent.path for sent in site.sent] == ["/petition", "/tents.png"]
    ahead[0] = timedelta(hours=25)
    assert shown(network, on_bluesky, linking(site))
    assert len(site.sent) == 4


def test_nothing_is_read_once_we_speak(on_bluesky: Bench, site: Recorder) -> None:
    network = showing(on_bluesky, site)
    assert isinstance(network.publish(linking(site), 0, "key", None), Posted)
    assert not site.sent
    assert not on_bluesky.site.calls("media")


def test_the_page_is_told_nothing_of_the_account(on_bluesky: Bench, site: Recorder) -> None:
    network = showing(on_bluesky, site)
    network.verify()
    network.prepare(linking(site).post)
    assert all("Authorization" not in sent.headers and "Cookie" not in sent.headers for sent in site.sent)


@pytest.mark.parametrize("path", ["/", "/other", "/petitio"])
def test_only_the_petition_has_a_card(on_bluesky: Bench, site: Recorder, path: str) -> None:
    assert shown(showing(on_bluesky, site), on_bluesky, linking(site, path=path)) is None
    assert not site.sent


def test_of_a_thread_the_part_with_the_link_shows_the_card(on_bluesky: Bench, site: Recorder) -> None:
    network, link = showing(on_bluesky, site), f"{site.url}/petition"
    post = ready("Opening", f"and on\n{link}", link=link)
    network.prepare(post.post)
    opening = network.publish(post, 0, "key", None)
    assert isinstance(opening, Posted)
    network.publish(post, 1, "key", opening.remote_id)
    assert ["embed" in json.loads(each.record or "") for each in on_bluesky.standing()] == [False, True]


def test_a_post_shows_its_pictures_and_no_card_beside_them(on_bluesky: Bench, site: Recorder) -> None:
    network = showing(on_bluesky, site)
    post = ready("Look!", link=f"{site.url}/petition", pictures=(TENTS.picture,))
    made = network.prepare(post.post, [TENTS])
    assert isinstance(made, Ready)
    assert isinstance(network.publish(made, 0, "key", None), Posted)
    embed = json.loads(on_bluesky.standing()[0].record or "")["embed"]
    assert embed["$type"] == "app.bsky.embed.images"
    [image] = embed["images"]
    assert (image["alt"], image["aspectRatio"]) == ("Tents by a bridge", {"width": 40, "height": 20})
    assert not site.sent


TROUBLE = {
    "gone": Reply(404, PAGE.encode(), HTML),
    "moved": Reply(301, b"", {"Location": "/elsewhere"}),
    "broken": Reply(500, PAGE.encode(), HTML),
    "endless": Reply(200, b"<head>" + b" " * 1_100_000 + PAGE.encode(), HTML),
    "not a page": Reply(200, b"\x00\xff" * 500),
    "empty": Reply(200, b"", HTML),
    "nameless": Reply(200, b"<meta property='og:description' content='x'>", HTML),
}


@pytest.mark.parametrize("trouble", TROUBLE)
def test_a_page_that_says_nothing_keeps_no_post_back(on_bluesky: Bench, trouble: str) -> None:
    ahead = [timedelta(0)]
    with Recorder({SEEN: TROUBLE[trouble]}) as site:
        network = showing(on_bluesky, site, now=lambda: datetime.now(UTC) + ahead[0])
        for number, asked in [(0, 1), (59, 1), (61, 2)]:
            ahead[0] = timedelta(minutes=number)
            assert shown(network, on_bluesky, linking(site, number)) is None
            assert len(site.sent) == asked


def test_a_silent_page_takes_no_longer_than_the_deadline(on_bluesky: Bench) -> None:
    on_bluesky.site.settings.hang = 5.0
    on_bluesky.site.fault("home", Fault.TIMEOUT_BEFORE)
    network = network_of("bluesky", on_bluesky.site, 0.5, pages=(f"{on_bluesky.site.url}/",))
    network.verify()
    post = ready("Sign!", link=f"{on_bluesky.site.url}/")
    start = time.monotonic()
    assert isinstance(network.prepare(post.post), Ready)
    assert time.monotonic() - start < 1.2
    assert isinstance(network.publish(post, 0, "key", None), Posted)


IMAGES = {
    "gone": Reply(404, PNG),
    "no picture": Reply(200, b"<svg></svg>"),
    "too large": Reply(200, PNG + bytes(1_000_000)),
}


@pytest.mark.parametrize("trouble", IMAGES)
def test_a_card_without_its_picture_is_still_a_card(on_bluesky: Bench, trouble: str) -> None:
    with Recorder(PAGES | {IMAGE: IMAGES[trouble]}) as site:
        card = shown(showing(on_bluesky, site), on_bluesky, linking(site))
    assert card is not None
    assert "thumb" not in card


@pytest.mark.parametrize(
    "fault", [Fault.S500_BEFORE, Fault.EMPTY_201, Fault.S413, Fault.HTML_200_AFTER], ids=str
)
def test_a_picture_that_is_not_taken_is_left_out_and_tried_with_the_next_post(
    on_bluesky: Bench, site: Recorder, fault: Fault
) -> None:
    network = showing(on_bluesky, site)
    on_bluesky.site.fault("media", fault)
    first, second = (shown(network, on_bluesky, linking(site, number)) for number in range(2))
    assert first is not None
    assert second is not None
    assert "thumb" not in first
    assert "thumb" in second


# --- where it looks ---------------------------------------------------------------------------------


class Watched:
    """In the place of a session: goes nowhere, and says where it was to go."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.last: Exchange | None = None

    def get(self, url: str) -> None:
        self.asked.append(url)
        body = PAGE.replace("/tents.png", "http://127.0.0.1:9/tents.png").encode()
        self.last = Exchange(True, 200, {"Content-Type": "text/html"}, body)


def now() -> datetime:
    return datetime.now(UTC)


def test_a_sandbox_asks_nobody_outside() -> None:
    cards = Cards(["https://www.example.org/p"], session(5), now, outside=False)
    assert cards.page("https://www.example.org/p?a=b") is None


def test_a_page_outside_shows_nothing_of_this_machine() -> None:
    watched = Watched()
    cards = Cards(["https://www.example.org/p"], watched, now, outside=True)  # type: ignore[arg-type]
    assert cards.card("https://www.example.org/p") == Card(
        "Keep the library open & warm", "Señales de la ciudad"
    )
    assert watched.asked == ["https://www.example.org/p"]


@pytest.mark.parametrize(
    ("link", "page"),
    [
        ("https://example.org/es?utm=1", "https://example.org/es"),
        ("https://example.org/es/x", "https://example.org/es"),
        ("https://example.org/e", "https://example.org/"),
        ("https://example.net/es", None),
        ("", None),
        (None, None),
    ],
)
def test_a_link_belongs_to_the_page_that_it_begins_with(link: str | None, page: str | None) -> None:
    pages = ["https://example.org/", "https://example.org/es", "https://example.org/en#sign"]
    assert Cards(pages, session(5), now, outside=True).page(link) == page


def test_a_fragment_of_the_petition_s_address_does_not_hide_its_page() -> None:
    cards = Cards(["https://example.org/en#sign"], session(5), now, outside=True)
    assert cards.page("https://example.org/en?utm=1#sign") == "https://example.org/en#sign"


# --- what a page says of itself ---------------------------------------------------------------------


def read(page: bytes, kind: str = "text/html; charset=utf-8") -> dict[str, str]:
    return dict(said(Exchange(True, 200, {"Content-Type": kind}, page)))


@pytest.mark.parametrize(
    ("page", "kind", "title"),
    [
        (b"<title>Plain</title>", "text/html", "Plain"),
        (b"<TITLE>\n Two\n lines </TITLE>", "text/html", "Two lines"),
        (b"<title>A &#8220;B&#8221; &lt;i&gt;</title>", "text/html", "A “B” <i>"),
        (b"<title></title><title>Second</title>", "text/html", "Second"),
        ("<title>Ñandú</title>".encode(), "text/html", "Ñandú"),
        ("<title>Ñandú</title>".encode("latin-1"), "text/html; charset=iso-8859-1", "Ñandú"),
        ("<meta charset='latin-1'><title>Ñandú</title>".encode("latin-1"), "text/html", "Ñandú"),
        (b"<meta charset=martian><title>Plain</title>", "text/html", "Plain"),
        (b"<title>\xff</title>", "text/html", "\N{REPLACEMENT CHARACTER}"),
        (b"<title>No\x07 bell</title>", "text/html", "No bell"),
        (b"<body><title>Too late</title>", "text/html", ""),
        (b"<![weird <title>x", "text/html", ""),
    ],
)
def test_a_title_is_read_as_a_browser_would(page: bytes, kind: str, title: str) -> None:
    assert read(page, kind).get("title", "") == title


def test_the_first_of_a_name_counts_whichever_way_it_is_named() -> None:
    page = b'<meta name="OG:Title" content="One"><meta property="og:title" content="Two"><meta content="x">'
    assert read(page)["og:title"] == "One"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"<svg>", None),
        (b"", None),
    ],
)
def test_a_picture_is_what_its_first_bytes_say(data: bytes, kind: str | None) -> None:
    assert kind_of(data) == kind


def test_a_card_takes_so_much_of_a_page_that_says_a_lot(on_bluesky: Bench) -> None:
    page = f"<title>{'t' * 900}</title><meta name=description content='{'d' * 5000}'>".encode()
    with Recorder({SEEN: Reply(200, page, HTML)}) as site:
        card = shown(showing(on_bluesky, site), on_bluesky, linking(site))
    assert card is not None
    assert (len(card["title"]), len(card["description"])) == (300, 1000)


def test_a_post_without_a_link_needs_no_page(on_bluesky: Bench, site: Recorder) -> None:
    post = ready("Words alone").post
    assert isinstance(post, Post)
    assert isinstance(showing(on_bluesky, site).prepare(post), Ready)
    assert not site.sent
