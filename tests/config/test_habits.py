"""What people really write, through both files at once."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from bot.config import Loaded, load

CONFIG = """
campaign:
  name: Educación
  timezone: Europe/Madrid
petition:
  url: https://example.org/p
accounts:
  - id: mastodon
    network: mastodon
    server: SERVER
    schedule:
      at: [10:30, 09:45, 9:05, 11:30:00]
"""
MESSAGES = """
messages:
  - id: one
    kind: call
    text: TEXT
"""


def campaign(folder: Path, text: str = "Firma", server: str = "a.org", encoding: str = "utf-8") -> Loaded:
    for name, written in (("config", CONFIG), ("messages", MESSAGES)):
        changed = written.lstrip().replace("SERVER", server).replace("TEXT", text)
        (folder / f"{name}.yaml").write_bytes(changed.encode(encoding))
    return load(folder / "config.yaml", {})


def said(loaded: Loaded) -> list[tuple[str, int, str]]:
    return [(problem.severity, problem.line, problem.code) for problem in loaded.problems]


def test_times_need_no_quotes_in_the_morning_or_later(tmp_path: Path) -> None:
    settings, _ = campaign(tmp_path).usable()
    assert settings.accounts[0].schedule.at == (time(10, 30), time(9, 45), time(9, 5), time(11, 30))


@pytest.mark.parametrize(
    "server",
    [
        "https://social.example.org/",
        "social.example.org",
        '" https://social.example.org"',
        "https://social.example.org/@bot",
        "https://social.example.org/api/v1",
    ],
)
def test_however_a_server_is_named_it_has_one_address(server: str, tmp_path: Path) -> None:
    settings, _ = campaign(tmp_path, server=server).usable()
    assert settings.accounts[0].server == "https://social.example.org"


def test_a_key_is_never_sent_over_http(tmp_path: Path) -> None:
    loaded = campaign(tmp_path, server="http://social.example.org")
    assert said(loaded) == [("error", 9, "bad-value")]
    assert "https://social.example.org" in loaded.problems[0].message


@pytest.mark.parametrize(
    ("text", "severity", "code"),
    [
        ("Firma ya #Sanidad", "warning", "hashtag-lost"),
        ("https://example.org/ #firma", "warning", "hashtag-lost"),
        ("[We asked, they refused]", "warning", "split-at-commas"),
        (r"Firma\nya", "warning", "literal-escape"),
        (r"\U0001F600 hola", "warning", "literal-escape"),
        ("Fact: 16,000", "error", "colon-in-text"),
        ("&amp fact", "error", "anchor"),
        ("", "error", "bad-value"),
        ("100", "error", "bad-value"),
        (r'"C:\Users\ana\foto.jpg"', "error", "bad-escape"),
        (r'"\ud83d hola"', "error", "lone-surrogate"),
        ("hola\t", "error", "invisible-character"),
        ("\n    - Fact: 16,000", "error", "text-became-map"),
        ("\n    - #Sanidad", "warning", "hashtag-lost"),
        ("#Sanidad para todas", "warning", "hashtag-lost"),
    ],
)
def test_a_text_that_would_not_go_out_as_meant_is_said(
    text: str, severity: str, code: str, tmp_path: Path
) -> None:
    found = said(campaign(tmp_path, text))
    assert (severity, 5 if text.startswith("\n") else 4, code) in found


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (r'"\ud83d\ude00 hola"', "😀 hola"),
        ('"16\u00a0000 personas"', "16\u00a0000 personas"),
        ("no", "no"),
        ("9:30", "9:30"),
        ("2027-02-01", "2027-02-01"),
        ("'#Sanidad para todas'", "#Sanidad para todas"),
        (">-\n      Firma ya\n      #Sanidad", "Firma ya #Sanidad"),
        ("|-\n      Firma ya\n      #Sanidad", "Firma ya\n#Sanidad"),
    ],
)
def test_other_texts_go_out_as_they_are_written(text: str, meant: str, tmp_path: Path) -> None:
    loaded = campaign(tmp_path, text)
    assert said(loaded) == []
    assert loaded.usable()[1].messages[0].text == {"": (meant,)}


@pytest.mark.parametrize(
    ("encoding", "codes"),
    [
        ("utf-8", []),
        ("utf-8-sig", []),
        ("utf-16", ["not-utf-8", "not-utf-8"]),
        ("latin-1", ["not-utf-8", "not-utf-8"]),
    ],
)
def test_no_mojibake_is_ever_posted(encoding: str, codes: list[str], tmp_path: Path) -> None:
    loaded = campaign(tmp_path, "Hasta mañana", encoding=encoding)
    assert [code for _, _, code in said(loaded)] == codes
    if not codes:
        assert loaded.usable()[1].messages[0].text == {"": ("Hasta mañana",)}
        assert loaded.usable()[0].campaign.name == "Educación"
