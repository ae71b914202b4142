"""Which message comes when: it cycles, and one reason is given for each choice."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from bot.core.model import Past, Use
from bot.core.rotation import Deck
from bot.core.written import Message
from tests.given import NOON, account, message, settings

HOUR = timedelta(hours=1)


def deck(*messages: Message, past: Past = Past(), mix: tuple[str, ...] = (), **fields: Any) -> Deck:
    rotation = {"mix": mix, "cooldown": fields.pop("cooldown", "0s")}
    given = settings(account(**fields), rotation=rotation)
    return Deck(given.accounts[0], given, messages, past)


def run(deck: Deck, turns: int, start=NOON, step=HOUR) -> list[str]:
    """What goes out in so many slots; `-` where nothing may."""
    out = []
    for number in range(turns):
        at = start + number * step
        best = next(deck.candidates(at), None)
        out.append(best.card.message.id if best else "-")
        if best:
            deck.use(best, at)
    return out


def facts(count: int, **fields: Any) -> list[Message]:
    return [message(f"m{number}", **fields) for number in range(count)]


def test_everything_has_its_turn_before_anything_comes_back():
    assert run(deck(*facts(3)), 7) == ["m0", "m1", "m2", "m0", "m1", "m2", "m0"]


@hypothesis_given(st.integers(1, 12), st.integers(1, 40))
def test_with_equal_weights_any_stretch_of_one_round_has_no_repeat(count: int, turns: int):
    out = run(deck(*facts(count)), turns)
    for start in range(turns - count + 1):
        assert len(set(out[start : start + count])) == count


def test_the_same_inputs_give_the_same_choice():
    messages = [message(f"m{n}", weight=1 + n % 3) for n in range(9)]
    assert run(deck(*messages), 50) == run(deck(*messages), 50)


@pytest.mark.parametrize("mix", [(), ("fact", "call", "call")])
@pytest.mark.parametrize("weights", [(2, 1, 1), (3, 1, 1, 1), (5, 2, 1), (1, 1, 1), (10, 9, 1, 1)])
def test_a_weight_is_the_share_of_turns(weights: tuple[int, ...], mix: tuple[str, ...]):
    messages = [message(f"m{n}", weight=weight) for n, weight in enumerate(weights)]
    out = run(
        deck(*messages, message("c", "call", draft=not mix), mix=mix), 100 * sum(weights) * max(len(mix), 1)
    )
    shares = Counter(out)
    for n, weight in enumerate(weights):
        assert shares[f"m{n}"] == pytest.approx(100 * weight, rel=0.1)


def test_a_new_message_is_next_and_then_waits_like_the_others():
    uses = {f"m{n}": Use({"en": 5}, 20 + n, NOON - HOUR) for n in range(3)}
    messages = [*facts(3), message("new")]
    assert run(deck(*messages, past=Past(23, uses)), 5) == ["new", "m0", "m1", "m2", "new"]


def test_an_edited_message_keeps_its_place():
    uses = {f"m{n}": Use({"en": 1}, n, NOON - HOUR) for n in range(3)}
    edited = [message("m0", text="Other words."), *facts(3)[1:]]
    assert run(deck(*edited, past=Past(3, uses)), 3) == ["m0", "m1", "m2"]


def test_a_message_that_moved_in_the_file_keeps_its_place_in_the_rotation():
    uses = {f"m{n}": Use({"en": 1}, n, NOON - HOUR) for n in range(3)}
    assert run(deck(*reversed(facts(3)), past=Past(3, uses)), 3) == ["m0", "m1", "m2"]


def test_a_message_posted_by_hand_has_had_its_turn():
    uses = {f"m{n}": Use({"en": 1}, n, NOON - (3 - n) * HOUR) for n in range(3)}
    by_hand = Use({"en": 1}, -1, NOON - HOUR / 2)
    messages = [*facts(3), message("hand")]
    assert run(deck(*messages, past=Past(3, uses | {"hand": by_hand})), 4) == ["m0", "m1", "m2", "hand"]


def test_the_mix_orders_the_kinds():
    messages = [*facts(2), message("s", "story"), message("c", "call")]
    mix = ("fact", "fact", "story", "call")
    assert run(deck(*messages, mix=mix), 8) == ["m0", "m1", "s", "c"] * 2


def test_a_kind_with_nothing_to_say_gives_its_turn_to_the_next_of_the_mix():
    messages = [message("f"), message("c", "call")]
    assert run(deck(*messages, mix=("fact", "story", "call")), 3) == ["f", "c", "c"]


def test_a_kind_that_is_not_in_the_mix_does_not_rotate():
    assert run(deck(message("u", "update"), message("f"), mix=("fact",)), 2) == ["f", "f"]


@pytest.mark.parametrize("kind", ["milestone", "progress"])
def test_templates_never_rotate(kind: str):
    assert run(deck(message("t", kind)), 1) == ["-"]


def test_a_message_rests_for_its_cooldown():
    assert run(deck(*facts(2), cooldown="3h"), 6) == ["m0", "m1", "-", "m0", "m1", "-"]


def test_a_message_goes_out_only_in_its_time():
    timed = message("t", not_before="2026-12-01 14:00", expires="2026-12-01 16:00")
    assert run(deck(timed, message("m")), 6) == ["m", "m", "t", "m", "m", "m"]


def test_the_last_day_of_a_review_is_the_last_day_it_goes_out():
    reviewed = message("r", review_by="2026-12-01")
    assert run(deck(reviewed), 13)[-2:] == ["r", "-"]


@pytest.mark.parametrize(
    "fields",
    [
        {"draft": True},
        {"accounts": ["elsewhere"]},
        {"text": {"es": "Hola."}},
        {"post_at": "2026-12-05 10:00"},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_what_this_account_may_not_or_cannot_post_is_not_chosen(fields: dict[str, Any]):
    assert run(deck(message("m", **fields)), 1) == ["-"]


def test_calls_end_with_the_petition_and_facts_do_not():
    given = settings(petition={"closes": "2026-12-01"}, rotation={"mix": ["call", "fact"]})
    pack = Deck(given.accounts[0], given, (message("c", "call"), message("f")), Past())
    assert run(pack, 2) == ["c", "f"]
    assert run(pack, 2, NOON + 24 * HOUR) == ["f", "f"]


def test_languages_alternate_and_every_message_comes_in_all_of_them():
    messages = [message(f"m{n}", text={"en": "Yes.", "es": "Sí."}) for n in range(2)]
    pack = deck(*messages, languages=["en", "es"])
    seen = []
    for turn in range(4):
        best = next(pack.candidates(NOON + turn * HOUR))
        seen.append((best.card.message.id, best.language))
        pack.use(best, NOON + turn * HOUR)
    assert seen == [("m0", "en"), ("m1", "es"), ("m0", "es"), ("m1", "en")]


def test_every_kind_comes_in_all_languages_whatever_the_mix():
    messages = [
        message(f"{kind}{n}", kind, text={"en": "Yes.", "es": "Sí."})
        for kind in ("fact", "call")
        for n in range(4)
    ]
    pack = deck(*messages, mix=("fact", "call"), languages=["en", "es"])
    seen = Counter()
    for turn in range(8):
        best = next(pack.candidates(NOON + turn * HOUR))
        seen[best.card.message.kind, best.language] += 1
        pack.use(best, NOON + turn * HOUR)
    assert set(seen.values()) == {2}


def test_variants_follow_each_other():
    pack = deck(message("m", text=["one", "two", "three"]))
    variants = []
    for turn in range(4):
        best = next(pack.candidates(NOON + turn * HOUR))
        variants.append(best.variant % 3)
        pack.use(best, NOON + turn * HOUR)
    assert variants == [0, 1, 2, 0]


def test_the_reason_names_the_place_in_the_mix_and_the_last_time():
    pack = deck(message("f"), message("c", "call"), mix=("fact", "call"))
    first = next(pack.candidates(NOON))
    assert first.why == "fact is number 1 of 2 in the mix; not posted here yet"
    pack.use(first, NOON)
    pack.use(next(pack.candidates(NOON)), NOON)
    assert next(pack.candidates(NOON)).why.endswith("it has waited longest (last on 2026-12-01)")


def test_the_reason_names_a_kind_that_had_nothing():
    pack = deck(message("c", "call"), mix=("story", "call"))
    assert next(pack.candidates(NOON)).why.startswith("no story may go out now, so")
