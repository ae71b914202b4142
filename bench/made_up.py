"""Campaigns of any size, the same ones at every run."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

WORDS = [
    "asylum",
    "border",
    "court",
    "frontera",
    "niñez",
    "petition",
    "sign",
    "today",
    "año",
    "people",
    "waiting",
    "judge",
    "city",
    "“quote”",
    "2019",
    "lawyer",
    "🙂",
    "shelter",
    "safety",
    "familia",
    "documents",
    "—",
    "months",
    "años",
    "school",
    "water",
    "protección",
    "https://example.org/a",
    "日本語",
]


def text(rng: random.Random, words: int = 20) -> str:
    return " ".join(rng.choices(WORDS, k=words))


def texts(count: int, seed: int = 1) -> list[str]:
    rng = random.Random(seed)
    return [text(rng, rng.randint(5, 40)) for _ in range(count)]


def messages(count: int) -> list[dict[str, Any]]:
    rng = random.Random(2)
    kinds = ("fact", "fact", "story", "call")
    plain = [word for word in WORDS if not word.startswith("http")]
    return [
        {"id": f"m{n}", "kind": rng.choice(kinds), "text": " ".join(rng.choices(plain, k=18)) + f" {n}"}
        for n in range(count)
    ]


def config(accounts: int) -> dict[str, Any]:
    x = {"network": "x"}
    mastodon = {"network": "mastodon", "server": "https://social.example.org"}
    return {
        "campaign": {"name": "Bench", "timezone": "America/Chicago", "hashtags": ["Sign"]},
        "petition": {"url": "https://petition.example.org/p"},
        "rotation": {"mix": ["fact", "fact", "story", "call"], "cooldown": "3d"},
        "accounts": [
            {
                "id": f"a{n}",
                "schedule": {"every": "4h", "jitter": "5m"},
                **(x if n < accounts / 5 else mastodon),
            }
            for n in range(accounts)
        ],
    }


def write(folder: Path, count: int, accounts: int) -> Path:
    """Both files (JSON is YAML, but the messages are written as people would). Returns config.yaml."""
    lines = ["messages:"]
    for each in messages(count):
        quoted = json.dumps(each["text"], ensure_ascii=False)
        lines += [f"  - id: {each['id']}", f"    kind: {each['kind']}", f"    text: {quoted}"]
    (folder / "messages.yaml").write_text("\n".join(lines) + "\n", "utf-8")
    path = folder / "config.yaml"
    path.write_text(json.dumps(config(accounts), indent=1), "utf-8")
    return path
