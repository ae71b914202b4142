"""Pictures on every network: uploaded and described before anything is said, and once each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.model import Deferred, Picture, Posted, Refused, Timeline
from bot.networks.uploads import WAITS
from bot.ports import Drawn, Network, Ready
from bot.sandbox import Fault, Sandbox
from tests.files.drawings import animation, encoded, plain
from tests.networks.conftest import Bench, bench_of, lately, network_of, ready
from tests.networks.test_faults import one_clear_line

TENTS = Drawn(Picture("media/tents.png", "Tents by a bridge"), encoded(plain()), "image/png", 40, 20)
WATER = Drawn(Picture("media/water.jpg", "Water"), encoded(plain(20, 40), "JPEG"), "image/jpeg", 20, 40)
DANCE = Drawn(Picture("media/dance.gif", "A dance"), animation(), "image/gif", 20, 20)
BARE = Drawn(Picture("media/tents.png", "", may_lack_alt=True), encoded(plain()), "image/png", 40, 20)
LENIENT = Drawn(Picture("media/tents.png", "Tents", may_lack_alt=True), encoded(plain()), "image/png", 40, 20)

WORKED_ON = ("x", "mastodon")
"""Networks that need time after an upload."""

Shown = Callable[[Bench], list[tuple[str, ...]]]


@pytest.fixture
def waited() -> list[float]:
    return []


@pytest.fixture
def patient(bench: Bench, waited: list[float]) -> Bench:
    """One that notes how long it would wait."""
    return patiently(bench, waited)


@pytest.fixture(params=WORKED_ON)
def at_work(request: pytest.FixtureRequest, box: Sandbox, waited: list[float]) -> Bench:
    return patiently(bench_of(request.param, box), waited)


def patiently(bench: Bench, waited: list[float]) -> Bench:
    if bench.name not in WORKED_ON:
        return bench
    network = network_of(bench.name, bench.site, sleep=waited.append)
    network.verify()
    return Bench(bench.name, bench.site, network)


def prepared(network: Network, *pictures: Drawn, text: str = "Look") -> Ready:
    given = ready(text, pictures=tuple(each.picture for each in pictures))
    made = network.prepare(given.post, pictures)
    assert isinstance(made, Ready), made
    return made


def published(network: Network, *pictures: Drawn, text: str = "Look") -> Posted:
    outcome = network.publish(prepared(network, *pictures, text=text), 0, f"of {text}", None)
    assert isinstance(outcome, Posted)
    return outcome


@pytest.mark.parametrize("pictures", [[TENTS], [TENTS, WATER], [DANCE]], ids=["one", "two", "an animation"])
def test_a_post_shows_its_pictures_in_order_with_their_alt_texts(bench: Bench, pictures: list[Drawn]) -> None:
    if bench.name == "bluesky" and DANCE in pictures:
        pictures = [WATER]  # it takes no animation, and says so in its limits
    outcome = published(bench.network, *pictures)
    [post] = bench.standing()
    assert (post.id, post.text) == (outcome.remote_id, "Look")
    assert post.alts == tuple(each.picture.alt for each in pictures)
    assert outcome.flaw == ""
    kept = [bench.site.shelf.get(each) for each in post.media_ids]  # type: ignore[attr-defined]
    assert [(each.kind, each.data) for each in kept] == [(each.kind, each.data) for each in pictures]


def test_nothing_is_public_before_it_is_said(bench: Bench) -> None:
    prepared(bench.network, TENTS, WATER)
    assert not bench.site.posts()
    assert bench.site.calls("media") == 2


def test_pictures_go_with_the_part_they_were_prepared_for(bench: Bench) -> None:
    thread = ready("One", "two", pictures=(TENTS.picture,))
    first = bench.network.prepare(thread.post, [TENTS])
    assert isinstance(first, Ready)
    opening = bench.network.publish(first, 0, "key", None)
    assert isinstance(opening, Posted)
    second = bench.network.prepare(thread.post)
    assert isinstance(second, Ready)
    assert isinstance(bench.network.publish(second, 1, "key", opening.remote_id), Posted)
    assert [len(post.media_ids) for post in bench.standing()] == [1, 0]
    assert bench.site.calls("media") == 1


def test_the_timeline_tells_how_many_pictures_a_post_shows(bench: Bench) -> None:
    published(bench.network, TENTS, WATER, text="Two")
    published(bench.network, TENTS, text="One, see https://example.org/p")
    bench.network.publish(ready("None"), 0, "none", None)
    reading = bench.network.timeline(lately())
    assert isinstance(reading, Timeline)
    assert [(seen.text, seen.pictures) for seen in reading.posts] == [
        ("None", 0),
        ("One, see https://example.org/p", 1),
        ("Two", 2),
    ]


def test_a_post_that_lost_its_picture_says_so(bench: Bench) -> None:
    if bench.name == "bluesky":
        return  # what it took is what stands there: the record is ours
    for text in ("Look", "Look at https://example.org/p"):
        bench.site.fault("create", Fault.MEDIA_LOST)
        outcome = published(bench.network, TENTS, text=text)
        assert "without its picture" in outcome.flaw
    assert [post.media_ids for post in bench.standing()] == [(), ()]


# --- once each ------------------------------------------------------------------------------------


def test_a_picture_of_a_post_that_was_not_sent_is_not_uploaded_again(bench: Bench) -> None:
    for _ in range(3):
        bench.site.fault("create", Fault.S429_BARE)
        outcome = bench.network.publish(prepared(bench.network, TENTS), 0, "key", None)
        assert isinstance(outcome, Deferred)
    published(bench.network, TENTS)
    assert bench.site.calls("media") == 1
    assert len(bench.standing()) == 1


@pytest.mark.parametrize("fault", [Fault.S504_BEFORE, Fault.S504_AFTER, None], ids=str)
def test_a_picture_that_a_post_may_show_is_not_used_for_another(bench: Bench, fault: Fault | None) -> None:
    if fault:
        bench.site.fault("create", fault)
    bench.network.publish(prepared(bench.network, TENTS), 0, "key", None)
    published(bench.network, TENTS, text="Another")
    assert bench.site.calls("media") == 2


def test_an_old_upload_is_not_relied_upon(at_work: Bench) -> None:
    here = [datetime.now(UTC)]
    network = network_of(at_work.name, at_work.site, now=lambda: here[0])
    prepared(network, TENTS)
    here[0] += timedelta(hours=13)
    prepared(network, TENTS)
    assert at_work.site.calls("media") == 2


# --- waiting ---------------------------------------------------------------------------------------


def test_a_picture_that_is_worked_on_is_waited_for(at_work: Bench, waited: list[float]) -> None:
    at_work.site.settings.media_delay = 3  # type: ignore[attr-defined]
    published(at_work.network, TENTS)
    assert [len(post.media_ids) for post in at_work.standing()] == [1]
    assert 3 <= len(waited) <= 4


def test_a_picture_that_is_never_ready_keeps_the_post_back_and_is_not_uploaded_anew(
    at_work: Bench, waited: list[float]
) -> None:
    at_work.site.fault("media", Fault.MEDIA_202_FOREVER)
    for _ in range(3):
        late = at_work.network.prepare(ready("Look").post, [TENTS])
        assert isinstance(late, Deferred)
        assert "still at work on media/tents.png" in late.reason
    assert sum(waited) == 3 * sum(WAITS) < 3 * 30
    assert at_work.site.calls("media") == 1
    assert not at_work.site.posts()


def test_a_picture_that_the_network_has_forgotten_is_uploaded_again(at_work: Bench) -> None:
    at_work.site.settings.media_delay = 1  # type: ignore[attr-defined]
    at_work.site.fault("media_status", Fault.S404)
    lost = at_work.network.prepare(ready("Look").post, [TENTS])
    assert isinstance(lost, Deferred)
    published(at_work.network, TENTS)
    assert at_work.site.calls("media") == 2


def test_waiting_goes_on_where_it_was_interrupted(at_work: Bench) -> None:
    at_work.site.settings.media_delay = 1  # type: ignore[attr-defined]
    at_work.site.fault("media_status", Fault.S503_HTML_BEFORE)
    assert isinstance(at_work.network.prepare(ready("Look").post, [TENTS]), Deferred)
    published(at_work.network, TENTS)
    assert at_work.site.calls("media") == 1


# --- whatever fails, nothing was posted ------------------------------------------------------------

ACCOUNT, POST = "account", "post"
FAULTS: dict[Fault, tuple[type, str | None]] = {
    Fault.RESET_BEFORE: (Deferred, None),
    Fault.RESET_AFTER: (Deferred, None),
    Fault.TIMEOUT_BEFORE: (Deferred, None),
    Fault.TIMEOUT_AFTER: (Deferred, None),
    Fault.CUT_AFTER: (Deferred, None),
    Fault.HTML_200_AFTER: (Deferred, None),
    Fault.BROKEN_JSON_200_AFTER: (Deferred, None),
    Fault.EMPTY_201: (Deferred, None),
    Fault.REDIRECT_302: (Deferred, None),
    Fault.S401: (Refused, ACCOUNT),
    Fault.S402: (Refused, ACCOUNT),
    Fault.S403_OTHER: (Refused, ACCOUNT),
    Fault.S404: (Deferred, None),
    Fault.S413: (Refused, POST),
    Fault.S422: (Refused, POST),
    Fault.S429_RESET: (Deferred, None),
    Fault.S500_AFTER: (Deferred, None),
    Fault.S503_HTML_BEFORE: (Deferred, None),
}
"""What becomes of an upload."""


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_failing_upload_is_certainly_no_post(bench: Bench, fault: Fault) -> None:
    kind, scope = FAULTS[fault]
    slow = fault in (Fault.TIMEOUT_BEFORE, Fault.TIMEOUT_AFTER)
    network = bench.hurried(0.3) if slow else bench.network
    bench.site.fault("media", fault)
    outcome = network.prepare(ready("Look").post, [TENTS])
    assert isinstance(outcome, kind)
    assert getattr(outcome, "scope", None) == scope
    assert not isinstance(outcome, Ready | Posted)
    one_clear_line(outcome.reason, bench)
    assert "known" not in outcome.reason.replace("knows no such", "")
    assert bench.site.calls("media") == 1
    assert bench.site.calls("create") == 0


def test_a_picture_that_is_refused_is_named(bench: Bench) -> None:
    bench.site.fault("media", Fault.S413)
    outcome = bench.network.prepare(ready("Look").post, [TENTS])
    assert isinstance(outcome, Refused)
    assert "finds media/tents.png too large (413" in outcome.reason


# --- alt texts on X, which takes them in a call of their own ------------------------------------------


@pytest.mark.parametrize("fault", [Fault.S400, Fault.S503_HTML_BEFORE, Fault.RESET_AFTER], ids=str)
def test_a_picture_without_its_alt_text_keeps_the_post_back(on_x: Bench, fault: Fault) -> None:
    on_x.site.fault("alt", fault)
    outcome = on_x.network.prepare(ready("Look").post, [TENTS])
    assert isinstance(outcome, Refused if fault is Fault.S400 else Deferred)
    one_clear_line(outcome.reason, on_x)
    published(on_x.network, TENTS)
    assert on_x.standing()[0].alts == ("Tents by a bridge",)
    assert on_x.site.calls("media") == 1


@pytest.mark.parametrize("fault", [Fault.S400, Fault.S503_HTML_BEFORE], ids=str)
def test_where_that_is_allowed_it_goes_out_and_says_what_it_lacks(on_x: Bench, fault: Fault) -> None:
    on_x.site.fault("alt", fault)
    outcome = published(on_x.network, LENIENT)
    assert "without the alt text of media/tents.png" in outcome.flaw
    assert on_x.standing()[0].alts == ("",)


def test_no_alt_text_is_no_call(on_x: Bench) -> None:
    outcome = published(on_x.network, BARE)
    assert outcome.flaw == ""
    assert on_x.site.calls("alt") == 0


def test_what_x_could_not_work_on_is_refused(on_x: Bench, waited: list[float]) -> None:
    on_x.site.settings.media_delay, on_x.site.settings.media_fails = 1, True  # type: ignore[attr-defined]
    outcome = patiently(on_x, waited).network.prepare(ready("Look").post, [DANCE])
    assert isinstance(outcome, Refused)
    assert "could not work on media/dance.gif" in outcome.reason


# --- what servers take ---------------------------------------------------------------------------------


def test_a_mastodon_server_tells_how_large_pictures_may_be(on_mastodon: Bench) -> None:
    limits = on_mastodon.network.limits()
    assert (limits.picture_bytes, limits.picture_pixels) == (16_777_216, 33_177_600)  # type: ignore[union-attr]
    assert limits.animation_bytes == 16_777_216  # type: ignore[union-attr]
