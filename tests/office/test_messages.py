"""What organizers do to single messages: only that entry changes, and nothing that they have not seen."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.config import Loaded
from bot.core.model import Planned
from bot.office.people import NotSo
from bot.office.words import Conflict, Row, Saved, Trial, stamp
from tests.files.queues import File, files, messages
from tests.office.desk import CONFIG, NOW, QUEUE, Desk

PAPERS = {
    "id": "papers",
    "kind": "fact",
    "text": "Papers, mostly in English.",
    "source": "https://example.org/papers",
    "as_of": "2026-11-20",
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def rows(desk: Desk) -> dict[str, Row]:
    found = desk.office.messages.rows(desk.office.messages.sheet())
    return {row.id or str(row.place): row for row in found}


# --- saving -------------------------------------------------------------------------------------


def test_a_new_message_stands_behind_the_others_and_no_other_byte_changes(desk: Desk):
    assert desk.office.messages.save("ana", PAPERS, None, "", out=True) == Saved("papers")
    added = """
  - id: papers
    kind: fact
    text: >-
      Papers, mostly in English.
    source: https://example.org/papers
    as_of: 2026-11-20
"""
    assert desk.text == QUEUE.replace("\n# The end.", f"{added}\n# The end.")


def test_a_saved_message_is_taken_up_at_once(desk: Desk):
    desk.office.messages.save("ana", PAPERS, None, "", out=True)
    assert desk.campaign.book.message("papers")
    assert desk.wakes == 1


def test_a_draft_is_saved_as_one_whatever_the_entry_says(desk: Desk):
    desk.office.messages.save("eva", PAPERS | {"draft": False}, None, "", out=False)
    assert desk.entry("papers")["draft"] is True


def test_what_goes_out_is_no_draft_whatever_the_entry_says(desk: Desk):
    entry = desk.entry("court")
    desk.office.messages.save("ana", entry, "court", desk.seen("court"), out=True)
    assert "draft" not in desk.entry("court")


def test_a_change_of_one_field_is_a_change_of_its_line(desk: Desk):
    entry = desk.entry("tents") | {"as_of": "2026-11-21"}
    desk.office.messages.save("ana", entry, "tents", desk.seen("tents"), out=True)
    assert desk.text == QUEUE.replace("as_of: 2026-11-20", "as_of: 2026-11-21", 1)


def test_what_was_saved_without_a_change_is_not_written_and_not_noted(desk: Desk):
    before = desk.path.stat().st_mtime_ns
    desk.office.messages.save("ana", desk.entry("tents"), "tents", desk.seen("tents"), out=True)
    assert (desk.path.stat().st_mtime_ns, desk.store.deeds(), desk.rereads) == (before, [], 0)


def test_a_message_without_a_name_is_called_by_its_first_words(desk: Desk):
    entry = {key: value for key, value in PAPERS.items() if key != "id"}
    first = desk.office.messages.save("ana", entry | {"text": "Où sont-ils? They wait"}, None, "", out=True)
    again = desk.office.messages.save("ana", entry | {"text": "Où sont-ils? They wait!"}, None, "", out=True)
    assert (first, again) == (Saved("ou-sont-ils-they-wait"), Saved("ou-sont-ils-they-wait-2"))


def test_a_name_that_is_taken_is_said_at_the_name(desk: Desk):
    answer = desk.office.messages.save("ana", PAPERS | {"id": "sign"}, None, "", out=False)
    assert isinstance(answer, Trial)
    assert [each.way for each in answer.errors] == [("id",)]
    assert desk.text == QUEUE


def test_an_error_stops_what_would_go_out_and_a_draft_may_have_it(desk: Desk):
    entry = PAPERS | {"text": "They wait. " * 40}
    answer = desk.office.messages.save("ana", entry, None, "", out=True)
    assert isinstance(answer, Trial)
    assert [each.way for each in answer.errors] == [("text",)]
    assert desk.text == QUEUE
    assert isinstance(desk.office.messages.save("ana", entry, None, "", out=False), Saved)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("weight", "many"),
        ("expires", "soon"),
        ("kind", "joke"),
        ("link", "nowhere"),
        ("accounts", ["nobody"]),
    ],
)
def test_what_would_stop_the_whole_file_is_not_even_saved_as_a_draft(desk: Desk, field: str, value: Any):
    answer = desk.office.messages.save("ana", PAPERS | {field: value}, None, "", out=False)
    assert isinstance(answer, Trial)
    assert not answer.readable
    assert answer.errors[0].way[0] == field
    assert desk.text == QUEUE


def test_an_error_elsewhere_in_the_file_does_not_stop_a_save_and_is_told(tmp_path: Path):
    desk = Desk(tmp_path, QUEUE.replace("kind: call", "kind: joke"))
    answer = desk.office.messages.save("ana", PAPERS, None, "", out=True)
    assert isinstance(answer, Saved)
    assert "joke" in answer.refused
    assert desk.entry("papers")


@settings(max_examples=25, deadline=None)
@given(files(), st.data())
def test_no_byte_outside_the_entry_changes(file: File, data: st.DataObject):
    at = data.draw(st.integers(0, len(file.data) - 1))
    new = data.draw(messages(st.just(file.data[at]["id"])))
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder), file.text)
        seen = stamp(file.data[at])
        answer = desk.office.messages.save("ana", new, file.data[at]["id"], seen, out=False)
        assert isinstance(answer, Saved)
        before, behind = file.around(at)
        assert desk.text.startswith(before)
        assert desk.text.endswith(behind)
        assert desk.entry(new["id"]) == new | {"draft": True}


# --- others are writing, too --------------------------------------------------------------------


def test_a_change_of_another_entry_meanwhile_is_kept_and_no_question_is_asked(desk: Desk):
    seen, entry = desk.seen("tents"), desk.entry("tents") | {"weight": 2}
    desk.edited("Sign with us", "Sign with all of us")
    assert desk.office.messages.save("ana", entry, "tents", seen, out=True) == Saved("tents")
    assert desk.entry("sign")["text"]["en"] == "Sign with all of us"
    assert desk.entry("tents")["weight"] == 2


def test_a_comment_that_came_meanwhile_stays(desk: Desk):
    seen, entry = desk.seen("tents"), desk.entry("tents") | {"weight": 2}
    desk.edited("# what it is", "# truly one")
    desk.office.messages.save("ana", entry, "tents", seen, out=True)
    assert "# truly one" in desk.text


def test_a_change_of_the_same_entry_meanwhile_is_never_written_over(desk: Desk):
    seen, entry = desk.seen("tents"), desk.entry("tents") | {"weight": 2}
    desk.edited("cold", "freezing")
    before = desk.print()
    answer = desk.office.messages.save("ana", entry, "tents", seen, out=True)
    assert isinstance(answer, Conflict)
    assert answer.theirs == desk.entry("tents")
    assert answer.mine["weight"] == 2
    assert desk.print() == before


def test_whoever_has_seen_both_may_save_theirs_over_it(desk: Desk):
    seen, entry = desk.seen("tents"), desk.entry("tents") | {"weight": 2}
    desk.edited("cold", "freezing")
    answer = desk.office.messages.save("ana", entry, "tents", seen, out=True)
    assert isinstance(answer, Conflict)
    assert desk.office.messages.save("ana", entry, "tents", stamp(answer.theirs), out=True) == Saved("tents")
    assert desk.entry("tents") == entry


def test_a_message_that_was_deleted_meanwhile_can_be_saved_as_a_new_one(desk: Desk):
    seen, entry = desk.seen("sign"), desk.entry("sign")
    desk.office.messages.remove("eva", "sign", seen)
    answer = desk.office.messages.save("ana", entry, "sign", seen, out=True)
    assert answer == Conflict(None, entry)
    assert desk.office.messages.save("ana", entry, "sign", "", out=True) == Saved("sign")
    assert desk.entry("sign") == entry


class Rush(Desk):
    """While the office thinks about its edit, somebody saves another one: as often as there are `others`."""

    others: tuple[tuple[str, str], ...] = ()

    def read(self, text: str | None = None) -> Loaded:
        if self.others:
            (old, new), *rest = self.others
            self.others = tuple(rest)
            self.edited(old, new)
        return super().read(text)


def test_an_edit_of_another_entry_in_the_last_moment_is_kept(tmp_path: Path):
    desk = Rush(tmp_path)
    entry, seen = desk.entry("tents") | {"weight": 2}, desk.seen("tents")
    desk.others = (("Sign with us", "Sign here"), ("Sign here", "Sign now"))
    assert desk.office.messages.save("ana", entry, "tents", seen, out=True) == Saved("tents")
    assert desk.text == QUEUE.replace("Sign with us", "Sign now").replace(
        "    as_of: 2026-11-20\n", "    as_of: 2026-11-20\n    weight: 2\n", 1
    )


def test_an_edit_of_the_same_entry_in_the_last_moment_is_not_written_over(tmp_path: Path):
    desk = Rush(tmp_path)
    entry, seen = desk.entry("tents") | {"weight": 2}, desk.seen("tents")
    desk.others = (("cold", "freezing"),)
    assert isinstance(desk.office.messages.save("ana", entry, "tents", seen, out=True), Conflict)
    assert desk.text == QUEUE.replace("cold", "freezing")


def test_whoever_is_never_let_in_is_told_so_in_the_end(tmp_path: Path):
    desk = Rush(tmp_path)
    entry, seen = desk.entry("tents") | {"weight": 2}, desk.seen("tents")
    desk.others = tuple(("# The queue.", "# The queue. .") for _ in range(40))
    with pytest.raises(NotSo, match="try again"):
        desk.office.messages.save("ana", entry, "tents", seen, out=True)
    assert "weight" not in desk.text
    assert desk.store.deeds() == []


@pytest.mark.parametrize("verb", ["approve", "expire", "remove"])
def test_nothing_is_done_to_a_message_that_looks_otherwise_than_it_was_seen(desk: Desk, verb: str):
    seen = desk.seen("court")
    desk.edited("Nobody told them", "Somebody told them")
    before = desk.print()
    with pytest.raises(NotSo, match="somebody else changed this message"):
        getattr(desk.office.messages, verb)("ana", "court", seen)
    assert desk.print() == before


# --- a file that cannot be edited ---------------------------------------------------------------

BROKEN = QUEUE.replace("    kind: call\n", "   kind: [call\n")


def test_a_broken_file_keeps_every_byte_whatever_is_asked(tmp_path: Path):
    desk = Desk(tmp_path, BROKEN)
    words = desk.office.messages
    deeds = [
        lambda: words.save("ana", PAPERS, None, "", out=True),
        lambda: words.save("ana", PAPERS | {"id": "tents"}, "tents", desk.seen("tents"), out=False),
        lambda: words.move("ana", "tents", None),
        lambda: words.remove("ana", "tents", desk.seen("tents")),
        lambda: words.expire("ana", "tents", desk.seen("tents")),
        lambda: words.approve("ana", "tents", desk.seen("tents")),
    ]
    for deed in deeds:
        with pytest.raises(NotSo, match="nothing was saved"):
            deed()
    assert desk.text == BROKEN
    assert desk.office.messages.sheet().locked
    assert desk.store.deeds() == []


@pytest.mark.parametrize("raw", [None, b"messages:\n  - id: caf\xe9\n"])
def test_a_file_that_is_not_there_or_not_readable_is_said_and_not_made(tmp_path: Path, raw: bytes | None):
    desk = Desk(tmp_path)
    desk.path.unlink()
    if raw is not None:
        desk.path.write_bytes(raw)
    sheet = desk.office.messages.sheet()
    assert str(desk.path) in sheet.locked
    with pytest.raises(NotSo):
        desk.office.messages.save("ana", PAPERS, None, "", out=True)
    assert (desk.path.read_bytes() if desk.path.exists() else None) == raw


# --- approve, expire, delete, move --------------------------------------------------------------


def test_an_approved_draft_goes_out(desk: Desk):
    assert "court" not in {each.post.message_id for each in _planned(desk) if each.post}
    assert desk.office.messages.approve("ana", "court", desk.seen("court")) == Saved("court")
    assert desk.text == QUEUE.replace("    draft: true\n", "")
    assert "court" in {each.post.message_id for each in _planned(desk) if each.post}


def _planned(desk: Desk) -> list[Planned]:
    return list(desk.campaign.preview(NOW, NOW + timedelta(days=8)))


def test_a_draft_with_an_error_is_not_approved(tmp_path: Path):
    queue = QUEUE.replace("Nobody told them when the court sits", "Ask @somebody")
    desk = Desk(tmp_path, queue)
    answer = desk.office.messages.approve("ana", "court", desk.seen("court"))
    assert isinstance(answer, Trial)
    assert "would notify" in answer.errors[0].message
    assert desk.text == queue


def test_an_expired_message_is_over_from_that_minute_on_in_the_campaigns_zone(desk: Desk):
    desk.office.messages.expire("ana", "tents", desk.seen("tents"))
    assert desk.entry("tents")["expires"] == "2026-12-01 13:00"
    assert "tents" not in {each.post.message_id for each in _planned(desk) if each.post}
    assert rows(desk)["tents"].states[0] == "expired"


def test_a_deleted_message_is_gone_and_its_comment_stays(desk: Desk):
    desk.office.messages.remove("ana", "tents", desk.seen("tents"))
    assert "tents" not in desk.text
    assert "# Checked by Ana." in desk.text
    with pytest.raises(NotSo, match="no message tents any more"):
        desk.office.messages.remove("ana", "tents", desk.seen("tents"))


def test_a_message_moves_before_another_one_and_to_the_end(desk: Desk):
    words = desk.office.messages
    words.move("ana", "court", "tents")
    assert words.sheet().ids == ["court", "tents", "sign"]
    words.move("ana", "court", None)
    assert words.sheet().ids == ["tents", "sign", "court"]
    with pytest.raises(NotSo, match="no message nowhere"):
        words.move("ana", "court", "nowhere")


# --- the log ------------------------------------------------------------------------------------


def test_every_change_is_kept_with_how_it_was_and_how_it_is(desk: Desk):
    words = desk.office.messages
    words.save("eva", PAPERS, None, "", out=False)
    words.approve("ana", "papers", desk.seen("papers"))
    words.expire("ana", "papers", desk.seen("papers"))
    words.move("eva", "papers", "sign")
    words.remove("eva", "papers", desk.seen("papers"))
    deeds = [(deed.who, deed.verb, deed.about) for deed in reversed(desk.store.deeds())]
    assert deeds == [
        ("eva", "add message", "papers"),
        ("ana", "approve message", "papers"),
        ("ana", "expire message", "papers"),
        ("eva", "move message", "papers"),
        ("eva", "delete message", "papers"),
    ]
    approved = desk.store.deeds()[3]
    assert approved.before == f"{approved.after}\n  draft: true"
    assert approved.after.startswith("- id: papers\n  kind: fact\n")


# --- a look at what would be --------------------------------------------------------------------


def test_a_trial_changes_nothing(desk: Desk):
    desk.office.messages.try_out(PAPERS, None)
    assert (desk.text, desk.store.deeds(), desk.rereads) == (QUEUE, [], 0)


def test_a_trial_shows_each_account_each_language_and_each_text(desk: Desk):
    entry = PAPERS | {"text": {"en": ["Papers one", "Papers two"], "es": "Papeles"}}
    shown = desk.office.messages.try_out(entry, None).posts
    assert [(each.account, each.language, each.variant, each.variants) for each in shown] == [
        ("x", "en", 1, 2),
        ("x", "en", 2, 2),
        ("mastodon", "en", 1, 2),
        ("mastodon", "en", 2, 2),
        ("mastodon", "es", 1, 1),
    ]
    assert shown[0].post
    assert shown[0].post.parts == ("Papers one #StopMPP\n\nhttps://petition.example.org/p",)
    assert shown[0].post.cost == 200_000


def test_a_trial_counts_every_part_and_says_by_how_much_it_is_too_long(desk: Desk):
    entry = PAPERS | {"text": "a" * 300, "thread": ["b" * 10]}
    on_x = desk.office.messages.try_out(entry, None).posts[0]
    assert on_x.sizes == (300, 10 + 2 + 23)
    assert on_x.too_long == 20


def test_a_draft_is_tried_as_if_it_would_go_out(desk: Desk):
    entry = desk.entry("court")
    assert all(
        each.post for each in desk.office.messages.try_out(entry, "court").posts if each.account == "x"
    )


def test_what_check_says_of_other_messages_is_not_said_of_this_one(tmp_path: Path):
    desk = Desk(tmp_path, QUEUE.replace("Sign with us", "Sign with @us"))
    assert desk.office.messages.try_out(desk.entry("tents"), "tents").complaints == ()


@pytest.mark.parametrize(
    ("changes", "way"),
    [
        ({"text": {"en": "Fine", "es": "Con @alguien"}}, ("text", "es")),
        ({"text": ["Fine", "With @somebody"]}, ("text", 1)),
        ({"thread": ["Fine", {"en": "With @somebody"}]}, ("thread", 1, "en")),
        ({"per": {"x": {"text": "With @somebody"}}}, ("per", "x", "text")),
        ({"media": [{"file": "media/none.jpg", "alt": "x"}]}, ("media", 0, "file")),
        ({"colour": "red"}, ("colour",)),
    ],
)
def test_a_complaint_leads_to_the_value_that_it_is_about(desk: Desk, changes: Any, way: tuple[Any, ...]):
    found = desk.office.messages.try_out(PAPERS | changes, None).errors
    assert found[0].way == way


def test_a_milestone_is_tried_with_the_next_number(tmp_path: Path):
    desk = Desk(tmp_path, settings=CONFIG.replace("example.org/p}", "example.org/p, goal: 5000}"))
    entry = {"id": "reached", "kind": "milestone", "text": "{signatures} people have signed."}
    shown = desk.office.messages.try_out(entry, None).posts[0]
    assert shown.post
    assert shown.post.parts[0].startswith("5,000 people have signed.")


# --- the list -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "states"),
    [
        ("", ("rotation",)),
        ("    draft: true\n", ("draft",)),
        ("    not_before: 2026-12-24\n", ("later",)),
        ("    post_at: 2026-12-10 18:00\n", ("fixed",)),
        ("    expires: 2026-11-30\n", ("expired", "problems")),
        ("    review_by: 2026-11-30\n", ("review", "problems")),
        ("    accounts: [nobody]\n", ("problems",)),
    ],
)
def test_a_row_says_how_its_message_stands(tmp_path: Path, fields: str, states: tuple[str, ...]):
    desk = Desk(
        tmp_path, QUEUE.replace("    kind: fact          # what it is\n", f"    kind: fact\n{fields}")
    )
    assert rows(desk)["tents"].states == states


def test_a_row_says_when_its_message_comes_next_and_how_often_it_came(desk: Desk):
    first = rows(desk)["tents"]
    assert first.next
    assert (first.turns, first.last) == (0, None)
    desk.campaign.plan()
    desk.clock.to(first.next)
    desk.campaign.plan()
    later = rows(desk)["tents"]
    assert (later.turns, later.last) == (1, first.next)


def test_a_broken_entry_is_in_the_list_with_its_problem(tmp_path: Path):
    desk = Desk(tmp_path, QUEUE.replace("kind: call", "kind: joke"))
    row = rows(desk)["sign"]
    assert row.states == ("problems",)
    assert "joke" in row.complaints[0].message


def test_two_entries_of_one_name_cannot_be_taken_for_each_other(tmp_path: Path):
    desk = Desk(tmp_path, QUEUE.replace("id: court", "id: sign"))
    assert desk.office.messages.sheet().ids == ["tents", None, None]
    with pytest.raises(NotSo, match="no message sign any more"):
        desk.office.messages.remove("ana", "sign", "")
