"""The whole queue and its calendar: what never comes, what comes twice, what runs out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.findings import MASTODON, SOURCE, X, check, codes, message, the

ACCOUNTS = [X, {**MASTODON, "languages": ["en"]}]


def queue(number: int, **given: Any) -> list[dict[str, Any]]:
    return [message(f"Text {place}.", **{"id": f"m{place}", **given}) for place in range(number)]


# --- facts -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, "source and as_of"),
        ({"source": "https://example.org/a"}, "as_of"),
        ({"as_of": "2019-11-20"}, "source"),
    ],
)
def test_a_fact_says_where_it_comes_from_and_when(given: dict[str, str], missing: str) -> None:
    found = the("no-source", message(kind="fact", **given))
    assert (found.loc, found.severity) == (("messages", 0), "warning")
    assert f"is a fact without {missing}:" in found.message


def test_a_fact_with_its_source_is_right_and_others_need_none() -> None:
    assert codes(message(kind="fact", **SOURCE), message("Tell them.", kind="update")) == []


# --- never -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"text": {"fr": "Signez."}}, "it is written in fr, and its accounts speak en, es"),
        ({"text": {"es": "Firme."}, "accounts": ["x"]}, "it is written in es, and its accounts speak en"),
        ({"kind": "update"}, "rotation.mix does not name update"),
        ({"kind": "milestone"}, "petition.milestones has no thresholds"),
        ({"kind": "progress"}, "petition.milestones has no progress_every"),
    ],
)
def test_a_message_that_no_account_can_ever_post_is_named(given: dict[str, Any], why: str) -> None:
    config: dict[str, Any] = {"rotation": {"mix": ["call"]}, "petition": {"goal": None}}
    found = the("never", message("Other words."), message(**given), **config)
    assert (found.loc, found.severity) == (("messages", 1), "warning")
    assert why in found.message


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "update", "post_at": "2027-02-10 12:00"},
        {"kind": "update", "draft": True},
        {"text": {"fr": "Signez."}, "per": {"x": {"text": "Sign."}}},
    ],
)
def test_a_message_that_some_account_can_post_is_left_alone(given: dict[str, Any]) -> None:
    assert codes(message("Other words."), message(**given), rotation={"mix": ["call"]}) == []


def test_a_message_without_any_text_is_an_error() -> None:
    assert the("empty", message({})).severity == "error"
    assert the("empty", message(per={"x": {"text": None}})).loc == ("messages", 0, "per", "x", "text")


# --- twice -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Educaci\u00f3n ya.", "Educacio\u0301n ya."),
        ("Sign  now.\n", "Sign now."),
        ({"en": "Sign."}, "Sign."),
        ({"es": "Firme."}, {"en": "Sign.", "es": ["No.", "Firme."]}),
    ],
)
def test_two_messages_with_one_text_are_named(one: Any, other: Any) -> None:
    found = the("same-text", message(one), {**message(other), "id": "two"})
    assert found.severity == "warning"
    assert found.loc[:2] == ("messages", 1)
    assert found.message.startswith("message two (")
    assert "is the same text as message one (" in found.message


def test_x_refuses_the_second_and_others_show_it_twice() -> None:
    pair = [message(), {**message(), "id": "two"}]
    assert "X would refuse the second" in the("same-text", *pair).message
    assert "followers would see it twice" in the("same-text", *pair, accounts=[MASTODON]).message


def test_one_text_in_two_variants_is_named() -> None:
    assert the("same-variant", message(["Sign.", "Now.", "Sign."])).loc == ("messages", 0, "text", 2)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (message({"en": "No."}), message({"es": "No."})),
        (message(accounts=["x"]), message(accounts=["m"])),
        (message(), message("Sign for the library!")),
    ],
)
def test_texts_that_no_account_says_twice_are_left_alone(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert codes(one, {**other, "id": "two"}) == []


# --- the round -------------------------------------------------------------------------------


def test_a_kind_of_the_mix_without_messages_is_named() -> None:
    config: dict[str, Any] = {"rotation": {"mix": ["call", "story", "call", "story"]}}
    found = the("mix-empty", message(), message("Draft.", kind="story", draft=True), **config)
    assert (found.file, found.loc, found.severity) == ("config", ("rotation", "mix", 1), "warning")
    assert "rotation.mix names story" in found.message
    assert codes(message(), message("A story.", kind="story"), **config) == []


def test_a_template_in_the_mix_is_an_error() -> None:
    assert the("mix-kind", message(), rotation={"mix": ["call", "milestone"]}).severity == "error"


@pytest.mark.parametrize("rule", [{"thresholds": [1000]}, {"then_every": 1000}])
def test_thresholds_want_a_template_in_each_language(rule: dict[str, Any]) -> None:
    petition = {"milestones": rule}
    template = message("{milestone} names.", kind="milestone")
    none = check(message(), petition=petition)
    assert [each.message.split(" is written in ")[1][:14] for each in none] == [
        "en for x, m: a",
        "es for m: add ",
    ]
    assert the("no-milestone-template", template, petition=petition).loc == ("petition", "milestones")
    both = message({"en": "{milestone} names.", "es": "{milestone} firmas."}, kind="milestone")
    assert codes(both, petition=petition) == []


def test_a_draft_is_no_template() -> None:
    draft = message("{milestone} names.", kind="milestone", draft=True)
    petition = {"milestones": {"thresholds": [1000]}}
    assert codes(draft, petition=petition, accounts=[X]) == ["no-milestone-template"]


@pytest.mark.parametrize(
    ("number", "cooldown", "dry"),
    [
        (2, "3d", True),
        (3, "3d", False),
        (4, "3d", False),
        (6, "7d", True),
        (7, "7d", False),
        (1, "1d", False),
    ],
)
def test_a_cooldown_longer_than_the_round_is_named(number: int, cooldown: str, dry: bool) -> None:
    found = codes(*queue(number), rotation={"cooldown": cooldown}, accounts=[X])
    assert found == (["runs-dry"] if dry else [])


def test_a_round_has_only_messages_that_rotate_here() -> None:
    extra = [
        message("Draft.", id="d", draft=True),
        message("Fixed.", id="f", post_at="2027-02-10 12:00"),
        message("Elsewhere.", id="e", accounts=["m"]),
        message("Extra.", id="u", kind="update", draft=True),
    ]
    config: dict[str, Any] = {"rotation": {"cooldown": "3d", "mix": ["call"]}, "accounts": ACCOUNTS}
    assert "longer than x takes" in the("runs-dry", *queue(2), *extra, **config).message
    assert codes(*queue(3), *extra, **config) == []


def test_a_rare_schedule_needs_few_messages() -> None:
    weekly = {**X, "schedule": {"at": ["09:00"], "days": ["mon"]}}
    assert codes(*queue(1), rotation={"cooldown": "7d"}, accounts=[weekly]) == []
    assert codes(*queue(1), rotation={"cooldown": "8d"}, accounts=[weekly]) == ["runs-dry"]


# --- the config ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("thresholds", "found"),
    [
        ([1000, 5000], []),
        ([5000, 1000], ["threshold-order"]),
        ([1000, 1000, 5000], ["threshold-twice"]),
        ([1000, 200_000], []),  # beyond the goal is fine
    ],
)
def test_thresholds_rise(thresholds: list[int], found: list[str]) -> None:
    template = message({"en": "{milestone} names.", "es": "{milestone} firmas."}, kind="milestone")
    petition = {"milestones": {"thresholds": thresholds}}
    assert codes(template, petition=petition) == found


def test_a_place_in_the_thresholds_is_named() -> None:
    found = the("threshold-order", message(), petition={"milestones": {"thresholds": [1000, 5000, 2000]}})
    assert (found.file, found.loc) == ("config", ("petition", "milestones", "thresholds", 2))
    assert found.severity == "warning"


def test_a_petition_that_has_closed_asks_what_follows() -> None:
    assert codes(message(), petition={"closes": "2026-11-25"}) == []
    after = the("closed", message(), petition={"closes": "2026-11-24"})
    assert (after.loc, after.severity) == (("petition", "closes"), "warning")
    assert "the petition closed on 2026-11-24, and its calls are held: write an update" in after.message


def test_the_goal_is_a_milestone_of_its_own() -> None:
    given = {"milestones": {}, "goal": 1000}
    assert "never" not in codes(message(), message(kind="milestone"), petition=given)
    assert "never" in codes(message(), message(kind="milestone"), petition={**given, "goal": None})


@pytest.mark.parametrize(
    "schedule",
    [{"at": ["03:00", "06:59"]}, {"cron": "0 3 * * *"}, {"every": "1h", "between": ["01:00", "05:00"]}],
)
def test_a_schedule_that_never_posts_is_an_error(schedule: dict[str, Any]) -> None:
    config: dict[str, Any] = {"accounts": [{**X, "schedule": schedule}], "quiet_hours": ["23:00", "07:00"]}
    found = the("no-slots", message(), **config)
    assert (found.loc, found.severity) == (("accounts", 0, "schedule"), "error")
