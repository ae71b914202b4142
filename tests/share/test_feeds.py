"""The Atom feed and the sitemap, as strict programs read them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from xml.etree import ElementTree

import pytest

from tests.given import message
from tests.share.given import URL, a_site, posted, some_settings, text_of, two
from tests.web.given import NOW
from tests.web.test_injection import PAYLOADS

ATOM = "{http://www.w3.org/2005/Atom}"
MARK = message("mark", "milestone", text="{milestone} people.")
ADDRESSED = some_settings(share={"url": URL})


def feed(*messages: object, language: str = "en", **fields: object) -> ElementTree.Element:
    site = a_site(*messages, **fields)  # type: ignore[arg-type]
    return ElementTree.fromstring(text_of(site, f"feed.{language}.xml"))


def said(node: ElementTree.Element, name: str) -> str:
    found = node.findall(f"{ATOM}{name}")
    assert len(found) == 1, name
    return found[0].text or ""


def leads(node: ElementTree.Element) -> dict[str, str]:
    return {each.attrib["rel"]: each.attrib["href"] for each in node.findall(f"{ATOM}link")}


def test_a_feed_has_all_that_atom_wants():
    """RFC 4287, 4.1.1 and 4.1.2."""
    whole = feed(two(), rows=[posted(1)], settings=ADDRESSED)
    assert whole.tag == f"{ATOM}feed"
    assert said(whole, "title") == "Test"
    assert whole.find(f"{ATOM}author/{ATOM}name").text == "Test"  # type: ignore[union-attr]
    (entry,) = whole.findall(f"{ATOM}entry")
    assert said(entry, "title") == said(entry, "content") == "Two thousand tents."
    for each in (whole, entry):
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", said(each, "id"))
        assert datetime.fromisoformat(said(each, "updated")).tzinfo
    assert said(whole, "updated") == said(entry, "updated") == "2026-12-01T15:59:48Z"


def test_an_entry_leads_to_its_page_and_to_the_post():
    (entry,) = feed(two(), rows=[posted(1)], settings=ADDRESSED).findall(f"{ATOM}entry")
    assert leads(entry) == {"alternate": f"{URL}en/tents/", "related": str(posted(1).remote_url)}


def test_an_entry_whose_message_is_no_longer_offered_leads_to_the_post():
    rows = [posted(1, message_id="gone")]
    (entry,) = feed(two(), rows=rows, settings=ADDRESSED).findall(f"{ATOM}entry")
    assert leads(entry)["alternate"] == posted(1).remote_url


def test_a_feed_names_itself_and_its_page_in_its_language():
    whole = feed(two(), language="es", rows=[posted(1, language="es")], settings=ADDRESSED)
    assert leads(whole) == {"self": f"{URL}feed.es.xml", "alternate": f"{URL}es/"}
    assert whole.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == "es"


def test_posts_and_milestones_stand_in_one_row_the_newest_first():
    whole = feed(two(), MARK, passed={5000: NOW}, rows=[posted(1), posted(30)])
    assert [said(each, "content") for each in whole.findall(f"{ATOM}entry")] == [
        "5,000 people.",
        "Two thousand tents.",
        "Two thousand tents.",
    ]


def test_the_same_posts_make_the_same_feed_whenever_it_is_asked_for():
    early = a_site(two(), rows=[posted(1)])
    late = a_site(two(), rows=[posted(1)], now=NOW.replace(year=2030))
    assert text_of(early, "feed.en.xml") == text_of(late, "feed.en.xml")
    assert text_of(a_site(two()), "feed.en.xml") == text_of(
        a_site(two(), now=NOW.replace(year=2030)), "feed.en.xml"
    )


@pytest.mark.parametrize("payload", [*PAYLOADS, "\x00\x0b\ufffe", "]]>", "&amp;", "<![CDATA[x"])
def test_whatever_is_written_a_feed_is_xml_and_says_it(payload: str):
    row = posted(1)
    assert row.post
    bad = replace(row, post=replace(row.post, words=f"{payload} end"))
    (entry,) = feed(two(), rows=[bad]).findall(f"{ATOM}entry")
    assert said(entry, "content").endswith(" end")


def test_a_sitemap_has_every_page_by_its_whole_address_and_no_other_file():
    root = ElementTree.fromstring(text_of(a_site(two(), settings=ADDRESSED), "sitemap.xml"))
    found = [each.text for each in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert found == [URL, f"{URL}en/tents/", f"{URL}es/", f"{URL}es/tents/"]
