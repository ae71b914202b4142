"""petition-bot: the right words, once, at a decent hour."""
