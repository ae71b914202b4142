"""Keys are found where they may stand, and are never shown."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path
from typing import Any

import pytest

from bot.core.written import Account, CounterInfo
from bot.files.secrets import (
    REQUIRED,
    WHENCE,
    ConfigRefused,
    Secrets,
    counter_secret,
    counter_variable,
    secrets,
)

CANARY = "s3cr3t-canary"


def account(id: str = "mastodon", network: str = "mastodon") -> Account:
    server = "https://social.example.org" if network in ("mastodon", "bluesky") else None
    return Account.model_validate(
        {"id": id, "network": network, "server": server, "schedule": {"at": ["09:00"]}}
    )


def dot_env(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / ".env"
    path.write_text(text, "utf-8")
    path.chmod(mode)
    return path


def refused(*arguments: Any) -> list[str]:
    with pytest.raises(ConfigRefused) as refusal:
        secrets(*arguments)
    assert refusal.value.exit_code == 78
    assert CANARY not in str(refusal.value)
    return [problem.message for problem in refusal.value.problems]


def test_a_key_comes_from_the_environment(tmp_path: Path) -> None:
    found = secrets(account(), {"MASTODON_ACCESS_TOKEN": CANARY}, tmp_path)
    assert dict(found) == {"ACCESS_TOKEN": CANARY}


def test_a_key_comes_from_dot_env_beside_the_config(tmp_path: Path) -> None:
    dot_env(tmp_path, f'# keys\nexport MASTODON_ACCESS_TOKEN="{CANARY}$HOME"\n')
    assert secrets(account(), {}, tmp_path)["ACCESS_TOKEN"] == f"{CANARY}$HOME"


def test_a_key_comes_from_the_file_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{CANARY}\n")
    for environ in (
        {"MASTODON_ACCESS_TOKEN_FILE": str(tmp_path / "token")},
        {"MASTODON_ACCESS_TOKEN_FILE": "token"},
    ):
        assert secrets(account(), environ, tmp_path)["ACCESS_TOKEN"] == CANARY


def test_the_environment_wins_over_dot_env(tmp_path: Path) -> None:
    dot_env(tmp_path, "MASTODON_ACCESS_TOKEN=old\n")
    assert secrets(account(), {"MASTODON_ACCESS_TOKEN": "new"}, tmp_path)["ACCESS_TOKEN"] == "new"
    assert secrets(account(), {"MASTODON_ACCESS_TOKEN": ""}, tmp_path)["ACCESS_TOKEN"] == "old"


def test_the_name_of_a_key_is_the_accounts_in_capitals(tmp_path: Path) -> None:
    found = secrets(account("chapter-7_b"), {"CHAPTER_7_B_ACCESS_TOKEN": CANARY}, tmp_path)
    assert found["ACCESS_TOKEN"] == CANARY


def test_every_missing_key_is_named_with_where_it_comes_from(tmp_path: Path) -> None:
    said = refused(account("x", "x"), {"X_API_KEY": CANARY}, tmp_path)
    assert [sentence.split()[3] for sentence in said] == [
        "X_API_SECRET:",
        "X_ACCESS_TOKEN:",
        "X_ACCESS_TOKEN_SECRET:",
    ]
    assert all("console.x.com" in sentence for sentence in said)
    (one,) = refused(account(), {}, tmp_path)
    assert "https://social.example.org" in one


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o602])
def test_a_file_that_others_can_read_is_refused(mode: int, tmp_path: Path) -> None:
    path = dot_env(tmp_path, f"MASTODON_ACCESS_TOKEN={CANARY}\n", mode)
    (said,) = refused(account(), {"MASTODON_ACCESS_TOKEN": CANARY}, tmp_path)
    assert f"chmod 600 {path}" in said


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_file_of_ones_own_is_read(mode: int, tmp_path: Path) -> None:
    dot_env(tmp_path, f"MASTODON_ACCESS_TOKEN={CANARY}\n", mode)
    assert secrets(account(), {}, tmp_path)["ACCESS_TOKEN"] == CANARY


@pytest.mark.parametrize(
    "value", [f"{CANARY} x", f"{CANARY}\u200b", f"“{CANARY}”", f"{CANARY}\nX: y", f"ñ{CANARY}"]
)
def test_a_key_with_a_character_that_no_key_has_is_refused_unseen(value: str, tmp_path: Path) -> None:
    (said,) = refused(account(), {"MASTODON_ACCESS_TOKEN": value}, tmp_path)
    assert "copy the key once more" in said


def test_a_named_file_that_is_not_there_is_said_once(tmp_path: Path) -> None:
    (said,) = refused(account(), {"MASTODON_ACCESS_TOKEN_FILE": "/nowhere/token"}, tmp_path)
    assert "MASTODON_ACCESS_TOKEN_FILE names a file that cannot be read" in said


def test_a_dot_env_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = dot_env(tmp_path, "")
    path.write_bytes(b"MASTODON_ACCESS_TOKEN=ma\xf1ana\n")
    (said,) = refused(account(), {}, tmp_path)
    assert "save as UTF-8" in said


def test_a_dot_env_with_a_mark_is_read(tmp_path: Path) -> None:
    path = dot_env(tmp_path, "")
    path.write_bytes(f"\ufeffMASTODON_ACCESS_TOKEN={CANARY}\r\n".encode())
    assert secrets(account(), {}, tmp_path)["ACCESS_TOKEN"] == CANARY


def test_a_folder_called_dot_env_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir(mode=0o700)
    (said,) = refused(account(), {}, tmp_path)
    assert "cannot be read" in said


def test_secrets_show_their_names_only() -> None:
    kept = Secrets({"ACCESS_TOKEN": CANARY})
    shown = [
        repr(kept),
        str(kept),
        f"{kept}",
        f"{kept!r:>5}",
        repr([kept]),
        repr({"a": kept}),
        str(dir(kept)),
    ]
    assert all(CANARY not in each for each in shown)
    assert not hasattr(kept, "__dict__")
    assert "ACCESS_TOKEN" in repr(kept)


def test_secrets_are_not_written_anywhere() -> None:
    kept = Secrets({"ACCESS_TOKEN": CANARY})
    for write in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError, match="not written"):
            write(kept)


def test_an_account_that_only_prints_needs_no_key(tmp_path: Path) -> None:
    assert dict(secrets(account("print", "dry"), {}, tmp_path)) == {}


def test_every_network_with_keys_says_where_they_come_from() -> None:
    assert {network for network, fields in REQUIRED.items() if fields} == set(WHENCE)


# --- the counter -------------------------------------------------------------------------------

OSDI = CounterInfo(kind="action_network")
HEADER = CounterInfo(kind="json", header="Authorization")


def test_the_counters_header_names_its_variable(tmp_path: Path) -> None:
    assert counter_variable("OSDI-API-Token") == "PETITION_OSDI_API_TOKEN"
    assert counter_secret(OSDI, {"PETITION_OSDI_API_TOKEN": CANARY}, tmp_path) == CANARY
    dot_env(tmp_path, f'PETITION_AUTHORIZATION="Bearer {CANARY}"\n')
    assert counter_secret(HEADER, {}, tmp_path) == f"Bearer {CANARY}"


def test_a_counter_without_a_header_needs_no_secret(tmp_path: Path) -> None:
    assert counter_secret(CounterInfo(), {}, tmp_path) is None


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({}, "petition.counter needs PETITION_OSDI_API_TOKEN: find it at the API & Sync page of your group"),
        ({"PETITION_OSDI_API_TOKEN": f"{CANARY}\u00e9"}, "PETITION_OSDI_API_TOKEN holds a character"),
        ({"PETITION_OSDI_API_TOKEN_FILE": "gone"}, "PETITION_OSDI_API_TOKEN_FILE names a file"),
    ],
)
def test_a_counters_secret_that_is_missing_or_damaged_is_said_without_it(
    tmp_path: Path, environ: dict[str, str], said: str
) -> None:
    with pytest.raises(ConfigRefused) as refusal:
        counter_secret(OSDI, environ, tmp_path)
    (problem,) = refusal.value.problems
    assert problem.message.startswith(said)
    assert CANARY not in str(refusal.value)
