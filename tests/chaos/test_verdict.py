"""The verdict finds what a bot posted twice, lost or left: a check that cannot fail is worth nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.delivery import resolved
from bot.core.model import Change, Delivery, Go, NewDelivery, Post, State
from bot.sandbox.ledger import X_EPOCH, Ledger, Published
from bot.store import open_store
from chaos import __main__ as program
from chaos.__main__ import BAD, Played
from chaos.__main__ import GOOD as OURS
from chaos.person import look
from chaos.stage import NETWORKS, Stage, messages
from chaos.verdict import Verdict, settled, verdict
from tests.given import at

NINE = at("2026-12-01 09:00")
DAY = NINE, NINE + timedelta(days=1)


class Scene:
    """An outbox and a ledger that are made up line by line."""

    def __init__(self, folder: Path) -> None:
        self.stage = Stage(folder, {})
        (folder / "state").mkdir()
        (folder / "sandbox").mkdir()
        self.store = open_store(self.stage.state)
        self.ledger = Ledger(X_EPOCH, self.stage.ledger("x"))

    def row(self, key: str, state: str, **fields: Any) -> Delivery:
        """A delivery of one text, which is its key, in a state."""
        post = Post("x", "x", key, "fact", "en", (key, *fields.pop("more", ())), key, 1, 280)
        new = NewDelivery(f"x/{key}", "x", NINE, NINE, post=post, message_id=key, **fields)
        [row] = self.store.insert([new], {})
        if state == "due":
            return row
        claimed = self.store.claim(row.id, None, NINE, DAY, lambda *_: Go())
        assert isinstance(claimed, Delivery)
        if state != "sending":
            self.store.settle(claimed, Change(State(state)))
        return row

    def stands(self, text: str, **fields: Any) -> None:
        self.ledger.publish(Published("", text, NINE, "me", **fields))

    def verdict(self, *slots: str) -> Verdict:
        return verdict(self.stage, "x", {f"x/{key}" for key in slots})


@pytest.fixture
def scene(tmp_path: Path):
    made = Scene(tmp_path)
    yield made
    made.store.close()
    made.ledger.close()


def test_one_post_for_every_slot_is_clean(scene: Scene):
    for key in "ab":
        scene.row(key, "posted")
        scene.stands(key)
    found = scene.verdict("a", "b")
    assert found == Verdict(posts=2)
    assert found.clean


def test_a_second_post_of_one_delivery_is_a_duplicate(scene: Scene):
    scene.row("a", "posted")
    scene.stands("a")
    scene.stands("a")
    assert scene.verdict("a") == Verdict(posts=2, duplicates=1)


def test_a_post_that_no_delivery_says_is_one_too_many(scene: Scene):
    scene.stands("a")
    assert scene.verdict().duplicates == 1


def test_a_deleted_post_does_not_count(scene: Scene):
    scene.row("a", "posted")
    for _ in range(2):
        scene.stands("a")
    scene.ledger.withdraw(scene.ledger.posts()[0].id)
    assert scene.verdict("a") == Verdict(posts=1)


def test_posted_without_a_post_is_lost(scene: Scene):
    scene.row("a", "posted")
    assert scene.verdict("a") == Verdict(lost=1)


def test_a_part_of_a_thread_that_does_not_stand_is_lost(scene: Scene):
    scene.row("a", "posted", more=("b",))
    scene.stands("a")
    assert scene.verdict("a") == Verdict(posts=1, lost=1)


@pytest.mark.parametrize("state", ["missed", "refused", "cancelled"])
def test_a_slot_that_ended_without_a_post_is_lost(scene: Scene, state: str):
    scene.row("a", state)
    assert scene.verdict("a") == Verdict(lost=1)


@pytest.mark.parametrize("state", ["missed", "refused", "cancelled"])
def test_a_post_that_stands_and_is_not_said_to_is_lost(scene: Scene, state: str):
    """Also where nothing was lost by not posting it: a milestone that a higher one outran."""
    scene.row("a", state)
    scene.stands("a")
    assert scene.verdict() == Verdict(posts=1, lost=1)


def test_a_slot_without_a_row_is_lost(scene: Scene):
    assert scene.verdict("a") == Verdict(lost=1)


@pytest.mark.parametrize("state", ["due", "sending"])
def test_a_delivery_without_an_end_is_stuck(scene: Scene, state: str):
    scene.row("a", state)
    assert scene.verdict("a") == Verdict(stuck=1)
    assert not settled(scene.stage)


def test_one_that_waits_for_a_person_is_not(scene: Scene):
    scene.row("a", "unconfirmed")
    assert scene.verdict("a") == Verdict(asked=1)
    assert settled(scene.stage)


def test_a_second_repost_is_a_duplicate(scene: Scene):
    scene.row("a", "posted")
    scene.stands("a")
    row = NewDelivery("x/again", "x", NINE, NINE, action="repost", target="x/a")
    [again] = scene.store.insert([row], {})
    claimed = scene.store.claim(again.id, None, NINE, DAY, lambda *_: Go())
    assert isinstance(claimed, Delivery)
    scene.store.settle(claimed, Change(State.POSTED))
    for _ in range(2):
        scene.stands("a", repost_of="1")
    assert scene.verdict("a") == Verdict(posts=3, duplicates=1)


# --- what is made of it ---------------------------------------------------------------------------


def game(strategy: str, **counts: int) -> Played:
    return Played(strategy, 100, dict.fromkeys(NETWORKS, Verdict(posts=100, **counts)), [])


GOOD = [*map(game, OURS), *(game(each, duplicates=1) for each in BAD)]


def test_all_is_well_when_ours_is_clean_and_every_naive_one_is_caught():
    assert list(program._problems(GOOD)) == []


@pytest.mark.parametrize("counts", [{"duplicates": 1}, {"lost": 1}, {"stuck": 1}, {"asked": 5}], ids=str)
@pytest.mark.parametrize("strategy", OURS)
def test_whatever_ours_does_wrong_is_a_problem(strategy: str, counts: dict[str, int]):
    assert list(program._problems([*GOOD, game(strategy, **counts)]))


@pytest.mark.parametrize("strategy", BAD)
def test_a_naive_strategy_that_looks_clean_is_a_problem(strategy: str):
    caught = [each for each in GOOD if each.strategy != strategy]
    [problem] = program._problems([*caught, game(strategy)])
    assert "was not caught" in problem


def test_no_two_texts_of_a_round_are_alike():
    texts = [each["text"] for each in messages(1)["messages"]]
    assert len(set(texts)) == len(texts)
    assert messages(1) == messages(1) != messages(2)


def test_no_two_texts_of_several_towns_are_alike():
    """No two accounts on X may say the same, and a second post of one text is one too many."""
    made = messages(1, towns=3, texts=100)["messages"]
    facts = [each for each in made if each["kind"] == "fact"]
    texts = [text for each in facts for text in each["text"]]
    assert len(set(texts)) == len(texts)
    for account in (f"{network}{town}" for network in NETWORKS for town in ("", "2", "3")):
        assert sum(len(each["text"]) for each in facts if account in each["accounts"]) >= 100


def test_an_account_of_another_town_has_its_own_server_and_ledger(tmp_path: Path):
    servers = {"x": 1, "x2": 2, "petition": 3, "petition2": 4, "bluesky2": 5}
    here = Stage(tmp_path, servers, database="postgresql+psycopg://host/state")
    assert here.accounts == ("x", "x2", "bluesky2")
    assert here.ledger("x2") == tmp_path / "sandbox2" / "x.jsonl"
    assert here.ledger("bluesky") == tmp_path / "sandbox" / "bluesky.jsonl"
    assert here.state == "postgresql+psycopg://host/state"


def test_the_table_has_a_row_for_every_network_and_strategy():
    assert len(program._table(GOOD).splitlines()) == 1 + len(NETWORKS) * (len(OURS) + len(BAD))


def test_what_a_person_has_settled_is_not_lost(scene: Scene):
    gone, begun = scene.row("a", "sending"), scene.row("b", "sending", more=("b2",))
    scene.stands("b")
    for row, there in ((gone, False), (begun, True)):
        doubted = scene.store.delivery(row.id)
        assert doubted
        scene.store.settle(doubted, resolved(doubted, posted=there, now=NINE))
    found = scene.verdict("a", "b")
    assert found == Verdict(posts=1, asked=2)
    assert found.clean


def test_a_person_says_what_stands(scene: Scene):
    for key in "ab":
        scene.row(key, "unconfirmed")
    scene.stands("b")
    look(scene.stage)
    assert {row.key: row.state.value for row in scene.store.history()} == {"x/a": "missed", "x/b": "posted"}
