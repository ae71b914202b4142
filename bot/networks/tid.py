"""Record keys of Bluesky: a moment and a name become a TID, the same at every try.

It refuses chance and the clock: whoever asks twice with the same values has the same key.
https://atproto.com/specs/tid
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta

LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
TID = re.compile("[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def tid(moment: datetime, name: str, later: int = 0) -> str:
    """The key of what `name` calls at `moment` (to the millisecond), `later` milliseconds after it.

    Below the millisecond (three digits, and ten bits for a clock's number) it is made from the name, so
    that two things of the same moment have two keys but once in a million.
    """
    drawn = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8])
    micros = ((moment - EPOCH) // MILLISECOND + later) * 1000 + drawn % 1000
    return _written(micros << 10 | drawn // 1000 % 1024)


def moment_of(key: str) -> datetime:
    """When a key was made, by whoever made it; raises ValueError for what is none."""
    if not TID.fullmatch(key):
        raise ValueError(key)
    number = 0
    for letter in key:
        number = number << 5 | LETTERS.index(letter)
    return EPOCH + timedelta(microseconds=number >> 10)


def _written(number: int) -> str:
    return "".join(LETTERS[number >> 5 * place & 31] for place in reversed(range(13)))
