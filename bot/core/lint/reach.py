"""Rules on what a network makes of a text: links, mentions, cashtags.

A rule here opens no link and asks no network: text.py knows how each of them reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.core.lint.passages import Desk, Finding, Passage
from bot.core.text import mentions, urls
from bot.core.written import Account, host_of

# --- links -----------------------------------------------------------------------------------

_WRITTEN = re.compile(r"https?://\S+", re.IGNORECASE)
_CLOSING = {
    ")": "(",
    "]": "[",
    "}": "{",
    "»": "«",
    "”": "“",
    "’": "‘",
    "›": "‹",
    "」": "「",
    "』": "『",
    "）": "（",
}
_STOPS = ".,;:!?…。、！？·'\"“„"


def cut_links(passage: Passage, desk: Desk) -> Iterator[Finding]:
    """Links that a network ends elsewhere than a reader would, or does not see at all."""
    for found in _WRITTEN.finditer(passage.text):
        meant = _as_meant(passage.text, found)
        made = {network: _made(passage.text, network, found.start()) for network in passage.networks}
        cut = [f"{network} {_reading(link)}" for network, link in made.items() if link != meant]
        if cut:
            yield passage.warning(
                "cut-link",
                f"has the link {meant}, but {' and '.join(cut)}: put a space before and after the link, "
                "and write odd characters in it as %XX",
            )
            return


def _as_meant(text: str, found: re.Match[str]) -> str:
    """The link less the marks that belong to the sentence around it."""
    link = found[0]
    while link:
        last = link[-1]
        opened = _CLOSING.get(last)
        if opened:
            inside = link.count(opened) >= link.count(last)
            if inside or opened not in text[: found.start()]:
                break
        elif last not in _STOPS:
            break
        link = link[:-1]
    return link


def _made(text: str, network: str, start: int) -> str | None:
    return next((span.text for span in urls(text, network) if span.start == start), None)


def _reading(link: str | None) -> str:
    return f"ends it after {link}" if link else "makes no link of it"


def accidental_links(passage: Passage, desk: Desk) -> Iterator[Finding]:
    """`end.Next`: X makes a link of whatever ends like a domain."""
    if "x" not in passage.networks:
        return
    bare = dict.fromkeys(span.text for span in urls(passage.text, "x") if span.bare)
    if bare:
        yield passage.warning(
            "accidental-link",
            f"has {' and '.join(bare)}, of which X makes a link to somebody's site, counted and charged: "
            "put a space after the full stop, or https:// before a link that is meant",
        )


# --- people ----------------------------------------------------------------------------------


def mentioned(passage: Passage, desk: Desk) -> Iterator[Finding]:
    """People who would be notified without having been listed."""
    allowed = {handle.lstrip("@").casefold() for handle in desk.settings.campaign.allow_mentions}
    told: dict[str, list[str]] = {}
    for account in passage.accounts:
        for handle in mentions(passage.text, account.network) if account.network != "dry" else ():
            person = _person(handle, account)
            if not allowed & {handle.casefold(), person.casefold()}:
                told.setdefault(person, []).append(account.network)
    if told:
        people = ", ".join(f"@{person} on {' and '.join(dict.fromkeys(on))}" for person, on in told.items())
        yield passage.error(
            "mention",
            f"would notify {people}: write the name without @, or list it in campaign.allow_mentions",
        )


def _person(handle: str, account: Account) -> str:
    """A handle without a server means somebody on the account's own one."""
    if account.network == "mastodon" and "@" not in handle and account.server:
        return f"{handle}@{host_of(account.server)}"
    return handle


_CASHTAG = re.compile(r"(?<![\w$])\$[A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?(?![\w$])")


def cashtags(passage: Passage, desk: Desk) -> Iterator[Finding]:
    found = list(dict.fromkeys(_CASHTAG.findall(passage.text))) if "x" in passage.networks else []
    if len(found) > 1:
        yield passage.error(
            "cashtags", f"has {', '.join(found)}, and X takes one cashtag: write the others without $"
        )
