"""While something is asked whose address is itself a secret, nothing of it is logged.

It holds back lines of libraries only, and only as long as the block runs.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

TALKATIVE = ("apprise", "httpx", "httpcore", "requests_oauthlib", "urllib3")
"""They log addresses, urllib3 each path that is asked."""

NOTHING = logging.CRITICAL + 1
_lock = threading.Lock()
_within: list[dict[str, int]] = []


@contextmanager
def unheard() -> Iterator[None]:
    """Any number of threads may be in it at once."""
    with _lock:
        before = _within[0] if _within else {name: logging.getLogger(name).level for name in TALKATIVE}
        _within.append(before)
        _set(dict.fromkeys(TALKATIVE, NOTHING))
    try:
        yield
    finally:
        with _lock:
            _within.pop()
            if not _within:
                _set(before)


def _set(levels: dict[str, int]) -> None:
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
