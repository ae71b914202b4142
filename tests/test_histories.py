"""Counts as petitions really had them, read from the sandbox's petition site and announced on its networks
by the real client libraries: stalls, purges, jumps, restarts, and each milestone once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.core.plan import Book
from bot.core.written import CounterInfo
from bot.petitions import counter
from bot.sandbox import Fault, Sandbox
from tests.faults.town import DAY, HOUR, MINUTE, Town, blank_state, loopback
from tests.given import book, message, settings

PASSED = message("t", "milestone", text="{milestone} have signed: {signatures} now.")
PROGRESS = message("p", "progress", text="{signatures} so far, {to_next} to go to {milestone}.")
NETWORKS = ("x", "mastodon")
RESTART, A_DAY = "restart", "a day"

HISTORIES: dict[str, tuple[list[Any], list[str]]] = {
    "around the round number": ([9_995, 10_005, 9_997, RESTART, 10_002], ["10,000"]),
    "fraudulent signatures removed, and the count comes back": (
        [9_990, 10_080, A_DAY, 9_600, A_DAY, 9_600, A_DAY, RESTART, 9_600, 10_050, 10_060],
        ["10,000"],
    ),
    "a stall of days, then a jump over several milestones": (
        [940, *[A_DAY, 940] * 3, RESTART, 31_500, RESTART, 31_510, 31_520, A_DAY, 31_600],
        ["30,000"],
    ),
    "one wild reading between good ones": ([990, 995, 95_000, 996, RESTART, 1_001, 1_002], ["1,000"]),
    "the counter restarts at nothing for a while": ([4_990, 0, 0, RESTART, 0, 4_995, 5_003], ["5,000"]),
    "slow and steady over three milestones": (
        [950, A_DAY, 1_020, A_DAY, 1_100, RESTART, *[A_DAY, 4_950, 4_960] * 2, 5_000, A_DAY, 5_100],
        ["1,000", "5,000"],
    ),
    "it had passed before the bot came": ([12_000, 12_100, RESTART, 12_200], []),
}


def given(box: Sandbox, **milestones: Any) -> Book:
    accounts = loopback(box, schedule={"at": ["03:00"], "days": ["mon"]})[:2]
    rules = {"thresholds": [1000, 5000, 10_000], "then_every": 10_000, "repost_after": "12h", **milestones}
    reading = {"kind": "uk_parliament", "url": f"{box.petition.url}/petitions/1"}
    petition = {"url": "https://example.org/p", "counter": reading, "milestones": rules}
    return book(PASSED, PROGRESS, settings=settings(*accounts, petition=petition))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("blank") / "state.db"


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox.start() as started:
        yield started


def settled(box: Sandbox, state: Path, desk: Book) -> Town:
    town = Town(box, state, desk)
    info = CounterInfo.model_validate(desk.settings.petition.counter.model_dump())
    town.counter = counter(info, "", 5.0, lambda: None)  # type: ignore[assignment]
    town.start()
    return town


def live(town: Town, box: Sandbox, history: list[Any]) -> None:
    for what in history:
        if what == RESTART:
            town.start()
        elif what == A_DAY:
            town.go(town.clock.now() + DAY, step=6 * HOUR)
        else:
            box.petition.count = what
            town.clock.forward(15 * MINUTE)
            town.campaign.watch()
            town.go(town.clock.now() + 5 * MINUTE)


def announced(town: Town, network: str) -> list[str]:
    texts = (post.text for post in town.standing(network) if post.repost_of is None)
    return [text.split(" ")[0] for text in texts if "have signed" in text]


@pytest.mark.parametrize("name", HISTORIES)
def test_each_milestone_is_announced_once_on_both_networks(
    box: Sandbox, tmp_path: Path, template: Path, name: str
) -> None:
    history, expected = HISTORIES[name]
    town = settled(box, blank_state(tmp_path, template), given(box))
    live(town, box, history)
    town.go(town.clock.now() + DAY, step=6 * HOUR)
    for network in NETWORKS:
        assert announced(town, network) == expected
        assert sum(post.repost_of is not None for post in town.standing(network)) == len(expected)
        town.once(network)
    town.store.close()


@pytest.mark.parametrize("fault", [Fault.RESET_AFTER, Fault.S500_AFTER, Fault.RESET_BEFORE], ids=str)
def test_a_lost_answer_makes_no_second_announcement(
    box: Sandbox, tmp_path: Path, template: Path, fault: Fault
) -> None:
    town = settled(box, blank_state(tmp_path, template), given(box))
    for network in NETWORKS:
        town.site(network).fault("create", fault)
    live(town, box, [990, 1_010, RESTART, 1_020, A_DAY])
    for network in NETWORKS:
        assert announced(town, network) == ["1,000"]
        town.once(network)
    town.store.close()


def test_a_petition_from_its_start_to_its_end(box: Sandbox, tmp_path: Path, template: Path) -> None:
    """It grows, stalls for two weeks, grows again and is closed: what was said stands once, in order."""
    town = settled(box, blank_state(tmp_path, template), given(box, progress_every="7d"))
    counts = [*range(700, 1_000, 50), *range(1_020, 1_080, 10), *[1_070] * 15, *range(1_080, 1_200, 15)]
    for number in counts:
        live(town, box, [number, A_DAY])
    box.petition.settings.state = "closed"
    live(town, box, [1_190, RESTART, 1_190])
    for network in NETWORKS:
        texts = [post.text.split("\n")[0] for post in town.standing(network) if post.repost_of is None]
        assert texts == [
            "1,000 have signed: 1,020 now.",
            "1,030 so far, 3,970 to go to 5,000.",
            "1,070 so far, 3,930 to go to 5,000.",
            "1,095 so far, 3,905 to go to 5,000.",
            "1,190 so far, 3,810 to go to 5,000.",
        ]
        left_out = [row.reason for row in town.rows(network) if row.reason.startswith("the count is")]
        assert left_out == ["the count is 1070, not above the 1070 of last time"]
        town.once(network)
    assert "The petition's site says that it is closed" in town.campaign.overview().asks[0]
    assert any(event.what == "asks" for event in town.events)
    town.store.close()
