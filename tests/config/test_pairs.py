"""Rules between values, each of which is right alone."""

from __future__ import annotations

from typing import Any

import pytest

from bot.core.written import Settings
from bot.files.pairs import of_settings, unguarded


def settings(*accounts: dict[str, Any], **changes: Any) -> Settings:
    given: dict[str, Any] = {
        "campaign": {"name": "Test"},
        "petition": {"url": "https://example.org/p"},
        "accounts": accounts or (account(),),
        **changes,
    }
    return Settings.model_validate(given)


def account(id: str = "x", network: str = "x", **changes: Any) -> dict[str, Any]:
    return {"id": id, "network": network, "schedule": {"at": ["09:00"]}, **changes}


def found(given: Settings) -> list[tuple[Any, ...]]:
    return [(*each.loc, each.severity, each.code) for each in of_settings(given)]


def said(given: Settings) -> str:
    (finding,) = of_settings(given)
    return finding.message


# --- accounts --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ids", "clashes"),
    [
        (("chapter-a", "chapter_a"), True),
        (("x", "mastodon"), False),
        (("a", "a-access-token"), False),
        (("a-b", "a-b-c"), False),
    ],
)
def test_two_accounts_never_share_the_name_of_a_key(ids: tuple[str, str], clashes: bool) -> None:
    codes = found(settings(*(account(id) for id in ids)))
    assert codes == ([("accounts", 1, "id", "error", "secret-collision")] if clashes else [])


def test_accounts_without_keys_cannot_collide() -> None:
    assert found(settings(account("a-b", "dry"), account("a_b", "dry"))) == []


@pytest.mark.parametrize("more", [{}, {"server": "https://bsky.social"}])
def test_an_account_on_bluesky_needs_no_server(more: dict[str, str]) -> None:
    assert found(settings(account("sky", "bluesky", **more))) == []


@pytest.mark.parametrize(
    ("schedule", "key"),
    [
        ({"at": ["09:00", "09:04"]}, "at"),
        ({"at": ["18:00", "09:00", "18:04"]}, "at"),
        ({"at": ["23:58", "00:02"]}, "at"),
        ({"cron": "*/2 * * * *"}, "cron"),
        ({"cron": "0,3 9 * * 1-5"}, "cron"),
        ({"cron": "0,58 * * * *"}, "cron"),
        ({"every": "4m"}, "every"),
        ({"every": "1s"}, "every"),
        ({"every": "359m"}, "every"),
        ({"at": ["09:00", "09:05", "23:55", "00:00"]}, None),
        ({"cron": "*/5 * * * *"}, None),
        ({"cron": "59 23,1 * * *"}, None),
        ({"every": "5m"}, None),
        ({"every": "359m", "between": ["08:00", "22:00"]}, None),
        ({"every": "4h", "between": ["22:00", "02:00"]}, None),
        ({"every": "24h"}, None),
        ({"every": "1h", "between": ["09:00", "09:00"]}, None),
    ],
)
def test_the_posts_of_an_account_are_five_minutes_apart(schedule: dict[str, Any], key: str | None) -> None:
    codes = found(settings(account(schedule=schedule)))
    assert codes == ([("accounts", 0, "schedule", key, "error", "too-close")] if key else [])


def test_both_times_that_are_too_close_are_named() -> None:
    assert "18:00 and 18:04" in said(settings(account(schedule={"at": ["18:04", "09:00", "18:00"]})))


@pytest.mark.parametrize(
    "hurried",
    [account(network="dry"), account(api_url="http://127.0.0.1:9000"), account(api_url="http://localhost:1")],
)
def test_on_loopback_and_dry_nobody_is_bothered(hurried: dict[str, Any]) -> None:
    assert found(settings({**hurried, "schedule": {"every": "3s"}})) == []


def test_a_time_that_stands_twice_is_one_post() -> None:
    assert found(settings(account(schedule={"at": ["09:00", "9:00"]}))) == [
        ("accounts", 0, "schedule", "at", "warning", "twice")
    ]


@pytest.mark.parametrize(
    ("quiet", "at", "silent"),
    [
        (["23:00", "07:00"], "23:00", True),
        (["23:00", "07:00"], "06:59", True),
        (["23:00", "07:00"], "07:00", False),
        (["12:00", "14:00"], "13:00", True),
        (["12:00", "14:00"], "14:00", False),
        (["12:00", "12:00"], "12:00", False),
    ],
)
def test_a_time_in_quiet_hours_never_posts(quiet: list[str], at: str, silent: bool) -> None:
    codes = found(settings(account(schedule={"at": ["10:00", at]}), quiet_hours=quiet))
    assert codes == ([("accounts", 0, "schedule", "at", 1, "warning", "in-quiet-hours")] if silent else [])


@pytest.mark.parametrize("name", ["usd_per_month", "posts_per_day"])
def test_a_budget_of_nothing_is_doubted(name: str) -> None:
    assert found(settings(account(budget={name: 0}))) == [
        ("accounts", 0, "budget", name, "warning", "nothing-goes-out")
    ]


# --- the campaign ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "fine"),
    [
        ("StopMPP", True),
        ("Educación", True),
        ("año2027", True),
        ("#StopMPP", False),
        ("Stop MPP", False),
        ("2027", False),
    ],
)
def test_a_hashtag_is_one_word_without_its_mark(tag: str, fine: bool) -> None:
    codes = found(settings(campaign={"name": "T", "hashtags": ["Fine", tag]}))
    assert codes == ([] if fine else [("campaign", "hashtags", 1, "error", "bad-hashtag")])


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("{network}-{account}-{message}-{language}", ""),
        ("{mesage}", "did you mean message?"),
        ("{}", "there are network"),
        ("{0.__class__}", "there are network"),
    ],
)
def test_a_link_knows_four_fields(value: str, words: str) -> None:
    given = settings(campaign={"name": "T", "link_params": {"utm_source": value}})
    assert words in (said(given) if words else "")
    assert len(found(given)) == bool(words)


def counter(**changes: Any) -> Settings:
    return settings(petition={"url": "https://example.org", "counter": changes})


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ({"kind": "manual"}, []),
        ({"kind": "json", "url": "https://example.org/n", "path": "a"}, []),
        ({"kind": "json"}, ["missing", "missing"]),
        ({"kind": "json", "url": "https://example.org/n"}, ["missing"]),
        ({"kind": "json", "url": "https://example.org/n", "path": "a", "every": "30s"}, ["too-often"]),
        ({"kind": "json", "url": "http://127.0.0.1:1/n", "path": "a", "every": "1s"}, []),
        ({"kind": "manual", "every": "1s"}, []),
        ({"kind": "page"}, ["missing"]),
        ({"kind": "page", "select": ".count"}, []),
        ({"kind": "page", "select": ".count", "every": "30s"}, ["too-often"]),
        ({"kind": "uk_parliament"}, []),
        ({"kind": "eci", "select": ".count", "path": "a"}, ["no-effect", "no-effect"]),
        ({"kind": "action_network"}, ["bad-value"]),
        ({"kind": "action_network", "url": "https://actionnetwork.org/api/v2/petitions/d6"}, []),
        ({"kind": "json", "url": "http://example.org/n", "path": "a"}, ["not-encrypted"]),
        ({"kind": "json", "url": "http://10.0.0.5/n", "path": "a", "allow_private": True}, []),
        ({"kind": "json", "url": "https://example.org/n", "path": "a", "header": "X-Key"}, []),
        ({"kind": "page", "select": "b", "header": "X-Key"}, ["no-effect"]),
    ],
)
def test_a_counter_has_what_it_needs_and_takes_its_time(given: dict[str, Any], codes: list[str]) -> None:
    assert [code for *_, code in found(counter(**given))] == codes


@pytest.mark.parametrize(
    ("listen", "fine"),
    [
        ("127.0.0.1:8080", True),
        ("localhost:0", True),
        ("[::1]:80", True),
        ("127.0.0.2:80", True),
        ("0.0.0.0:8080", False),
        ("[::]:8080", False),
        ("example.org:80", False),
    ],
)
def test_a_page_that_others_reach_needs_its_address_and_a_user(listen: str, fine: bool) -> None:
    given = settings(web={"listen": listen})
    assert found(given) == ([] if fine else [("web", "listen", "warning", "no-address")])
    assert [each.code for each in unguarded(given)] == ([] if fine else ["open-to-others"])
    addressed = settings(web={"listen": listen, "url": "https://bot.example.org"})
    assert found(addressed) == []
    assert [each.code for each in unguarded(addressed)] == ([] if fine else ["open-to-others"])


@pytest.mark.parametrize(
    ("url", "fine"),
    [
        ("https://bot.example.org", True),
        ("https://bot.example.org:8443/", True),
        ("http://localhost:8080", True),
        ("https://example.org/bot", False),
        ("https://example.org/?bot", False),
    ],
)
def test_the_pages_have_a_host_of_their_own(url: str, fine: bool) -> None:
    assert found(settings(web={"url": url})) == ([] if fine else [("web", "url", "error", "bad-value")])


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("sqlite:///state/petition-bot.db", None),
        ("sqlite:////var/lib/bot.db", None),
        ("postgresql+psycopg://db.example.org/bot", None),
        ("postgresql://bot@db.example.org/bot", None),
        ("postgresql://bot:hunter2@db.example.org/bot", "secret-in-config"),
        ("sqlite://", "bad-value"),
        ("sqlite:///:memory:", "bad-value"),
        ("mysql://db.example.org/bot", "bad-value"),
        ("state/petition-bot.db", "bad-value"),
    ],
)
def test_a_state_is_a_file_or_a_postgresql_without_its_password(state: str, code: str | None) -> None:
    given = settings(state=state)
    assert found(given) == ([("state", "error", code)] if code else [])
    assert all("hunter2" not in finding.message for finding in of_settings(given))
