"""An X, a Mastodon, a Bluesky and a petition site on loopback, for the demo and the tests.

It counts what it published and fails in every way a network can, on demand; it knows nobody of ours
and speaks to nobody outside.
"""

from __future__ import annotations

from bot.sandbox.accounts import Account
from bot.sandbox.box import Sandbox
from bot.sandbox.faults import Fault
from bot.sandbox.ledger import Published, read
from bot.sandbox.mastodon_share import VISITOR

__all__ = ["VISITOR", "Account", "Fault", "Published", "Sandbox", "read"]
