"""A count in a JSON answer, at a dotted path such as `data.attributes.signature_count`.

It guesses no other path: a key that has moved is said, with what stands there now.
"""

from __future__ import annotations

from bot.petitions.address import Page
from bot.petitions.counting import Find, Found, at, parsed


def find(path: str) -> Find:
    """`path` empty: the whole answer is the number."""

    def found(page: Page) -> Found:
        return Found(at(parsed(page), path))

    return found
