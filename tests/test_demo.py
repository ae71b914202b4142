"""The demo as a newcomer starts it: the shipped files, three timelines, and a second start."""

from __future__ import annotations

import shutil
import threading
from collections import Counter
from pathlib import Path
from urllib.request import urlopen

import pytest

from bot.core.model import Event
from bot.demo import demo
from bot.sandbox import Published, read

TOP = Path(__file__).parents[1]
NETWORKS = ("x", "mastodon", "bluesky")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("config.example.yaml", "messages.yaml"):
        shutil.copy(TOP / name, tmp_path / name)
    shutil.copytree(TOP / "media", tmp_path / "media")
    return tmp_path


def watch(folder: Path, until: int) -> tuple[list[Event], str, bool]:
    """Run it until so many posts stand on each network (at most half a minute)."""
    events: list[Event] = []
    said: list[str] = []
    stop = threading.Event()

    def tell(event: Event) -> None:
        events.append(event)
        seen = Counter(each.account for each in events if each.what == "posted")
        if min(seen[each] for each in NETWORKS) >= until:
            stop.set()

    late = threading.Timer(30, stop.set)
    late.start()
    ended = demo(folder / "config.example.yaml", tell, said.append, stop)
    late.cancel()
    return events, said[0], ended


def timeline(folder: Path, network: str) -> tuple[Published, ...]:
    return read(folder / "state" / "demo" / "sandbox" / f"{network}.jsonl")


def test_the_shipped_campaign_is_seen_on_every_timeline_and_goes_on_where_it_stopped(folder: Path):
    first, said, ended = watch(folder, 1)
    assert ended
    assert "Nothing leaves this machine" in said
    assert not [event for event in first if event.what in ("refused", "held", "trouble", "missed")]
    before = {network: len(timeline(folder, network)) for network in NETWORKS}
    assert min(before.values()) >= 1
    watch(folder, 1)
    for network in NETWORKS:
        posts = timeline(folder, network)
        assert len(posts) > before[network]
        assert max(Counter(post.text for post in posts).values()) == 1


def test_both_pages_answer_while_it_runs(folder: Path):
    pages: list[int] = []

    def say(text: str) -> None:
        address = next(word for word in text.split() if word.startswith("http"))
        for path in ("", "/demo"):
            with urlopen(f"{address}{path}") as answer:
                pages.append(answer.status)
        stop.set()

    stop = threading.Event()
    demo(folder / "config.example.yaml", lambda event: None, say, stop)
    assert pages == [200, 200]


def test_a_demo_tells_nobody_and_has_no_heartbeat(folder: Path):
    """Their addresses are not even asked for."""
    config = folder / "config.example.yaml"
    config.write_text(f"{config.read_text('utf-8')}\nalerts: {{to: [team]}}\nheartbeat: true\n", "utf-8")
    stop = threading.Event()
    stop.set()
    assert demo(config, lambda event: None, lambda text: None, stop)


def test_what_it_learns_of_its_servers_is_not_held_for_true_of_real_ones(folder: Path):
    watch(folder, 1)
    assert not (folder / "state" / "limits.json").exists()
    assert (folder / "state" / "demo" / "limits.json").exists()
