"""The words that organizers write: messages.yaml looked at, tried out and edited, entry by entry.

It shows no page, and writes nothing but messages.yaml and new pictures beside it.
"""

from bot.office.words.messages import Conflict, Messages, Saved
from bot.office.words.rows import STATES, Row
from bot.office.words.sheet import Complaint, Entry, Files, Sheet, as_yaml, stamp
from bot.office.words.trial import Fitted, Trial

__all__ = [
    "STATES",
    "Complaint",
    "Conflict",
    "Entry",
    "Files",
    "Fitted",
    "Messages",
    "Row",
    "Saved",
    "Sheet",
    "Trial",
    "as_yaml",
    "stamp",
]
