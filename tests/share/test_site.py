"""The share page's files: what stands on them, what they lead to, how they unfold, and how small they are."""

from __future__ import annotations

import json
from urllib.parse import unquote, urlsplit

import pytest

from bot.core.written import Settings
from bot.web.share import Site
from bot.web.share.site import OWN
from tests.given import message
from tests.share.given import (
    BOTH,
    URL,
    a_reading,
    a_site,
    an_album,
    posted,
    shipped,
    some_settings,
    text_of,
    two,
)
from tests.web.given import NOW
from tests.web.pages import Element, Page
from tests.web.test_injection import PAYLOADS

LIMIT = 60_000


def page_of(site: Site, path: str = "") -> Page:
    return Page(text_of(site, path))


def addressed(**fields: object) -> Settings:
    return some_settings(share={"url": URL, **fields})


def hrefs(page: Page) -> list[str]:
    return [each.attributes["href"] for each in page.root.find("a")]


def meta(page: Page) -> dict[str, str]:
    found = page.root.find("meta")
    return {
        each.attributes.get("property") or each.attributes.get("name", ""): each.attributes.get("content", "")
        for each in found
    }


# --- the page -----------------------------------------------------------------------------------


def test_the_page_says_the_count_its_milestones_and_where_to_sign():
    mark = message("mark", "milestone", text="{milestone} people.")
    rules = {"milestones": {"thresholds": [1000, 5000]}}
    written = some_settings(petition=rules)
    page = page_of(a_site(two(), mark, reading=a_reading(1234), passed={1000: NOW}, settings=written))
    head = page.root.one("header")
    assert "1,234 people have signed" in head.text
    assert "Next milestone: 5,000 still to go: 3,766" in head.text
    bar = head.one("progress")
    assert (bar.attributes["max"], bar.attributes["value"]) == ("5000", "1234")
    assert head.one("a", class_="sign").attributes["href"].endswith("utm_source=share")
    assert "en/milestone-1000/" in hrefs(page)


def test_every_message_can_be_shared_from_the_page():
    page = page_of(a_site(two("a"), two("b"), two("c", kind="call"), two("d", kind="story")))
    leads = [each for each in hrefs(page) if each.endswith("#ways")]
    assert leads == ["en/c/#ways", "en/b/#ways", "en/d/#ways"]
    assert page.root.one("article", class_="first").one("p", class_="words").text == BOTH["en"]


def test_each_way_is_a_plain_link_on_a_messages_page():
    page = page_of(a_site(two()), "en/tents/")
    ways = page.root.one("ul", class_="ways")
    hosts = {urlsplit(each.attributes["href"]).netloc for each in ways.find("a")}
    assert hosts == {
        "social.example.org",
        "mastodon.social",
        "bsky.app",
        "x.com",
        "wa.me",
        "t.me",
        "www.facebook.com",
        "www.threads.com",
        "",
    }
    assert all("{" not in each.attributes["href"] for each in ways.find("a"))
    (mastodon,) = [each for each in ways.find("a") if "mastodon.social" in each.attributes["href"]]
    assert BOTH["en"] in unquote(mastodon.attributes["href"])


def test_copy_and_the_sheet_wait_for_a_script_and_the_text_can_be_copied_by_hand():
    page = page_of(a_site(two()), "en/tents/")
    hidden = [each for each in page.root.find("li") if "hidden" in each.attributes]
    assert [each.text for each in hidden] == ["More …", "Copy text"]
    assert page.root.one("textarea").exact.startswith(BOTH["en"])


def test_a_built_folder_offers_no_form_that_nobody_answers():
    assert "hidden" in page_of(a_site(two()), "en/tents/").root.one("form").attributes
    live = Site(a_site(two()).board, an_album(), live=True)
    assert "hidden" not in page_of(live, "en/tents/").root.one("form").attributes


def test_languages_lead_to_each_other_in_their_own_words():
    page = page_of(a_site(two()), "es/")
    assert page.root.one("html").attributes["lang"] == "es"
    assert "Firmar la petición" in page.root.text
    assert BOTH["es"] in page.root.text
    (other,) = page.root.one("nav").find("a")
    assert (other.attributes["href"], other.attributes["hreflang"], other.text) == ("../", "en", "English")
    back = page_of(a_site(two()), "en/tents/").root.one("nav").one("a")
    assert back.attributes["href"] == "../../es/tents/"


def test_a_message_that_one_language_lacks_leads_nowhere_there():
    site = a_site(two(), message("only", text={"en": "Only here."}))
    assert page_of(site, "en/only/").root.one("nav").find("a") == []
    assert site.leaf("es/only/") is None


def test_the_latest_posts_can_be_boosted():
    page = page_of(a_site(two(), rows=[posted(1)]))
    assert posted(1).remote_url in hrefs(page)
    assert "data-boost" in page.html


def test_a_fact_names_its_source_and_a_story_its_link():
    fact = two("fact", source="https://source.example.org/a", as_of="2019-11-20")
    story = two("story", kind="story", link="https://news.example.org/b")
    site = a_site(fact, story)
    assert "Source , November 20, 2019" in page_of(site, "en/fact/").root.text.replace("Source,", "Source ,")
    assert "20 de noviembre de 2019" in page_of(site, "es/fact/").root.text
    assert "https://news.example.org/b" in hrefs(page_of(site, "en/story/"))


def test_an_empty_queue_is_a_page_that_says_so():
    page = page_of(a_site(two(draft=True)))
    assert "There is nothing to share just now" in page.root.text


# --- small, and alone ---------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "es/", "en/ages/"])
def test_a_page_is_under_sixty_kilobytes_with_all_that_it_loads(path: str):
    from tests.share.given import a_sharing

    site = Site(a_sharing(shipped(URL)).board(), an_album())
    loaded = [
        text_of(site, each)
        for each in (path, "share.css", "share.js", "colours.css", "icon.svg", "count.json")
    ]
    assert len(site.board.editions[0].offers) > 40
    assert sum(len(each.encode()) for each in loaded) < LIMIT


@pytest.mark.parametrize("path", ["", "en/tents/"])
def test_a_page_loads_nothing_from_elsewhere_and_has_no_script_of_its_own(path: str):
    page = page_of(a_site(two(), settings=addressed()), path)
    loads = [
        each.attributes for each in page.root.below() if each.name in ("script", "img", "iframe", "source")
    ]
    addresses = [each.get("src", "") for each in loads]
    addresses += [each.attributes["href"] for each in page.root.find("link", rel="stylesheet")]
    addresses += [each.attributes["href"] for each in page.root.find("link", rel="icon")]
    assert addresses
    assert [each for each in addresses if "//" in each or each.startswith("/")] == []
    assert all(each.text == "" for each in page.root.find("script"))
    assert not [each for each in page.root.below() if {"style", "onclick", "onload"} & {*each.attributes}]
    assert (
        "default-src 'none'"
        in page.root.one("meta", **{"http-equiv": "Content-Security-Policy"}).attributes["content"]
    )


def test_our_own_style_and_script_name_no_other_host():
    for file in OWN.iterdir():
        text = file.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "//" not in text.replace("// ", "").replace("https://${", "").replace('"://"', ""), file.name


def test_colours_are_the_campaigns():
    site = a_site(two(), settings=some_settings(share={"url": URL, "colours": {"background": "#222222"}}))
    assert "--brand:#222222;" in text_of(site, "colours.css")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_whatever_is_written_stands_as_text_on_every_page(payload: str):
    said = two(text={"en": payload, "es": payload})
    site = a_site(said, two("call", kind="call", text=payload), rows=[posted(1)])
    for path in ("", "en/tents/"):
        page = page_of(site, path)
        assert {each.attributes.get("src") for each in page.root.find("script")} <= {
            "share.js",
            "../../share.js",
        }
        assert [each for each in hrefs(page) if each.lower().startswith(("javascript:", "data:"))] == []


# --- how a link to it unfolds -------------------------------------------------------------------


def test_a_messages_page_unfolds_with_its_words_and_its_card():
    said = meta(page_of(a_site(two(), settings=addressed()), "en/tents/"))
    assert said["og:title"] == said["twitter:title"] == BOTH["en"]
    assert said["og:description"] == said["twitter:description"] == said["description"] == BOTH["en"]
    assert said["og:url"] == f"{URL}en/tents/"
    assert said["og:image"] == said["twitter:image"] == f"{URL}cards/en/tents.png"
    assert said["og:image:alt"] == said["twitter:image:alt"] == BOTH["en"]
    assert (said["og:image:width"], said["og:image:height"]) == ("1200", "675")
    assert (said["twitter:card"], said["og:type"], said["og:locale"]) == (
        "summary_large_image",
        "article",
        "en",
    )


def test_a_message_with_a_picture_unfolds_with_it():
    media = [{"file": "media/one-square-one-person.png", "alt": {"en": "Squares.", "es": "Cuadros."}}]
    site = a_site(two(media=media), settings=addressed())
    said = meta(page_of(site, "es/tents/"))
    assert said["og:image"] == f"{URL}pictures/es/tents.png"
    assert said["og:image:alt"] == "Cuadros."
    leaf = site.leaf("pictures/es/tents.png")
    assert leaf
    assert (leaf.make() or b"").startswith(b"\x89PNG")


def test_a_picture_that_is_missing_gives_way_to_the_card():
    site = a_site(two(media=[{"file": "media/none.png", "alt": "Nothing."}]), settings=addressed())
    assert meta(page_of(site, "en/tents/"))["og:image"] == f"{URL}cards/en/tents.png"


def test_a_message_whose_letters_no_card_has_unfolds_with_the_campaigns():
    site = a_site(two(text={"en": "签名 😀"}), settings=addressed())
    assert meta(page_of(site, "en/tents/"))["og:image"] == f"{URL}cards/en.png"
    assert page_of(site, "en/tents/").root.find("img") == []
    assert site.leaf("cards/en/tents.png").make() is None  # type: ignore[union-attr]
    assert site.leaf("cards/en.png").make()  # type: ignore[union-attr]


def links(page: Page, rel: str) -> list[dict[str, str]]:
    return [each.attributes for each in page.root.find("link", rel=rel)]


def test_pages_name_their_whole_address_and_those_in_other_languages():
    page = page_of(a_site(two(), settings=addressed()), "es/tents/")
    assert [each["href"] for each in links(page, "canonical")] == [f"{URL}es/tents/"]
    known = {each["hreflang"]: each["href"] for each in links(page, "alternate") if "hreflang" in each}
    assert known == {
        "en": f"{URL}en/tents/",
        "es": f"{URL}es/tents/",
        "x-default": f"{URL}en/tents/",
    }
    first = page_of(a_site(two(), settings=addressed()))
    assert [each["href"] for each in links(first, "canonical")] == [URL]


def test_without_an_address_nothing_is_guessed():
    page = page_of(a_site(two()), "en/tents/")
    assert links(page, "canonical") == []
    assert not {"og:url", "og:image", "twitter:image"} & {*meta(page)}
    known = {each["hreflang"]: each["href"] for each in links(page, "alternate") if "hreflang" in each}
    assert known["es"] == "../../es/tents/"
    assert a_site(two()).leaf("sitemap.xml") is None


def test_every_link_of_the_site_leads_to_something():
    site = a_site(two(), two("call", kind="call"), reading=a_reading(), settings=addressed())
    for path in site.paths():
        if path and not path.endswith("/"):
            continue
        page = page_of(site, path)
        for each in [*page.root.find("a"), *page.root.find("link"), *page.root.find("img")]:
            lead = each.attributes.get("href") or each.attributes["src"]
            if "://" not in lead and not lead.startswith(("#", "mailto:")):
                assert site.leaf(_joined(path, lead)) is not None, (path, lead)


def _joined(path: str, lead: str) -> str:
    from urllib.parse import urljoin

    return urljoin(f"http://h/{path}", lead).removeprefix("http://h/").partition("#")[0]


def test_the_count_for_programs_has_every_languages_way_to_write_it():
    said = json.loads(text_of(a_site(two(), reading=a_reading(12_345)), "count.json"))
    assert said["signatures"] == 12_345
    assert (said["shown"]["en"]["signatures"], said["shown"]["es"]["signatures"]) == ("12,345", "12.345")
    empty = json.loads(text_of(a_site(two()), "count.json"))
    assert (empty["signatures"], empty["shown"]) == (None, {})


def named(element: Element) -> str:
    return element.attributes.get("aria-label", "") or element.text


def test_everything_to_press_has_a_name_of_its_own():
    page = page_of(a_site(two("a"), two("b", text="Other words."), two("c", kind="call")))
    names = [named(each) for each in page.root.find("a", class_="share")]
    assert all(names)
    assert len(set(names)) == len(names)
