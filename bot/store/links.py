"""What was seen of each address that posts carry. It looks at none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from sqlalchemy import Connection, bindparam, delete, insert, select

from bot.core.links import Link
from bot.store.schema import links


def known(connection: Connection) -> list[Link]:
    return [Link(**row._asdict()) for row in connection.execute(select(links).order_by(links.c.url))]


def note(connection: Connection, link: Link) -> None:
    connection.execute(delete(links).where(links.c.url == link.url))
    connection.execute(insert(links).values(asdict(link)))


def forget(connection: Connection, urls: Iterable[str]) -> None:
    gone = [{"address": url} for url in urls]
    if gone:
        connection.execute(delete(links).where(links.c.url == bindparam("address")), gone)
