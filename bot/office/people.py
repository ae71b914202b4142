"""Who may sign in to the pages, and as what. The only place that sees a password; it keeps hashes.

It knows no page and no cookie: that a sign-in lasts is the web's business.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Sequence
from functools import cache

from bot.ports import Clock, Deed, Store, StoreUnusable, User

ROLES = ("editor", "approver")
SHORTEST, LONGEST = 12, 1000
"""Characters of a password."""

NAME = re.compile(r"\w(?:[\w .@'-]{0,38}[\w.])?")
METHOD = "scrypt"

NOBODY, SHELL = "this computer", "the command line"
"""Who it was, in the audit log, where nobody has to sign in; no user has such a name."""

_NONE = "–"


class NotSo(ValueError):
    """What was asked for is not done: one `sentence` that says why, and what to do, with its `fields`."""

    def __init__(self, sentence: str, **fields: object) -> None:
        super().__init__(sentence % fields)
        self.sentence, self.fields = sentence, fields


class People:
    """Every verb that changes something takes `who` first, and is kept in the audit log."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def all(self) -> list[User]:
        return self._store.users()

    def named(self, name: str) -> User | None:
        return self._store.user(typed(name))

    def known(self, name: str) -> User:
        """The user of that name. Raises NotSo where there is none."""
        user = self.named(name)
        if user is None:
            names = ", ".join(each.name for each in self._store.users())
            raise NotSo("there is no user %(name)s; there are %(names)s", name=name, names=names or _NONE)
        return user

    def key(self, name: str) -> str:
        """What signs cookies: the same for all who share the state. While it cannot be kept there, one that
        ends with this process."""
        fresh = secrets.token_hex(32)
        try:
            return self._store.key(name, fresh)
        except StoreUnusable:
            return fresh

    def sign_in(self, name: str, password: str) -> User | None:
        """The user whose password this is. It takes as long for a name that nobody has."""
        from werkzeug.security import check_password_hash

        user, password = self.named(name), typed(password)
        right = check_password_hash(user.password if user else _nobody(), password[: LONGEST + 1])
        return user if right else None

    # --- what changes people ------------------------------------------------------------------

    def add(self, who: str, name: str, role: str, password: str) -> None:
        """Raises NotSo."""
        name = typed(name)
        _fits(name, role)
        user = User(name, role, hashed(fit(password)), 1, self._clock.now())
        if not self._store.add_user(user, _one_of_each_and_an_approver):
            known = [each.name for each in self._store.users() if each.name.casefold() == name.casefold()]
            if known:
                raise NotSo("there is a user %(name)s already; take another name", name=known[0])
            raise NotSo("the first user is an approver, since somebody has to approve; take that role")
        self._note(who, "add user", name, after=role)

    def remove(self, who: str, name: str) -> None:
        """Raises NotSo."""
        user = self.known(name)
        if not self._store.remove_user(user.name, _one_of_each_and_an_approver):
            raise NotSo("somebody has to approve; make another user an approver first")
        self._note(who, "remove user", name, before=user.role)

    def set_role(self, who: str, name: str, role: str) -> None:
        """Raises NotSo."""
        user = self.known(name)
        _fits(user.name, role)
        if not self._store.change_user(user.name, _one_of_each_and_an_approver, role=role):
            raise NotSo("somebody has to approve; make another user an approver first")
        self._note(who, "change role", name, user.role, role)

    def set_password(self, who: str, name: str, password: str) -> None:
        """Every sign-in of that user ends. Raises NotSo."""
        user = self.known(name)
        self._store.change_user(user.name, _one_of_each_and_an_approver, password=hashed(fit(password)))
        self._note(who, "change password", name)

    def _note(self, who: str, verb: str, name: str, before: str = "", after: str = "") -> None:
        self._store.note(Deed(who, verb, name, before, after, self._clock.now()))


def typed(text: str) -> str:
    """The same letters are the same bytes, whatever they were typed on."""
    return unicodedata.normalize("NFC", text)


def hashed(password: str) -> str:
    from werkzeug.security import generate_password_hash

    return generate_password_hash(typed(password), METHOD)


@cache
def _nobody() -> str:
    """What a password is held against where nobody has the name: it fits none."""
    return hashed(secrets.token_urlsafe())


def stamp(user: User) -> str:
    """What a sign-in is worth: another one after every change of the user."""
    known = (user.name, user.role, user.password, str(user.version), user.created_at.isoformat())
    return hashlib.sha256("\0".join(known).encode()).hexdigest()[:32]


def fit(password: str) -> str:
    """The password, where it will do. Raises NotSo."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise NotSo("a password has at least %(n)s characters; take a longer one", n=SHORTEST)
    return password


def _one_of_each_and_an_approver(users: Sequence[User]) -> bool:
    """No name twice, in whatever case, and somebody who approves; or nobody at all."""
    names = {each.name.casefold() for each in users}
    return len(names) == len(users) and (not users or any(each.role == "approver" for each in users))


def _fits(name: str, role: str) -> None:
    if name in (NOBODY, SHELL):
        raise NotSo("nobody is called %(name)s; take another name", name=name)
    if not NAME.fullmatch(name):
        raise NotSo("a name has letters, digits, blanks and . - _ @ ', at most 40 of them; take another one")
    if role not in ROLES:
        raise NotSo("a role is editor or approver")
