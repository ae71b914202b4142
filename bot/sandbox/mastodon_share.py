"""Mastodon's /share: somebody who is signed in sees a text that a page handed over, and posts it or does not.

The sandbox's visitor is always signed in. Nothing is posted by opening the address.
"""

from __future__ import annotations

import html
from collections.abc import Callable

from bot.sandbox.accounts import Accounts
from bot.sandbox.body import fields
from bot.sandbox.ledger import Published
from bot.sandbox.server import Call
from bot.sandbox.wire import Answer

VISITOR = "visitor"

PAGE = """<!DOCTYPE html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Share</title>
<h1>New post</h1><p>You are signed in to the sandbox's Mastodon as @{name}.</p>
<form method="post" action="/share"><p><label>What do you want to say?<br>
<textarea name="text" rows="12" cols="36">{text}</textarea></label></p>
<button>Post</button></form>"""


class Share:
    """`publish` posts a text as an account; it refuses one that is too long or empty."""

    def __init__(self, accounts: Accounts, publish: Callable[[str, str], Published]) -> None:
        self._accounts, self._publish = accounts, publish

    def form(self, call: Call) -> Answer:
        text = " ".join(filter(None, (call.request.asked("text"), call.request.asked("url"))))
        return Answer.html(200, PAGE.format(name=VISITOR, text=html.escape(text)))

    def confirm(self, call: Call) -> Answer:
        """Browsers send line breaks of a form as CR LF."""
        text = str(fields(call.request).get("text") or "").replace("\r\n", "\n")
        post = self._publish(self._accounts.add(VISITOR).id, text.strip())
        return Answer.html(303, "", (("Location", f"/@{VISITOR}/{post.id}"),))
