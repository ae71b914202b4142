"""Whatever stands in a field, it reaches the page as text."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from typing import Any

import pytest

from bot.core.model import State
from bot.web import Card, Column
from tests.web.conftest import Show, client
from tests.web.given import NOW, a_delivery, a_post, an_account, an_overview, planned
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
            if name in ("href", "src"):
                assert value.startswith(("/", "#", "https://", "http://"))
                assert not value.startswith("//")
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
