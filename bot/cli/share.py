"""`petition-bot share`: what followers find to share, as a folder for any static host. It posts nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.call import Call, Family, pass_call

if TYPE_CHECKING:
    from bot.web.share import Built


@click.group(cls=Family)
def share() -> None:
    """The page where followers find something to share."""


@share.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@pass_call
def build(call: Call, folder: Path) -> None:
    """Write the share page into a folder; only changed files are written anew.

    Put the folder onto any static host. Run it again whenever messages or the count have changed, also from
    cron beside a running bot: what is gone from the queue is removed, and nothing that it did not make.
    """
    from bot.web.share import NotOurs, Site
    from bot.web.share import build as bring_up_to_date

    with call.bot(make=False) as bot:
        sharing = bot.sharing()
        try:
            done = bring_up_to_date(Site(sharing.board(), sharing.album), folder)
        except NotOurs as stranger:
            raise click.ClickException(str(stranger)) from None
        address = bot.campaign.book.settings.share.url
    for line in _told(done, folder, address):
        click.echo(line)


def _told(done: Built, folder: Path, address: str | None) -> list[str]:
    lines = [
        f"{folder}: {len(done.written)} files written, {len(done.kept)} as they were, "
        f"{len(done.removed)} removed."
    ]
    if done.without:
        shown = ", ".join(done.without[:3]) + (" …" if len(done.without) > 3 else "")
        lines.append(f"Cards whose letters the font lacks, or that are too long, are left out: {shown}")
    if address is None:
        lines.append(
            "share.url is not set in config.yaml: the page works, but links to it unfold without picture."
        )
    return lines
