"""What every run says at its head: which real parts it could not bring up. `make test-all` allows none."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.store.servers import POSTGRESQL, Postgres, emptied, left_out, made, postgres

ALL = bool(os.environ.get("PETITION_BOT_ALL"))

settings.register_profile("quick", max_examples=30)
"""Of properties that name no number of their own: `make test` looks at fewer examples than CI."""
if not ALL:
    settings.load_profile("quick")


def _left_out() -> list[str]:
    parts = {
        "a real Chromium (set PETITION_BOT_CHROMIUM)": "PETITION_BOT_CHROMIUM",
        "npm's axe-core on every page (set PETITION_BOT_AXE)": "PETITION_BOT_AXE",
        "npm's @atproto/pds, the server of Bluesky (set PETITION_BOT_PDS)": "PETITION_BOT_PDS",
        "npm's twitter-text beside our lengths (set PETITION_BOT_TWITTER_TEXT)": "PETITION_BOT_TWITTER_TEXT",
    }
    missing = [f"left out: {what}" for what, variable in parts.items() if not os.environ.get(variable)]
    return [*missing, *filter(None, [left_out()])]


def pytest_report_header() -> list[str]:
    tools = {"hadolint": "the Dockerfile", "systemd-analyze": "the unit"}
    beside = Path(sys.executable).parent
    there = {tool: shutil.which(tool) or (beside / tool).exists() for tool in tools}
    return [*_left_out(), *(f"left out: {tool} on {tools[tool]}" for tool in tools if not there[tool])]


def pytest_configure() -> None:
    if ALL and _left_out():
        raise pytest.UsageError("; ".join(_left_out()))


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    with postgres() as running:
        yield running


@pytest.fixture(scope="session")
def shared_database(server: Postgres) -> str:
    return made(server.database())


@pytest.fixture
def postgresql(shared_database: str) -> str:
    """An empty state on PostgreSQL, its tables made."""
    return emptied(shared_database)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs PostgreSQL alone is not collected where there is none."""
    items[:] = [item for item in items if POSTGRESQL or "postgresql" not in getattr(item, "fixturenames", ())]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Nothing is skipped: a test that cannot run here is not collected, and is named in the header."""
    if terminalreporter.stats.get("skipped"):
        terminalreporter.write_line("a test was skipped: say in the header what is left out instead")
        terminalreporter._session.exitstatus = pytest.ExitCode.TESTS_FAILED  # type: ignore[union-attr]
