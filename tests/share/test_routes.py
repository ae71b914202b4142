"""The share page over HTTP: who is answered, what may be kept, and that nothing else can be reached."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient

from bot.ports import StoreUnusable
from bot.store import open_store
from bot.web import create_app, create_public_app
from tests.share.given import a_book, a_sharing, two
from tests.web.given import an_office
from tests.web.pages import Page
from tests.web.visitor import a_user

Client = FlaskClient


def public() -> Client:
    return create_public_app(a_sharing(a_book(two(), two("draft", draft=True)))).test_client()


def beside_the_organizers() -> Client:
    return create_app(an_office(), sharing=a_sharing(a_book(two(), two("draft", draft=True)))).test_client()


BOTH_WAYS = pytest.mark.parametrize("site", [public, beside_the_organizers])
PATHS = (
    "",
    "es/",
    "en/tents/",
    "count.json",
    "feed.en.xml",
    "share.css",
    "share.js",
    "colours.css",
    "icon.svg",
)


@BOTH_WAYS
@pytest.mark.parametrize("path", PATHS)
def test_every_file_is_answered_may_be_kept_and_need_not_be_sent_twice(site: Callable[[], Client], path: str):
    asker = site()
    first = asker.get(f"/share/{path}")
    assert first.status_code == 200
    assert first.headers["Cache-Control"].startswith("public, max-age=")
    again = asker.get(f"/share/{path}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    other = asker.get(f"/share/{path}", headers={"If-None-Match": '"another"'})
    assert (other.status_code, other.data) == (200, first.data)


@BOTH_WAYS
def test_no_answer_sets_a_cookie_and_all_have_a_strict_policy(site: Callable[[], Client]):
    for path in (*PATHS, "nothing/", "cards/en/tents.png"):
        answer = site().get(f"/share/{path}")
        assert "Set-Cookie" not in answer.headers
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "connect-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "http" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@BOTH_WAYS
def test_a_card_is_a_picture_and_head_asks_without_it(site: Callable[[], Client]):
    answer = site().get("/share/cards/en/tents.png")
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert answer.data.startswith(b"\x89PNG")
    head = site().head("/share/cards/en/tents.png")
    assert (head.status_code, head.data) == (200, b"")


@BOTH_WAYS
def test_addresses_without_their_last_slash_lead_on(site: Callable[[], Client]):
    answer = site().get("/share/en/tents")
    assert answer.status_code == 308
    onward = urljoin("/share/en/tents", answer.headers["Location"])
    assert (onward, site().get(onward).status_code) == ("/share/en/tents/", 200)
    assert site().get("/share", follow_redirects=True).status_code == 200


PRIVATE = ("en/draft/", "cards/en/draft.png", "es/draft", "en/other/", "../messages.yaml", "..%2fconfig.yaml")


@BOTH_WAYS
@pytest.mark.parametrize("path", [*PRIVATE, ".petition-bot-share.json", "static/style.css", "x" * 3000])
def test_what_is_not_public_is_not_there_and_is_not_said_again(site: Callable[[], Client], path: str):
    answer = site().get(f"/share/{path}")
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"
    assert "draft" not in answer.text
    assert "xxx" not in answer.text


@pytest.mark.parametrize(
    "path", ["/demo", "/static/style.css", "/sign-in", "/history", "/metrics", "/messages"]
)
def test_the_public_site_has_none_of_the_organizers_pages(path: str):
    assert public().get(path).status_code == 404


def test_the_public_site_answers_by_any_name_from_anywhere_also_through_a_proxy():
    headers = {"Host": "share.example.org", "X-Forwarded-For": "203.0.113.7"}
    asked = {"REMOTE_ADDR": "203.0.113.7"}
    assert public().get("/share/", headers=headers, environ_overrides=asked).status_code == 200
    top = public().get("/", headers=headers)
    assert (top.status_code, top.headers["Location"]) == (302, "share/")


def test_beside_the_organizers_pages_the_page_asks_nobody_to_sign_in():
    store = open_store("sqlite://")
    a_user(store)
    site = create_app(an_office(store=store), sharing=a_sharing()).test_client()
    assert site.get("/share/").status_code == 200
    assert site.get("/").status_code == 302


@pytest.mark.parametrize("query", ["?url=https://evil.example.org", "?text=Evil", "?server=evil.example.org"])
def test_nothing_that_is_asked_for_comes_back(query: str):
    plain = public().get("/share/en/tents/")
    asked = public().get(f"/share/en/tents/{query}")
    assert asked.data == plain.data
    assert b"vil" not in asked.data


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_nothing_can_be_done_with_it(method: str):
    assert getattr(public(), method)("/share/").status_code == 405


# --- the form, for browsers without a script ------------------------------------------------------


def sent(server: str, said: str = "en/tents", site: Client | None = None) -> tuple[int, Page]:
    answer = (site or public()).post("/share/mastodon", data={"message": said, "server": server})
    assert "Location" not in answer.headers, "it never sends anybody on by itself"
    assert "Set-Cookie" not in answer.headers
    return answer.status_code, Page(answer.text)


@pytest.mark.parametrize(
    "server", ["social.example.net", "https://social.example.net/", "@me@social.example.net"]
)
def test_a_server_that_is_typed_is_a_link_to_its_share_page(server: str):
    code, page = sent(server)
    assert code == 200
    lead = page.root.one("a", class_="sign").attributes["href"]
    assert lead.startswith("https://social.example.net/share?text=Two%20thousand%20tents.")


def test_the_form_works_beside_the_organizers_pages_too():
    assert sent("social.example.net", site=beside_the_organizers())[0] == 200


@pytest.mark.parametrize(
    "server",
    [
        "",
        "javascript:alert(1)",
        "https://a.example.org/evil?x=",
        "http://social.example.net",
        "http://127.0.0.1:1",
        "a b",
        "user:pw@host.example.org/x",
        '"><script>',
    ],
)
def test_what_is_no_server_is_a_sentence_and_no_link(server: str):
    code, page = sent(server)
    assert code == 400
    assert "not the name of a server" in page.root.text
    leads = [each.attributes["href"] for each in page.root.find("a")]
    assert not [each for each in leads if "://" in each]


@pytest.mark.parametrize("said", ["", "en/draft", "xx/tents", "en/tents/", "https://evil.example.org"])
def test_only_what_is_offered_can_be_shared(said: str):
    assert sent("social.example.net", said)[0] == 404


def test_a_form_that_is_too_large_is_not_read():
    assert public().post("/share/mastodon", data={"server": "a" * 20_000}).status_code == 413


# --- the state ----------------------------------------------------------------------------------


class Broken:
    def __getattr__(self, name: str) -> object:
        raise StoreUnusable("the state at /secret/place is damaged")


def test_a_state_that_cannot_be_used_is_no_business_of_followers():
    site = create_public_app(a_sharing(store=Broken())).test_client()  # type: ignore[arg-type]
    for path in ("/share/", "/share/nothing"):
        answer = site.get(path)
        assert answer.status_code == 503
        assert "secret" not in answer.text
