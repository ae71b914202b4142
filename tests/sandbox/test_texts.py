"""The sandbox's own lengths and shapes of text; and that it knows nobody of ours."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot.sandbox
from bot.sandbox import Published
from bot.sandbox.body import Upload, fields
from bot.sandbox.toots import content, length
from bot.sandbox.tweets import shown, weigh
from bot.sandbox.wire import Answer, Request

LINK = "https://www.raicestexas.org/2019/11/20/you-can-help-stop-mpp/"
NOW = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("", 0),
        ("abc", 3),
        ("ñáü", 3),
        ("“curly” – ’", 11),
        ("…", 2),
        ("€", 2),
        ("の", 2),
        ("¿¡ºª", 4),
        ("❤", 2),
        ("👍🏽", 2),
        ("🇪🇸", 2),
        ("🏳️‍🌈", 2),
        ("1️⃣", 2),
        ("👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 4),
        ("\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", 2),
        (LINK, 23),
        (f"Read {LINK}.", 29),
        ("ejemplo.org", 23),
        ("final.No", 23),
        ("informe.pdf", 11),
        ("info@example.org", 16),
        ("fin.Ya", 6),
        ("Número 1.234", 12),
    ],
)
def test_weights_on_x(text: str, weight: int) -> None:
    assert weigh(text) == weight


@pytest.mark.parametrize(
    ("text", "count", "in_full"),
    [
        ("", 0, 0),
        ("abc", 3, 3),
        ("n\u0303", 1, 1),
        ("🏳️‍🌈👍🏽🇪🇸", 3, 3),
        (LINK, 23, len(LINK)),
        ("https://a.org", 23, 13),
        ("ejemplo.org", 11, 11),
        ("@somebody@social.example.org", 9, 9),
        (f"({LINK})", 25, len(LINK) + 2),
    ],
)
def test_lengths_on_mastodon(text: str, count: int, in_full: int) -> None:
    assert (length(text), length(text, urls_in_full=True)) == (count, in_full)


def stripped(shown: str) -> str:
    return re.sub(r"<[^>]+>", "", shown.replace("<br />", "\n").replace("</p><p>", "\n\n"))


def test_html_without_its_tags_is_the_text_again() -> None:
    text = f"One two\nthree\n\nRead {LINK} #StopMPP"
    assert stripped(content(text, "https://social.example.org")) == text


def test_html_marks_hashtags_but_not_numbers() -> None:
    marked = content("#StopMPP #1 a#b", "https://social.example.org")
    assert marked.count('class="mention hashtag"') == 1


words = st.text(st.sampled_from("añ& <>.,#\n€の👍") | st.characters(exclude_categories=["Cs"]))


@given(text=words)
def test_a_text_without_links_is_only_escaped_on_x(text: str) -> None:
    seen = shown(Published("1", text, NOW, "2"), "campaign")
    if not seen.urls:
        assert seen.text == text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@given(before=words, after=words)
def test_entities_point_at_their_links(before: str, after: str) -> None:
    seen = shown(Published("1", f"{before} {LINK} {after}", NOW, "2"), "campaign")
    assert LINK in [url["expanded_url"] for url in seen.urls]
    assert all(seen.text[url["start"] : url["end"]] == url["url"] for url in seen.urls)


def multipart(*parts: bytes) -> Request:
    body = b"".join(b"--edge\r\n" + part + b"\r\n" for part in parts) + b"--edge--\r\n"
    return Request("POST", "/", {"content-type": 'multipart/form-data; boundary="edge"'}, body)


@given(data=st.binary())
def test_a_file_in_a_form_arrives_byte_by_byte(data: bytes) -> None:
    if b"--edge" in data:
        return
    head = b'Content-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png'
    told = b'Content-Disposition: form-data; name="description"\r\n\r\nTents'
    read = fields(multipart(told, head + b"\r\n\r\n" + data))
    assert read == {"description": "Tents", "file": Upload("a.png", "image/png", data)}


def test_lists_in_a_form_are_lists() -> None:
    form = Request("POST", "/", {}, b"media_ids%5B%5D=1&media_ids%5B%5D=2&status=a+b")
    assert fields(form) == {"media_ids": ["1", "2"], "status": "a b"}


@pytest.mark.parametrize("body", [b"{", b"[1]", b"\xff"])
def test_a_broken_body_is_a_400(body: bytes, box: bot.sandbox.Sandbox) -> None:
    import requests

    headers = {
        "Authorization": f"Bearer {box.mastodon.secrets['ACCESS_TOKEN']}",
        "Content-Type": "application/json",
    }
    page = box.mastodon.url + "/api/v1/statuses"
    assert requests.post(page, data=body, headers=headers, timeout=5).status_code == 400


def test_headers_are_replaced_whatever_their_case() -> None:
    answer = Answer.json(200, {}, (("X-Limit", "1"),)).with_headers(("x-limit", "2"))
    assert answer.header("X-LIMIT") == "2"
    assert sum(name.lower() == "x-limit" for name, _ in answer.headers) == 1


def test_the_sandbox_knows_nobody_of_ours() -> None:
    for file in Path(bot.sandbox.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            ours = [name for name in names if name.startswith("bot") and not name.startswith("bot.sandbox")]
            assert not ours, file.name
