"""A restored backup knows nothing of what went out since it was made; still nothing goes out twice."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.aftermath import Restored, restored
from bot.core.model import Identity, State, Timeline, Unconfirmed, Unreadable
from bot.ports import StateLocked
from bot.store import lock, open_store
from tests.given import account, at, book, message, settings
from tests.scripted import Scripted, down
from tests.test_campaign import HOUR, MINUTE, NINE, START, World

QUEUE = [message(f"m{n}", text=f"{word} {word} {word}.") for n, word in enumerate(["Ice", "Bread", "Roads"])]
OFTEN = account(schedule={"every": "10m"}, server="http://127.0.0.1")


class Keeper(World):
    """A world whose state is backed up and restored; the networks go on as they are."""

    def __init__(self, folder: Path, *accounts: dict[str, Any], **fields: Any) -> None:
        self.folder = folder
        shutil.copy(folder.parent / "blank.db", folder / "state.db")
        messages = fields.pop("messages", QUEUE)
        given = book(*messages, settings=settings(*(accounts or (OFTEN,)), **fields))
        super().__init__(given, f"sqlite:///{folder}/state.db")

    def back_up(self) -> None:
        self.store.backup(self.folder / "backup.db")

    def restore(self) -> Restored:
        """Restore the backup and start the bot again."""
        self.store.close()
        given = self.campaign.book
        done = restored(given, self.url, self.folder / "backup.db", self.clock.now())
        self.store = open_store(self.url)
        self.start(given)
        return done

    @property
    def network(self) -> Scripted:
        return next(iter(self.networks.values()))

    def of_the_count(self) -> list[str]:
        """The states of announcements and their reposts."""
        return [row.state.value for row in reversed(self.store.history()) if row.kind == "milestone"]

    def announced(self) -> list[str]:
        return [text for text in self.network.texts() if "have signed" in text]


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("restored")
    open_store(f"sqlite:///{folder}/blank.db").close()
    return folder


@pytest.fixture
def keeper(blank: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Keeper]]:
    made: list[Keeper] = []

    def make(*accounts: dict[str, Any], **fields: Any) -> Keeper:
        folder = blank / f"{len(list(blank.iterdir()))}"
        folder.mkdir()
        made.append(Keeper(folder, *accounts, **fields))
        return made[-1]

    yield make
    for each in made:
        each.store.close()


def test_what_went_out_since_the_backup_is_found_and_not_posted_again(keeper) -> None:
    here = keeper()
    here.go(START + HOUR)
    here.back_up()
    here.go(START + 2 * HOUR)
    before = here.network.texts()
    done = here.restore()
    assert done.doubts == 6
    assert here.network.texts() == before
    here.go(START + 2 * HOUR + 5 * MINUTE)
    assert here.network.texts() == before
    assert {row.state for row in here.store.history()} == {State.POSTED}
    ids = [row.remote_ids[0] for row in reversed(here.store.history())]
    assert ids == [seen.remote_id for seen in here.network.public]


def test_the_rotation_goes_on_where_it_was(keeper) -> None:
    here = keeper()
    here.go(START + 30 * MINUTE)
    here.back_up()
    here.go(START + HOUR)
    here.restore()
    here.go(START + 2 * HOUR)
    words = [text.split("\n")[0] for text in here.network.texts()]
    assert words == [QUEUE[n % 3].text[""][0] for n in range(len(words))]


def test_what_did_not_go_out_since_is_missed_or_posted_by_the_ordinary_rule(keeper) -> None:
    """The bot stood still for an hour before the restore: the last slot is within its grace."""
    here = keeper()
    here.go(START + HOUR)
    here.back_up()
    before = len(here.network.texts())
    here.clock.to(START + 2 * HOUR)
    here.restore()
    here.go(START + 2 * HOUR + 5 * MINUTE)
    assert here.states()[before:] == ["missed"] * 5 + ["posted"]
    assert len(here.network.texts()) == before + 1


def test_a_post_that_was_due_in_the_backup_is_not_sent_again(keeper) -> None:
    here = keeper(account())
    here.network.will(down())
    here.go(NINE)
    assert here.states() == ["due"]
    here.back_up()
    here.go(NINE + 10 * MINUTE)
    assert len(here.network.texts()) == 1
    here.restore()
    here.go(NINE + HOUR)
    assert here.states() == ["posted"]
    assert len(here.network.texts()) == 1


@pytest.mark.parametrize("stands", [True, False])
def test_a_post_that_was_being_sent_during_the_backup_is_looked_up(keeper, stands: bool) -> None:
    here = keeper(account())

    def backed_up() -> Any:
        here.back_up()
        return here.network._stand(here.network._text) if stands else Unconfirmed("cut off")

    here.network.will(backed_up)
    here.go(NINE)
    here.restore()
    here.go(NINE + HOUR)
    assert here.states() == ["posted"]
    assert len(here.network.texts()) == 1


def test_one_that_cannot_be_read_leaves_what_is_new_to_a_person_and_gives_up_what_is_old(keeper) -> None:
    here = keeper(account(schedule={"at": ["09:00", "21:00"]}))
    here.go(START + MINUTE)
    here.back_up()
    here.clock.to(at("2026-12-03 10:00"))
    here.network.timeline_answers = [Unreadable("503")] * 100
    here.restore()
    here.go(at("2026-12-03 20:00"), step=HOUR)
    oldest, *_, newest = reversed(here.store.history())
    assert oldest.state is State.MISSED
    assert "cannot be told" in oldest.reason
    assert (newest.state, newest.next_at) == (State.UNCONFIRMED, None)
    assert here.network.texts() == []


def test_what_lies_further_back_than_the_account_shows_is_given_up_at_once(keeper) -> None:
    here = keeper(account())
    here.go(START + MINUTE)
    here.back_up()
    here.clock.to(at("2026-12-05 12:00"))
    here.network.timeline_answers = [Timeline("mastodon", (), False, here.clock.now())] * 3
    here.restore()
    old = [row for row in here.store.history() if row.slot < at("2026-12-04 12:00")]
    assert {row.state for row in old} == {State.MISSED}
    assert all("does not reach back" in row.reason for row in old)


def test_slots_since_in_which_nothing_could_go_out_are_missed(keeper) -> None:
    here = keeper(account(), messages=[])
    here.go(START + MINUTE)
    here.back_up()
    here.clock.to(NINE + MINUTE)
    assert here.restore().doubts == 0
    assert here.states() == ["missed"]


def test_a_fixed_date_since_is_looked_up_too(keeper) -> None:
    fixed = message("f", text="On this day.", post_at="2026-12-01 08:30")
    here = keeper(account(), messages=[fixed])
    here.go(START + MINUTE)
    here.back_up()
    here.go(START + 40 * MINUTE)
    assert len(here.network.texts()) == 1
    here.restore()
    here.go(START + 55 * MINUTE)
    assert here.states() == ["posted"]
    assert len(here.network.texts()) == 1


# --- the count -----------------------------------------------------------------------------------

TEMPLATE = message("t", "milestone", text="{milestone} have signed!")
COUNTS = {
    "petition": {"milestones": {"thresholds": [1000, 2000], "repost_after": "2h"}},
    "messages": [TEMPLATE],
}


def counted(here: Keeper, *numbers: int) -> None:
    for number in numbers:
        here.counter.number = number
        here.clock.forward(5 * MINUTE)
        here.campaign.watch()
        here.tick()


def test_a_milestone_that_was_announced_since_is_not_announced_again(keeper) -> None:
    here = keeper(account(), **COUNTS)
    counted(here, 900)
    here.back_up()
    counted(here, 1001, 1002)
    assert len(here.announced()) == 1
    here.restore()
    counted(here, 1003, 1004)
    here.go(here.clock.now() + HOUR)
    assert len(here.announced()) == 1
    announced = here.store.by_key("mastodon/milestone/petition.example.org/p/1000")
    assert announced is not None
    assert (announced.state, announced.remote_ids) == (State.POSTED, ("1",))


def test_a_milestone_passed_since_and_not_announced_is_announced_once(keeper) -> None:
    here = keeper(account(), **COUNTS)
    counted(here, 900)
    here.back_up()
    here.restore()
    counted(here, 1003, 1004)
    here.go(here.clock.now() + HOUR)
    assert len(here.announced()) == 1


def test_the_next_milestone_after_that_is_announced_as_ever(keeper) -> None:
    here = keeper(account(), **COUNTS)
    counted(here, 900)
    here.back_up()
    here.restore()
    counted(here, 950, 1001)
    assert len(here.announced()) == 1


def test_a_repost_that_was_made_since_is_not_made_again(keeper) -> None:
    here = keeper(account(), **COUNTS)
    counted(here, 990, 1001)
    here.back_up()
    here.go(here.clock.now() + 3 * HOUR)
    assert here.network.calls.count("repost") == 1
    here.restore()
    here.go(here.clock.now() + HOUR)
    assert here.network.calls.count("repost") == 1
    assert here.of_the_count() == ["posted", "posted"]


def test_an_announcement_due_in_the_backup_and_its_repost_are_both_looked_up(keeper) -> None:
    here = keeper(account(), **COUNTS)
    here.network.will(down())
    counted(here, 990, 1001)
    here.back_up()
    here.go(here.clock.now() + 5 * HOUR)
    assert here.of_the_count() == ["posted", "posted"]
    here.restore()
    here.go(here.clock.now() + HOUR)
    assert here.of_the_count() == ["posted", "posted"]
    assert (len(here.announced()), here.network.calls.count("repost")) == (1, 1)


# --- what a person has stopped -------------------------------------------------------------------


def test_what_was_paused_or_held_since_stays_so(keeper) -> None:
    here = keeper(account("a"), account("b"), account("c"))
    here.back_up()
    here.store.pause(None, None)
    here.store.pause("a", at("2026-12-24 12:00"))
    here.store.hold("b", "its keys were revoked")
    done = here.restore()
    assert (done.paused, done.stopped) == (True, ("a", "b"))
    assert here.store.paused(START) == "paused"
    assert here.store.account("a").paused_until == at("2026-12-24 12:00")
    assert here.store.account("b").held == "its keys were revoked"
    here.go(NINE + MINUTE)
    assert not any(network.texts() for network in here.networks.values())


def test_a_state_too_damaged_to_tell_is_replaced_all_the_same(keeper) -> None:
    here = keeper()
    here.back_up()
    here.store.close()
    (here.folder / "state.db").write_bytes(b"nothing")
    done = restored(here.campaign.book, here.url, here.folder / "backup.db", here.clock.now())
    assert done.kept is not None
    assert done.kept.read_bytes() == b"nothing"


def test_beside_a_running_bot_it_is_refused(keeper) -> None:
    here = keeper()
    here.back_up()
    with lock(here.url, "run"), pytest.raises(StateLocked, match="stop that bot first"):
        here.restore()


def test_keys_of_another_account_leave_all_of_it_to_a_person(keeper) -> None:
    here = keeper()
    here.back_up()
    here.go(START + HOUR)
    sent = len(here.network.texts())
    here.network.user = "somebody"
    here.network.verify_answer = Identity("n", "somebody", "@somebody")
    here.restore()
    here.go(START + HOUR + 5 * MINUTE)
    assert len(here.network.texts()) == sent
    assert all(row.next_at is None for row in here.store.unconfirmed())


# --- whenever it was made --------------------------------------------------------------------------


@hypothesis_settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    made=st.integers(0, 120),
    lived=st.integers(0, 90),
    trouble=st.lists(st.sampled_from(["well", "down", "lost", "stands"]), max_size=12),
)
def test_no_slot_is_posted_twice_whenever_the_backup_was_made(
    keeper, made: int, lived: int, trouble: list[str]
) -> None:
    here = keeper()
    network = here.network
    for each in trouble:
        answers = {"down": down(), "lost": Unconfirmed("?"), "stands": network.publishes_and_says_nothing()}
        network.will(answers.get(each) or (lambda: network._stand(network._text)))
    here.go(START + made * MINUTE)
    here.back_up()
    here.go(START + (made + lived) * MINUTE)
    network._script.clear()
    here.restore()
    here.go(START + (made + lived + 65) * MINUTE)
    slots = Counter((seen.created_at - START) // (10 * MINUTE) for seen in network.public)
    owned = [remote for row in here.store.history() for remote in row.remote_ids]
    assert len(owned) == len(set(owned))
    assert {seen.remote_id for seen in network.public} == set(owned)
    assert sum(slots.values()) <= (made + lived + 65) // 10 + 1
