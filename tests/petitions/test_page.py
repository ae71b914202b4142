"""A count on a web page: one element, one exact number, whatever its marks of thousands."""

from __future__ import annotations

from typing import Any

import pytest

from bot.core.written import CounterInfo
from bot.petitions import counter
from tests.petitions.conftest import NOW, Site, why

PAGE = """<!DOCTYPE html>
<html lang="de"><head><meta charset="utf-8"><meta name="petition:signatures" content="12345"></head>
<body>
  <h1>Die Bibliothek bleibt</h1>
  <p class="goal">Ziel: <b>20.000</b></p>
  <div class="petition-stats"><span class="count">
    {count}
  </span> <span>Unterschriften</span></div>
  <progress class="bar" value="12345" max="20000"></progress>
  <ol class="comments"><li>1.204 Leserinnen</li><li>7</li></ol>
</body></html>"""


def reading(site: Site, select: str, body: str | bytes = PAGE.replace("{count}", "12.345")) -> Any:
    site.answer(body, kind="text/html; charset=utf-8")
    info = CounterInfo.model_validate({"kind": "page", "url": site.address, "select": select})
    return counter(info, "", 2.0, lambda: None).read(NOW)


@pytest.mark.parametrize(
    "shown",
    [
        *("12345", "12,345", "12.345", "12 345", "12\u00a0345", "12\u202f345", "12&nbsp;345", "12&#8239;345"),
        *(
            "12'345",
            "12’345",
            "<b>12</b>.345",
            "12.345 Unterschriften",
            "12,345 people have signed",
            "١٢٬٣٤٥",
        ),
    ],
)
def test_grouped_digits_of_every_kind_are_read(site: Site, shown: str) -> None:
    assert reading(site, ".petition-stats .count", PAGE.replace("{count}", shown)).number == 12345


@pytest.mark.parametrize(
    "shown", ["12K", "12.3K", "12,3 mil", "-5", "", "12.345 von 20.000", "über 12.000", "1.5", "true", "—"]
)
def test_what_is_rounded_or_more_than_a_number_is_no_count(site: Site, shown: str) -> None:
    reason = why(reading(site, ".count", PAGE.replace("{count}", shown)))
    assert "stands there, which is no exact count" in reason
    assert "(looked for .count)" in reason


@pytest.mark.parametrize(
    "select", ["progress @value", "progress.bar   @value", 'meta[name^="petition"] @content']
)
def test_an_attribute_may_hold_the_count(site: Site, select: str) -> None:
    assert reading(site, select).number == 12345


@pytest.mark.parametrize(
    ("select", "said"),
    [
        (".gone", "no element of the page is .gone"),
        ("li", "2 elements are li, and each says something else"),
        ("progress @max-value", "stands there, which is no exact count"),
        ("p[", "p[ is no CSS selector"),
        ("p >> b", "is no CSS selector"),
    ],
)
def test_a_selector_names_one_element(site: Site, select: str, said: str) -> None:
    assert said in why(reading(site, select))


def test_the_same_number_twice_is_one_count(site: Site) -> None:
    assert reading(site, "i", "<i>1.234</i> … <i> 1.234 </i>").number == 1234


@pytest.mark.parametrize("body", ["", "{}", b"\xff\xfe\x00\x01", "<" * 10_000, b"\x00" * 100])
def test_a_page_that_is_none_is_a_bad_reading(site: Site, body: Any) -> None:
    assert "no element of the page is .count" in why(reading(site, ".count", body))


def test_a_page_that_went_away_says_where_it_led(site: Site) -> None:
    site.answer("<h1>Welcome</h1>", kind="text/html", path="/")
    info = CounterInfo.model_validate({"kind": "page", "url": site.address, "select": ".count"})
    site.answer("", 301, Location="/", path="/petitions/1.json")
    reason = why(counter(info, "", 2.0, lambda: None).read(NOW))
    assert f"no element of the page (redirected to http://127.0.0.1:{site.port}/) is .count" in reason


def test_the_page_is_asked_for_as_a_page(site: Site) -> None:
    reading(site, ".count")
    assert site.asked[0]["Accept"] == "text/html"
