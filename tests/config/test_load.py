"""Both files and the environment as one answer."""

from __future__ import annotations

from inspect import cleandoc
from pathlib import Path

import pytest

from bot.config import ConfigRefused, Loaded, load, located, path_from, state_url
from bot.core.lint import Finding
from bot.core.written import Settings

CONFIG = """
campaign:
  name: Test
petition:
  url: https://example.org/p
accounts:
  - id: x
    network: x
    schedule: {at: ["09:00"]}
  - id: mastodon
    network: mastodon
    server: social.example.org
    schedule: {every: 4h}
"""
MESSAGES = """
messages:
  - id: one
    kind: call
    text: One
  - id: two
    kind: call
    text:
      - Two
      - Deux
"""


def campaign(folder: Path, config: str = CONFIG, messages: str = MESSAGES) -> Loaded:
    (folder / "config.yaml").write_text(config.lstrip(), "utf-8")
    (folder / "messages.yaml").write_text(messages.lstrip(), "utf-8")
    return load(folder / "config.yaml", {})


def lines(loaded: Loaded) -> list[tuple[str, int, str]]:
    return [(Path(each.file).name, each.line, each.code) for each in loaded.problems]


# --- loading ---------------------------------------------------------------------------------


def test_two_sound_files_are_usable(tmp_path: Path) -> None:
    loaded = campaign(tmp_path)
    assert loaded.problems == []
    settings, queue = loaded.usable()
    assert settings.account("mastodon").server == "https://social.example.org"
    assert [message.id for message in queue.messages] == ["one", "two"]
    assert loaded.checkable() == (settings, queue)


def test_messages_stand_beside_the_config_whatever_it_is_called(tmp_path: Path) -> None:
    campaign(tmp_path)
    (tmp_path / "config.yaml").rename(tmp_path / "mine.yaml")
    loaded = load(tmp_path / "mine.yaml", {})
    assert loaded.messages_path == tmp_path / "messages.yaml"
    assert loaded.queue is not None


def test_the_problems_of_both_files_come_at_once(tmp_path: Path) -> None:
    broken = CONFIG.replace("09:00", "late").replace("name: Test", "nam: Test")
    loaded = campaign(tmp_path, broken, MESSAGES.replace("kind: call", "kind: cal", 1))
    assert lines(loaded) == [
        ("config.yaml", 2, "unknown-key"),
        ("config.yaml", 8, "bad-value"),
        ("messages.yaml", 3, "not-a-choice"),
    ]
    with pytest.raises(ConfigRefused) as refusal:
        loaded.usable()
    assert refusal.value.exit_code == 78
    assert [problem.line for problem in refusal.value.problems] == [2, 8, 3]


def test_one_broken_file_leaves_the_other(tmp_path: Path) -> None:
    loaded = campaign(tmp_path, messages="messages: [")
    assert loaded.settings is not None
    assert loaded.queue is None


def test_two_missing_files_are_two_problems(tmp_path: Path) -> None:
    loaded = load(tmp_path / "config.yaml", {})
    assert lines(loaded) == [("config.yaml", 1, "unreadable"), ("messages.yaml", 1, "unreadable")]
    assert loaded.checkable() is None


def test_a_refusal_names_every_error_and_no_warning(tmp_path: Path) -> None:
    loaded = campaign(tmp_path, messages=MESSAGES.replace("text: One", "text: One #Tag") + "  - id: three\n")
    with pytest.raises(ConfigRefused) as refusal:
        loaded.usable()
    assert {problem.severity for problem in loaded.problems} == {"error", "warning"}
    assert {problem.severity for problem in refusal.value.problems} == {"error"}
    assert str(refusal.value).count("\n") == len(refusal.value.problems) - 1


# --- between the files -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("accounts: [mastodn]", "unknown-account", "did you mean mastodon?"),
        ("accounts: [x, facebook]", "unknown-account", "there are x, mastodon"),
        ("per: {mastodn: {text: a}}", "unknown-account", "did you mean mastodon?"),
    ],
)
def test_a_message_names_only_accounts_that_there_are(
    line: str, code: str, words: str, tmp_path: Path
) -> None:
    loaded = campaign(tmp_path, messages=MESSAGES.replace("    text: One", f"    {line}\n    text: One"))
    (problem,) = loaded.problems
    assert (problem.line, problem.code, problem.severity) == (4, code, "error")
    assert words in problem.message
    assert loaded.queue is None
    assert loaded.settings is not None


@pytest.mark.parametrize(
    "line", ["accounts: [x, mastodon]", "per: {x: {text: a}}", "per: {bluesky: {text: a}}"]
)
def test_networks_and_accounts_may_be_named(line: str, tmp_path: Path) -> None:
    loaded = campaign(tmp_path, messages=MESSAGES.replace("    text: One", f"    {line}\n    text: One"))
    assert loaded.problems == []


def test_an_account_that_is_broken_is_still_an_account(tmp_path: Path) -> None:
    broken = CONFIG.replace("network: x", "network: twitter")
    loaded = campaign(tmp_path, broken, MESSAGES.replace("    text: One", "    accounts: [x]\n    text: One"))
    assert lines(loaded) == [("config.yaml", 7, "not-a-choice")]


def test_a_config_that_cannot_be_read_blames_no_message(tmp_path: Path) -> None:
    broken = CONFIG.replace("network: x", "network: x: y")
    loaded = campaign(tmp_path, broken, MESSAGES.replace("    text: One", "    accounts: [x]\n    text: One"))
    assert lines(loaded) == [("config.yaml", 7, "colon-in-text")]


# --- places of findings ----------------------------------------------------------------------


def test_findings_are_shown_where_the_value_stands(tmp_path: Path) -> None:
    loaded = campaign(tmp_path)
    found = [
        Finding("messages", ("messages", 1, "text", 1), "error", "too-long", "a"),
        Finding("messages", ("messages", 0, "per", "x"), "warning", "b", "b"),
        Finding("config", ("accounts", 1, "server"), "error", "c", "c"),
        Finding("config", ("web", "listen"), "error", "d", "d"),
    ]
    shown = [(Path(each.file).name, each.line, each.column, each.code) for each in located(found, loaded)]
    assert shown == [
        ("messages.yaml", 9, 9, "too-long"),
        ("messages.yaml", 2, 5, "b"),
        ("config.yaml", 11, 13, "c"),
        ("config.yaml", 1, 1, "d"),
    ]


def test_findings_about_the_sound_entries_skip_the_broken_ones(tmp_path: Path) -> None:
    """
    messages:
      - id: broken
        kind: call
      - id: sound
        kind: call
        text: hola
    """
    text = cleandoc(test_findings_about_the_sound_entries_skip_the_broken_ones.__doc__ or "")
    loaded = campaign(tmp_path, CONFIG.replace("network: x", "network: twitter"), text)
    sound = loaded.checkable()
    assert sound is not None
    assert [account.id for account in sound[0].accounts] == ["mastodon"]
    assert [message.id for message in sound[1].messages] == ["sound"]
    found = [
        Finding("messages", ("messages", 0, "text"), "warning", "a", "a"),
        Finding("config", ("accounts", 0, "server"), "warning", "b", "b"),
    ]
    assert [each.line for each in located(found, loaded)] == [6, 11]


# --- paths and the state ---------------------------------------------------------------------


def test_the_option_wins_over_the_environment(tmp_path: Path) -> None:
    environ = {"PETITION_BOT_CONFIG": "there.yaml"}
    assert path_from("here.yaml", environ) == Path("here.yaml")
    assert path_from(None, environ) == Path("there.yaml")
    assert path_from(None, {}) == Path("config.yaml")
    assert path_from(None, {"PETITION_BOT_CONFIG": ""}) == Path("config.yaml")
    assert path_from(str(tmp_path), {}) == tmp_path / "config.yaml"


def given(state: str = "sqlite:///state/petition-bot.db") -> Settings:
    return Settings.model_validate(
        {
            "campaign": {"name": "T"},
            "petition": {"url": "https://example.org"},
            "accounts": [{"id": "x", "network": "dry", "schedule": {"at": ["09:00"]}}],
            "state": state,
        }
    )


def test_a_relative_state_lies_beside_the_config(tmp_path: Path) -> None:
    assert state_url(given(), tmp_path, {}) == f"sqlite:///{tmp_path}/state/petition-bot.db"
    assert state_url(given("sqlite:////var/lib/bot.db"), tmp_path, {}) == "sqlite:////var/lib/bot.db"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_database_url_wins_and_means_psycopg(scheme: str, tmp_path: Path) -> None:
    url = f"{scheme}://bot:secret@db.example.org/bot"
    expected = "postgresql+psycopg://bot:secret@db.example.org/bot"
    assert state_url(given(), tmp_path, {"DATABASE_URL": url}) == expected
    (tmp_path / ".env").write_text(f"DATABASE_URL={url}\n")
    (tmp_path / ".env").chmod(0o600)
    assert state_url(given(), tmp_path, {}) == expected


@pytest.mark.parametrize("url", ["mysql://bot:hunter2@db/bot", "sqlite://", "sqlite:///:memory:", "hunter2"])
def test_a_database_url_of_another_kind_is_refused_unseen(url: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigRefused) as refusal:
        state_url(given(), tmp_path, {"DATABASE_URL": url})
    assert "hunter2" not in str(refusal.value)
    assert "postgresql+psycopg://" in str(refusal.value)
