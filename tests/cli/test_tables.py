"""import and export, as organizers with a spreadsheet use them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.cli.conftest import CONFIG, MESSAGES, Place

NEW = "id,kind,text,source,as_of\nshoes,fact,They took their shoelaces.,https://example.org/s,2019-11-20\n"


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    return tmp_path / "queue.csv"


def queue(place: Place) -> str:
    return (place.folder / "messages.yaml").read_bytes().decode()


def cells(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


# --- import ----------------------------------------------------------------------------------------


def test_a_table_is_added_below_what_stands_there_without_touching_a_byte(place: Place, sheet: Path):
    place.write("messages.yaml", f"# Ours\n{MESSAGES}# The end, 'so'\n")
    sheet.write_text(NEW)
    done = place.bot("import", str(sheet))
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == f"Added 1 message to {place.folder / 'messages.yaml'}: shoes.\n"
    added = (
        "  - id: shoes\n    kind: fact\n    text: >-\n      They took their shoelaces.\n"
        "    source: https://example.org/s\n    as_of: 2019-11-20\n"
    )
    assert queue(place) == f"# Ours\n{MESSAGES}{added}# The end, 'so'\n"
    assert place.bot("check").exit_code == 0


def test_a_second_import_adds_nothing(place: Place, sheet: Path):
    sheet.write_text(NEW.replace("id,", "").replace("shoes,", ""))
    place.bot("import", str(sheet))
    after = queue(place)
    done = place.bot("import", str(sheet))
    assert (done.exit_code, done.stdout) == (0, "1 message of the table stands there already, unchanged.\n")
    assert queue(place) == after
    assert "- id: they-took-their-shoelaces\n" in after


def test_a_dry_run_says_what_would_be_added_and_writes_nothing(place: Place, sheet: Path):
    sheet.write_text(NEW)
    done = place.bot("import", str(sheet), "--dry-run")
    assert done.stdout.startswith("Would add 1 message to ")
    assert done.stdout.endswith("messages.yaml: shoes.\n  shoes (fact)  They took their shoelaces.\n")
    assert queue(place) == MESSAGES


def test_one_error_and_nothing_is_written(place: Place, sheet: Path):
    sheet.write_text(NEW + "court,fcat,Other words.,,\nnew,fcat,New words.,,\n")
    done = place.bot("import", str(sheet))
    assert (done.exit_code, done.stdout, queue(place)) == (1, "", MESSAGES)
    lines = done.stderr.splitlines()
    assert lines[0].startswith(
        f"{sheet}:3:2: error: column kind: message court is in messages.yaml with other"
    )
    assert lines[1].startswith(f"{sheet}:4:2: error: message new, column kind: 'fcat' is not one of")
    assert lines[2:] == ["petition-bot: nothing was imported: mend the 2 errors above"]


def test_what_check_would_refuse_is_refused_before_it_stands_there(place: Place, sheet: Path):
    place.write("config.yaml", CONFIG.replace("network: dry", "network: x"))
    sheet.write_text(f"id,kind,text\nshort,call,Sign.\n\nlong,call,{'word ' * 90}\n")
    done = place.bot("import", str(sheet))
    assert (done.exit_code, queue(place)) == (1, MESSAGES)
    assert f"{sheet}:4:3: error: message long (en) takes " in done.stderr


def test_warnings_are_said_and_stop_nothing(place: Place, sheet: Path):
    sheet.write_text("id,kind,text\nbare,fact,No source.\n")
    done = place.bot("import", str(sheet))
    assert done.exit_code == 0
    assert done.stderr.startswith(f"{sheet}:2:1: warning: message bare is a fact without source and as_of")
    assert "- id: bare\n" in queue(place)


def test_a_problem_that_stood_there_before_does_not_stop_an_import(place: Place, sheet: Path):
    place.write("messages.yaml", MESSAGES.replace("Ana tells", "Ana {unknown} tells"))
    sheet.write_text(NEW)
    assert place.bot("import", str(sheet)).exit_code == 0


def test_update_replaces_the_words_in_place(place: Place, sheet: Path):
    sheet.write_text("id;text\ncourt;Hardly any of them saw a court.\n")
    assert place.bot("import", str(sheet)).exit_code == 1
    done = place.bot("import", str(sheet), "--update")
    assert done.stdout == f"Updated 1 message of {place.folder / 'messages.yaml'}: court.\n"
    old, new = "text: Few of them ever saw a court.", "text: >-\n      Hardly any of them saw a court."
    assert queue(place) == MESSAGES.replace(old, new)


def test_programs_get_the_same_as_json(place: Place, sheet: Path):
    sheet.write_text(NEW + "court,fact,Few of them ever saw a court.,https://example.org/court,2019-11-20\n")
    told = place.json("import", str(sheet))
    assert told == {
        "added": ["shoes"],
        "updated": [],
        "unchanged": ["court"],
        "written": True,
        "problems": [],
    }
    sheet.write_text("id,knid\ncourt,fact\n")
    told = place.json("import", str(sheet))
    assert (told["written"], told["problems"][0]["code"]) == (False, "unknown-column")
    assert (told["problems"][0]["line"], told["problems"][0]["column"]) == (1, 2)


def test_an_older_encoding_is_refused_with_how_to_save_it(place: Place, sheet: Path):
    sheet.write_bytes("id,kind,text\na,call,Señal\n".encode("latin-1"))
    done = place.bot("import", str(sheet))
    assert done.exit_code == 1
    assert "in Excel, save it as CSV UTF-8 (Comma delimited)" in done.stderr


def test_a_queue_that_cannot_be_edited_safely_is_left_alone(place: Place, sheet: Path):
    place.write("messages.yaml", '{"messages": [{"id": "a", "kind": "call", "text": "\\ud83d\\ude00"}]}')
    sheet.write_text(NEW)
    done = place.bot("import", str(sheet))
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert "write the emoji themselves first" in done.stderr


def test_a_broken_configuration_is_refused_first(place: Place, sheet: Path):
    place.write("messages.yaml", MESSAGES.replace("kind: story", "kind: sotry"))
    sheet.write_text(NEW)
    assert place.bot("import", str(sheet)).exit_code == 78
    assert place.bot("export", str(sheet)).exit_code == 78


def test_a_table_that_is_not_there_is_a_usage_error(place: Place):
    assert place.bot("import", "nowhere.csv").exit_code == 2


def test_an_empty_queue_takes_a_table(place: Place, sheet: Path):
    place.write("messages.yaml", "messages: []\n")
    sheet.write_text(NEW)
    assert place.bot("import", str(sheet)).exit_code == 0
    assert queue(place).startswith("messages:\n\n  - id: shoes\n")


# --- export ----------------------------------------------------------------------------------------


def test_the_same_file_out_and_in_again_changes_nothing(place: Place, sheet: Path):
    done = place.bot("export", str(sheet))
    assert (
        done.stdout
        == f"{sheet} has 5 messages. To take changes in it back: petition-bot import {sheet} --update\n"
    )
    assert [row["id"] for row in cells(sheet)] == ["tents", "court", "a-story", "later", "passed"]
    for words in ([], ["--update"]):
        done = place.bot("import", str(sheet), *words)
        assert (done.exit_code, done.stdout) == (
            0,
            "5 messages of the table stand there already, unchanged.\n",
        )
    assert queue(place) == MESSAGES


@pytest.mark.parametrize("words", [[], ["--semicolons"]])
def test_a_table_that_was_imported_comes_out_as_it_went_in(place: Place, sheet: Path, words: list[str]):
    sheet.write_text("id,kind,text\nsum,call,\"=SUM(A1) signed; '+1', too\n@all\"\n")
    place.write("config.yaml", CONFIG.replace("hashtags", "allow_mentions: [all], hashtags"))
    assert place.bot("import", str(sheet)).exit_code == 0
    place.bot("export", str(sheet), *words)
    raw = sheet.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfid")
    assert b"'=SUM(A1) signed; '+1', too\n@all" in raw
    after = queue(place)
    assert place.json("import", str(sheet), "--update")["updated"] == []
    place.bot("export", str(sheet), *words)
    assert (sheet.read_bytes(), queue(place)) == (raw, after)


def test_export_replaces_a_table_and_nothing_else(place: Place, sheet: Path):
    place.bot("export", str(sheet))
    assert place.bot("export", str(sheet)).exit_code == 0
    done = place.bot("export", "messages.yaml")
    assert (done.exit_code, queue(place)) == (1, MESSAGES)
    assert "stands already and is no table of messages; name another" in done.stderr
    assert sorted(each.name for each in place.folder.iterdir()) == [
        "config.yaml",
        "messages.yaml",
        "queue.csv",
    ]
