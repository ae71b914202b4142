"""The organizers' office: what people may do to a running campaign, each deed under its doer's name.

It stands between the pages and the campaign. It decides nothing about posts, knows no page and no password.
"""

from bot.office.office import Office
from bot.office.words import Files

__all__ = ["Files", "Office"]
