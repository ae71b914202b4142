"""The house keeps its shape: imports go one way, each library has one home, shipped files are clean."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import grimp
import pytest

TOP = Path(__file__).parents[1]

HOMES = {
    "PIL": ("bot.files.cards", "bot.files.pictures"),
    "alembic": ("bot.store",),
    "apprise": ("bot.alerts",),
    "apscheduler": ("bot.scheduler",),
    "babel": ("bot.core.figures", "bot.web.language", "bot.web.share.pages"),
    "click": ("bot.cli",),
    "cronsim": ("bot.core",),
    "dotenv": ("bot.files.secrets",),
    "filelock": ("bot.store.lock",),
    "flask": ("bot.web",),
    "flask_wtf": ("bot.web.session",),
    "font_manrope": ("bot.files.letters",),
    "mastodon": ("bot.networks.mastodon",),
    "oauthlib": ("bot.sandbox.oauth",),
    "prometheus_client": ("bot.web.metrics",),
    "publicsuffixlist": ("bot.core.endings",),
    "regex": ("bot.core.patterns",),
    "requests": ("bot.http",),
    "rich": ("bot.cli",),
    "selectolax": ("bot.petitions",),
    "sqlalchemy": ("bot.store",),
    "tweepy": ("bot.networks.x",),
    "urllib3": ("bot.http",),
    "waitress": ("bot.web",),
    "werkzeug": ("bot.office.people", "bot.web"),
    "yaml": ("bot.files.yaml",),
}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("bot", include_external_packages=True, cache_dir=None)


@pytest.mark.parametrize("library", HOMES)
def test_each_library_has_one_home(graph: grimp.ImportGraph, library: str):
    importers = graph.find_modules_that_directly_import(library) if library in graph.modules else set()
    homes = HOMES[library]
    strangers = {each for each in importers if not any(f"{each}.".startswith(f"{home}.") for home in homes)}
    assert importers, f"{library} is a dependency that nobody uses"
    assert not strangers


def test_imports_go_one_way_and_the_core_is_pure():
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    ran = subprocess.run(command, cwd=TOP, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
