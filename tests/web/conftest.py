"""The pages without a server, and the browser's tests only where there is a browser."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

import pytest
from flask.testing import FlaskClient

from bot.core.overview import Overview
from bot.web import Column, create_app
from tests.web.chromium import PLACE
from tests.web.given import an_office, an_overview
from tests.web.pages import Page

WITH_A_BROWSER = ["test_browser.py", "test_messages_browser.py", "test_walk.py"]
WITH_AXE = ["test_axe.py"]
BROWSER, AXE = os.access(PLACE, os.X_OK), os.path.isfile(os.environ.get("PETITION_BOT_AXE", ""))
collect_ignore = [*([] if BROWSER else WITH_A_BROWSER), *([] if BROWSER and AXE else WITH_AXE)]

Show = Callable[..., Page]


def client(overview: Overview, columns: Sequence[Column] | None = None, **options: float) -> FlaskClient:
    timelines = None if columns is None else (lambda: columns)
    return create_app(an_office(lambda: overview), timelines, **options).test_client()


@pytest.fixture
def now() -> Show:
    """The first page of an overview with these fields."""

    def show(**fields: object) -> Page:
        answer = client(an_overview(**fields)).get("/")
        assert answer.status_code == 200
        return Page(answer.text)

    return show


@pytest.fixture
def demo() -> Show:
    """The timelines as these columns."""

    def show(*columns: Column) -> Page:
        answer = client(an_overview(), columns).get("/demo")
        assert answer.status_code == 200
        return Page(answer.text)

    return show
