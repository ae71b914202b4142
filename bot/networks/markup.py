"""The words of a post that a server gives as HTML. It guesses nothing: what is lost in HTML stays lost."""

from __future__ import annotations

import re
from html.parser import HTMLParser


def text_of(markup: str) -> str:
    """Plain text: links whole, lines broken where the reader sees them broken, no white space at the ends."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return re.sub("\n{3,}", "\n\n", "".join(reader.words)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._link: tuple[str, int] | None = None  # where it goes, and where its words begin

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._link = dict(attrs).get("href") or "", len(self.words)
        elif tag == "br":
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._link:
            href, start = self._link
            shown = "".join(self.words[start:])
            if href and not shown.startswith(("#", "@")):  # links are shown shortened, names are not
                self.words[start:] = [href]
            self._link = None
        elif tag in ("p", "blockquote", "div", "ul", "ol"):
            self.words.append("\n\n")
        elif tag == "li":
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        self.words.append(data)
