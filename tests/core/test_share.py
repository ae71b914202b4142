"""What followers share: the words fit each network, the link stays whole and says where people came from."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from bot.core.figures import Figures
from bot.core.share import WAYS, Desk, Prepared, languages, prepared, shorter, stationery
from bot.core.text import length, urls
from bot.core.written import Message, Settings
from tests.given import PETITION, account, message, settings

PARAMS = {
    "campaign": {"name": "Tents", "link_params": {"utm_source": "{network}", "utm_medium": "{network}"}}
}
LONG = "One sentence stands here. " * 30


def ways(
    said: Message, language: str = "en", figures: Figures | None = None, **fields: object
) -> dict[str, Prepared]:
    desk = Desk(settings(**fields), figures or Figures())
    return {each.way.key: each for each in prepared(said, language, desk)}


def test_every_way_has_the_words_and_the_petitions_link_with_its_source():
    for key, each in ways(message("tents")).items():
        assert "The text of tents." in each.text, key
        assert each.text.endswith(f"\n\n{PETITION}?utm_source=share"), key


def test_the_source_is_share_whatever_the_campaign_calls_networks():
    found = ways(message("tents"), **PARAMS)
    query = parse_qs(urlsplit(found["telegram"].text.split()[-1]).query)
    assert query == {"utm_source": ["share"], "utm_medium": ["telegram"]}


def test_an_address_carries_the_text_to_the_letter():
    said = message("tents", text='Ñandú & "tents" #1 + 100 % ¿?\n\nSecond line 😀')
    for key, each in ways(said).items():
        if key in ("x", "bluesky", "threads", "whatsapp", "email"):
            assert each.text in unquote(each.address), key
            assert parse_qs(urlsplit(each.address).query).get("text", [each.text]) == [each.text]


def test_telegram_has_the_link_apart_and_facebook_nothing_else():
    found = ways(message("tents"))
    telegram = parse_qs(urlsplit(found["telegram"].address).query)
    assert telegram == {"url": [f"{PETITION}?utm_source=share"], "text": ["The text of tents."]}
    facebook = parse_qs(urlsplit(found["facebook"].address).query)
    assert facebook == {"u": [f"{PETITION}?utm_source=share"]}


def test_mastodon_leaves_the_server_to_the_reader():
    assert ways(message("tents"))["mastodon"].address.startswith("{server}/share?text=The%20text")


@pytest.mark.parametrize("text", [LONG, "word " * 300, "x" * 900, "無" * 700, "😀 " * 400])
def test_what_is_too_long_loses_words_and_never_a_link(text: str):
    for key, each in ways(message("tents", text=text)).items():
        assert length(each.text, each.way.limits) <= each.way.limits.length, key
        assert each.text.endswith(f"{PETITION}?utm_source=share"), key
    assert "…" in ways(message("tents", text=text))["x"].text


def test_a_text_that_fits_is_never_shortened():
    said = message("tents", text="Fits everywhere.")
    assert all("…" not in each.text for each in ways(said).values())


def test_of_variants_one_that_fits_goes_before_a_shortened_one():
    found = ways(message("tents", text=[LONG, "The short one."]))
    assert found["x"].text.startswith("The short one.")
    assert found["copy"].text.startswith("One sentence")


def test_a_storys_own_link_stands_before_the_petitions():
    story = message("tents", "story", link="https://news.example.org/tents")
    assert ways(story)["x"].text.split()[-2:] == [
        "https://news.example.org/tents",
        f"{PETITION}?utm_source=share",
    ]


def test_a_long_story_keeps_the_petitions_link_at_least():
    story = message("tents", "story", text=LONG, link="https://news.example.org/tents")
    found = ways(story)["x"]
    assert found.text.endswith(f"{PETITION}?utm_source=share")
    assert length(found.text, found.way.limits) <= 280


def test_hashtags_are_added_as_in_posts():
    campaign = {"name": "Tents", "hashtags": ["Tents"]}
    assert "The text of tents. #Tents\n" in ways(message("tents"), campaign=campaign)["bluesky"].text


def test_a_content_warning_comes_first():
    said = message("tents", content_warning="Violence")
    assert all(each.text.startswith("Violence\n\nThe text") for each in ways(said).values())


def test_what_is_written_for_one_network_is_shared_there():
    said = message("tents", per={"x": {"text": "Short for X."}})
    found = ways(said)
    assert found["x"].text.startswith("Short for X.")
    assert found["mastodon"].text.startswith("The text of tents.")


def test_of_a_thread_the_first_part_is_shared_with_the_link():
    said = message("tents", thread=["The second part."])
    for each in ways(said).values():
        assert "second" not in each.text
        assert each.text.endswith("utm_source=share")


def test_figures_are_filled_in_and_what_is_not_known_is_not_offered():
    said = message("tents", text="{signatures} people have signed.")
    assert ways(said) == {}
    assert ways(said, figures=Figures(1234))["x"].text.startswith("1,234 people")


def test_no_text_in_a_language_is_nothing_to_share():
    assert ways(message("tents", text={"en": "Tents."}), "es") == {}


def test_links_lead_to_the_messages_own_page_where_the_campaign_wants_it():
    share = {"url": "https://share.example.org/mpp/", "links": "page"}
    found = ways(message("tents"), share=share)
    assert found["x"].text.endswith("https://share.example.org/mpp/en/tents/?utm_source=share")


def test_facebook_is_given_the_page_that_unfolds_once_it_has_an_address():
    found = ways(message("tents"), share={"url": "https://share.example.org/mpp"})
    assert parse_qs(urlsplit(found["facebook"].address).query) == {
        "u": ["https://share.example.org/mpp/en/tents/?utm_source=share"]
    }
    assert found["x"].text.endswith(f"{PETITION}?utm_source=share")


def test_pages_need_an_address():
    with pytest.raises(ValueError, match="links: page needs url"):
        settings(share={"links": "page"})


@effort(deadline=None, max_examples=60)
@given(st.text(min_size=1, max_size=1200))
def test_whatever_is_written_every_prepared_text_fits_with_its_link(text: str):
    said = Message.model_construct(
        **{**message("tents").model_dump(), "text": {"": (text,)}, "media": (), "thread": (), "per": {}}
    )
    for each in prepared(said, "en", Desk(settings(), Figures(1, 2, None, 3))):
        assert length(each.text, each.way.limits) <= each.way.limits.length
        assert urls(each.text, "mastodon")[-1].text == f"{PETITION}?utm_source=share"


def test_less_and_less_is_left_of_a_text_sentences_first():
    assert [*shorter("One. Two three. Four five six")] == [
        "One. Two three. …",
        "One. …",
        "One. Two three. Four five …",
        "One. Two three. Four …",
        "One. Two …",
        "…",
    ]


def test_ways_are_all_different_and_no_address_is_ours():
    assert len({way.key for way in WAYS}) == len(WAYS)
    assert {"x", "mastodon", "bluesky", "threads", "facebook", "whatsapp", "telegram", "email", "copy"} == {
        way.key for way in WAYS
    }


def test_the_campaigns_language_comes_first_and_each_once():
    written: Settings = settings(
        account("a", languages=["es", "en"]),
        account("b", language="fr"),
        campaign={"name": "T", "language": "en"},
    )
    assert languages(written) == ("en", "es", "fr")


def test_cards_say_who_speaks_and_where_people_sign():
    written = settings(petition={"url": "https://www.example.org/p"})
    assert (stationery(written).name, stationery(written).host) == ("Test", "example.org")
