"""The pages for messages, as somebody with a browser and without JavaScript uses them."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from werkzeug.test import TestResponse

from bot.office.words import Saved
from bot.web import create_app
from tests.files.drawings import encoded, photo, plain
from tests.office.desk import QUEUE, Desk
from tests.web.pages import Element, Page
from tests.web.test_injection import PAYLOADS, harmless
from tests.web.visitor import Visitor, a_user


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def ana(desk: Desk) -> Visitor:
    """She approves."""
    a_user(desk.store, "ana")
    return at_the_desk(desk, "ana")


@pytest.fixture
def eva(desk: Desk, ana: Visitor) -> Visitor:
    """She edits."""
    a_user(desk.store, "eva", "editor")
    return at_the_desk(desk, "eva")


def at_the_desk(desk: Desk, name: str | None = None) -> Visitor:
    visitor = Visitor(create_app(desk.office))
    if name:
        visitor.sign_in(name)
    return visitor


def fields(page: Page) -> dict[str, str]:
    """What a browser would send of the form, if nobody touched it."""
    form = page.part("fields")
    found = _all(form)
    for each in form.find("select"):
        chosen = [option for option in each.find("option") if "selected" in option.attributes]
        found[each.attributes["name"]] = (chosen or each.find("option"))[0].attributes["value"]
    return found


def _all(form: Element) -> dict[str, str]:
    """Its fields but for its lists."""
    return {each.attributes["name"]: _value(each) for each in form.below() if _is_sent(each)}


def _is_sent(each: Element) -> bool:
    kind = each.attributes.get("type", "")
    checked = kind not in ("checkbox", "file") or "checked" in each.attributes
    return each.name in ("input", "textarea") and "name" in each.attributes and checked


def _value(each: Element) -> str:
    if each.name == "textarea":
        return each.exact.removeprefix("\n").replace("\n", "\r\n")
    return each.attributes.get("value", "on")


def sent(visitor: Visitor, path: str, do: str = "out", **changes: Any) -> TestResponse:
    """The form at `path`, with changes, as its button `do` sends it."""
    named = {name.replace("__", "."): value for name, value in changes.items()}
    return visitor.client.post(path, data=fields(visitor.page(path)) | {"do": do} | named)


PAPERS = {
    "text__en__0": "Papers, mostly in English.",
    "source": "https://example.org/papers",
    "as_of": "2026-11-20",
}

# --- the list -----------------------------------------------------------------------------------


def names(page: Page) -> list[str]:
    return [each.one("h3").text for each in page.find("li", class_="message-row")]


def test_the_list_has_every_message_in_the_order_of_the_file(ana: Visitor):
    assert names(ana.page("/messages")) == ["tents", "sign", "court"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("kind=call", ["sign"]),
        ("language=es", ["sign"]),
        ("state=draft", ["court"]),
        ("state=rotation", ["tents", "sign"]),
        ("state=problems", []),
        ("q=COLD tents", ["tents"]),
        ("q=nothing of the kind", []),
        ("account=mastodon&kind=fact", ["tents", "court"]),
        ("kind=joke", []),
    ],
)
def test_what_is_looked_for_is_shown(ana: Visitor, asked: str, found: list[str]):
    assert names(ana.page(f"/messages?{asked}")) == found


def test_a_long_list_is_shown_leaf_by_leaf(tmp_path: Path):
    entry = "  - {{id: m-{0}, kind: call, text: Sign {0}}}\n"
    desk = Desk(tmp_path, "messages:\n" + "".join(entry.format(number) for number in range(230)))
    visitor, path, seen = at_the_desk(desk), "/messages?kind=call&first=0", list[str]()
    while path:
        page = visitor.page(path)
        seen += names(page)
        assert "230 of 230" in page.main
        onward = [each.attributes["href"] for each in page.find("a", class_="button") if "after" in each.text]
        path = onward[0] if onward else ""
    assert seen == [f"m-{number}" for number in range(230)]
    last = visitor.page("/messages?first=100").part("m-m-199").one("button", title="Down")
    visitor.post("/messages/move", {"move": last.attributes["value"]})
    assert desk.office.messages.sheet().ids[199:201] == ["m-200", "m-199"]


@pytest.mark.parametrize("first", ["-5", "x", "999999999999999999999", "100"])
def test_a_leaf_that_is_not_there_is_empty(ana: Visitor, first: str):
    assert ana.get(f"/messages?first={first}&_external=1&endpoint=x").status_code == 200


def test_a_message_moves_past_the_next_one_that_is_shown(desk: Desk, ana: Visitor):
    row = ana.page("/messages?kind=fact").part("m-tents")
    down = row.one("button", title="Down")
    answer = ana.post("/messages/move", {"move": down.attributes["value"], "next": "/messages?kind=fact"})
    assert answer.headers["Location"] == "/messages?kind=fact#m-tents"
    assert desk.office.messages.sheet().ids == ["sign", "court", "tents"]
    up = ana.page("/messages").part("m-court").one("button", title="Up")
    ana.post("/messages/move", {"move": up.attributes["value"]})
    assert desk.office.messages.sheet().ids == ["court", "sign", "tents"]


def test_after_a_move_nobody_is_led_away(ana: Visitor):
    answer = ana.post("/messages/move", {"move": "tents>sign", "next": "https://evil.example.org/"})
    assert answer.headers["Location"].startswith("/")


def test_one_message_is_put_before_another_on_its_own_page(desk: Desk, ana: Visitor):
    ana.post("/messages/move", {"id": "court", "before": "tents"})
    assert desk.office.messages.sheet().ids == ["court", "tents", "sign"]


# --- writing ------------------------------------------------------------------------------------


def test_a_message_is_written_previewed_and_saved(desk: Desk, ana: Visitor):
    answer = sent(ana, "/messages/new", "preview", **PAPERS)
    assert answer.status_code == 200
    shown = Page(answer.text)
    assert "Papers, mostly in English. #StopMPP" in shown.part("looks").text
    assert desk.text == QUEUE
    answer = ana.client.post("/messages/new", data=fields(shown) | {"do": "out"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/message/papers-mostly-in-english")
    assert desk.text == QUEUE.replace(
        "\n# The end.",
        """
  - id: papers-mostly-in-english
    kind: fact
    text: >-
      Papers, mostly in English.
    source: https://example.org/papers
    as_of: 2026-11-20

# The end.""",
    )
    assert "Saved" in ana.page("/message/papers-mostly-in-english").main


@pytest.mark.parametrize("id", ["tents", "sign", "court"])
def test_a_form_that_nobody_touched_changes_no_byte(desk: Desk, ana: Visitor, id: str):
    assert sent(ana, f"/message/{id}", "draft" if id == "court" else "out").status_code == 303
    assert desk.text == QUEUE
    assert desk.store.deeds() == []


WHOLE = """\
messages:
  - {id: all, kind: story, weight: 3, text: [One, "Two:  2\\n"], thread: ["Part", {es: Parte, en: Part}]}
  - id: more
    kind: fact
    text: |
      Two lines,
      of which this is the second
    source: "https://example.org/"
    as_of: 2026-11-20
    not_before: closes - 300d
    expires: 2027-02-01T18:00 Europe/Madrid
    post_at: 2026-12-10T18:00
    content_warning: {en: Sad}
    accounts: [mastodon, x]
    media:
      - file: media/a.png
        alt: 'What it shows'
    per:
      x: {text: "On X", link: https://example.org/x}
    draft: true
"""


@pytest.mark.parametrize("id", ["all", "more"])
def test_a_form_keeps_whatever_can_stand_in_a_message(tmp_path: Path, id: str):
    desk = Desk(tmp_path, WHOLE)
    (tmp_path / "media").mkdir()
    (tmp_path / "media/a.png").write_bytes(encoded(plain()))
    before = desk.text.replace("text: [One", "draft: true, text: [One") if id == "all" else desk.text
    desk.path.write_text(before)
    assert sent(at_the_desk(desk), f"/message/{id}", "draft").status_code == 303
    assert desk.text == before


def test_every_field_is_written_where_it_belongs(desk: Desk, ana: Visitor):
    answer = sent(
        ana,
        "/messages/new",
        id="all-of-it",
        kind="story",
        text__en__0="One",
        text__en__1="Two",
        text__es__0="Uno",
        source="https://example.org/source",
        as_of="2026-11-20",
        review_by="2027-01-31",
        link="https://example.org/story",
        thread__0__en__0="Part two",
        thread__0__es__0="Segunda parte",
        content_warning__en__0="Sad",
        weight="2",
        not_before="2026-12-02",
        expires="2027-02-01",
        post_at="2026-12-10T18:00",
        account__mastodon="on",
        per__mastodon__text__en__0="One, on Mastodon",
    )
    assert answer.status_code == 303, Page(answer.text).main
    assert desk.entry("all-of-it") == {
        "id": "all-of-it",
        "kind": "story",
        "text": {"en": ["One", "Two"], "es": "Uno"},
        "source": "https://example.org/source",
        "as_of": "2026-11-20",
        "review_by": "2027-01-31",
        "link": "https://example.org/story",
        "thread": [{"en": "Part two", "es": "Segunda parte"}],
        "content_warning": "Sad",
        "weight": 2,
        "not_before": "2026-12-02",
        "expires": "2027-02-01",
        "post_at": "2026-12-10 18:00",
        "accounts": ["mastodon"],
        "per": {"mastodon": {"text": "One, on Mastodon"}},
    }


def test_what_is_emptied_goes(desk: Desk, ana: Visitor):
    sent(ana, "/message/tents", source="", as_of="", kind="call")
    assert set(desk.entry("tents")) == {"id", "kind", "text"}


def test_only_the_lines_of_the_field_change(desk: Desk, ana: Visitor):
    sent(ana, "/message/sign", text__es__0="Firme ya con nosotros")
    assert desk.text == QUEUE.replace("es: Firme con", "es: >-\n        Firme ya con")


def test_the_enter_key_saves_nothing(ana: Visitor):
    form = ana.page("/message/tents").part("fields")
    assert form.find("button", type="submit")[0].attributes["value"] == "preview"


# --- what is wrong ------------------------------------------------------------------------------


def test_an_error_stands_at_its_field_and_nothing_typed_is_lost(desk: Desk, ana: Visitor):
    typed = PAPERS | {"text__es__0": "Con @alguien", "weight": "7", "expires": "soon"}
    answer = sent(ana, "/messages/new", **typed)
    assert answer.status_code == 422
    page = Page(answer.text)
    assert "'soon'" in page.part("expires-wrong").text
    assert page.part("expires").attributes["aria-invalid"] == "true"
    assert "expires-wrong" in page.part("expires").attributes["aria-describedby"].split()
    kept = fields(page)
    assert {name: kept[name.replace("__", ".")] for name in typed} == typed
    assert desk.text == QUEUE


def test_what_is_wrong_is_said_once_without_naming_message_and_field(ana: Visitor):
    answer = sent(ana, "/messages/new", **PAPERS, expires="soon", weight="many")
    said = [each.text for each in Page(answer.text).part("fields").find("li", class_="is-error")]
    assert (
        said
        == [
            "Mistake: 'many' is not a plain whole number, such as 100000.",
            "Mistake: 'soon' is not a day; write it as 2027-02-01.",
        ][::-1]
    )


def test_a_text_that_is_too_long_says_by_how_much_at_the_text(ana: Visitor):
    page = Page(sent(ana, "/messages/new", **PAPERS | {"text__en__0": "👩🏽‍🚀 They wait. " * 30}).text)
    assert "shorten it by" in page.part("text.en.0-wrong").text
    assert "too many" in page.part("counts").text


def test_what_is_folded_away_is_open_where_something_is_wrong(ana: Visitor):
    page = Page(sent(ana, "/messages/new", **PAPERS, per__x__text__en__0="With @somebody").text)
    field = page.part("per.x.text.en.0")
    assert all("open" in each.attributes for each in field.within if each.name == "details")


def test_a_message_with_an_error_may_be_kept_as_a_draft_and_not_approved(desk: Desk, ana: Visitor):
    sent(ana, "/messages/new", "draft", **PAPERS | {"id": "p", "text__en__0": "With @somebody"})
    assert desk.entry("p")["draft"] is True
    ana.client.post("/message/p/approve", data=keys(ana, "/message/p"))
    assert desk.entry("p")["draft"] is True
    assert "would notify" in ana.page("/message/p").part("text.en.0-wrong").text


def keys(visitor: Visitor, path: str) -> dict[str, str]:
    """The token, and how the message looked."""
    known = fields(visitor.page(path))
    return {name: known[name] for name in ("csrf_token", "seen")}


def test_a_message_that_is_gone_leads_back_to_the_list(ana: Visitor):
    answer = ana.get("/message/nobody")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/messages")


# --- who may do what ----------------------------------------------------------------------------


def test_what_an_editor_saves_is_a_draft_whatever_she_sends(desk: Desk, eva: Visitor):
    for do in ("out", "draft"):
        sent(eva, "/message/tents", do, as_of=f"2026-11-2{len(do)}")
        assert desk.entry("tents")["draft"] is True


def test_an_editor_is_offered_no_approval_and_given_none(desk: Desk, eva: Visitor):
    page = eva.page("/message/court")
    assert not [each for each in page.find("form") if "approve" in each.attributes.get("action", "")]
    assert "out" not in [each.attributes.get("value") for each in page.find("button")]
    assert eva.client.post("/message/court/approve", data=keys(eva, "/message/court")).status_code == 403
    assert desk.text == QUEUE


def test_what_an_editor_wrote_goes_out_when_an_approver_says_so(desk: Desk, ana: Visitor, eva: Visitor):
    sent(eva, "/messages/new", "draft", **PAPERS, id="papers")
    assert ana.client.post("/message/papers/approve", data=keys(ana, "/message/papers")).status_code == 303
    assert "draft" not in desk.entry("papers")
    assert [(deed.who, deed.verb) for deed in desk.store.deeds(about="papers")] == [
        ("ana", "approve message"),
        ("eva", "add message"),
    ]


# --- stopped, deleted ---------------------------------------------------------------------------


def test_a_message_is_stopped_by_one_button(desk: Desk, ana: Visitor):
    ana.client.post("/message/tents/expire", data=keys(ana, "/message/tents"))
    assert desk.entry("tents")["expires"] == "2026-12-01 13:00"


def test_a_message_is_deleted_only_after_a_question(desk: Desk, ana: Visitor):
    page = ana.page("/message/tents")
    assert not [each for each in page.find("form") if "delete" in each.attributes.get("action", "")]
    question = ana.page("/message/tents/delete")
    assert desk.text == QUEUE
    form = next(each for each in question.find("form") if "delete" in each.attributes["action"])
    assert ana.client.post("/message/tents/delete", data=_all(form)).headers["Location"] == "/messages"
    assert desk.office.messages.sheet().ids == ["sign", "court"]


def test_a_question_that_is_out_of_date_deletes_nothing(desk: Desk, ana: Visitor):
    question = ana.page("/message/tents/delete")
    form = next(each for each in question.find("form") if "delete" in each.attributes["action"])
    desk.edited("cold", "freezing")
    ana.client.post("/message/tents/delete", data=_all(form))
    assert "tents" in desk.office.messages.sheet().ids


# --- somebody else was faster -------------------------------------------------------------------


def test_a_change_of_the_same_message_shows_both_and_either_may_stay(desk: Desk, ana: Visitor):
    form = fields(ana.page("/message/tents")) | {"do": "out", "as_of": "2026-11-25"}
    desk.edited("cold", "freezing")
    before = desk.print()
    answer = ana.client.post("/message/tents", data=form)
    assert answer.status_code == 409
    page = Page(answer.text)
    assert [each.text for each in page.find("mark")] == [
        "It's freezing in the tents",
        "as_of: 2026-11-20",
        "It's cold in the tents",
        "as_of: 2026-11-25",
    ]
    assert desk.print() == before
    assert [each.attributes["href"] for each in page.find("a", class_="button")] == ["/message/tents"]
    over = next(each for each in page.find("form") if each.find("button", value="out"))
    again = _all(over)
    answer = ana.client.post(over.attributes["action"], data=again | {"do": "out"})
    assert answer.status_code == 303
    assert desk.entry("tents")["as_of"] == "2026-11-25"
    assert desk.entry("tents")["text"] == "It's cold in the tents"


def test_a_change_of_another_message_is_no_question(desk: Desk, ana: Visitor):
    form = fields(ana.page("/message/tents")) | {"do": "out", "as_of": "2026-11-25"}
    desk.edited("Sign with us", "Sign with all of us")
    assert ana.client.post("/message/tents", data=form).status_code == 303
    assert desk.text == QUEUE.replace("Sign with us", "Sign with all of us").replace(
        "as_of: 2026-11-20", "as_of: 2026-11-25", 1
    )


def test_what_was_deleted_meanwhile_can_be_kept(desk: Desk, ana: Visitor):
    form = fields(ana.page("/message/sign")) | {"do": "out"}
    desk.office.messages.remove("eva", "sign", desk.seen("sign"))
    page = Page(ana.client.post("/message/sign", data=form).text)
    over = next(each for each in page.find("form") if each.find("button", value="out"))
    again = _all(over)
    assert ana.client.post("/message/sign", data=again | {"do": "out"}).status_code == 303
    assert desk.office.messages.sheet().ids[-1] == "sign"


# --- a broken file ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "queue", [QUEUE.replace("kind: call", "kind: [call"), QUEUE.replace("id: sign", 'id: sign\n    id: "x"')]
)
def test_a_broken_file_is_said_and_nothing_is_offered_that_would_destroy_it(tmp_path: Path, queue: str):
    desk = Desk(tmp_path, queue)
    visitor = at_the_desk(desk)
    page = visitor.page("/messages")
    assert "cannot be changed here" in page.main
    assert re.search(r"messages\.yaml:\d+:\d+: ", page.main)
    assert not page.find("button", title="Up")
    assert not [each for each in page.find("a") if each.attributes["href"] == "/messages/new"]
    form = {"do": "out", "kind": "fact", "text.en.0": "Hello"}
    assert visitor.post("/messages/new", form).status_code == 422
    assert visitor.post("/message/tents/expire").status_code == 303
    assert desk.text == queue


def test_what_was_typed_for_a_broken_file_is_not_lost(tmp_path: Path):
    desk = Desk(tmp_path, QUEUE.replace("kind: call", "kind: [call"))
    visitor = at_the_desk(desk)
    page = Page(visitor.post("/messages/new", {"do": "out", "kind": "fact", "text.en.0": "Hello"}).text)
    assert fields(page)["text.en.0"] == "Hello"


def test_an_entry_that_fits_into_no_form_is_shown_as_it_stands(tmp_path: Path):
    desk = Desk(
        tmp_path, QUEUE.replace("    text:\n      en: Sign", "    text:\n      en: [[a]]\n      fr: Sign")
    )
    answer = at_the_desk(desk).get("/message/sign")
    assert answer.status_code == 422
    assert "text editor" in Page(answer.text).main


# --- pictures -----------------------------------------------------------------------------------


def with_file(visitor: Visitor, path: str, name: str, data: bytes, **changes: Any) -> TestResponse:
    return sent(visitor, path, picture=(BytesIO(data), name), **changes)


def test_a_picture_is_kept_beside_the_messages_with_its_words(desk: Desk, ana: Visitor):
    answer = with_file(
        ana, "/message/tents", "Zelte am Fluß.JPG", photo(), picture__alt__en__0="Tents by a river"
    )
    assert answer.status_code == 303
    assert desk.entry("tents")["media"] == [{"file": "media/zelte-am-flu.jpg", "alt": "Tents by a river"}]
    assert (desk.folder / "media/zelte-am-flu.jpg").read_bytes() == photo()
    shown = ana.get("/messages/pictures/media/zelte-am-flu.jpg")
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")


def test_a_picture_is_taken_out_and_its_file_stays(desk: Desk, ana: Visitor):
    with_file(ana, "/message/tents", "a.png", encoded(plain()), picture__alt__en__0="Tents")
    sent(ana, "/message/tents", media__0__out="on")
    assert "media" not in desk.entry("tents")
    assert (desk.folder / "media/a.png").exists()


@pytest.mark.parametrize(
    "name",
    [
        "../../outside.png",
        "/etc/passwd.png",
        "..\\..\\outside.png",
        "....png",
        "a\0b.png",
        "media/../../x.png",
    ],
)
def test_a_picture_never_leaves_its_folder(desk: Desk, ana: Visitor, name: str):
    with_file(ana, "/message/tents", name, encoded(plain()), picture__alt__en__0="Tents")
    (kept,) = (desk.folder / "media").iterdir()
    assert re.fullmatch(r"[a-z0-9-]+\.png", kept.name)
    assert sorted(each.name for each in desk.folder.iterdir()) == ["config.yaml", "media", "messages.yaml"]


def test_a_picture_overwrites_none_and_the_same_one_is_kept_once(desk: Desk, ana: Visitor):
    red, blue = encoded(plain(colour="red")), encoded(plain(colour="blue"))
    for data in (red, blue, red):
        with_file(ana, "/messages/new", "a.png", data, do="draft", picture__alt__en__0="A", **PAPERS)
    assert (desk.folder / "media/a.png").read_bytes() == red
    assert (desk.folder / "media/a-2.png").read_bytes() == blue
    assert len(list((desk.folder / "media").iterdir())) == 2


def test_a_picture_is_called_by_what_it_is(desk: Desk, ana: Visitor):
    with_file(ana, "/message/tents", "a.jpg", encoded(plain()), picture__alt__en__0="A")
    assert desk.entry("tents")["media"][0]["file"] == "media/a.png"


@pytest.mark.parametrize("data", [b"<svg onload='alert(1)'/>", b"%PDF-1.4", encoded(plain())[:60], b"MZ..."])
def test_what_is_no_picture_is_not_kept_and_nothing_typed_is_lost(desk: Desk, ana: Visitor, data: bytes):
    answer = with_file(ana, "/messages/new", "a.png", data, picture__alt__en__0="A", **PAPERS)
    assert answer.status_code == 422
    page = Page(answer.text)
    assert "This picture was not taken" in page.main
    assert fields(page)["text.en.0"] == PAPERS["text__en__0"]
    assert fields(page)["picture.alt.en.0"] == "A"
    assert (desk.text, (desk.folder / "media").exists()) == (QUEUE, False)


def test_a_folder_of_pictures_that_leads_elsewhere_takes_none(desk: Desk, ana: Visitor, tmp_path: Path):
    elsewhere = tmp_path.parent / f"{tmp_path.name}-elsewhere"
    elsewhere.mkdir()
    (desk.folder / "media").symlink_to(elsewhere)
    assert with_file(ana, "/message/tents", "a.png", encoded(plain())).status_code == 422
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("path", ["messages.yaml", "config.yaml", "../config.yaml", "%2e%2e/x.png", ".env"])
def test_only_pictures_are_handed_out(ana: Visitor, path: str):
    assert ana.get(f"/messages/pictures/{path}").status_code in (404, 308)


# --- while it is written ------------------------------------------------------------------------


def test_the_script_gets_the_preview_alone_and_nothing_is_saved(desk: Desk, ana: Visitor):
    answer = sent(ana, "/message/tents", "preview", fragment="1", text__en__0="Hot, with @somebody")
    assert answer.status_code == 200
    assert "<html" not in answer.text
    page = Page(answer.text)
    assert [each.attributes["data-field"] for each in page.find("li", class_="is-error")] == ["text.en.0"]
    assert "Hot, with @somebody" in page.root.text
    assert desk.text == QUEUE


def test_the_script_is_told_when_the_file_is_broken(desk: Desk, ana: Visitor):
    form = fields(ana.page("/message/tents")) | {"do": "preview", "fragment": "1"}
    desk.edited("kind: call", "kind: [call")
    answer = ana.client.post("/message/tents", data=form)
    assert answer.status_code == 200
    assert "Nothing was saved" in Page(answer.text).root.text


def test_the_preview_says_what_each_post_counts_and_costs(ana: Visitor):
    looks = ana.page("/message/sign").part("looks").find("article")
    said = {(each.one("h3").text, each.find("p", class_="quiet")[0].text): each.text for each in looks}
    assert set(said) == {("X", "English"), ("Mastodon", "English"), ("Mastodon", "Spanish")}
    assert "Costs $0.20" in said["X", "English"]
    assert "46 of 280" in said["X", "English"]
    assert "of 500" in said["Mastodon", "Spanish"]


def test_the_counts_are_read_aloud_when_they_change(ana: Visitor):
    assert ana.page("/message/sign").part("counts").attributes["role"] == "status"


# --- strangers in the fields --------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw", ["{", "[]", '"x"', '{"file": 7}', '{"file": "../x", "alt": {"en": []}}', "null"]
)
def test_whatever_is_sent_for_a_picture_is_no_trouble(desk: Desk, ana: Visitor, raw: str):
    form = fields(ana.page("/message/tents")) | {"do": "out", "media.0.raw": raw}
    assert ana.client.post("/message/tents", data=form).status_code in (303, 422)
    assert "../x" not in desk.text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_is_typed_is_shown_as_words(ana: Visitor, payload: str):
    names = ("text.en.0", "source", "id", "kind", "expires", "weight", "per.x.text.en.0", "thread.0.es.0")
    typed = dict.fromkeys(names, payload)
    page = Page(ana.post("/messages/new", {"do": "preview", **typed}).text)
    assert {name: fields(page)[name] for name in typed} == typed
    assert len(page.find("script")) == 1
    harmless(page)
    fragment = ana.post("/messages/new", {"do": "preview", "fragment": "1", **typed})
    harmless(Page(fragment.text))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_field_of_a_message_reaches_a_page_as_markup(desk: Desk, ana: Visitor, payload: str):
    entry = {
        "id": "evil",
        "kind": "story",
        "text": {"en": [payload, payload], "es": payload},
        "thread": [payload],
        "content_warning": payload,
        "media": [{"file": payload, "alt": payload}],
        "per": {"x": {"text": payload, "content_warning": payload}},
    }
    assert isinstance(desk.office.messages.save("eva", entry, None, "", out=False), Saved)
    for path in ("/messages", f"/messages?q={quote(payload)}", "/message/evil", "/message/evil/delete"):
        page = ana.page(path)
        harmless(page)
    assert fields(ana.page("/message/evil"))["text.es.0"] == payload
