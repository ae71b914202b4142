"""Somebody with a browser that keeps cookies and sends the forms it was shown."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from bot.office.people import hashed
from bot.ports import Store, User
from bot.web import create_app
from tests.web.given import NOW, an_office
from tests.web.pages import Page

PASSWORD = "correct horse battery"


class Visitor:
    """`post` takes the token from the first page that this visitor sees. `options`: of every request."""

    def __init__(self, app: Flask, **options: Any) -> None:
        self.client, self._options = app.test_client(), options

    @classmethod
    def of(cls, store: Store, name: str | None = None, **given: Any) -> Visitor:
        """At the shipped campaign's pages over this state, signed in as `name`."""
        visitor = cls(create_app(an_office(store=store, **given)))
        if name:
            visitor.sign_in(name)
        return visitor

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, **self._options, **options)

    def page(self, path: str = "/") -> Page:
        answer = self.client.get(path, follow_redirects=True, **self._options)
        assert answer.status_code == 200, f"{path}: {answer.status}"
        return Page(answer.text)

    def token(self) -> str:
        return self.page().html.partition('name="csrf_token" value="')[2].partition('"')[0]

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """Send a form as its page would, token included."""
        given = {"csrf_token": self.token(), **(data or {})}
        return self.client.post(path, data=given, **self._options, **options)

    def sign_in(self, name: str, password: str = PASSWORD) -> TestResponse:
        return self.post("/sign-in", {"name": name, "password": password})


def a_user(store: Store, name: str = "ana", role: str = "approver") -> User:
    """One who may sign in with PASSWORD."""
    user = User(name, role, _hash(), 1, NOW)
    assert store.add_user(user, lambda users: True)
    return user


@cache
def _hash() -> str:
    return hashed(PASSWORD)
