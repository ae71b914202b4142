"""Whoever is on call hears of each thing once, through the real Apprise, whatever fails on the way."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot import config
from bot.alerts import OnCall, told, understood
from bot.app import Bot
from bot.core.model import Change, State, Unconfirmed
from bot.ports import StoreUnusable
from bot.store import open_store
from tests.given import account, at, book, message, settings
from tests.mailbox import Mailbox, mailbox
from tests.scripted import revoked
from tests.test_campaign import HOUR, MINUTE, NINE, START, World

TOKEN = "canary-7f3a-token"


@pytest.fixture
def team() -> Iterator[Mailbox]:
    with mailbox() as opened:
        yield opened


@pytest.fixture
def phone() -> Iterator[Mailbox]:
    with mailbox() as opened:
        yield opened


def address(of: Mailbox) -> str:
    return f"json://127.0.0.1:{of.port}/{TOKEN}"


class Watched(World):
    """A world in which somebody is on call and is told once a minute."""

    def __init__(self, folder: Path, alerts: dict[str, Any], **addresses: str) -> None:
        rules = {"to": list(addresses), **alerts}
        self.on_call: OnCall | None = None
        given = settings(account(), alerts=rules)
        super().__init__(
            book(*[message(f"m{n}") for n in range(5)], settings=given), f"sqlite:///{folder}/a.db"
        )
        self.addresses, self.given, self.trouble = addresses, given, ""
        self.on_call = self.employ()
        self.looked = self.clock.now()

    def employ(self) -> OnCall:
        return OnCall(self.store, lambda: open_store("sqlite://"), self.clock, self.events.append)

    def tick(self) -> None:
        super().tick()
        if self.on_call and self.clock.now() >= self.looked + MINUTE:
            self.looked = self.clock.now()
            self.on_call.look(self.given, self.addresses, self.campaign.needs, self.trouble)


Make = Callable[..., Watched]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[Watched] = []

    def world(alerts: dict[str, Any] | None = None, **addresses: str) -> Watched:
        made.append(Watched(tmp_path, alerts or {}, **addresses))
        return made[-1]

    yield world
    for each in made:
        each.store.close()
        spare = each.on_call and each.on_call._spare
        if spare:
            spare.close()


def test_a_held_account_is_told_once_and_again_only_after_it_was_well(make: Make, team: Mailbox) -> None:
    here = make(team=address(team))
    here.networks["mastodon"].will(revoked())
    here.go(NINE + 3 * HOUR)
    assert len(team.letters) == 1
    assert team.letters[0]["title"] == "Test: something needs you"
    assert "mastodon posts nothing: the keys were revoked" in team.texts[0]
    here.store.hold("mastodon", None)
    here.go(NINE + 4 * HOUR)
    here.store.hold("mastodon", "the keys were revoked")
    here.go(NINE + 5 * HOUR)
    assert len(team.letters) == 2


def test_nobody_is_told_while_all_is_well(make: Make, team: Mailbox) -> None:
    here = make({"digest": "09:30"}, team=address(team))
    here.go(NINE + 12 * HOUR)
    assert here.states() == ["posted", "posted"]
    assert team.paths == []


def test_after_a_restart_nobody_is_told_again(make: Make, team: Mailbox) -> None:
    here = make(team=address(team))
    here.store.hold("mastodon", "no keys")
    here.go(START + 10 * MINUTE)
    here.on_call = here.employ()
    here.go(START + 30 * MINUTE)
    assert len(team.letters) == 1


def test_several_things_at_once_are_one_letter(make: Make, team: Mailbox) -> None:
    here = make(team=address(team))
    here.store.hold("mastodon", "no keys")
    here.counter.closed = "closed"
    here.campaign.watch()
    here.go(START + 10 * MINUTE)
    assert [letter["title"] for letter in team.letters] == ["Test: 2 things need you"]


def test_a_post_that_waits_for_a_person_names_the_command(make: Make, team: Mailbox) -> None:
    here = make(team=address(team))
    network = here.networks["mastodon"]
    network.will(Unconfirmed("the answer was lost"))
    here.go(NINE + MINUTE)
    (row,) = here.store.unconfirmed()
    assert team.letters == [], "the bot looks it up by itself"
    assert here.store.settle(row, Change(State.UNCONFIRMED, "a near match", doubts=1))
    here.go(NINE + 5 * MINUTE)
    assert len(team.letters) == 1
    assert f"petition-bot resolve {row.id} posted" in team.texts[0]


# --- an address that fails -----------------------------------------------------------------------


def test_a_site_that_fails_is_tried_later_and_later_and_said_once(make: Make, team: Mailbox) -> None:
    here = make(team=address(team))
    team.status = 500
    here.store.hold("mastodon", "no keys")
    here.go(START + 3 * HOUR)
    assert 6 <= len(team.paths) <= 10
    (trouble,) = here.said("trouble")
    assert "team of alerts cannot be told" in trouble.text
    team.status = 200
    here.go(START + 5 * HOUR)
    assert len(team.letters) == 1


def test_one_address_that_fails_keeps_the_others_from_nothing(
    make: Make, team: Mailbox, phone: Mailbox
) -> None:
    here = make(team=address(team), phone=address(phone))
    team.status = 500
    here.store.hold("mastodon", "no keys")
    here.go(START + 2 * HOUR)
    assert (len(team.letters), len(phone.letters)) == (0, 1)
    team.status = 200
    here.go(START + 4 * HOUR)
    assert (len(team.letters), len(phone.letters)) == (1, 1)


def test_a_site_that_fails_stops_no_post(make: Make, team: Mailbox) -> None:
    here = make(team=address(team))
    team.close()
    here.counter.closed = "closed"
    here.campaign.watch()
    here.go(NINE + MINUTE)
    assert here.said("trouble")
    assert here.states() == ["posted"]


@pytest.mark.parametrize("status", [500, 401, 302])
def test_no_failure_shows_the_address(team: Mailbox, status: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    team.status = status
    why = told(f"{address(team)}/{TOKEN}?redirect=no", "title", "text")
    assert why
    assert TOKEN not in why + caplog.text


@pytest.mark.parametrize("given", ["nonsense", "nosuchservice://a/b", "json://", "tgram://canary-7f3a"])
def test_an_address_that_apprise_does_not_know_is_no_surprise(
    given: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert not understood(given)
    assert told(given, "title", "text") == "Apprise does not know such an address"
    assert "canary" not in caplog.text


def test_what_breaks_within_a_service_is_half_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    import apprise

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(TOKEN)

    monkeypatch.setattr(apprise.Apprise, "notify", broken)
    assert told("json://127.0.0.1:9/", "title", "text") == "it failed (RuntimeError)"


def test_several_addresses_may_stand_behind_one_name(team: Mailbox, phone: Mailbox) -> None:
    assert told(f"{address(team)} {address(phone)}", "title", "text") == ""
    assert team.texts == phone.texts == ["text"]


def test_nothing_is_kept_on_the_disk(team: Mailbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    told(address(team), "title", "text")
    assert list(tmp_path.rglob("*")) == []


# --- the digest and the state ------------------------------------------------------------------------


def test_once_a_day_all_that_is_open_still_is_told_together(make: Make, team: Mailbox) -> None:
    here = make({"digest": "10:00"}, team=address(team))
    here.store.hold("mastodon", "no keys")
    here.go(at("2026-12-03 10:30"), 5 * MINUTE / 5)
    titles = [letter["title"] for letter in team.letters]
    assert titles == ["Test: something needs you", *["Test: what is still open"] * 3]
    assert "since 2026-12-01 08:01 UTC: mastodon posts nothing" in team.texts[-1]


def test_a_state_that_cannot_be_used_is_told_although_nothing_can_be_written_down(
    make: Make, team: Mailbox
) -> None:
    here = make(team=address(team))

    def refuse() -> tuple[()]:
        raise StoreUnusable("the state has no room on its disk: free some space")

    assert here.on_call
    for _ in range(10):
        here.on_call.look(here.given, here.addresses, refuse)
        here.clock.forward(MINUTE)
    assert len(team.letters) == 1
    assert "no room on its disk" in team.texts[0]


def test_a_trouble_of_the_state_that_ends_by_itself_wakes_nobody(make: Make, team: Mailbox) -> None:
    here = make(team=address(team))
    here.trouble = "the state is locked"
    here.go(START + 1.5 * MINUTE)
    here.trouble = ""
    here.go(START + HOUR)
    assert team.letters == []


def test_people_are_told_only_of_what_they_want(make: Make, team: Mailbox) -> None:
    here = make({"about": ["links", "state"]}, team=address(team))
    here.store.hold("mastodon", "no keys")
    here.go(START + 30 * MINUTE)
    assert team.letters == []


def test_two_replicas_tell_once(make: Make, team: Mailbox, phone: Mailbox) -> None:
    here = make(team=address(team))
    here.store.hold("mastodon", "no keys")
    beside = here.employ()
    assert here.on_call
    for _ in range(5):
        for each in (here.on_call, beside):
            each.look(here.given, here.addresses, here.campaign.needs)
        here.clock.forward(MINUTE)
    assert len(team.letters) == 1


# --- a bot with its files --------------------------------------------------------------------------

CONFIG = """
campaign: {name: Test, timezone: UTC}
petition: {url: "https://petition.example.org/p"}
accounts:
  - {id: dry, network: dry, schedule: {every: 6h}}
alerts: {to: [team]}
heartbeat: true
"""
QUEUE = "messages:\n- {id: one, kind: call, text: Words of ours.}\n"


@pytest.fixture
def bot(tmp_path: Path, team: Mailbox) -> Iterator[Bot]:
    (tmp_path / "config.yaml").write_text(CONFIG)
    (tmp_path / "messages.yaml").write_text(QUEUE)
    secrets = {"ALERT_TEAM_URL": address(team), "HEARTBEAT_URL": f"http://127.0.0.1:{team.port}/ping"}
    with closing(open_store(f"sqlite:///{tmp_path}/state.db")) as store:
        yield Bot(config.load(tmp_path / "config.yaml", {}), store, secrets, speaks=True)


def edit(bot: Bot, name: str, text: str) -> None:
    path = bot.loaded.config_path.with_name(name)
    path.write_text(text)
    bot.reread()


def test_a_bot_that_does_one_round_tells_and_has_a_heartbeat(bot: Bot, team: Mailbox) -> None:
    bot.store.hold("dry", "no keys")
    bot.once()
    bot.once()
    assert [text.partition(":")[0] for text in team.texts] == ["dry posts nothing"]
    assert team.paths.count("/ping") == 2


def test_a_broken_edit_is_open_until_it_is_mended(bot: Bot) -> None:
    edit(bot, "messages.yaml", "messages: [")
    (need,) = bot.campaign.needs(bot.watcher._files())
    assert need.subject == "files"
    assert "the last good files stay" in need.words
    edit(bot, "messages.yaml", QUEUE + "# mended\n")
    assert bot.campaign.needs(bot.watcher._files()) == ()


def test_an_edit_without_its_address_is_not_taken_up(bot: Bot, team: Mailbox) -> None:
    edit(bot, "config.yaml", CONFIG.replace("[team]", "[team, phone]"))
    assert "ALERT_PHONE_URL is not set" in bot.watcher.broken
    edit(bot, "config.yaml", CONFIG.replace("alerts: {to: [team]}", ""))
    bot.store.hold("dry", "no keys")
    bot.once()
    assert team.texts == []


def test_messages_that_stay_at_home_are_named(bot: Bot) -> None:
    edit(bot, "messages.yaml", QUEUE + "- {id: two, kind: call, text: We ask\ufffd.}\n")
    (need,) = bot.campaign.needs(bot.watcher._files())
    assert need.words == "Not posted, since they have errors: two. See petition-bot check"


def test_what_is_needed_only_now_and_then_is_not_loaded_at_the_start() -> None:
    code = "import sys, bot.app, bot.web; print({'apprise', 'prometheus_client'} & {*sys.modules})"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"
