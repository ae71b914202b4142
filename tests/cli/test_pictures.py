"""Pictures and threads from the files to the networks, as the commands show them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from bot import config
from bot.app import Bot, book_of
from bot.core.model import Event
from bot.sandbox import Sandbox
from bot.store import open_store
from tests.cli.conftest import Place
from tests.files.drawings import animation, encoded, photo, plain, put

MESSAGES = """\
messages:
  - id: tents
    kind: call
    text: Look at this.
    media:
      - file: media/tents.jpg
        alt: Tents by a bridge
    thread:
      - And read on.
  - id: other
    kind: call
    text: Other words.
  - id: reached
    kind: milestone
    text: "{signatures} have signed."
"""


@pytest.fixture
def pictured(place: Place) -> Place:
    place.write("messages.yaml", MESSAGES)
    put(place.folder, "media/tents.jpg", photo())
    return place


def problems(place: Place) -> list[tuple[str, str, int]]:
    return [(each["code"], each["severity"], each["line"]) for each in place.json("check")["problems"]]


def planned(place: Place) -> set[str]:
    return {row["message_id"] for row in place.json("preview", "--days", "3")}


def test_a_picture_and_a_thread_in_order_are_no_problem(pictured: Place):
    assert problems(pictured) == []
    assert planned(pictured) == {"tents", "other"}


@pytest.mark.parametrize(
    ("file", "data", "code"),
    [
        (None, None, "picture"),
        ("media/tents.jpg", encoded(plain()), "picture"),
        ("media/tents.jpg", b"\x00\x00\x00\x18ftypheic" + bytes(40), "picture"),
        ("media/tents.jpg", photo()[:-300], "picture"),
    ],
    ids=["missing", "a png", "heic", "half"],
)
def test_a_picture_that_cannot_be_used_is_an_error_at_its_line_and_stays_at_home(
    pictured: Place, file: str | None, data: bytes | None, code: str
):
    (pictured.folder / "media/tents.jpg").unlink()
    if file and data:
        put(pictured.folder, file, data)
    assert problems(pictured) == [(code, "error", 6)]
    assert planned(pictured) == {"other"}
    assert "cannot go out" in pictured.bot("post", "tents").output


def test_a_missing_alt_text_is_an_error_unless_it_is_only_wanted(pictured: Place):
    pictured.write("messages.yaml", MESSAGES.replace("        alt: Tents by a bridge\n", ""))
    assert problems(pictured) == [("alt-missing", "error", 6)]
    assert planned(pictured) == {"other"}
    config_yaml = (pictured.folder / "config.yaml").read_text("utf-8")
    pictured.write("config.yaml", config_yaml.replace("name: Test,", "name: Test, alt_text: wanted,"))
    assert problems(pictured) == [("alt-missing", "warning", 6)]
    assert planned(pictured) == {"tents", "other"}


def test_a_picture_that_one_network_does_not_take_goes_out_on_the_others(live: Place, box: Sandbox):
    live.write("messages.yaml", MESSAGES.replace("tents.jpg", "tents.gif"))
    put(live.folder, "media/tents.gif", animation(2, size=40))
    limits = {"x": {"length": 280, "counting": "weighted", "animation_bytes": 100, "picture_pixels": None}}
    put(live.folder, "state/limits.json", json.dumps(limits).encode())
    (found,) = live.json("check")["problems"]
    assert found["code"] == "picture-unfit"
    assert "(on x)" in found["message"]
    said = live.bot("post", "tents").output
    assert "has the animated media/tents.gif" in said
    assert (len(box.x.posts()), len(box.mastodon.posts())) == (0, 2)
    assert box.mastodon.posts()[0].alts == ("Tents by a bridge",)


def test_a_message_posted_by_hand_goes_out_with_all_it_has(live: Place, box: Sandbox):
    live.write("messages.yaml", MESSAGES)
    put(live.folder, "media/tents.jpg", photo())
    done = live.bot("post", "tents")
    assert done.exit_code == 0
    for site in (box.x, box.mastodon):
        first, second = site.posts()
        assert (first.alts, second.in_reply_to) == (("Tents by a bridge",), first.id)
    row = live.json("history")[0]
    assert row["text"] == "Look at this.\n\n---\n\nAnd read on.\n\nhttps://petition.example.org/p"


def test_a_running_bot_looks_at_a_picture_that_was_changed(pictured: Place, tmp_path: Path):
    loaded, events = config.load(pictured.folder / "config.yaml", {}), list[Event]()
    store = open_store(f"sqlite:///{tmp_path}/state.db")
    bot = Bot(loaded, store, {}, events.append)
    here = pictured.folder / "media/tents.jpg"
    assert not book_of(loaded, bot.clock.now()).looks["media/tents.jpg"].animated  # type: ignore[union-attr]
    here.write_bytes(b"words")
    os.utime(here, ns=(1, 1))
    bot.reread()
    assert [event.what for event in events] == ["reloaded"]
    assert "no picture" in bot.campaign.book.looks["media/tents.jpg"].reason  # type: ignore[union-attr]
    bot.reread()
    assert len(events) == 1
    store.close()


def test_an_edit_that_brings_a_picture_is_taken_up_once(pictured: Place, tmp_path: Path):
    pictured.write("messages.yaml", MESSAGES.replace("tents.jpg", "later.jpg"))
    loaded, events = config.load(pictured.folder / "config.yaml", {}), list[Event]()
    store = open_store(f"sqlite:///{tmp_path}/state.db")
    bot = Bot(loaded, store, {}, events.append)
    pictured.write("messages.yaml", MESSAGES)
    os.utime(pictured.folder / "messages.yaml", ns=(1, 1))
    for _ in range(3):
        bot.reread()
    assert [event.what for event in events] == ["reloaded"]
    store.close()
