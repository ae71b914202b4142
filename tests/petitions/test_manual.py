"""A count set by hand, and which counter a configuration asks for."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.core.model import BadReading, Reading
from bot.core.written import CounterInfo
from bot.petitions import counter
from bot.petitions.manual import ManualCounter
from tests.petitions.conftest import Site

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
SET = Reading(412, "manual", datetime(2026, 11, 20, tzinfo=UTC))


def test_the_last_number_set_by_hand_is_the_count() -> None:
    assert ManualCounter(lambda: SET).read(NOW) == SET


def test_before_a_number_is_set_a_sentence_says_how() -> None:
    found = ManualCounter(lambda: None).read(NOW)
    assert found == BadReading("no count is set yet; set it with: petition-bot count set N")


def test_a_petition_without_a_counter_is_counted_by_hand() -> None:
    assert counter(CounterInfo(), "https://example.org", 1.0, lambda: SET).read(NOW) == SET


def test_kind_json_reads_the_address_and_path_of_the_configuration(site: Site) -> None:
    site.answer('{"total": 7}')
    info = CounterInfo.model_validate({"kind": "json", "url": site.address, "path": "total"})
    assert counter(info, "https://example.org", 2.0, lambda: SET).read(NOW) == Reading(7, site.address, NOW)


def test_a_header_with_a_secret_is_sent_along(site: Site) -> None:
    site.answer('{"n": 7}')
    given = {"kind": "json", "url": site.address, "path": "n", "header": "X-Api-Key"}
    counter(CounterInfo.model_validate(given), "", 2.0, lambda: SET, "hidden").read(NOW)
    assert site.asked[0]["X-Api-Key"] == "hidden"
