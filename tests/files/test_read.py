"""Both files as models, and every problem of them at once."""

from __future__ import annotations

import copy
import os
from inspect import cleandoc
from pathlib import Path
from typing import Any

import pytest
import yaml as pyyaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.files import yaml
from bot.files.read import read_queue, read_settings, survey_queue, survey_settings

HOUSE = Path(__file__).parents[2]
JARGON = (
    "input should be",
    "valid ",
    "validation",
    "pydantic",
    "traceback",
    "nonetype",
    "dict",
    "extra inputs",
)


def queue_problems(text: str) -> list[tuple[int, str, str]]:
    found = survey_queue(yaml.parse(cleandoc(text).encode(), "messages.yaml")).problems
    return [(each.line, each.code, each.message) for each in found]


def config(**changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "campaign": {"name": "Test", "timezone": "Europe/Madrid"},
        "petition": {"url": "https://example.org/p"},
        "accounts": [
            {"id": "x", "network": "x", "schedule": {"at": ["09:00"]}},
            {
                "id": "mastodon",
                "network": "mastodon",
                "server": "https://social.example.org",
                "schedule": {"every": "4h"},
            },
        ],
    }
    return {**given, **changes}


def config_problems(data: Any) -> list[tuple[str, str]]:
    text = data if isinstance(data, str) else pyyaml.safe_dump(data, sort_keys=False)
    found = survey_settings(yaml.parse(text.encode(), "config.yaml")).problems
    return [(each.code, each.message) for each in found]


# --- what is right ---------------------------------------------------------------------------


def test_the_shipped_files_are_clean() -> None:
    campaign, _, problems = read_settings(HOUSE / "config.example.yaml")
    queue, _, more = read_queue(HOUSE / "messages.yaml")
    assert problems == more == []
    assert campaign is not None
    assert queue is not None
    assert len(queue.messages) >= 40


def test_warnings_do_not_refuse_a_file(tmp_path: Path) -> None:
    path = tmp_path / "messages.yaml"
    path.write_text("messages:\n  - id: a\n    kind: call\n    text: Firma ya #Sanidad\n")
    queue, _, problems = read_queue(path)
    assert queue is not None
    assert [problem.severity for problem in problems] == ["warning"]


def test_an_error_refuses_the_file(tmp_path: Path) -> None:
    path = tmp_path / "messages.yaml"
    path.write_text("messages:\n  - id: a\n    kind: call\n    text: a\n  - id: b\n")
    queue, document, problems = read_queue(path)
    assert queue is None
    assert document.data["messages"][1] == {"id": "b"}
    assert {problem.file for problem in problems} == {str(path)}


# --- messages.yaml ---------------------------------------------------------------------------

SAID = {
    "kind: fakt": "kind: 'fakt' is not one of fact, story, call, update, milestone, "
    "progress; did you mean fact?",
    "texto: hola": "'texto' is not a key that the bot knows; did you mean text?",
    "foo: hola": "'foo' is not a key that the bot knows; what can stand here: accounts, "
    "as_of, content_warning,"
    " draft, expires, id, kind, link, media, not_before, per, post_at, "
    "review_by, source, text, thread, weight",
    "weight: 100.000": "weight: '100.000' is not a plain whole number; write 100000",
    "weight: 0": "weight: 0 is out of range; it must be at least 1",
    "weight: 101": "weight: 101 is out of range; it must be at most 100",
    "draft: yes": "draft: 'yes' is neither true nor false; write true",
    "expires: 2026-13-40": "expires: '2026-13-40' is not in the calendar; write a day such as 2027-02-01",
    "expires: 1.2.2027": "expires: '1.2.2027' is not a day; write it as 2027-02-01",
    "post_at: 2026-12-10": "post_at: '2026-12-10' is not a day and time; write it as 2026-12-10 18:00, with "
    "the name of a zone behind it where it is not the campaign's",
    "post_at: 2026-12-10 18:00 Europe/Madird": "post_at: 'Europe/Madird' is not a time zone of the tz "
    "database; did you mean Europe/Madrid?",
    "link: example.org": "link: 'example.org' is not a web address; write it whole, such as "
    "https://example.org/petition",
    "link: http://example.org": "link: 'http://example.org' is not encrypted; write it with https://",
    "text: ''": "text: the text is empty; write one",
    "text:": "text: the text is empty; write one",
    "text: []": "text: the text is empty; write one",
    "text: 2027": 'text: 2027 is not a text in YAML; put it in quotes: "2027"',
    "text: true": 'text: true is not a text in YAML; put it in quotes: "true"',
    "text: [a, {en: b}]": "text: a colon or braces made keys of this text; put the whole text in quotes",
    "text: {en: [a, [b]]}": "text.en: a list stands where one text is wanted",
    "text: {English: a}": "text.English: 'English' is not the code of a language; write it as "
    "en, es or pt-BR",
    "accounts: mastodon": "accounts: a list is wanted; write it as [mastodon]",
    "accounts:": "accounts: the value is empty; write one, or take the key out",
    "media: [a.jpg]": "media: 'a.jpg' stands where keys and values are wanted",
    "media: [{file: a.jpg, atl: b}]": "media: 'atl' is not a key that the bot knows; did you mean alt?",
    "per: {x: {txt: a}}": "per.x: 'txt' is not a key that the bot knows; did you mean text?",
    "per: x": "per: 'x' stands where keys and values are wanted",
    "per: {x: {kind: call}}": "per.x: 'kind' is not a key that the bot knows; what can stand here: "
    "content_warning, link, "
    "media, text, thread",
    "content_warning: {en: ''}": "content_warning.en: the text is empty; write one",
    "thread: [a, '']": "thread: the text is empty; write one",
}


@pytest.mark.parametrize("line", SAID)
def test_a_message_says_in_one_sentence_what_is_wrong_with_it(line: str) -> None:
    key = line.partition(":")[0]
    fields = {"id": "m", "kind": "call", "text": "hola"}
    rest = [f"    {name}: {value}" for name, value in fields.items() if name not in (key, "id")]
    text = "\n".join(["messages:", "  - id: m", f"    {line}", *rest])
    ((at, _, said),) = queue_problems(text)
    assert (at, said.removeprefix("message m").lstrip(",: ")) == (3, SAID[line])


def test_the_name_of_a_message_is_checked_as_well() -> None:
    assert queue_problems("messages:\n  - {id: dos niños, kind: call, text: a}") == [
        (
            2,
            "bad-value",
            "message 'dos niños', id: 'dos niños' cannot be the id of a message; "
            "write letters without accents, "
            "digits, - and _, no spaces, such as children-16000",
        )
    ]


def test_a_message_without_a_name_is_named_by_its_line() -> None:
    (problem,) = queue_problems("messages:\n  - {id: a, kind: call, text: a}\n  - {kind: call, text: a}")
    assert problem == (3, "missing", "message in line 3: id is missing; add it")


def test_two_messages_cannot_have_one_name() -> None:
    found = queue_problems(
        """
        messages:
          - {id: a, kind: call, text: one}
          - {id: b, kind: call, text: two}
          - {id: a, kind: call, text: three}
        """
    )
    assert found == [
        (4, "duplicate-id", "a is the id of two messages (the first in line 2); rename this one")
    ]


def test_all_problems_come_at_once_and_in_order() -> None:
    found = queue_problems(
        """
        messages:
          - id: one
            kind: fakt
            texto: hola
          - id: two
            kind: call
            text: &anchor hola
            weight: many
          - id: one
            kind: call
            text: Fact: a colon
          - just words
        mesages: []
        """
    )
    assert [(line, code) for line, code, _ in found] == [
        (3, "not-a-choice"),
        (4, "unknown-key"),
        (7, "anchor"),
        (8, "bad-value"),
        (11, "colon-in-text"),
        (12, "not-a-map"),
        (13, "unknown-key"),
    ]


def test_a_broken_message_leaves_the_sound_ones_for_further_checks() -> None:
    """
    messages:
      - {id: a, kind: fakt, text: one}
      - {id: b, kind: call, text: two}
      - {id: c, kind: call, texto: three}
      - {id: d, kind: call, text: four}
    """
    text = cleandoc(test_a_broken_message_leaves_the_sound_ones_for_further_checks.__doc__ or "")
    read = survey_queue(yaml.parse(text.encode(), "f"))
    assert read.whole is None
    assert read.sound is not None
    assert [message.id for message in read.sound.messages] == ["b", "d"]
    assert read.kept == (1, 3)


def test_a_misspelt_key_is_one_problem_and_not_two() -> None:
    assert [code for _, code, _ in queue_problems("messages: [{id: a, knd: call, text: b}]")] == [
        "unknown-key"
    ]


@pytest.mark.parametrize(
    ("text", "code", "word"),
    [
        ("", "not-a-map", "the file is empty; start it with messages:"),
        ("# nothing\n", "not-a-map", "the file is empty"),
        ("- id: a\n", "not-a-map", "start it with messages:"),
        ("hola\n", "not-a-map", "start it with messages:"),
        ("messages:\n", "empty", "the value is empty"),
        ("messages: hola\n", "not-a-list", "a list is wanted"),
        ("messages: {a: 1}\n", "not-a-list", "a list is wanted"),
        ("mesages: []\n", "unknown-key", "did you mean messages?"),
    ],
)
def test_a_file_of_another_shape_says_how_it_should_begin(text: str, code: str, word: str) -> None:
    ((line, found, said),) = queue_problems(text)
    assert (line, found) == (1, code)
    assert word in said


def test_an_empty_queue_is_a_queue() -> None:
    assert queue_problems("messages: []") == []


# --- config.yaml -----------------------------------------------------------------------------


def account(**fields: Any) -> dict[str, Any]:
    return config(accounts=[{"id": "x", "network": "x", "schedule": {"at": ["09:00"]}, **fields}])


CONFIG = {
    "petition goal with dots": (
        config(petition={"url": "https://example.org", "goal": "100.000"}),
        "petition.goal: '100.000' is not a plain whole number; write 100000",
    ),
    "petition without an address": (config(petition={"goal": 3}), "petition: url is missing; add it"),
    "no accounts": (config(accounts=[]), "accounts: the list is empty; write at least one entry"),
    "accounts as one map": (
        config(accounts={"id": "x"}),
        "accounts: a list is wanted; write it as […]",
    ),
    "a time zone": (
        config(campaign={"name": "T", "timezone": "Europe/Madird"}),
        "campaign.timezone: 'Europe/Madird' is not a time zone of the tz "
        "database; did you mean Europe/Madrid?",
    ),
    "a misspelt section": (
        config(delivry={}),
        "'delivry' is not a key that the bot knows; did you mean delivery?",
    ),
    "an address per language": (
        config(petition={"url": {"en": "https://example.org", "es": "example.org"}}),
        "petition.url.es: 'example.org' is not a web address; write it whole, "
        "such as https://example.org/petition",
    ),
    "an address for no language": (
        config(petition={"url": {"english": "https://example.org"}}),
        "petition.url.english: 'english' is not the code of a language; write it as en, es or pt-BR",
    ),
    "quiet hours": (
        config(quiet_hours="23:00-07:00"),
        'quiet_hours: two times are wanted, from and until; write them as ["23:00", "07:00"]',
    ),
    "one quiet hour": (
        config(quiet_hours=["23:00"]),
        'quiet_hours: two times are wanted, from and until; write them as ["23:00", "07:00"]',
    ),
    "settle": (
        config(delivery={"settle": "30s"}),
        "delivery: settle must be longer than timeout: a request must be over before it is looked up",
    ),
    "a port alone": (
        config(web={"listen": 8080}),
        'web.listen: 8080 is not a host and a port; write it as "127.0.0.1:8080"',
    ),
    "a threshold": (
        config(petition={"url": "https://example.org", "milestones": {"thresholds": [1000, "5.000"]}}),
        "petition.milestones.thresholds: '5.000' is not a plain whole number; write 5000",
    ),
    "every threshold": (
        config(petition={"url": "https://example.org", "milestones": {"then_every": 0}}),
        "petition.milestones.then_every: 0 is out of range; it must be at least 1",
    ),
    "account key": (
        account(schedul={}, schedule={"at": ["9:00"]}),
        "account x: 'schedul' is not a key that the bot knows; did you mean schedule?",
    ),
    "account network": (
        account(network="twitter"),
        "account x, network: 'twitter' is not one of x, mastodon, bluesky, dry",
    ),
    "account name": (
        account(id="X!"),
        "account 'X!', id: 'X!' cannot be the id of an account; write small "
        "letters, digits, - and _, a letter first, "
        "such as x",
    ),
    "account links": (
        account(links="sometimes"),
        "account x, links: 'sometimes' is not one of always, story, never and every N posts",
    ),
    "account budget": (
        account(budget={"usd_per_month": "25,50"}),
        "account x, budget.usd_per_month: '25,50' is not a plain number; write it as 25.50",
    ),
    "account visibility": (account(visibility="public"), "account x: visibility is for Mastodon"),
    "schedule of two kinds": (
        account(schedule={"at": ["09:00"], "every": "4h"}),
        "account x, schedule: a schedule needs exactly one of at, every and cron",
    ),
    "schedule of no kind": (
        account(schedule={"days": ["mon"]}),
        "account x, schedule: a schedule needs exactly one of at, every and cron",
    ),
    "schedule at": (
        account(schedule={"at": ["9 o'clock"]}),
        'account x, schedule.at: "9 o\'clock" is not a time of day; write it as "09:00"',
    ),
    "schedule at a number": (
        account(schedule={"at": 9}),
        'account x, schedule.at: 9 is not a time of day; write it as "09:00"',
    ),
    "schedule cron": (
        account(schedule={"cron": "@daily"}),
        "account x, schedule.cron: '@daily' is not a cron expression (it needs five fields); "
        'write minute hour day month weekday, such as "0 9 * * 1-5"',
    ),
    "schedule cron of words": (
        account(schedule={"cron": "0 9 * * lun"}),
        "account x, schedule.cron: '0 9 * * lun' is not a cron expression (Bad day-of-week); "
        'write minute hour day month weekday, such as "0 9 * * 1-5"',
    ),
    "schedule day": (
        account(schedule={"at": ["09:00"], "days": ["monday"]}),
        "account x, schedule.days: 'monday' is not one of mon, tue, wed, thu, "
        "fri, sat, sun; did you mean mon?",
    ),
    "schedule longer than a day": (
        account(schedule={"every": "2d"}),
        "account x, schedule: every is at least 1s and at most 24h; for rarer "
        "posts use at with days, or cron",
    ),
}


@pytest.mark.parametrize("case", CONFIG)
def test_the_settings_say_in_one_sentence_what_is_wrong_with_them(case: str) -> None:
    data, said = CONFIG[case]
    assert [message for _, message in config_problems(data)] == [said]


def test_one_broken_value_hides_no_rule_between_the_others() -> None:
    broken = config()
    broken["accounts"][1] |= {"server": None, "visibility": "everybody"}
    broken["delivery"] = {"settle": "10s", "catch_up": "some"}
    assert [code for code, _ in config_problems(broken)] == [
        "bad-value",  # a Mastodon account needs its server
        "not-a-choice",
        "bad-value",  # settle is shorter than timeout
        "not-a-choice",
    ]


def test_what_is_sound_of_the_settings_keeps_its_place() -> None:
    broken = config(foo=1)
    del broken["accounts"][0]["schedule"]
    read = survey_settings(yaml.parse(pyyaml.safe_dump(broken).encode(), "f"))
    assert read.whole is None
    assert read.sound is not None
    assert [account.id for account in read.sound.accounts] == ["mastodon"]
    assert read.kept == (1,)


def test_two_accounts_cannot_have_one_name() -> None:
    twice = config()
    twice["accounts"][1]["id"] = "x"
    assert [code for code, _ in config_problems(twice)] == ["duplicate-id"]


# --- nothing raises, nothing speaks jargon ---------------------------------------------------

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from(
        ["", "09:00", "4h", "99999999999d", "http://[::1", "https://a:b@c.de:99999", "0 0 31 2 *", "\u200b"]
    ),
    st.text(max_size=12),
)
TREES = st.recursive(
    LEAVES,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=6), below, max_size=3),
)


def paths(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    below: Any = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(deeper for step, each in below for deeper in paths(each, (*path, step)))]


def replaced(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    data[path[0]] = replaced(data[path[0]], path[1:], value)
    return data


FULL_QUEUE = [
    {
        "id": "full",
        "kind": "story",
        "text": {"en": ["a", "b"], "es": "c"},
        "media": [{"file": "a.jpg", "alt": "b"}],
        "thread": ["a", {"en": "b"}],
        "weight": 2,
        "not_before": "2026-12-01",
        "post_at": "2026-12-10 18:00 Europe/Madrid",
        "draft": True,
        "per": {"x": {"text": "d"}},
    }
]


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_value_anywhere_raises_or_is_answered_in_jargon(data: st.DataObject) -> None:
    config_text = (HOUSE / "config.example.yaml").read_text("utf-8")
    for whole, survey in (
        (yaml.parse(config_text.encode(), "f").data, survey_settings),
        (
            {"messages": FULL_QUEUE},
            survey_queue,
        ),
    ):
        tree = copy.deepcopy(whole)
        path = data.draw(st.sampled_from(paths(tree)))
        broken = replaced(tree, path, data.draw(TREES))
        dumped = pyyaml.dump(broken, allow_unicode=True, Dumper=pyyaml.CSafeDumper)
        for problem in survey(yaml.parse(dumped.encode(), "f")).problems:
            assert not any(word in problem.message.lower() for word in JARGON), problem
            assert "\n" not in problem.message


def test_reading_goes_only_where_it_was_sent(tmp_path: Path) -> None:
    here = os.getcwd()
    read_settings(tmp_path / "config.yaml")
    assert os.getcwd() == here
    assert list(tmp_path.iterdir()) == []
