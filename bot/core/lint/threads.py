"""Rules on threads: every part is written in every language that goes out.

What is in the words of a part is looked at with all other texts.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.core.lint.passages import Desk, Entry, Finding, Loc
from bot.core.rotation import spoken
from bot.core.written import Account, LocalText, Message, Texts, in_language


def languages(entry: Entry, desk: Desk) -> Iterator[Finding]:
    """A thread that lacks a part in a language does not go out in it."""
    for below, thread, accounts in _threads(entry.message, desk):
        heard = [spoken(entry.message.on(each), each, desk.settings) for each in accounts]
        for part, texts in enumerate(thread):
            wanted = dict.fromkeys(language for each in heard for language in each)
            missing = [each for each in wanted if not in_language(texts, each, desk.default)]
            if missing:
                yield entry.error(
                    (*below, part),
                    "thread-language",
                    f"has no part {part + 2} of its thread in {', '.join(missing)}: write one, or take the "
                    "text in that language out",
                )


def variants(entry: Entry, desk: Desk) -> Iterator[Finding]:
    """Texts in turn and parts in turn must turn together."""
    for below, thread, accounts in _threads(entry.message, desk):
        own = entry.message.on(accounts[0]).text if accounts else entry.message.text
        for part, texts in enumerate(thread):
            for language, turns in texts.items():
                first = _turns(own, language, desk.default)
                if len(turns) > 1 and first and len(turns) != first:
                    yield entry.warning(
                        (*below, part),
                        "thread-variants",
                        f"has {len(turns)} texts for part {part + 2} and {first} for the first part, so that "
                        "all combinations come up: write as many of each, or one for all",
                    )


def _turns(texts: Texts, language: str, default: str) -> int:
    return len(in_language(texts, language or default, default))


def _threads(message: Message, desk: Desk) -> Iterator[tuple[Loc, tuple[LocalText, ...], list[Account]]]:
    """Each thread as written, and the accounts on which it goes out."""
    layers = {key: layer.thread for key, layer in message.per.items() if layer.thread}
    for below, thread in [
        (("thread",), message.thread),
        *((("per", key, "thread"), each) for key, each in layers.items()),
    ]:
        accounts = [each for each in desk.carriers(message) if message.on(each).thread is thread]
        if thread:
            yield below, thread, accounts
