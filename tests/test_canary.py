"""No secret is ever shown: in a log at debug level, a traceback, the database, a page or a listing.

Keys of several shapes are looked for in every form in which they might be met, after every way in which a
network can fail.
"""

from __future__ import annotations

import base64
import html
import json
import logging
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus, unquote

import pytest
from click.testing import CliRunner

from bot import config
from bot.app import Bot
from bot.cli import program
from bot.core.model import Change, State
from bot.sandbox import Fault, Sandbox
from bot.sandbox.server import Site
from bot.store import open_store
from bot.web import create_app

CANARIES = {
    "x": {
        "API_KEY": "canary-key.7f3a~KEY_of_x",
        "API_SECRET": "canary+secret/7f3a=&%2B?x#",
        "ACCESS_TOKEN": "17-canaryTOKEN7f3aofx",
        "ACCESS_TOKEN_SECRET": "canary'token\"secret<7f3a>x",
    },
    "mastodon": {"ACCESS_TOKEN": "canary+tok/en=%7f3a&\"'<of>|mastodon\\"},
    "bluesky": {"HANDLE": "", "APP_PASSWORD": 'cana"ry-7f3a\\-pass-w0rd'},
}
"""Letters that addresses, headers, JSON, HTML and Python write in other ways."""

WATCH = {"alert": "canary-alert-7f3a", "heartbeat": "canary-heart-7f3a", "metrics": "canary-metrics-7f3a"}
"""What opens the doors of those who watch. Nobody listens behind them: each try fails, and might say why."""

CONFIG = """
campaign: {{name: Test, timezone: UTC}}
petition:
  url: https://petition.example.org/p
  counter: {{kind: json, url: "{petition}/petitions/1.json", path: data.attributes.signature_count}}
delivery: {{timeout: 400ms, settle: 500ms}}
web: {{listen: "127.0.0.1:0"}}
alerts: {{to: [team]}}
heartbeat: true
accounts:
  - {{id: x, network: x, api_url: "{x}", schedule: {{every: 6h}}}}
  - {{id: mastodon, network: mastodon, server: "{mastodon}", schedule: {{every: 6h}}}}
  - {{id: bluesky, network: bluesky, server: "{bluesky}", schedule: {{every: 6h}}}}
"""
WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
QUEUE = "messages:\n" + "".join(
    f"- {{id: m-{a}-{b}, kind: call, text: We are {a} and {b} of many.}}\n" for a in WORDS for b in WORDS
)
NETWORKS = ("x", "mastodon", "bluesky")
SIGNED = ("login", "refresh", "create", "verify", "timeline", "delete")
OF_POSTS = [fault for fault in Fault if not fault.name.startswith(("COUNT", "MEDIA"))]
WITH_WORDS = [fault for fault in OF_POSTS if fault.name.startswith(("S4", "S500", "S503", "LIST", "HTML"))]
OF_COUNTS = [
    fault for fault in Fault if fault.name.startswith(("COUNT", "BODY", "HTML", "S4", "S5", "REDIRECT"))
]


@dataclass
class Seen:
    """Everything that anybody could see."""

    texts: list[str] = field(default_factory=list)

    def add(self, *things: object) -> None:
        self.texts += [thing if isinstance(thing, str) else repr(thing) for thing in things]

    def leaks(self, secrets: dict[str, str]) -> list[str]:
        whole = "\n".join(self.texts)
        return [
            f"{name} as {form}" for name, secret in secrets.items() for form in forms(secret) if form in whole
        ]


def forms(secret: str) -> set[str]:
    """A secret as it may be met: as it is, in an address, in a header, in JSON, on a page, in a repr."""
    plain = {secret, secret.strip()}
    quoted = {
        quote(secret, safe=""),
        quote(secret),
        quote_plus(secret),
        unquote(secret),
        quote(quote(secret, safe="")),
    }
    written = {json.dumps(secret)[1:-1], html.escape(secret), repr(secret)[1:-1]}
    raw = secret.encode()
    coded = {within for shift in range(3) for within in _middles(raw, shift)}
    return {form for form in plain | quoted | written | coded if len(form) >= 8}


def _middles(raw: bytes, shift: int) -> Iterator[str]:
    """In base64, wherever in a longer text it begins: what does not depend on its neighbours."""
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        whole = encode(b"\0" * shift + raw + b"\0" * 3).decode()
        yield whole[4 if shift else 0 : (shift + len(raw)) // 3 * 4]


class Ear(logging.Handler):
    """Hears everything that is logged, with its traceback, before anybody leaves something out."""

    def __init__(self, seen: Seen) -> None:
        super().__init__(logging.DEBUG)
        self._seen = seen
        self.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self._seen.add(self.format(record))


def test_the_forms_are_found_wherever_they_stand() -> None:
    """A search that finds nothing is worth nothing."""
    secret = CANARIES["mastodon"]["ACCESS_TOKEN"]
    for hidden in (
        f"Bearer {secret}",
        f"https://site/?token={quote(secret, safe='')}&a=b",
        f"https://site/?token={quote_plus(secret)}",
        json.dumps({"token": secret}),
        html.escape(f"<p>{secret}</p>"),
        repr({"token": secret}),
        base64.b64encode(f"user:{secret}".encode()).decode(),
        base64.b64encode(f"user1:{secret}:more".encode()).decode(),
        base64.urlsafe_b64encode(f"use:{secret}".encode()).decode(),
    ):
        seen = Seen()
        seen.add(f"some text, {hidden}, and more")
        assert seen.leaks({"TOKEN": secret}), hidden


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox.start() as started:
        for network in NETWORKS:
            site: Any = started.sites[network]
            first = site.accounts.first
            kept = {name: value or first.secrets[name] for name, value in CANARIES[network].items()}
            site.accounts._by_name[first.name] = replace(first, secrets=kept)
            site.settings.hang = site.settings.drip = 1.0
            site.settings.late = 0.5
            site.settings.refused = 0.1
        yield started


@pytest.fixture
def seen() -> Iterator[Seen]:
    heard, root = Seen(), logging.getLogger()
    ear, level = Ear(heard), root.level
    root.addHandler(ear)
    root.setLevel(logging.DEBUG)
    yield heard
    root.removeHandler(ear)
    root.setLevel(level)


@pytest.fixture
def folder(tmp_path: Path, box: Sandbox) -> Path:
    urls = {name: site.url for name, site in box.sites.items()}
    (tmp_path / "config.yaml").write_text(CONFIG.format(**urls), "utf-8")
    (tmp_path / "messages.yaml").write_text(QUEUE, "utf-8")
    return tmp_path


def keys(box: Sandbox) -> dict[str, str]:
    sites: list[tuple[str, Any]] = [(network, box.sites[network]) for network in NETWORKS]
    found = {
        f"{network.upper()}_{name}": value for network, site in sites for name, value in site.secrets.items()
    }
    return found | {
        "ALERT_TEAM_URL": f"json://user:{WATCH['alert']}@127.0.0.1:1/{WATCH['alert']}",
        "HEARTBEAT_URL": f"http://127.0.0.1:1/{WATCH['heartbeat']}?key={WATCH['heartbeat']}",
        "METRICS_TOKEN": WATCH["metrics"],
    }


def secrets(box: Sandbox) -> dict[str, str]:
    """The keys, and what was made of them: sessions and signatures, as they were sent."""
    found = {name: value for name, value in keys(box).items() if not name.endswith("HANDLE")} | WATCH
    for network in NETWORKS:
        for endpoint in SIGNED:
            for number, request in enumerate(_requests(box.sites[network], endpoint)):
                sent = request.headers.get("authorization", "")
                token = sent.removeprefix("Bearer ")
                if sent and network != "x":
                    found[f"{network}/{endpoint}/{number}"] = token
                for signature in re.findall(r'oauth_signature="([^"]+)"', sent):
                    found[f"{network}/{endpoint}/{number}/signature"] = unquote(signature)
    return found


def _requests(site: Site, endpoint: str) -> tuple[Any, ...]:
    try:
        return site.requests(endpoint)
    except (KeyError, ValueError):
        return ()


def repeated(site: Any) -> str:
    """Everything secret that a server was ever sent, as it was and quoted."""
    sent = [
        request.headers.get("authorization", "") for name in SIGNED for request in _requests(site, name)[-1:]
    ]
    words = [*(header.removeprefix("Bearer ") for header in sent), *site.secrets.values()]
    return " ".join([*words, *(quote(each, safe="") for each in words)])


def suffer(bot: Bot, site: Site, account_id: str, message_id: str, endpoint: str, fault: Fault) -> None:
    """One post that meets a fault at an endpoint; nothing of it stands in the way of the next one."""
    courier = bot.campaign.couriers[account_id]
    bot.campaign.post(message_id, account_id)
    if endpoint == "verify":
        courier.identity = None
    if endpoint == "timeline":
        site.fault("create", Fault.S504_BEFORE)
        courier.serve()
        for row in bot.store.unconfirmed():
            assert bot.store.settle(row, Change(State.UNCONFIRMED, row.reason, next_at=row.slot, doubts=1))
    site.fault(endpoint, fault)
    courier.serve()
    site.clear()
    courier.introduce()
    for row in bot.store.unconfirmed():
        bot.campaign.resolve(row, posted=False)
    bot.store.hold(account_id, None)


@pytest.mark.parametrize(
    ("endpoint", "faults"), [("create", OF_POSTS), ("verify", WITH_WORDS), ("timeline", WITH_WORDS)]
)
@pytest.mark.parametrize("network", NETWORKS)
def test_no_fault_of_a_network_shows_a_secret(
    folder: Path, box: Sandbox, seen: Seen, network: str, endpoint: str, faults: list[Fault]
) -> None:
    """Not even where the server repeats all that it was sent."""
    site: Any = box.sites[network]
    problem = site.problem
    site.problem = lambda status, title="", detail="": problem(status, title, f"{repeated(site)} {detail}")
    messages = [f"m-{a}-{b}" for a in WORDS for b in WORDS]
    with closing(open_store(f"sqlite:///{folder}/state/petition-bot.db")) as store:
        loaded = config.load(folder / "config.yaml", {})
        bot = Bot(loaded, store, keys(box), lambda event: seen.add(event, event.text))
        bot.campaign.start()
        bot.learn_limits()
        for fault, message_id in zip(faults, messages, strict=False):
            suffer(bot, site, network, message_id, endpoint, fault)
            bot.watcher.look()
        seen.add(bot.store.history())
        page = create_app(bot.office()).test_client()
        seen.add(page.get("/", headers={"Host": "localhost"}).get_data(as_text=True))
    kept(folder, seen)
    assert site.calls(endpoint) > len(faults) / 2
    assert seen.leaks(secrets(box)) == []


def kept(folder: Path, seen: Seen) -> None:
    """All that is on the disk, less the files that a person has written."""
    for file in (folder / "state").iterdir():
        seen.add(file.read_bytes().decode("latin-1"))


def test_no_fault_of_the_counter_shows_a_secret(folder: Path, box: Sandbox, seen: Seen) -> None:
    with closing(open_store(f"sqlite:///{folder}/state/petition-bot.db")) as store:
        bot = Bot(config.load(folder / "config.yaml", {}), store, keys(box), seen.add)
        counter = bot.campaign._herald._counter
        for fault in OF_COUNTS:
            box.petition.fault("count", fault)
            seen.add(counter.read(bot.clock.now()))
        bot.watch()
        seen.add(bot.campaign.overview())
    kept(folder, seen)
    assert box.petition.calls("count") >= len(OF_COUNTS)
    assert seen.leaks(secrets(box)) == []


COMMANDS = [
    ["run", "--once"],
    ["--log", "json", "run", "--once"],
    ["status"],
    ["status", "--json"],
    ["history", "--json"],
    ["preview", "--json"],
    ["check", "--json"],
    ["doctor"],
    ["doctor", "--json"],
    ["doctor", "--alert"],
    ["count"],
    ["post", "m-one-one"],
    ["unpost", "1"],
    ["unpost", "999"],
    ["backup", "backup.db"],
    ["restore", "backup.db"],
    ["pause"],
    ["resume"],
]


@pytest.mark.parametrize("fault", [Fault.S401, Fault.HTML_200_AFTER, Fault.LIST_ERROR_BODY, None], ids=str)
def test_no_command_shows_one_however_talkative(
    folder: Path, box: Sandbox, fault: Fault | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    seen, runner = Seen(), CliRunner()
    environ = {**keys(box), "PETITION_BOT_CONFIG": str(folder), "DATABASE_URL": None}
    for network in NETWORKS if fault else ():
        for endpoint in ("create", "verify", "timeline", "delete"):
            box.sites[network].fault(endpoint, fault or Fault.S401, times=4)
    for words in COMMANDS:
        done = runner.invoke(program, ["-v", *words], env=environ, prog_name="petition-bot")
        seen.add(done.output, done.stderr, done.exception)
    kept(folder, seen)
    seen.add((folder / "backup.db").read_bytes().decode("latin-1"))
    assert seen.leaks(secrets(box)) == []


def test_a_traceback_with_a_secret_in_it_is_shown_without(
    folder: Path, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What nobody foresaw may hold anything."""
    environ = {**keys(box), "PETITION_BOT_CONFIG": str(folder), "DATABASE_URL": None}

    def broken(*_: object) -> None:
        raise RuntimeError(f"it broke with {' '.join(keys(box).values())}")

    monkeypatch.setattr(Bot, "learn_limits", broken)
    seen = Seen()
    for words in (["-v", "run", "--once"], ["run", "--once"]):
        done = CliRunner().invoke(program, words, env=environ, prog_name="petition-bot")
        assert done.exit_code == 1
        seen.add(done.output, done.stderr)
    assert "it broke with" in "\n".join(seen.texts)
    assert seen.leaks(secrets(box)) == []
