"""The organizers' pages: what goes out next, and what followers see of it in the demo.

While there are no users they answer this computer alone. Whatever changes something is a form, a verb of the
office, and a line in its log.
"""

from bot.web.app import Site, create_app
from bot.web.server import ListenRefused, Server, serve
from bot.web.share import create_public_app
from bot.web.timeline import Card, Column, Shown

__all__ = [
    "Card",
    "Column",
    "ListenRefused",
    "Server",
    "Shown",
    "Site",
    "create_app",
    "create_public_app",
    "serve",
]
