"""The links that posts carry are looked at before they go out, and again now and then.

A look changes no post: what is dead is decided in core/links.py, and the plan leaves out what carries it.
It opens no page that no post carries, and none twice within hours unless it is in doubt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from bot.core.links import Link, ask, carried, is_due, looked_at, told, written
from bot.core.model import Event, Post
from bot.core.plan import Book
from bot.ports import Clock, Pages, Store


class Links:
    """`dead`: addresses whose posts are held, with the end of a sentence about each, as of `refresh`."""

    def __init__(self, store: Store, clock: Clock, tell: Callable[[Event], None]) -> None:
        self._store, self._clock, self._tell = store, clock, tell
        self.dead: Mapping[str, str] = {}

    def refresh(self) -> None:
        """Take in what was seen, also by another process."""
        self.dead = {link.url: told(link) for link in self._store.links() if link.dead}

    def asks(self) -> tuple[str, ...]:
        """What a person should do about them, in sentences."""
        return tuple(ask(link) for link in self._store.links() if link.dead)

    def look(
        self,
        pages: Pages,
        book: Book,
        ahead: Iterable[Post],
        most: int | None = None,
        *,
        at_once: bool = False,
    ) -> list[Link]:
        """Look at the addresses in the posts that go out next, and at those in doubt or dead, where it is
        time (`at_once`: in any case), at no more than `most`. Returns what was seen."""
        addresses, now = written(book), self._clock.now()
        known = {link.url: link for link in self._store.links()}
        if gone := [url for url in known if url not in addresses]:
            self._store.forget_links(gone)
        doubtful = [url for url, link in known.items() if link.bad and url in addresses]
        wanted = dict.fromkeys([*carried(ahead, addresses), *doubtful])
        due = [url for url in wanted if at_once or is_due(known.get(url), now)]
        seen = [self._seen(pages, url, known.get(url)) for url in due[:most]]
        self.refresh()
        return seen

    def _seen(self, pages: Pages, url: str, before: Link | None) -> Link:
        after = looked_at(before, url, pages.status(url), self._clock.now())
        self._store.note_link(after)
        was_dead = bool(before and before.dead)
        if after.dead and not was_dead:
            self._tell(Event("asks", ask(after)))
        elif was_dead and not after.dead:
            self._tell(Event("mended", f"{url} answers again: its posts go out"))
        return after
