"""The organizers' office: what people may do to a running campaign, each deed under its doer's name.

It stands between the pages and the campaign. It decides nothing about posts, and knows no page;
passwords are people.py's alone.
"""

from bot.office.office import Office
from bot.office.words import Files

__all__ = ["Files", "Office"]
