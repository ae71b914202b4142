"""Rules on what stands beside a text: pictures and their alt texts, content warnings.

It opens no picture: somebody has looked at them and says what is in them (`Desk.looks`).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import PurePath

from bot.core.cards import CARD
from bot.core.figures import FIELDS
from bot.core.fit import WITHOUT_WARNINGS
from bot.core.lint.passages import Desk, Entry, Finding, Loc
from bot.core.pictures import Unusable, unfit
from bot.core.rotation import spoken
from bot.core.text import normalized
from bot.core.written import Account, Media, Message, in_language

SPARED = ("alt-missing", "alt-file-name")
"""What is only a warning where `campaign.alt_text` is `wanted`."""


def usable(entry: Entry, desk: Desk) -> Iterator[Finding]:
    """Each picture is there and is one, and each account takes what it is given."""
    for below, media, _accounts in _pictures(entry.message, desk):
        look = desk.looks.get(media.file)
        if isinstance(look, Unusable):
            yield entry.error(
                (*below, "file"), "picture", f"has a picture that cannot be used: {look.reason}"
            )


def fitting(entry: Entry, desk: Desk) -> Iterator[Finding]:
    """Once per network: what its accounts are given and do not take."""
    said: dict[str, list[str]] = {}
    for account in desk.carriers(entry.message):
        media = entry.message.on(account).media
        sound = not any(isinstance(desk.looks.get(each.file), Unusable) for each in media)
        if sound and (why := unfit(media, desk.looks, desk.limit(account))):
            said.setdefault(why, []).append(account.id)
    for why, ids in said.items():
        yield entry.error(("media",), "picture-unfit", f"{why} (on {', '.join(ids)})")


def alt_texts(entry: Entry, desk: Desk) -> Iterator[Finding]:
    """Each picture says what it shows, in every language of its post, within the server's limit."""
    message = entry.message
    for below, media, accounts in _pictures(message, desk):
        if media.file == CARD:
            continue  # its words are its alt text
        languages = [spoken(message.on(account), account, desk.settings) for account in accounts]
        for language in dict.fromkeys(chain.from_iterable(languages)) or (desk.default,):
            alt = normalized((in_language(media.alt, language, desk.default) or ("",))[0])
            at = (*below, "alt", language) if language in media.alt else (*below, "alt")
            if problem := _alt_problem(alt, media, accounts, desk):
                lenient = desk.settings.campaign.alt_text == "wanted" and problem[0] in SPARED
                say = entry.warning if lenient else entry.error
                yield say(at, problem[0], f"({language}) {problem[1]}")


def _alt_problem(alt: str, media: Media, accounts: list[Account], desk: Desk) -> tuple[str, str] | None:
    """Code and clause."""
    if not alt:
        return "alt-missing", f"has no alt text for {media.file}: say what it shows"
    if alt.casefold() in _names(media.file):
        return "alt-file-name", f"has only a file name as alt text: say what {media.file} shows"
    if field := next((each for each in FIELDS if f"{{{each}" in alt), ""):
        return "alt-figure", f"says {{{field}}} in an alt text, where no numbers are filled in: write it out"
    room = {account.id: desk.limit(account).alt_length for account in accounts}
    over = {name: limit for name, limit in room.items() if len(alt) > limit}
    if not over:
        return None
    takes = ", ".join(f"{name} takes {limit}" for name, limit in over.items())
    short = len(alt) - min(over.values())
    return (
        "alt-too-long",
        f"has an alt text of {len(alt)} characters for {media.file}, and {takes}: shorten it by {short}",
    )


def _pictures(message: Message, desk: Desk) -> Iterator[tuple[Loc, Media, list[Account]]]:
    sources: list[tuple[Loc, tuple[Media, ...]]] = [(("media",), message.media)]
    sources += [(("per", key, "media"), layer.media or ()) for key, layer in message.per.items()]
    for below, pictures in sources:
        for number, media in enumerate(pictures):
            accounts = [each for each in desk.carriers(message) if media in message.on(each).media]
            yield (*below, number), media, accounts


def _names(file: str) -> set[str]:
    path = PurePath(file)
    names = [file, path.name]
    if not path.stem.isalpha():  # IMG_2034 says nothing; "tents" for tents.jpg is a word
        names.append(path.stem)
    return {name.casefold() for name in names}


def content_warnings(entry: Entry, desk: Desk) -> Iterator[Finding]:
    """A warning is shown with every post: in its language, and as its first line where no network folds."""
    message, at = entry.message, ("content_warning",)
    if not message.content_warning and not message.per:
        return
    warned = [account for account in desk.carriers(message) if message.on(account).content_warning]
    for account in warned:
        if missing := _without_warning(message.on(account), account, desk):
            yield entry.error(
                at,
                "warning-missing",
                f"has no content warning in {', '.join(missing)}, which {account.id} speaks: write one",
            )
    if unfolded := [account.id for account in warned if account.network in WITHOUT_WARNINGS]:
        yield entry.warning(
            at,
            "warning-as-line",
            f"has a content warning, which not every network knows: on {', '.join(unfolded)} it is the "
            "text's first line",
        )


def _without_warning(own: Message, account: Account, desk: Desk) -> list[str]:
    """The languages in which a post would go out without its warning."""
    return [
        language
        for language in spoken(own, account, desk.settings)
        if not in_language(own.content_warning, language, desk.default)
    ]
