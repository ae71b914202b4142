"""The share page as a folder: what changed is written, what is gone is removed, what is not ours stays."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from bot.files.cards import draw
from bot.web.share import build
from bot.web.share.build import MANIFEST, NotOurs
from tests.share.given import a_reading, a_site, text_of, two

OLD = 1_000_000_000.0


def age(folder: Path) -> None:
    """Make every file old, so that one that is written again can be told."""
    for path in folder.rglob("*"):
        os.utime(path, (OLD, OLD))


def renewed(folder: Path) -> set[str]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.stat().st_mtime != OLD)
    return {path.relative_to(folder).as_posix() for path in files} - {MANIFEST}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    build(a_site(two("a"), two("b", text="Other words."), reading=a_reading(1000)), tmp_path / "site")
    age(tmp_path / "site")
    return tmp_path / "site"


def test_every_file_of_the_site_is_in_the_folder(folder: Path):
    site = a_site(two("a"), two("b", text="Other words."), reading=a_reading(1000))
    for path in site.paths():
        file = folder / (f"{path}index.html" if not path or path.endswith("/") else path)
        leaf = site.leaf(path)
        assert leaf
        assert file.read_bytes() == leaf.make()


def test_the_same_again_writes_nothing_and_draws_nothing(folder: Path):
    draw.cache_clear()
    done = build(a_site(two("a"), two("b", text="Other words."), reading=a_reading(1000)), folder)
    assert renewed(folder) == set()
    assert (done.written, done.removed) == ([], [])
    assert draw.cache_info().misses == 0
    assert done.kept


def test_another_count_writes_the_pages_that_say_it_and_no_card_of_a_message(folder: Path):
    build(a_site(two("a"), two("b", text="Other words."), reading=a_reading(1001)), folder)
    assert renewed(folder) == {"index.html", "es/index.html", "count.json", "cards/en.png", "cards/es.png"}


def test_an_edited_message_writes_its_own_files_and_the_list(folder: Path):
    build(a_site(two("a"), two("b", text="New words."), reading=a_reading(1000)), folder)
    assert renewed(folder) == {"index.html", "en/b/index.html", "cards/en/b.png"}
    assert "New words." in (folder / "en/b/index.html").read_text("utf-8")


def test_a_message_that_is_gone_takes_its_pages_and_cards_with_it(folder: Path):
    done = build(a_site(two("a"), reading=a_reading(1000)), folder)
    assert sorted(done.removed) == ["cards/en/b.png", "en/b/index.html"]
    assert not (folder / "en/b").exists()
    assert (folder / "en/a/index.html").exists()


def test_what_it_did_not_make_stays(folder: Path):
    own = {"CNAME": "share.example.org", "en/b/notes.txt": "mine", ".htaccess": "x"}
    for name, text in own.items():
        (folder / name).write_text(text)
    build(a_site(two("a"), reading=a_reading(1000)), folder)
    assert {name: (folder / name).read_text() for name in own} == own


def test_what_stands_in_the_way_and_is_not_its_own_is_never_written_over(tmp_path: Path):
    (tmp_path / "index.html").write_text("somebody's page")
    with pytest.raises(NotOurs, match=r"index\.html was not made by share build.*empty folder"):
        build(a_site(two()), tmp_path)
    assert (tmp_path / "index.html").read_text() == "somebody's page"


def test_a_file_that_went_missing_or_was_half_written_is_made_again(folder: Path):
    (folder / "en/a/index.html").unlink()
    build(a_site(two("a"), two("b", text="Other words."), reading=a_reading(1000)), folder)
    assert renewed(folder) == {"en/a/index.html"}


@pytest.mark.parametrize("spoilt", ["", "[]", '{"a": 1}', "{", '"x"'])
def test_a_list_that_cannot_be_read_costs_a_look_at_every_file_and_nothing_more(folder: Path, spoilt: str):
    (folder / MANIFEST).write_text(spoilt)
    build(a_site(two("a"), two("b", text="Other words."), reading=a_reading(1000)), folder)
    assert renewed(folder) == set()
    assert "index.html" in json.loads((folder / MANIFEST).read_text())


@pytest.mark.parametrize("name", ["../outside", "/outside", "en/../../outside"])
def test_nothing_outside_the_folder_is_removed_whatever_the_list_says(folder: Path, name: str):
    outside = folder.parent / "outside"
    outside.write_text("mine")
    known = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps({**known, name: "x"}))
    build(a_site(two("a"), reading=a_reading(1000)), folder)
    assert outside.read_text() == "mine"


def test_no_half_file_is_left_and_none_is_seen(folder: Path):
    assert not [*folder.rglob("*.new"), *folder.rglob(".*.new")]


def test_a_card_that_cannot_be_drawn_is_left_out_and_told(tmp_path: Path):
    site = a_site(two("a", text={"en": "签名 😀"}))
    done = build(site, tmp_path)
    assert done.without == ["cards/en/a.png"]
    assert not (tmp_path / "cards/en/a.png").exists()
    assert "cards/en/a.png" not in text_of(site, "en/a/")
    assert build(site, tmp_path).written == []
