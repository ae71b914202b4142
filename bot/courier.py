"""One account at work: it introduces itself, reconciles what is in doubt, and delivers what is due.

The order is what makes "once" true: claim, prepare, commit that we speak, speak, record. Nothing is
retried inside a call: the outbox is the retry. It decides nothing (core/delivery.py does) and it is
never at work twice at once for one account.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.core import delivery as rules
from bot.core.announce import outdone
from bot.core.budget import prices
from bot.core.model import (
    FINAL,
    Change,
    Deferred,
    Delivery,
    Event,
    Go,
    Identity,
    Limits,
    Post,
    Refused,
    Situation,
    State,
    Stop,
    Unreadable,
    Verdict,
    Wait,
)
from bot.core.outbox import TEMPLATES, content, superseded
from bot.core.plan import Book
from bot.core.slots import after_quiet, local_day
from bot.lookup import Lookup
from bot.ports import Album, Clock, Network, Store
from bot.speech import NO_ALBUM, Speech
from bot.takeback import take_back

FOREVER = datetime.max.replace(tzinfo=UTC)


class Courier:
    """Carries one account's deliveries. `book` gives what people have written as of now."""

    def __init__(
        self,
        account_id: str,
        network: Network,
        book: Callable[[], Book],
        store: Store,
        clock: Clock,
        tell: Callable[[Event], None],
        recount: Callable[[], None] = lambda: None,
        album: Album = NO_ALBUM,
    ) -> None:
        """`recount` reads the signatures once more, for what is about to say them."""
        self.account_id, self._network = account_id, network
        self._speech = Speech(network, album, store, clock)
        self.reconcile = Lookup(account_id, network, book, store, clock, self._record).reconcile
        self._book, self._store, self._clock, self._tell = book, store, clock, tell
        self._recount = recount
        self.identity: Identity | None = None
        self.offset: timedelta | None = None  # the network's clock less ours, when it last told
        self._trouble, self._unanswered = "", 0
        self.stopping = False  # the bot is to end: nothing more is begun

    def serve(self) -> None:
        """All that this account has to do now, one thing after the other."""
        waiting = self._store.unsettled(self.account_id)
        if any(each.state is not State.DUE for each in waiting):
            self.recover()  # nobody else is at work: what is `sending` is left from when the state broke
            self.reconcile()
            waiting = self._store.unsettled(self.account_id)
        due = self._cleared([each for each in waiting if each.state is State.DUE])
        if due and not self.identity and not self._store.account(self.account_id).held:
            self.introduce()
        for delivery in due:
            if not self.stopping:
                self.deliver(delivery)

    def _due(self, by: datetime) -> list[Delivery]:
        return self._store.due(by, self.account_id)

    def _cleared(self, due: list[Delivery]) -> list[Delivery]:
        """What is to be delivered now; what newer slots have taken the place of is given up."""
        newer = Stop(State.MISSED, "not sent before the next slot came up (catch_up: latest)")
        old = superseded(due, self._book().settings.delivery)
        for delivery in old:
            self._end(delivery, newer)
        now = self._clock.now()
        return [each for each in due if each not in old and (each.next_at is None or each.next_at <= now)]

    # --- who we are ---------------------------------------------------------------------------

    def introduce(self) -> bool:
        """Ask the network who our keys belong to; nothing is sent before it is who it always was."""
        answer = self._network.verify()
        self._unanswered += 1
        if isinstance(answer, Identity):
            return self._pinned(answer)
        if isinstance(answer, Refused):
            self._hold(answer.reason)
        elif isinstance(answer, Deferred) or answer:
            self._complain(getattr(answer, "reason", "the network gave no answer that can be read"))
        return False

    def _pinned(self, identity: Identity) -> bool:
        if not self._store.pin(self.account_id, identity):
            self._hold(
                f"the keys belong to {identity.handle} ({identity.server}), not to the account used so far"
            )
            return False
        self.identity, self._trouble, self._unanswered = identity, "", 0
        if identity.server_time:
            self.offset = identity.server_time - self._clock.now()
        return True

    def _hold(self, reason: str) -> None:
        if self._store.account(self.account_id).held != reason:
            self._store.hold(self.account_id, reason)
            self._tell(Event("held", reason, self.account_id))

    def _complain(self, reason: str) -> None:
        """Say a trouble once, not at every try."""
        if reason != self._trouble:
            self._trouble = reason
            self._tell(Event("trouble", reason, self.account_id))

    def limits(self) -> Limits | Unreadable:
        return self._network.limits()

    # --- deliver ------------------------------------------------------------------------------

    def deliver(self, delivery: Delivery) -> None:
        """Send one due delivery, if it may go out now, the parts of a thread one after the other, and
        record what became of each."""
        after = self._part(delivery)
        while after and after.state is State.DUE and len(after.remote_ids) > len(delivery.remote_ids):
            delivery, after = after, self._part(after)

    def _part(self, delivery: Delivery) -> Delivery | None:
        """Send one part. The delivery as it is then; None where nothing was sent."""
        claimed = self._claim(delivery)
        if isinstance(claimed, Stop):
            self._say_ended(delivery, claimed)
        if not isinstance(claimed, Delivery):
            return None
        book = self._book()
        limits = book.limit(book.account(self.account_id))
        outcome, spoken = self._speech.say(claimed, limits)
        change = rules.settle(spoken, outcome, self._clock.now(), book.settings.delivery)
        return self._record(spoken, change)

    def _end(self, delivery: Delivery, stop: Stop) -> None:
        now = self._clock.now()
        if self._store.claim(delivery.id, None, now, (now, now), lambda _row, _situation: stop) == stop:
            self._say_ended(delivery, stop)

    def _say_ended(self, delivery: Delivery, stop: Stop) -> None:
        ended = replace(delivery, state=stop.state, reason=stop.reason)
        self._tell(Event(stop.state, stop.reason, self.account_id, ended))

    def _claim(self, delivery: Delivery) -> Delivery | Verdict:
        wanted = self._wanted(delivery, self._clock.now())
        now, book = self._clock.now(), self._book()
        account, settings = book.account(self.account_id), book.settings
        post = wanted if isinstance(wanted, Post) else None

        def decide(row: Delivery, situation: Situation) -> Verdict:
            if isinstance(wanted, Stop):
                return rules.broken_off(row, wanted)
            cost = post.cost if post else prices(account).repost
            verdict = rules.may_claim(row, cost, situation, account, now)
            return wanted if isinstance(wanted, Wait) and isinstance(verdict, Go) else verdict

        return self._store.claim(delivery.id, post, now, local_day(now, settings.zone(account)), decide)

    def _wanted(self, delivery: Delivery, now: datetime) -> Post | Stop | Wait | None:
        """What the delivery would send now; None for a repost that may go out."""
        if not self.identity:
            again = now + rules.back_off(self._unanswered, self._book().settings.delivery)
            return Wait(self._trouble or "the account has not said who it is", again)
        if delivery.kind in TEMPLATES and (verdict := self._of_the_count(delivery, now)):
            return verdict
        if delivery.action == "post":
            newest = self._store.readings(limit=1)
            return content(self._book(), delivery, now, newest[0] if newest else None)
        original = self._store.by_key(delivery.target or "")
        if original is None or (original.state in FINAL and not original.remote_ids):
            return Stop(State.CANCELLED, "the post to repeat never went out")
        if original.state in FINAL and original.state is not State.POSTED:
            return Stop(State.CANCELLED, "the post to repeat went out in part only")
        return None if original.state is State.POSTED else Wait("the post to repeat is still under way")

    def _of_the_count(self, delivery: Delivery, now: datetime) -> Stop | Wait | None:
        """What the count calls for goes out by day, and with the count as it is at that moment."""
        book = self._book()
        morning = after_quiet(book.account(self.account_id), book.settings, now)
        if morning > now:
            return Wait("it waits through the quiet hours", morning)
        if delivery.action == "post" and not delivery.attempts:
            self._recount()
        if outdone(delivery, self._due(FOREVER)):
            return Stop(State.MISSED, "a higher milestone was passed before it went out")
        return None

    def _record(self, delivery: Delivery, change: Change) -> Delivery | None:
        """Write what became of a delivery, and say it where it is news; None if somebody else was first."""
        if not self._store.settle(delivery, change):
            return None
        after = self._store.delivery(delivery.id) or delivery
        self._pay_for_the_unknown(after)
        if change.hold:
            self._tell(Event("held", change.hold, self.account_id))
        elif self._is_news(delivery, after):
            self._tell(Event(after.state, after.reason, self.account_id, after))
        if change.flaw:
            self._tell(Event("trouble", f"{after.message_id}: {change.flaw}", self.account_id, after))
        return after

    def _is_news(self, before: Delivery, after: Delivery) -> bool:
        """One line for a delivery in trouble, not one for every retry, and one for how it ends."""
        if after.state is State.DUE:
            went_well = after.remote_ids != before.remote_ids
            first = after.attempts <= 1 or before.reason == rules.GOES_ON
            return first and not after.doubts and not went_well
        if after.state is State.UNCONFIRMED:
            first = before.state is not State.UNCONFIRMED and after.doubts <= 1
            return first or rules.needs_person(after)
        return after.state != before.state

    def take_back(self, delivery: Delivery) -> list[str]:
        """Delete a post where it stands, once the network has said that it is ours; what still stands."""
        if not self.introduce():
            why = self._store.account(self.account_id).held or self._trouble
            return [f"nothing was deleted on {self.account_id}: {why}"]
        return take_back(delivery, self._store, self._network, self._clock.now())

    # --- what is left behind ------------------------------------------------------------------

    def recover(self) -> None:
        """With the account ours and nobody at work here: whoever claimed what is `sending` is gone."""
        now, settings = self._clock.now(), self._book().settings.delivery
        for delivery in self._store.sending(self.account_id):
            by_another = self._store.shared
            self._record(delivery, rules.recovered(delivery, now, settings, by_another=by_another))

    def _pay_for_the_unknown(self, after: Delivery) -> None:
        """What is found to stand without a claim (a restored backup lacks it) has cost its price as well."""
        if after.state is State.POSTED and not after.attempts and after.post and after.post.cost:
            self._store.charge(self.account_id, self._clock.now(), after.post.cost, "a post before a restore")
