"""Rules on room: every text that would go out, measured with all that the bot adds to it.

It measures the post that `fit` makes, never its own idea of it; where a rough upper bound says
already that there is room, it does not measure at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.core.figures import Figures, plurals
from bot.core.fit import fit
from bot.core.lint.passages import Desk, Finding, Passage
from bot.core.model import Limits, Post
from bot.core.text import length, normalized
from bot.core.written import Account, Message, in_language

LARGE = 1_234_567
"""A count for trying templates: more than most petitions get."""


def too_long(passage: Passage, desk: Desk) -> Iterator[Finding]:
    """Once per text and network: by how much, and on which accounts."""
    alike: dict[tuple[object, ...], list[Account]] = {}
    for account in passage.accounts:
        alike.setdefault(_terms(account, desk.limit(account)), []).append(account)
    for accounts in alike.values():
        limits = desk.limit(accounts[0])
        post = None if _roomy(passage, limits) else _longest(passage, accounts[0], desk, limits)
        if post and _size(post, passage, limits) > post.limit:
            yield _finding(passage, accounts, desk, post, limits)


def _terms(account: Account, limits: Limits) -> tuple[object, ...]:
    """Accounts that agree in these have posts of the same length."""
    own_links = account.id if limits.url_length is None else ""
    return account.network, limits, account.links.mode, own_links


_WIDE = re.compile(r"[^\u0000-\u033f\u2010-\u201f]")
_LINKISH = re.compile(r"[.。．｡]\w|://")


def _roomy(passage: Passage, limits: Limits) -> bool:
    """Surely within the limit: each letter at its widest, each dot a link, two links added."""
    message, text = passage.message, passage.text
    unclear = message.content_warning or message.per or message.thread or "{" in text
    if limits.url_length is None or unclear:
        return False
    letters = len(text) * (3 if _WIDE.search(text) else 1)
    links = 2 + len(_LINKISH.findall(text))
    return letters + links * (limits.url_length + 2) <= limits.length


def _longest(passage: Passage, account: Account, desk: Desk, limits: Limits) -> Post | None:
    """The longest post it becomes: when little is missing to the goal, and when much is."""
    goal = desk.settings.petition.goal or LARGE
    tried = {LARGE}
    if "{" in passage.text:
        few = set(plurals(passage.language).values()) if "|" in passage.text else set()
        tried |= {goal // 9} | few | {goal - number for number in few}
    posts = [
        fit(
            passage.message,
            account,
            desk.settings,
            passage.language,
            passage.variant,
            limits=limits,
            figures=_figures(count, goal),
        )
        for count in tried
    ]
    fitted = (post for post in posts if isinstance(post, Post))
    return max(fitted, key=lambda post: _size(post, passage, limits), default=None)


def _size(post: Post, passage: Passage, limits: Limits) -> int:
    """What the part takes to which the passage belongs."""
    if len(post.parts) == 1:
        return post.length
    return length(post.parts[passage.part], limits, post.content_warning or "")


def _figures(count: int, goal: int) -> Figures:
    """The next milestone as far away as the goal, and as long a number at least."""
    return Figures(count, goal, milestone=count, next_milestone=max(goal, 2 * count))


def _finding(passage: Passage, accounts: list[Account], desk: Desk, post: Post, limits: Limits) -> Finding:
    size, on = _size(post, passage, limits), ", ".join(account.id for account in accounts)
    over, own = size - post.limit, passage.message.on(accounts[0])
    thread = len(post.parts) > 1
    made_of = "with all that is added" if thread else _shares(own, passage, desk, post, limits)
    takes = f"takes {size} of {post.limit} on {on} ({made_of})"
    two_links = own.link and post.link not in (None, own.link)
    if two_links and over <= (limits.url_length or len(post.link or "")) + 1:
        both = "there is no room for its own link and the petition's"
        return passage.error("two-links", f"{takes}: {both}; shorten the text by {over}")
    return passage.error("too-long", f"{takes}: shorten it by {over}")


def _shares(own: Message, passage: Passage, desk: Desk, post: Post, limits: Limits) -> str:
    """What the length is made of, as numbers that add up to it."""
    written = in_language(own.content_warning, passage.language, desk.default) or ("",)
    counts = limits.warning_counts or post.content_warning is None  # there it is part of the text
    said = length(normalized(written[passage.variant % len(written)]), limits) if counts else 0
    words = length(post.words, limits)
    shares = {"words": words, "content warning": said, "links and blank lines": post.length - words - said}
    return ", ".join(f"{name} {share}" for name, share in shares.items() if share)
