"""Mastodon, its forks and GoToSocial, as Mastodon.py meets them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import requests
from mastodon import (
    Mastodon,
    MastodonAPIError,
    MastodonInternalServerError,
    MastodonNotFoundError,
    MastodonRatelimitError,
    MastodonUnauthorizedError,
)

from bot.sandbox import Sandbox
from tests.sandbox.conftest import PNG, mastodon_client

LINK = "https://www.example.org/a/path/that/is/quite/long/indeed?a=1&b=2"


def own(box: Sandbox) -> str:
    return box.mastodon.accounts.first.id


def test_a_post_is_public_exactly_as_it_was_sent(mastodon: Mastodon, box: Sandbox) -> None:
    text = f"Más de 60.000 & <contando>\n\n{LINK}"
    made = mastodon.status_post(
        text,
        idempotency_key="key-1",
        visibility="unlisted",
        spoiler_text="avisos",
        language="es",
    )
    (post,) = box.mastodon.posts()
    assert (post.id, post.text, post.key, post.user_id) == (str(made.id), text, "key-1", own(box))
    assert (post.visibility, post.warning, post.language) == ("unlisted", "avisos", "es")
    assert (made.visibility, made.spoiler_text, made.language) == ("unlisted", "avisos", "es")
    assert datetime.now(UTC) - made.created_at < timedelta(minutes=1)


def test_the_content_is_html_and_hides_parts_of_links(mastodon: Mastodon) -> None:
    shown = mastodon.status_post(f"R&D <b>\n\n{LINK}\nend #StopMPP").content
    assert shown.startswith("<p>R&amp;D &lt;b&gt;</p><p><a href=")
    assert '<span class="invisible">https://www.</span>' in shown
    assert '<span class="ellipsis">example.org/a/path/that/is/qui</span>' in shown
    assert LINK not in shown
    assert "<br />end <a" in shown


def test_the_source_is_the_text_to_the_letter(mastodon: Mastodon, box: Sandbox) -> None:
    text = f"two  spaces\n\n\nand {LINK}"
    made = mastodon.status_post(text, spoiler_text="avisos")
    source = mastodon.status_source(made)
    assert (source.text, source.spoiler_text) == (text, "avisos")
    box.mastodon.settings.source_endpoint = False
    with pytest.raises(MastodonNotFoundError):
        mastodon.status_source(made)


def test_one_key_is_one_post_whatever_the_text(mastodon: Mastodon, box: Sandbox) -> None:
    first = mastodon.status_post("one", idempotency_key="key-1")
    again = mastodon.status_post("another", idempotency_key="key-1")
    other = mastodon.status_post("one", idempotency_key="key-2")
    assert first.id == again.id != other.id
    assert [post.text for post in box.mastodon.posts()] == ["one", "one"]


def test_one_key_is_one_post_also_when_all_ask_at_once(box: Sandbox) -> None:
    def ask() -> None:
        client = mastodon_client(box)
        with client.session:
            client.status_post("one", idempotency_key="key-1")

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert box.mastodon.calls("create") == 8
    assert len(box.mastodon.posts()) == 1


def test_keys_are_kept_per_account(mastodon: Mastodon, box: Sandbox) -> None:
    mastodon.status_post("one", idempotency_key="key-1")
    other = box.mastodon.accounts.add("union")
    client = mastodon_client(box, other.secrets["ACCESS_TOKEN"])
    with client.session:
        client.status_post("one", idempotency_key="key-1")
    assert [post.user_id for post in box.mastodon.posts()] == [own(box), other.id]


def test_a_key_counts_only_after_success(mastodon: Mastodon, box: Sandbox) -> None:
    with pytest.raises(MastodonAPIError):
        mastodon.status_post("x" * 501, idempotency_key="key-1")
    mastodon.status_post("shorter", idempotency_key="key-1")
    assert [post.text for post in box.mastodon.posts()] == ["shorter"]


def test_some_servers_ignore_keys(mastodon: Mastodon, box: Sandbox) -> None:
    box.mastodon.settings.ignores_keys = True
    mastodon.status_post("one", idempotency_key="key-1")
    mastodon.status_post("one", idempotency_key="key-1")
    assert len(box.mastodon.posts()) == 2


def test_some_servers_answer_500_to_a_repeated_key(mastodon: Mastodon, box: Sandbox) -> None:
    box.mastodon.settings.repeats_fail = True
    mastodon.status_post("one", idempotency_key="key-1")
    for _ in range(3):
        with pytest.raises(MastodonInternalServerError):
            mastodon.status_post("one", idempotency_key="key-1")
    mastodon.status_post("one", idempotency_key="key-2")
    assert len(box.mastodon.posts()) == 2


def test_the_key_of_a_deleted_post_finds_nothing(mastodon: Mastodon, box: Sandbox) -> None:
    mastodon.status_delete(mastodon.status_post("one", idempotency_key="key-1"))
    with pytest.raises(MastodonNotFoundError):
        mastodon.status_post("one", idempotency_key="key-1")
    assert len(box.mastodon.posts()) == 1


def test_json_is_taken_as_well_as_a_form(box: Sandbox) -> None:
    answer = requests.post(
        box.mastodon.url + "/api/v1/statuses",
        json={"status": "in JSON", "language": "en"},
        headers={"Authorization": f"Bearer {box.mastodon.secrets['ACCESS_TOKEN']}"},
        timeout=5,
    )
    assert answer.json()["content"] == "<p>in JSON</p>"
    assert box.mastodon.posts()[0].language == "en"


@pytest.mark.parametrize("text", ["", "   ", "x" * 501, "x" * 478 + " https://example.org/a"])
def test_what_does_not_fit_is_a_422(mastodon: Mastodon, box: Sandbox, text: str) -> None:
    with pytest.raises(MastodonAPIError) as refused:
        mastodon.status_post(text)
    assert refused.value.args[1] == 422
    assert not box.mastodon.posts()


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("x" * 500, None),
        (f"{'x' * 476} {LINK}", None),
        ("🏳️‍🌈" * 500, None),
        ("ñ" * 500, None),
        ("x" * 490 + " @somebody@social.example.org", None),
        ("x" * 495, "aviso"),
    ],
)
def test_what_just_fits_is_taken(mastodon: Mastodon, box: Sandbox, text: str, warning: str | None) -> None:
    mastodon.status_post(text, spoiler_text=warning)
    assert box.mastodon.posts()[0].text == text


def test_the_warning_counts(mastodon: Mastodon) -> None:
    with pytest.raises(MastodonAPIError):
        mastodon.status_post("x" * 495, spoiler_text="avisos")


def test_a_reply_names_its_parent(mastodon: Mastodon, box: Sandbox) -> None:
    first = mastodon.status_post("first")
    second = mastodon.status_post("second", in_reply_to_id=first)
    assert second.in_reply_to_id == first.id
    assert box.mastodon.posts()[1].in_reply_to == str(first.id)
    with pytest.raises(MastodonNotFoundError):
        mastodon.status_post("third", in_reply_to_id=17)


def test_boosting_twice_is_one_boost(mastodon: Mastodon, box: Sandbox) -> None:
    made = mastodon.status_post("worth repeating")
    assert not made.reblogged
    boosts = [mastodon.status_reblog(made), mastodon.status_reblog(made)]
    assert [boost.reblog.id for boost in boosts] == [made.id, made.id]
    assert boosts[0].id == boosts[1].id != made.id
    assert mastodon.status(made).reblogged
    assert [post.repost_of for post in box.mastodon.posts()] == [None, str(made.id)]
    assert not mastodon.status_unreblog(made).reblogged
    assert [post.deleted for post in box.mastodon.posts()] == [False, True]


def test_the_timeline_is_newest_first_and_can_leave_out_boosts(mastodon: Mastodon, box: Sandbox) -> None:
    made = mastodon.status_post("worth repeating")
    boost = mastodon.status_reblog(made)
    assert [one.id for one in mastodon.account_statuses(own(box))] == [boost.id, made.id]
    assert [one.id for one in mastodon.account_statuses(own(box), exclude_reblogs=True)] == [made.id]


def test_the_timeline_comes_page_by_page(mastodon: Mastodon, box: Sandbox) -> None:
    ids = [mastodon.status_post(f"number {number}").id for number in range(7)]
    page = mastodon.account_statuses(own(box), limit=3)
    assert [one.id for one in page] == ids[:3:-1]
    assert [one.id for one in mastodon.fetch_remaining(page)] == ids[::-1]
    above = mastodon.account_statuses(own(box), min_id=ids[1], limit=2)
    assert [one.id for one in above] == [ids[3], ids[2]]
    above = mastodon.account_statuses(own(box), since_id=ids[1], limit=2)
    assert [one.id for one in above] == [ids[6], ids[5]]


def test_a_lagging_timeline_shows_a_post_later(mastodon: Mastodon, box: Sandbox) -> None:
    box.mastodon.settings.timeline_lag = 0.2
    made = mastodon.status_post("late to show")
    assert not mastodon.account_statuses(own(box))
    assert mastodon.status(made).id == made.id
    time.sleep(0.25)
    assert [one.id for one in mastodon.account_statuses(own(box))] == [made.id]


def test_a_deleted_post_leaves_the_timeline_with_its_boost(mastodon: Mastodon, box: Sandbox) -> None:
    made = mastodon.status_post("a mistake")
    mastodon.status_reblog(made)
    assert mastodon.status_delete(made).text == "a mistake"
    assert [post.deleted for post in box.mastodon.posts()] == [True, True]
    assert not mastodon.account_statuses(own(box))
    for gone in (mastodon.status_delete, mastodon.status, mastodon.status_reblog):
        with pytest.raises(MastodonNotFoundError):
            gone(made)


def test_nobody_deletes_the_posts_of_others(mastodon: Mastodon, box: Sandbox) -> None:
    made = mastodon.status_post("mine")
    client = mastodon_client(box, box.mastodon.accounts.add("union").secrets["ACCESS_TOKEN"])
    with client.session, pytest.raises(MastodonNotFoundError):
        client.status_delete(made)
    assert not box.mastodon.posts()[0].deleted


@pytest.mark.parametrize("token", ["wrong", " "])
def test_without_the_token_nobody_gets_in(box: Sandbox, token: str) -> None:
    client = mastodon_client(box, token)
    with client.session, pytest.raises(MastodonUnauthorizedError):
        client.status_post("not mine")
    assert not box.mastodon.posts()


def test_the_account_says_who_it_is(mastodon: Mastodon, box: Sandbox) -> None:
    me = mastodon.account_verify_credentials()
    assert (str(me.id), me.acct, me.bot, me.source.privacy) == (own(box), "campaign", True, "public")
    box.mastodon.settings.bot = False
    assert not mastodon.account_verify_credentials().bot


def test_a_server_tells_its_limits(mastodon: Mastodon, box: Sandbox) -> None:
    box.mastodon.settings.max_characters = 5000
    for told in (mastodon.instance_v2(), mastodon.instance_v1()):
        assert told.configuration.statuses.max_characters == 5000
        assert told.configuration.statuses.characters_reserved_per_url == 23
        assert told.configuration.media_attachments.description_limit == 1500


def test_forks_tell_less_or_in_their_own_way(mastodon: Mastodon, box: Sandbox) -> None:
    settings = box.mastodon.settings
    settings.has_configuration, settings.max_toot_chars = False, 3000
    settings.version = "2.7.2 (compatible; Akkoma 3.10.4)"
    told = mastodon.instance_v1()
    assert (told.max_toot_chars, told.version) == (3000, "2.7.2 (compatible; Akkoma 3.10.4)")
    assert not told.get("configuration")
    settings.has_instance_v2 = False
    with pytest.raises(MastodonNotFoundError):
        mastodon.instance_v2()


def test_a_server_may_tell_no_limit_of_descriptions(mastodon: Mastodon, box: Sandbox) -> None:
    box.mastodon.settings.description_limit = None
    told = requests.get(box.mastodon.url + "/api/v2/instance", timeout=5).json()
    assert "description_limit" not in told["configuration"]["media_attachments"]


def test_gotosocial_differs_as_it_does(mastodon: Mastodon, box: Sandbox) -> None:
    box.mastodon.settings.goto_social()
    made = mastodon.status_post("one", idempotency_key="key-1")
    mastodon.status_post("one", idempotency_key="key-1")
    assert len(box.mastodon.posts()) == 2
    assert made.visibility == "unlisted"
    assert mastodon.status_reblog(made).id != mastodon.status_reblog(made).id
    with pytest.raises(MastodonAPIError) as refused:
        mastodon.status_post("x" * 450 + " https://example.org/" + "y" * 40)
    assert refused.value.args[1] == 400


def test_gotosocial_deletes_a_little_later(mastodon: Mastodon, box: Sandbox) -> None:
    box.mastodon.settings.deletes_after = 0.2
    made = mastodon.status_post("a mistake")
    mastodon.status_delete(made)
    assert mastodon.status(made).id == made.id
    time.sleep(0.25)
    with pytest.raises(MastodonNotFoundError):
        mastodon.status(made)
    assert box.mastodon.posts()[0].deleted


@pytest.mark.parametrize(
    ("status", "ask"),
    [
        (401, lambda box: mastodon_client(box, "wrong").status_post("a")),
        (404, lambda box: mastodon_client(box).status(17)),
        (422, lambda box: mastodon_client(box).status_post("x" * 501)),
    ],
)
def test_errors_come_in_spanish_where_asked_for(
    box: Sandbox, status: int, ask: Callable[[Sandbox], object]
) -> None:
    box.mastodon.settings.spanish = True
    with pytest.raises(MastodonAPIError) as refused:
        ask(box)
    assert refused.value.args[1] == status
    assert any(word in refused.value.args[3] for word in ("válido", "encontrado", "validación"))


def test_limits_are_told_in_iso_or_in_seconds(mastodon: Mastodon, box: Sandbox) -> None:
    headers = {"Authorization": f"Bearer {box.mastodon.secrets['ACCESS_TOKEN']}"}
    page = box.mastodon.url + "/api/v1/accounts/verify_credentials"
    told = requests.get(page, headers=headers, timeout=5).headers
    assert (told["X-RateLimit-Limit"], told["X-RateLimit-Remaining"]) == ("300", "299")
    left = datetime.fromisoformat(told["X-RateLimit-Reset"]) - datetime.now(UTC)
    assert timedelta(seconds=290) < left <= timedelta(seconds=300)
    box.mastodon.settings.epoch_reset = True
    told = requests.get(page, headers=headers, timeout=5).headers
    assert 290 < int(told["X-RateLimit-Reset"]) - time.time() <= 300
    assert mastodon.account_verify_credentials()


def test_limits_are_enforced_when_asked_for(mastodon: Mastodon, box: Sandbox) -> None:
    box.mastodon.settings.enforces_limits = True
    for _ in range(30):
        mastodon.media_post(PNG, mime_type="image/png")
    with pytest.raises(MastodonRatelimitError):
        mastodon.media_post(PNG, mime_type="image/png")


def test_a_post_has_a_page_for_followers(mastodon: Mastodon) -> None:
    made = mastodon.status_post("for everybody")
    assert "<p>for everybody</p>" in requests.get(made.url, timeout=5).text
