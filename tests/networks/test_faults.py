"""Every way in which a network can fail: what it is called, and what the network's own ledger says of it."""

from __future__ import annotations

import base64
import logging
import socket
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import trustme

from bot.core.model import Deferred, Identity, Outcome, Posted, Refused, Unconfirmed, Unreadable
from bot.sandbox import Fault, Sandbox
from tests.networks.conftest import NETWORKS, Bench, bench_of, lately, network_of, ready

DEADLINE = 0.3
LATEST = DEADLINE + 0.7
"""Seconds after which a call with that deadline must have ended, on a busy machine too."""

SLOW = {Fault.TIMEOUT_BEFORE, Fault.TIMEOUT_AFTER, Fault.DRIP_BEFORE, Fault.DRIP, Fault.LATE}
ACCOUNT, POST = "account", "post"

FAULTS: dict[Fault, tuple[type, str | None, int]] = {
    Fault.RESET_BEFORE: (Unconfirmed, None, 0),
    Fault.RESET_AFTER: (Unconfirmed, None, 1),
    Fault.LATE: (Unconfirmed, None, 1),
    Fault.TIMEOUT_BEFORE: (Unconfirmed, None, 0),
    Fault.TIMEOUT_AFTER: (Unconfirmed, None, 1),
    Fault.DRIP_BEFORE: (Unconfirmed, None, 0),
    Fault.DRIP: (Unconfirmed, None, 1),
    Fault.CUT_AFTER: (Unconfirmed, None, 1),
    Fault.HTML_200_BEFORE: (Unconfirmed, None, 0),
    Fault.HTML_200_AFTER: (Unconfirmed, None, 1),
    Fault.BROKEN_JSON_200_BEFORE: (Unconfirmed, None, 0),
    Fault.BROKEN_JSON_200_AFTER: (Unconfirmed, None, 1),
    Fault.EMPTY_200_AFTER: (Unconfirmed, None, 1),
    Fault.EMPTY_201: (Unconfirmed, None, 1),
    Fault.LIST_ERROR_BODY: (Refused, POST, 0),
    Fault.LIST_ERROR_BODY_AFTER: (Unconfirmed, None, 1),
    Fault.REDIRECT_301: (Unconfirmed, None, 0),
    Fault.REDIRECT_302: (Unconfirmed, None, 0),
    Fault.S400: (Refused, POST, 0),
    Fault.S401: (Refused, ACCOUNT, 0),
    Fault.S402: (Refused, ACCOUNT, 0),
    Fault.S403_OTHER: (Refused, ACCOUNT, 0),
    Fault.S403_SPEND_CAP: (Refused, ACCOUNT, 0),
    Fault.S404: (Deferred, None, 0),
    Fault.S413: (Refused, POST, 0),
    Fault.S422: (Refused, POST, 0),
    Fault.S429_RESET: (Deferred, None, 0),
    Fault.S429_DAY: (Deferred, None, 0),
    Fault.S429_BARE: (Deferred, None, 0),
    Fault.S429_PAST: (Deferred, None, 0),
    Fault.S429_GARBLED: (Deferred, None, 0),
    Fault.S429_RETRY_AFTER: (Deferred, None, 0),
    Fault.S500_BEFORE: (Unconfirmed, None, 0),
    Fault.S500_AFTER: (Unconfirmed, None, 1),
    Fault.S500_REPEATED_KEY: (Unconfirmed, None, 1),
    Fault.S502_AFTER: (Unconfirmed, None, 1),
    Fault.S503_HTML_BEFORE: (Unconfirmed, None, 0),
    Fault.S503_HTML_AFTER: (Unconfirmed, None, 1),
    Fault.S503_EMPTY_BEFORE: (Unconfirmed, None, 0),
    Fault.S504_BEFORE: (Unconfirmed, None, 0),
    Fault.S504_AFTER: (Unconfirmed, None, 1),
    Fault.GARBLED_RATELIMIT_AFTER: (Posted, None, 1),
}
"""What becomes of a create: the outcome, the scope of a refusal, and how many posts stand after it."""

ELSEWHERE = {Fault.REFUSED, Fault.S403_DUPLICATE, Fault.BODY_HUGE}
"""Faults with a test of their own, here or for one network; media and counts are no matter of these calls."""


def test_every_fault_of_the_sandbox_has_a_row() -> None:
    others = {fault for fault in Fault if fault.startswith(("media_", "count_"))} | ELSEWHERE
    assert set(FAULTS) == set(Fault) - others


def settled(bench: Bench, fault: Fault) -> list[str]:
    """The ids in the ledger, once a late request has been carried out."""
    if fault is Fault.LATE:
        end = time.monotonic() + 5
        while not bench.site.posts() and time.monotonic() < end:
            time.sleep(0.02)
    return [post.id for post in bench.site.posts()]


def fitting(bench: Bench, fault: Fault) -> Bench:
    """With a short deadline where the fault makes us wait for it."""
    bench.site.settings.late = DEADLINE + 0.2
    return Bench(bench.name, bench.site, bench.hurried(DEADLINE)) if fault in SLOW else bench


def one_clear_line(reason: str, bench: Bench) -> None:
    assert reason
    assert reason.isprintable()
    assert len(reason) < 450
    assert "Traceback" not in reason
    assert "Error(" not in reason
    assert not leaks(reason, bench.secrets)


def leaks(text: str, secrets: dict[str, str]) -> list[str]:
    return [
        name
        for name, secret in secrets.items()
        for form in (secret, quote(secret, safe=""), base64.b64encode(secret.encode()).decode().rstrip("="))
        if form in text
    ]


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_failing_create_is_called_what_it_is_and_asked_once(
    bench: Bench, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    kind, scope, published = FAULTS[fault]
    tried = fitting(bench, fault)
    bench.site.fault("create", fault)
    start = time.monotonic()
    outcome = tried.network.publish(ready("Only once"), 0, "key", None)
    assert time.monotonic() - start < (LATEST if fault in SLOW else 5)
    assert isinstance(outcome, kind)
    assert getattr(outcome, "scope", None) == scope
    assert bench.site.calls("create") == 1
    assert bench.site.calls("moved") == 0
    ids = settled(bench, fault)
    assert len(ids) == published
    if isinstance(outcome, Posted):
        assert ids == [outcome.remote_id]
    else:
        one_clear_line(outcome.reason, bench)
    assert not leaks(caplog.text, bench.secrets)


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_failing_part_of_a_thread_is_called_what_it_is(bench: Bench, fault: Fault) -> None:
    kind, scope, published = FAULTS[fault]
    tried = fitting(bench, fault)
    parts = ready("Opening", "and on")
    opening = tried.network.publish(parts, 0, "key", None)
    assert isinstance(opening, Posted)
    bench.site.fault("create", fault)
    outcome = tried.network.publish(parts, 1, "key", opening.remote_id)
    if fault is Fault.S404:  # here it means that the part before was taken away
        kind, scope = Refused, POST
    assert isinstance(outcome, kind)
    assert getattr(outcome, "scope", None) == scope
    assert bench.site.calls("create") == 2
    if fault is not Fault.LATE:
        assert len(bench.site.posts()) == 1 + published


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_failing_repost_is_called_what_it_is(bench: Bench, fault: Fault) -> None:
    kind, scope, published = FAULTS[fault]
    tried = fitting(bench, fault)
    post = tried.network.publish(ready("Repeat me"), 0, "key", None)
    assert isinstance(post, Posted)
    bench.site.fault("repost", fault)
    outcome = tried.network.repost(post.remote_id, "key")
    if fault is Fault.S404:
        kind, scope = Refused, POST
    assert isinstance(outcome, kind)
    assert getattr(outcome, "scope", None) == scope
    assert bench.site.calls("repost") == 1
    if fault is not Fault.LATE:
        assert len(bench.site.posts()) == 1 + published
        assert bench.network.reposted(post.remote_id) is bool(published)


@pytest.mark.parametrize("fault", sorted(set(FAULTS) - {Fault.LATE}), ids=str)
def test_a_failing_verify_defers_or_refuses_the_account_and_never_raises(bench: Bench, fault: Fault) -> None:
    tried = fitting(bench, fault)
    before = bench.site.calls("verify")
    bench.site.fault("verify", fault)
    answer = tried.network.verify()
    if FAULTS[fault][1] == ACCOUNT:
        assert isinstance(answer, Refused)
        assert answer.scope == "account"
    elif FAULTS[fault][0] is Posted:
        assert isinstance(answer, Identity)
    else:
        assert isinstance(answer, Deferred)
    assert bench.site.calls("verify") == before + 1
    if not isinstance(answer, Identity):
        one_clear_line(answer.reason, bench)
        assert "posted" not in answer.reason


@pytest.mark.parametrize("fault", sorted(set(FAULTS) - {Fault.LATE, Fault.GARBLED_RATELIMIT_AFTER}), ids=str)
def test_a_timeline_that_fails_is_unreadable_and_never_empty(bench: Bench, fault: Fault) -> None:
    """An empty reading would mean that nothing was posted: it would be sent again."""
    tried = fitting(bench, fault)
    tried.network.publish(ready("It stands"), 0, "key", None)
    bench.site.fault("timeline", fault)
    reading = tried.network.timeline(lately())
    assert isinstance(reading, Unreadable)
    one_clear_line(reading.reason, bench)
    assert bench.site.calls("timeline") == 1


@pytest.mark.parametrize("fault", sorted(set(FAULTS) - SLOW), ids=str)
def test_a_failing_delete_says_so_or_finds_it_gone(bench: Bench, fault: Fault) -> None:
    post = bench.network.publish(ready("Take me back"), 0, "key", None)
    assert isinstance(post, Posted)
    bench.site.fault("delete", fault)
    outcome = bench.network.delete(post.remote_id)
    fine = {Fault.S404, Fault.GARBLED_RATELIMIT_AFTER}
    if bench.name != "x":  # where {} is Pleroma's way to say yes, or means that it was gone already
        fine.add(Fault.EMPTY_201)
    if fault in fine:
        assert outcome is None
    else:
        assert isinstance(outcome, Refused | Deferred | Unconfirmed)
        assert "whether it was posted" not in outcome.reason
    assert bench.site.calls("delete") == 1


def test_a_refused_connection_is_certainly_not_a_post(bench: Bench) -> None:
    bench.site.settings.refused = 0.3
    bench.site.fault("create", Fault.REFUSED)
    outcome = bench.network.publish(ready("Nobody home"), 0, "key", None)
    assert isinstance(outcome, Deferred)
    assert "could not be reached" in outcome.reason
    assert not bench.site.posts()
    assert isinstance(bench.network.timeline(lately()), Unreadable)


def test_a_name_that_is_not_known_is_certainly_not_a_post(bench: Bench) -> None:
    def unknown(host: str, port: int) -> list[Any]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    network = network_of(bench.name, bench.site, resolve=unknown)
    outcome = network.publish(ready("Nowhere"), 0, "key", None)
    assert isinstance(outcome, Deferred)
    assert "the name 127.0.0.1 was not found" in outcome.reason
    assert isinstance(network.verify(), Deferred)
    assert isinstance(network.timeline(lately()), Unreadable)
    assert isinstance(network.reposted("1"), Unreadable)
    assert bench.site.calls("create") == 0


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A server's certificate with its key, and the authority that vouches for it."""
    folder, authority = tmp_path_factory.mktemp("tls"), trustme.CA()
    server, vouching = folder / "server.pem", folder / "authority.pem"
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(server))
    authority.cert_pem.write_to_path(str(vouching))
    return server, vouching


@pytest.mark.parametrize("name", NETWORKS)
def test_a_certificate_that_nobody_vouches_for_is_certainly_not_a_post(
    name: str, certificate: tuple[Path, Path]
) -> None:
    with Sandbox.start(petition=False, certificate=certificate[0]) as box:
        outcome = bench_of(name, box).network.publish(ready("Safe?"), 0, "key", None)
        assert not box.sites[name].posts()
    assert isinstance(outcome, Deferred)
    assert "no safe connection to 127.0.0.1" in outcome.reason


@pytest.mark.parametrize("name", NETWORKS)
def test_a_trusted_certificate_is_enough(
    name: str, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate[1]))
    with Sandbox.start(petition=False, certificate=certificate[0]) as box:
        assert isinstance(bench_of(name, box).network.publish(ready("Safe"), 0, "key", None), Posted)


def test_an_answer_that_drips_ends_with_the_deadline(bench: Bench) -> None:
    bench.site.settings.drip = 0.05
    network = bench.hurried(DEADLINE)
    for endpoint, call in {
        "verify": network.verify,
        "timeline": lambda: network.timeline(lately()),
        "create": lambda: network.publish(ready("Drip"), 0, "key", None),
    }.items():
        bench.site.fault(endpoint, Fault.DRIP)
        start = time.monotonic()
        answer = call()
        assert time.monotonic() - start < LATEST
        assert isinstance(answer, Unconfirmed | Unreadable | Deferred)


def test_a_reading_of_many_requests_ends_with_one_deadline(bench: Bench) -> None:
    for number in range(90):
        bench.network.publish(ready(f"Number {number}"), 0, str(number), None)
    network = bench.hurried(DEADLINE)
    bench.site.settings.slow = DEADLINE * 0.6
    start = time.monotonic()
    assert isinstance(network.timeline(lately()), Unreadable)
    assert time.monotonic() - start < LATEST


# --- limits ---------------------------------------------------------------------------------------


def test_a_limit_with_a_reset_says_until_when(bench: Bench) -> None:
    bench.site.settings.reset_after = 600
    for fault in (Fault.S429_RESET, Fault.S429_RETRY_AFTER):
        bench.site.fault("create", fault)
        outcome = bench.network.publish(ready("Too soon"), 0, "key", None)
        assert isinstance(outcome, Deferred)
        assert outcome.until is not None
        assert timedelta(seconds=590) < outcome.until - datetime.now(UTC) < timedelta(seconds=602)


def test_a_limit_of_the_day_counts_for_more_than_one_of_minutes(bench: Bench) -> None:
    bench.site.settings.reset_after = 7200
    bench.site.fault("create", Fault.S429_DAY)
    outcome = bench.network.publish(ready("Too soon"), 0, "key", None)
    assert isinstance(outcome, Deferred)
    assert outcome.until is not None
    assert outcome.until - datetime.now(UTC) > timedelta(seconds=7190)


@pytest.mark.parametrize("fault", [Fault.S429_BARE, Fault.S429_PAST, Fault.S429_GARBLED], ids=str)
def test_a_limit_without_a_usable_reset_leaves_the_wait_to_us(bench: Bench, fault: Fault) -> None:
    bench.site.fault("create", fault)
    outcome = bench.network.publish(ready("Too soon"), 0, "key", None)
    assert isinstance(outcome, Deferred)
    assert outcome.until is None


def test_a_reset_is_taken_by_our_clock_although_theirs_is_off(bench: Bench) -> None:
    bench.site.settings.clock_offset, bench.site.settings.reset_after = 86_400, 600
    bench.site.fault("create", Fault.S429_RESET)
    outcome = bench.network.publish(ready("Too soon"), 0, "key", None)
    assert isinstance(outcome, Deferred)
    assert outcome.until is not None
    assert timedelta(seconds=590) < outcome.until - datetime.now(UTC) < timedelta(seconds=602)


def test_nothing_but_a_post_says_posted(bench: Bench) -> None:
    """Whatever faults come one after the other, each Posted has its own entry in the ledger."""
    outcomes: list[Outcome] = []
    for number, fault in enumerate(sorted(set(FAULTS) - SLOW)):
        bench.site.fault("create", fault)
        outcomes.append(bench.network.publish(ready(f"Post {number}"), 0, f"key {number}", None))
        outcomes.append(bench.network.publish(ready(f"And {number}"), 0, f"next {number}", None))
    posted = [outcome.remote_id for outcome in outcomes if isinstance(outcome, Posted)]
    assert len(set(posted)) == len(posted)
    assert set(posted) <= {post.id for post in bench.standing()}
