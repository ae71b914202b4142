"""`petition-bot share build`, the page for everybody beside a running bot, and `media: card` in a post."""

from __future__ import annotations

import re
import signal
from urllib.request import urlopen

from bot.sandbox import Sandbox
from tests.cli.conftest import CONFIG, MESSAGES, Place

CARD = "messages:\n  - id: sign\n    kind: call\n    text: {}\n    media: card\n"
EVERYBODY = CONFIG.replace("listen:", 'public_listen: "127.0.0.1:0", listen:')


def test_the_folder_is_built_and_built_again(place: Place):
    first = place.bot("share", "build", "site")
    assert (first.exit_code, first.stderr) == (0, "")
    said, address = first.stdout.splitlines()
    assert re.fullmatch(r"site: \d+ files written, 0 as they were, 0 removed\.", said)
    assert "share.url is not set in config.yaml" in address
    assert "few of them" in (place.folder / "site/index.html").read_text("utf-8").lower()
    assert not (place.folder / "site/en/later").exists(), "a draft"
    again = place.bot("share", "build", "site").stdout
    assert "site: 0 files written" in again
    assert not place.state.exists(), "it only looks"


def test_a_folder_that_is_somebody_elses_is_left_alone(place: Place):
    place.folder.joinpath("site").mkdir()
    place.write("site/index.html", "mine")
    done = place.bot("share", "build", "site")
    assert done.exit_code == 1
    assert "index.html was not made by share build" in done.stderr
    assert place.folder.joinpath("site/index.html").read_text() == "mine"


def test_cards_that_cannot_be_drawn_are_told(place: Place):
    place.write("messages.yaml", MESSAGES.replace("Few of them", "Few 😀 of them"))
    done = place.bot("share", "build", "site")
    assert "too long, are left out: cards/en/court.png" in done.stdout


def test_what_was_posted_can_be_boosted_and_followed(live: Place, box: Sandbox):
    live.bot("post", "tents")
    live.bot("share", "build", "site")
    page = (live.folder / "site/index.html").read_text("utf-8")
    urls = [row["remote_url"] for row in live.json("history") if row["state"] == "posted"]
    assert urls
    assert all(f'href="{url}"' in page for url in urls)
    assert "<entry>" in (live.folder / "site/feed.en.xml").read_text("utf-8")


def test_a_card_goes_out_with_its_text_as_alt_text(live: Place, box: Sandbox):
    live.write("messages.yaml", CARD.format("Sign here."))
    assert live.bot("check").exit_code == 0
    assert live.bot("post", "sign").exit_code == 0
    for network in ("x", "mastodon"):
        (post,) = box.sites[network].posts()
        assert post.alts == ("Sign here.",)
    (media_id,) = box.mastodon.posts()[0].media_ids
    shown = box.mastodon.shelf.get(media_id)
    assert shown
    assert (shown.kind, shown.data[:4]) == ("image/png", b"\x89PNG")


def test_check_says_what_a_card_cannot_show_and_the_post_stays_at_home(live: Place, box: Sandbox):
    live.write("messages.yaml", CARD.format("Sign 😀."))
    done = live.bot("check")
    assert done.exit_code == 1
    assert "messages.yaml:5:" in done.output
    assert "the font of cards has no 😀" in done.output
    assert live.bot("post", "sign").exit_code == 1
    assert box.x.posts() == ()


def test_a_running_bot_serves_the_page_alone_for_everybody(place: Place):
    place.write("config.yaml", EVERYBODY)
    with place.start("run") as process:
        assert process.stdout
        line = process.stdout.readline()
        found = re.search(r"Followers find the share page at (http://127\.0\.0\.1:\d+/share/)", line)
        assert found, line
        with urlopen(found[1]) as answer:
            assert b"Few of them" in answer.read()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=25)
    assert process.returncode == 0
