"""What holds for every rule: nothing raises, every sentence has a place, and the same gives the same."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.lint import Finding, lint
from bot.core.written import Queue
from bot.files.read import read_queue, read_settings
from tests.core import findings
from tests.core.findings import MASTODON, NOW, SOURCE, X, check, codes, message

ROOT = Path(__file__).parents[2]

REACHING = ["@", "@a", "https://", "a.co", ".", "#", "$AB ", "[x](", "(", ")", "»", "*"]
DAMAGED = ["&amp;", "<b>", "Ã", "±", "\u200b", "\u202e", "\ufffd", "\ud83d", "\U000e0067", "👩\u200d"]
PIECES = st.sampled_from([*REACHING, *DAMAGED, "{", "}", "{goal}", "\n", " ", "€", "ñ", "ש", "🏳"])
TEXTS = st.lists(PIECES | st.characters(exclude_categories=()), min_size=1, max_size=40).map("".join)


@settings(max_examples=200, deadline=None)
@given(TEXTS.filter(str.strip), TEXTS.filter(str.strip))
def test_no_text_makes_a_rule_fail(text: str, other: str) -> None:
    found = check(message({"en": text, "es": other}), message([other, text], content_warning=text))
    for each in found:
        assert each.loc[0] == "messages"
        assert each.message.startswith("message one")


def test_a_message_with_every_fault_has_every_finding_and_no_other_suffers() -> None:
    bad = message(
        {"en": f"\ufffd {'a' * 600} @ana fin.La {{x}} &amp; maÃ±ana $A $B", "fr": "Bon."},
        kind="fact",
        not_before="2027-02-02",
        expires="2026-02-01",
        post_at="2026-01-01 03:00",
        thread=["More."],
        media=[{"file": "a.png"}],
    )
    found = codes(bad, {**message(), "id": "good"}, quiet_hours=["23:00", "07:00"])
    assert {*found} == {
        *("accidental-link", "alt-missing", "cashtags", "damaged", "double-encoding", "expired", "html"),
        *("mention", "never-open", "no-source", "past", "quiet-hours", "too-long"),
        "unknown-field",
    }


def test_a_finding_points_into_the_file_it_is_about() -> None:
    config: dict[str, Any] = {"rotation": {"mix": ["call", "story"]}, "petition": {"closes": "2026-01-01"}}
    found = check(message("\ufffd"), **config)
    assert [(each.file, each.loc[0]) for each in found] == [
        ("config", "petition"),
        ("config", "rotation"),
        ("messages", "messages"),
    ]


SENTENCE = re.compile(r"[a-z].*[:;?] ?.*[^.\s]", re.DOTALL)


def test_a_sentence_says_what_and_what_to_do_and_has_no_full_stop() -> None:
    given_ = message("\ufffd fin.La {x} @ana", kind="fact", post_at="2026-01-01 12:00")
    for each in check(given_, petition={"closes": "2026-01-01"}):
        assert SENTENCE.fullmatch(each.message), each.message
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", each.code)


def test_the_same_files_and_time_give_the_same_findings() -> None:
    queue = Queue.model_validate({"messages": [message(f"a.co {place} \ufffd") for place in range(20)]})
    one, two = (lint(findings.settings(), queue, {}, NOW) for _ in range(2))
    assert one == two == sorted(one)


def test_findings_are_values() -> None:
    one = Finding("config", ("accounts", 0, "schedule"), "error", "no-slots", "…")
    assert one == Finding("config", ("accounts", 0, "schedule"), "error", "no-slots", "…")
    assert len({one, one}) == 1


def test_an_empty_queue_is_no_fault() -> None:
    assert codes() == []


def test_many_clean_messages_in_two_languages_have_no_findings() -> None:
    many = [
        message(
            {"en": f"Fact {n}: {'libraries are open. ' * 10}", "es": f"Dato {n}: {'están abiertas. ' * 10}"},
            **{"id": f"m{n}", "kind": "fact", **SOURCE},
        )
        for n in range(300)
    ]
    assert (
        codes(*many, accounts=[{**X, "languages": ["en", "es"]}, MASTODON], rotation={"cooldown": "3d"}) == []
    )


@pytest.mark.parametrize("now", [NOW, NOW.replace(year=2036)])
def test_the_shipped_campaign_is_clean_now_and_in_ten_years(now: Any) -> None:
    config, _, config_problems = read_settings(ROOT / "config.example.yaml")
    queue, _, queue_problems = read_queue(ROOT / "messages.yaml")
    assert not config_problems
    assert not queue_problems
    assert config
    assert queue
    assert lint(config, queue, {}, now) == []
