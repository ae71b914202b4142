"""Users and keys: one of each name, a version that goes up, and a key that everybody shares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from threading import Thread

from bot.ports import User
from bot.store import open_store
from bot.store.store import SqlStore
from tests.store.given import NOON


def fine(users: Sequence[User]) -> bool:
    return True


def wrong(users: Sequence[User]) -> bool:
    return False


def ana(version: int = 1, role: str = "approver", password: str = "hash") -> User:
    return User("ana", role, password, version, NOON)


def test_users_are_kept_oldest_first(store: SqlStore) -> None:
    later = User("abe", "editor", "other", 1, NOON + timedelta(hours=1))
    for each in (later, ana()):
        assert store.add_user(each, fine)
    assert store.users() == [ana(), later]
    assert store.user("ana") == ana()
    assert store.user("Ana") is None


def test_a_name_is_taken_once(store: SqlStore) -> None:
    assert store.add_user(ana(), fine)
    assert not store.add_user(ana(password="other"), fine)
    assert store.users() == [ana()]


def test_every_change_of_a_user_is_a_new_version(store: SqlStore) -> None:
    store.add_user(ana(), fine)
    assert store.change_user("ana", fine, role="editor")
    assert store.user("ana") == ana(2, "editor")
    assert store.change_user("ana", fine, password="new")
    assert store.user("ana") == ana(3, "editor", "new")


def test_nobody_is_neither_changed_nor_removed(store: SqlStore) -> None:
    assert not store.change_user("ana", fine, role="editor")
    assert not store.remove_user("ana", fine)
    assert store.users() == []


def test_who_is_removed_is_gone(store: SqlStore) -> None:
    store.add_user(ana(), fine)
    assert store.remove_user("ana", fine)
    assert store.users() == []


def test_what_would_not_fit_is_not_done(store: SqlStore) -> None:
    assert not store.add_user(ana(), wrong)
    assert store.users() == []
    store.add_user(ana(), fine)
    assert not store.change_user("ana", wrong, role="editor")
    assert not store.remove_user("ana", wrong)
    assert store.users() == [ana()]


def test_what_fits_is_judged_by_the_users_as_they_would_be(store: SqlStore) -> None:
    asked: list[Sequence[User]] = []

    def look(users: Sequence[User]) -> bool:
        asked.append(list(users))
        return True

    store.add_user(ana(), look)
    store.change_user("ana", look, role="editor")
    store.remove_user("ana", look)
    assert asked == [[ana()], [ana(2, "editor")], []]


def test_two_who_demote_each_other_at_once_leave_one(store: SqlStore) -> None:
    """Each is judged by what the other has done."""
    for name in ("ana", "ben"):
        store.add_user(User(name, "approver", "hash", 1, NOON), fine)

    def somebody(users: Sequence[User]) -> bool:
        return any(each.role == "approver" for each in users)

    threads = [
        Thread(target=store.change_user, args=(name, somebody), kwargs={"role": "editor"})
        for name in ("ana", "ben")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(each.role for each in store.users()) == ["approver", "editor"]


def test_a_key_is_made_once_for_all_who_share_the_state(store: SqlStore, url: str) -> None:
    assert store.key("session", "first") == "first"
    other = open_store(url)
    assert other.key("session", "second") == "first"
    assert other.key("else", "third") == "third"
    other.close()
