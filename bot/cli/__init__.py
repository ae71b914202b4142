"""The commands: what people type, said back to them in plain words. click and rich are only here.

A command reads its options, asks the campaign, and shows the answer. It decides nothing about posts,
loads what is heavy only when it needs it, and never shows a traceback or a secret.
"""

from bot.cli.program import main, program

__all__ = ["main", "program"]
