"""A town for every test, and after each: no secret was shown anywhere."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.core.plan import Book
from bot.sandbox import Sandbox
from tests.faults.town import Town, blank_state


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox.start(petition=False) as started:
        yield started


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("blank") / "state.db"


@pytest.fixture
def town(
    box: Sandbox, tmp_path: Path, template: Path, caplog: pytest.LogCaptureFixture
) -> Iterator[Callable[..., Town]]:
    caplog.set_level(logging.DEBUG)
    made: list[Town] = []

    def make(given: Book | None = None, hurried: str = "", url: str = "") -> Town:
        made.append(Town(box, blank_state(tmp_path, template), given, hurried, url))
        return made[-1]

    yield make
    for each in made:
        shown = caplog.text + each.shown()
        assert not [secret for secret in each.secrets() if secret in shown]
        each.store.close()
