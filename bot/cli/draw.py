"""How posts, plans and the past look on a terminal. rich is loaded by whoever imports this.

Texts are shown to the letter: no markup, no emoji codes and no colours of rich's own in them.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime

import click
from rich.console import Console, RenderableType
from rich.panel import Panel
from rich.text import Text

from bot.cli.log import clean
from bot.cli.shapes import BETWEEN_PARTS, zone_of
from bot.core.budget import dollars
from bot.core.model import Delivery, Planned, Post, State
from bot.core.overview import NETWORKS
from bot.core.written import Settings

LOOKS = {
    State.POSTED: "green",
    State.DUE: "cyan",
    State.SENDING: "cyan",
    State.UNCONFIRMED: "bold yellow",
    State.REFUSED: "red",
    State.MISSED: "yellow",
    State.CANCELLED: "dim",
}
NAMES = NETWORKS | {"dry": "Only printed"}
WIDEST_ID = 26
"""A longer id of a message pushes the rest of its own line to the right, and not of every line."""


def console() -> Console:
    """Lines are broken for a terminal, and left whole for whoever reads them from a pipe."""
    return Console(markup=False, emoji=False, highlight=False, soft_wrap=not sys.stdout.isatty())


def exact(post: Post) -> str:
    """The texts of a post to the letter, those of a thread one below the other."""
    return clean(BETWEEN_PARTS.join(post.parts))


def price(micro: int) -> str:
    return dollars(micro) if micro else "free"


def local_time(at: datetime, settings: Settings, account_id: str, year: int) -> str:
    """`Wed 25 Nov 09:04` on the account's clock; with its year where that is another one."""
    local = at.astimezone(zone_of(settings, account_id))
    of_year = "" if local.year == year else f" {local.year}"
    return f"{local:%a} {local.day:2} {local:%b}{of_year} {local:%H:%M}"


# --- a listing -----------------------------------------------------------------------------------

Piece = tuple[str, str]
"""Some words and how they look."""


class Rows:
    """The lines of one listing, in columns that hold for all its accounts and messages."""

    def __init__(self, out: Console, settings: Settings, ids: Sequence[str], year: int) -> None:
        self._out, self._settings, self._year = out, settings, year
        self._account = max(len(account.id) for account in settings.accounts)
        self._message = min(max(map(len, ids), default=0), WIDEST_ID)

    def planned(self, row: Planned) -> None:
        """One slot: when, where and what in one line, then the exact text, or why there is none."""
        head = self._head(row.slot.due, row.slot.account)
        if row.post is None:
            return self._print([*head, (f"  nothing goes out: {clean(row.why)}", "yellow")])
        post = row.post
        size = f"{post.length}/{post.limit}"
        what = (f"  {post.message_id:{self._message}}", "cyan")
        self._print([*head, what, (f"  {post.language:2}  {size:>7}  {price(post.cost)}", "")])
        self._print([(clean(row.why), "italic dim")], 2)
        self._print([(exact(post), "")], 4, post.link)
        for line in beside(post):
            self._print([(line, "dim")], 4)
        return self._print([("", "")])

    def delivery(self, row: Delivery) -> None:
        """One row of the past: number, when, where and what became of it; its address or the reason."""
        number = (f"{f'#{row.id}':>5}  ", "dim")
        what = (f"  {row.message_id or '-':{self._message}}  ", "cyan")
        became = (f"{row.state}{' (repost)' if row.action == 'repost' else ''}", LOOKS[row.state])
        self._print([number, *self._head(row.slot, row.account), what, became])
        for note in filter(None, (row.remote_url, clean(row.reason))):
            self._print([(note, "dim")], 7)

    def _head(self, at: datetime, account_id: str) -> list[Piece]:
        local = local_time(at, self._settings, account_id, self._year)
        return [(local, "bold"), (f"  {at:%H:%M} UTC", "dim"), (f"  {account_id:{self._account}}", "")]

    def _print(self, pieces: list[Piece], indent: int = 0, link: str | None = None) -> None:
        """For a terminal in its width and its colours, else as it is, which takes a tenth of the time."""
        margin = " " * indent
        if self._out.soft_wrap:
            lines = "".join(words for words, _ in pieces).split("\n")
            return click.echo("\n".join(f"{margin}{line}".rstrip() for line in lines))
        text = dimmed(Text.assemble(*pieces), link)
        for wrapped in text.wrap(self._out, self._out.width - indent):
            wrapped.rstrip()
            self._out.print(Text(margin).append_text(wrapped) if wrapped else "")
        return None


def dimmed(text: Text, link: str | None) -> Text:
    if link:
        text.highlight_words([link], "dim")
    return text


def beside(post: Post) -> list[str]:
    """What goes out with the words: the warning before them, the pictures and what these show."""
    warning = [f"[behind the warning: {clean(post.content_warning)}]"] if post.content_warning else []
    shown = [f"[{clean(picture.file)}: {clean(picture.alt) or 'no alt text'}]" for picture in post.pictures]
    return [*warning, *shown]


# --- what went out ---------------------------------------------------------------------------------


def card(row: Delivery, network: str, at: datetime) -> RenderableType:
    """One post that went out: network, exact text, length of limit, cost and address."""
    where = f"{NAMES.get(network, network)} · {row.account} · {at:%H:%M:%S}"
    if row.post is None:
        return Text(
            f"{where}  repeats {row.message_id or 'a post'}  {row.remote_url or ''}".rstrip(), "green"
        )
    post = row.post
    about = f"{post.message_id} · {post.length} of {post.limit} · {price(post.cost)}"
    body = dimmed(Text(exact(post)), post.link)
    for line in beside(post):
        body.append(f"\n{line}", "dim")
    if row.remote_url:
        body.append(f"\n\n{row.remote_url}", "green")
    return Panel(
        body, title=where, title_align="left", subtitle=about, subtitle_align="right", border_style="dim"
    )
