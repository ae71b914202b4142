"""The followers' page: what to share, the count, the latest posts, the feed. The same files served and built.

It shows what everybody may see and nothing else, sets no cookie, and asks no other host for anything.
"""

from bot.web.share.build import Built, NotOurs, build
from bot.web.share.routes import create_public_app, share_routes
from bot.web.share.site import Site

__all__ = ["Built", "NotOurs", "Site", "build", "create_public_app", "share_routes"]
