"""Whatever stands in a field, it reaches the page as text."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import fields, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from bot.core.model import Change, Delivery, Go, NewDelivery, Reading, State
from bot.ports import Deed, User
from bot.store import open_store
from bot.store.store import SqlStore
from bot.web import Card, Column
from tests.web.conftest import Show, client
from tests.web.given import NOW, a_delivery, a_post, an_account, an_overview, planned
from tests.web.house import House
from tests.web.pages import Page

PAYLOADS = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<ScRiPt src=//evil.example.org></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<img/src='x'/onerror='alert(1)'>",
    "<svg onload=alert(1)>",
    "<svg><script>alert&#40;1)</script>",
    "<body onload=alert(1)>",
    "<iframe src=javascript:alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href=javascript:alert(1)>x</a>",
    "<form action=//evil.example.org><input name=q>",
    "<base href=//evil.example.org>",
    "<meta http-equiv=refresh content='0;url=//evil.example.org'>",
    "<link rel=stylesheet href=//evil.example.org>",
    "<style>*{display:none}</style>",
    "<math><mtext><table><mglyph><style><img src onerror=alert(1)>",
    "<!--<img src=--><img src=x onerror=alert(1)>//-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "</p></article></main><h1>Gone</h1>",
    "</title><script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "'><script>alert(1)</script>",
    '" onmouseover="alert(1)" x="',
    "' onfocus='alert(1)' autofocus '",
    "x onclick=alert(1) style=color:red",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    'https://a.example.org/"onmouseover="alert(1)',
    "https://a.example.org/'><script>alert(1)</script>",
    "https://a.example.org/<svg/onload=alert(1)>",
    '#tag"><script>alert(1)</script>',
    "{{ 7 * 191 }}{% raw %}${7*191}",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]


def poisoned(value: Any, payload: str) -> Any:
    """The same value with the payload in every text."""
    given = {}
    for each in fields(value):
        now = getattr(value, each.name)
        if each.name in ("network", "zone", "action", "state", "key"):
            continue
        if isinstance(now, str):
            given[each.name] = payload
        elif isinstance(now, tuple) and now and isinstance(now[0], str):
            given[each.name] = (payload,) * len(now)
    return replace(value, **given)


def bad_overview(payload: str) -> dict[str, Any]:
    next_one = replace(planned(poisoned(a_post(), payload)), why=payload)
    account = poisoned(an_account(next=next_one, paused="x", held="x"), payload)
    rows = [
        a_delivery(post=poisoned(a_post(), payload), reason="x", remote_url="x", state=State.UNCONFIRMED),
        a_delivery(post=None, reason="x", remote_url="x", state=State.MISSED),
        a_delivery(post=None, reason="x", action="repost"),
    ]
    bad = tuple(poisoned(each, payload) for each in rows)
    return {"campaign": payload, "accounts": (account,), "needs_person": bad, "recent": bad}


def bad_column(payload: str) -> Column:
    return Column(payload, payload, payload, [Card(payload, NOW, payload, True, payload)])


def bones(page: Page) -> list[tuple[str, tuple[str, ...]]]:
    """The elements with the names of their attributes: all that is markup. Links come and go."""
    return [
        (each.name, tuple(sorted(each.attributes)))
        for each in page.root.below()
        if (each.name, each.attributes.get("class")) not in (("a", None), ("a", "see"), ("span", "unseen"))
        and each.attributes.get("class") != "tag"
    ]


def harmless(page: Page) -> None:
    for each in page.root.below():
        for name, value in each.attributes.items():
            assert name != "style"
            assert not name.startswith("on")
            if name in ("href", "src", "action", "formaction", "srcset", "poster"):
                assert value.startswith(("https://", "http://")) or ":" not in value.split("/")[0]
                assert not value.startswith(("//", "\\"))
        if each.attributes.get("href", "").startswith("http"):
            assert each.attributes["rel"] == "noopener noreferrer"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_field_of_the_overview_reaches_the_page_as_markup(now: Show, payload: str):
    page, plain = now(**bad_overview(payload)), now(**bad_overview("plain"))
    assert bones(page) == bones(plain)
    harmless(page)
    assert " ".join(payload.split()) in page.main
    assert "1337" not in page.main


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_field_of_a_timeline_reaches_the_page_as_markup(demo: Show, payload: str):
    page, plain = demo(bad_column(payload)), demo(bad_column("plain"))
    assert bones(page) == bones(plain)
    harmless(page)
    assert " ".join(payload.split()) in page.one("h3").text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_address_reaches_the_page_as_markup(payload: str):
    answer = client(an_overview(), []).get("/" + payload)
    assert answer.status_code in (200, 404)
    harmless(Page(answer.text))


def test_every_text_of_the_overview_is_tried():
    """A field that is added later is poisoned too, or named as one that people do not write."""
    row = poisoned(a_delivery(reason="x", remote_url="x"), "bad")
    people_write = {each.name for each in fields(row) if getattr(row, each.name) == "bad"}
    assert people_write == {"account", "kind", "message_id", "language", "reason", "remote_url"}
    assert isinstance(row.slot, datetime)


# --- every page there is ------------------------------------------------------------------------

INERT = [f"plain text number {number}" for number in range(len(PAYLOADS))]

DANGEROUS = (
    *("script", "style", "iframe", "object", "embed", "base", "meta", "link", "form", "math", "body"),
    *("img", "svg", "title", "h1", "input", "button"),
)


def a_message(number: int, payload: str) -> dict[str, Any]:
    """A message with the payload in every field that takes words."""
    return {
        "id": f"m-{number}",
        "kind": ("fact", "story", "call", "update")[number % 4],
        "text": {"en": [payload, f"Once more: {payload}"], "es": payload},
        "source": "https://a.example.org/?" + quote(payload, safe="<>'()/=;:"),
        "as_of": "2020-01-01",
        "link": "https://b.example.org/?" + quote(payload, safe="<>'()/=;:"),
        "media": [{"file": "media/one-square-one-person.png", "alt": {"en": payload, "es": payload}}],
        "content_warning": payload,
        "per": {"x": {"text": payload}, "mastodon": {"thread": [payload, payload]}},
        "draft": number % 3 == 0,
    }


def a_past(store: SqlStore, payloads: list[str]) -> None:
    """A delivery, a deed, a user, a choice and a reading with each payload; one account is held for it."""
    for number, payload in enumerate(payloads):
        post = poisoned(a_post(parts=(payload, payload), account="mastodon", network="mastodon"), payload)
        wanted = NewDelivery(
            f"mastodon/{number}",
            "mastodon",
            NOW - timedelta(hours=number + 1),
            NOW + timedelta(days=900),
            message_id=payload,
            kind=payload,
            language=payload,
        )
        (row,) = store.insert([wanted], {})
        day = (NOW - timedelta(days=1), NOW + timedelta(days=1))
        claimed = store.claim(row.id, replace(post, account="mastodon"), NOW, day, lambda *asked: Go())
        assert isinstance(claimed, Delivery)
        fate = (State.POSTED, State.UNCONFIRMED, State.REFUSED)[number % 3]
        change = Change(fate, payload, posted_at=NOW, remote_ids=(payload,), remote_url=payload, flaw=payload)
        assert store.settle(claimed, change)
        store.note(Deed(payload, payload, payload, payload, payload * 9, NOW))
        store.add_user(User(payload, "editor", "x", 1, NOW), lambda users: True)
        store.add_reading(Reading(1000 + number, payload, NOW + timedelta(seconds=number)))
    store.hold("mastodon", payloads[0])


def pages(folder: Path, payloads: list[str]) -> dict[str, Page]:
    """Every page there is, by its address, where these words stand in every field."""
    folder.mkdir()
    with closing(open_store("sqlite://")) as store:
        messages = [a_message(number, payload) for number, payload in enumerate(payloads)]
        house = House(folder, store, messages)
        a_past(store, payloads)
        house.people()
        house.examples |= {
            "id": [each["id"] for each in messages],
            "number": list(range(1, len(payloads) + 1)),
        }
        ana, found = house.visitor("ana"), {}
        for _endpoint, address in house.addresses("GET"):
            answer = ana.get(address, buffered=True)
            if answer.status_code == 200 and answer.mimetype == "text/html":
                found[address] = Page(answer.text)
        return found


def count(page: Page) -> dict[str, int]:
    return {name: len(page.find(name)) for name in DANGEROUS}


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Page]:
    return pages(tmp_path_factory.mktemp("attacked") / "house", PAYLOADS)


def test_on_no_page_does_any_field_become_markup(attacked: dict[str, Page], tmp_path: Path):
    """There are as many elements that could do harm as where the same fields hold plain words."""
    plain = pages(tmp_path / "plain", INERT)
    assert attacked.keys() == plain.keys()
    differ = {at: (count(page), count(plain[at])) for at, page in attacked.items()}
    assert {at: both for at, both in differ.items() if both[0] != both[1]} == {}


def test_on_no_page_does_any_field_become_an_attribute_that_acts(attacked: dict[str, Page]):
    for page in attacked.values():
        harmless(page)


def test_the_words_of_every_attack_are_on_the_pages(attacked: dict[str, Page]):
    """To the letter, as text or as the value of a field; else the tests above would show nothing."""
    shown = " ".join(
        " ".join(
            [page.root.exact, *(value for each in page.root.below() for value in each.attributes.values())]
        )
        for page in attacked.values()
    )
    assert [payload for payload in PAYLOADS if payload not in shown] == []
    assert len(attacked) > 2 * len(PAYLOADS)


@pytest.mark.parametrize("where", ["key", "value", "id"])
def test_a_file_that_cannot_be_read_is_told_of_as_text(tmp_path: Path, where: str):
    with closing(open_store("sqlite://")) as store:
        house = House(tmp_path, store)
        visitor = house.visitor()
        for payload in PAYLOADS[:12]:
            entry: dict[str, Any] = {"id": "a", "kind": "fact", "text": "Words."}
            entry |= {"key": {payload: 1}, "value": {"kind": payload}, "id": {"id": payload}}[where]
            (tmp_path / "messages.yaml").write_text(json.dumps({"messages": [entry]}), "utf-8")
            for address in ("/", "/messages", "/calendar"):
                page = Page(visitor.get(address).text)
                harmless(page)
                assert len(page.find("h1")) == 1
