"""The demo's page: the timelines as followers see them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.web import Card, Column, Shown, create_app
from bot.web.timeline import initials
from tests.web.conftest import Show, client
from tests.web.given import NOW, a_delivery, an_office, an_overview
from tests.web.pages import Page


def column(*posts: Card, network: str = "x", name: str = "Stop MPP", handle: str = "@StopMPP") -> Column:
    return Column(network, name, handle, posts)


def card(text: str = "People wait.", age: float = 0, **fields: object) -> Card:
    return Card(text, NOW - timedelta(seconds=age), **fields)  # type: ignore[arg-type]


def test_there_are_no_timelines_outside_the_demo():
    site = client(an_overview())
    assert site.get("/demo").status_code == 404
    assert "Timelines" not in site.get("/").text


def test_every_page_of_the_demo_leads_to_the_timelines():
    assert 'href="/demo"' in client(an_overview(), []).get("/").text


def test_in_the_demo_a_post_is_seen_on_its_timelines_since_no_real_network_has_it():
    overview = an_overview(recent=(a_delivery(remote_url="https://x.com/i/status/1"),))
    page = Page(client(overview, []).get("/").text)
    assert page.part("recent").one("a").attributes["href"] == "/demo"
    assert "https://x.com" not in page.html


def test_the_page_says_that_nothing_left_this_computer(demo: Show):
    assert "nothing has left it" in demo().main


def test_the_page_says_what_comes_next(demo: Show):
    assert demo().part("sentence").text.startswith("Next, “People wait.” goes out on X")


def test_each_timeline_has_the_name_of_its_network(demo: Show):
    page = demo(column(), column(network="mastodon"))
    assert [each.text for each in page.find("h2")] == ["X", "Mastodon"]


def test_a_post_shows_who_wrote_it_and_when(demo: Show):
    article = demo(column(card(age=180))).one("article")
    assert article.one("span", class_="avatar").text == "SM"
    assert article.one("h3").text == "Stop MPP"
    assert article.one("p", class_="handle").text == "@StopMPP"
    time = article.one("time")
    assert time.text == "3m3 minutes ago"
    assert time.attributes["title"] == "today at 10:56:48"


def test_a_handle_that_is_only_the_networks_name_is_not_shown_twice(demo: Show):
    assert demo(column(card(), handle="X")).find("p", class_="handle") == []


def test_the_newest_post_comes_first_whatever_the_order_given(demo: Show):
    page = demo(column(card("old", 60), card("new", 1), card("older", 90)))
    assert [each.text for each in page.find("p", class_="post")] == ["new", "old", "older"]


def test_a_timeline_shows_thirty_posts_at_most(demo: Show):
    page = demo(column(*(card(str(age), age) for age in range(40))))
    assert [each.text for each in page.find("p", class_="post")] == [str(age) for age in range(30)]


def test_line_breaks_stay_as_they_were_sent(demo: Show):
    text = "First line.\n\nSecond line.\nThird."
    assert demo(column(card(text))).one("p", class_="post").exact == text


def test_links_are_shortened_as_followers_see_them_and_lead_to_the_whole_address(demo: Show):
    url = "https://www.raicestexas.org/2019/11/20/you-can-help-stop-mpp/?utm_source=x&utm_medium=social"
    link = demo(column(card(f"Sign: {url}"))).one("p", class_="post").one("a")
    assert link.attributes == {"href": url, "rel": "noopener noreferrer"}
    assert link.text == "raicestexas.org/2019/11/20/you…"


def test_hashtags_stand_out(demo: Show):
    page = demo(column(card("Sign. #StopMPP #Asylum")))
    assert [each.text for each in page.find("span", class_="tag")] == ["#StopMPP", "#Asylum"]


def test_a_repost_says_so(demo: Show):
    page = demo(column(card(reposted=True), card(age=5)))
    assert [each.text for each in page.find("p", class_="reposted")] == ["⟲ Stop MPP reposted"]


def test_the_time_leads_to_the_post_where_it_stands(demo: Show):
    page = demo(column(card(url="http://127.0.0.1:9000/i/status/1")))
    assert page.one("p", class_="ago").one("a").attributes["href"] == "http://127.0.0.1:9000/i/status/1"


def test_a_text_in_another_language_is_marked(demo: Show):
    page = demo(column(card("Firma.", language="es"), card("Sign.", 1)))
    assert [each.attributes.get("lang") for each in page.find("p", class_="post")] == ["es", None]


def test_a_post_that_continues_another_says_so(demo: Show):
    page = demo(column(card("First", 9), card("Second", 3, continues=True)))
    assert [each.text for each in page.find("p", class_="reposted")] == ["↳ continues the post before"]


def test_a_picture_is_shown_with_what_it_shows(demo: Show):
    page = demo(column(card(pictures=[Shown("x-17", "Tents <b>by</b> a bridge")], language="en")))
    image = page.one("figure").one("img")
    assert image.attributes["src"] == "/demo/pictures/x-17"
    assert image.attributes["alt"] == "Tents <b>by</b> a bridge"
    assert page.one("figcaption").text == "ALT Tents <b>by</b> a bridge"


@pytest.mark.parametrize(
    ("key", "status", "kind"),
    [("x-17", 200, "image/png"), ("x-18", 404, "text/html"), ("page", 404, "text/html")],
)
def test_only_pictures_are_handed_out_as_such(key: str, status: int, kind: str):
    kept = {"x-17": (b"picture", "image/png"), "page": (b"<script>", "text/html")}
    site = create_app(an_office(an_overview), lambda: [], picture=kept.get).test_client()
    answer = site.get(f"/demo/pictures/{key}")
    assert (answer.status_code, answer.mimetype) == (status, kind)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_outside_the_demo_there_are_no_pictures():
    site = create_app(an_office(an_overview), picture=lambda key: (b"picture", "image/png")).test_client()
    assert site.get("/demo/pictures/x-17").status_code == 404


def test_an_empty_timeline_says_that_the_first_post_is_on_its_way(demo: Show):
    assert "The first post is on its way." in demo(column()).main


def test_two_timelines_of_one_network_have_different_addresses_in_the_page(demo: Show):
    page = demo(column(card()), column(card()))
    ids = [each.attributes["id"] for each in page.root.below() if "id" in each.attributes]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("name", "shown"), [("Stop MPP", "SM"), ("save the whales", "ST"), ("Ñandú", "Ñ"), ("  ", "·"), ("", "·")]
)
def test_the_picture_is_made_of_the_names_initials(name: str, shown: str):
    assert initials(name) == shown
