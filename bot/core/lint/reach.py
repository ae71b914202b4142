"""Rules on what a network makes of a text: links, mentions, cashtags.

A rule here opens no link and asks no network: text.py knows how each of them reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.core.fit import with_params
from bot.core.lint.passages import Desk, Entry, Finding, Passage, warning
from bot.core.text import mentions, urls
from bot.core.written import Account, host_of, is_loopback

# --- links -----------------------------------------------------------------------------------

_WRITTEN = re.compile(r"https?://\S+", re.IGNORECASE)
_BRACKETS = {")": "(", "]": "[", "}": "{", ">": "<", "）": "（", "」": "「"}
_STOPS = ".,;:!?…。、！？·'\"“”„‘’‚«»‹›"


def cut_links(passage: Passage, desk: Desk) -> Iterator[Finding]:
    """Links that a network ends elsewhere than a reader would, or does not see at all."""
    for found in _WRITTEN.finditer(passage.text):
        meant = _as_meant(passage.text, found)
        if cut := _misread(passage.text, found.start(), meant, passage.networks):
            yield passage.warning(
                "cut-link",
                f"has the link {meant}, but {cut}: put a space before and after it, "
                "and write odd characters in it as %XX",
            )
            return


def _as_meant(text: str, found: re.Match[str]) -> str:
    """The link less the marks that belong to the sentence around it."""
    link, before = found[0], text[: found.start()]
    while link:
        opening = _BRACKETS.get(link[-1])
        if opening:
            if link.count(opening) >= link.count(link[-1]) or opening not in before:
                break
        elif link[-1] not in _STOPS:
            break
        link = link[:-1]
    return link


def _misread(text: str, start: int, meant: str, networks: Iterable[str]) -> str | None:
    """What networks would link instead of `meant`, which begins at `start`; None when all agree."""
    readings: dict[str, list[str]] = {}
    for network in networks:
        made = next((span.text for span in urls(text, network) if span.start == start), "nothing")
        if made != meant:
            readings.setdefault(made, []).append(network)
    return " and ".join(f"{' and '.join(who)} would link {made}" for made, who in readings.items()) or None


def petition_links(desk: Desk) -> Iterator[Finding]:
    """The petition's link is added to every post, so it must be read whole."""
    url, params = desk.settings.petition.url, tuple(desk.settings.campaign.link_params.items())
    networks = desk.networks()
    for language, address in {"": url}.items() if isinstance(url, str) else url.items():
        link = with_params(address, params, ("network", "account", language), "message")
        if cut := _cut(link, networks):
            loc = ("petition", "url", language) if language else ("petition", "url")
            yield warning(loc, "cut-link", f"the petition's link is {link}, but {cut}")


def own_links(entry: Entry, desk: Desk) -> Iterator[Finding]:
    """The same for the link of a story."""
    link = entry.message.link
    if link and (cut := _cut(link, desk.networks(entry.message))):
        yield entry.warning(("link",), "cut-link", f"has the link {link}, but {cut}")


_PLAIN = re.compile(r"(https?://[a-z0-9.-]+)(?:/[\w/-]*)?", re.ASCII | re.IGNORECASE)
"""An address whose end nobody reads otherwise, if only its host is one; group 1 is that host."""


def _cut(link: str, networks: Iterable[str]) -> str | None:
    plain = _PLAIN.fullmatch(link)
    whole = plain[1] if plain else link
    cut = None if is_loopback(link) else _misread(whole, 0, whole, networks)
    return f"{cut}: write odd characters in it as %XX" if cut else None


def links_twice(passage: Passage, desk: Desk) -> Iterator[Finding]:
    """What the bot adds below every text need not stand in it."""
    message, petition = passage.message, desk.settings.petition
    added = {petition.address(passage.language, desk.default), message.link}
    for found in _WRITTEN.finditer(passage.text):
        if (link := _as_meant(passage.text, found)) in added:
            yield passage.warning(
                "link-twice", f"has the link {link}, which the bot adds below: leave it out"
            )
            return


def accidental_links(passage: Passage, desk: Desk) -> Iterator[Finding]:
    """`end.Next`: X makes a link of whatever ends like a domain."""
    if "x" not in passage.networks:
        return
    bare = dict.fromkeys(span.text for span in urls(passage.text, "x") if span.bare)
    if bare:
        yield passage.warning(
            "accidental-link",
            f"has {' and '.join(bare)}, and X would link that to somebody's site, and count and charge it: "
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
